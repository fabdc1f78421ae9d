"""Everything an operator and a supervisor can do, beyond next, start and finish: stories."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.decide import due
from queue_server.core.evolve import evolve
from queue_server.core.plan import MINUTE, Plan, Policy
from queue_server.core.policy import in_order, servers

from .story import (
    ANN,
    BUDI,
    CHIEF,
    MONDAY,
    PLAN,
    Step,
    Story,
    acts,
    calls,
    cancel,
    closes,
    do,
    given,
    later,
    opens,
    pauses,
    reinstate,
    take,
)

START, FINISH, RECALL, MISS = c.StartService, c.FinishService, c.Recall, c.MarkNoShow
TRANSFER, PARK = c.TransferTicket, c.ParkTicket


def plan_of(**policy: Any) -> Plan:
    return replace(PLAN, policy=Policy(**policy), reasons={"park": ("copy",), "break": ("lunch",)})


def order(story: Story, counter: str) -> list[str]:
    return [story.number(id) for id in in_order(story.hall, story.hall.counters[counter])]


def passes(minutes: float) -> Step:
    """Time passes, and what it brings about happens."""

    def step(story: Story) -> None:
        story.now += int(minutes * MINUTE)
        for event in due(story.hall, story.now):
            story.record(c.SYSTEM, event)

    return step


def undo(counter: str, by: c.Actor = ANN) -> Step:
    return do(c.UndoAct(counter=counter, by=by))


# Calling ------------------------------------------------------------------------------------


def test_next_of_one_service() -> None:
    """The first of that service, in the queue's order; nobody of it: said so."""
    story = given(opens("2", BUDI), take("passport"), take("tax"), take("tax"))
    tax = c.CallNext(counter="2", after=0, service="tax", by=BUDI)
    story.when(do(tax)).then("TicketCalled B-001 counter=2")
    story.given(acts(MISS, "2", by=BUDI), cancel("B-002"))
    story.when(do(tax)).refused("nobody_waiting")
    story.when(do(replace(tax, service="x"))).refused("unknown_service")


def test_recalls_have_a_pause_and_a_limit() -> None:
    """Both count anew at another counter."""
    plan = plan_of(recalls=2, recall_pause=10_000)
    story = given(opens("1"), opens("2", BUDI), take("passport"), calls("1"), plan=plan)
    story.when(acts(RECALL, "1")).refused(
        "recall_too_soon", "A-001 was called just now: wait 10 more seconds."
    )
    story.given(later(0.2), acts(RECALL, "1"), later(0.2), acts(RECALL, "1"), later(0.2))
    story.when(acts(RECALL, "1")).refused("recall_limit")
    story.given(acts(c.ReturnTicket, "1"), calls("2", by=BUDI), later(0.2))
    story.when(acts(RECALL, "2", by=BUDI)).then("TicketRecalled A-001 counter=2")
    assert story.hall.tickets[story.id("A-001")].calls == 5


def test_a_no_show_by_itself() -> None:
    """After the second call and a minute, not before; a start stops the clock."""
    plan = plan_of(no_show_calls=2, no_show_wait=MINUTE)
    story = given(opens("1"), take("passport"), calls("1"), passes(5), plan=plan)
    assert story.status("A-001") == "called"
    story.given(acts(RECALL, "1"), passes(0.9))
    assert story.status("A-001") == "called"
    story.given(passes(0.1))
    assert (story.status("A-001"), story.hall.counters["1"].current) == ("no_show", 0)
    story.given(take("passport"), calls("1"), acts(RECALL, "1"), acts(START, "1"), passes(5))
    assert story.status("A-002") == "serving"


def test_a_reinstated_no_show_rests() -> None:
    """It keeps its place, is offered after the rest, and can be called by hand before."""
    story = given(
        opens("1"), *[take("passport")] * 2, calls("1"), plan=plan_of(cooldown=5 * MINUTE)
    )
    story.given(acts(MISS, "1"), reinstate("A-001"))
    assert order(story, "1") == ["A-002"]
    story.given(passes(5))
    assert order(story, "1") == ["A-001", "A-002"]
    story.given(calls("1"), acts(MISS, "1"), reinstate("A-001"))
    story.when(calls("1", "A-001")).then("TicketCalled A-001 counter=1")
    left = given(take("passport"), cancel("A-001"), plan=plan_of(cooldown=5 * MINUTE))
    left.given(reinstate("A-001"))
    assert order(left, "1") == ["A-001"]


