"""What the catalogue's pages show: pure views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from queue_server.catalogue import KINDS, Catalogue, Fault, Item, items
from queue_server.catalogue.columns import HALL
from queue_server.catalogue.comparing import Act, Difference
from queue_server.catalogue.document import Agency, Counter, Package, Priority, Reason, Service
from queue_server.catalogue.reading import CellFault
from queue_server.catalogue.words import KIND_NAMES, word
from queue_server.core.model import Hall
from queue_server.core.stranding import Stranded

from .catalogue_forms import CHOICES

HERE = "/admin/catalogue"
SHOWN = 300
"""Differences that a page lists one by one."""


class Tile(Struct, frozen=True):
    """A list on the front page."""

    href: str
    name: str
    count: int
    retired: int


class Fact(Struct, frozen=True):
    """A cell of a list; `figure`: a number."""

    text: str
    figure: bool = False


class Row(Struct, frozen=True):
    """An item in its list. `other` is its name in the other language, `code` its id."""

    id: str
    href: str
    name: str
    other: str
    retired: bool
    facts: tuple[Fact, ...]
    colour: str = ""


class Choice(Struct, frozen=True):
    """An entry of a filter."""

    value: str
    label: str


class Wanted(Struct, frozen=True):
    """What a list is asked for: words, an agency, what is retired."""

    text: str = ""
    agency: str = ""
    retired: bool = False


class Listing(Struct, frozen=True):
    """A list's page. `movable`: what is shown stands in the order that people see."""

    kind: str
    title: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[Row, ...]
    wanted: Wanted
    agencies: tuple[Choice, ...]
    total: int
    retired: int
    movable: bool


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


def tiles(catalogue: Catalogue, language: str) -> tuple[Tile, ...]:
    """The front page's lists."""
    made = []
    for kind in KINDS:
        found = items(catalogue.document, kind)
        gone = sum(one.retired for one in found)
        name = KIND_NAMES[kind].of(language)
        made.append(Tile(f"{HERE}/{kind}", name, len(found) - gone, gone))
    return tuple(made)


def listing(catalogue: Catalogue, kind: str, wanted: Wanted, language: str) -> Listing:
    """One list as it is asked for."""
    found = items(catalogue.document, kind)
    words = wanted.text.casefold().split()
    heads, facts = FACTS[kind](catalogue, language)
    shown = [
        one for one in found
        if one.retired == wanted.retired
        and (not wanted.agency or getattr(one, "agency", "") == wanted.agency)
        and all(word in _searched(catalogue, one) for word in words)
    ]  # fmt: skip
    gone = sum(one.retired for one in found)
    return Listing(
        kind=kind,
        title=KIND_NAMES[kind].of(language),
        heads=heads,
        rows=tuple(_row(kind, one, facts(one), language) for one in shown),
        wanted=wanted,
        agencies=tuple(
            Choice(one.id, one.short) for one in catalogue.named.agencies.values()
        ) if kind == "services" else (),
        total=len(found) - gone,
        retired=gone,
        movable=not words and not wanted.retired and (kind != "services" or bool(wanted.agency)),
    )  # fmt: skip


def _searched(catalogue: Catalogue, one: Item) -> str:
    more: tuple[str, ...] = ()
    if isinstance(one, Service):
        agency = catalogue.named.agencies.get(one.agency)
        more = (one.prefix, *one.keywords, agency.short if agency else "")
    elif isinstance(one, Agency):
        more = (one.short,)
    return " ".join([str(one.id), one.name.id, one.name.en, *more]).casefold()


def _row(kind: str, one: Item, facts: Sequence[Fact], language: str) -> Row:
    name = one.name.of(language)
    other = one.name.en if name == one.name.id else one.name.id
    return Row(
        id=str(one.id),
        href=f"{HERE}/{kind}/items/{one.id}",
        name=name,
        other=other if other != name else "",
        retired=one.retired,
        facts=tuple(facts),
        colour=one.colour if isinstance(one, Priority) else "",
    )


