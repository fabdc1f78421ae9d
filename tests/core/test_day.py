"""Days, hours and plans: what ends at midnight, what is carried over, what may be changed."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.calendar import (
    add_working_days,
    closes_at,
    day_of,
    local,
    next_opening,
)
from queue_server.core.decide import RECEIPTS_KEPT, decide
from queue_server.core.events import DayOpened, TicketIssued
from queue_server.core.model import Hall
from queue_server.core.plan import MINUTE, CounterPlan, Hours, Plan, PriorityPlan
from queue_server.core.policy import in_order

from .story import (
    BUDI,
    CHIEF,
    HOURS,
    PLAN,
    acts,
    at,
    calls,
    cancel,
    clock,
    closes,
    given,
    later,
    opens,
    opens_day,
    pauses,
    reinstate,
    replans,
    take,
)

START, FINISH, PARK, MISS = c.StartService, c.FinishService, c.ParkTicket, c.MarkNoShow
TRANSFER = c.TransferTicket
ALWAYS = replace(PLAN, hours=replace(HOURS, always=True))


# Hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "closes", "opens"),
    [
        ("2026-11-23 07:59", None, "2026-11-23 08:00"),
        ("2026-11-23 08:00", "2026-11-23 16:00", "2026-11-24 08:00"),
        ("2026-11-23 15:59", "2026-11-23 16:00", "2026-11-24 08:00"),
        ("2026-11-23 16:00", None, "2026-11-24 08:00"),
        ("2026-11-27 11:29", "2026-11-27 11:30", "2026-11-27 13:00"),
        ("2026-11-27 11:30", None, "2026-11-27 13:00"),
        ("2026-11-27 13:00", "2026-11-27 16:00", "2026-11-30 08:00"),
        ("2026-11-28 10:00", None, "2026-11-30 08:00"),
    ],
)
def test_hours_with_the_friday_break(moment: str, closes: str | None, opens: str) -> None:
    """Open from the first minute to before the last; Friday has two openings, weekends none."""
    now = clock(moment)
    found = closes_at(now, HOURS)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == closes
    upcoming = next_opening(now, HOURS)
    assert upcoming is not None
    assert f"{upcoming:%Y-%m-%d %H:%M}" == opens


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)]
)
def test_the_hall_lives_in_its_own_zone(zone: str, offset: int) -> None:
    """WIB, WITA and WIT: the day begins at the hall's own midnight, all year."""
    hours = replace(HOURS, zone=zone)
    for month in range(1, 13):
        midnight = clock(f"2026-{month:02}-15 00:00", zone)
        assert day_of(midnight, hours) == f"2026-{month:02}-15"
        assert day_of(midnight - 1, hours) == f"2026-{month:02}-14"
        assert local(midnight, hours).utcoffset().total_seconds() == offset * 3600


def test_open_around_the_clock_ends_at_midnight() -> None:
    """`always` is open in every minute; the opening ends with the day."""
    hours = ALWAYS.hours
    for moment in ("2026-11-28 00:00", "2026-11-28 23:59"):
        assert f"{closes_at(clock(moment), hours):%Y-%m-%d %H:%M}" == "2026-11-29 00:00"


def test_an_opening_that_ends_at_midnight() -> None:
    """1440 minutes after midnight is the next day's 00:00."""
    hours = Hours("Asia/Jakarta", (((0, 1440),),) * 7)
    assert f"{closes_at(clock('2026-11-28 23:59'), hours):%Y-%m-%d %H:%M}" == "2026-11-29 00:00"


def test_a_hall_that_never_opens_says_no_time() -> None:
    """No opening within a fortnight: the refusal still is a sentence."""
    plan = replace(PLAN, hours=Hours())
    assert next_opening(clock("2026-11-23 09:00"), plan.hours) is None
    given(plan=plan).when(take("passport")).refused("hall_closed")


def test_numbers_are_taken_in_opening_hours_only() -> None:
    """Refused in the Friday break with the time; counters go on calling who waits."""
    story = given(at("2026-11-27 11:00"), opens("1"), take("passport"), at("2026-11-27 11:30"))
    story.when(take("passport")).refused(
        "hall_closed",
        "Numbers cannot be taken now; the hall opens again on Friday, 27 November, at 13:00.",
    )
    story.when(calls("1")).then("TicketCalled A-001 counter=1")


