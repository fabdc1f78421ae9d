"""The hub with fake transports, in virtual time."""

from __future__ import annotations

import json
import logging

import pytest

from queue_server.live.connection import Cursor
from queue_server.live.limits import Limits

from .fakes import FakeTransport, Room, frames, texts


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
    room.commit("zone:hall", call=True)
    room.loop.run()
    assert client.calls() == [2]


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


def test_one_write_a_turn() -> None:
    """Many commits in one turn of the loop cost a connection one write."""
    room = Room()
    client = room.join("zone:hall", "line:paspor")
    room.loop.run()
    for _ in range(16):
        room.commit("zone:hall", call=True)
        room.commit("line:paspor")
    room.loop.run()
    assert len(client.writes) == 2
    assert [(m["topic"], m["version"]) for m in client.messages()[2:]] == [
        ("zone:hall", 32),
        ("line:paspor", 32),
    ]
    assert len(client.calls()) == 16


def test_a_touch_without_a_new_version_is_sent_again() -> None:
    """What depends on the time can be shown anew: the same version, another state, no call."""
    room = Room()
    clients = [room.join("zone:hall") for _ in range(2)]
    room.commit("zone:hall", call=True)
    room.loop.run()
    room.source.filler = "ten minutes later"
    room.hub.touch_all()
    room.loop.run()
    for client in clients:
        last = client.messages()[-1]
        assert (last["version"], last["state"]["filler"]) == (1, "ten minutes later")
        assert last["calls"] == []


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


def test_boards_before_phones() -> None:
    """A display is written before the phones of the same commit, and waits for one portion
    at most when they have already begun."""
    room = Room(Limits(phones_per_turn=10))
    phones = [room.join("line:paspor") for _ in range(35)]
    board, mixed = room.join("zone:hall"), room.join("line:paspor", "zone:hall")
    room.loop.run()
    room.log.clear()
    room.commit("line:paspor", "zone:hall", call=True)
    room.loop.turn()
    assert room.log[:2] in ([board, mixed], [mixed, board])
    assert room.log[2:] == phones[:10]
    room.commit("zone:hall", call=True)
    room.loop.turn()
    assert set(room.log[12:14]) == {board, mixed}
    room.loop.run()
    assert len(room.log) == 2 + 35 + 2


def test_a_newer_version_during_a_sweep() -> None:
    """The rest gets the newest frame with all calls that they miss; nobody goes back."""
    room = Room(Limits(phones_per_turn=10))
    phones = [room.join("line:paspor") for _ in range(30)]
    room.loop.run()
    room.commit("line:paspor", call=True)
    room.loop.turn()
    room.commit("line:paspor", call=True)
    room.loop.run()
    early, late = phones[:10], phones[10:]
    assert {tuple(s["version"] for s in p.states()) for p in early} == {(0, 1, 2)}
    assert {tuple(s["version"] for s in p.states()) for p in late} == {(0, 2)}
    assert all(phone.calls() == [1, 2] for phone in phones)
    assert len({id(phone.writes[-1]) for phone in late}) == 1


def test_versions_never_go_back() -> None:
    """Also across topics, and with a heartbeat between: a connection's versions only rise."""
    room = Room(Limits(phones_per_turn=3, heartbeats_per_turn=2))
    phones = [room.join("line:paspor", "line:ktp") for _ in range(9)]
    room.loop.run()
    for _ in range(20):
        room.commit("line:paspor")
        room.loop.turn()
        room.commit("line:ktp", call=True)
        room.loop.advance(7)
    for phone in phones:
        versions = [message["version"] for message in phone.messages()]
        assert versions == sorted(versions)
        assert len(phone.calls()) == 20


def test_a_heartbeat_says_that_nothing_is_missing() -> None:
    """A heartbeat of version N never comes before what happened up to N."""
    room = Room(Limits(phones_per_turn=1, heartbeats_per_turn=100))
    phones = [room.join("line:paspor") for _ in range(9)]
    room.loop.advance(14)
    room.loop.run()
    room.commit("line:paspor", call=True)
    room.loop.advance(1)
    for phone in phones:
        told, beat = phone.messages()[-2:]
        assert (told["version"], beat) == (1, {"type": "heartbeat", "version": 1})
        assert phone.calls() == [1]


def test_heartbeats() -> None:
    """Every 15 s all get the same bytes, boards first and phones in portions; the paused none."""
    room = Room(Limits(heartbeats_per_turn=4))
    phones = [room.join("line:paspor") for _ in range(10)]
    board = room.join("zone:hall")
    stuck = room.join("zone:other", high=0)
    room.loop.run()
    stuck.reads = False
    room.commit("zone:other")
    room.loop.run()
    room.log.clear()
    room.loop.advance(14.9)
    assert room.log == []
    room.loop.advance(0.2)
    assert room.log == [board, *phones]
    assert len({id(client.writes[-1]) for client in room.log}) == 1
    assert texts(board.writes[-1]) == [b'{"type":"heartbeat","version":1}']
    room.loop.advance(15)
    assert len(room.log) == 22
    assert len(stuck.writes) == 2


def test_silence_is_death() -> None:
    """A client that could answer pings and is not heard for three heartbeats is cut off."""
    room = Room()
    silent = room.join("zone:hall", answers_pings=True)
    alive = room.join("zone:hall", answers_pings=True)
    simple = room.join("zone:hall")
    for _ in range(5):
        room.loop.advance(15)
        assert alive.connection is not None
        alive.connection.heard()
    assert (silent.aborted, alive.aborted, simple.aborted) == (True, False, False)
    assert list(frames(alive.writes[-1]))[-1] == (0x89, b"")
    assert list(frames(simple.writes[-1]))[-1][0] == 0x81
    assert room.hub.statistics().dropped_silent == 1