Heads = tuple[tuple[str, bool], ...]
Facts = Callable[[Item], Sequence[Fact]]


def _services(catalogue: Catalogue, language: str) -> tuple[Heads, Facts]:
    agencies = catalogue.named.agencies
    given: dict[str, list[str]] = {}
    for counter in catalogue.counters.values():
        for service in counter.services:
            given.setdefault(service, []).append(counter.name.of(language))
    marks = {key: word("services", key).name.of(language) for key in ("popular", "quick")}

    def facts(one: Item) -> Sequence[Fact]:
        assert isinstance(one, Service)
        also = [label for key, label in marks.items() if getattr(one, key)]
        return (
            Fact(one.prefix),
            Fact(agencies[one.agency].short),
            Fact(_some(given.get(one.id, []))),
            Fact(", ".join(also)),
        )

    keys = ("prefix", "agency", "counters")
    heads = [(word("services", key).name.of(language), False) for key in keys]
    return (*heads, ("", False)), facts


def _some(names: Sequence[str], most: int = 3) -> str:
    more = f" +{len(names) - most}" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _agencies(catalogue: Catalogue, language: str) -> tuple[Heads, Facts]:
    counts: dict[str, int] = {}
    for service in catalogue.services.values():
        counts[service.agency] = counts.get(service.agency, 0) + 1

    def facts(one: Item) -> Sequence[Fact]:
        assert isinstance(one, Agency)
        kind = CHOICES[one.kind].of(language)
        return Fact(one.short), Fact(kind), Fact(str(counts.get(one.id, 0)), True)

    return _heads("agencies", language, ("short", "kind"), ("services",)), facts


def _counters(catalogue: Catalogue, language: str) -> tuple[Heads, Facts]:
    def facts(one: Item) -> Sequence[Fact]:
        assert isinstance(one, Counter)
        services = [id for id in one.services if id in catalogue.services]
        zone = catalogue.named.zones[one.zone].name.of(language)
        return Fact(zone), Fact(str(len(services)), True)

    return _heads("counters", language, ("zone",), ("services",)), facts


def _zones(catalogue: Catalogue, language: str) -> tuple[Heads, Facts]:
    def facts(one: Item) -> Sequence[Fact]:
        count = sum(counter.zone == one.id for counter in catalogue.counters.values())
        return (Fact(str(count), True),)

    return ((KIND_NAMES["counters"].of(language), True),), facts


def _priorities(catalogue: Catalogue, language: str) -> tuple[Heads, Facts]:
    def facts(one: Item) -> Sequence[Fact]:
        assert isinstance(one, Priority)
        return Fact(str(one.credit_minutes), True), Fact(str(one.weight), True)

    return _heads("priorities", language, (), ("credit_minutes", "weight")), facts


def _reasons(catalogue: Catalogue, language: str) -> tuple[Heads, Facts]:
    def facts(one: Item) -> Sequence[Fact]:
        assert isinstance(one, Reason)
        return (Fact(", ".join(CHOICES[act].of(language) for act in one.acts)),)

    return _heads("reasons", language, ("acts",)), facts


def _packages(catalogue: Catalogue, language: str) -> tuple[Heads, Facts]:
    def facts(one: Item) -> Sequence[Fact]:
        assert isinstance(one, Package)
        names = [catalogue.named.services[x.service].name.of(language) for x in one.steps]
        return (Fact(" → ".join(names)),)

    return _heads("packages", language, ("steps",)), facts


def _heads(kind: str, language: str, texts: Sequence[str], figures: Sequence[str] = ()) -> Heads:
    words = [(word(kind, key).name.of(language), False) for key in texts]
    return (*words, *((word(kind, key).name.of(language), True) for key in figures))


FACTS: dict[str, Callable[[Catalogue, str], tuple[Heads, Facts]]] = {
    "services": _services, "agencies": _agencies, "counters": _counters, "zones": _zones,
    "priorities": _priorities, "reasons": _reasons, "packages": _packages,
}  # fmt: skip
"""What a list shows of its items besides their names."""


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