# Days ---------------------------------------------------------------------------------------


def test_yesterdays_leftovers_are_closed_and_numbers_restart() -> None:
    """Being served counts as served; waiting, called, parked expire; the rest has ended."""
    story = given(opens("1"), opens("2", BUDI), *[take("passport")] * 6)
    story.given(calls("1"), acts(MISS, "1"), calls("1"), acts(START, "1"), acts(PARK, "1"))
    story.given(calls("1"), acts(START, "1"), calls("2", by=BUDI), cancel("A-005"))
    story.given(at("2026-11-24 00:00")).when(opens_day("2026-11-24")).then(
        "TicketExpired A-002",
        "ServiceFinished A-003",
        "TicketExpired A-004",
        "TicketExpired A-006",
        "DayOpened day=2026-11-24",
    )
    assert (story.hall.tickets, story.hall.tokens, story.hall.paces) == ({}, {}, {})
    assert {x.state for x in story.hall.counters.values()} == {"closed"}
    story.given(at("2026-11-24 08:00"))
    story.when(take("passport")).then("TicketIssued number=A-001 service=passport")
    story.when(calls("1", by=CHIEF)).refused("counter_closed")


def test_a_day_that_is_open_or_past_is_not_opened_again() -> None:
    """The same day again, or one before: nothing happens."""
    story = given(take("passport"))
    story.when(opens_day("2026-11-23")).then()
    story.when(opens_day("2026-11-22")).then()
    assert story.status("A-001") == "waiting"


def test_young_calls_are_carried_over_midnight() -> None:
    """A board that comes back just after midnight still says what was called just before."""
    story = given(at("2026-11-23 23:58"), plan=ALWAYS, now=clock("2026-11-23 23:00"))
    story.given(opens("1"), take("passport"), take("passport"), calls("1"), later(1.5))
    story.given(acts(c.Recall, "1"), at("2026-11-24 00:00"))
    story.given(opens_day("2026-11-24", ALWAYS))
    assert [story.number(call.ticket) for call in story.hall.calls] == ["A-001"]
    assert story.hall.calls[0].at == clock("2026-11-23 23:59") + MINUTE // 2


def test_receipts_are_carried_for_a_day() -> None:
    """A key of yesterday is still answered; one older than a day is forgotten."""
    story = given(now=clock("2026-11-23 08:00"))
    issued = TicketIssued("A-001", 1, "t", "passport")
    story.record(CHIEF, issued, key="old")
    story.given(at("2026-11-23 12:00"))
    story.record(CHIEF, TicketIssued("A-002", 2, "u", "passport"), key="young")
    story.given(at("2026-11-24 08:00")).given(opens_day("2026-11-24"))
    assert RECEIPTS_KEPT == 24 * 60 * MINUTE
    assert set(story.hall.receipts) == {"young"}
    receipt = story.hall.receipts["young"]
    assert (receipt.first, receipt.count, receipt.digest) == (3, 1, "d")


# Plans --------------------------------------------------------------------------------------


def without(*, service: str = "", counter: str = "") -> Plan:
    """The plan less a service or a counter."""
    services = {k: v for k, v in PLAN.services.items() if k != service}
    counters = {k: v for k, v in PLAN.counters.items() if k != counter}
    return replace(PLAN, services=services, counters=counters)


def test_the_same_plan_changes_nothing() -> None:
    """No event for a plan that is in force."""
    given().when(replans(PLAN)).then()


def test_agencies_come_and_go_while_the_day_goes_on() -> None:
    """What nobody uses is dropped; what is new can be used at once."""
    story = given(replans(without(service="permit", counter="3")))
    assert set(story.hall.counters) == {"1", "2"}
    story.when(take("permit")).refused("unknown_service")
    story.given(replans(PLAN), take("permit"), opens("3"))


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [calls("2")],
        [calls("2"), acts(START, "2")],
        [calls("2"), acts(START, "2"), acts(PARK, "2")],
        [calls("2"), acts(TRANSFER, "2", to_counter="3")],
    ],
    ids=["waiting", "called", "serving", "parked", "sent to a counter"],
)
def test_a_service_that_somebody_waits_for_is_not_dropped(steps: list) -> None:
    """Live tickets keep their service, wherever they are."""
    story = given(opens("2"), take("tax"), *steps)
    story.when(replans(without(service="tax"))).refused(
        "tickets_waiting", "1 people still wait for tax: serve or transfer them first."
    )


