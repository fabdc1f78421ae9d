"""What a panel shows at a counter. Pure."""

from __future__ import annotations

from msgspec import Struct

from ..config import PanelState
from ..core.calendar import local
from ..core.model import Hall


class Showing(Struct, frozen=True):
    """A counter as its panel shows it. `number` is "" unless a ticket is called or served there;
    `call` is that ticket's last call, so that a recall shows anew; `at` is RFC 3339."""

    counter: str
    name: str
    state: PanelState
    number: str = ""
    call: int = 0
    at: str = ""


def present(hall: Hall, id: str) -> Showing:
    """The counter now; one that the hall has not is closed."""
    name, counter = hall.place(id).name, hall.counters.get(id)
    if counter is None or counter.state == "closed":
        return Showing(id, name, "closed", at=_stamp(hall, counter.since if counter else 0))
    ticket = hall.tickets.get(counter.current)
    # Where calling has two steps, one that was looked at is nobody's business yet.
    if ticket is not None and ticket.here:
        state: PanelState = "serving" if ticket.status == "serving" else "called"
        at = _stamp(hall, ticket.last_called)
        return Showing(id, name, state, ticket.number, ticket.call, at)
    return Showing(id, name, counter.state, at=_stamp(hall, counter.since))


def pattern(now: Showing) -> Showing:
    """What a test shows there: every digit's bars, a letter, a dash; a call goes before it."""
    return now if now.state == "called" else Showing(now.counter, now.name, "test", "A-888")


def _stamp(hall: Hall, moment: int) -> str:
    return local(moment, hall.plan.hours).isoformat(timespec="seconds") if moment else ""