def test_look_first_then_accept_or_the_next_please() -> None:
    """Nothing is announced before the operator accepts; whoever is passed over keeps the place."""
    story = given(opens("1"), *[take("passport")] * 3, plan=plan_of(two_step=True))
    story.when(calls("1")).then("TicketPicked A-001 counter=1")
    assert story.hall.calls == []
    story.when(calls("1")).refused("arrival_open")
    story.when(acts(MISS, "1")).refused("not_called")
    story.when(acts(c.SkipTicket, "1")).then("TicketReturned A-001", "TicketPicked A-002 counter=1")
    story.given(acts(c.SkipTicket, "1"))
    story.when(acts(c.SkipTicket, "1")).refused("nobody_waiting")
    story.when(acts(RECALL, "1")).then("TicketRecalled A-003 counter=1")
    assert [call.number for call in story.hall.calls] == ["A-003"]
    story.when(acts(c.SkipTicket, "1")).refused("called_already")
    assert order(story, "1") == ["A-001", "A-002"]


def test_where_no_start_is_needed() -> None:
    """Finish and next take a called ticket as served from that moment."""
    story = given(opens("1"), *[take("passport")] * 2, calls("1"), plan=plan_of(start_needed=False))
    story.when(calls("1")).then(
        "ServiceStarted A-001", "ServiceFinished A-001", "TicketCalled A-002 counter=1"
    )
    story.when(acts(FINISH, "1")).then("ServiceStarted A-002", "ServiceFinished A-002")


def test_what_was_delivered() -> None:
    """Its own service once, unless said otherwise: services and quantities, each once."""
    story = given(opens("1"), *[take("passport")] * 2, calls("1"), acts(START, "1"), calls("1"))
    assert story.hall.tickets[story.id("A-001")].delivered == (("passport", 1),)
    story.given(acts(START, "1"))
    for wrong in ((("tax", 0),), (("tax", 1000),), (("tax", 1), ("tax", 2))):
        story.when(acts(FINISH, "1", delivered=wrong)).refused("bad_quantity")
    story.when(acts(FINISH, "1", delivered=(("x", 1),))).refused("unknown_service")
    story.given(acts(FINISH, "1", delivered=(("passport", 2), ("tax", 1))))
    assert story.hall.tickets[story.id("A-002")].delivered == (("passport", 2), ("tax", 1))


def test_served_without_a_queue() -> None:
    """A number for the record, served at once, never announced."""
    story = given(opens("1"))
    serve = c.QuickServe(counter="1", service="tax", token="t", by=ANN)
    story.when(do(serve)).then(
        "TicketIssued number=B-001 service=tax", "TicketServed B-001 counter=1"
    )
    assert (story.status("B-001"), story.hall.calls) == ("served", [])
    assert not story.hall.counters["1"].current
    story.when(do(replace(serve, counter="2"))).refused("not_your_counter")


# Sending on ---------------------------------------------------------------------------------


def test_send_on_to_an_agency_or_an_operator() -> None:
    """Any counter of the agency; the counter that the operator holds."""
    story = given(opens("1"), opens("2", BUDI), *[take("passport")] * 2, calls("1"))
    story.given(acts(TRANSFER, "1", to_agency="revenue"))
    assert (order(story, "1"), order(story, "2")) == (["A-002"], ["A-001", "A-002"])
    assert servers(story.hall, "+revenue") == ("2",)
    story.given(calls("1"), acts(TRANSFER, "1", to_operator="budi"))
    assert order(story, "2") == ["A-001", "A-002"]
    assert servers(story.hall, "~budi") == ("2",)


