"""A day of the journal as rows: visits, stays at counters, counters that stood open. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from ..core import events as e
from ..core.calendar import local
from ..core.events import Entry
from ..core.plan import Plan
from ..floor.stays import Past, past

SYSTEM = "system"
"""Who acts when nobody does."""


class VisitRow(Struct, frozen=True):
    """A number that was taken. Moments are epoch ms (0: none), durations ms (None: it has not come
    to that, or nobody knows: see `Book`); `hour` and `shift` are those of its issue; `status` is
    what it was when the day ended, or is now. `service` is what it came for, `steps` how many a
    visit had (1: just that)."""

    day: str
    ticket: int
    number: str
    service: str
    agency: str
    zone: str
    channel: str
    priority: str
    language: str
    booked: bool
    steps: int
    hour: int
    shift: str
    issued: int
    ended: int
    status: str
    stays: int
    waiting: int | None
    walking: int | None
    serving: int | None
    visit: int | None


class StayRow(Struct, frozen=True):
    """One stay at a counter, from the first call there. `hour` and `shift` are those of the call,
    `operator` called it, `act` is the kind of the event that ended it ("": it is there), `done`
    whether the service was given. `waiting`: in line before; `walking`: last call to start;
    `serving`: start to end."""

    day: str
    ticket: int
    place: int
    service: str
    agency: str
    counter: str
    zone: str
    operator: str
    channel: str
    priority: str
    hour: int
    shift: str
    called: int
    started: int
    ended: int
    calls: int
    act: str
    done: bool
    waiting: int
    walking: int | None
    serving: int | None


class PresenceRow(Struct, frozen=True):
    """A counter was open, or on a break, from `since` to `until` (epoch ms; `begins` and `ends`
    the same in minutes after midnight)."""

    day: str
    counter: str
    zone: str
    operator: str
    state: str
    since: int
    until: int
    begins: int
    ends: int


class DayRows(Struct, frozen=True):
    """All rows of a day. `before` is the id of the last entry before it."""

    day: str
    before: int
    visits: tuple[VisitRow, ...] = ()
    stays: tuple[StayRow, ...] = ()
    presence: tuple[PresenceRow, ...] = ()


class Book:
    """Takes entries in the journal's order and gives a day's rows when the next one opens.

    What nobody finished, the opening of the next day does: that moment, a night later, is no time
    that anything ended. Such a service was given, such a number expired, but neither took any known
    time; and a counter that nobody closed was open until the day's last act.
    """

    def __init__(self) -> None:
        self._clear("", 0)
        self._plan = Plan()

    @property
    def day(self) -> str:
        """The day of the last entry; "" before the first."""
        return self._day

    def take(self, entries: list[Entry]) -> Iterator[DayRows]:
        """The days that these entries have ended, whole."""
        for entry in entries:
            event = entry.event
            if isinstance(event, e.DayOpened):
                if self._day:
                    self._turned = entry.at
                    yield self.rows()
                self._clear(event.day, entry.id - 1)
                self._plan = event.plan
            elif isinstance(event, e.PlanChanged):
                self._plan = event.plan
            elif isinstance(event, e.TicketIssued):
                self._tickets[entry.id] = [entry]
                self._plans[entry.id] = self._plan
            elif isinstance(event, e.OfTicket | e.ActUndone):
                if event.ticket in self._tickets:
                    self._tickets[event.ticket].append(entry)
            elif isinstance(event, e.CounterOpened | e.CounterPaused | e.CounterClosed):
                self._counters.append(entry)
            if entry.by != SYSTEM:  # which also starts again at night
                self._last = entry.at

    def rows(self) -> DayRows:
        """The rows of the day as far as it is known."""
        pasts = {id: past(entries) for id, entries in self._tickets.items()}
        return DayRows(
            self._day, self._before,
            tuple(self._visit(id, found) for id, found in pasts.items()),
            tuple(row for id, found in pasts.items() for row in self._stays(id, found)),
            tuple(self._presence()),
        )  # fmt: skip

    def _clear(self, day: str, before: int) -> None:
        self._day, self._before, self._last = day, before, 0
        self._turned = 0
        """When the next day opened."""
        self._tickets: dict[int, list[Entry]] = {}
        self._plans: dict[int, Plan] = {}
        self._counters: list[Entry] = []

    def _visit(self, id: int, found: Past) -> VisitRow:
        entry = self._tickets[id][0]
        event = entry.event
        assert isinstance(event, e.TicketIssued), "a ticket begins with its issue"
        plan, times, last = self._plans[id], found.times, found.steps[-1]
        hour, shift = self._when(plan, entry.at)
        if self._left(id):
            serving = times.service if isinstance(last.entry.event, e.TicketExpired) else None
            times = replace(times, service=serving, visit=None)
        return VisitRow(
            day=self._day, ticket=id, number=event.number, service=event.service,
            agency=agency_of(plan, event.service), zone=zone_of(plan, event.service),
            channel=event.channel, priority=self._class(id, event), language=event.language,
            booked=bool(event.booking), steps=max(1, len(event.steps)), hour=hour, shift=shift,
            issued=entry.at, ended=entry.at + times.visit if times.visit is not None else 0,
            status=last.status, stays=len(found.stays), waiting=times.waiting,
            walking=times.walking, serving=times.service, visit=times.visit,
        )  # fmt: skip

    def _stays(self, id: int, found: Past) -> Iterator[StayRow]:
        issue = self._tickets[id][0].event
        assert isinstance(issue, e.TicketIssued), "as above"
        plan, kind = self._plans[id], self._class(id, issue)
        for place, stay in enumerate(found.stays):
            if not stay.called:
                continue
            hour, shift = self._when(plan, stay.called)
            counter = plan.counters.get(stay.counter)
            started, ended = stay.started, stay.ended
            if self._left(id) and ended == self._turned:
                ended = 0
            yield StayRow(
                day=self._day, ticket=id, place=place, service=stay.service,
                agency=agency_of(plan, stay.service), counter=stay.counter,
                zone=counter.zone if counter else "", operator=stay.by, channel=issue.channel,
                priority=kind, hour=hour, shift=shift, called=stay.called, started=started,
                ended=ended, calls=stay.calls, act=stay.act, done=stay.done, waiting=stay.waited,
                walking=started - stay.recalled if started else None,
                serving=ended - started if started and ended else None,
            )  # fmt: skip

    def _left(self, id: int) -> bool:
        """Whether the opening of the next day ended it."""
        entry = self._tickets[id][-1]
        return entry.by == SYSTEM and entry.at == self._turned

    def _class(self, id: int, issue: e.TicketIssued) -> str:
        """The priority class that it had in the end."""
        classes = [
            entry.event.priority
            for entry in self._tickets[id]
            if isinstance(entry.event, e.TicketReclassed)
        ]
        return classes[-1] if classes else issue.priority

    def _presence(self) -> Iterator[PresenceRow]:
        """From each change of a counter to the next, or to the day's last entry."""
        since: dict[str, tuple[str, str, int]] = {}
        for entry in self._counters:
            event = entry.event
            assert isinstance(event, e.OfCounter), "only those were kept"
            state, operator, at = since.pop(event.counter, ("", "", 0))
            if state:
                yield self._present(event.counter, operator, state, at, entry.at)
            if isinstance(event, e.CounterOpened):
                since[event.counter] = ("open", event.operator, entry.at)
            elif isinstance(event, e.CounterPaused):
                since[event.counter] = ("break", operator, entry.at)
        for counter, (state, operator, at) in since.items():
            yield self._present(counter, operator, state, at, self._last)

    def _present(
        self, counter: str, operator: str, state: str, since: int, until: int
    ) -> PresenceRow:
        plan = self._plan
        place, hours = plan.counters.get(counter), plan.hours
        begin, end = local(since, hours), local(until, hours)
        minutes = begin.hour * 60 + begin.minute
        whole = (end.date() - begin.date()).days * 24 * 60  # past midnight, in a hall always open
        return PresenceRow(
            self._day, counter, place.zone if place else "", operator, state, since, until,
            minutes, end.hour * 60 + end.minute + whole,
        )  # fmt: skip

    def _when(self, plan: Plan, at: int) -> tuple[int, str]:
        """The hour, and the shift that it falls into ("": none)."""
        moment = local(at, plan.hours)
        minute = moment.hour * 60 + moment.minute
        for shift, spans in plan.hours.shifts.items():
            if any(opens <= minute < closes for opens, closes in spans):
                return moment.hour, shift
        return moment.hour, ""


def agency_of(plan: Plan, service: str) -> str:
    """The agency of a service by the plan of that time; "" where it was none of it."""
    found = plan.services.get(service)
    return found.agency if found else ""


def zone_of(plan: Plan, service: str) -> str:
    """The zone of a service by the plan of that time."""
    found = plan.services.get(service)
    return found.zone if found else ""
