"""`line:` and `ticket:`: which topics a change touches, and who hears a call."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from citizens.topics import LineTopic, TicketTopic
from queue_server.core import commands as c
from queue_server.feed import Touched, touched
from queue_server.house import House
from queue_server.notify.reminders import Rule

from ..core.story import Story, acts, calls, closes, do, later, opens, take
from .hall import CATALOGUE, CHIEF, SERVICE, TUESDAY
from .test_views import PLAN


def kinds(story: Story) -> tuple[LineTopic, TicketTopic]:
    rooms = SimpleNamespace(notify=SimpleNamespace(rule=Rule()))
    house = cast(House, SimpleNamespace(hall=story.hall, catalogue=CATALOGUE, rooms=rooms))
    return LineTopic(house), TicketTopic(house)


def given(*steps: Any) -> Story:
    return Story(PLAN, TUESDAY).given(*steps)


def last(story: Story) -> Touched:
    return touched(story.hall, story.entries[-1:])


def test_lines_are_known_by_service_or_counter() -> None:
    """What is not in the hall is no topic."""
    lines, tickets = kinds(given(take(SERVICE)))
    assert lines.knows(SERVICE)
    assert lines.knows("@1")
    assert not lines.knows("@nowhere")
    assert not lines.knows("nothing")
    assert not lines.knows("")
    assert tickets.knows("token1")
    assert not tickets.knows("token2")


def test_a_new_ticket_touches_its_line_and_the_tickets_in_it() -> None:
    """Others' places may have changed: a priority ticket stands before them."""
    story = given(take(SERVICE), take("paspor"), take(SERVICE, "lansia"))
    lines, tickets = kinds(story)
    assert SERVICE in (lines.touched(last(story)) or ())
    assert set(tickets.touched(last(story)) or ()) == {"token1", "token3"}


def test_a_transfer_touches_both_lines() -> None:
    """The line that it left, and the counter's own that it stands in now."""
    story = given(
        opens("1", CHIEF), take(SERVICE), calls("1", by=CHIEF),
        acts(c.StartService, "1", by=CHIEF), acts(c.TransferTicket, "1", by=CHIEF, to_counter="9"),
    )  # fmt: skip
    lines, _ = kinds(story)
    assert {SERVICE, "@9"} <= set(lines.touched(last(story)) or ())


def test_who_was_sent_to_an_agency_or_an_operator_follows_that_line() -> None:
    """The phone is told of its line, and of who opens and closes for it; no estimate is made up."""
    agency = PLAN.services[SERVICE].agency
    story = given(
        opens("1", CHIEF), take(SERVICE), take(SERVICE), calls("1", by=CHIEF), later(1),
        acts(c.TransferTicket, "1", by=CHIEF, to_agency=agency, afresh=True),
        calls("1", by=CHIEF, after=""),
    )  # fmt: skip
    story.given(acts(c.TransferTicket, "1", by=CHIEF, to_operator=CHIEF.id))
    lines, tickets = kinds(story)
    for number in ("token1", "token2"):
        state = tickets.state(number)
        assert lines.knows(state.line)
        assert state.estimate is None
        assert lines.state(state.line).waiting == (state.id,)
        assert lines.state(state.line).least is None
    sent = {tickets.state(number).line for number in ("token1", "token2")}
    assert sent == {f"+{agency}", f"~{CHIEF.id}"}
    assert tickets.state("token2").counter == "1"
    story.given(closes("1", CHIEF))
    assert sent <= set(lines.touched(last(story)) or ())
    assert {"token1", "token2"} <= set(tickets.touched(last(story)) or ())
    assert tickets.state("token2").counter == ""
    assert lines.state(f"~{CHIEF.id}").open == ()


def test_a_helper_is_no_citizens_call() -> None:
    """Neither a line nor a ticket hears it."""
    story = given(opens("1", CHIEF), take(SERVICE))
    story.given(do(c.CallHelper(counter="1", helper="interpreter", by=CHIEF)))
    lines, tickets = kinds(story)
    (call,) = story.hall.calls
    assert not any(lines.wants(name, call) for name in (SERVICE, "@1"))
    assert not tickets.wants("token1", call)


def test_a_new_day_touches_everything() -> None:
    """None stands for all."""
    lines, tickets = kinds(given())
    everything = Touched(set(), set(), set(), everything=True)
    assert lines.touched(everything) is None
    assert tickets.touched(everything) is None


def test_a_call_is_heard_on_its_line_and_its_ticket_only() -> None:
    """Not on another line, not on another ticket."""
    story = given(opens("1", CHIEF), take(SERVICE), take(SERVICE), calls("1", by=CHIEF))
    lines, tickets = kinds(story)
    call = story.hall.calls[0]
    assert [lines.wants(name, call) for name in (SERVICE, "paspor", "@1")] == [True, False, False]
    assert [tickets.wants(name, call) for name in ("token1", "token2")] == [True, False]


def test_frames_carry_state_and_no_html() -> None:
    """Phones find themselves in the state; who listens past midnight is told "expired"."""
    lines, tickets = kinds(given(take(SERVICE)))
    assert (lines.html(SERVICE), tickets.html("token1")) == ("", "")
    assert lines.state(SERVICE).line == tickets.state("token1").line == SERVICE
    assert tickets.state("of-yesterday").status == "expired"
