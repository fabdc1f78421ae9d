"""Sign-in, sign-out, and the change of a one-time password. Works without JavaScript."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from .forms import read_form, same_site
from .identity import Role
from .office import Office
from .people import Session
from .problems import Problem
from .templates import Templates
from .visit import COOKIE, address_of, language_of, visit_of

Changed = Callable[[Session, str], Awaitable[None]]


class SignInForm(Struct, frozen=True):
    """What the page shows again after a failure."""

    name: str = ""
    next: str = ""
    said: str = ""


class PasswordForm(Struct, frozen=True):
    """`forced`: the password was handed over on paper and has to be changed first."""

    name: str
    forced: bool
    next: str = ""
    said: str = ""


class SignIn:
    """The routes. `homes`: where a role goes that came for nothing in particular; `changed` is told
    that somebody has chosen a password, and from where."""

    def __init__(
        self, office: Office, templates: Templates, homes: Mapping[Role, str],
        changed: Changed | None = None,
    ) -> None:  # fmt: skip
        self._office = office
        self._changed = changed
        self._templates = templates
        self._homes = homes

    def routes(self) -> list[Route]:
        return [
            _route("/sign-in", self.form, "GET"),
            _route("/sign-in", self.sign_in, "POST"),
            _route("/sign-out", self.sign_out, "POST"),
            _route("/password", self.password_form, "GET"),
            _route("/password", self.change_password, "POST"),
        ]

    async def form(self, request: Request) -> Response:
        """The page; who is signed in already goes on."""
        going = same_site(request.query_params.get("next", ""))
        session = visit_of(request).session
        if session is not None:
            return self._onward(session, going)
        return self._page(request, SignInForm(next=going))

    async def sign_in(self, request: Request) -> Response:
        """Opens a session under a new secret: one that was planted before is worth nothing."""
        form = await read_form(request)
        name, going = form.get("name", ""), same_site(form.get("next", ""))
        address = address_of(request)
        try:
            signed_in = await self._office.sign_in(
                name, form.get("password", ""), address, visit_of(request).device
            )
        except Problem as problem:
            said = problem.sentence(language_of(request))
            return self._page(request, SignInForm(name[:64], going, said), problem)
        await self._end(visit_of(request).cookie)
        response = self._onward(signed_in.session, going)
        keep(request, response, signed_in.secret, signed_in.seconds)
        return response

    async def sign_out(self, request: Request) -> Response:
        """Ends the session; without one there is nothing to end."""
        await self._end(visit_of(request).cookie)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    async def password_form(self, request: Request) -> Response:
        session = _session(request)
        going = same_site(request.query_params.get("next", ""))
        return self._password_page(request, session, going)

    async def change_password(self, request: Request) -> Response:
        form = await read_form(request)
        session = _session(request)  # after the wait: the session may have ended meanwhile
        going = same_site(form.get("next", ""))
        try:
            if form.get("new", "") != form.get("again", ""):
                raise Problem(422, "password_differs")
            signed_in = await self._office.change_password(
                session.user.id, form.get("old", ""), form.get("new", ""),
                visit_of(request).device,
            )  # fmt: skip
        except Problem as problem:
            return self._password_page(request, session, going, problem)
        if self._changed is not None:
            await self._changed(signed_in.session, address_of(request))
        response = self._onward(signed_in.session, going)
        keep(request, response, signed_in.secret, signed_in.seconds)
        return response

    async def _end(self, secret: str) -> None:
        if secret:
            await self._office.sign_out(secret)

    def _onward(self, session: Session, going: str) -> RedirectResponse:
        if session.user.must_change:
            query = f"?next={quote(going)}" if going else ""
            return RedirectResponse(f"/password{query}", 303)
        return RedirectResponse(going or self._homes.get(session.user.role, "/"), 303)

    def _page(self, request: Request, form: SignInForm, problem: Problem | None = None) -> Response:
        status, headers = (problem.status, problem.headers) if problem else (200, {})
        return self._templates.page(request, "sign_in.html", status, headers, form=form)

    def _password_page(
        self, request: Request, session: Session, going: str, problem: Problem | None = None
    ) -> Response:
        status, headers = (problem.status, problem.headers) if problem else (200, {})
        said = problem.sentence(language_of(request)) if problem else ""
        form = PasswordForm(session.user.name, session.user.must_change, going, said)
        return self._templates.page(request, "password.html", status, headers, form=form)


def _route(path: str, handler: Callable[[Request], Awaitable[Response]], method: str) -> Route:
    return Route(path, handler, methods=[method])


def _session(request: Request) -> Session:
    """The page session. Raises Problem 401: tokens have no password."""
    session = visit_of(request).session
    if session is None:
        raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    return session


def keep(request: Request, response: Response, secret: str, seconds: int) -> None:
    """Give the browser its session's cookie."""
    response.set_cookie(
        COOKIE, secret, max_age=seconds, httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
