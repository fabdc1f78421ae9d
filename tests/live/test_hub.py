"""What a connection is told, with fake transports in virtual time."""

from __future__ import annotations

import json

import pytest

from queue_server.live.connection import Cursor
from queue_server.live.limits import Limits

from .fakes import Room


def test_the_state_at_once() -> None:
    """A connection gets the whole state of each topic in one write, in the next turn."""
    room = Room()
    room.commit("zone:hall", call=True)
    client = room.join("zone:hall", "counter:5", form="html")
    room.loop.turn()
    assert len(client.writes) == 1
    hall, counter = client.messages()
    assert hall == {
        "type": "state",
        "topic": "zone:hall",
        "epoch": "epoch-1",
        "version": 1,
        "build": "build-1",
        "state": {"changed": 1, "filler": ""},
        "html": "<p>",
        "calls": [],
    }
    assert counter["topic"] == "counter:5"


def test_the_same_bytes_for_all() -> None:
    """A frame is encoded once: every member of a topic is written the same bytes object."""
    room = Room()
    clients = [room.join("line:paspor") for _ in range(700)]
    room.loop.run()
    before = room.hub.statistics().frames_rendered
    room.commit("line:paspor", call=True)
    room.loop.run()
    assert len({id(client.writes[-1]) for client in clients}) == 1
    assert all(len(client.writes) == 2 for client in clients)
    assert room.hub.statistics().frames_rendered == before + 1


def test_forms_do_not_mix() -> None:
    """A member who wants fragments and one who wants data share nothing but the moment."""
    room = Room()
    clients = [room.join("zone:hall", form=form) for form in ("json", "html") * 3]
    room.loop.run()
    room.commit("zone:hall")
    room.loop.run()
    assert ["html" in client.messages()[-1] for client in clients] == [False, True] * 3
    assert len({id(client.writes[-1]) for client in clients}) == 2


def test_a_call_once_and_in_order() -> None:
    """Several calls in one turn arrive in one frame, oldest first, and never again."""
    room = Room()
    client = room.join("zone:hall")
    room.loop.run()
    for _ in range(3):
        room.commit("zone:hall", call=True)
    room.loop.run()
    room.commit("zone:hall")
    room.loop.run()
    assert [[call["id"] for call in state["calls"]] for state in client.states()] == [
        [],
        [1, 2, 3],
        [],
    ]


def test_resuming() -> None:
    """With a cursor of this epoch come the calls after it; only those that are young enough."""
    room = Room()
    for _ in range(5):
        room.commit("zone:hall", call=True)
    room.source.oldest = 3
    clients = {
        after: room.join("zone:hall", cursor=Cursor("epoch-1", after)) for after in (0, 4, 5)
    }
    room.loop.run()
    assert {after: client.calls() for after, client in clients.items()} == {
        0: [4, 5],
        4: [5],
        5: [],
    }


@pytest.mark.parametrize("cursor", [Cursor("other", 0), Cursor("epoch-1", 99), None])
def test_a_worthless_cursor(cursor: Cursor | None) -> None:
    """A foreign epoch, a version from the future, no cursor: the present, and no old call."""
    room = Room()
    room.commit("zone:hall", call=True)
    client = room.join("zone:hall", cursor=cursor)
    room.loop.run()
    assert (client.calls(), client.states()[0]["version"]) == ([], 1)
    second = room.join("zone:hall", cursor=cursor)
    room.commit("zone:hall", call=True)  # before the second one was told anything
    room.loop.run()
    assert (client.calls(), second.calls()) == ([2], [2])


def test_a_call_grows_old_while_nothing_happens() -> None:
    """A resumed client isn't told a call that grew too old, although the version stood still."""
    room = Room()
    followers = [room.join("zone:hall") for _ in range(2)]
    room.loop.run()
    room.commit("zone:hall", call=True)
    room.loop.run()
    cursor = Cursor("epoch-1", 0)
    early = room.join("zone:hall", cursor=cursor)
    room.loop.run()
    room.source.oldest = 1
    late = room.join("zone:hall", cursor=cursor)
    room.loop.run()
    assert [c.calls() for c in (*followers, early, late)] == [[1], [1], [1], []]


def test_a_call_of_two_topics_is_told_once() -> None:
    """Who follows the zone and the counter hears a call of both once, and all in order."""
    room = Room()
    client = room.join("counter:5", "zone:hall")
    room.loop.run()
    room.commit("zone:hall", call=True)
    room.commit("zone:hall", "counter:5", call=True)
    room.commit("counter:5", call=True)
    room.loop.run()
    assert client.calls() == [1, 2, 3]
    assert len(client.writes) == 2


def test_any_frame_is_a_cursor() -> None:
    """A write that is torn between its frames loses no call: the first frame told them all."""
    room = Room()
    client = room.join("zone:hall", "counter:5")
    room.loop.run()
    room.commit("zone:hall", "counter:5")
    room.commit("counter:5", call=True)
    room.loop.run()
    hall, counter = client.states()[2:]
    assert (hall["version"], [call["id"] for call in hall["calls"]]) == (2, [2])
    assert (counter["version"], counter["calls"]) == (2, [])


def test_a_touch_that_comes_late() -> None:
    """A frame that runs ahead of its own touch tells the call; the touch does not repeat it."""
    room = Room()
    client = room.join("zone:hall", "counter:5")
    room.loop.run()
    room.source.commit("zone:hall", "counter:5", call=True)  # durable, not yet touched
    room.hub.touch(["zone:hall"])
    room.loop.run()
    room.hub.touch(["zone:hall", "counter:5"])
    room.loop.run()
    assert client.calls() == [1]
    assert client.states()[-1]["topic"] == "counter:5"


def test_a_touch_without_a_new_version_is_sent_again() -> None:
    """What depends on the time can be shown anew: the same version, another state, no call."""
    room = Room()
    clients = [room.join("zone:hall") for _ in range(2)]
    room.commit("zone:hall", call=True)
    room.loop.run()
    for words in ("ten minutes later", "twenty minutes later"):
        room.source.filler = words
        room.hub.touch_all()
        room.loop.run()
        for client in clients:
            last = client.messages()[-1]
            assert (last["version"], last["state"]["filler"], last["calls"]) == (1, words, [])


def test_nobody_listens() -> None:
    """A topic that nobody follows is never rendered."""
    room = Room()
    gone = room.join("zone:hall")
    assert gone.connection is not None
    gone.connection.lost()
    gone.connection.lost()
    room.commit("zone:hall", "zone:other")
    room.loop.run()
    assert room.hub.statistics().frames_rendered == 0
    assert (gone.writes, room.hub.connections()) == ([], 0)


def test_statistics() -> None:
    """The numbers that an operator watches."""
    room = Room(Limits(phones_per_turn=2))
    for number in range(4):
        room.join("line:paspor", f"ticket:{number}")
    board = room.join("zone:hall")
    room.commit("zone:hall", call=True)
    room.loop.turn()
    statistics = room.hub.statistics()
    assert statistics.connections == 5
    assert statistics.by_kind == {"line": 4, "ticket": 4, "zone": 1}
    assert statistics.waiting == 2
    assert statistics.messages_written == 3
    assert statistics.bytes_written == sum(len(w) for t in room.log for w in t.writes)
    room.loop.run()
    room.commit("zone:hall", call=True)
    room.loop.run()
    assert room.hub.statistics().calls_told == 2
    assert board.calls() == [1, 2]
    counts = [room.hub.connections(p) for p in ("", "line:", "ticket:3", "zone:", "counter:")]
    assert counts == [5, 4, 1, 1, 0]
    assert json.dumps(statistics.by_kind)
