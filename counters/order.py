"""Why the queue stands as it does: the sentences of `core.reasons` for a counter's queue. Pure."""

from __future__ import annotations

from itertools import islice, pairwise

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Hall
from queue_server.core.policy import in_order
from queue_server.core.reasons import explain

from .words import Person, Words

ROWS = 10
"""The head of the queue that is explained, each with the one before."""


class Place(Struct, frozen=True):
    """Somebody in the queue, and why not before the one above; "" for the first."""

    person: Person
    because: str


class Why(Struct, frozen=True):
    """The page. `chosen` is whom was asked for, against the head; None when nobody was."""

    counter: str
    name: str
    first: str
    chosen: Place | None
    places: tuple[Place, ...]


def why(
    hall: Hall, catalogue: Catalogue, counter: str, ticket: int, now: int, language: str
) -> Why:
    """The queue of a counter explained; `ticket`: one to compare with its head (0: none)."""
    here, words = hall.counters[counter], Words(hall, catalogue, now, language)
    queue = list(islice(in_order(hall, here), ROWS))

    def place(one: int, other: int) -> Place:
        person = words.person(hall.tickets[one])
        return Place(person, explain(hall, here, other, one).sentence(language))

    known = queue and ticket in hall.tickets and ticket != queue[0]
    heads = (Place(words.person(hall.tickets[one]), "") for one in queue[:1])
    return Why(
        counter=counter,
        name=words.counter(counter),
        first=hall.tickets[queue[0]].number if queue else "",
        chosen=place(ticket, queue[0]) if known else None,
        places=(*heads, *(place(two, one) for one, two in pairwise(queue))),
    )
