"""Hours, quotas and ranges of agencies and services, shifts of counters: what each has of its own,
and the same for many at once. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar, get_args

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Agency, Catalogue, Counter, Document, Service
from queue_server.config import DAYS, ShiftSection, spans
from queue_server.core import intake
from queue_server.core.calendar import hours_of, local, spans_on
from queue_server.core.model import Hall
from queue_server.core.plan import ServicePlan
from queue_server.timetable import (
    Exceptions,
    Openings,
    Weekday,
    own_exceptions,
    own_week,
    quota_fault,
)

from .hours import Sum, day_names, long_date, sum_of
from .hours_check import NONE, Line, Value
from .hours_forms import Fault, Form, dates_of, spans_of

T = TypeVar("T", Agency, Service)
KINDS = ("agencies", "services", "counters")
LEVEL = Value("level")


class Times(Struct, frozen=True):
    """The same for many: None and () leave what there is. `hours` for `days`, None with `level`: as
    the level above has it; `special` for `dates`, None with `dates`: none any more."""

    kind: str
    ids: tuple[str, ...]
    days: tuple[Weekday, ...] = ()
    hours: str | None = None
    dates: tuple[str, ...] = ()
    special: str | None = None
    quota: int | None = None
    quotas: dict[str, int] | None = None
    last: int | None = None
    shifts: tuple[str, ...] | None = None


class Row(Struct, frozen=True):
    """An agency, service or counter, with what it has of its own in words."""

    id: str
    name: str
    today: Sum
    week: tuple[tuple[str, Sum], ...] = ()
    """(weekdays, hours) where they differ from the level above."""
    dates: tuple[tuple[str, Sum], ...] = ()
    range: str = ""
    quota: int = 0
    quotas: str = ""
    taken: int = 0
    services: int = 0
    shifts: tuple[str, ...] = ()
    about: str = ""
    """Of a counter: its zone and the agencies that it serves."""
    picked: bool = False


# Reading the form -----------------------------------------------------------------------------


def times_of(form: Form, shifts: Mapping[str, ShiftSection]) -> Times:
    """What the form wants for those that are ticked. `shifts`: the hall's. Raises Fault."""
    kind = form.get("kind", "")
    ids = tuple(name.removeprefix("pick-") for name in form if name.startswith("pick-"))
    if kind not in KINDS:
        raise Fault("kind", "choice", kind)
    if not ids:
        raise Fault("pick", "pick")
    if kind == "counters":
        return Times(kind, ids, shifts=tuple(one for one in shifts if f"shift-{one}" in form))
    days = tuple(day for day in get_args(Weekday) if f"day-{day}" in form)
    hours = spans_of(form, "hours") if days and form.get("mode") != "level" else None
    dates = dates_of(form) if form.get("day", "").strip() else ()
    special = spans_of(form, "special") if dates and "special_off" not in form else None
    wanted = Times(kind, ids, days, hours, dates, special)
    if kind == "services":
        wanted = replace(
            wanted, quota=_number(form, "quota"), last=_number(form, "last"),
            quotas=_quotas(form, shifts),
        )  # fmt: skip
    if wanted == Times(kind, ids):
        raise Fault("what", "nothing")
    return wanted


