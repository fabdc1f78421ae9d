"""A visit of several steps at the counter: its way, where it goes on, and the form that plans what
is still to be done. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Annotated, Literal

from msgspec import Meta, Struct

from queue_server.catalogue import Catalogue
from queue_server.core import commands as c
from queue_server.core.checks import current_of
from queue_server.core.journey import MOST, following
from queue_server.core.lifecycle import AT_COUNTER
from queue_server.core.model import Hall, Step, Ticket
from queue_server.web.validation import parse

PATH = "visits"
BOX = re.compile(r"keep-(\d)")
NUMBERED = re.compile(r"(.*?)(\d+)")


class Stage(Struct, frozen=True):
    """A step of the way."""

    name: str
    agency: str
    state: Literal["done", "now", "later"]


class Onward(Struct, frozen=True):
    """Where the citizen goes when the step here is done: "BPJS Kesehatan", "Loket 40–42"."""

    name: str
    agency: str
    places: str
    zone: str


class Way(Struct, frozen=True):
    """The way of the ticket at a counter: none of it where it has one service only."""

    stages: tuple[Stage, ...] = ()
    onward: Onward | None = None


class Kept(Struct, frozen=True):
    """A step that is still to come; `index` is its place in the visit."""

    index: int
    name: str
    agency: str


class Choice(Struct, frozen=True):
    """A service that can be added. `open`: some counter is there for it."""

    id: str
    name: str
    agency: str
    waiting: int
    open: bool
    search: str


class Planned(Struct, frozen=True):
    """The form: whose visit, what stays in it, what can be added; `full`: nothing more."""

    counter: str
    ticket: int
    number: str
    kept: tuple[Kept, ...]
    choices: tuple[Choice, ...]
    full: bool


class Form(Struct, frozen=True):
    """What the form sends besides its boxes `keep-0`, `keep-1`, …; `nonce` names one press, and
    `sure` comes with everything that a script sends."""

    ticket: Annotated[int, Meta(ge=0, le=2**53)]
    add: Annotated[str, Meta(max_length=100)] = ""
    nonce: Annotated[str, Meta(max_length=64)] = ""
    sure: bool = False


# Views --------------------------------------------------------------------------------------


def way(hall: Hall, catalogue: Catalogue, ticket: Ticket, now: int, language: str) -> Way:
    """The way of a ticket, and where it would go on from here at `now` (epoch ms)."""
    if len(ticket.steps) < 2:
        return Way()
    names = _Names(catalogue, language)
    stages = (
        Stage(names.service(step.service), names.agency(step.service), _state(ticket, index))
        for index, step in enumerate(ticket.steps)
    )
    step = following(hall, ticket, now) if ticket.status in AT_COUNTER else -1
    return Way(tuple(stages), names.onward(ticket.steps[step].service) if step >= 0 else None)


def planned(hall: Hall, catalogue: Catalogue, counter: str, language: str) -> Planned | None:
    """The form for the ticket at a counter; None when nobody is there."""
    ticket = hall.tickets.get(hall.counters[counter].current)
    if ticket is None:
        return None
    names = _Names(catalogue, language)
    left = _left(ticket)
    planned_already = {ticket.service, *(ticket.steps[index].service for index in left)}
    return Planned(
        counter=counter,
        ticket=ticket.id,
        number=ticket.number,
        kept=tuple(
            Kept(index, names.service(one), names.agency(one))
            for index, one in ((index, ticket.steps[index].service) for index in left)
        ),
        choices=tuple(
            _choice(hall, names, id) for id in hall.plan.services if id not in planned_already
        ),
        full=len(left) + 1 >= MOST,
    )


def spread(names: Iterable[str]) -> str:
    """Counters in few words: "Loket 40–42, 45, Ruang 3"."""
    parts: list[str] = []
    found = [NUMBERED.fullmatch(name) for name in names if name]
    rest = [name for name in names if name and not NUMBERED.fullmatch(name)]
    numbered = sorted({(one[1], int(one[2])) for one in found if one})
    for word, group in groupby(numbered, key=lambda one: one[0]):
        numbers = [number for _, number in group]
        runs = groupby(enumerate(numbers), key=lambda one: one[1] - one[0])
        said = (_run([number for _, number in run]) for _, run in runs)
        parts.append(word + ", ".join(said))
    return ", ".join([*parts, *rest])


def _run(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


def _state(ticket: Ticket, index: int) -> Literal["done", "now", "later"]:
    if ticket.steps[index].done:
        return "done"
    return "now" if index == ticket.step else "later"


def _left(ticket: Ticket) -> list[int]:
    """The steps that come after the present one, by their place."""
    return [
        index for index, step in enumerate(ticket.steps) if not step.done and index != ticket.step
    ]


def _choice(hall: Hall, names: _Names, id: str) -> Choice:
    name, agency = names.service(id), names.agency(id)
    known = names.catalogue.named.services.get(id)
    words = " ".join(known.keywords) if known else ""
    return Choice(
        id=id,
        name=name,
        agency=agency,
        waiting=hall.waiting(id),
        open=any(hall.counters[giver].state == "open" for giver in hall.givers.get(id, ())),
        search=f"{hall.plan.services[id].prefix} {name} {agency} {words}".lower(),
    )


class _Names:
    """The catalogue's names in one language, where the plan may know more than it."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self.catalogue, self.language = catalogue, language

    def service(self, id: str) -> str:
        found = self.catalogue.named.services.get(id)
        return found.name.of(self.language) if found else id

    def agency(self, service: str) -> str:
        found = self.catalogue.named.services.get(service)
        return self.catalogue.named.agencies[found.agency].short if found else ""

    def onward(self, service: str) -> Onward:
        catalogue = self.catalogue
        zone = catalogue.zones.get(catalogue.zone_of.get(service, ""))
        counters = [one.name.of(self.language) for one in catalogue.counters_of(service)]
        return Onward(
            self.service(service), self.agency(service), spread(counters),
            zone.name.of(self.language) if zone else "",
        )  # fmt: skip


# The command --------------------------------------------------------------------------------


def read(values: Mapping[str, str]) -> tuple[Form, tuple[int, ...]]:
    """The form's fields, and the places of the steps that stay. Raises Invalid."""
    boxes = {name: int(found[1]) for name in values if (found := BOX.fullmatch(name))}
    rest = {name: value for name, value in values.items() if name not in boxes}
    return parse(rest, Form, strict=False), tuple(sorted(boxes.values()))


def command(
    hall: Hall, counter: str, form: Form, keep: tuple[int, ...], by: c.Actor
) -> c.PlanVisit:
    """What is still to be done: the kept steps, with what they need of each other, then the one
    that is added. Raises Refusal: somebody else is at the counter, or it is another's."""
    ticket = current_of(hall, c.AtTicket(counter=counter, ticket=form.ticket, by=by))
    kept = [index for index in _left(ticket) if index in keep]
    places = {index: place for place, index in enumerate(kept)}
    steps = [
        Step(
            ticket.steps[index].service,
            tuple(places[before] for before in ticket.steps[index].after if before in places),
        )
        for index in kept
    ]
    added = (Step(form.add),) if form.add else ()
    return c.PlanVisit(ticket=ticket.id, at=counter, steps=(*steps, *added), by=by)
