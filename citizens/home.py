"""The front door: what is here. Pure view."""

from __future__ import annotations

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Hall

from .offers import zone_name
from .opening import Opening, opening
from .promised import SpecialDay, special_days


class Board(Struct, frozen=True):
    """A zone's display."""

    href: str
    name: str


class HomePage(Struct, frozen=True):
    """The hall now, and where everything is."""

    name: str
    place: str
    opening: Opening
    services: int
    agencies: int
    waiting: int
    open_counters: int
    boards: tuple[Board, ...]
    special: tuple[SpecialDay, ...] = ()
    """The dates of the next week that are not as usual."""
    bookable: bool = False
    """Some service can be booked online, or joined from afar."""


def home_page(
    hall: Hall, catalogue: Catalogue, language: str, now: int, place: str = "",
    *, bookable: bool = False,
) -> HomePage:  # fmt: skip
    """The hall's front door."""
    return HomePage(
        name=catalogue.name.of(language),
        place=place,
        opening=opening(now, hall.plan.hours, language),
        services=len(catalogue.services),
        agencies=len(catalogue.agencies),
        waiting=sum(len(line) for line in hall.lines.values()),
        open_counters=sum(one.state == "open" for one in hall.counters.values()),
        boards=tuple(
            Board(f"/displays/{zone}", zone_name(catalogue, zone, language))
            for zone in catalogue.zones
        ),
        special=special_days(hall.plan.hours, now, language, 8),
        bookable=bookable,
    )
