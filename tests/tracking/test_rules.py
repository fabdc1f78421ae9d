"""The rules of tracking: states, codes, promises, what may be written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.core.calendar import is_working_day, local
from queue_server.core.plan import MINUTE, Hours
from queue_server.tracking import codes
from queue_server.tracking.guard import good_file, personal, tidy
from queue_server.tracking.promise import Promise, runs, soon, standing
from queue_server.tracking.states import (
    NEXT,
    OPEN,
    REASONED,
    RUNNING,
    STATES,
    WAY,
    Passed,
    State,
    path,
    reachable,
    standing_of,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
WEEK = ((((480, 930)),),) * 4 + (((480, 690), (780, 930)),) + ((),) * 2
HOURS = Hours("Asia/Jakarta", WEEK, holidays={"2026-12-25": "Natal"})
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE


def ms(text: str) -> int:
    """A time of the hall, as epoch milliseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=JAKARTA).timestamp() * 1000)


MONDAY = ms("2026-11-23 09:00")


# States -----------------------------------------------------------------------------------------

ALLOWED = {
    "diajukan": {"diverifikasi", "dibatalkan"},
    "diverifikasi": {"diproses", "perlu_perbaikan", "ditolak", "dibatalkan"},
    "perlu_perbaikan": {"diverifikasi", "ditolak", "dibatalkan"},
    "diproses": {"disetujui", "perlu_perbaikan", "ditolak", "dibatalkan"},
    "disetujui": {"siap_diambil"},
    "siap_diambil": {"diserahkan"},
}
"""The table once more, by hand."""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_every_state_with_every_next(state: State, to: State) -> None:
    """What the table allows is one step; anything else is none."""
    assert (to in NEXT[state]) == (to in ALLOWED.get(state, set()))
    assert (path(state, to) == (to,)) == (to in ALLOWED.get(state, set()))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_what_lies_between_is_the_main_way(state: State, to: State) -> None:
    """A longer path takes allowed steps only, each state once, and passes no obstacle unasked."""
    way = path(state, to)
    assert bool(way) == (to in reachable(state))
    for one, other in pairwise((state, *way)):
        assert other in NEXT[one]
    assert all(one in WAY for one in way[:-1])
    assert len(set(way)) == len(way)
    assert state not in way


def test_what_has_ended_has_ended() -> None:
    """Handed over, rejected, withdrawn: nothing follows; every other state leads on."""
    assert set(STATES) - OPEN == {"diserahkan", "ditolak", "dibatalkan"}
    assert path("diajukan", "diserahkan") == WAY[1:]
    assert path("diajukan", "ditolak") == ("diverifikasi", "ditolak")
    assert path("perlu_perbaikan", "siap_diambil") == WAY[1:5]
    assert set(reachable("diajukan")) == set(STATES) - {"diajukan"}


@st.composite
def histories(draw: st.DrawFn, least: int = 1) -> tuple[Passed, ...]:
    """Lawful histories over some weeks."""
    now = MONDAY + draw(st.integers(0, 10 * DAY))
    found = [Passed("diajukan", now)]
    for _ in range(draw(st.integers(least - 1, 8))):
        if not NEXT[found[-1].state]:
            break
        now += draw(st.integers(0, 9 * DAY))
        found.append(Passed(draw(st.sampled_from(NEXT[found[-1].state])), now))
    return tuple(found)


@given(histories())
def test_a_correction_takes_back_the_last_step_that_holds(passed: tuple[Passed, ...]) -> None:
    """Move, take back, move: as if the mistake had never been; two corrections take two back."""
    steps = [(one.state, one.at, False) for one in passed]
    wrong: list[tuple[State, int, bool]] = [("ditolak", 0, False), ("diproses", 1, True)]
    assert standing_of([*steps, *wrong]) == passed
    assert standing_of([*steps, wrong[0], wrong[0], wrong[1], wrong[1]]) == passed


# Codes ------------------------------------------------------------------------------------------

BARE = st.text(codes.ALPHABET, min_size=11, max_size=11).map(lambda b: b + codes.check(b))


def test_new_codes_are_readable_and_differ() -> None:
    """Three groups of four of an alphabet without look-alikes; each reads back to itself."""
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500
    for code in made:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert not set(code) & set("ILOU")
        assert codes.read(code) == code


@given(BARE, st.data())
def test_one_wrong_character_is_noticed(bare: str, data: st.DataObject) -> None:
    """Wherever it stands, whatever it is."""
    at = data.draw(st.integers(0, 11))
    other = data.draw(st.sampled_from(codes.ALPHABET.replace(bare[at], "")))
    assert codes.read(bare) == codes.grouped(bare)
    assert codes.read(bare[:at] + other + bare[at + 1 :]) == ""


@given(BARE, st.integers(0, 11), st.integers(0, 11))
def test_two_exchanged_characters_are_noticed(bare: str, one: int, other: int) -> None:
    """Side by side or far apart."""
    swapped = list(bare)
    swapped[one], swapped[other] = bare[other], bare[one]
    assert (codes.read("".join(swapped)) == "") == (bare[one] != bare[other])


