"""What happens in a hall, told step by step."""

from __future__ import annotations

from queue_server.core import commands as c

from .story import (
    ANN,
    BUDI,
    CHIEF,
    acts,
    calls,
    cancel,
    closes,
    given,
    later,
    opens,
    pauses,
    reinstate,
    take,
)

START, FINISH, RECALL = c.StartService, c.FinishService, c.Recall
MISS, RETURN, PARK, TRANSFER = c.MarkNoShow, c.ReturnTicket, c.ParkTicket, c.TransferTicket


def test_numbers_run_by_prefix_with_its_digits_and_first_value() -> None:
    """Each service counts for itself, from its first value, with as many digits as it has."""
    story = given(take("passport"), take("tax"))
    story.when(take("passport")).then("TicketIssued number=A-002 service=passport ahead=1")
    story.when(take("permit")).then("TicketIssued number=AA-10 service=permit")


def test_a_token_finds_its_ticket() -> None:
    """The secret of the phone page leads to today's ticket, another one to nothing."""
    story = given(take("passport"))
    ticket = story.hall.ticket_by_token("token1")
    assert ticket is not None
    assert ticket.number == "A-001"
    assert story.hall.ticket_by_token("token2") is None


def test_next_calls_the_first_and_finishes_the_one_before() -> None:
    """Next ends the service that goes on there, and calls whoever came first."""
    story = given(opens("1"), take("passport"), take("passport"))
    story.when(calls("1")).then("TicketCalled A-001 counter=1")
    story.given(acts(START, "1"))
    story.when(calls("1")).then("ServiceFinished A-001", "TicketCalled A-002 counter=1")
    assert story.status("A-001") == "served"


def test_next_with_nobody_waiting_does_not_end_the_service() -> None:
    """Nobody waits: the citizen at the counter stays there."""
    story = given(opens("1"), take("passport"), calls("1"), acts(START, "1"))
    story.when(calls("1")).refused("nobody_waiting", "Nobody is waiting for Loket 1.")
    assert story.status("A-001") == "serving"


def test_a_double_click_calls_one() -> None:
    """The second click still saw nobody at the counter: stale, whatever came between."""
    story = given(opens("1"), take("passport"), take("passport"), calls("1"))
    story.when(calls("1", after="")).refused(
        "stale",
        "Your screen was out of date: the ticket at the counter is A-001. "
        "Look at the present state and try again.",
    )
    story.given(acts(START, "1"))
    story.when(calls("1", after="")).refused("stale")
    story.given(acts(FINISH, "1"))
    story.when(calls("1", after="A-001")).refused("stale")
    assert story.refusal is not None
    assert "no ticket is at the counter" in story.refusal.sentence("en")


def test_a_called_ticket_must_be_settled_before_next() -> None:
    """Someone who was called is on the way: start, no-show or return come first."""
    story = given(opens("1"), take("passport"), take("passport"), calls("1"))
    story.when(calls("1")).refused("arrival_open")


def test_a_recall_is_a_new_call() -> None:
    """A recall has an id of its own and rings again; the first call's time is kept."""
    story = given(opens("1"), take("passport"), calls("1"), later(1))
    first = story.hall.tickets[story.id("A-001")]
    story.when(acts(RECALL, "1")).then("TicketRecalled A-001 counter=1")
    again = story.hall.tickets[first.id]
    assert again.call > first.call
    assert (again.calls, again.first_called) == (2, first.first_called)
    assert again.last_called == story.now
    assert story.hall.calls[-1].id == again.call


def test_one_out_of_order_is_called_by_its_number() -> None:
    """A chosen ticket is called though another is first."""
    story = given(opens("1"), take("passport"), take("passport"))
    story.when(calls("1", "A-002")).then("TicketCalled A-002 counter=1")


def test_a_chosen_ticket_must_wait_for_this_counter() -> None:
    """A counter calls whom it serves; a ticket in another line is refused with its number."""
    story = given(opens("1"), take("tax"))
    story.when(calls("1", "B-001")).refused("not_served_here")
    story.when(lambda s: c.CallNext(counter="1", after=0, ticket=999, by=ANN))
    story.refused("unknown_ticket")


