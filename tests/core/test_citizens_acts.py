"""What citizens do themselves: come late, from afar, let others pass, come back with papers."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.decide import decide, due
from queue_server.core.plan import MINUTE, Policy
from queue_server.core.policy import in_order

from .story import (
    CHIEF,
    MONDAY,
    PLAN,
    Story,
    acts,
    at,
    calls,
    cancel,
    given,
    holder,
    later,
    opens,
    take,
)

ARRIVE, POSTPONE = c.ConfirmPresence, c.PostponeTicket
REJOIN, RESUME, DEFER = c.RejoinTicket, c.ResumeTicket, c.DeferTicket


def order(story: Story, counter: str = "1") -> list[str]:
    return [story.number(id) for id in in_order(story.hall, story.hall.counters[counter])]


def test_a_booking_counts_from_its_booked_time() -> None:
    """Checked in early it stands where its time is; checked in late it passes who came since."""
    early = given(take("passport", joined=MONDAY + 10 * MINUTE), later(5), take("passport"))
    assert order(early) == ["A-002", "A-001"]
    late = given(later(10), take("passport"))
    late.when(take("passport", joined=MONDAY, booking="b7"))
    assert order(late) == ["A-002", "A-001"]
    assert late.hall.tickets[late.id("A-002")].booking == "b7"


def test_who_is_not_there_is_not_called() -> None:
    """A remote ticket has a place, passes nobody by, and is refused out of order too."""
    story = given(opens("1"), take("passport", remote=True), later(1), take("passport"))
    ticket = story.hall.tickets[story.id("A-001")]
    assert (story.hall.ahead(ticket), order(story)) == (0, ["A-002"])
    story.when(calls("1", "A-001")).refused("not_here")
    story.when(holder(ARRIVE, "A-001")).then("TicketArrived A-001")
    story.when(holder(ARRIVE, "A-001")).then()
    assert order(story) == ["A-001", "A-002"]


def test_who_never_comes_expires_at_the_said_time() -> None:
    """Not a moment before; and presence in time stops the clock."""
    until = MONDAY + 30 * MINUTE
    story = given(*[take("passport", remote=True, until=until)] * 2, holder(ARRIVE, "A-002"))
    assert due(story.hall, until - 1) == []
    story.given(later(30))
    story.when(*[lambda s: due(s.hall, s.now)[0]])
    assert (story.status("A-001"), story.status("A-002")) == ("expired", "waiting")
    assert due(story.hall, until + 1) == []
    story.when(take("passport", remote=True, until=story.now)).refused("until_past")


def test_letting_two_pass() -> None:
    """Behind the next two, once; behind whoever is there when there is only one."""
    story = given(*[take("passport"), later(1)] * 5)
    story.when(holder(POSTPONE, "A-001")).then("TicketPostponed A-001")
    assert order(story) == ["A-002", "A-003", "A-001", "A-004", "A-005"]
    story.when(holder(POSTPONE, "A-001")).refused("step_back_used")
    story.given(holder(POSTPONE, "A-004"))
    assert order(story)[-2:] == ["A-005", "A-004"]
    story.when(holder(POSTPONE, "A-005")).then("TicketPostponed A-005")
    story.when(holder(POSTPONE, "A-005")).refused("step_back_used")
    alone = given(take("passport"))
    alone.when(holder(POSTPONE, "A-001")).refused("nobody_behind")
    off = replace(PLAN, policy=Policy(step_back=0))
    given(*[take("passport")] * 2, plan=off).when(holder(POSTPONE, "A-001")).refused(
        "step_back_used"
    )


people = st.lists(
    st.tuples(st.sampled_from(["", "elder", "disabled"]), st.integers(1, 1200)),
    min_size=2,
    max_size=12,
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@examples(people, st.data(), st.integers(1, 4))
def test_letting_others_pass_passes_exactly_those(
    crowd: list[tuple[str, int]], data: st.DataObject, count: int
) -> None:
    """In its line the ticket goes behind the next `step_back`, and nobody else changes place."""
    story = given(plan=replace(PLAN, policy=Policy(step_back=count)))
    for priority, seconds in crowd:
        story.given(later(seconds / 60), take("passport", priority))
    before = story.hall.in_line("passport")
    index = data.draw(st.integers(0, len(before) - 2))
    ticket = before[index]
    story.given(lambda _: POSTPONE(ticket=ticket))
    rest = [one for one in before if one != ticket]
    expected = [*rest[: index + count], ticket, *rest[index + count :]]
    assert story.hall.in_line("passport") == expected


def test_taking_a_number_up_again() -> None:
    """A no-show goes to the end of its line, for a while; reinstating is the staff's decision."""
    story = given(opens("1"), *[take("passport")] * 2, calls("1"), acts(c.MarkNoShow, "1"))
    story.given(later(5)).when(holder(REJOIN, "A-001")).then("TicketRejoined A-001")
    assert order(story) == ["A-002", "A-001"]
    story.given(cancel("A-001"), later(61))
    story.when(holder(REJOIN, "A-001")).refused("rejoin_over")
    shut = given(take("passport"), at("2026-11-23 15:59"), cancel("A-001"))
    shut.given(at("2026-11-23 16:05")).when(holder(REJOIN, "A-001")).refused("hall_closed")


def test_coming_back_with_papers() -> None:
    """The counter is free at once; back in time, the old arrival counts; too late it is over."""
    story = given(opens("1"), *[take("passport")] * 2, calls("1"), acts(c.StartService, "1"))
    until = MONDAY + 60 * MINUTE
    story.when(acts(DEFER, "1", missing=(2, 0, 2, -1), until=until)).then("TicketDeferred A-001")
    ticket = story.hall.tickets[story.id("A-001")]
    assert (ticket.status, ticket.missing, ticket.until) == ("pending", (0, 2), until)
    assert not story.hall.counters["1"].current
    story.given(later(20)).when(holder(RESUME, "A-001")).then("TicketResumed A-001")
    assert order(story) == ["A-001", "A-002"]
    story.given(calls("1"), acts(DEFER, "1", until=until), later(40))
    story.when(lambda s: due(s.hall, s.now)[0])
    assert story.status("A-001") == "expired"


def test_a_pending_ticket_is_called_by_hand_where_it_is_served() -> None:
    """Like a parked one; and it can't be called back before its own time by a past one."""
    story = given(opens("1"), opens("3", CHIEF), take("passport"), calls("1"))
    story.when(acts(DEFER, "1", until=MONDAY)).refused("until_past")
    story.given(acts(DEFER, "1"))
    story.when(calls("3", "A-001", by=CHIEF)).refused("not_served_here")
    story.when(calls("1", "A-001")).then("TicketCalled A-001 counter=1")
    assert due(story.hall, MONDAY + 10**9) == []


def test_the_day_ends_for_who_is_away_too() -> None:
    """Remote and pending tickets expire with the day."""
    story = given(opens("1"), take("passport"), calls("1"), acts(DEFER, "1"))
    story.given(take("passport", remote=True), at("2026-11-24 07:00"))
    events = decide(story.hall, c.OpenDay(day="2026-11-24", plan=PLAN), story.now)
    assert [type(event).__name__ for event in events] == ["TicketExpired"] * 2 + ["DayOpened"]
