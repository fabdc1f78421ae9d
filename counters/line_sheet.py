"""A line for its supervisor: who waits in it and why so, who serves it, and its intake."""

from __future__ import annotations

from itertools import pairwise

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.intake import in_line, overrunning, shut_now
from queue_server.core.model import CounterState, Hall
from queue_server.core.policy import servers
from queue_server.core.reasons import explain
from queue_server.floor.naming import Naming

from .ticket_sheet import SHOWN, Short, shorts
from .views import Moment, Words


class Server(Struct, frozen=True):
    """A counter that serves the line."""

    id: str
    name: str
    state: CounterState
    operator: str


class Stand(Struct, frozen=True):
    """A place in the line; `why` it goes before the next one."""

    ticket: Short
    why: str


class LineSheet(Struct, frozen=True):
    """The page of one line. `service`: it is a service's, whose intake can be closed."""

    line: str
    name: str
    agency: str
    service: bool
    shut: Moment
    stopped: str
    """Why no numbers are given now, though nobody closed it by hand: a sentence, or ""."""
    waiting: int
    ends: str
    """When those who wait now are expected to be served, as a clock shows it; "": not known."""
    over: bool
    """That is after the service's closing."""
    stands: tuple[Stand, ...]
    servers: tuple[Server, ...]


def line_sheet(hall: Hall, catalogue: Catalogue, naming: Naming, line: str, now: int) -> LineSheet:
    """The page at `now`, of a line in the order of the policy."""
    words = Words(hall, catalogue, now, naming.language)
    ids = hall.in_line(line)
    return LineSheet(
        line=line,
        name=naming.line(line),
        agency=words.agency(line),
        service=line in hall.plan.services,
        shut=words.moment(hall.no_intake.get(line, 0)),
        stopped=_stopped(words, naming, line),
        waiting=len(ids),
        ends=_ends(words, line),
        over=line in overrunning(hall, now),
        stands=_stands(words, naming, line, ids[:SHOWN]),
        servers=tuple(
            Server(one, naming.counter(one), found.state,
                   naming.person(found.operator) if found.operator else "")
            for one in servers(hall, line)
            if (found := hall.counters[one])
        ),
    )  # fmt: skip


def _ends(words: Words, line: str) -> str:
    hall = words.hall
    if line not in hall.service_times or not hall.waiting(line):
        return ""
    return words.moment(words.now + in_line(hall, line)).at


def _stopped(words: Words, naming: Naming, line: str) -> str:
    found = shut_now(words.hall, line, words.now)
    if found is None or found.code == "intake_closed":
        return ""
    return found.refusal(naming.line(line)).sentence(naming.language)


def _stands(words: Words, naming: Naming, line: str, ids: list[int]) -> tuple[Stand, ...]:
    """Each with the reason against the next, as the line's first open counter sees it."""
    hall = words.hall
    places = servers(hall, line)
    seen = next((one for one in places if hall.counters[one].state == "open"), "")
    seen = seen or next(iter(places), "")
    whys = [
        explain(hall, hall.counters[seen], one, two).sentence(naming.language) if seen else ""
        for one, two in pairwise(ids)
    ]
    tickets = shorts(words, (hall.tickets[one] for one in ids))
    return tuple(Stand(one, why) for one, why in zip(tickets, [*whys, ""], strict=False))
