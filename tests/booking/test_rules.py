"""Sessions, their places and the check-in window: rules, from real and from invented days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.booking.places import Taken, day_of, days_of
from queue_server.booking.rules import (
    Key,
    Terms,
    find_session,
    sessions_on,
    terms_of,
    timing,
    trouble_with,
    window,
)
from queue_server.catalogue import BookingRules, Catalogue, CatalogueError
from queue_server.config import BookingSection
from queue_server.core.calendar import spans_on
from queue_server.core.plan import MINUTE, Hours
from tests.core.story import clock
from tests.hall import catalogue as mall
from tests.web.house import catalogue as small

WEEKDAY = ((480, 930),)
HOURS = Hours(
    week=(WEEKDAY, WEEKDAY, WEEKDAY, WEEKDAY, ((480, 690), (780, 930)), (), ()),
    holidays={"2026-12-25": "Hari Raya Natal"},
)
"""08:00-15:30, on Fridays with the prayer break; closed at Christmas."""
TUESDAY = clock("2026-11-24 09:41")
HALL = BookingSection(open=True, session_minutes=60, quota=4)


def terms(**more: Any) -> Terms:
    base = Terms(
        service="ktp", agency="dukcapil", pool="dukcapil", open=True, remote=False, spans=(),
        length=60, quota=4, weekdays=tuple(range(7)), closed=(), horizon=14, lead=60, cutoff=None,
    )  # fmt: skip
    return replace(base, **more)


def ruled(agency: BookingRules | None, service: BookingRules | None) -> Catalogue:
    """The small catalogue with rules on Dukcapil and on its ktp."""
    document = small().document
    agencies = tuple(
        replace(one, booking=agency) if one.id == "dukcapil" else one for one in document.agencies
    )
    services = tuple(
        replace(one, booking=service) if one.id == "ktp" else one for one in document.services
    )
    return Catalogue(replace(document, agencies=agencies, services=services))


def times(day: str, of: Terms) -> list[str]:
    sessions = sessions_on(of, date.fromisoformat(day), HOURS)
    return [
        f"{s.key.start // 60:02}:{s.key.start % 60:02}-{s.end // 60:02}:{s.end % 60:02}"
        for s in sessions
    ]


def test_the_hall_s_hours_are_cut_into_sessions() -> None:
    """Whole pieces of an hour; the half hour that is left is for those who walk in."""
    assert times("2026-11-24", terms())[:2] == ["08:00-09:00", "09:00-10:00"]
    assert times("2026-11-24", terms())[-1] == "14:00-15:00"


def test_no_session_runs_through_the_friday_prayer() -> None:
    """Cut or written down: on Fridays nothing lies between 11:30 and 13:00."""
    assert times("2026-11-27", terms()) == [
        "08:00-09:00", "09:00-10:00", "10:00-11:00", "13:00-14:00", "14:00-15:00",
    ]  # fmt: skip
    written = terms(spans=((480, 600), (600, 720), (780, 900)))
    assert times("2026-11-24", written) == ["08:00-10:00", "10:00-12:00", "13:00-15:00"]
    assert times("2026-11-27", written) == ["08:00-10:00", "13:00-15:00"]


def test_no_session_on_holidays_weekends_other_weekdays_and_closed_dates() -> None:
    """Christmas, a Sunday, a Tuesday of an agency that comes on Mondays, a date it is away."""
    assert times("2026-12-25", terms()) == []
    assert times("2026-11-29", terms()) == []
    assert times("2026-11-24", terms(weekdays=(0,))) == []
    assert times("2026-11-24", terms(closed=(date(2026, 11, 24),))) == []
    assert times("2026-11-23", terms(weekdays=(0,))) != []


@pytest.mark.parametrize(
    ("day", "start", "of", "wanted"),
    [
        ("2026-11-24", 660, terms(), ""),
        ("2026-11-24", 600, terms(), "late"),  # 10:00 is less than an hour away
        ("2026-11-24", 600, terms(lead=0), ""),
        ("2026-11-24", 540, terms(lead=0), "late"),  # it has begun
        ("2026-12-08", 480, terms(), ""),
        ("2026-12-09", 480, terms(), "far"),
        ("2026-11-25", 480, terms(cutoff=9 * 60), "late"),
        ("2026-11-25", 480, terms(cutoff=10 * 60), ""),
        ("2026-11-25", 480, terms(open=False), "closed"),
    ],
)
def test_what_can_be_booked_now(day: str, start: int, of: Terms, wanted: str) -> None:
    """On Tuesday at 09:41: lead time, horizon, the cut-off of the day before, walk-in only."""
    session = find_session(terms(), day, start, HOURS)
    assert session is not None
    assert trouble_with(of, session, HOURS, TUESDAY) == wanted


def test_a_service_shares_its_agency_s_places_unless_it_has_its_own() -> None:
    """One pool for an agency; sessions, length or quota of its own make a service's pool."""
    both = ruled(BookingRules(quota=9, minutes=30, lead_minutes=5), None)
    ktp, kk = (terms_of(both, HALL, name) for name in ("ktp", "kk"))
    assert (ktp.pool, kk.pool, ktp.quota, ktp.length, ktp.lead) == ("dukcapil",) * 2 + (9, 30, 5)
    weekdays_only = ruled(BookingRules(quota=9), BookingRules(weekdays=("monday",)))
    assert terms_of(weekdays_only, HALL, "ktp").pool == "dukcapil"
    assert terms_of(weekdays_only, HALL, "ktp").weekdays == (0,)
    apart = ruled(BookingRules(quota=9, sessions=("08:00-12:00",)), BookingRules(minutes=20))
    ktp = terms_of(apart, HALL, "ktp")
    assert (ktp.pool, ktp.spans, ktp.length, ktp.quota) == ("dukcapil/ktp", (), 20, 9)
    assert terms_of(apart, HALL, "kk").spans == ((480, 720),)


