"""A counter's own screen, and the calls that the second of two screens has room for."""

from __future__ import annotations

from displays.door import Door, door, door_screen
from queue_server.catalogue import Text
from queue_server.config import Config, DisplaysSection
from queue_server.core import commands as c

from .day import Day


def shown(day: Day, counter: str) -> Door:
    return door(day.hall, day.catalogue, day.config, counter, day.now)


def said(day: Day, counter: str) -> Text:
    return door_screen(shown(day, counter), day.config, "a").said


def test_a_door_shows_its_counter_from_closed_to_served() -> None:
    """Closed, open, called, serving, open again: the number and nothing of a person."""
    day = Day()
    assert (shown(day, "1").state, said(day, "1").en) == ("closed", "Closed")
    day.do(c.OpenCounter(counter="1"))
    assert said(day, "1").id == "Silakan tunggu nomor Anda dipanggil"
    day.issue("s0")
    call = day.call("1")
    here = shown(day, "1")
    assert here.now is not None
    assert (here.now.call, here.now.number, here.serving) == (call, "AA-001", False)
    assert said(day, "1").en == "Please come in"
    day.do(c.StartService(counter="1", ticket=day.current("1")))
    assert (shown(day, "1").serving, said(day, "1").en) == (True, "Now being served")
    day.do(c.FinishService(counter="1", ticket=day.current("1")))
    assert shown(day, "1").now is None


def test_a_break_says_until_when() -> None:
    """If the operator said so."""
    day = Day()
    day.do(c.OpenCounter(counter="1"))
    day.do(c.PauseCounter(counter="1", until=day.now + 30 * 60_000))
    found = shown(day, "1")
    assert (found.state, found.until) == ("break", "2026-11-23T09:30:02+07:00")
    assert said(day, "1") == Text("Istirahat sampai pukul 09.30", "On a break until 09:30")


def test_a_door_knows_nothing_of_its_neighbour() -> None:
    """A call next door changes nothing here."""
    day = Day()
    day.issue("s0")
    day.call("2")
    assert shown(day, "1").now is None


def test_a_counter_without_a_number_shows_its_name() -> None:
    """And the agencies that it serves, each once."""
    day = Day()
    found = door_screen(shown(day, "info"), day.config, "b")
    assert (found.place.id, found.desk.id) == ("", "Ruang Informasi")
    assert [name.id for name in shown(day, "2").agencies] == ["Dinas 0", "Dinas 1"]


def test_the_second_screen_has_as_many_calls_again() -> None:
    """`history` stays as configured; `earlier` goes on where it ends."""
    day = Day(config=Config(displays=DisplaysSection(history=2)))
    day.issue(*["s0"] * 7)
    calls = [day.call("1") for _ in range(7)]
    board = day.board("a")
    assert board.now is not None
    assert [board.now.call, *(one.call for one in board.history)] == calls[:3:-1]
    assert [one.call for one in board.earlier] == calls[3:1:-1]