@given(BARE, st.sampled_from(["{}", " {} ", "{}\n"]), st.sampled_from(["", " ", "-", ".", "–"]))
def test_typing_is_forgiven(bare: str, around: str, between: str) -> None:
    """Small letters, spaces, dashes; O for 0, I and L for 1, U for V."""
    typed = around.format(between.join((bare[:4], bare[4:8], bare[8:]))).lower()
    for wrong, right in (("o", "0"), ("i", "1"), ("l", "1"), ("u", "v")):
        assert codes.read(typed.replace(right, wrong)) == codes.grouped(bare)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    """Nothing breaks; what is read is in its one spelling."""
    code = codes.read(typed)
    assert code == "" or codes.read(code) == code


# Promises ---------------------------------------------------------------------------------------


def due(promise: Promise, passed: tuple[Passed, ...], now: int) -> tuple[str, bool, int, int]:
    """(last moment, late, late days, days left) in the hall's time."""
    found = standing(promise, passed, now, HOURS)
    last = f"{local(found.due - 1, HOURS):%m-%d %H:%M}" if found.due else ""
    return last, found.late, found.late_days, found.left


def story(*steps: tuple[State, str]) -> tuple[Passed, ...]:
    return tuple(Passed(state, ms(at)) for state, at in steps)


@pytest.mark.parametrize(
    ("days", "registered", "last"),
    [
        (1, "2026-11-23 09:00", "11-24 23:59"),  # Monday: Tuesday
        (1, "2026-11-27 15:00", "11-30 23:59"),  # Friday: Monday
        (3, "2026-11-28 10:00", "12-02 23:59"),  # Saturday, by a program: the third day from it
        (2, "2026-12-23 09:00", "12-28 23:59"),  # Christmas, a Friday, does not count
        (28, "2026-11-23 09:00", "01-01 23:59"),
    ],
)
def test_working_days_count_from_the_day_after(days: int, registered: str, last: str) -> None:
    """Weekends and holidays don't; the due day lasts to its end."""
    passed = story(("diajukan", registered))
    assert due(Promise(days), passed, ms(registered)) == (last, False, 0, 0)


def test_time_stands_still_while_papers_are_missing() -> None:
    """Three days promised on Monday, stopped on Tuesday, back a week later: two more days."""
    asked = story(
        ("diajukan", "2026-11-23 09:00"), ("diverifikasi", "2026-11-23 11:00"),
        ("perlu_perbaikan", "2026-11-24 10:00"),
    )  # fmt: skip
    stopped = standing(Promise(3), asked, ms("2026-12-20 09:00"), HOURS)
    assert (stopped.clock, stopped.due, stopped.late, stopped.left) == ("stopped", 0, False, 2)
    back = (*asked, Passed("diverifikasi", ms("2026-12-01 09:00")))
    assert due(Promise(3), back, ms("2026-12-01 09:00")) == ("12-03 23:59", False, 0, 0)
    assert due(Promise(3), back, ms("2026-12-07 09:00")) == ("12-03 23:59", True, 2, 0)


def test_stopped_on_its_last_day_it_has_that_day_again() -> None:
    """Papers that come back on a holiday give the next working day."""
    asked = story(("diajukan", "2026-11-23 09:00"), ("perlu_perbaikan", "2026-11-24 15:00"))
    for back, last in (("2026-12-01 09:00", "12-01 23:59"), ("2026-12-25 09:00", "12-28 23:59")):
        again = (*asked, Passed("diverifikasi", ms(back)))
        assert due(Promise(1), again, ms(back)) == (last, False, 0, 0)


def test_a_broken_promise_stays_broken() -> None:
    """Stopped after it was late: the days that it waits for papers are not the agency's."""
    passed = story(
        ("diajukan", "2026-11-23 09:00"), ("perlu_perbaikan", "2026-11-26 09:00"),
        ("diverifikasi", "2026-12-10 09:00"),
    )  # fmt: skip
    assert due(Promise(1), passed[:2], ms("2026-12-09 09:00")) == ("11-24 23:59", True, 2, 0)
    assert due(Promise(1), passed, ms("2026-12-11 09:00")) == ("11-24 23:59", True, 3, 0)


def test_what_is_ready_is_not_late_any_more() -> None:
    """The clock ends with ready, rejected or withdrawn; what it said then stays said."""
    for end in ("siap_diambil", "ditolak"):
        in_time = story(("diajukan", "2026-11-23 09:00"), (end, "2026-11-24 15:00"))
        assert due(Promise(1), in_time, ms("2027-03-01 09:00")) == ("11-24 23:59", False, 0, 0)
        late = story(("diajukan", "2026-11-23 09:00"), (end, "2026-11-27 15:00"))
        assert due(Promise(1), late, ms("2027-03-01 09:00")) == ("11-24 23:59", True, 3, 0)