def test_who_can_be_booked_at_all() -> None:
    """A table opens unless it says no; without one the hall decides; one switch ends all."""
    shut = BookingSection(open=False)
    assert not terms_of(ruled(None, None), shut, "ktp").open
    assert terms_of(ruled(None, None), HALL, "ktp").open
    assert terms_of(ruled(BookingRules(), None), shut, "ktp").open
    assert terms_of(ruled(None, BookingRules()), shut, "ktp").open
    assert not terms_of(ruled(None, BookingRules()), shut, "kk").open
    assert not terms_of(ruled(BookingRules(), BookingRules(open=False)), HALL, "ktp").open
    assert not terms_of(ruled(BookingRules(), None), BookingSection(enabled=False), "ktp").open
    assert terms_of(ruled(BookingRules(remote=True), None), shut, "kk").remote
    assert not terms_of(ruled(BookingRules(), None), shut, "kk").remote


def test_a_catalogue_with_bad_sessions_is_refused() -> None:
    """Overlapping sessions, and times that are none, are named with their place."""
    with pytest.raises(CatalogueError, match=r"agency dukcapil: booking\.sessions: .*order"):
        ruled(BookingRules(sessions=("08:00-10:00", "09:00-11:00")), None)
    with pytest.raises(CatalogueError, match=r"service ktp: booking\.sessions"):
        ruled(None, BookingRules(sessions=("pagi",)))


def test_the_mall_s_rules_make_sense() -> None:
    """Every service of MPP Lampung Selatan that can be booked has a session in the next days."""
    found = mall()
    open_services = []
    for service in found.services:
        of = terms_of(found, BookingSection(), service)
        if of.open:
            open_services.append(service)
            assert any(day.free for day in days_of(of, HOURS, TUESDAY, Taken())), service
    assert {"paspor", "skck", "ktp-el-rekam"} <= set(open_services)
    assert "sim-a-baru" not in open_services


def test_a_day_shows_what_is_free_full_late_and_closed() -> None:
    """Four states, and a holiday by its name."""
    key = Key("dukcapil", "2026-11-24", 660)
    places = {key: 4, replace(key, start=720): 1}
    taken = Taken(places, {replace(key, start=780): 0})
    shown = day_of(terms(), date(2026, 11, 24), HOURS, TUESDAY, taken)
    assert [slot.state for slot in shown.slots] == [
        "late", "late", "late", "full", "free", "closed", "free",
    ]  # fmt: skip
    assert shown.slots[4].free == 3
    assert shown.free == 7
    christmas = day_of(terms(), date(2026, 12, 25), HOURS, TUESDAY, Taken())
    assert (christmas.holiday, christmas.slots) == ("Hari Raya Natal", ())


