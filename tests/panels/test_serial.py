"""Panels on a serial line: frames that are checked at the other end, answers, and cables that
are pulled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queue_server.config import PanelSection

from .kit import Place, lit
from .kit import pace as pace
from .wire import Wire, wire


def section(on: Wire, **more: Any) -> PanelSection:
    settings: dict[str, Any] = {
        "counters": ("1", "2"), "addresses": {"2": 9}, "show": {"closed": "----", "open": "BUKA"},
        "ack": "ACK address", "timeout_ms": 60, "gap_ms": 0, "refresh_seconds": 0, **more,
    }  # fmt: skip
    return PanelSection("serial", str(on.path), **settings)


async def test_frames_arrive_whole_and_are_acknowledged(tmp_path: Path) -> None:
    """Each counter at its address, every check right."""
    place = Place()
    place.open("1")
    place.take()
    with wire(tmp_path / "tty") as on:
        async with lit(place, section(on, timeout_ms=5000)) as hall:
            await on.until(1, "BUKA")
            await on.until(9, "----")
            place.call()
            await on.until(1, "A-001")
            await hall.until(lambda now: now.faces[0].text == "A-001" and not now.reason)
    assert not on.wrong
    assert on.frames == [(1, "BUKA"), (9, "----"), (1, "A-001")]


async def test_a_missing_answer_is_asked_for_again(tmp_path: Path) -> None:
    """Three times in a row, then with pauses; health says so; when it answers, it is given what
    the present is by then."""
    place = Place()
    place.open("1")
    place.take()
    with wire(tmp_path / "tty") as on:
        on.mute.add(1)
        async with lit(place, section(on)) as hall:
            health = await hall.until(lambda now: now.reason == "mute")
            assert health.connected
            assert [frame for frame in on.frames if frame[0] == 1][:3] == [(1, "BUKA")] * 3
            await on.until(9, "----")
            place.call()
            on.mute.clear()
            await on.until(1, "A-001")
            health = await hall.until(lambda now: not now.reason)
            assert [face.reason for face in health.faces] == ["", ""]


async def test_a_mute_panel_holds_up_no_other(tmp_path: Path) -> None:
    """The line is shared, the patience isn't."""
    place = Place()
    place.open("2")
    for _ in range(5):
        place.take()
    with wire(tmp_path / "tty") as on:
        on.mute.add(1)
        async with lit(place, section(on)) as hall:
            await hall.until(lambda now: now.reason == "mute")
            for _ in range(5):
                await on.until(9, place.call("2"))
            reasons = {face.counter: face.reason for face in hall.health.faces}
            assert reasons == {"1": "mute", "2": ""}


async def test_the_cable_is_pulled_and_put_back(tmp_path: Path) -> None:
    """It is seen without a call; calls go on; back on, the present is shown at once."""
    place = Place()
    place.open("1")
    place.take()
    place.take()
    with wire(tmp_path / "tty") as on:
        async with lit(place, section(on)) as hall:
            await hall.until(lambda now: not now.reason)
            on.unplug()
            health = await hall.until(lambda now: now.reason == "offline")
            assert not health.connected
            assert health.error
            place.call()
            last = place.call()
            on.plug()
            await on.until(1, last)
            await hall.until(lambda now: not now.reason)
    assert not on.wrong


async def test_no_port_at_the_start(tmp_path: Path) -> None:
    """The room starts all the same."""
    on = Wire(tmp_path / "tty")
    async with lit(Place(), section(on)) as hall:
        health = await hall.until(lambda now: now.reason == "offline")
        assert "tty" in health.error
        on.plug()
        try:
            await on.until(9, "----")
        finally:
            on.unplug()


async def test_a_port_is_one_output_s_alone(tmp_path: Path) -> None:
    """A second one on the same port is told so; frames are never mixed."""
    with wire(tmp_path / "tty") as on:
        async with lit(Place(), section(on)) as first:
            await first.until(lambda now: not now.reason)
            async with lit(Place(), section(on), "lain") as second:
                health = await second.until(lambda now: now.reason == "offline")
                assert "lock" in health.error


async def test_two_hundred_calls_in_one_breath(tmp_path: Path) -> None:
    """Few frames; the last is the present."""
    place = Place()
    place.open("1")
    for _ in range(200):
        place.take()
    with wire(tmp_path / "tty") as on:
        async with lit(place, section(on)) as hall:
            await hall.until(lambda now: not now.reason)
            for _ in range(200):
                last = place.call()
            await on.until(1, last)
    assert len(on.frames) < 10


async def test_panels_without_an_answer_are_told_again(tmp_path: Path) -> None:
    """One that was switched off and on shows the present within `refresh_seconds`."""
    place = Place()
    with wire(tmp_path / "tty") as on:
        on.answers = False
        async with lit(place, section(on, ack="", refresh_seconds=1)) as hall:
            await hall.until(lambda now: not now.reason)
            await on.until(9, "----")
            on.shown.clear()
            await on.until(1, "----")
            await on.until(9, "----")
            assert not hall.health.reason


async def test_a_port_that_takes_nothing(tmp_path: Path) -> None:
    """Held back by flow control, say: the output is offline, not stuck."""
    with wire(tmp_path / "tty") as on:
        on.fill()
        async with lit(Place(), section(on)) as hall:
            await hall.until(lambda now: "takes no bytes" in now.error)
