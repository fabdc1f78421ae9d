"""Stories of the rules: `given(steps).when(step).then("TicketCalled A-001 counter=1")`.

A step is what somebody does, named by what a person sees: numbers, counters, minutes. Every
`when` also holds what is true of every decision: the hall is not touched by deciding, and the
journal's bytes replay to the hall that is in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.decide import decide
from queue_server.core.evolve import evolve, fold
from queue_server.core.model import Hall
from queue_server.core.plan import (
    MINUTE,
    CounterPlan,
    Hours,
    Plan,
    Policy,
    PriorityPlan,
    ServicePlan,
)
from queue_server.core.refusals import Refusal

OFFICE = ((480, 960),)
FRIDAY = ((480, 690), (780, 960))
HOURS = Hours("Asia/Jakarta", (OFFICE, OFFICE, OFFICE, OFFICE, FRIDAY, (), ()))
PLAN = Plan(
    services={
        "passport": ServicePlan("passport", "A", "immigration", "hall"),
        "tax": ServicePlan("tax", "B", "revenue", "hall"),
        "permit": ServicePlan("permit", "AA", "investment", "annex", digits=2, first=10),
    },
    counters={
        "1": CounterPlan("1", "Loket 1", "hall", ("passport",)),
        "2": CounterPlan("2", "Loket 2", "hall", ("passport", "tax")),
        "3": CounterPlan("3", "Loket 3", "annex", ("permit",)),
    },
    priorities={
        "elder": PriorityPlan("elder", 10 * MINUTE),
        "disabled": PriorityPlan("disabled", 30 * MINUTE),
    },
    hours=HOURS,
    policy=Policy(consecutive_priority=2, announce_age=MINUTE),
)
ANN, BUDI, CHIEF = c.Actor("ann"), c.Actor("budi"), c.Actor("chief", steward=True)


def clock(text: str, zone: str = "Asia/Jakarta") -> int:
    """Epoch milliseconds of "2026-11-23 09:00" in a zone."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


MONDAY = clock("2026-11-23 09:00")


def picture(hall: Hall) -> dict[str, Any]:
    """Every field of a hall, comparable."""
    fields = {name: value for name, value in vars(hall).items() if name != "lines"}
    lines = {name: line.classes for name, line in hall.lines.items()}
    return msgspec.to_builtins([fields, lines])


def reread(entries: list[e.Entry]) -> list[e.Entry]:
    """The entries as a journal gives them back."""
    return msgspec.json.decode(msgspec.json.encode(entries), type=list[e.Entry])


def since_opening(entries: list[e.Entry]) -> list[e.Entry]:
    """What a start replays: from the last opening of a day on."""
    opens = [i for i, entry in enumerate(entries) if isinstance(entry.event, e.DayOpened)]
    return entries[opens[-1] :]


