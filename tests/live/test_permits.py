"""What is not public is told as long as there is a right to it."""

from __future__ import annotations

import pytest

from queue_server.live.limits import Limits

from .fakes import FakeTransport, Room, frames

DISMISSED = (0x88, (1008).to_bytes(2, "big"))


def last(client: FakeTransport) -> tuple[int, bytes]:
    return list(frames(client.writes[-1]))[-1]


@pytest.mark.parametrize("how", ["review", "touch", "heartbeat"])
def test_whoever_may_no_longer_listen_is_sent_away(how: str) -> None:
    """At once when that is said, before the next state is sent, and with the next heartbeat at the
    latest; the others hear nothing of it."""
    room, rights = Room(Limits(heartbeat_seconds=15)), {"ann": True}
    ann = room.join("counter:5", permit=lambda: rights["ann"])
    chief = room.join("counter:5", "floor:hall", permit=lambda: True)
    board = room.join("zone:hall")
    room.loop.run()
    rights["ann"] = False
    if how == "review":
        room.hub.review()
    elif how == "touch":
        room.commit("counter:5", call=True)
        room.loop.run()
    else:
        room.loop.advance(15)
        room.loop.run()
    assert (last(ann), ann.closed) == (DISMISSED, True)
    assert [state["version"] for state in ann.states()] == [0], "not one state more"
    assert not chief.closed
    assert not board.closed
    assert room.hub.connections("counter:") == 1


def test_whoever_does_not_read_is_cut_off() -> None:
    """Nothing can be said to them."""
    room, rights = Room(), {"ann": True}
    ann = room.join("counter:5", permit=lambda: rights["ann"], high=1)
    ann.reads = False
    room.loop.run()
    assert ann.paused
    rights["ann"] = False
    room.hub.review()
    assert ann.aborted


def test_a_turn_in_which_somebody_goes_is_the_others_turn_too() -> None:
    """All three states of the others arrive."""
    room, rights = Room(), {"ann": True}
    chief = room.join("counter:5", permit=lambda: True)
    room.join("counter:5", permit=lambda: rights["ann"])
    room.loop.run()
    for _ in range(2):
        rights["ann"] = False
        room.commit("counter:5")
        room.loop.run()
    assert [state["version"] for state in chief.states()] == [0, 1, 2]
