"""Who is told when: boards, portions of phones, heartbeats; in virtual time."""

from __future__ import annotations

import asyncio

from queue_server.live.limits import Limits

from .fakes import Room, frames, texts


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


def test_a_slow_topic_is_told_in_steps() -> None:
    """The first change at once, those of the next half second together; nobody else waits."""
    room = Room(Limits(slow_seconds=0.5))
    floor, board = room.join("floor:hall"), room.join("zone:hall")
    room.loop.run()
    for _ in range(10):
        room.commit("floor:hall", "zone:hall")
        room.loop.run()
    assert [state["version"] for state in floor.states()] == [0, 1]
    assert [state["version"] for state in board.states()] == list(range(11))
    room.loop.advance(0.6)
    room.loop.run()
    assert [state["version"] for state in floor.states()] == [0, 1, 10]
    room.loop.advance(5)
    room.loop.run()
    assert len(floor.states()) == 3, "nothing happened, nothing is told"


def test_a_heartbeat_holds_nothing_back() -> None:
    """It says that all up to its version was told: so what waited comes before it."""
    room = Room(Limits(slow_seconds=60, heartbeat_seconds=15))
    floor = room.join("floor:hall")
    room.loop.run()
    room.commit("floor:hall")
    room.loop.run()
    room.commit("floor:hall")
    room.loop.run()
    room.loop.advance(15)
    room.loop.run()
    told = [(m["type"], m["version"]) for m in floor.messages()]
    assert told == [("state", 0), ("state", 1), ("state", 2), ("heartbeat", 2)]


def test_a_closed_hub_leaves_no_timer() -> None:
    """What was held back is not told to a hub that has gone."""
    room = Room()
    room.join("floor:hall")
    room.loop.run()
    room.commit("floor:hall")
    room.loop.run()
    room.commit("floor:hall")
    assert asyncio.run(room.hub.close()) is None
    room.loop.advance(5)
    room.loop.run()
    assert room.hub.statistics().connections == 0


def test_pages_are_counted_by_topic_and_programs_are_not() -> None:
    """What a board is: a page that follows a zone."""
    room = Room()
    for form in ("html", "html", "json"):
        room.join("zone:a", form=form)  # type: ignore[arg-type]  # one of the two
    room.join("floor:hall", form="html")
    assert room.hub.screens("zone:") == {"zone:a": 2}