def test_nobody_waits_for_an_operator_who_is_gone() -> None:
    """Closing, or a supervisor's release, gives back all who were sent to him: those who wait, the
    one at his counter, and those who may come back, whatever became of them meanwhile."""
    story = given(opens("1"), opens("2", BUDI), *[take("passport")] * 4)
    for _ in range(4):
        story.given(calls("1"), acts(TRANSFER, "1", to_operator="budi"))
    story.given(calls("2", by=BUDI), acts(START, "2", by=BUDI), acts(PARK, "2", by=BUDI))
    story.given(calls("2", by=BUDI), acts(MISS, "2", by=BUDI), calls("2", by=BUDI))
    story.given(closes("2", CHIEF))
    assert {ticket.line for ticket in story.hall.tickets.values()} == {"passport"}
    assert order(story, "1") == ["A-003", "A-004"]
    assert [story.status(f"A-00{n}") for n in (1, 2)] == ["parked", "no_show"]
    story.given(reinstate("A-002"))
    assert order(story, "1") == ["A-002", "A-003", "A-004"]


def test_where_nothing_can_be_sent() -> None:
    """One destination, which exists."""
    story = given(opens("1"), take("passport"), calls("1"))
    story.when(acts(TRANSFER, "1", to_agency="x")).refused("unknown_agency")
    story.when(acts(TRANSFER, "1", to_operator="budi")).refused("operator_away")
    story.when(acts(TRANSFER, "1", service="tax", to_agency="revenue")).refused(
        "no_such_destination"
    )


def test_finished_and_sent_on() -> None:
    """What was done counts; with its arrival it goes ahead, afresh it stands behind."""
    story = given(opens("1"), take("passport"), later(5), take("tax"), later(1), calls("1"))
    story.when(acts(TRANSFER, "1", service="tax", finished=True)).refused("not_serving")
    story.given(acts(START, "1"), acts(TRANSFER, "1", service="tax", finished=True))
    assert story.hall.tickets[story.id("A-001")].delivered == (("passport", 1),)
    assert order(story, "2") == ["A-001", "B-001"]
    other = given(opens("1"), take("passport"), later(5), take("tax"), later(1), calls("1"))
    other.given(acts(TRANSFER, "1", service="tax", afresh=True))
    assert order(other, "2") == ["B-001", "A-001"]


def test_parking_has_reasons() -> None:
    """Of the plan's list, or none."""
    story = given(opens("1"), take("passport"), calls("1"), acts(START, "1"), plan=plan_of())
    story.when(acts(PARK, "1", reason="tired")).refused("unknown_reason")
    story.given(acts(PARK, "1", reason="copy"))
    assert story.hall.tickets[story.id("A-001")].reason == "copy"


# Taking back --------------------------------------------------------------------------------


def test_finish_and_next_are_taken_back_together() -> None:
    """The one before is being served again, the next stands in its place, nothing is announced."""
    story = given(opens("1"), *[take("passport")] * 2, calls("1"), acts(START, "1"), later(1))
    story.given(calls("1"), later(0.1))
    story.when(undo("1")).then("ActUndone counter=1 A-002", "ActUndone counter=1 A-001")
    assert (story.status("A-001"), story.status("A-002")) == ("serving", "waiting")
    assert story.hall.counters["1"].current == story.id("A-001")
    assert [call.number for call in story.hall.calls if call.at == story.now] == []
    assert order(story, "1") == ["A-002"]


def test_every_act_on_a_ticket_can_be_taken_back() -> None:
    """Missed, returned, parked, deferred, sent on, finished, cancelled, started, called."""
    for act, more in (
        (MISS, {}), (c.ReturnTicket, {}), (c.DeferTicket, {}), (TRANSFER, {"service": "tax"}),
        (START, {}),
    ):  # fmt: skip
        story = given(opens("1"), take("passport"), calls("1"), later(1))
        before = story.hall.tickets[story.id("A-001")], story.hall.counters["1"]
        story.given(acts(act, "1", **more), undo("1"))
        assert (story.hall.tickets[story.id("A-001")], story.hall.counters["1"]) == before
    story = given(opens("1"), take("passport"), calls("1"), cancel("A-001"), undo("1"))
    assert story.status("A-001") == "called"
    assert story.hall.counters["1"].current == story.id("A-001")


def test_what_cannot_be_taken_back() -> None:
    """Too late; something has followed; somebody else's counter; twice; switched off."""
    story = given(opens("1"), take("passport"), calls("1"))
    story.when(undo("1", BUDI)).refused("not_your_counter")
    story.given(later(1)).when(undo("1")).refused("nothing_to_undo")
    story.given(acts(MISS, "1"), reinstate("A-001")).when(undo("1")).refused("nothing_to_undo")
    story.given(calls("1"), later(0.05), acts(MISS, "1"), undo("1"), undo("1"))
    story.when(undo("1")).refused("nothing_to_undo")
    story.given(calls("1"), acts(c.ReturnTicket, "1"), pauses("1"))
    story.when(undo("1")).refused("nothing_to_undo")
    off = given(opens("1"), take("passport"), calls("1"), plan=plan_of(undo=0))
    off.when(undo("1")).refused("nothing_to_undo")


