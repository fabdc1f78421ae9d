"""The live topics of citizens: `line:SERVICE` for all phones of a line, `ticket:TOKEN` for one."""

from __future__ import annotations

from collections.abc import Iterable

from queue_server.core.model import Call, Hall
from queue_server.core.policy import is_service, own_line
from queue_server.feed import Touched
from queue_server.house import House
from queue_server.notify.reminders import from_afar

from .phone import LineState, TicketState, gone, line_state, ticket_state


class LineTopic:
    """A line and everybody in it: a service's, or one that people were sent to."""

    kind = "line"

    def __init__(self, house: House) -> None:
        self._house = house

    def knows(self, name: str) -> bool:
        hall = self._house.hall
        own = name[:1] == own_line("") and name[1:] in hall.counters
        return name in hall.plan.services or own or name in hall.lines

    def touched(self, what: Touched) -> Iterable[str] | None:
        if what.everything:
            return None
        return sorted(lines_touched(self._house.hall, what))

    def state(self, name: str) -> LineState:
        return line_state(self._house.hall, self._house.catalogue, name)

    def html(self, name: str) -> str:
        """Phones find themselves in the state: one frame serves them all."""
        return ""

    def wants(self, name: str, call: Call) -> bool:
        ticket = self._house.hall.tickets.get(call.ticket)
        return ticket is not None and ticket.line == name


class TicketTopic:
    """One ticket, for its holder and for integrators."""

    kind = "ticket"

    def __init__(self, house: House) -> None:
        self._house = house

    def knows(self, name: str) -> bool:
        return name in self._house.hall.tokens

    def touched(self, what: Touched) -> Iterable[str] | None:
        """The tickets that moved, and those whose place in a line may have."""
        if what.everything:
            return None
        hall = self._house.hall
        moved = set(what.tickets)
        lines = lines_touched(hall, what)
        for name in lines:
            if name in hall.lines:
                moved.update(hall.lines[name].ids())
        moved.update(ticket.id for ticket in from_afar(hall, lines))
        return [hall.tickets[id].token for id in moved]

    def state(self, name: str) -> TicketState:
        hall = self._house.hall
        ticket = hall.ticket_by_token(name)
        if ticket is None:  # a day has passed, and somebody still listens
            return gone(hall.version)
        rule = self._house.rooms.notify.rule
        return ticket_state(hall, self._house.catalogue, ticket, rule)

    def html(self, name: str) -> str:
        return ""

    def wants(self, name: str, call: Call) -> bool:
        return self._house.hall.tokens.get(name) == call.ticket


def lines_touched(hall: Hall, what: Touched) -> set[str]:
    """The lines that may show something else. Those of agencies and operators are few, and who
    serves them changes with every counter that is opened or closed: all of them."""
    sent = (name for name in hall.lines if not is_service(name) and name[:1] != own_line(""))
    return {*what.services, *map(own_line, what.counters), *sent}
