"""What holds for every course of a day: order, fairness, one place for each, replay."""

from __future__ import annotations

from collections import Counter as Tally

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.decide import decide
from queue_server.core.digest import digest
from queue_server.core.events import Entry
from queue_server.core.evolve import evolve, fold
from queue_server.core.model import Hall
from queue_server.core.plan import MINUTE, Policy, PriorityPlan
from queue_server.core.policy import in_order
from queue_server.core.refusals import Refusal

from .story import CHIEF, MONDAY, picture, reread, since_opening
from .walks import OPEN, Walk, moves

thorough = settings(max_examples=150, deadline=None, derandomize=True, database=None)


@thorough
@given(moves)
def test_replay_is_live(walk: list) -> None:
    """The journal's bytes fold to the hall in memory, field by field, from the last opening
    and from the beginning alike; every step kept every invariant (see `walks.check`)."""
    done = Walk().go(walk)
    for entries in (done.entries, since_opening(done.entries)):
        replayed = fold(reread(entries))
        assert picture(replayed) == picture(done.hall)
        assert digest(replayed) == digest(done.hall)
    assert picture(done.hall.copy()) == picture(done.hall)


@thorough
@given(moves)
def test_a_copy_is_a_hall_of_its_own(walk: list) -> None:
    """What happens to a draft doesn't reach the hall that it was copied from."""
    done = Walk().go(walk[:30])
    before, other = picture(done.hall), Walk()
    other.hall, other.now, other.entries = done.hall.copy(), done.now, list(done.entries)
    other.issued = set(done.issued)
    other.go(walk[30:])
    assert picture(done.hall) == before


@thorough
@given(moves)
def test_a_digest_tells_halls_apart(walk: list) -> None:
    """Equal digests exactly when nothing has happened in between."""
    done = Walk().go(walk)
    before = digest(done.hall)
    assert digest(done.hall.copy()) == before
    done.record(CHIEF, decide(done.hall, c.IssueTicket(service="tax", token="x"), done.now))
    assert digest(done.hall) != before


def drain(hall: Hall, counter: str, now: int) -> list[int]:
    """Who is called at a counter by nexts alone, nothing else happening."""
    hall, called = hall.copy(), []

    def carry_out(command: c.Command) -> None:
        for event in decide(hall, command, now):
            evolve(hall, Entry(hall.version + 1, now, "chief", event))

    carry_out(c.OpenCounter(counter=counter, by=CHIEF))
    while True:
        current = hall.counters[counter].current
        if current and hall.tickets[current].status == "called":
            carry_out(c.StartService(counter=counter, ticket=current, by=CHIEF))
        try:
            carry_out(c.CallNext(counter=counter, after=current, by=CHIEF))
        except Refusal as refusal:
            codes = [refusal.code]
            break
        called.append(hall.counters[counter].current)
    assert codes == ["nobody_waiting"]
    return called


@thorough
@given(moves)
def test_what_is_shown_is_what_is_called(walk: list) -> None:
    """The console's list is exactly what successive nexts call, head to end."""
    done = Walk().go(walk)
    for counter in done.hall.counters.values():
        shown = list(in_order(done.hall, counter))
        assert len(set(shown)) == len(shown)
        assert drain(done.hall, counter.id, done.now) == shown


CREDIT = 10 * MINUTE
arrivals = st.lists(st.tuples(st.booleans(), st.integers(0, 300)), min_size=1, max_size=40)
"""(priority, seconds after the one before)"""


def a_morning(limit: int, people: list[tuple[bool, int]], pace: int) -> list[tuple[int, bool, int]]:
    """People come to one line, one counter calls every `pace` seconds; as called:
    (arrival, priority, id)."""
    elder = {"elder": PriorityPlan("elder", CREDIT)}
    policy = Policy(consecutive_priority=limit)
    walk = Walk(replace(OPEN, priorities=elder, policy=policy))
    walk.record(CHIEF, decide(walk.hall, c.OpenCounter(counter="1", by=CHIEF), walk.now))
    times, at = [], MONDAY
    for index, (priority, gap) in enumerate(people):
        at += gap * 1000
        times.append((at, index, "elder" if priority else ""))
    nexts = [(MONDAY + n * pace * 1000, 10**6, "next") for n in range(1, 2 * len(people))]
    called: list[int] = []
    for walk.now, _, what in [*sorted(times + nexts), *[(at + 10**7, 0, "next")] * len(people)]:
        if what == "next":
            current = walk.hall.counters["1"].current
            if current and walk.hall.tickets[current].status == "called":
                start = c.StartService(counter="1", ticket=current, by=CHIEF)
                walk.record(CHIEF, decide(walk.hall, start, walk.now))
            try:
                act = c.CallNext(counter="1", after=current, by=CHIEF)
                walk.record(CHIEF, decide(walk.hall, act, walk.now))
                called.append(walk.hall.counters["1"].current)
            except Refusal:
                pass
        else:
            take = c.IssueTicket(service="passport", token=f"{walk.now}", priority=what)
            walk.record(CHIEF, decide(walk.hall, take, walk.now))
    tickets = [walk.hall.tickets[id] for id in called]
    assert len(tickets) == len(people), "everybody is called once"
    return [(t.joined, bool(t.priority), t.id) for t in tickets]


@thorough
@given(st.integers(1, 4), arrivals, st.integers(20, 400))
def test_nobody_is_overtaken_without_bound(
    limit: int, people: list[tuple[bool, int]], pace: int
) -> None:
    """Within a class, first come first served. An ordinary ticket is overtaken only by priority
    tickets that came within their credit, and by at most `limit` between two ordinary calls;
    a priority ticket by at most one ordinary for every `limit` priority calls, and one."""
    called = a_morning(limit, people, pace)
    for kind in (True, False):
        ids = [id for _, priority, id in called if priority is kind]
        assert ids == sorted(ids)
    for place, (joined, priority, id) in enumerate(called):
        before = called[:place]
        overtakers = [x for x in before if x[2] > id]
        assert all(x[1] is not priority for x in overtakers)
        if not priority:
            assert all(x[0] <= joined + CREDIT for x in overtakers)
            ordinary_before = sum(not x[1] for x in before if x[2] < id)
            assert len(overtakers) <= limit * (ordinary_before + 1)
        else:
            # Those called while it waited: the ordinary among them that came later.
            assert len(overtakers) <= sum(x[1] for x in before) // limit + 1


@thorough
@given(moves)
def test_no_ticket_is_called_to_two_counters(walk: list) -> None:
    """Between two calls of one ticket it was returned, missed, parked, sent on or recalled."""
    done = Walk().go(walk)
    held: dict[int, str] = {}
    calls = Tally[int]()
    for entry in done.entries:
        kind, event = type(entry.event).__name__, entry.event
        if kind == "TicketCalled":
            assert event.ticket not in held
            assert event.counter not in held.values()
            held[event.ticket] = event.counter
        elif kind == "TicketRecalled":
            assert held[event.ticket] == event.counter
        elif kind not in ("ServiceStarted", "TicketIssued") and hasattr(event, "ticket"):
            held.pop(event.ticket, None)
        elif kind == "DayOpened":
            assert not held
        calls[getattr(event, "ticket", 0)] += kind in ("TicketCalled", "TicketRecalled")
    for ticket in done.hall.tickets.values():
        assert ticket.calls == calls[ticket.id]
