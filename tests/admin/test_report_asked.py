"""What a report is asked: any address is a question, and periods are whole, next to each other."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from admin.report_asked import (
    KINDS,
    NUMBERED,
    Asked,
    asked_of,
    compared,
    turned,
    until,
    whole,
)

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
ASKED = st.builds(
    lambda kind, day, more, against: Asked(
        period=kind, day="" if kind == "dates" else day.isoformat(),
        since=day.isoformat() if kind == "dates" else "",
        until=(day + timedelta(days=more)).isoformat() if kind == "dates" else "",
        by="agency", against=against,
    ),
    st.sampled_from(KINDS), DAYS, st.integers(0, 400), st.sampled_from(["", "before", "year"]),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["period", "day", "since", "until", "by", "agency", "hour"]),
                       st.text(max_size=12)), DAYS)  # fmt: skip
def test_any_address_is_a_question(given: dict[str, str], today: date) -> None:
    """Nonsense is left out: there is always a span, and the address of what was understood is
    understood the same."""
    asked = asked_of(lambda name: given.get(name, ""), today)
    span = whole(asked)
    assert span.first <= span.last
    again = dict(parse_qsl(asked.query))
    assert asked_of(lambda name: again.get(name, ""), today) == asked
    assert asked.narrowed("agency", "").filter("hour") in ("", *NUMBERED["hour"])


@given(ASKED)
def test_periods_stand_next_to_each_other(asked: Asked) -> None:
    """The one before ends on the eve; the one after it is the period itself again."""
    before = turned(asked, -1)
    assert whole(before).last + timedelta(days=1) == whole(asked).first
    assert whole(turned(before, 1)) == whole(asked)


@given(ASKED, DAYS)
def test_a_period_that_goes_on_is_compared_with_as_many_days(asked: Asked, today: date) -> None:
    """November until the 12th is held against the first twelve days of October; a whole period
    against a whole one; and what it is compared with never overlaps a year on."""
    other = compared(asked, today)
    if not asked.against:
        assert other is None
        return
    assert other is not None
    own, passed = whole(asked), until(whole(asked), today)
    assert other.first < own.first
    if passed != own:
        assert other.days <= passed.days
    elif asked.period in ("day", "week", "dates"):
        assert other.days == own.days
    if asked.against == "year" and asked.period in ("day", "week"):
        assert other.first.weekday() == own.first.weekday()


def test_months_and_quarters_by_the_calendar() -> None:
    """By hand: a leap February, the last quarter, the year before."""
    asked = Asked("month", day="2028-02-11", against="before")
    assert (whole(asked).last, whole(asked).days) == (date(2028, 2, 29), 29)
    assert compared(asked, date(2028, 2, 10)) == whole(
        Asked("dates", since="2028-01-01", until="2028-01-10")
    )
    quarter = Asked("quarter", day="2026-11-25", against="year")
    assert whole(quarter).first == date(2026, 10, 1)
    assert compared(quarter, date(2027, 1, 1)) == whole(Asked("quarter", day="2025-12-31"))
    assert turned(Asked("year", day="2026-05-05"), -1).day == "2025-01-01"


def test_dates_that_are_a_whole_month_are_that_month() -> None:
    """What the form sends for a month that is looked at stays a month; others stay dates."""

    def read(since: str, until: str) -> str:
        given = {"period": "dates", "since": since, "until": until}
        return asked_of(lambda name: given.get(name, ""), date(2026, 11, 25)).period

    assert read("2026-11-01", "2026-11-30") == "month"
    assert read("2026-11-23", "2026-11-29") == "week"
    assert read("2026-12-31", "2026-01-01") == "year"
    assert read("2026-11-25", "2026-11-25") == "day"
    assert read("2026-11-02", "2026-11-30") == "dates"
