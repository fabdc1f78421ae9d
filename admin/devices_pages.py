"""Everything that stands in the hall at a glance: kiosks, screens, printers, panels; what is wrong
comes first. Read on a phone by whoever walks the hall to mend it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.web.identity import STAFF
from queue_server.web.visit import language_of, require

from . import displays, kiosks_pages, panels, printers
from .displays_pages import WHOLE
from .sections import sections_of

PATH = "/admin/devices"
Mood = Literal["good", "warn", "bad"]
WORST: dict[Mood, int] = {"bad": 0, "warn": 1, "good": 2}


class Standing(Struct, frozen=True):
    """A device: what it is, where, how (`said`: in words, "" when well), when it was last heard of
    (epoch ms, 0: never or not known), and where it is set."""

    kind: Literal["kiosk", "screen", "printer", "panel"]
    name: str
    place: str
    mood: Mood
    said: str
    seen: int
    href: str


def routes(house: House) -> list[Route]:
    """`/admin/devices`."""

    async def page(request: Request) -> Response:
        identity = await require(request, STAFF)
        found = standing(house, language_of(request))
        return house.front.templates.page(
            request, "admin/devices.html", sections=sections_of(identity), section=PATH,
            devices=found, wrong=sum(one.mood != "good" for one in found),
        )  # fmt: skip

    return [Route(PATH, page, methods=["GET"])]


def standing(house: House, language: str) -> tuple[Standing, ...]:
    """All of them, the worst first."""
    found = [*_kiosks(house, language), *_screens(house, language), *_printers(house, language),
             *_panels(house, language)]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (WORST[one.mood], one.kind, one.name.casefold())))


def _kiosks(house: House, language: str) -> list[Standing]:
    return [
        Standing(
            "kiosk", row.form.name, row.place,
            "bad" if not row.online else "warn" if row.printer or row.old else "good",
            row.printer, row.seen, f"{kiosks_pages.PATH}#kiosk-{row.id}",
        )
        for row in kiosks_pages.rows(house, language)
    ]  # fmt: skip


def _screens(house: House, language: str) -> list[Standing]:
    whole = WHOLE.get(language, WHOLE["id"])
    places = displays.places(house.catalogue, house.config, language, whole)
    build = house.front.assets.build
    return [
        Standing("screen", row.form.name, row.place, row.mood, "", row.seen,
                 f"/admin/displays#screen-{row.id}")
        for row in displays.rows(house.rooms.screens, places, house.config, build)
    ]  # fmt: skip


def _printers(house: House, language: str) -> list[Standing]:
    return [
        Standing("printer", row.name, row.where, row.mood, "" if row.mood == "good" else row.said,
                 row.seen, "/admin/printers")
        for row in printers.rows(house.rooms.printing, language)
    ]  # fmt: skip


def _panels(house: House, language: str) -> list[Standing]:
    return [
        Standing("panel", row.name, row.where, row.mood, "" if row.mood == "good" else row.said, 0,
                 "/admin/panels")
        for row in panels.rows(house.rooms.panels.health(), language)
    ]  # fmt: skip
