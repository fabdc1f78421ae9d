"""The catalogue's lists: found, searched, each with what tells its items apart. Pure views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from queue_server.catalogue import KINDS, Catalogue, Item, items
from queue_server.catalogue.document import Agency, Counter, Package, Priority, Reason, Service
from queue_server.catalogue.words import KIND_NAMES, word

from .catalogue import HERE
from .catalogue_layout import CHOICES


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


def wanted_of(asked: Mapping[str, str], prefix: str = "") -> Wanted:
    """What an address or a form asks for."""
    return Wanted(
        text=asked.get(f"{prefix}q", "").strip()[:80], agency=asked.get(f"{prefix}agency", "")[:80],
        retired=asked.get(f"{prefix}retired") == "1",
    )  # fmt: skip


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
