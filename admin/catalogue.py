"""What the catalogue's pages show before and after a deed: who stands in the way, what is wrong,
what changes. Pure views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from queue_server.catalogue import KINDS, Catalogue, Fault, Item
from queue_server.catalogue.columns import HALL
from queue_server.catalogue.comparing import Act, Difference
from queue_server.catalogue.reading import CellFault
from queue_server.catalogue.words import KIND_NAMES, word
from queue_server.core.model import Hall
from queue_server.core.stranding import Stranded

HERE = "/admin/catalogue"
SHOWN = 300
"""Differences that a page lists one by one."""


class Obstacle(Struct, frozen=True):
    """Who stands in the way. `href`: where that is dealt with."""

    kind: str
    name: str
    href: str
    waiting: int
    called: int
    aside: int
    open: bool


class Said(Struct, frozen=True):
    """A fault that stands at no field of the form: whose it is, what, and where to mend it."""

    name: str
    href: str
    sentence: str


class CellLine(Struct, frozen=True):
    """A value that changes."""

    label: str
    before: str
    after: str


class DifferenceLine(Struct, frozen=True):
    """A thing that changes."""

    kind: str
    name: str
    code: str
    act: Act
    cells: tuple[CellLine, ...]


class FaultLine(Struct, frozen=True):
    """A bad cell of a file."""

    sheet: str
    place: str
    about: str
    sentence: str


# What stands in the way -------------------------------------------------------------------------


def obstacles(
    found: Sequence[Stranded], catalogue: Catalogue, hall: Hall, language: str
) -> tuple[Obstacle, ...]:
    """Everybody who would be left standing, and where to see to them."""
    return tuple(_obstacle(one, catalogue, hall, language) for one in found)


def _obstacle(one: Stranded, catalogue: Catalogue, hall: Hall, language: str) -> Obstacle:
    if one.kind == "counter":
        known = catalogue.named.counters.get(one.id)
        name = known.name.of(language) if known else hall.place(one.id).name
        href = f"/supervisor/counters/{one.id}"
    else:
        service = catalogue.named.services.get(one.id)
        name = service.name.of(language) if service else one.id
        href = f"/supervisor/lines/{one.id}"
    return Obstacle(
        one.kind, name, href, one.waiting, one.called, one.aside, one.open
    )  # fmt: skip


def said(faults: Sequence[Fault], catalogue: Catalogue, language: str) -> tuple[Said, ...]:
    """Faults of other things than the form's own fields."""
    return tuple(
        Said(_name(one.kind, one.id, catalogue, language), _href(one), one.told(language))
        for one in faults
    )  # fmt: skip


def _href(fault: Fault) -> str:
    return f"{HERE}/{fault.kind}/items/{fault.id}" if fault.kind in KINDS and fault.id else ""


def _name(kind: str, id: str, catalogue: Catalogue, language: str) -> str:
    known: Mapping[str, Item] = getattr(catalogue.named, kind) if kind in KINDS else {}
    return known[id].name.of(language) if id in known else id


# Before a deed ----------------------------------------------------------------------------------


def difference_lines(found: Sequence[Difference], language: str) -> tuple[DifferenceLine, ...]:
    """What would change, the first of it."""
    return tuple(_difference(one, language) for one in found[:SHOWN])


def _difference(one: Difference, language: str) -> DifferenceLine:
    kind = one.kind if one.kind in KIND_NAMES else HALL
    cells = tuple(
        CellLine(word(kind, cell.key).name.of(language), cell.before, cell.after)
        for cell in one.cells if one.act != "retired" or cell.key != "retired"
    )  # fmt: skip
    return DifferenceLine(
        KIND_NAMES[kind].of(language), one.name.of(language), one.id, one.act, cells
    )


def fault_lines(found: Sequence[CellFault], language: str) -> tuple[FaultLine, ...]:
    """Every bad cell, its column by the name that people give it."""
    return tuple(
        FaultLine(
            one.sheet, one.cell or (str(one.row) if one.row else ""),
            " · ".join(filter(None, (one.fault.id, one.fault.field))), one.fault.told(language),
        )
        for one in found[:SHOWN]
    )  # fmt: skip


def theirs(
    kind: str, shown: Mapping[str, str], typed: Mapping[str, str], language: str
) -> tuple[CellLine, ...]:
    """Where what is kept now is another than what was typed."""
    lines = []
    for key, text in typed.items():
        kept = shown.get(key, "")
        if _plain(kept) != _plain(text):
            named = word(kind, key.partition("@")[0]).name.of(language)
            lines.append(CellLine(named, kept, text))
    return tuple(lines)


def _plain(text: str) -> list[str]:
    """A value without what only looks different: a box that isn't ticked is nothing."""
    return [] if text == "tidak" else text.replace(",", " ").split()
