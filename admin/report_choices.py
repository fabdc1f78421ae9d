"""What a report can be asked next: other periods, groups and filters, as a form offers them. Pure.

Every choice is a whole address, so that nothing that was chosen before is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Catalogue
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.reports.document import CHANNELS
from queue_server.reports.query import Dimension

from .report_asked import AGAINST, GROUPS, KINDS, Asked, turned, usual, whole
from .report_names import NONE, Parts

OFFERED: tuple[Dimension, ...] = ("agency", "service", "zone", "priority", "channel")
"""The filters of the form; of the others, a row of a table is the way there."""


class Link(NamedTuple):
    """A choice that is an address. `kind` names its words."""

    kind: str
    query: str
    chosen: bool


class Option(NamedTuple):
    """A choice of a list."""

    value: str
    label: str
    chosen: bool


class Filter(NamedTuple):
    """A list of the form."""

    name: str
    options: tuple[Option, ...]


class Choices(Struct, frozen=True):
    """The form. `kept` are filters that it has no list for; `after` "" where the next period has
    not begun."""

    periods: tuple[Link, ...]
    before: str
    after: str
    first: str
    last: str
    groups: tuple[Option, ...]
    against: tuple[Option, ...]
    filters: tuple[Filter, ...]
    kept: tuple[tuple[Dimension, str], ...]


def choices(
    asked: Asked, today: date, catalogue: Catalogue, parts: Parts, bounds: Bounds = EVERYWHERE
) -> Choices:
    """What can be asked next."""
    span, following = whole(asked), turned(asked, 1)
    filters = tuple(_filters(asked, catalogue, parts, bounds))
    listed = {one.name for one in filters}
    return Choices(
        periods=tuple(_periods(asked, today)),
        before=turned(asked, -1).query,
        after=following.query if whole(following).first <= today else "",
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        groups=tuple(Option(one, one, one == asked.by) for one in GROUPS),
        against=tuple(Option(one, one, one == asked.against) for one in AGAINST),
        filters=filters,
        kept=tuple((name, value) for name, value in asked.filters if name not in listed),
    )


def _periods(asked: Asked, today: date) -> Iterable[Link]:
    """Today, this week, this month, …; each by its own parts, unless grouped by something else."""
    now = today.isoformat()
    for kind in KINDS[:-1]:
        other = replace(asked, period=kind, day=now, since="", until="")
        if asked.by == usual(asked):
            other = replace(other, by=usual(other))
        chosen = whole(other) == whole(asked)
        yield Link(kind, other.query, chosen)


def _filters(asked: Asked, catalogue: Catalogue, parts: Parts, bounds: Bounds) -> Iterable[Filter]:
    named, agency = catalogue.named, asked.filter("agency")
    keys: dict[Dimension, list[str]] = {
        "agency": [id for id in named.agencies if not bounds.agencies or id in bounds.agencies],
        "service": [id for id, one in named.services.items() if one.agency == agency],
        "zone": [id for id in named.zones if not bounds.zones or id in bounds.zones],
        "priority": [NONE, *named.priorities],
        "channel": list(CHANNELS),
    }
    for name in OFFERED:
        chosen = asked.filter(name)
        found = keys[name]
        if len(found) > 1 or chosen:
            known = [*found, chosen] if chosen and chosen not in found else found
            yield Filter(name, tuple(
                Option(key, parts.name(name, key), key == chosen) for key in known
            ))  # fmt: skip