def test_a_ticket_called_elsewhere_since_stays_there() -> None:
    """Returned here, called there: the return can't be taken back."""
    story = given(opens("1"), opens("2", BUDI), take("passport"), calls("1"))
    story.given(acts(c.ReturnTicket, "1"), calls("2", by=BUDI))
    story.when(undo("1")).refused("nothing_to_undo")


# Counters -----------------------------------------------------------------------------------


def test_a_break_has_a_reason_and_an_end() -> None:
    story = given(opens("1"), plan=plan_of())
    pause = c.PauseCounter(counter="1", reason="lunch", until=MONDAY + 30 * MINUTE, by=ANN)
    story.when(do(replace(pause, reason="x"))).refused("unknown_reason")
    story.when(do(replace(pause, until=MONDAY))).refused("until_past")
    story.given(do(pause))
    counter = story.hall.counters["1"]
    assert (counter.reason, counter.until) == ("lunch", MONDAY + 30 * MINUTE)
    story.given(opens("1"))
    assert (story.hall.counters["1"].reason, story.hall.counters["1"].until) == ("", 0)


def test_a_closing_that_a_supervisor_approves() -> None:
    """Asked once, denied or approved as it was asked; then it opens again by itself."""
    story = given(opens("1"), plan=plan_of(closing_approval=True))
    reopens = MONDAY + 60 * MINUTE
    ask = do(c.CloseCounter(counter="1", reopens=reopens, by=ANN))
    story.when(ask).then("ClosingAsked counter=1")
    story.when(ask).then()
    deny = c.DenyClosing(counter="1", by=CHIEF)
    story.when(do(replace(deny, by=ANN))).refused("stewards_only")
    story.when(do(deny)).then("ClosingDenied counter=1")
    story.when(do(deny)).then()
    story.given(ask, closes("1", CHIEF))
    assert (story.hall.counters["1"].state, story.hall.counters["1"].operator) == ("closed", "")
    story.given(passes(60))
    assert (story.hall.counters["1"].state, story.hall.counters["1"].operator) == ("open", "ann")


def test_who_went_elsewhere_does_not_come_back_by_itself() -> None:
    """Neither to two counters at once nor over somebody else's head."""
    reopen = do(c.CloseCounter(counter="1", reopens=MONDAY + 10 * MINUTE, by=ANN))
    elsewhere = given(opens("1"), reopen, opens("2"), passes(10))
    assert elsewhere.hall.counters["1"].state == "closed"
    taken = given(opens("1"), reopen, opens("1", BUDI), closes("1", BUDI), passes(10))
    assert taken.hall.counters["1"].state == "closed"


def test_the_emergency_button() -> None:
    """Pressed once, cleared by whoever comes to help; a state of its own beside the counter's."""
    story = given(opens("1"))
    press = do(c.RaiseAlarm(counter="1", by=ANN))
    story.when(press).then("AlarmRaised counter=1")
    story.when(press).then()
    story.given(pauses("1"))
    assert story.hall.counters["1"].alarm == MONDAY
    clear = do(c.ClearAlarm(counter="1", by=BUDI))
    story.when(clear).then("AlarmCleared counter=1")
    story.when(clear).then()


def test_a_helper_is_called_like_a_number() -> None:
    """A call with an id of its own, without a ticket."""
    story = given(opens("1"))
    story.when(do(c.CallHelper(counter="1", helper="wizard", by=ANN))).refused("unknown_helper")
    story.given(do(c.CallHelper(counter="1", helper="interpreter", by=ANN)))
    (call,) = story.hall.calls
    assert (call.helper, call.counter, call.ticket, call.id) == (
        "interpreter", "1", 0, story.hall.version
    )  # fmt: skip


# Supervisors --------------------------------------------------------------------------------


