from __future__ import annotations

from datetime import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from displays import words
from displays.screen import PAGE, SLIDE, screen, slides
from displays.views import Called
from queue_server.catalogue import Text
from queue_server.config import Config, DisplaysSection, LanguagesSection, ZoneSection
from queue_server.core import commands as c

from .day import Day, at, catalogue


def test_a_board_shows_the_newest_call_and_the_ones_before() -> None:
    """`now` is the newest call of the zone, `history` the rest, newest first."""
    day = Day()
    day.issue("s0", "s0", "s0")
    calls = [day.call("1"), day.call("2"), day.call("1")]
    board = day.board("a")
    assert board.now is not None
    assert (board.now.call, board.now.number, board.now.counter_number) == (calls[2], "AA-003", 1)
    assert [call.call for call in board.history] == [calls[1], calls[0]]
    assert board.now.agency == "D0"


def test_a_zone_shows_its_own_counters_and_the_hall_all() -> None:
    """A call belongs to the zone that its counter stands in, whatever its service."""
    day = Day()
    day.issue("s1", "s1")
    here, there = day.call("2"), day.call("info")
    assert [call.call for call in _calls(day, "a")] == [here]
    assert [call.call for call in _calls(day, "b")] == [there]
    assert [call.call for call in _calls(day, "hall")] == [there, here]


def test_a_ticket_that_waits_again_is_not_shown_as_called() -> None:
    """Nobody is sent to a counter by a call that was taken back."""
    day = Day()
    day.issue("s0")
    day.call("1")
    day.do(c.ReturnTicket(counter="1", ticket=day.current("1")))
    board = day.board("a")
    assert (board.now, board.history, board.waiting_total) == (None, (), 1)


def test_a_recall_is_a_new_call_of_the_same_number() -> None:
    """It comes to the top, and stands once."""
    day = Day()
    day.issue("s0", "s0")
    day.call("1")
    day.call("2")
    again = day.do(c.Recall(counter="1", ticket=day.current("1")))[0].id
    assert (_calls(day, "a")[0].call, _calls(day, "a")[0].number) == (again, "AA-001")
    assert len(_calls(day, "a")) == 2


def test_history_is_as_long_as_configured() -> None:
    """`displays.history` counts the calls beside the one now."""
    day = Day(config=Config(displays=DisplaysSection(history=2)))
    day.issue(*["s0"] * 6)
    for _ in range(6):
        day.call("1")
    assert len(day.board("a").history) == 2


def test_waiting_counts_by_agency_in_the_catalogues_order() -> None:
    """A service given in two zones waits on both boards; each agency keeps its place."""
    day = Day()
    day.issue("s1", "s0", "s0")
    assert [(row.short, row.count) for row in day.board("a").waiting] == [("D0", 2), ("D1", 1)]
    assert [(row.short, row.count) for row in day.board("b").waiting] == [("D1", 1)]
    assert day.board("hall").waiting_total == 3


def test_a_ticket_sent_to_one_counter_waits_in_that_counters_zone() -> None:
    """It counts for its own agency, and for no other zone."""
    day = Day()
    day.issue("s0")
    day.call("1")
    ticket = day.current("1")
    day.do(c.StartService(counter="1", ticket=ticket))
    day.do(c.TransferTicket(counter="1", ticket=ticket, to_counter="info"))
    assert [(row.agency, row.count) for row in day.board("b").waiting] == [("agency-0", 1)]
    assert day.board("a").waiting == ()
    assert day.board("hall").waiting_total == 1


def test_hours_and_who_is_left() -> None:
    """After hours a board is closed, unless somebody still waits or stands at a counter."""
    day = Day(now=at("2026-11-23 15:29"))
    (ticket,) = day.issue("s0")
    assert (day.board("a").open, day.board("a").closes_at) == (True, "2026-11-23T15:30:00+07:00")
    day.now = at("2026-11-23 15:30")
    late = day.board("a")
    assert (late.open, late.busy, late.opens_at) == (False, True, "2026-11-24T08:00:00+07:00")
    assert not screen(late, day.config).closed
    day.do(c.CancelTicket(ticket=ticket))
    assert screen(day.board("a"), day.config).closed


def test_a_hall_that_is_always_open_never_closes() -> None:
    """No closing time is told, so that no board closes itself at midnight."""
    config = msgspec.convert({"hours": {"always": True}}, Config)
    board = Day(config=config, now=at("2026-11-23 23:59")).board("a")
    assert (board.open, board.closes_at) == (True, None)


