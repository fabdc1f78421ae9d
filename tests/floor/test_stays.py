"""A ticket's past out of its entries: what was undone, and what is said after its end."""

from __future__ import annotations

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.floor.stays import past
from tests.core.story import Story, acts, calls, do, given, later, opens, take


def of(story: Story, number: str = "A-001") -> list[e.Entry]:
    id = story.id(number)
    return [x for x in story.entries if x.id == id or getattr(x.event, "ticket", 0) == id]


def test_acts_that_were_undone_one_after_the_other() -> None:
    """The start, then the call: each is told with the status that it had then, none is a stay."""
    undo = do(c.UndoAct(counter="1", by=c.Actor("ann")))
    story = given(
        opens("1"), take("passport"), calls("1"), later(0.1), acts(c.StartService, "1"), undo, undo
    )  # fmt: skip
    found = past(of(story))
    assert [step.status for step in found.steps] == [
        "waiting", "called", "serving", "called", "waiting",
    ]  # fmt: skip
    assert found.stays == ()
    assert found.times.waiting is None


def test_what_is_said_after_the_end_does_not_move_it() -> None:
    """The operator for whom a no-show had waited leaves: its visit ended when nobody came."""
    story = given(opens("1"), take("passport"), later(5), calls("1"), acts(c.MarkNoShow, "1"))
    entries = of(story)
    end = entries[-1]
    said = e.Entry(end.id + 1, end.at + 60_000, "system", e.TicketUnbound(entries[0].id))
    assert past([*entries, said]).times.visit == 5 * 60_000
