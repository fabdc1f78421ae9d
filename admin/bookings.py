"""Bookings as the staff see them: a day's sessions by agency, and one booking by its code.

Pure views. Nobody is named: a booking is its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from babel.dates import format_date
from msgspec import Struct

from queue_server.booking.codes import spelled
from queue_server.booking.model import Audit, Booking, State
from queue_server.booking.places import Day, Taken
from queue_server.booking.rules import Key, Session, Terms, sessions_on
from queue_server.catalogue import Catalogue
from queue_server.core.plan import Hours
from queue_server.web.i18n import clock_mark, locale_of

PATH = "/admin/bookings"


class Code(Struct, frozen=True):
    """A booking in its session's list."""

    code: str
    service: str
    state: State


class Target(Struct, frozen=True):
    """A session that another one's bookings can be moved to: day and start, and in words."""

    value: str
    label: str
    free: int


class SessionRow(Struct, frozen=True):
    """A session with its counts. `standing`: bookings that nobody has used yet, and holds."""

    pool: str
    day: str
    start: int
    time: str
    quota: int
    changed: bool
    """The quota is the staff's own."""
    taken: int
    booked: int
    checked_in: int
    missed: int
    standing: int
    over: bool
    codes: tuple[Code, ...]
    targets: tuple[Target, ...] = ()


class PoolTable(Struct, frozen=True):
    """Those who share sessions: an agency, or a service of it that counts by itself."""

    anchor: str
    name: str
    service: str
    open: bool
    """Shown with its sessions: somebody has just worked in it."""
    rows: tuple[SessionRow, ...]
    quota: int
    booked: int
    checked_in: int
    missed: int
    shut: int
    """Sessions that the staff has closed."""


class Found(Struct, frozen=True):
    """One booking. `missed_before`: how often the same telephone number did not come."""

    id: int
    code: str
    service: str
    day: str
    time: str
    state: State
    reason: str
    number: str
    missed_before: int
    history: tuple[Audit, ...]
    names: Mapping[str, str]


class BookingsPage(Struct, frozen=True):
    """The page of a day."""

    day: str
    date: str
    before: str
    after: str
    today: str
    tables: tuple[PoolTable, ...]
    query: str
    found: Found | None
    said: str


def tables_of(
    catalogue: Catalogue, language: str, day: date, every: Iterable[Terms], hours: Hours, now: int,
    bookings: Sequence[Booking], taken: Taken, ahead: Mapping[str, Sequence[Day]], chosen: str = "",
) -> tuple[PoolTable, ...]:  # fmt: skip
    """A day's sessions by pool: those of the rules, and those in which somebody has booked.

    `ahead`: pool -> the days to which its sessions can be moved. `chosen` is the pool to open.
    """
    pools: dict[str, dict[Key, Session]] = {}
    for terms in every:
        if terms.open:
            sessions = pools.setdefault(terms.pool, {})
            sessions.update({one.key: one for one in sessions_on(terms, day, hours)})
    for one in bookings:
        session = Session(one.key, one.end, 0, one.begins, one.ends)
        pools.setdefault(one.key.pool, {}).setdefault(one.key, session)
    tables = []
    order = list(catalogue.named.agencies)
    for pool, sessions in sorted(pools.items(), key=lambda one: _place(one[0], order)):
        rows = tuple(
            _row(catalogue, language, session, now, bookings, taken, ahead.get(pool, ()))
            for session in sorted(sessions.values(), key=lambda one: one.key)
        )
        if rows:
            tables.append(_table(catalogue, language, pool, rows, chosen))
    return tuple(tables)


def found_of(
    catalogue: Catalogue, language: str, found: Booking, history: Sequence[Audit],
    names: Mapping[str, str], missed_before: int, number: str,
) -> Found:  # fmt: skip
    """A booking with all that happened to it."""
    day = date.fromisoformat(found.key.day)
    return Found(
        id=found.id,
        code=spelled(found.code),
        service=_service(catalogue, found.service, language),
        day=str(format_date(day, "EEEE, d MMMM y", locale=locale_of(language))),
        time=span(found.key.start, found.end, language),
        state=found.state,
        reason=found.reason,
        number=number,
        missed_before=missed_before,
        history=tuple(history),
        names=names,
    )


