"""How the hall's and its zones' boards are set: what the page shows, what its forms say. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Catalogue
from queue_server.config import DAYS, NONE, Config, RunningText, ZoneSection, spans

HALL = "hall"
LAYOUTS = ("list", "big", "split", "portrait")
THEMES = ("dark", "light")
LANGUAGES = ("id", "en")
LONGEST = 500
"""Characters of a line."""
MOST = 50
"""Lines of one place."""
PLAIN = ("layout", "theme", "media", "running_text", "running_text_en")


class Place(Struct, frozen=True):
    """The hall, or a zone of it, in the page's tabs."""

    id: str
    name: str


class Board(Struct, frozen=True):
    """A place's settings as the form has them; "" takes the hall's (the hall itself: what is
    given without a setting)."""

    layout: str = ""
    theme: str = ""
    media: str = ""
    running_text: str = ""
    running_text_en: str = ""
    first: str = ""
    second: str = ""


class Line(Struct, frozen=True):
    """A line of running text as its form has it. `now`: it runs at this moment."""

    text: str = ""
    text_en: str = ""
    hours: str = ""
    since: str = ""
    until: str = ""
    days: tuple[str, ...] = ()
    now: bool = False


def places(catalogue: Catalogue, config: Config, language: str) -> tuple[Place, ...]:
    """The zones, by the catalogue, and those that the configuration alone knows."""
    named = [Place(one.id, one.name.of(language)) for one in catalogue.zones.values()]
    return (*named, *(Place(id, id) for id in config.zones if id not in catalogue.zones))


def board(config: Config, place: str) -> Board:
    """What a place has of its own."""
    section = config.displays if place == HALL else config.zones.get(place, ZoneSection())
    first, second, *_ = (*section.languages, "", "")
    plain = {name: getattr(section, name) for name in PLAIN}
    return Board(**plain, first=first, second=second)


def lines(config: Config, place: str, moment: datetime) -> tuple[Line, ...]:
    """A place's lines with a schedule, at a moment of the hall's time."""
    return tuple(_line(one, moment) for one in _texts(config, place))


def board_values(form: Mapping[str, str], config: Config, place: str) -> dict[str, Any]:
    """The keys of a place's section that the form sets."""
    found: dict[str, Any] = {name: _text(form, name) for name in PLAIN}
    languages = [form.get(name, "") for name in ("first", "second")]
    found["languages"] = [one for one in dict.fromkeys(languages) if one]
    if place == HALL:
        found["media"] = found["media"] or NONE
    return found


def line_values(
    form: Mapping[str, str], config: Config, place: str, index: int | None
) -> dict[str, Any]:
    """A place's lines with that of the form at its place, or after the others. IndexError: there
    is none at that place."""
    texts: list[Any] = list(msgspec.to_builtins(_texts(config, place)))
    typed = line_of(form)
    fresh = msgspec.structs.asdict(typed)
    del fresh["now"]  # the configuration's own check follows
    if index is None:
        texts.append(fresh)
    else:
        texts[index] = fresh
    return {"texts": texts}


def without_line(config: Config, place: str, index: int) -> dict[str, Any]:
    """A place's lines without one. IndexError: there is none at that place."""
    texts = [*_texts(config, place)]
    del texts[index]
    return {"texts": msgspec.to_builtins(texts)}


def line_of(form: Mapping[str, str]) -> Line:
    """A line as it was typed."""
    text, text_en, hours, since, until = (
        _text(form, name) for name in ("text", "text_en", "hours", "since", "until")
    )
    days = tuple(day for day in DAYS if f"day-{day}" in form)
    return Line(text, text_en, hours, since, until, days)


def board_of(form: Mapping[str, str]) -> Board:
    """A place's settings as they were typed."""
    return Board(**{name: _text(form, name) for name in Board.__struct_fields__})


def section_of(config: Config, place: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The section of the settings that has a place's keys, and what to lay over it."""
    if place == HALL:
        return "displays", values
    zones = msgspec.to_builtins(config.zones)
    return "zones", zones | {place: zones.get(place, {}) | values}


def field_of(error: str) -> str:
    """The key that an error of the configuration ends with: "settings: displays.theme: …"."""
    found = re.search(r"(\w+)(?:\[\d+\])*: ", error.partition(": ")[2] + " ")
    return found[1] if found else ""


def _texts(config: Config, place: str) -> tuple[RunningText, ...]:
    if place == HALL:
        return config.displays.texts
    return config.zones[place].texts if place in config.zones else ()


def _line(one: RunningText, moment: datetime) -> Line:
    shown = Line(one.text, one.text_en, one.hours, one.since, one.until, one.days)
    minute, day = moment.hour * 60 + moment.minute, moment.date().isoformat()
    return replace(
        shown,
        now=(not one.days or DAYS[moment.weekday()] in one.days)
        and (not one.hours or any(start <= minute < end for start, end in spans(one.hours)))
        and one.since <= day
        and (not one.until or day <= one.until),
    )


def _text(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())[:LONGEST]
