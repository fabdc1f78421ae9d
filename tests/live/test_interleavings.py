"""Whatever order things happen in, every screen hears every call of its topics once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from queue_server.live.connection import Cursor
from queue_server.live.limits import Limits

from .fakes import FakeTransport, Room

TOPICS = ("zone:hall", "counter:5", "line:paspor", "line:ktp")
some_topics = st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True)


@dataclass(eq=False)
class Screen:
    """A client as the contract describes it: its cursor is the highest version that it got."""

    topics: tuple[str, ...]
    since: int
    told: list[int] = field(default_factory=list)
    newest: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    transport: FakeTransport = field(default_factory=FakeTransport)

    def read(self) -> None:
        """Takes what arrived on this connection, at its end; checks what must always hold."""
        newest = 0
        for message in self.transport.messages():
            assert message["version"] >= newest, "versions never go back"
            newest = message["version"]
            self.newest = max(self.newest, newest)
            if message["type"] == "state":
                self._take(message)
        self.transport.arrived.clear()

    def _take(self, message: dict[str, Any]) -> None:
        self.versions[message["topic"]] = message["version"]
        self.told += [call["id"] for call in message["calls"]]

    def cursor(self, epoch: str) -> Cursor:
        return Cursor(epoch, max(self.newest, self.since))


class Interleavings(RuleBasedStateMachine):
    screens: Bundle[Screen] = Bundle("screens")

    def __init__(self) -> None:
        super().__init__()
        self.room = Room(
            Limits(boards_per_turn=2, phones_per_turn=2, heartbeats_per_turn=1, stalled_seconds=20)
        )
        self.all: list[Screen] = []

    def connect(self, screen: Screen, cursor: Cursor | None) -> None:
        screen.transport = self.room.join(*screen.topics, cursor=cursor, high=300)

    @rule(target=screens, topics=some_topics)
    def arrive(self, topics: list[str]) -> Screen:
        """A fresh screen: it hears the calls from now on."""
        screen = Screen(tuple(topics), self.room.source.version)
        self.connect(screen, None)
        self.all.append(screen)
        return screen

    @rule(topics=some_topics, call=st.booleans(), turns=st.integers(0, 2))
    def commit(self, topics: list[str], call: bool, turns: int) -> None:
        """Something happens; the touch may come some turns after the commit."""
        self.room.source.commit(*topics, call=call)
        for _ in range(turns):
            self.room.loop.turn()
        self.room.hub.touch(topics)

    @rule(topics=some_topics)
    def touch(self, topics: list[str]) -> None:
        self.room.hub.touch(topics)

    @rule(turns=st.integers(1, 4))
    def turn(self, turns: int) -> None:
        for _ in range(turns):
            self.room.loop.turn()

    @rule(seconds=st.sampled_from([1, 7, 16]))
    def wait(self, seconds: int) -> None:
        """Heartbeats pass, and who is stuck for too long is dropped."""
        self.room.loop.advance(seconds)

    @rule(screen=screens)
    def stop_reading(self, screen: Screen) -> None:
        screen.transport.reads = False

    @rule(screen=screens)
    def drain(self, screen: Screen) -> None:
        if not screen.transport.aborted:
            screen.transport.drain()

    @rule(screen=screens, lost=st.integers(0, 3))
    def reconnect(self, screen: Screen, lost: int) -> None:
        """The connection breaks, its last bytes never arrive, and the screen resumes."""
        transport = screen.transport
        whole = b"".join(transport.arrived)
        transport.arrived = [whole[: len(whole) - 150 * lost]]
        screen.read()
        assert transport.connection is not None
        transport.connection.lost()
        self.connect(screen, screen.cursor(self.room.source.epoch))

    def teardown(self) -> None:
        """In the end every screen that is still connected, or comes back, has everything."""
        for screen in self.all:
            if screen.transport.aborted:
                screen.read()
                self.connect(screen, screen.cursor(self.room.source.epoch))
            screen.transport.drain()
        self.room.loop.run()
        for screen in self.all:
            screen.transport.drain()
            self.room.loop.run()
            screen.read()
            self.check(screen)

    def check(self, screen: Screen) -> None:
        source = self.room.source
        its = set(screen.topics)
        expected = [id for id, topics, _ in source.told if id > screen.since and topics & its]
        assert screen.told == expected
        for topic in screen.topics:
            assert screen.versions[topic] >= source.changed.get(topic, 0)


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
