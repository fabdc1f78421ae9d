"""The hall's rules in the browser: of calling, alarms, online queueing, phones, survey, sign-in."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import ConfigError
from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, require

from .device_forms import Kind, form, texts, values
from .device_pages import number, said
from .rules import BY_NAME, PATH, RULES, overlay
from .sections import ADMINS, sections_of


def routes(house: House) -> list[Route]:
    """`/admin/rules`."""
    pages = Pages(house)
    return [
        Route(PATH, pages.first, methods=["GET"]),
        Route(f"{PATH}/{{section}}", pages.page, methods=["GET"]),
        Route(f"{PATH}/{{section}}", pages.save, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Pages:
    """The handlers, for one house."""

    house: House

    async def first(self, request: Request) -> Response:
        """GET /admin/rules: those of calling."""
        await require(request, ADMINS)
        return RedirectResponse(BY_NAME["policy"].path, 303)

    async def page(self, request: Request) -> Response:
        """GET /admin/rules/{section}"""
        await require(request, ADMINS)
        kind = self._kind(request)
        return await self._page(request, kind, texts(kind, self._now(kind)))

    async def save(self, request: Request) -> Response:
        """Checked as the file is, in force when this answers."""
        identity = await require(request, ADMINS)
        kind, given = self._kind(request), await read_form(request)
        settings = self.house.settings
        file = msgspec.to_builtins(getattr(settings.file, kind.section))
        entry = overlay(kind, values(kind, given, None), settings.own(kind.section), file)
        try:
            await settings.change(
                kind.section, entry or None, identity, address_of(request),
                seen=number(given.get("seen", "")),
            )  # fmt: skip
        except ConfigError as error:
            wrong = next((name for name in kind.fields if f".{name}:" in str(error)), "")
            return await self._page(request, kind, given, wrong, said(str(error)))
        return RedirectResponse(f"{kind.path}?saved=1", 303)

    async def _page(
        self, request: Request, kind: Kind, given: dict[str, str], wrong: str = "", fault: str = ""
    ) -> Response:
        identity = await require(request, ADMINS)
        return self.house.front.templates.page(
            request, "admin/rules.html", 422 if fault else 200, sections=sections_of(identity),
            section=PATH, kind=kind, rules=RULES, fields=form(kind, given, wrong), fault=fault,
            seen=self.house.settings.revision(kind.section),
            pinned=sorted(self.house.settings.pinned(kind.section) & kind.fields.keys()),
            saved="saved" in request.query_params,
        )  # fmt: skip

    def _now(self, kind: Kind) -> msgspec.Struct:
        section: msgspec.Struct = getattr(self.house.config, kind.section)
        return section

    def _kind(self, request: Request) -> Kind:
        kind = BY_NAME.get(request.path_params["section"])
        if kind is None:
            raise Problem(404, "not_found")
        return kind
