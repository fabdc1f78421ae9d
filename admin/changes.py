"""The trail of changes as it is asked for and shown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from queue_server.changes import Change, Search
from queue_server.core.calendar import at
from queue_server.core.plan import Hours

PAGE = 50
"""Changes of a page."""
LONGEST = 160
"""Characters of a value that a page shows; the file has all of them."""
KINDS = ("settings.", "catalogue.", "user.", "token.", "device.", "backup.", "erasure.")
"""What changes are about, as their names begin; the list to choose from."""


class Wanted(Struct, frozen=True):
    """What is looked for; "" is anything. `before` is a change's id (0: the newest)."""

    since: str = ""
    until: str = ""
    who: str = ""
    kind: str = ""
    text: str = ""
    before: int = 0

    def query(self, **other: object) -> str:
        """As an address has it."""
        fields = msgspec.structs.asdict(self) | other
        return urlencode({name: value for name, value in fields.items() if value})

    def search(self, hours: Hours) -> Search:
        """As the record is asked; `until` is a day that counts whole."""

        def midnight(day: date) -> int:
            return int(at(day, 0, hours).timestamp() * 1000)

        last = date.fromisoformat(self.until) + timedelta(days=1) if self.until else None
        return Search(
            since=midnight(date.fromisoformat(self.since)) if self.since else 0,
            until=midnight(last) if last else 0,
            who=self.who, what=self.kind, text=self.text, before=self.before,
        )  # fmt: skip


class Difference(Struct, frozen=True):
    """A value that changed; `field` "" is the whole; "" before or after: there was none."""

    field: str
    before: str
    after: str


class Line(Struct, frozen=True):
    """A change as the page has it. `kind` is a member of KINDS or "", `subject` what of it."""

    id: int
    at: int
    who: str
    address: str
    kind: str
    subject: str
    act: str
    differences: tuple[Difference, ...]
    why: str


class ChangesPage(Struct, frozen=True):
    """A page of them, the newest first; `older`, `newest`: queries of other pages, or ""."""

    wanted: Wanted
    lines: tuple[Line, ...]
    query: str
    older: str
    newest: str
    kinds: tuple[str, ...] = KINDS


def wanted_of(given: Callable[[str], str]) -> Wanted:
    """The query's fields; what makes no sense is anything."""
    kind, before = given("kind"), given("before")
    return Wanted(
        since=_day(given("since")),
        until=_day(given("until")),
        who=" ".join(given("who")[:64].split()),
        kind=kind if kind in KINDS else "",
        text=" ".join(given("text")[:64].split()),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else 0,
    )


def changes_page(wanted: Wanted, found: list[Change]) -> ChangesPage:
    """The page of what was found; one more than PAGE means that older ones follow."""
    lines = tuple(line(one) for one in found[:PAGE])
    return ChangesPage(
        wanted=wanted,
        lines=lines,
        query=wanted.query(before=0),
        older=wanted.query(before=lines[-1].id) if len(found) > PAGE else "",
        newest=wanted.query(before=0) if wanted.before else "",
    )


def line(change: Change, longest: int = LONGEST) -> Line:
    """A change with what is different after it."""
    before, after = msgspec.json.decode(change.before), msgspec.json.decode(change.after)
    kind = next((one for one in KINDS if change.what.startswith(one)), "")
    return Line(
        id=change.id, at=change.at, who=change.name or change.by, address=change.address,
        kind=kind, subject=change.what.removeprefix(kind), act=change.act,
        differences=tuple(_differences("", before, after, longest)), why=change.why,
    )  # fmt: skip


def _differences(field: str, before: Any, after: Any, longest: int) -> Iterator[Difference]:
    """Leaf by leaf where both are objects, or one is and the other was not there."""
    if before == after:
        return
    was, now = _fields(before), _fields(after)
    if was is not None and now is not None:
        for name in {**was, **now}:
            inner = f"{field}.{name}" if field else name
            yield from _differences(inner, was.get(name), now.get(name), longest)
    else:
        yield Difference(field, _said(before, longest), _said(after, longest))


def _fields(value: Any) -> dict[str, Any] | None:
    return {} if value is None else value if isinstance(value, dict) else None


def _said(value: Any, longest: int) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = text or '""'
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
