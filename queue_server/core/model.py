"""The state of a hall: a fold of its journal, nothing else.

Values (`Ticket`, `Counter`, `Call`) are frozen and may be shared; the `Hall` that holds them
is changed by `evolve` alone.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from functools import partial
from heapq import merge
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from .plan import CounterPlan, Plan
from .ranking import Rank, Ranking, ranking

Status = Literal[
    "waiting", "called", "serving", "parked", "pending",
    "no_show", "served", "cancelled", "expired",
]  # fmt: skip
CounterState = Literal["closed", "open", "break"]
Delivered = tuple[str, int]
"""(service, how many)"""


class Step(Struct, frozen=True, omit_defaults=True):
    """A part of a visit: a service, and the steps (by index) that have to be done before."""

    service: str
    after: tuple[int, ...] = ()
    done: bool = False


class Ticket(Struct, frozen=True, omit_defaults=True):
    """One citizen's place in the hall. Times are epoch milliseconds; `id` is its entry's id.

    `line` is where it stands while it waits: a service's id, or `@counter` when it was sent to
    one counter. `joined` is the arrival that its order counts from. `counter` is where it was
    last called to; whether it is there now, the counter's `current` tells.

    `calls` counts all its calls, `here` those at the counter where it is now; 0 there: it was
    looked at, not called.

    `steps` are a visit's (none: just the one service), `step` the index of the present one.

    `remote`: its holder is not in the hall yet, so it has a place and cannot be called. `until`
    (0: none) is when it expires, if that was said: a remote ticket's, or a pending one's right of
    return. `missing` are the requirements (by their index in the catalogue) that were asked for.
    """

    id: int
    number: str
    token: str
    service: str
    line: str
    status: Status
    issued: int
    joined: int
    priority: str = ""
    language: str = "id"
    counter: str = ""
    call: int = 0
    calls: int = 0
    here: int = 0
    first_called: int = 0
    last_called: int = 0
    started: int = 0
    ended: int = 0
    channel: str = "kiosk"
    booking: str = ""
    remote: bool = False
    until: int = 0
    postponed: int = 0
    missing: tuple[int, ...] = ()
    rests: int = 0
    reason: str = ""
    delivered: tuple[Delivered, ...] = ()
    steps: tuple[Step, ...] = ()
    step: int = -1

    @property
    def looked(self) -> bool:
        """Where calling has two steps: shown at a counter, and not called yet."""
        return self.status == "called" and not self.here


class Closing(Struct, frozen=True):
    """A closing that waits for a supervisor: asked for at `at`."""

    at: int
    reason: str = ""
    reopens: int = 0


class Counter(Struct, frozen=True, omit_defaults=True):
    """A counter's state. `current` is the ticket called or being served there, or 0.

    `streak` counts the priority calls in a row made here (see `policy`). `reason` and `until`
    are a break's; `closing` is one that was asked for, `denied` when the last one was denied;
    `alarm` is since when the emergency button is pressed (0: it isn't); `skipped` are those that
    were looked at and passed over; `assigned` are services that a supervisor gave it for the
    day; a closed one opens by itself at `reopens` for `reopens_for`, the operator who held it.
    """

    id: str
    state: CounterState = "closed"
    operator: str = ""
    since: int = 0
    current: int = 0
    streak: int = 0
    reason: str = ""
    until: int = 0
    closing: Closing | None = None
    denied: int = 0
    alarm: int = 0
    skipped: tuple[int, ...] = ()
    assigned: tuple[str, ...] = ()
    reopens: int = 0
    reopens_for: str = ""


class Trace(Struct, frozen=True):
    """What an act at a counter changed, for as long as it can be taken back."""

    entry: int
    at: int
    by: str
    ticket_before: Ticket
    ticket_after: Ticket
    counter_before: Counter
    counter_after: Counter


class Message(Struct, frozen=True):
    """What a supervisor says to consoles or boards; `until` 0: until it is taken down. `text_en`
    says the same in English, where somebody wrote it."""

    id: int
    text: str
    to: Literal["consoles", "boards", "all"]
    at: int
    until: int = 0
    text_en: str = ""


class Call(Struct, frozen=True):
    """One announcement. A recall is a new call, with an id of its own, so it rings again.

    `helper`, when not "", asks for an interpreter or companion instead of a ticket.
    """

    id: int
    ticket: int
    number: str
    service: str
    counter: str
    at: int
    helper: str = ""


class Receipt(Struct, frozen=True):
    """What an idempotency key was answered with: `count` entries from `first` on."""

    key: str
    digest: str
    first: int
    count: int
    at: int


class Line:
    """The waiting tickets of one line: each priority class by itself, by arrival."""

    __slots__ = ("classes",)

    def __init__(self) -> None:
        self.classes: dict[str, list[Rank]] = {}
        """Class ("" the ordinary one) -> its ranks, first to last; no class is empty."""

    def add(self, kind: str, rank: Rank) -> None:
        insort(self.classes.setdefault(kind, []), rank)

    def remove(self, kind: str, rank: Rank) -> None:
        ranks = self.classes[kind]
        index = bisect_left(ranks, rank)
        assert ranks[index] == rank, "a waiting ticket stands in its line"
        del ranks[index]
        if not ranks:
            del self.classes[kind]

    def copy(self) -> Line:
        other = Line()
        other.classes = {kind: ranks.copy() for kind, ranks in self.classes.items()}
        return other

    def ids(self) -> list[int]:
        """Ticket ids by arrival; `Hall.in_line` has them in the order of the policy."""
        return [ticket for _, ticket in merge(*self.classes.values())]

    def __len__(self) -> int:
        return sum(map(len, self.classes.values()))


class Hall:
    """A hall's day. `version` is the id of the last journal entry folded in; `now` its time."""

    def __init__(self) -> None:
        self.version = 0
        self.now = 0
        self.day = ""
        self.plan = Plan()
        self.givers: dict[str, tuple[str, ...]] = {}
        """Service id -> the counters that give it, as the plan has them."""
        self.tickets: dict[int, Ticket] = {}
        self.tokens: dict[str, int] = {}
        self.counters: dict[str, Counter] = {}
        self.lines: dict[str, Line] = {}
        self.numbers: dict[str, int] = {}
        """The last value issued for each prefix today."""
        self.taken: dict[str, tuple[int, ...]] = {}
        """For each service, today's tickets that count against its quota: those of walk-ins."""
        self.calls: list[Call] = []
        """Calls young enough to be announced, oldest first."""
        self.paces: dict[str, tuple[int, ...]] = {}
        """For each service, the times of its last first calls: what estimates count with."""
        self.service_times: dict[str, tuple[int, ...]] = {}
        """For each service, its last service times in milliseconds: what a visit is planned by."""
        self.receipts: dict[str, Receipt] = {}
        self.streak = 0
        """Priority calls in a row in the whole hall."""
        self.deadlines: dict[int, int] = {}
        """For the tickets that time alone moves on: when (see `decide.due`)."""
        self.reopenings: dict[str, int] = {}
        """For the closed counters that open by themselves: when."""
        self.traces: dict[str, tuple[Trace, ...]] = {}
        """Counter -> its last acts that could be taken back, the newest last."""
        self.no_intake: dict[str, int] = {}
        """Services that give no numbers today -> since when."""
        self.favours: dict[str, dict[str, int]] = {}
        """Operator id -> service -> milliseconds by which that operator's counter sees it earlier.
        They outlast the day."""
        self.messages: dict[int, Message] = {}
        """What supervisors say, until it is taken down; `said` are those in force."""

    def copy(self) -> Hall:
        """A hall of its own that shares the frozen values."""
        other = Hall()
        for name, value in vars(self).items():
            setattr(other, name, value.copy() if isinstance(value, dict | list) else value)
        other.lines = {name: line.copy() for name, line in self.lines.items()}
        return other

    def line(self, name: str) -> Line:
        """The line of that name, made at first use."""
        line = self.lines.get(name)
        if line is None:
            line = self.lines[name] = Line()
        return line

    @property
    def ranking(self) -> Ranking:
        """The rule of order in force."""
        return ranking(self.plan, self.now)

    def kind(self, ticket: Ticket) -> str:
        """The class that a ticket stands in: its own, or "" where the plan has dropped it."""
        return ticket.priority if ticket.priority in self.plan.priorities else ""

    def ahead(self, ticket: Ticket) -> int | None:
        """How many stand before a waiting ticket in its line; None when it doesn't wait."""
        if ticket.status != "waiting":
            return None
        return self.ahead_of(ticket.line, self.kind(ticket), (ticket.joined, ticket.id))

    def ahead_of(self, line: str, kind: str, rank: Rank) -> int:
        """How many stand before somebody of a class with that rank in a line."""
        found, rule = self.lines.get(line), self.ranking
        key = rule.key(kind, rank)
        return sum(
            bisect_left(ranks, key, key=partial(rule.key, other))
            for other, ranks in (found.classes.items() if found else ())
        )

    def in_line(self, name: str) -> list[int]:
        """Ids of the tickets that stand in a line, in the order of the policy."""
        found, rule = self.lines.get(name), self.ranking
        keys = [
            (rule.key(kind, rank), rank[1])
            for kind, ranks in (found.classes.items() if found else ())
            for rank in ranks
        ]
        return [ticket for _, ticket in sorted(keys)]

    def said(self, to: Literal["consoles", "boards"], now: int) -> list[Message]:
        """The messages in force for consoles or boards, the newest first."""
        found = self.messages.values()
        return [
            m for m in reversed(found) if m.to in (to, "all") and (not m.until or m.until > now)
        ]

    def waiting(self, service: str) -> int:
        """How many tickets wait in a service's line."""
        line = self.lines.get(service)
        return len(line) if line else 0

    def place(self, counter: str) -> CounterPlan:
        """The plan's counter with the services that it serves today, or a bare one where the plan
        has since dropped it."""
        planned = self.plan.counters.get(counter)
        if planned is None:
            return CounterPlan(counter, counter, "")
        here = self.counters.get(counter)
        return replace(planned, services=here.assigned) if here and here.assigned else planned

    def ticket_by_token(self, token: str) -> Ticket | None:
        """The ticket behind a phone URL, if it is of today."""
        return self.tickets.get(self.tokens.get(token, 0))