class Story:
    """A hall and its journal, as a sequence of steps."""

    def __init__(self, plan: Plan = PLAN, now: int = MONDAY) -> None:
        self.now = now
        self.hall = Hall()
        self.entries: list[e.Entry] = []
        self.events: list[e.AnyEvent] | None = None
        self.refusal: Refusal | None = None
        self.by_hand = False
        """The hall was changed by the test itself, not by an event."""
        self._taken = 0
        day = datetime.fromtimestamp(now / 1000, ZoneInfo(plan.hours.zone)).date()
        self.record(c.SYSTEM, e.DayOpened(day.isoformat(), plan))

    def given(self, *steps: Step) -> Story:
        for step in steps:
            self.when(step)
            assert self.refusal is None, f"{step}: {self.refusal!r} {self.refusal.details}"
        return self

    def when(self, step: Step) -> Story:
        self.events, self.refusal = [], None
        command = step(self)
        if isinstance(command, e.Event):
            self.record(c.SYSTEM, command)
        elif command is not None:
            self._decide(command)
        return self

    def then(self, *events: str) -> Story:
        """Exactly these events, as `shown` words them; nothing at all: a no-op."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.events is not None
        assert [self.shown(event) for event in self.events] == list(events)
        return self

    def refused(self, code: str, english: str = "") -> Story:
        """Refused with this code, and sentences that have no gap in either language."""
        assert self.refusal is not None, f"not refused: {self.events}"
        assert self.refusal.code == code
        for language in ("id", "en"):
            sentence = self.refusal.sentence(language)
            assert not set("{}") & set(sentence)
            assert sentence.endswith(".")
        if english:
            assert self.refusal.sentence("en") == english
        return self

    def _decide(self, command: c.Command) -> None:
        before = picture(self.hall)
        try:
            self.events = decide(self.hall, command, self.now)
        except Refusal as refusal:
            self.refusal = refusal
        assert picture(self.hall) == before, "deciding changed the hall"
        if self.events:
            self.record(command.by, *self.events)
        if not self.by_hand:
            assert picture(fold(reread(since_opening(self.entries)))) == picture(self.hall)

    def record(self, by: c.Actor, *events: e.AnyEvent, key: str = "") -> None:
        for index, event in enumerate(events):
            entry = e.Entry(self.hall.version + 1, self.now, by.id, event)
            if key and not index:
                entry = replace(entry, key=key, digest="d", count=len(events))
            evolve(self.hall, entry)
            self.entries.append(entry)

    def shown(self, event: e.AnyEvent) -> str:
        """An event as words: kind, number, and whatever else it says."""
        words = [type(event).__name__]
        for name, value in msgspec.structs.asdict(event).items():
            if name == "ticket":
                words.append(self.number(value))
            elif value and name in ("number", "counter", "service", "day", "operator", "ahead"):
                words.append(f"{name}={value}")
        return " ".join(words)

    def number(self, ticket: int) -> str:
        """Of a ticket of today or of the days before."""
        return next(x.event.number for x in self.entries if x.id == ticket)  # type: ignore[union-attr]

    def id(self, number: str) -> int:
        """The newest ticket with that number."""
        found = [
            entry.id for entry in self.entries
            if isinstance(entry.event, e.TicketIssued) and entry.event.number == number
        ]  # fmt: skip
        return found[-1]

    def status(self, number: str) -> str:
        return self.hall.tickets[self.id(number)].status

    def token(self) -> str:
        self._taken += 1
        return f"token{self._taken}"


Step = Callable[[Story], "c.Command | e.AnyEvent | None"]


def given(*steps: Step, plan: Plan = PLAN, now: int = MONDAY) -> Story:
    return Story(plan, now).given(*steps)


# Steps --------------------------------------------------------------------------------------


def do(command: c.Command | e.AnyEvent) -> Step:
    return lambda story: command


def later(minutes: float) -> Step:
    def step(story: Story) -> None:
        story.now += int(minutes * MINUTE)

    return step


def at(text: str, zone: str = "Asia/Jakarta") -> Step:
    def step(story: Story) -> None:
        story.now = clock(text, zone)

    return step


def take(service: str, priority: str = "", **more: Any) -> Step:
    return lambda story: c.IssueTicket(
        service=service, token=story.token(), priority=priority, **more
    )


def holder(command: type[c.OfTicket], number: str) -> Step:
    """What the holder of a ticket does with it."""
    return lambda story: command(ticket=story.id(number))


def cancel(number: str) -> Step:
    return lambda story: c.CancelTicket(ticket=story.id(number))


def reinstate(number: str) -> Step:
    return lambda story: c.ReinstateTicket(ticket=story.id(number))


def opens(counter: str, by: c.Actor = ANN) -> Step:
    return do(c.OpenCounter(counter=counter, by=by))


def pauses(counter: str, by: c.Actor = ANN) -> Step:
    return do(c.PauseCounter(counter=counter, by=by))


def closes(counter: str, by: c.Actor = ANN) -> Step:
    return do(c.CloseCounter(counter=counter, by=by))


def calls(counter: str, number: str = "", *, after: str | None = None, by: c.Actor = ANN) -> Step:
    """Next, seeing what is there (or `after`, "" for nobody), or `number` out of order."""

    def step(story: Story) -> c.Command:
        there = story.hall.counters.get(counter)
        seen = (there.current if there else 0) if after is None else after and story.id(after)
        chosen = story.id(number) if number else 0
        return c.CallNext(counter=counter, after=seen or 0, ticket=chosen, by=by)

    return step


def acts(
    act: type[c.AtTicket], counter: str, number: str = "", by: c.Actor = ANN, **more: Any
) -> Step:
    """An act on the counter's current ticket, or on `number`."""

    def step(story: Story) -> c.Command:
        ticket = story.id(number) if number else story.hall.counters[counter].current
        return act(counter=counter, ticket=ticket, by=by, **more)

    return step


def replans(plan: Plan) -> Step:
    return do(c.ChangePlan(plan=plan))


def opens_day(day: str, plan: Plan = PLAN) -> Step:
    return do(c.OpenDay(day=day, plan=plan))