def page_of(
    language: str, day: date, today: date, tables: tuple[PoolTable, ...], query: str,
    found: Found | None, said: str,
) -> BookingsPage:  # fmt: skip
    """The whole."""

    def link(other: date) -> str:
        return f"{PATH}?day={other.isoformat()}"

    return BookingsPage(
        day=day.isoformat(),
        date=str(format_date(day, "EEEE, d MMMM y", locale=locale_of(language))),
        before=link(day - timedelta(days=1)),
        after=link(day + timedelta(days=1)),
        today=link(today) if day != today else "",
        tables=tables,
        query=query,
        found=found,
        said=said,
    )


def anchor_of(pool: str) -> str:
    """Where a pool's table stands on the page."""
    return "p-" + pool.replace("/", "--")


def span(start: int, end: int, language: str) -> str:
    """Like "08.00–09.30"."""
    mark = clock_mark(language)
    return "–".join(f"{at // 60:02d}{mark}{at % 60:02d}" for at in (start, end))


def _place(pool: str, agencies: Sequence[str]) -> tuple[int, str]:
    """As the catalogue has its agencies; each before its services that count by themselves."""
    agency, _, service = pool.partition("/")
    return (agencies.index(agency) if agency in agencies else len(agencies)), service


def _row(
    catalogue: Catalogue, language: str, session: Session, now: int, bookings: Sequence[Booking],
    taken: Taken, ahead: Sequence[Day],
) -> SessionRow:  # fmt: skip
    here = [one for one in bookings if one.key == session.key]
    count = {
        state: sum(one.state == state for one in here)
        for state in ("booked", "checked_in", "expired")
    }
    places = taken.places.get(session.key, 0)
    standing = places - count["checked_in"]
    return SessionRow(
        pool=session.key.pool,
        day=session.key.day,
        start=session.key.start,
        time=span(session.key.start, session.end, language),
        quota=taken.quota(session),
        changed=session.key in taken.quotas,
        taken=places,
        booked=count["booked"],
        checked_in=count["checked_in"],
        missed=count["expired"],
        standing=standing,
        over=session.ends < now,
        codes=tuple(
            Code(spelled(one.code), _service(catalogue, one.service, language), one.state)
            for one in here
        ),
        targets=_targets(language, session, standing, ahead) if standing else (),
    )


def _targets(
    language: str, session: Session, standing: int, ahead: Sequence[Day]
) -> tuple[Target, ...]:
    """The sessions with room for all of them."""
    return tuple(
        Target(
            f"{slot.session.key.day} {slot.session.key.start}",
            str(format_date(day.date, "EEE d MMM", locale=locale_of(language)))
            + f", {span(slot.session.key.start, slot.session.end, language)}",
            slot.free,
        )
        for day in ahead
        for slot in day.slots
        if slot.state == "free" and slot.free >= standing and slot.session.key != session.key
    )


def _table(
    catalogue: Catalogue, language: str, pool: str, rows: tuple[SessionRow, ...], chosen: str
) -> PoolTable:
    agency, _, service = pool.partition("/")
    known = catalogue.named.agencies.get(agency)
    return PoolTable(
        anchor=anchor_of(pool),
        name=known.name.of(language) if known else agency,
        service=_service(catalogue, service, language) if service else "",
        open=pool == chosen,
        rows=rows,
        quota=sum(row.quota for row in rows),
        booked=sum(row.booked for row in rows),
        checked_in=sum(row.checked_in for row in rows),
        missed=sum(row.missed for row in rows),
        shut=sum(row.quota == 0 and row.changed for row in rows),
    )


def _service(catalogue: Catalogue, id: str, language: str) -> str:
    found = catalogue.named.services.get(id)
    return found.name.of(language) if found else id
