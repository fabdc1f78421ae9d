"""When numbers are given: hours of halls and services, quotas, ranges, and the last intake."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import msgspec
from hypothesis import example, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.calendar import (
    closes_at,
    hours_of,
    is_working_day,
    next_opening,
    open_time_left,
    overlap,
    spans_on,
)
from queue_server.core.events import TicketIssued
from queue_server.core.intake import needed, shut, taken
from queue_server.core.model import Step
from queue_server.core.plan import MINUTE, Hours, Plan, Quota, ServicePlan, Spans

from .story import (
    CHIEF,
    HOURS,
    MONDAY,
    PLAN,
    acts,
    at,
    calls,
    cancel,
    clock,
    given,
    holder,
    later,
    opens,
    pauses,
    reinstate,
    take,
)

ONE_MORNING = ((600, 720),)


def planned(hours: Hours = HOURS, pace: bool = False, **passport: object) -> Plan:
    """The stories' plan with something of its own for the passport service."""
    service = replace(PLAN.services["passport"], **passport)
    policy = replace(PLAN.policy, last_intake="pace" if pace else "off")
    return replace(
        PLAN, services={**PLAN.services, "passport": service}, hours=hours, policy=policy
    )


# Hours --------------------------------------------------------------------------------------


def test_an_exception_stands_for_the_weekday_and_for_the_holiday() -> None:
    """A date may be closed, have other hours, or be open on a holiday; a working day is one that
    has hours."""
    dates = {"2026-11-24": (), "2026-11-25": ONE_MORNING, "2026-11-28": ONE_MORNING}
    hours = replace(
        HOURS, exceptions=dates, holidays={"2026-11-25": "Libur", "2026-11-26": "Libur"}
    )
    expected = {23: ((480, 960),), 24: (), 25: ONE_MORNING, 26: (), 28: ONE_MORNING}
    for day, spans in expected.items():
        assert spans_on(date(2026, 11, day), hours) == spans
        assert is_working_day(date(2026, 11, day), hours) == bool(spans)
    assert spans_on(date(2026, 11, 24), replace(hours, always=True)) == ((0, 1440),)


def test_a_service_has_its_own_hours_within_the_halls() -> None:
    """Its weekday, else the hall's; never while the hall is closed; refused with when again."""
    friday = ((480, 660),)
    week = (None, ONE_MORNING, None, (), friday, None, ((0, 1440),))
    plan = planned(week=week, exceptions={"2026-12-01": (), "2026-11-28": ((0, 1440),)})
    story = given(plan=plan)
    story.when(take("passport")).then("TicketIssued number=A-001 service=passport")
    sentence = (
        "passport is closed now; its numbers can be taken again on Tuesday, 24 November, at 10:00."
    )
    story.given(at("2026-11-24 09:00")).when(take("passport")).refused("service_closed", sentence)
    story.when(take("tax")).then("TicketIssued number=B-001 service=tax")
    story.given(at("2026-11-24 11:59"), take("passport"))
    found = hours_of(plan.services["passport"], plan.hours)
    assert f"{next_opening(clock('2026-11-26 09:00'), found):%d %H:%M}" == "27 08:00"
    assert f"{next_opening(clock('2026-11-27 12:00'), found):%d %H:%M}" == "30 08:00"
    assert spans_on(date(2026, 11, 28), found) == ()  # the hall is closed, whatever it says
    assert spans_on(date(2026, 12, 1), found) == ()
    story.given(at("2026-11-24 09:00")).when(
        take("tax", steps=(Step("tax"), Step("passport")))
    ).refused("service_closed")


def test_who_comes_back_finds_the_service_open() -> None:
    """A number is taken up again only in the hours of its service."""
    plan = planned(week=(((480, 600),), *(None,) * 6))
    story = given(take("passport"), cancel("A-001"), at("2026-11-23 10:00"), plan=plan)
    story.when(holder(c.RejoinTicket, "A-001")).refused("service_closed")


def test_a_hall_that_is_always_open_has_services_that_are_not() -> None:
    """Holidays of such a hall count for nobody; a service's own week does."""
    hall = replace(HOURS, always=True, holidays={"2026-11-23": "Libur"})
    story = given(plan=planned(hall, week=(ONE_MORNING, *(None,) * 6)))
    story.when(take("passport")).refused("service_closed")
    story.when(take("tax")).then("TicketIssued number=B-001 service=tax")
    story.given(at("2026-11-23 10:00"), take("passport"))
    story.given(at("2026-11-24 03:00"), take("passport"))


