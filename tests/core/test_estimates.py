"""How long it will take, as honestly as can be said; and what a screen may still speak."""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.plan import MINUTE, Policy
from queue_server.core.policy import estimate, serving_counters

from .story import (
    ANN,
    BUDI,
    FRIDAY,
    HOURS,
    OFFICE,
    PLAN,
    acts,
    calls,
    closes,
    given,
    later,
    opens,
    take,
)

START, FINISH = c.StartService, c.FinishService


def test_an_estimate_is_honest() -> None:
    """Unknown until four calls were seen and while no counter serves; then a range."""
    story = given(opens("1"), *[take("passport")] * 8)
    for expected in (None, None, None, None, (7, 15)):
        assert estimate(story.hall, "passport", 1) == expected
        story.given(calls("1"), acts(START, "1"), acts(FINISH, "1"), later(5))
    assert estimate(story.hall, "passport", 0) == (3, 8)
    story.given(later(60), take("tax"))  # the lull since then counts
    assert estimate(story.hall, "passport", 0)[1] > 20
    assert serving_counters(story.hall, "passport") == ["1"]
    story.given(closes("1"))
    assert estimate(story.hall, "passport", 0) is None


def test_a_pace_is_of_the_last_nine_first_calls() -> None:
    """Recalls and second calls don't make a line look faster."""
    story = given(opens("1"), *[take("passport")] * 12)
    for _ in range(12):
        story.given(calls("1"), acts(c.Recall, "1"), acts(c.ReturnTicket, "1"), calls("1"))
        story.given(acts(START, "1"), acts(FINISH, "1"), later(1))
    assert len(story.hall.paces["passport"]) == 9
    assert len(set(story.hall.paces["passport"])) == 9


def test_old_calls_are_forgotten_with_the_next() -> None:
    """The hall keeps the calls that a screen may still speak."""
    plan = replace(PLAN, policy=Policy(announce_age=2 * MINUTE))
    story = given(opens("1"), *[take("passport")] * 5, plan=plan)
    for _ in range(5):
        story.given(calls("1"), acts(START, "1"), acts(FINISH, "1"), later(1))
    assert [story.number(call.ticket) for call in story.hall.calls] == ["A-004", "A-005"]


def test_constants_of_the_week() -> None:
    """The plan of these tests: office hours, a Friday break, no weekend."""
    assert HOURS.week == (OFFICE, OFFICE, OFFICE, OFFICE, FRIDAY, (), ())
    assert ANN != BUDI
