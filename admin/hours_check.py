"""What a change of the timetable says before it is saved: each line before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from queue_server.config import DAYS, Config, spans
from queue_server.config.whole import closed_days

from .hours import Sum, day_names, long_date, sum_of

Kind = Literal["spans", "weekday", "closed", "worked", "none", "text", "yes", "no", "off", "pace",
               "minutes", "level", "number"]  # fmt: skip


class Value(Struct, frozen=True):
    """One side of a line. "weekday": as the weekday has it; "level": as the level above;
    "closed", "worked": of a holiday."""

    kind: Kind
    sum: Sum = Sum()
    text: str = ""
    number: int = 0


class Line(Struct, frozen=True):
    """Something that changes. `what`: a word of its own for what has no name."""

    label: str
    before: Value
    after: Value
    what: Literal["", "always", "last_intake", "margin", "last", "quota", "quotas"] = ""


NONE, WEEKDAY = Value("none"), Value("weekday")


def lines(old: Config, new: Config, language: str) -> tuple[Line, ...]:
    """Everything about times that differs between two configurations."""
    found = (
        *_week(old, new, language), *_exceptions(old, new, language),
        *_holidays(old, new, language), *_shifts(old, new, language), *_intake(old, new),
    )  # fmt: skip
    return tuple(one for one in found if one.before != one.after)


def _week(old: Config, new: Config, language: str) -> Iterator[Line]:
    for day, name in zip(DAYS, day_names(language), strict=True):
        before, after = getattr(old.hours, day), getattr(new.hours, day)
        yield Line(name, _spans(before, language), _spans(after, language))
    flags = [Value("yes" if one.hours.always else "no") for one in (old, new)]
    yield Line("", flags[0], flags[1], "always")


def _exceptions(old: Config, new: Config, language: str) -> Iterator[Line]:
    before, after = old.hours.exceptions, new.hours.exceptions
    for day in sorted({*before, *after}):
        pair = [_spans(one[day], language) if day in one else WEEKDAY for one in (before, after)]
        yield Line(long_date(date.fromisoformat(day), language), pair[0], pair[1])


def _holidays(old: Config, new: Config, language: str) -> Iterator[Line]:
    named = [*old.holidays.extra, *new.holidays.extra, *old.holidays.work, *new.holidays.work]
    years = tuple(sorted({int(day[:4]) for day in named})) or (date.today().year,)
    before, after = closed_days(old.holidays, years), closed_days(new.holidays, years)
    for day in sorted({*before, *after}):
        name = after.get(day) or before[day]
        pair = [Value("closed" if day in one else "worked") for one in (before, after)]
        said = f"{long_date(date.fromisoformat(day), language)}: {name}"
        yield Line(said, pair[0], pair[1])


def _shifts(old: Config, new: Config, language: str) -> Iterator[Line]:
    for id in {**old.shifts, **new.shifts}:
        pair = []
        for one in (old.shifts.get(id), new.shifts.get(id)):
            said = sum_of(spans(one.hours), language) if one else Sum()
            names = " / ".join(filter(None, (one.name, one.name_en))) if one else ""
            pair.append(Value("text", said, names) if one else NONE)
        yield Line((new.shifts.get(id) or old.shifts[id]).name, pair[0], pair[1])


def _intake(old: Config, new: Config) -> Iterator[Line]:
    pair = [Value(one.policy.last_intake) for one in (old, new)]
    yield Line("", pair[0], pair[1], "last_intake")
    minutes = [Value("minutes", number=one.policy.intake_margin_minutes) for one in (old, new)]
    yield Line("", minutes[0], minutes[1], "margin")


def _spans(text: str, language: str) -> Value:
    return Value("spans", sum_of(spans(text), language))
