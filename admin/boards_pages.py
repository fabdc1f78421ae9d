"""The boards' settings in the browser: layout, colour, languages, media and running text of the
hall and of each zone. In force at once, and on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import DAYS, ConfigError
from queue_server.core.calendar import local
from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, require

from .boards import (
    HALL,
    LANGUAGES,
    LAYOUTS,
    MOST,
    THEMES,
    Board,
    Line,
    board,
    board_of,
    board_values,
    field_of,
    line_of,
    line_values,
    lines,
    places,
    section_of,
    without_line,
)
from .catalogue_layout import CHOICES
from .sections import ADMINS, sections_of

PATH = "/admin/displays/boards"


def routes(house: House) -> list[Route]:
    """The page, and its forms."""
    pages = Boards(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(PATH, pages.save, methods=["POST"]),
        Route(f"{PATH}/lines", pages.save_line, methods=["POST"]),
        Route(f"{PATH}/line-removals", pages.remove_line, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Boards:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, ADMINS)
        return await self._page(request, self._place(request.query_params.get("place", HALL)))

    async def save(self, request: Request) -> Response:
        """What a place's boards are like."""
        await require(request, ADMINS)
        form = await read_form(request)
        place = self._place(form.get("place", ""))
        values = board_values(form, self.house.config, place)
        try:
            await self._change(request, place, form, values)
        except ConfigError as error:
            return await self._page(
                request, place, typed=board_of(form), fault=field_of(str(error)), said=str(error)
            )
        return RedirectResponse(f"{PATH}?place={place}&saved=1", 303)

    async def save_line(self, request: Request) -> Response:
        """A line of running text, new or another."""
        await require(request, ADMINS)
        form = await read_form(request)
        place, index = self._place(form.get("place", "")), _index(form.get("index", ""))
        try:
            values = line_values(form, self.house.config, place, index)
        except IndexError:
            raise Problem(409, "changed_since") from None
        if len(values["texts"]) > MOST:
            raise Problem(422, "bad_request")
        try:
            await self._change(request, place, form, values)
        except ConfigError as error:
            return await self._page(
                request, place, line=line_of(form), index=-1 if index is None else index,
                fault=field_of(str(error)), said=str(error),
            )  # fmt: skip
        return RedirectResponse(f"{PATH}?place={place}&saved=1#lines", 303)

    async def remove_line(self, request: Request) -> Response:
        """One line less."""
        await require(request, ADMINS)
        form = await read_form(request)
        place, index = self._place(form.get("place", "")), _index(form.get("index", ""))
        if index is None:
            raise Problem(422, "bad_request")
        try:
            values = without_line(self.house.config, place, index)
        except IndexError:
            raise Problem(409, "changed_since") from None
        await self._change(request, place, form, values)
        return RedirectResponse(f"{PATH}?place={place}&saved=1#lines", 303)

    async def _change(
        self, request: Request, place: str, form: dict[str, str], values: dict[str, Any]
    ) -> None:
        identity, settings = await require(request, ADMINS), self.house.settings
        section, laid = section_of(self.house.config, place, values)
        own = settings.own(section) if place == HALL else {}
        seen = _index(form.get("seen", ""))
        await settings.change(section, own | laid, identity, address_of(request), seen=seen)

    async def _page(
        self, request: Request, place: str, *, typed: Board | None = None, line: Line = Line(),
        index: int | None = None, fault: str = "", said: str = "",
    ) -> Response:  # fmt: skip
        identity, house, language = (
            await require(request, ADMINS), self.house, language_of(request)
        )  # fmt: skip
        moment = local(house.clock.now(), house.hall.plan.hours)
        section = "displays" if place == HALL else "zones"
        return house.front.templates.page(
            request, "admin/boards.html", 422 if said else 200,
            sections=sections_of(identity), section="/admin/displays", place=place,
            places=places(house.catalogue, house.config, language),
            board=typed or board(house.config, place), lines=lines(house.config, place, moment),
            line=line, index=index, fault=fault, said=said.rpartition(": ")[2],
            saved="saved" in request.query_params and not said,
            seen=house.settings.revision(section), pinned=sorted(house.settings.pinned(section)),
            playlists=tuple(house.config.playlists), layouts=LAYOUTS, themes=THEMES,
            languages=LANGUAGES, days={day: CHOICES[day].of(language) for day in DAYS},
            hall=board(house.config, HALL),
        )  # fmt: skip

    def _place(self, id: str) -> str:
        if (
            id != HALL
            and id not in self.house.catalogue.zones
            and id not in self.house.config.zones
        ):
            raise Problem(404, "unknown_zone", zone=id[:64])
        return id


def _index(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