def test_a_chosen_ticket_must_be_callable() -> None:
    """One that is at another counter can't be called here: never one ticket at two counters."""
    story = given(opens("1"), opens("2", BUDI), take("passport"), calls("1"))
    story.when(calls("2", "A-001", by=BUDI)).refused(
        "not_allowed",
        "A-001 is called; it can be: called again, started, marked a no-show, returned, "
        "transferred, cancelled, sent for papers.",
    )


def test_a_no_show_can_come_back_to_its_place() -> None:
    """Reinstated with the arrival kept: before those who came later."""
    story = given(opens("1"), take("passport"), take("passport"), calls("1"))
    story.when(acts(MISS, "1")).then("TicketMissed A-001")
    story.when(reinstate("A-001")).then("TicketReinstated A-001")
    story.when(calls("1")).then("TicketCalled A-001 counter=1")


def test_returned_goes_back_to_its_place() -> None:
    """Called in error: back to the head of the line, the counter free."""
    story = given(opens("1"), take("passport"), take("passport"), calls("1"))
    story.when(acts(RETURN, "1")).then("TicketReturned A-001")
    assert story.hall.counters["1"].current == 0
    assert story.hall.line("passport").ids() == [story.id("A-001"), story.id("A-002")]


def test_parked_waits_in_no_line_and_is_called_back_by_hand() -> None:
    """A parked ticket is not in the queue; any counter of its line may call it back."""
    story = given(opens("1"), opens("2", BUDI), take("passport"), calls("1"), acts(START, "1"))
    story.when(acts(PARK, "1")).then("TicketParked A-001")
    story.when(calls("2", by=BUDI)).refused("nobody_waiting")
    story.when(calls("2", "A-001", by=BUDI)).then("TicketCalled A-001 counter=2")
    assert story.hall.counters["1"].current == 0


def test_a_transfer_keeps_number_and_arrival() -> None:
    """Sent on to another service it stands by its arrival, before those who came later."""
    story = given(opens("1"), take("passport"), later(1), take("tax"), calls("1"))
    story.when(acts(TRANSFER, "1", service="tax")).then("TicketTransferred A-001 service=tax")
    assert story.hall.line("tax").ids() == [story.id("A-001"), story.id("B-001")]
    assert story.hall.tickets[story.id("A-001")].first_called == 0


def test_a_transfer_to_one_counter_waits_for_that_counter_only() -> None:
    """Sent to a counter, closed or not, only that counter calls it."""
    story = given(opens("1"), take("passport"), calls("1"))
    story.given(acts(TRANSFER, "1", to_counter="3"))
    story.when(calls("1")).refused("nobody_waiting")
    story.when(calls("1", "A-001")).refused("not_served_here")
    story.given(opens("3", BUDI))
    story.when(calls("3", by=BUDI)).then("TicketCalled A-001 counter=3")


def test_a_transfer_names_one_destination() -> None:
    """Neither or both of service and counter, or one that isn't there: refused."""
    story = given(opens("1"), take("passport"), calls("1"))
    story.when(acts(TRANSFER, "1")).refused("no_such_destination")
    story.when(acts(TRANSFER, "1", service="tax", to_counter="2")).refused("no_such_destination")
    story.when(acts(TRANSFER, "1", service="none")).refused("unknown_service")
    story.when(acts(TRANSFER, "1", to_counter="none")).refused("unknown_counter")


def test_an_act_on_a_ticket_that_is_not_at_the_counter_is_stale() -> None:
    """The act carries the ticket that was seen: another one is never hit by it."""
    story = given(opens("1"), take("passport"), take("passport"), calls("1"))
    story.when(acts(START, "1", "A-002")).refused("stale")
    story.given(cancel("A-001"))
    story.when(acts(START, "1", "A-001")).refused("stale")


def test_a_citizen_leaves_the_queue() -> None:
    """Cancelled while waiting or called; the counter is free at once; twice is refused."""
    story = given(opens("1"), take("passport"), take("passport"), calls("1"))
    story.when(cancel("A-001")).then("TicketCancelled A-001")
    assert story.hall.counters["1"].current == 0
    story.when(cancel("A-001")).refused(
        "not_allowed", "A-001 is cancelled; it can be: reinstated, taken up again."
    )
    story.when(calls("1")).then("TicketCalled A-002 counter=1")
    story.given(acts(START, "1"), acts(FINISH, "1"))
    story.when(cancel("A-002")).refused("not_allowed", "A-002 is served; it can be: nothing.")
    story.when(lambda s: c.CancelTicket(ticket=999)).refused("unknown_ticket")
    story.when(lambda s: c.ReinstateTicket(ticket=999)).refused("unknown_ticket")


