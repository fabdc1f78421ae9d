"""The forms of the hours' pages, read: a section of the settings as it would be, or what is wrong.
Pure: what is in force is handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct

from queue_server.config import DAYS, Config, spans
from queue_server.config.sections import HolidaysSection
from queue_server.config.whole import closed_days

Form = Mapping[str, str]
Code = Literal[
    "spans", "date", "order", "long", "name", "number", "choice", "twice", "pick", "nothing",
    "quotas",
]  # fmt: skip
RANGE = 60
"""Days that one entry may cover: a semester break, not a slip of the year."""
SHIFTS = 8


class Fault(Exception):
    """What is wrong: the form's field, why, and what was found there."""

    def __init__(self, field: str, code: Code, found: str = "") -> None:
        super().__init__(field)
        self.field, self.code, self.found = field, code, found[:80]


class Draft(Struct, frozen=True):
    """A section of the settings as a form wants it: the keys that it sets."""

    section: str
    values: dict[str, Any]


Reader = Callable[[Form, Config], Draft]


def week(form: Form, config: Config) -> Draft:
    """The weekdays, and whether the hall is open around the clock."""
    values: dict[str, Any] = {day: spans_of(form, day) for day in DAYS}
    return Draft("hours", values | {"always": "always" in form})


def exception(form: Form, config: Config) -> Draft:
    """Other hours for a date, or for each of several."""
    text, kept = spans_of(form, "hours"), dict(config.hours.exceptions)
    return Draft("hours", {"exceptions": kept | dict.fromkeys(dates_of(form), text)})


def exception_off(form: Form, config: Config) -> Draft:
    """A date has its weekday's hours again."""
    kept = {day: text for day, text in config.hours.exceptions.items() if day != form.get("day")}
    return Draft("hours", {"exceptions": kept})


def holidays(form: Form, config: Config) -> Draft:
    """The dates of a year that are ticked close the hall; the others are worked."""
    section, year = config.holidays, _year(form)
    library = closed_days(HolidaysSection(), (year,))
    seeds = HolidaysSection(section.national, section.joint_leave)
    closed = {*closed_days(seeds, (year,)), *section.extra}
    own = {day for day in section.extra if day.startswith(f"{year}-")}
    extra, work = dict(section.extra), {*section.work}
    for day in sorted({*library, *own}):
        if f"on-{day}" not in form:
            work.add(day)
            continue
        work.discard(day)
        if day not in closed:  # of a kind that the hall does not take from the library
            extra[day] = library[day]
    return Draft("holidays", {"extra": extra, "work": sorted(work)})


def holiday(form: Form, config: Config) -> Draft:
    """One date more, or several, that closes the hall; it is not worked any more."""
    name, days = " ".join(form.get("name", "").split()), dates_of(form)
    if not 1 <= len(name) <= 80:
        raise Fault("name", "name", name)
    section = config.holidays
    return Draft("holidays", {
        "extra": section.extra | dict.fromkeys(days, name),
        "work": [day for day in section.work if day not in days],
    })  # fmt: skip


def holiday_off(form: Form, config: Config) -> Draft:
    """A date of the hall's own is none any more."""
    gone, section = form.get("day"), config.holidays
    return Draft("holidays", {
        "extra": {day: name for day, name in section.extra.items() if day != gone},
        "work": [day for day in section.work if day != gone],
    })  # fmt: skip


def shifts(form: Form, config: Config) -> Draft:
    """Every row with a name is a shift; an id stays with it, so that counters keep theirs."""
    found: dict[str, Any] = {}
    for at in range(SHIFTS):
        name = " ".join(form.get(f"name-{at}", "").split())
        if not name:
            continue
        if len(name) > 60:
            raise Fault(f"name-{at}", "name", name)
        text = spans_of(form, f"hours-{at}")
        if not text:
            raise Fault(f"hours-{at}", "spans", text)
        id = form.get(f"id-{at}", "")
        id = id if id in config.shifts else _slug(name, {*found, *config.shifts})
        if id in found:
            raise Fault(f"name-{at}", "twice", name)
        english = " ".join(form.get(f"name_en-{at}", "").split())[:60]
        found[id] = {"name": name, "name_en": english, "hours": text}
    return Draft("shifts", found)


def intake(form: Form, config: Config) -> Draft:
    """The last intake, and its margin."""
    chosen, margin = form.get("last_intake", ""), form.get("intake_margin_minutes", "").strip()
    if chosen not in ("off", "pace"):
        raise Fault("last_intake", "choice", chosen)
    if not (margin.isascii() and margin.isdigit() and len(margin) < 4 and int(margin) <= 240):
        raise Fault("intake_margin_minutes", "number", margin)
    return Draft("policy", {"last_intake": chosen, "intake_margin_minutes": int(margin)})


READERS: dict[str, Reader] = {
    "week": week,
    "exceptions": exception,
    "exceptions-off": exception_off,
    "holidays": holidays,
    "holidays-add": holiday,
    "holidays-off": holiday_off,
    "shifts": shifts,
    "intake": intake,
}
"""The forms by the last part of their address."""


def spans_of(form: Form, field: str) -> str:
    """Spans as the configuration writes them; a dot in a time is what people type. Raises Fault."""
    text = form.get(field, "").strip().replace(".", ":").replace("–", "-")
    text = re.sub(r"\s*-\s*", "-", text)
    text = re.sub(r"(?<!\d)(\d):", r"0\1:", text)
    try:
        spans(text)
    except ValueError:
        raise Fault(field, "spans", form.get(field, "")) from None
    return ", ".join(part.strip() for part in text.split(",") if part.strip())


def dates_of(form: Form) -> tuple[str, ...]:
    """From `day` to `until`, or `day` alone. Raises Fault."""
    first = _date(form, "day")
    last = _date(form, "until") if form.get("until", "").strip() else first
    if last < first:
        raise Fault("until", "order", form["until"])
    count = (last - first).days + 1
    if count > RANGE:
        raise Fault("until", "long", form["until"])
    return tuple((first + timedelta(days=ahead)).isoformat() for ahead in range(count))


def _date(form: Form, field: str) -> date:
    try:
        return date.fromisoformat(form.get(field, "").strip())
    except ValueError:
        raise Fault(field, "date", form.get(field, "")) from None


def _year(form: Form) -> int:
    year = form.get("year", "")
    if not re.fullmatch(r"20\d\d", year, flags=re.ASCII):
        raise Fault("year", "choice", year)
    return int(year)


def _slug(name: str, taken: set[str]) -> str:
    """An id of a name, free among those that are taken."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "giliran"
    return next(id for id in _numbered(base) if id not in taken)


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 1
    while True:
        number += 1
        yield f"{base}-{number}"