spans = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(
    lambda edges: tuple(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)


@examples(spans, spans, st.integers(0, 1439))
def test_an_overlap_is_what_lies_in_both(one: Spans, other: Spans, minute: int) -> None:
    """Minute by minute, and in the shape of spans."""

    def inside(some: Spans) -> bool:
        return any(opens <= minute < closes for opens, closes in some)

    both = overlap(one, other)
    assert inside(both) == (inside(one) and inside(other))
    assert all(a < b for a, b in both)
    assert all(first[1] <= then[0] for first, then in pairwise(both))


# Quotas and ranges --------------------------------------------------------------------------


def test_the_quota_of_the_day_counts_walk_ins_only() -> None:
    """Booked numbers and those served aside take none of it; who leaves gives his back."""
    story = given(take("passport"), opens("1"), plan=planned(quota=2))
    story.given(take("passport", booking="b1"))
    story.given(lambda story: c.QuickServe(
        counter="1", service="passport", token=story.token(), by=CHIEF))  # fmt: skip
    story.given(take("passport"))
    assert taken(story.hall, "passport") == 2
    said = (
        "The quota of 2 numbers for passport is used up; "
        "its numbers can be taken again on Tuesday, 24 November, at 08:00."
    )
    story.when(take("passport")).refused("quota_used", said)
    story.given(take("passport", booking="b2"))
    story.given(cancel("A-001"), take("passport")).when(take("passport")).refused("quota_used")
    story.given(reinstate("A-001"))
    assert taken(story.hall, "passport") == 3
    story.given(
        at("2026-11-24 08:00"), lambda story: c.OpenDay(day="2026-11-24", plan=story.hall.plan)
    )
    story.given(take("passport"), take("passport"))


def test_a_part_of_the_day_has_a_quota_of_its_own() -> None:
    """Used up it opens again with the next part, or when the service opens again."""
    parts = (Quota(480, 600, 1), Quota(600, 960, 2))
    story = given(take("passport"), plan=planned(quotas=parts))
    story.when(take("passport")).refused("quota_used")
    assert "Senin, 23 November, pukul 10.00" in story.refusal.sentence("id")  # type: ignore[union-attr]
    story.given(at("2026-11-23 10:00"), take("passport"), take("passport"))
    story.when(take("passport")).refused("quota_used")
    assert "Selasa, 24 November, pukul 08.00" in story.refusal.sentence("id")  # type: ignore[union-attr]


def test_a_visit_takes_from_the_quota_of_each_of_its_services() -> None:
    """Whoever comes for two things takes the time of both."""
    visit = take("tax", steps=(Step("tax"), Step("passport")))
    story = given(visit, plan=planned(quota=1))
    story.when(take("passport")).refused("quota_used")
    story.when(visit).refused("quota_used")


def test_numbers_end_where_the_range_ends() -> None:
    """From first to last, then none, except for who has booked; another day starts anew."""
    story = given(take("passport"), plan=planned(first=998, last=999))
    story.when(take("passport")).then("TicketIssued number=A-999 service=passport ahead=1")
    said = (
        "Today's numbers for passport are used up, to number 999; "
        "they can be taken again on Tuesday, 24 November, at 08:00."
    )
    story.when(take("passport")).refused("numbers_used", said)
    # A visit that gets its number from another service needs none of these.
    story.when(take("tax", steps=(Step("tax"), Step("passport")))).then(
        "TicketIssued number=B-001 service=tax"
    )
    story.when(take("passport", booking="b")).then(
        "TicketIssued number=A-1000 service=passport ahead=2"
    )


def test_staff_that_closed_intake_is_believed_first() -> None:
    """The reason that a person gave goes before those that were reckoned."""
    story = given(lambda story: c.CloseIntake(service="passport", by=CHIEF), plan=planned(quota=1))
    found = shut(story.hall, "passport", story.now)
    assert found is not None
    assert (found.code, f"{found.opens:%d %H:%M}") == ("intake_closed", "24 08:00")
    story.when(take("passport")).refused("intake_closed")


# The last intake ----------------------------------------------------------------------------


def served(count: int, minutes: float, counter: str = "1") -> list[object]:
    """So many, each served in so many minutes."""
    steps: list[object] = []
    for _ in range(count):
        steps += [take("passport"), calls(counter), acts(c.StartService, counter), later(minutes),
                  acts(c.FinishService, counter)]  # fmt: skip
    return steps


def test_intake_ends_when_the_last_in_line_could_not_be_served() -> None:
    """By the pace of the day and the counters that are open; more counters, more numbers; a
    booked place is honoured; the empty line is taken in to the last service time."""
    story = given(opens("1"), *served(3, 10), plan=planned(pace=True))  # type: ignore[arg-type]
    # 10 minutes each and 2 to walk, a margin of 5: at 15:00 four can wait, the fifth is too many.
    story.given(at("2026-11-23 15:00"), *[take("passport")] * 4)
    said = (
        "The line for passport is expected to last beyond closing time, so no more numbers are "
        "given; they can be taken again on Tuesday, 24 November, at 08:00, or ask the staff."
    )
    story.when(take("passport")).refused("intake_over", said)
    story.when(take("tax")).then("TicketIssued number=B-001 service=tax")
    story.given(take("passport", booking="b"))
    second = c.Actor("budi")
    story.given(opens("2", second), take("passport"))
    story.given(pauses("2", second))  # a break ends: the counter counts
    assert shut(story.hall, "passport", story.now) is None or len(story.hall.lines["passport"]) > 5
    empty = given(opens("1"), *served(3, 10), plan=planned(pace=True))  # type: ignore[arg-type]
    empty.given(at("2026-11-23 15:50"), take("passport"))
    fresh = given(opens("1"), *served(3, 10), plan=planned(pace=True))  # type: ignore[arg-type]
    fresh.given(at("2026-11-23 15:51")).when(take("passport")).refused("intake_over")


def test_the_work_of_shared_counters_is_shared() -> None:
    """What waits for another service at the same counter takes its time too; who is not back yet
    holds a number like everybody."""
    story = given(opens("2"), take("tax"), take("tax"), plan=planned(pace=True))
    shared = needed(story.hall, "passport")
    story.given(take("passport", remote=True, until=story.now + 60 * MINUTE))
    assert needed(story.hall, "passport") > shared > needed(given(opens("1")).hall, "passport")


def test_a_hall_that_never_closes_and_one_that_does_not_ask_take_everybody() -> None:
    """Without a closing there is no last intake; without the rule there is none either."""
    always = planned(replace(HOURS, always=True), pace=True)
    for plan in (always, planned(pace=False)):
        given(at("2026-11-23 15:59"), *[take("passport")] * 50, plan=plan)


@examples(
    st.integers(0, 30), st.integers(0, 480), st.integers(1, 40), st.booleans(),
    st.lists(st.sampled_from(["1", "2"]), unique=True),
)  # fmt: skip
@example(0, 470, 10, False, [])
@settings(max_examples=40)
def test_the_last_intake_is_monotone_and_never_early_at_an_empty_line(
    waiting: int, minute: int, minutes: int, taxes: bool, open_: list[str]
) -> None:
    """Nobody is refused while nobody waits and a service time is left; once refused, whoever else
    joins the line changes nothing; and what is needed only grows."""
    who = {"1": c.Actor("ann"), "2": c.Actor("budi")}
    story = given(opens("1"), *served(1, minutes), plan=planned(pace=True))  # type: ignore[arg-type]
    story.given(lambda story: c.CloseCounter(counter="1", by=CHIEF))
    story.given(*(opens(name, who[name]) for name in open_))
    story.now = max(story.now, clock("2026-11-23 08:00") + minute * MINUTE)
    if closes_at(story.now, HOURS) is None:
        return
    left = open_time_left(story.now, HOURS)
    if left >= minutes * MINUTE:
        assert shut(story.hall, "passport", story.now) is None
    over, before = False, 0
    for number in range(waiting):
        now_over = shut(story.hall, "passport", story.now) is not None
        assert now_over >= over
        assert needed(story.hall, "passport") >= before
        over, before = now_over, needed(story.hall, "passport")
        service = "tax" if taxes and number % 2 else "passport"
        prefix = story.hall.plan.services[service].prefix
        value = story.hall.numbers.get(prefix, 0) + 1
        story.record(CHIEF, TicketIssued(f"{prefix}-{value:03}", value, story.token(), service))


# Old journals -------------------------------------------------------------------------------


def test_plans_of_old_journals_mean_what_they_meant() -> None:
    """A plan without any of this reads as one without limits and own hours."""
    old = msgspec.json.decode(
        b'{"services":{"a":{"id":"a","prefix":"A","agency":"x","zone":"z"}},'
        b'"hours":{"week":[[[480,960]],[],[],[],[],[],[]]}}',
        type=Plan,
    )
    assert old.services["a"] == ServicePlan("a", "A", "x", "z")
    assert old.policy.last_intake == "off"
    assert hours_of(old.services["a"], old.hours) is old.hours
    assert closes_at(MONDAY, old.hours) == datetime.fromisoformat("2026-11-23T16:00+07:00")