def test_how_many_stand_before() -> None:
    """People ahead are counted by rank while the ticket waits, and are unknown after."""
    story = given(opens("1"), take("passport"), take("passport"), later(1))
    story.when(take("passport", "elder")).then("TicketIssued number=A-003 service=passport")
    hall = story.hall
    assert hall.ahead(hall.tickets[story.id("A-002")]) == 2
    assert (hall.waiting("passport"), hall.waiting("tax")) == (3, 0)
    story.given(calls("1"))
    assert hall.ahead(hall.tickets[story.id("A-003")]) is None


def test_unknown_names_are_refused() -> None:
    """A service, class or counter that the plan doesn't have is named in the refusal."""
    story = given()
    story.when(take("none")).refused("unknown_service")
    story.when(take("passport", "none")).refused("unknown_priority")
    story.when(opens("none")).refused("unknown_counter")


# Counters -----------------------------------------------------------------------------------


def test_a_counter_is_held_by_who_opened_it() -> None:
    """Another operator is refused; a steward may act there and does not take it over."""
    story = given(opens("1"), take("passport"))
    story.when(opens("1", BUDI)).refused("counter_held")
    story.when(calls("1", by=BUDI)).refused("not_your_counter")
    story.when(opens("1", CHIEF)).then()
    story.when(calls("1", by=CHIEF)).then("TicketCalled A-001 counter=1")
    story.given(acts(START, "1", by=CHIEF), acts(FINISH, "1", by=CHIEF), pauses("1", CHIEF))
    story.when(opens("1", CHIEF)).then("CounterOpened counter=1 operator=ann")


def test_an_operator_holds_one_counter() -> None:
    """Opening a second one is refused and names the first; a steward may hold many."""
    story = given(opens("1"))
    story.when(opens("2")).refused("operator_elsewhere", "You hold Loket 1: close it first.")
    story.given(opens("2", CHIEF), opens("3", CHIEF))


def test_open_pause_and_close_twice_are_no_ops() -> None:
    """What is wanted already holds: nothing happens, also when an operator closes twice."""
    story = given(opens("1"))
    story.when(opens("1")).then()
    story.when(pauses("1")).then("CounterPaused counter=1")
    story.when(pauses("1")).then()
    story.when(opens("1")).then("CounterOpened counter=1 operator=ann")
    story.when(closes("1")).then("CounterClosed counter=1")
    story.when(closes("1")).then()
    story.when(closes("1", CHIEF)).then()


def test_nobody_is_called_by_a_closed_counter_or_on_a_break() -> None:
    """Next says what to do first: open it, or open it again."""
    story = given(take("passport"))
    story.when(calls("1")).refused("not_your_counter")
    story.when(calls("1", by=CHIEF)).refused("counter_closed")
    story.given(opens("1"), pauses("1"))
    story.when(calls("1")).refused("counter_on_break")
    story.when(pauses("2", CHIEF)).refused("not_allowed", "Loket 2 is closed; it can be: opened.")


def test_a_counter_with_a_citizen_neither_pauses_nor_closes() -> None:
    """The ticket is named; after it is settled both work."""
    story = given(opens("1"), take("passport"), calls("1"))
    story.when(pauses("1")).refused("ticket_open")
    story.when(closes("1")).refused(
        "ticket_open", "A-001 is still at Loket 1: finish or return it first."
    )
    story.given(acts(RETURN, "1"))
    story.when(closes("1")).then("CounterClosed counter=1")


def test_a_steward_releases_a_counter_that_another_holds() -> None:
    """Its ticket goes back to its place, called or being served; his own he settles first."""
    story = given(opens("1"), take("passport"), calls("1"), acts(START, "1"))
    story.when(closes("1", CHIEF)).then("TicketReturned A-001", "CounterClosed counter=1")
    assert story.status("A-001") == "waiting"
    story.given(opens("2", CHIEF), calls("2", by=CHIEF))
    story.when(closes("2", CHIEF)).refused("ticket_open")
