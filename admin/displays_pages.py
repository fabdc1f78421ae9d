"""Queue screens: register the one that shows a code, set, look at and revoke each."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import ScreenSection
from queue_server.enrolment import Register
from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS
from queue_server.web.people import checked_name
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, require

from .displays import Form, Places, form_of, places, rows, setting
from .sections import sections_of

PATH = "/admin/displays"
WHOLE = {"id": "Semua zona", "en": "All zones"}


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Displays(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/registrations", pages.register, methods=["POST"]),
        Route(f"{PATH}/{{screen:int}}/settings", pages.change, methods=["POST"]),
        Route(f"{PATH}/{{screen:int}}/removals", pages.remove, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Displays:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, STEWARDS)
        return await self._shown(request)

    async def register(self, request: Request) -> Response:
        """The screen that shows the code becomes one of the hall's."""
        identity = await require(request, STEWARDS)
        fields = await read_form(request)
        code, form = fields.get("code", "")[:20], form_of(fields)
        screens = self.house.rooms.screens
        chosen, fault = self._checked(request, form)
        if not screens.knows(code):
            fault = "code"
        if fault or chosen is None:
            return await self._shown(request, 422, form, code, fault)
        await self._register.add(code, form.name, chosen, identity, address_of(request))
        return RedirectResponse(PATH, 303)

    async def change(self, request: Request) -> Response:
        """Set otherwise: the screen hears of it at once, and shows it between two calls."""
        identity = await require(request, STEWARDS)
        id = self._screen(request)
        form = form_of(await read_form(request))
        chosen, fault = self._checked(request, form)
        if fault or chosen is None:
            return await self._shown(request, 422, form, "", fault, id)
        await self._register.change(id, form.name, chosen, identity, address_of(request))
        self.house.hub.touch([f"screen:{id}"])
        return RedirectResponse(f"{PATH}#screen-{id}", 303)

    async def remove(self, request: Request) -> Response:
        """None of the hall's any more: its session ends, and it shows how to register."""
        identity = await require(request, STEWARDS)
        id = self._screen(request)
        await self._register.remove(id, identity, address_of(request))
        self.house.hub.touch([f"screen:{id}"])
        return RedirectResponse(PATH, 303)

    @property
    def _register(self) -> Register[ScreenSection]:
        return screens_of(self.house)

    async def _shown(
        self, request: Request, status: int = 200, form: Form = Form(), code: str = "",
        fault: str = "", changed: int = 0,
    ) -> Response:  # fmt: skip
        identity = await require(request, STEWARDS)
        house, there = self.house, self._places(request)
        found = rows(house.rooms.screens, there, house.config, house.front.assets.build)
        if changed:  # what was typed stays in the form that it was typed in
            found = tuple(replace(row, form=form) if row.id == changed else row for row in found)
            form = Form()
        return house.front.templates.page(
            request, "admin/displays.html", status,
            sections=sections_of(identity), section=PATH, rows=found, places=there, form=form,
            code=code, fault=fault, changed=changed,
            address=f"{house.url}/displays/screen",
        )  # fmt: skip

    def _checked(self, request: Request, form: Form) -> tuple[ScreenSection | None, str]:
        """The settings, or None and the field that is wrong."""
        try:
            checked_name(form.name)
        except ValueError:
            return None, "name"
        chosen = setting(form, self._places(request))
        return chosen, "" if chosen else "place"

    def _places(self, request: Request) -> Places:
        language = language_of(request)
        whole = WHOLE.get(language, WHOLE["id"])
        return places(self.house.catalogue, self.house.config, language, whole)

    def _screen(self, request: Request) -> int:
        id = int(request.path_params["screen"])
        if self.house.rooms.screens.get(id) is None:
            raise Problem(404, "unknown_screen", screen=id)
        return id


def screens_of(house: House) -> Register[ScreenSection]:
    """How screens become the hall's."""
    return Register(house, house.rooms.screens, "display", "screen")
