"""An operator for the supervisor: which services that operator's counter sees earlier, and by how
many minutes, wherever it is."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Hall
from queue_server.core.plan import MINUTE
from queue_server.core.turning import FAVOUR
from queue_server.floor.naming import Naming

from .words import Words


class Favour(Struct, frozen=True):
    """A service, its agency's short name, and the minutes."""

    service: str
    name: str
    agency: str
    minutes: int = 0


class Operator(Struct, frozen=True):
    """Who, the counter held now (its id and name, or ""), and what is favoured."""

    id: str
    name: str
    counter: str
    counter_name: str
    favours: tuple[Favour, ...]


class OperatorSheet(Struct, frozen=True):
    """The page of one operator. `others` can be added: those of the counter first."""

    operator: Operator
    others: tuple[Favour, ...]
    most: int
    """Minutes."""


def operators(hall: Hall, naming: Naming, users: Iterable[str]) -> tuple[Operator, ...]:
    """All that serve, hold a counter, or favour something: by name."""
    holding = [one.operator for one in hall.counters.values() if one.operator]
    ids = dict.fromkeys([*users, *holding, *hall.favours])
    found = (_operator(hall, naming, id) for id in ids)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def operator_sheet(hall: Hall, catalogue: Catalogue, naming: Naming, id: str) -> OperatorSheet:
    """The page."""
    operator, words = _operator(hall, naming, id), Words(hall, catalogue, hall.now, naming.language)
    own = {one.service for one in operator.favours}
    here = hall.place(operator.counter).services if operator.counter else ()
    others = (one for one in dict.fromkeys([*here, *hall.plan.services]) if one not in own)
    return OperatorSheet(
        operator,
        tuple(Favour(one, words.service(one), words.agency(one)) for one in others),
        FAVOUR // MINUTE,
    )


def _operator(hall: Hall, naming: Naming, id: str) -> Operator:
    held = next((one.id for one in hall.counters.values() if one.operator == id), "")
    favours = hall.favours.get(id, {})
    return Operator(
        id=id,
        name=naming.person(id),
        counter=held,
        counter_name=naming.counter(held) if held else "",
        favours=tuple(
            Favour(one, naming.service(one), "", ms // MINUTE) for one, ms in favours.items()
        ),
    )
