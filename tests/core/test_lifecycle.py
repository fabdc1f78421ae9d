"""The lifecycle: every status with every event, written here a second time, by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.lifecycle import ACTS, AT_COUNTER, COUNTER, TICKET, counter_acts, ticket_acts
from queue_server.core.model import Step
from queue_server.core.refusals import WORDS, Refusal, counter_refused, ticket_refused

from .story import ANN, CHIEF, MONDAY, Story, acts, calls, given, opens, take

EVENTS = [
    e.TicketCalled, e.TicketRecalled, e.ServiceStarted, e.ServiceFinished, e.TicketMissed,
    e.TicketReturned, e.TicketParked, e.TicketTransferred, e.TicketCancelled,
    e.TicketReinstated, e.TicketExpired, e.TicketArrived, e.TicketPostponed, e.TicketRejoined,
    e.TicketDeferred, e.TicketResumed, e.TicketPicked, e.TicketServed, e.TicketOffered,
    e.TicketReclassed, e.StepFinished, e.VisitPlanned, e.VisitRerouted, e.TicketUnbound,
]  # fmt: skip
TABLE = """
          called    recalled  started   finished  missed    returned  parked    transferred cancelled reinstated expired   arrived   postponed rejoined  deferred  resumed   picked    served    offered   reclassed step      planned   rerouted        unbound