@pytest.mark.parametrize(
    ("minutes", "registered", "last"),
    [
        (30, "2026-11-23 09:00", "11-23 09:29"),
        (60, "2026-11-23 15:00", "11-24 08:29"),
        (60, "2026-11-27 11:00", "11-27 13:29"),  # the prayer break
        (60, "2026-11-28 11:00", "11-30 08:59"),
    ],
)
def test_minutes_count_while_the_hall_is_open(minutes: int, registered: str, last: str) -> None:
    """Over the evening, the Friday break, the weekend."""
    passed = story(("diajukan", registered))
    found = due(Promise(minutes=minutes), passed, ms(registered))
    assert found == (last, False, 0, 0)


def test_minutes_stand_still_too() -> None:
    """Twenty of thirty used, then papers: ten are left."""
    passed = story(
        ("diajukan", "2026-11-23 09:00"), ("perlu_perbaikan", "2026-11-23 09:20"),
        ("diverifikasi", "2026-11-23 14:00"),
    )  # fmt: skip
    assert due(Promise(minutes=30), passed, ms("2026-11-23 14:05"))[:2] == ("11-23 14:09", False)
    assert due(Promise(minutes=30), passed, ms("2026-11-23 14:10"))[:2] == ("11-23 14:09", True)


def test_without_a_published_duration_nothing_is_promised() -> None:
    """Never due, never late."""
    passed = story(("diajukan", "2026-11-23 09:00"))
    assert standing(Promise(), passed, ms("2030-01-01 09:00"), HOURS).clock == "none"


@given(histories(), st.integers(1, 40), st.integers(0, 60 * DAY))
def test_promises_hold_together(passed: tuple[Passed, ...], days: int, after: int) -> None:
    """The due day is a working day; the agency has had its days before it; once late, always
    late; nothing is due while it stands still unbroken."""
    now = passed[-1].at + after
    found = standing(Promise(days), passed, now, HOURS)
    later = standing(Promise(days), passed, now + 5 * DAY, HOURS)
    assert later.late >= found.late
    assert later.late_days >= found.late_days
    assert later.due == found.due
    if found.due:
        day = local(found.due - 1, HOURS).date()
        assert is_working_day(day, HOURS)
        own = own_days(passed, day)
        assert own == days or (own < days and passed[-1].state not in RUNNING)
    else:
        assert found.clock == "stopped"
        assert 0 <= found.left <= days
        assert not found.late


def own_days(passed: tuple[Passed, ...], until: date) -> int:
    """Working days of the agency's turn up to a date, counted day by day."""
    count = 0
    for number, run in enumerate(runs(passed)):
        first = local(run.start, HOURS).date()
        last = min(local(run.end, HOURS).date() if run.end else until, until)
        day = first
        while day < last:
            day += timedelta(days=1)
            count += is_working_day(day, HOURS)
        # The due day itself came back with the papers, on the day that they did.
        if number and first == until:
            return count + (count < 1)
    return count


@given(st.integers(0, 30 * DAY), st.integers(0, 10))
def test_soon_is_the_end_of_a_day(after: int, days: int) -> None:
    """In the hall's time, not before now."""
    end = soon(MONDAY + after, days, HOURS)
    assert end > MONDAY + after
    assert local(end, HOURS).strftime("%H:%M") == "00:00"


# What may be written ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "NIK 1801010203040005", "1801 0102 0304 0005", "1801.0102.0304.0005",
        "hubungi 081234567890", "+62 812-3456-7890", "62 812 3456 7890", "0812 3456 789",
        "rekening 123456789", "kirim ke budi@contoh.id", "١٨٠١٠١٠٢٠٣٠٤٠٠٠٥", "telp 0721123456",
    ],
)  # fmt: skip
def test_numbers_of_people_are_noticed(text: str) -> None:
    """However they are spaced, in whatever digits."""
    assert personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Foto KTP buram, unggah ulang", "Survei lokasi 12/12/2026 pukul 09.00", "Rp350.000",
        "Lampirkan PBB 2025 dan 2026", "Pasal 12 ayat 3, PP 16/2021", "08.12.2026", "3 x 4 cm", "",
        "Biaya Rp1.000.000 belum dibayar; batas 24-12-2026 15.30",
    ],
)  # fmt: skip
def test_ordinary_reasons_pass(text: str) -> None:
    """Dates, amounts, articles of law."""
    assert not personal(text)


def test_file_numbers() -> None:
    """As agencies write them; no NIK, no phone, no markup."""
    for good in ("503/0012/PBG/2026", "470-12.3", "A1", "IMB 12/2026"):
        assert good_file(good)
    for bad in ("", " 12", "1801010203040005", "0812-3456-7890", "<b>", "x" * 41, "=1+1", "12\n"):
        assert not good_file(bad)
    assert tidy(" a\n\tb\u200b c ") == "a b c"


def test_reasons_are_owed_where_the_citizen_has_to_act() -> None:
    assert {"perlu_perbaikan", "ditolak"} == REASONED
