"""What is kept of people and for how long; erasing at somebody's request; the log of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.changes import Search
from queue_server.config import ConfigError
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.retention import PREFIX, RULES, Erased, erase
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, require

from . import retention
from .sections import ADMINS, sections_of

PATH = "/admin/retention"
SHOWN = 40
"""Lines of the log on the page; the trail of changes has all."""


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = RetentionPages(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/settings", pages.change, methods=["POST"]),
        Route(f"{PATH}/erasures", pages.erase, methods=["POST"]),
    ]


@dataclass(frozen=True)
class RetentionPages:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, ADMINS)
        return await self._page(request)

    async def change(self, request: Request) -> Response:
        """Other times, all within their bounds or none."""
        identity = await require(request, ADMINS)
        form, settings = await read_form(request), self.house.settings
        try:
            wanted = retention.wanted(form)
            for section, values in wanted.items():
                now = getattr(self.house.config, section)
                changed = {key: one for key, one in values.items() if getattr(now, key) != one}
                if changed:
                    own = settings.own(section) | changed
                    await settings.change(section, own, identity, address_of(request))
        except ValueError:
            return await self._page(request, 422, typed=form)
        except ConfigError as error:
            return await self._page(request, 422, typed=form, said=str(error))
        return RedirectResponse(f"{PATH}#rules", 303)

    async def erase(self, request: Request) -> Response:
        """Erase now, after a tick that it can't be undone. The code goes nowhere but here."""
        identity = await require(request, ADMINS)
        form = await read_form(request)
        code = form.get("code", "").strip()[:64]
        if not code or "sure" not in form:
            return await self._page(request, 422, code=code, wrong="sure" if code else "code")
        try:
            erased = await erase(self.house, code, identity, address_of(request))
        except (Problem, Refusal) as reason:
            said = reason.sentence(language_of(request))
            return await self._page(request, 422, code=code, wrong="code", said=said)
        return await self._page(request, erased=erased)

    async def _page(
        self, request: Request, status: int = 200, *, typed: dict[str, str] | None = None,
        said: str = "", code: str = "", wrong: str = "", erased: Erased | None = None,
    ) -> Response:  # fmt: skip
        identity = await require(request, ADMINS)
        house = self.house
        pinned = {rule.section: house.settings.pinned(rule.section) for rule in RULES}
        found = await house.rooms.changes.find(Search(what=PREFIX), SHOWN)
        values: dict[str, Any] = {
            "lines": retention.lines(house.config, pinned, typed or {}),
            "fixed": retention.FIXED, "log": retention.log(found),
            "contacts": house.rooms.notify.contacts.kept,
            "what": retention.WHAT, "erased": erased, "code": code, "wrong": wrong, "said": said,
        }  # fmt: skip
        return house.front.templates.page(
            request, "admin/retention.html", status,
            sections=sections_of(identity), section=PATH, **values,
        )  # fmt: skip