@pytest.mark.parametrize(
    ("now", "wanted", "edge"),
    [
        ("2026-11-24 09:29", "early", "2026-11-24 09:30"),
        ("2026-11-24 09:30", "now", "2026-11-24 09:30"),
        ("2026-11-24 11:15", "now", "2026-11-24 09:30"),
        ("2026-11-24 11:16", "late", "2026-11-24 11:15"),
        ("2026-11-23 10:00", "ahead", "2026-11-24 10:00"),
        ("2026-11-25 10:00", "past", "2026-11-24 10:00"),
    ],
)
def test_the_window_of_the_check_in(now: str, wanted: str, edge: str) -> None:
    """A session 10:00-11:00: from half an hour before to a quarter of an hour after its end."""
    begins, ends = clock("2026-11-24 10:00"), clock("2026-11-24 11:00")
    found = timing(begins, ends, HALL, HOURS, clock(now))
    assert found == (wanted, clock(edge))


@pytest.mark.parametrize(
    ("begins", "ends", "wanted"),
    [
        ("2026-11-24 08:00", "2026-11-24 09:00", ("2026-11-24 08:00", "2026-11-24 09:15")),
        ("2026-11-24 08:15", "2026-11-24 09:00", ("2026-11-24 08:00", "2026-11-24 09:15")),
        ("2026-11-27 13:00", "2026-11-27 14:00", ("2026-11-27 13:00", "2026-11-27 14:15")),
        ("2026-11-27 10:30", "2026-11-27 11:30", ("2026-11-27 10:00", "2026-11-27 11:30")),
        ("2026-11-24 14:30", "2026-11-24 15:30", ("2026-11-24 14:00", "2026-11-24 15:30")),
    ],
)
def test_nobody_is_sent_to_a_closed_kiosk(begins: str, ends: str, wanted: tuple[str, str]) -> None:
    """Before opening, in the Friday break, after closing no number is given: the window that the
    booking's page tells leaves that out."""
    told = window(clock(begins), clock(ends), HALL, HOURS)
    assert told == tuple(map(clock, wanted))


spans = st.lists(st.integers(0, 287), min_size=2, max_size=8, unique=True).map(
    lambda marks: tuple(
        (a * 5, b * 5) for a, b in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False)
    )
)
weeks = st.tuples(*[st.one_of(st.just(()), spans)] * 7)
dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(
    week=weeks, day=dates, length=st.integers(5, 240), written=st.one_of(st.just(()), spans),
    holidays=st.sets(dates, max_size=3), closed=st.sets(dates, max_size=3),
    weekdays=st.sets(st.integers(0, 6)).map(tuple),
)  # fmt: skip
def test_sessions_lie_within_the_hall_s_openings(
    week: Any, day: date, length: int, written: Any, holidays: set[date], closed: set[date],
    weekdays: tuple[int, ...],
) -> None:  # fmt: skip
    """In order, disjoint, each within one opening, as long as promised, never on a closed day."""
    hours = Hours(week=week, holidays={one.isoformat(): "libur" for one in holidays})
    of = terms(length=length, spans=written, weekdays=weekdays, closed=tuple(closed))
    sessions = sessions_on(of, day, hours)
    if day in holidays or day in closed or day.weekday() not in weekdays:
        assert sessions == ()
    previous = -1
    for one in sessions:
        assert previous <= one.key.start < one.end
        assert any(a <= one.key.start and one.end <= b for a, b in spans_on(day, hours))
        assert (one.key.start, one.end) in written or one.end - one.key.start == length
        assert one.ends - one.begins == (one.end - one.key.start) * MINUTE
        previous = one.end


@given(
    week=weeks, now=st.integers(TUESDAY, TUESDAY + 400 * 24 * 60 * MINUTE),
    horizon=st.integers(0, 30), lead=st.integers(0, 3000), quota=st.integers(1, 9),
    cutoff=st.one_of(st.none(), st.integers(0, 1439)), data=st.data(),
)  # fmt: skip
def test_nothing_free_is_past_far_or_full(
    week: Any, now: int, horizon: int, lead: int, quota: int, cutoff: int | None, data: Any
) -> None:
    """What a day offers as free can be booked: ahead by the lead time, within the horizon."""
    hours = Hours(week=week)
    of = terms(horizon=horizon, lead=lead, quota=quota, cutoff=cutoff)
    keys = [s.key for d in days_of(of, hours, now, Taken()) for s in (x.session for x in d.slots)]
    places = {key: data.draw(st.integers(0, quota + 1)) for key in keys[:5]}
    for shown in days_of(of, hours, now, Taken(places)):
        for slot in shown.slots:
            one = slot.session
            assert slot.free == max(0, quota - places.get(one.key, 0))
            if slot.state == "free":
                assert slot.free
                assert trouble_with(of, one, hours, now) == ""
                assert one.begins >= now + lead * MINUTE
                assert shown.date - date.fromtimestamp(now / 1000) <= timedelta(days=horizon + 1)
