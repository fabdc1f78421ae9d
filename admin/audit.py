"""The audit trail as it is asked for: a day of the journal, searched. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from msgspec import Struct

from queue_server.floor.archive import Day, Row
from queue_server.floor.naming import Naming
from queue_server.floor.numbers import like
from queue_server.floor.past import KINDS, Told, kind_of

PAGE = 50
"""Lines of a page."""


class Wanted(Struct, frozen=True):
    """What is looked for; "" is anything. `before` (0: the day's end) is an entry's id."""

    day: str
    number: str = ""
    counter: str = ""
    who: str = ""
    kind: str = ""
    before: int = 0

    def query(self, **other: object) -> str:
        """As an address has it."""
        fields = {"day": self.day, "number": self.number, "counter": self.counter,
                  "who": self.who, "kind": self.kind, **other}  # fmt: skip
        return urlencode({name: value for name, value in fields.items() if value})


class Option(NamedTuple):
    """A choice of a list."""

    value: str
    label: str
    chosen: bool


class AuditPage(Struct, frozen=True):
    """A page of lines, the newest first; `older` is the query of the next page, or ""."""

    wanted: Wanted
    today: str
    lines: tuple[Told, ...]
    query: str
    older: str
    newest: str
    counters: tuple[Option, ...]
    kinds: tuple[Option, ...]


def wanted_of(given: Callable[[str], str], today: str) -> Wanted:
    """The query's fields; what makes no sense is anything."""
    day, kind, before = given("day")[:10], given("kind"), given("before")
    try:
        date.fromisoformat(day)
    except ValueError:
        day = today
    return Wanted(
        day=day,
        number=given("number")[:12].strip(),
        counter=given("counter")[:64],
        who=" ".join(given("who")[:64].split()),
        kind=kind if kind in KINDS else "",
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else 0,
    )


def found(day: Day, wanted: Wanted, person: Callable[[str], str]) -> Iterator[Row]:
    """The day's rows that are looked for, the newest first."""
    meant = like(wanted.number)
    tickets = {id for id, number in day.numbers.items() if meant(number)}
    who, known = wanted.who.casefold(), dict[str, bool]()
    for row in reversed(day.rows):
        if wanted.before and row.id >= wanted.before:
            continue
        if wanted.number and row.ticket not in tickets:
            continue
        if (wanted.counter and row.counter != wanted.counter) or (
            wanted.kind and row.kind != wanted.kind
        ):
            continue
        if who:
            if row.by not in known:
                known[row.by] = who in person(row.by).casefold() or who == row.by
            if not known[row.by]:
                continue
        yield row


def audit_page(
    wanted: Wanted, today: str, lines: tuple[Told, ...], more: bool, naming: Naming,
    counters: Iterator[str],
) -> AuditPage:  # fmt: skip
    """The page; `more`: older lines follow."""
    return AuditPage(
        wanted=wanted,
        today=today,
        lines=lines,
        query=wanted.query(),
        older=wanted.query(before=lines[-1].id) if more and lines else "",
        newest=wanted.query() if wanted.before else "",
        counters=tuple(Option(one, naming.counter(one), one == wanted.counter) for one in counters),
        kinds=tuple(
            Option(one, kind_of(one, naming.language), one == wanted.kind) for one in KINDS
        ),
    )
