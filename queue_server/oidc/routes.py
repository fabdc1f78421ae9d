"""The pages of signing in with a provider. Passwords work beside it, and when it is down."""

from __future__ import annotations

import logging
import time
from typing import Any

from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..house import House
from ..staff import PROGRAM, By, Staff
from ..web.forms import read_form, same_site
from ..web.front import HOMES
from ..web.people import User
from ..web.problems import Problem
from ..web.sign_in import SignInForm, keep
from ..web.throttle import Throttle
from ..web.visit import address_of, language_of, visit_of
from .mapping import email_of, mapped, may_enter, names
from .provider import Down, Provider
from .trust import Expected, Untrusted, believed
from .way import LASTS, Seals, Way

log = logging.getLogger(__name__)

START = "/sign-in/oidc"
BACK = f"{START}/callback"
LINK = "/account/links"
COOKIE = "sso"


def routes(house: House) -> list[Route]:
    """None without a provider."""
    if not house.config.oidc.issuer:
        return []
    pages = Sso(house)
    return [
        Route(START, pages.start, methods=["GET"]),
        Route(BACK, pages.back, methods=["GET"]),
        Route(LINK, pages.link, methods=["POST"]),
    ]


class Sso:
    """The handlers, for one house and its provider."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.section = house.config.oidc
        self.provider = Provider(self.section)
        self.staff = Staff(house)
        self._seals = Seals()
        self._by_address = Throttle(burst=30, seconds=2)

    async def start(self, request: Request) -> Response:
        """On to the provider."""
        way = self._seals.begin(same_site(request.query_params.get("next", "")))
        try:
            self._throttle(request)
            response: Response = RedirectResponse(await self._address(way), 303)
        except Problem as problem:
            return self._refused(request, problem, way.going)
        self._remember(request, response, way)
        return response

    async def link(self, request: Request) -> Response:
        """Whoever is signed in wants to sign in with the provider from now on. A page with a link,
        for the policy of forms does not let one lead to another site."""
        visit = visit_of(request)
        session = visit.session
        if session is None or visit.identity is None:
            raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
        await read_form(request)
        self._throttle(request)
        way = self._seals.begin("/account", session.user.id)
        response = self.house.front.templates.page(
            request, "sso_link.html", address=await self._address(way)
        )
        self._remember(request, response, way)
        return response

    async def back(self, request: Request) -> Response:
        """Back from the provider: who is it, and may they in?"""
        query, going = request.query_params, ""
        try:
            self._throttle(request)
            way = self._seals.open(request.cookies.get(COOKIE, ""), query.get("state", ""))
            if way is None:
                raise Problem(403, "sso_stale")
            going = way.going
            claims = await self._claims(request, way)
            if way.user:
                response = await self._link(request, way.user, claims)
            else:
                response = await self._enter(request, going, await self._user(claims))
        except Problem as problem:
            response = self._refused(request, problem, going)
        response.delete_cookie(COOKIE, path=START, httponly=True, samesite="lax")
        return response

    # Who it is ----------------------------------------------------------------------------

    async def _claims(self, request: Request, way: Way) -> dict[str, Any]:
        """What the provider says, once it is believed. Raises Problem."""
        query = request.query_params
        if "error" in query or not query.get("code"):
            log.info("sign-in by provider: it says %r", query.get("error", "")[:60])
            raise Problem(403, "sso_denied")
        try:
            if query.get("iss", self.section.issuer) != self.section.issuer:
                raise Untrusted("iss: the answer is another provider's")  # RFC 9207
            tokens = await self.provider.exchange(query["code"], way.verifier, self._redirect())
            claims = await self._believed(tokens.id_token, tokens.access_token, way.nonce)
            more = await self.provider.userinfo(tokens.access_token, claims["sub"])
            return {**more, **claims}
        except Untrusted as reason:
            log.warning("sign-in by provider refused: %s", reason)
            raise Problem(403, "sso_untrusted") from None
        except Down as reason:
            log.warning("the identity provider: %s", reason)
            raise Problem(503, "sso_unavailable") from None

    async def _believed(self, token: str, access_token: str, nonce: str) -> dict[str, Any]:
        section = self.section
        expected = Expected(section.issuer, section.client_id, nonce, section.skew_seconds)

        def judge(keys: KeySet) -> dict[str, Any]:
            return believed(token, keys, expected, time.time(), access_token)

        keys = await self.provider.keys()
        try:
            return judge(keys)
        except Untrusted:
            newer = await self.provider.keys(again=True)  # it changes its keys now and then
            if newer is keys:
                raise
            return judge(newer)

    async def _user(self, claims: dict[str, Any]) -> User:
        """The user behind the claims; whoever is new and has a role becomes one. Raises Problem."""
        if not may_enter(claims, self.section):
            raise Problem(403, "sso_domain")
        office, issuer, subject = self.house.office, self.section.issuer, claims["sub"]
        user, given = office.linked(issuer, subject), mapped(claims, self.section)
        if user is None and self.section.link_by_email and (address := email_of(claims)):
            user = office.named(address)
            if user is not None and (user.source != "here" or issuer in office.links_of(user.id)):
                user = None
            if user is not None:
                await self.staff.link(PROGRAM, user.id, issuer, subject)
        if user is not None and user.source == "here":
            return user
        if given is None:
            if user is not None:
                await self.staff.end_sessions(PROGRAM, user.id)
            raise Problem(403, "sso_no_role")
        if user is None:
            user = await self._new(claims, given.role, given.bounds)
        bounds = given.bounds if given.bound or given.role == "admin" else user.bounds
        await self.staff.set_work(PROGRAM, user.id, given.role, bounds)
        return self.staff.user(user.id)

    async def _new(self, claims: dict[str, Any], role: str, bounds: Any) -> User:
        """Under the first name that is free."""
        for name in names(claims):
            if self.house.office.named(name) is None:
                user = await self.staff.enrol(PROGRAM, name, role, bounds, "oidc")
                await self.staff.link(PROGRAM, user.id, self.section.issuer, claims["sub"])
                return user
        raise Problem(409, "subject_taken")

    # Where it leads -----------------------------------------------------------------------

    async def _enter(self, request: Request, going: str, user: User) -> Response:
        """A session of one's own, under a new secret."""
        visit = visit_of(request)
        signed_in = await self.staff.open_for(user.id, visit.device)
        if visit.cookie:
            await self.house.office.sign_out(visit.cookie)
        response = RedirectResponse(going or HOMES.get(user.role, "/"), 303)
        keep(request, response, signed_in.secret, signed_in.seconds)
        return response

    async def _link(self, request: Request, user: int, claims: dict[str, Any]) -> Response:
        """Whoever began it must still be signed in here."""
        visit = visit_of(request)
        session, identity = visit.session, visit.identity
        if session is None or identity is None or session.user.id != user:
            raise Problem(403, "sso_stale")
        if not may_enter(claims, self.section):
            raise Problem(403, "sso_domain")
        by = By(identity, address_of(request))
        await self.staff.link(by, user, self.section.issuer, claims["sub"])
        return RedirectResponse("/account", 303)

    async def _address(self, way: Way) -> str:
        """Raises Problem 503."""
        try:
            return await self.provider.address(
                self._redirect(), way.state, way.nonce, way.challenge
            )
        except Down as reason:
            log.warning("the identity provider: %s", reason)
            raise Problem(503, "sso_unavailable", headers={"Retry-After": "30"}) from None

    def _redirect(self) -> str:
        return f"{self.house.url}{BACK}"

    def _remember(self, request: Request, response: Response, way: Way) -> None:
        response.set_cookie(
            COOKIE, self._seals.seal(way), max_age=LASTS, path=START, httponly=True,
            samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip

    def _refused(self, request: Request, problem: Problem, going: str) -> Response:
        """The sign-in page with the reason: a password may do."""
        form = SignInForm(next=going, said=problem.sentence(language_of(request)))
        return self.house.front.templates.page(
            request, "sign_in.html", problem.status, problem.headers, form=form
        )

    def _throttle(self, request: Request) -> None:
        if wait := self._by_address.take(address_of(request)):
            headers = {"Retry-After": str(wait)}
            raise Problem(429, "too_many_attempts", headers=headers, wait=wait)