def _number(form: Form, field: str) -> int | None:
    text = form.get(field, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Fault(field, "number", text)
    return int(text)


def _quotas(form: Form, shifts: Mapping[str, ShiftSection]) -> dict[str, int] | None:
    """08:00-10:00 = 20, Siang = 15; "-" takes them away. A shift stands for its hours of now."""
    text = form.get("quotas", "").strip()
    if not text:
        return None
    if text in ("-", "–"):
        return {}
    named = {name.lower(): one.hours for id, one in shifts.items() for name in (id, one.name)}
    found: dict[str, int] = {}
    for part in filter(None, re.split(r"[,;\n]", text)):
        span, _, number = (one.strip() for one in part.partition("="))
        try:
            key = spans_of({"quotas": named.get(span.lower(), span)}, "quotas")
            found[key] = int(number) if number.isascii() and number.isdigit() else -1
        except Fault:
            raise Fault("quotas", "quotas", part.strip()) from None
        if not key or not 0 <= found[key] <= 99_999:
            raise Fault("quotas", "quotas", part.strip())
    if quota_fault(found):
        raise Fault("quotas", "quotas", text)
    return dict(sorted(found.items()))


# Editing --------------------------------------------------------------------------------------


def timed(document: Document, times: Times) -> Document:
    """The document with the same times for all of them."""
    ids = set(times.ids)
    if times.kind == "agencies":
        return replace(document, agencies=tuple(
            _opened(one, times) if one.id in ids else one for one in document.agencies
        ))  # fmt: skip
    if times.kind == "services":
        return replace(document, services=tuple(
            _limited(_opened(one, times), times) if one.id in ids else one
            for one in document.services
        ))  # fmt: skip
    return replace(document, counters=tuple(
        replace(one, shifts=times.shifts or ()) if str(one.id) in ids else one
        for one in document.counters
    ))  # fmt: skip


def _opened(one: T, times: Times) -> T:
    hours: Openings = {day: text for day, text in one.hours.items() if day not in times.days}
    if times.hours is not None:
        hours |= dict.fromkeys(times.days, times.hours)
    special: Exceptions = {
        day: text for day, text in one.exceptions.items() if day not in times.dates
    }
    if times.special is not None:
        special |= dict.fromkeys(times.dates, times.special)
    week: Openings = {day: hours[day] for day in DAYS if day in hours}
    return replace(one, hours=week, exceptions=dict(sorted(special.items())))


def _limited(one: Service, times: Times) -> Service:
    return replace(
        one,
        quota=one.quota if times.quota is None else times.quota,
        quotas=one.quotas if times.quotas is None else times.quotas,
        last=one.last if times.last is None else times.last,
    )


def own_lines(old: Document, new: Document, language: str) -> tuple[Line, ...]:
    """What is different afterwards, item by item."""
    found: list[Line] = []
    for before, after in ((old.agencies, new.agencies), (old.services, new.services)):
        known: Mapping[str, Agency | Service] = {one.id: one for one in before}
        for one in after:
            if one != known[one.id]:
                found += _open_lines(known[one.id], one, language)
    counters = {str(one.id): one for one in old.counters}
    for counter in new.counters:
        if counter != counters[str(counter.id)]:
            pair = [_shifts(x) for x in (counters[str(counter.id)], counter)]
            found.append(Line(counter.name.of(language), pair[0], pair[1]))
    return tuple(one for one in found if one.before != one.after)


def _open_lines(old: Agency | Service, new: Agency | Service, language: str) -> Iterator[Line]:
    name, names = new.name.of(language), dict(zip(DAYS, day_names(language), strict=True))
    for day in DAYS:
        pair = [_said(one.hours.get(day), language) for one in (old, new)]  # type: ignore[call-overload]
        yield Line(f"{name} · {names[day]}", pair[0], pair[1])
    for iso in sorted({*old.exceptions, *new.exceptions}):
        pair = [_said(one.exceptions.get(iso), language) for one in (old, new)]
        yield Line(f"{name} · {long_date(date.fromisoformat(iso), language)}", pair[0], pair[1])
    if isinstance(old, Service) and isinstance(new, Service):
        yield Line(name, Value("number", number=old.last), Value("number", number=new.last), "last")
        yield Line(
            name, Value("number", number=old.quota), Value("number", number=new.quota), "quota"
        )
        yield Line(
            name, Value("text", text=said_quotas(old.quotas) or "–"),
            Value("text", text=said_quotas(new.quotas) or "–"), "quotas",
        )  # fmt: skip


def _said(text: str | None, language: str) -> Value:
    return LEVEL if text is None else Value("spans", sum_of(spans(text), language))


def _shifts(counter: Counter) -> Value:
    return Value("text", text=", ".join(counter.shifts)) if counter.shifts else NONE


def said_quotas(quotas: Mapping[str, int]) -> str:
    """As the form takes it."""
    return ", ".join(f"{span} = {number}" for span, number in sorted(quotas.items()))


# Rows -----------------------------------------------------------------------------------------


def agency_rows(
    catalogue: Catalogue, hall: Hall, now: int, language: str, picked: Form
) -> tuple[Row, ...]:
    """The agencies. Today's hours: of the hall, as far as the agency is open."""
    rows = []
    for agency in catalogue.agencies.values():
        given = [one for one in catalogue.services.values() if one.agency == agency.id]
        own = sum(bool(one.hours or one.exceptions or one.quota or one.quotas or one.last)
                  for one in given)  # fmt: skip
        rows.append(Row(
            agency.id, agency.name.of(language), _today(hall, agency, now, language),
            *_own(agency, language, now, hall), services=own,
            picked=f"pick-{agency.id}" in picked,
        ))  # fmt: skip
    return tuple(rows)


def service_rows(
    catalogue: Catalogue, hall: Hall, agency: str, now: int, language: str, picked: Form
) -> tuple[Row, ...]:
    """The services of an agency, with today's numbers."""
    rows = []
    for one in catalogue.services.values():
        if one.agency != agency:
            continue
        plan = hall.plan.services.get(one.id)
        day = local(now, hall.plan.hours).date()
        today = spans_on(day, hours_of(plan, hall.plan.hours)) if plan else ()
        last = f"{one.prefix}-{one.last:0{one.digits}d}" if one.last else ""
        rows.append(Row(
            one.id, one.name.of(language), sum_of(today, language),
            *_own(one, language, now, hall),
            range=f"{one.prefix}-{one.first:0{one.digits}d} – {last or '…'}",
            quota=one.quota, quotas=said_quotas(one.quotas), taken=intake.taken(hall, one.id),
            picked=f"pick-{one.id}" in picked,
        ))  # fmt: skip
    return tuple(rows)


def counter_rows(
    catalogue: Catalogue, names: Mapping[str, str], language: str, picked: Form
) -> tuple[Row, ...]:
    """The counters with the shifts that they are planned for. `names`: of the shifts."""
    return tuple(
        Row(
            id, one.name.of(language), Sum(), shifts=tuple(names.get(x, x) for x in one.shifts),
            about=_about(catalogue, one, language),
            picked=f"pick-{id}" in picked,
        )
        for id, one in catalogue.counters.items()
    )  # fmt: skip


def _about(catalogue: Catalogue, counter: Counter, language: str) -> str:
    services = [catalogue.services[id] for id in counter.services if id in catalogue.services]
    agencies = dict.fromkeys(catalogue.agencies[one.agency].short for one in services)
    zone = catalogue.zones.get(counter.zone)
    return " · ".join([", ".join(agencies), *([zone.name.of(language)] if zone else [])])


def _today(hall: Hall, agency: Agency, now: int, language: str) -> Sum:
    given = next((one for one in hall.plan.services.values() if one.agency == agency.id), None)
    day, hours = local(now, hall.plan.hours).date(), hall.plan.hours
    if given is None or not (agency.hours or agency.exceptions):
        return sum_of(spans_on(day, hours), language)
    bare = ServicePlan(
        "", "", agency.id, "", week=own_week(agency), exceptions=own_exceptions(agency)
    )
    return sum_of(spans_on(day, hours_of(bare, hours)), language)


def _own(
    one: Agency | Service, language: str, now: int, hall: Hall
) -> tuple[tuple[tuple[str, Sum], ...], tuple[tuple[str, Sum], ...]]:
    """Its week, days with the same hours together, and its dates from today on."""
    names = dict(zip(DAYS, day_names(language), strict=True))
    week: dict[str, list[str]] = {}
    for day in DAYS:
        if day in one.hours:
            week.setdefault(one.hours[day], []).append(names[day])
    today = local(now, hall.plan.hours).date().isoformat()
    return (
        tuple((", ".join(days), sum_of(spans(text), language)) for text, days in week.items()),
        tuple(
            (long_date(date.fromisoformat(iso), language), sum_of(spans(text), language))
            for iso, text in sorted(one.exceptions.items())
            if iso >= today
        ),
    )