waiting   called    -         -         -         -         -         -         waiting     cancelled -          expired   waiting   waiting   -         -         -         called    served    waiting   waiting   -         waiting   waiting         waiting
called    -         called    serving   -         no_show   waiting   -         waiting     cancelled -          expired   -         -         -         pending   -         -         -         -         -         -         called    -               -
serving   -         -         -         served    -         waiting   parked    waiting     -         -          -         -         -         -         pending   -         -         -         -         -         waiting   serving   -               -
parked    called    -         -         -         -         -         -         waiting     cancelled -          expired   -         -         -         -         -         called    -         -         parked    -         parked    -               parked
pending   called    -         -         -         -         -         -         waiting     cancelled -          expired   -         -         -         -         waiting   called    -         -         pending   -         pending   -               pending
no_show   -         -         -         -         -         -         -         -           -         waiting    -         -         -         waiting   -         -         -         -         -         -         -         -         -               no_show
served    -         -         -         -         -         -         -         -           -         -          -         -         -         -         -         -         -         -         -         -         -         -         -               -
cancelled -         -         -         -         -         -         -         -           -         waiting    -         -         -         waiting   -         -         -         -         -         -         -         -         -               cancelled
expired   -         -         -         -         -         -         -         -           -         -          -         -         -         -         -         -         -         -         -         -         -         -         -               -
"""  # noqa: E501 - a table is read across
EXPECTED = {
    (row[0], event): status
    for row in map(str.split, TABLE.split("\n")[2:-1])
    for event, status in zip(EVENTS, row[1:], strict=True)
}
PATHS = {
    "waiting": [],
    "called": [calls("1")],
    "serving": [calls("1"), acts(c.StartService, "1")],
    "parked": [calls("1"), acts(c.StartService, "1"), acts(c.ParkTicket, "1")],
    "pending": [calls("1"), acts(c.DeferTicket, "1")],
    "no_show": [calls("1"), acts(c.MarkNoShow, "1")],
    "served": [calls("1"), acts(c.StartService, "1"), acts(c.FinishService, "1")],
    "cancelled": [calls("1"), lambda story: c.CancelTicket(ticket=story.id("A-001"))],
}


def story_of(status: str) -> Story:
    """A hall with A-001 in this status, at or last at counter 1."""
    story = given(opens("1"), take("passport"), *PATHS.get(status, []))
    if status not in PATHS:  # nobody can bring it there: set by hand
        story.by_hand = True
        ticket = story.hall.tickets[story.id("A-001")]
        story.hall.line(ticket.line).remove("", (ticket.joined, ticket.id))
        story.hall.tickets[ticket.id] = replace(ticket, status=status)
    assert story.status("A-001") == status
    return story


def event_of(kind: type[e.OfTicket], ticket: int) -> e.OfTicket:
    takes_place = kind in (
        e.TicketCalled, e.TicketRecalled, e.TicketTransferred, e.TicketPicked, e.TicketServed
    )  # fmt: skip
    if kind in (e.StepFinished, e.VisitRerouted):
        return kind(ticket, 0, "tax")
    if kind is e.VisitPlanned:
        return kind(ticket, (Step("passport"), Step("tax")), 0)
    if kind is e.TicketPostponed:
        return kind(ticket, MONDAY + 1)
    return kind(ticket, "1") if takes_place else kind(ticket)  # a transfer's is its origin


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("status", TICKET)
def test_every_status_with_every_event(status: str, kind: type[e.OfTicket]) -> None:
    """The table in the code is the table above, and evolve takes exactly its steps."""
    expected = EXPECTED[status, kind]
    assert TICKET[status].get(kind, "-") == expected
    if expected == "-":
        return
    story = story_of(status)
    ticket = story.id("A-001")
    story.record(CHIEF, event_of(kind, ticket))
    assert story.status("A-001") == expected
    at_counter = [x.id for x in story.hall.counters.values() if x.current == ticket]
    assert at_counter == (["1"] if expected in AT_COUNTER else [])
    in_lines = [line.ids() for line in story.hall.lines.values() if ticket in line.ids()]
    assert len(in_lines) == (expected == "waiting")


COMMANDS = {
    e.TicketCalled: lambda t: c.CallNext(counter="2", after=0, ticket=t, by=CHIEF),
    e.TicketRecalled: lambda t: c.Recall(counter="1", ticket=t, by=ANN),
    e.ServiceStarted: lambda t: c.StartService(counter="1", ticket=t, by=ANN),
    e.ServiceFinished: lambda t: c.FinishService(counter="1", ticket=t, by=ANN),
    e.TicketMissed: lambda t: c.MarkNoShow(counter="1", ticket=t, by=ANN),
    e.TicketReturned: lambda t: c.ReturnTicket(counter="1", ticket=t, by=ANN),
    e.TicketParked: lambda t: c.ParkTicket(counter="1", ticket=t, by=ANN),
    e.TicketTransferred: lambda t: c.TransferTicket(counter="1", ticket=t, service="tax", by=ANN),
    e.TicketCancelled: lambda t: c.CancelTicket(ticket=t),
    e.TicketReinstated: lambda t: c.ReinstateTicket(ticket=t),
    e.TicketArrived: lambda t: c.ConfirmPresence(ticket=t),
    e.TicketPostponed: lambda t: c.PostponeTicket(ticket=t),
    e.TicketRejoined: lambda t: c.RejoinTicket(ticket=t),
    e.TicketDeferred: lambda t: c.DeferTicket(counter="1", ticket=t, by=ANN),
    e.TicketResumed: lambda t: c.ResumeTicket(ticket=t),
    e.TicketReclassed: lambda t: c.ReclassTicket(ticket=t, priority="elder"),
}


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("status", TICKET)
def test_commands_obey_the_table(status: str, kind: type[e.OfTicket]) -> None:
    """A command leads to its event where the table has it; else the refusal names the status,
    or says that the ticket is not at the counter."""
    story = story_of(status).given(opens("2", CHIEF), take("passport"))
    if kind is e.TicketArrived and status == "waiting":  # nothing to do for who is here already
        return
    command = COMMANDS[kind](story.id("A-001"))
    story.when(lambda _: command)
    away = isinstance(command, c.AtTicket) and status not in AT_COUNTER
    if away:
        story.refused("stale")
    elif EXPECTED[status, kind] == "-":
        story.refused("not_allowed")
        assert story.refusal.details["status"] == status
    else:
        assert [type(event) for event in story.events] == [kind]


def test_the_table_is_whole() -> None:
    """Every ticket event stands in the table above, and every step ends in a known status."""
    assert set(EVENTS) == set(e.OfTicket.__subclasses__())
    assert all(status in TICKET for steps in TICKET.values() for status in steps.values())


COUNTERS = [
    ("closed", e.CounterOpened, "open"), ("closed", e.CounterPaused, "-"),
    ("closed", e.CounterClosed, "-"), ("open", e.CounterOpened, "-"),
    ("open", e.CounterPaused, "break"), ("open", e.CounterClosed, "closed"),
    ("break", e.CounterOpened, "open"), ("break", e.CounterPaused, "-"),
    ("break", e.CounterClosed, "closed"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "kind", "expected"), COUNTERS)
def test_every_counter_state_with_every_event(
    state: str, kind: type[e.OfCounter], expected: str
) -> None:
    """A counter is closed, open or on a break; only the holder's name outlives a break."""
    assert COUNTER[state].get(kind, "-") == expected
    if expected == "-":
        return
    story = given(*([] if state == "closed" else [opens("1")]))
    if state == "break":
        story.record(ANN, e.CounterPaused("1"))
    story.record(ANN, e.CounterOpened("1", "ann") if kind is e.CounterOpened else kind("1"))
    counter = story.hall.counters["1"]
    assert (counter.state, counter.operator) == (expected, "" if expected == "closed" else "ann")
    assert counter.since == story.now


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_status_and_act_has_its_words(language: str) -> None:
    """A refusal by the table is a whole sentence for every status and every state."""
    words = WORDS[language]
    story = given(take("passport"))
    ticket, counter = story.hall.tickets[story.id("A-001")], story.hall.counters["1"]
    refusals: list[tuple[Refusal, tuple[str, ...], str]] = []
    for status in TICKET:
        refusals.append(
            (ticket_refused(replace(ticket, status=status)), ticket_acts(status), status)
        )
    for state in COUNTER:
        refusal = counter_refused(replace(counter, state=state), "Loket 1")
        refusals.append((refusal, counter_acts(state), state))
    for refusal, names, status in refusals:
        sentence = refusal.sentence(language)
        assert words[status] in sentence
        for name in names:
            assert words.get(f"act_{name}") or words[name]
            assert "_" not in sentence
        assert names or words["nothing"] in sentence


def test_words_are_the_same_set_in_both_languages() -> None:
    """What can be said in one language can be said in the other."""
    assert set(WORDS["id"]) == set(WORDS["en"])
    assert set(ACTS.values()) <= set(WORDS["id"]) | {a[4:] for a in WORDS["id"] if a[:4] == "act_"}
