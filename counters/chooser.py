"""The choice of a counter: by zone, with who holds it, one's own first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.bounds import covers, of_counter
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.core.model import Counter, CounterState, Hall
from queue_server.core.policy import lines_of

from .views import Moment, Words, waiting

Holding = Literal["free", "mine", "held"]
Names = Callable[[str], str]
"""The display name of an actor by its id."""


class Choice(Struct, frozen=True):
    """A counter that one may take, or who has it and since when."""

    id: str
    name: str
    agencies: str
    services: str
    search: str
    """What a search looks through, in lower case."""
    state: CounterState
    holding: Holding
    holder: str
    since: Moment
    waiting: int


class Group(Struct, frozen=True):
    """A zone's counters."""

    zone: str
    name: str
    choices: tuple[Choice, ...]


class Chooser(Struct, frozen=True):
    """The page: what I hold, then every zone; `found` of `total` counters match the search."""

    mine: tuple[Choice, ...]
    groups: tuple[Group, ...]
    found: int
    total: int


def chooser(
    hall: Hall,
    catalogue: Catalogue,
    me: str,
    names: Names,
    now: int,
    language: str,
    search: str = "",
    bounds: Bounds = EVERYWHERE,
) -> Chooser:
    """The counters within the bounds of `me` (an actor's id), as they may be chosen at `now`
    (epoch ms)."""
    words = Words(hall, catalogue, now, language)
    choices = [
        (hall.place(counter.id).zone, _choice(words, counter, me, names))
        for counter in hall.counters.values()
        if not bounds or covers(bounds, of_counter(hall, counter.id))
    ]
    wanted = search.lower().split()
    found = [(zone, choice) for zone, choice in choices if all(w in choice.search for w in wanted)]
    return Chooser(
        mine=tuple(choice for _, choice in choices if choice.holding == "mine"),
        groups=tuple(_groups(catalogue, found, language)),
        found=len(found),
        total=len(choices),
    )


def _groups(
    catalogue: Catalogue, found: list[tuple[str, Choice]], language: str
) -> Iterable[Group]:
    """In the catalogue's order; counters of a zone that it has dropped come last."""
    for zone in dict.fromkeys([*catalogue.zones, *(zone for zone, _ in found)]):
        choices = tuple(choice for of, choice in found if of == zone)
        known = catalogue.zones.get(zone)
        if choices:
            yield Group(zone, known.name.of(language) if known else zone, choices)


def _choice(words: Words, counter: Counter, me: str, names: Names) -> Choice:
    hall = words.hall
    services = hall.place(counter.id).services
    agencies = ", ".join(dict.fromkeys(filter(None, map(words.agency, services))))
    name = words.counter(counter.id)
    spoken = [name, counter.id, agencies, *map(words.service, services)]
    return Choice(
        id=counter.id,
        name=name,
        agencies=agencies,
        services=", ".join(map(words.service, services)),
        search=" ".join(spoken).lower(),
        state=counter.state,
        holding="free" if not counter.operator else "mine" if counter.operator == me else "held",
        holder=names(counter.operator) if counter.operator else "",
        since=words.moment(counter.since),
        waiting=waiting(hall, lines_of(hall, counter.id)),
    )