@pytest.mark.parametrize(
    "steps",
    [
        [opens("3", BUDI)],
        [opens("3", BUDI), pauses("3", BUDI)],
        [opens("1"), take("passport"), calls("1"), acts(TRANSFER, "1", to_counter="3")],
        [
            opens("1"), take("passport"), calls("1"), acts(TRANSFER, "1", to_counter="3"),
            opens("3", BUDI), calls("3", by=BUDI), acts(START, "3", by=BUDI),
            acts(PARK, "3", by=BUDI), closes("3", BUDI),
        ],
    ],
    ids=["open", "break", "waited for", "parked there"],
)  # fmt: skip
def test_a_counter_in_use_is_not_dropped(steps: list) -> None:
    """Open, on a break, or with somebody who only it can call: it stays."""
    given(*steps).when(replans(without(counter="3"))).refused(
        "counter_in_use", "Loket 3 is in use: close it before taking it out of the catalogue."
    )


def test_who_waited_for_a_dropped_counter_or_service_is_not_reinstated_into_the_void() -> None:
    """Reinstating puts nobody into a line that no counter can ever call from."""
    sent = [opens("1"), take("passport"), calls("1"), acts(TRANSFER, "1", to_counter="3")]
    story = given(*sent, cancel("A-001"), replans(without(counter="3")))
    story.when(reinstate("A-001")).refused("unknown_counter")
    story = given(take("tax"), cancel("B-001"), replans(without(service="tax")))
    story.when(reinstate("B-001")).refused("unknown_service")


def test_credits_of_a_new_plan_rank_everybody_anew() -> None:
    """A class gains, changes or loses its credit: the lines stand by it from then on."""
    story = given(opens("1"), take("passport"), later(5), take("passport", "elder"), later(20))
    story.given(take("passport"))
    first, elder, last = (story.id(f"A-00{n}") for n in (1, 2, 3))
    order = lambda: list(in_order(story.hall, story.hall.counters["1"]))  # noqa: E731
    assert order() == [elder, first, last]
    less = replace(PLAN, priorities={"elder": PriorityPlan("elder", 1 * MINUTE)})
    assert story.given(replans(less))
    assert order() == [first, elder, last]
    none = replace(PLAN, priorities={})
    assert story.given(replans(none))
    assert order() == [first, elder, last]
    assert list(story.hall.line("passport").classes) == [""]
    story.given(replans(PLAN))
    assert order() == [elder, first, last]


def test_a_dropped_counter_still_has_a_name() -> None:
    """A bare plan stands in for a counter that the plan has since dropped."""
    hall = Hall()
    assert hall.place("9") == CounterPlan("9", "9", "")


def test_the_first_day_of_all() -> None:
    """An empty journal: nothing is left over, nothing carried."""
    assert decide(Hall(), c.OpenDay(day="2026-11-23", plan=PLAN), 0) == [
        DayOpened("2026-11-23", PLAN)
    ]


def test_holidays_close_the_hall_and_are_no_working_days() -> None:
    """On a holiday no number is given, the next opening passes it by, and no promise counts it."""
    week = (((480, 930),),) * 5 + ((), ())
    hours = Hours("Asia/Jakarta", week, holidays={"2026-12-24": "Cuti", "2026-12-25": "Natal"})
    assert closes_at(clock("2026-12-24 10:00"), hours) is None
    opens = next_opening(clock("2026-12-23 16:00"), hours)
    assert opens is not None
    assert f"{opens:%Y-%m-%d %H:%M}" == "2026-12-28 08:00"
    assert add_working_days(date(2026, 12, 23), 2, hours) == date(2026, 12, 29)
    always = Hours(always=True, holidays={"2026-12-25": "Natal"})
    assert closes_at(clock("2026-12-25 10:00"), always) is not None
    assert add_working_days(date(2026, 12, 24), 1, always) == date(2026, 12, 28)