def test_no_timer_without_clients() -> None:
    """An empty hub sleeps: heartbeats stop with the last client and return with the next."""
    room = Room()
    client = room.join("zone:hall")
    assert client.connection is not None
    client.connection.lost()
    room.loop.advance(100)
    assert not room.loop._later
    client = room.join("zone:hall")
    room.loop.advance(15)
    assert client.messages()[-1]["type"] == "heartbeat"


def stuck_and_healthy(room: Room, count: int) -> tuple[list[FakeTransport], list[FakeTransport]]:
    stuck = [room.join("zone:hall") for _ in range(count)]
    healthy = [room.join("zone:hall") for _ in range(5)]
    room.loop.run()
    for client in stuck:
        client.reads = False
    return stuck, healthy


def test_clients_that_never_read() -> None:
    """They delay nobody and hold little: skipped once over the limit, whatever happens."""
    room = Room()
    stuck, healthy = stuck_and_healthy(room, 200)
    for _ in range(100):
        room.commit("zone:hall", call=True)
        room.loop.turn()
    assert all(client.calls() == list(range(1, 101)) for client in healthy)
    assert {sum(map(len, client.held)) < 1500 for client in stuck} == {True}
    assert room.hub.statistics().paused == 200


def test_a_client_that_drains() -> None:
    """It gets the newest state once, with every young call that it missed."""
    room = Room()
    stuck, _ = stuck_and_healthy(room, 3)
    for _ in range(100):
        room.commit("zone:hall", call=True)
        room.loop.turn()
    for client in stuck:
        told = len(client.writes)
        client.drain()
        room.loop.run()
        assert len(client.writes) == told + 1
        assert client.states()[-1]["version"] == 100
        assert client.calls() == list(range(1, 101))
    assert room.hub.statistics().paused == 0


def test_draining_with_nothing_new() -> None:
    """Who missed nothing is sent nothing."""
    room = Room()
    client = room.join("zone:hall", high=0)
    client.reads = False
    room.loop.run()
    client.drain()
    room.loop.run()
    assert len(client.writes) == 1


def test_a_client_that_stays_stuck_is_dropped() -> None:
    """After 30 s of pause, each at its own time; one that drained meanwhile starts anew."""
    room = Room()
    first, second, third = stuck_and_healthy(room, 3)[0]
    for client in (second, third):
        client.reads = True
    for _ in range(20):
        room.commit("zone:hall")
        room.loop.turn()
    room.loop.advance(10)
    second.reads = third.reads = False
    for _ in range(20):
        room.commit("zone:hall")
        room.loop.turn()
    third.drain()
    room.loop.run()
    third.reads = False
    room.loop.advance(19.9)
    assert not first.aborted
    room.loop.advance(0.2)
    assert [c.aborted for c in (first, second, third)] == [True, False, False]
    room.loop.advance(10)
    assert [c.aborted for c in (first, second, third)] == [True, True, False]
    statistics = room.hub.statistics()
    assert (statistics.dropped_stalled, statistics.connections) == (2, 6)


def test_a_transport_that_raises() -> None:
    """Its connection is dropped; the others do not notice."""
    room = Room()
    clients = [room.join("zone:hall") for _ in range(3)]
    room.loop.run()

    def refuse(data: bytes, /) -> None:
        raise OSError("gone")

    clients[1].write = refuse  # type: ignore[method-assign]  # the fault
    logging.disable()
    room.commit("zone:hall", call=True)
    room.loop.run()
    logging.disable(logging.NOTSET)
    assert [client.calls() for client in clients] == [[1], [], [1]]
    assert clients[1].aborted
    assert room.hub.statistics().dropped_broken == 1


def test_a_topic_that_cannot_be_rendered(caplog: pytest.LogCaptureFixture) -> None:
    """It costs its own members a frame, is logged, and no call of it is lost."""
    room = Room()
    broken, other = room.join("zone:broken"), room.join("zone:hall")
    both = room.join("zone:broken", "zone:hall")
    room.loop.run()
    room.source.broken.add("zone:broken")
    room.commit("zone:broken", "zone:hall", call=True)
    room.loop.run()
    assert [client.calls() for client in (broken, other, both)] == [[], [1], [1]]
    assert "zone:broken" in caplog.text
    room.source.broken.clear()
    room.commit("zone:broken", "zone:hall", call=True)
    room.loop.run()
    assert [client.calls() for client in (broken, other, both)] == [[1, 2], [1, 2], [1, 2]]


async def test_closing() -> None:
    """Everyone is sent away with 1012, who does not read is cut off, and nothing follows."""
    room = Room()
    stuck, healthy = stuck_and_healthy(room, 1)
    for _ in range(20):
        room.commit("zone:hall")
        room.loop.turn()
    await room.hub.close()
    assert stuck[0].aborted
    for client in healthy:
        assert client.closed
        assert not client.aborted
        assert client.writes[-1] == b"\x88\x02" + (1012).to_bytes(2, "big")
    room.commit("zone:hall")
    room.loop.advance(100)
    assert (room.hub.closed, room.hub.connections()) == (True, 0)


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