def test_the_zones_own_running_text_comes_first() -> None:
    """Each language falls back on its own to the hall's."""
    hall = DisplaysSection(running_text="Hai", running_text_en="Hello")
    day = Day(config=Config(displays=hall, zones={"a": ZoneSection(running_text="Zona")}))
    assert day.board("a").running_text == Text("Zona", "Hello")
    assert day.board("b").running_text == Text("Hai", "Hello")


def test_counters_open_are_counted() -> None:
    """A break is not open."""
    day = Day()
    day.do(c.OpenCounter(counter="1"))
    day.do(c.OpenCounter(counter="2"))
    day.do(c.PauseCounter(counter="2"))
    board = day.board("a")
    assert (board.counters_open, board.counters_total) == (1, 2)


def test_a_counter_without_a_number_is_shown_by_its_name() -> None:
    """The place word is left out: the name says it."""
    day = Day()
    day.issue("s1")
    day.call("info")
    line = screen(day.board("b"), day.config).lines[0]
    assert (line.named, line.desk.id, line.place.id) == (True, "Ruang Informasi", "")


def test_dates_and_times_in_both_languages() -> None:
    """As an Indonesian writes them, and as a visitor reads them."""
    shown = screen(Day(now=at("2026-11-23 10:42")).board("a"), Config())
    assert shown.date == Text("Senin, 23 November 2026", "Monday, 23 November 2026")
    assert words.clock(_moment("2026-11-23T10:42:07+07:00")) == Text("10.42", "10:42")


def test_the_scripts_names_are_those_of_the_server() -> None:
    """What the script counts by index is what Babel writes."""
    for month in range(1, 13):
        for day in range(1, 8):
            moment = _moment(f"2026-{month:02}-{day:02}T00:00:00+07:00")
            for language in ("id", "en"):
                weekday = words.DAYS.of(language).split()[(moment.weekday() + 1) % 7]
                name = words.MONTHS.of(language).split()[month - 1]
                assert words.date(moment).of(language) == f"{weekday}, {day} {name} 2026"


def test_one_language_is_shown_alone() -> None:
    """`languages.pages` decides which and in what order."""
    shown = screen(Day().board("a"), Config(languages=LanguagesSection(pages=("en",))))
    assert (shown.first, shown.second) == ("en", "")


@pytest.mark.parametrize(
    ("agencies", "pages"), [(0, []), (5, [5]), (9, [5, 4]), (25, [7, 7, 7, 4])]
)
def test_waiting_agencies_are_shown_in_even_pages(agencies: int, pages: list[int]) -> None:
    """None, a few, or more than a line of letters for 10 m holds."""
    day = Day(catalogue(max(2, agencies)))
    day.issue(*[f"s{i}" for i in range(agencies)])
    shown = screen(day.board("hall"), day.config)
    assert [len(page) for page in shown.pages] == pages
    assert all(size <= PAGE for size in pages)


def test_the_state_of_a_whole_hall_stays_small() -> None:
    """29 agencies waiting and the usual history: no more than 5 kB, and 12 kB with its picture."""
    day = Day(catalogue(29))
    day.issue(*[f"s{i}" for i in range(29)] * 2)
    for _ in range(12):
        day.call("3")
    assert len(msgspec.json.encode(day.board("hall"))) < 5000


@given(st.lists(st.text("abc.! ", min_size=1, max_size=60), max_size=12).map(" ".join))
@settings(max_examples=200)
def test_running_text_is_cut_into_lines_that_lose_nothing(text: str) -> None:
    """Every word stays, in order; a line holds at most SLIDE characters, unless one word does."""
    cut = [slide.id for slide in slides(Text(text, ""))]
    assert " ".join(cut).split() == text.split()
    assert all(len(line) <= SLIDE or " " not in line for line in cut)


def _calls(day: Day, zone: str) -> list[Called]:
    board = day.board(zone)
    return [board.now, *board.history] if board.now else []


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_long_sentence_leaves_no_lonely_word() -> None:
    """It is cut into parts of nearly equal length."""
    text = (
        "Pengambilan dokumen yang sudah selesai dilayani di Loket Pengambilan mulai pukul sembilan"
    )
    shown = [one.id for one in slides(Text(f"{text} pagi sampai sore. Terima kasih.", ""))]
    assert " ".join(shown) == f"{text} pagi sampai sore. Terima kasih."
    assert all(len(one) <= 105 for one in shown)
    assert min(map(len, shown)) > 40
