"""People: who may sign in, as what, bound to which agencies and zones; passwords and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.staff import By, Staff
from queue_server.web.forms import read_form
from queue_server.web.people import User, checked_name
from queue_server.web.problems import Problem
from queue_server.web.sessions import HOUR
from queue_server.web.visit import address_of, language_of, require, visit_of

from .people import Form, choices, fault_of, form_for, form_of, opened, people
from .sections import ADMINS, sections_of

PATH = "/admin/people"
ONE = f"{PATH}/{{user:int}}"


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = People(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(PATH, pages.add, methods=["POST"]),
        Route(f"{PATH}/sessions", pages.sessions, methods=["GET"]),
        Route(f"{PATH}/sessions", pages.end, methods=["POST"]),
        Route(ONE, pages.one, methods=["GET"]),
        Route(f"{ONE}/work", pages.work, methods=["POST"]),
        Route(f"{ONE}/passwords", pages.reset, methods=["POST"]),
        Route(f"{ONE}/sessions", pages.end_of, methods=["POST"]),
        Route(f"{ONE}/unlinks", pages.unlink, methods=["POST"]),
        Route(f"{ONE}/removals", pages.remove, methods=["POST"]),
    ]


@dataclass(frozen=True)
class People:
    """The handlers, for one house."""

    house: House

    @property
    def staff(self) -> Staff:
        return Staff(self.house)

    # Everybody ----------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        await require(request, ADMINS)
        return await self._list(request)

    async def add(self, request: Request) -> Response:
        """A new user: the one-time password is shown once, to be printed."""
        by = await self._by(request)
        form = form_of(await read_form(request))
        fault = self._fault(form)
        if not fault:
            try:
                user, password = await self.staff.add_user(by, form.name, form.role, form.bounds)
            except ValueError:  # the name is right: somebody has it, or the role has no bounds
                fault = "taken" if self.house.office.named(form.name) else "work"
            else:
                return self._slip(request, user, password)
        return await self._list(request, form, fault)

    async def sessions(self, request: Request) -> Response:
        """Who is signed in now."""
        await require(request, ADMINS)
        rows = opened(self.house.office.sessions(), _own(request))
        return await self._shown(request, "people_sessions", 200, rows=rows)

    async def end(self, request: Request) -> Response:
        """End a session."""
        by = await self._by(request)
        await self.staff.end_session(by, (await read_form(request)).get("handle", ""))
        return RedirectResponse(f"{PATH}/sessions", 303)

    # One ----------------------------------------------------------------------------------

    async def one(self, request: Request) -> Response:
        await require(request, ADMINS)
        return await self._one(request)

    async def work(self, request: Request) -> Response:
        """Another role, other bounds."""
        by = await self._by(request)
        user, form = self._user(request), form_of(await read_form(request))
        fault = fault_of(form, self.house.catalogue, user.bounds)
        if not fault:
            try:
                await self.staff.set_work(by, user.id, form.role, form.bounds)
            except ValueError:
                fault = "work"
            except Problem as problem:
                return await self._one(request, form, "", problem)
            else:
                return RedirectResponse(f"{PATH}/{user.id}?saved=1", 303)
        return await self._one(request, form, fault)

    async def reset(self, request: Request) -> Response:
        """A new one-time password, shown once."""
        by = await self._by(request)
        user = self._user(request)
        if user.source != "here":
            raise Problem(409, "no_password")
        return self._slip(request, user, await self.staff.reset(by, user.id))

    async def end_of(self, request: Request) -> Response:
        """End one of the user's sessions, or all."""
        by = await self._by(request)
        user, handle = self._user(request), (await read_form(request)).get("handle", "")
        if handle:
            await self.staff.end_session(by, handle, user.id)
        else:
            await self.staff.end_sessions(by, user.id)
        return RedirectResponse(f"{PATH}/{user.id}#sessions", 303)

    async def unlink(self, request: Request) -> Response:
        """A provider's account opens this user no more."""
        by = await self._by(request)
        user, issuer = self._user(request), (await read_form(request)).get("issuer", "")
        if issuer in self.house.office.links_of(user.id):
            await self.staff.unlink(by, user.id, issuer)
        return RedirectResponse(f"{PATH}/{user.id}", 303)

    async def remove(self, request: Request) -> Response:
        by = await self._by(request)
        user = self._user(request)
        try:
            await self.staff.remove(by, user.id)
        except Problem as problem:
            return await self._one(request, None, "", problem)
        return RedirectResponse(PATH, 303)

    # Pages --------------------------------------------------------------------------------

    async def _list(self, request: Request, form: Form = Form(), fault: str = "") -> Response:
        house, language = self.house, language_of(request)
        every, sessions = await house.office.users(), house.office.sessions()
        staff, devices = people(every, sessions, house.catalogue, language)
        return await self._shown(
            request, "people", 422 if fault else 200, people=staff, devices=devices, form=form,
            fault=fault, choices=choices(house.catalogue, language, form.bounds),
        )  # fmt: skip

    async def _one(
        self, request: Request, form: Form | None = None, fault: str = "",
        problem: Problem | None = None,
    ) -> Response:  # fmt: skip
        house, user, language = self.house, self._user(request), language_of(request)
        form = form or form_for(user)
        mine = [one for one in house.office.sessions() if one.user.id == user.id]
        return await self._shown(
            request, "person", problem.status if problem else 422 if fault else 200, user=user,
            form=form, fault=fault, said=problem.sentence(language) if problem else "",
            choices=choices(house.catalogue, language, user.bounds),
            rows=opened(mine, _own(request)), links=house.office.links_of(user.id),
            saved="saved" in request.query_params,
        )  # fmt: skip

    def _slip(self, request: Request, user: User, password: str) -> Response:
        """What is handed over on paper: the only time that it is seen."""
        user, days = self.staff.user(user.id), self.house.office.one_time_days
        until = user.issued + days * 24 * HOUR if days else 0
        return self.house.front.templates.page(
            request,
            "admin/slip.html",
            user=user,
            password=password,
            until=until,
            path=PATH,
            address=f"{self.house.url}/sign-in",
        )

    async def _shown(self, request: Request, name: str, status: int, **values: Any) -> Response:
        identity = await require(request, ADMINS)
        return self.house.front.templates.page(
            request, f"admin/{name}.html", status, sections=sections_of(identity), section=PATH,
            **values,
        )  # fmt: skip

    async def _by(self, request: Request) -> By:
        return By(await require(request, ADMINS), address_of(request))

    def _user(self, request: Request) -> User:
        return self.staff.user(int(request.path_params["user"]))

    def _fault(self, form: Form) -> str:
        try:
            checked_name(form.name)
        except ValueError:
            return "name"
        return fault_of(form, self.house.catalogue, form_of({}).bounds)


def _own(request: Request) -> str:
    session = visit_of(request).session
    return session.handle if session else ""
