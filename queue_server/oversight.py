"""The floor's room and a running hall: what the rules of alarms look at, and alarms in words."""

from __future__ import annotations

from msgspec import Struct

from .core.bounds import HALL, Site, covers, of_counter, of_line
from .core.commands import EVERYWHERE, Bounds
from .core.model import Hall
from .core.plan import MINUTE
from .floor.alarms import Alarm, Kind, Panel, Printer, Scene
from .floor.naming import Naming
from .floor.sentences import told
from .house import House
from .panels.sentences import sentence as panel_sentence
from .printing.sentences import sentence

ZONES = "zone:"
"""The topics of boards."""
OF_COUNTER: frozenset[Kind] = frozenset(
    {"emergency", "closing", "absent", "unstarted", "idle", "break"}
)
OF_LINE: frozenset[Kind] = frozenset({"late", "unserved", "overrun"})


class Said(Struct, frozen=True):
    """An alarm in one language: what it is, and what to do."""

    alarm: Alarm
    headline: str
    remedy: str
    number: str
    """The ticket that it is about, or ""."""


def scene(house: House) -> Scene:
    """The hall at this moment."""
    printing = house.rooms.printing
    states = ((id, printing.state(id)) for id in printing.printers)
    followed = house.hub.screens(ZONES)
    return Scene(
        hall=house.hall,
        now=house.clock.now(),
        ready=house.desk.ready,
        short=house.desk.short,
        printers=tuple(
            Printer(id, state.reason, state.since, state.paper == "low") for id, state in states
        ),
        panels=tuple(
            Panel(one.id, one.reason, one.since)
            for one in house.rooms.panels.health()
            if one.reason
        ),
        backup=house.rooms.backups.late,
        displays={topic.removeprefix(ZONES): count for topic, count in followed.items()},
    )


def naming(house: House, language: str) -> Naming:
    """The names of what is in force, and of the office's people."""
    return Naming(house.catalogue, house.office.name_of, language)


def alarms(house: House, language: str, bounds: Bounds = EVERYWHERE) -> tuple[Said, ...]:
    """The alarms now, as far as the bounds reach, the worst first."""
    names = naming(house, language)
    return tuple(
        _said(house, names, alarm)
        for alarm in house.rooms.floor.watch.alarms()
        if not bounds or _reaches(house.hall, alarm, bounds)
    )


def _reaches(hall: Hall, alarm: Alarm, bounds: Bounds) -> bool:
    """An emergency, and a hall that can't go on, concern everybody."""
    if alarm.kind in ("emergency", "journal", "full"):
        return True
    if alarm.kind in OF_COUNTER:
        return covers(bounds, of_counter(hall, alarm.about))
    if alarm.kind in OF_LINE:
        return covers(bounds, of_line(hall, alarm.about))
    zone = alarm.kind == "display"
    return covers(bounds, Site((), {alarm.about})) if zone else covers(bounds, HALL)


def _said(house: House, names: Naming, alarm: Alarm) -> Said:
    ticket = house.hall.tickets.get(alarm.ticket)
    number = ticket.number if ticket else ""
    headline, remedy = told(
        alarm.kind, names.language, about=_about(house, names, alarm), number=number,
        count=alarm.count, limit=house.rooms.floor.watch.limits.wait // MINUTE,
        remedy=_remedy(alarm, names.language),
    )  # fmt: skip
    return Said(alarm, headline, remedy, number)


def _remedy(alarm: Alarm, language: str) -> str:
    """What a device says of itself."""
    if alarm.kind == "printer":
        return sentence(alarm.detail, language)  # type: ignore[arg-type]  # a printer's reason
    if alarm.kind == "panel":
        return panel_sentence(alarm.detail, language)  # type: ignore[arg-type]  # a panel's
    return ""


def _about(house: House, names: Naming, alarm: Alarm) -> str:
    if alarm.kind in OF_COUNTER:
        return names.counter(alarm.about)
    if alarm.kind in OF_LINE:
        return names.line(alarm.about)
    if alarm.kind == "display":
        return names.zone(alarm.about)
    if alarm.kind == "panel":
        return house.rooms.panels.name(alarm.about)
    return house.rooms.printing.name(alarm.about) if alarm.about else ""