def test_other_services_for_a_counter() -> None:
    """At once, for the day, and back to the catalogue's."""
    story = given(opens("1"), take("passport"), take("tax"))
    assign = c.AssignServices(counter="1", services=("tax",), by=CHIEF)
    story.when(do(replace(assign, by=ANN))).refused("stewards_only")
    only = do(c.AssignServices(counter="3", services=("tax",), by=CHIEF))
    story.when(only).refused(
        "nobody_left", "Loket 3 is the only counter for permit: give it to another counter first."
    )
    story.given(do(assign))
    assert (order(story, "1"), story.hall.givers["tax"]) == (["B-001"], ("1", "2"))
    story.when(do(assign)).then()
    story.given(do(replace(assign, services=("passport",))))
    assert (order(story, "1"), story.hall.counters["1"].assigned) == (["A-001"], ())


def test_another_class_for_a_ticket() -> None:
    story = given(*[take("passport")] * 2)

    def reclass(priority: str) -> Step:
        return lambda s: c.ReclassTicket(ticket=s.id("A-002"), priority=priority)

    story.when(reclass("rich")).refused("unknown_priority")
    story.given(reclass("elder"))
    assert order(story, "1") == ["A-002", "A-001"]
    story.when(reclass("elder")).then()
    story.given(reclass(""))
    assert order(story, "1") == ["A-001", "A-002"]


def test_a_waiting_ticket_is_moved() -> None:
    """With its arrival; one at a counter is the operator's."""
    story = given(opens("1"), take("passport"), later(1), take("tax"))

    def move(**to: str) -> Step:
        return lambda s: c.MoveTicket(ticket=s.id("A-001"), **to)

    story.when(move()).refused("no_such_destination")
    story.when(move(service="passport")).then()
    story.given(move(service="tax"))
    assert order(story, "2") == ["A-001", "B-001"]
    story.given(move(to_counter="1"), calls("1"))
    story.when(move(service="tax")).refused("at_counter")


def test_intake_is_closed_for_a_service() -> None:
    story = given(take("tax"), do(c.CloseIntake(service="tax")))
    story.when(do(c.CloseIntake(service="tax"))).then()
    story.when(take("tax")).refused("intake_closed")
    story.given(take("tax", booking="b1"))  # whoever has booked is let in
    story.given(take("passport"), do(c.OpenIntake(service="tax")), take("tax"))
    story.when(do(c.OpenIntake(service="tax"))).then()


def test_messages() -> None:
    """Posted with the entry's id, taken down once; neither empty nor endless."""
    story = given(do(c.PostMessage(text="  Rapat   pukul 3 ", to="all")))
    (message,) = story.hall.messages.values()
    assert (message.id, message.text, message.to) == (story.hall.version, "Rapat pukul 3", "all")
    for wrong in (" ", "x" * 301):
        story.when(do(c.PostMessage(text=wrong))).refused("bad_message")
    story.when(do(c.PostMessage(text="x", text_en="x" * 301))).refused("bad_message")
    story.when(do(c.PostMessage(text="x", until=MONDAY))).refused("until_past")
    down = do(c.TakeDownMessage(message=message.id))
    story.given(down)
    story.when(down).then()
    assert not story.hall.messages


def test_a_message_ends_by_itself() -> None:
    """At the time that was said: taken down by the system; in force until then, for its own."""
    until = MONDAY + 10 * MINUTE
    story = given(
        do(c.PostMessage(text="Dua", text_en="Two", to="boards", until=until)),
        later(1),
        do(c.PostMessage(text="Satu", to="all")),
    )
    said = story.hall.said
    assert [one.text for one in said("boards", story.now)] == ["Satu", "Dua"]
    assert [one.text for one in said("consoles", story.now)] == ["Satu"]
    assert [one.text for one in said("boards", until)] == ["Satu"]
    story.given(passes(9))
    assert [one.text for one in story.hall.messages.values()] == ["Satu"]


def test_a_fold_from_nothing_knows_all_of_it() -> None:
    """What time brought about replays too."""
    story = given(opens("1"), take("passport"), calls("1"), plan=plan_of(no_show_calls=1))
    story.given(passes(2))
    again = Story(plan_of(no_show_calls=1))
    for entry in story.entries[1:]:
        evolve(again.hall, entry)
    assert again.hall.tickets == story.hall.tickets
