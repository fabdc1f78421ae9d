"""Tells every screen what changed: one encoding, one pass of writes, and nobody waits for anybody.

A connection remembers when it was last told. What it is sent next is always the newest state
of what changed since then, and the calls since then: after a commit, on joining, with a cursor,
after it was too slow. A frame of an older version is never written after a newer one.

Everything happens in callbacks of one event loop: no task, queue or await per client.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence

from . import wire
from .batch import Batch
from .connection import NEVER, Connection, Cursor, Permit, Topic, Transport
from .frames import Frames
from .limits import Limits
from .schedule import Schedule, Timer, running_loop
from .source import Form, Source
from .statistics import Counts, Statistics
from .writer import Writer

logger = logging.getLogger(__name__)


class Hub:
    """The topics, who follows them, and when they are told.

    `clock` gives monotonic seconds and `schedule` the loop's `call_soon` and `call_later`, the
    running loop's unless given: a simulation drives the hub in its own time. `batch` sends to many
    sockets at once where the system can; the hub closes it.
    """

    def __init__(
        self,
        source: Source,
        limits: Limits = Limits(),
        *,
        clock: Callable[[], float] = time.monotonic,
        schedule: Schedule | None = None,
        batch: Batch | None = None,
    ) -> None:
        self.source = source
        self.limits = limits
        self._clock = clock
        self._schedule = schedule or running_loop
        self._topics: dict[str, Topic] = {}
        # Insertion order, not a set: a simulation must replay in the same order.
        self._connections: dict[Connection, None] = {}
        self._guarded: dict[Connection, None] = {}  # those with a permit
        self._paused: dict[Connection, None] = {}  # longest first
        self._touched: dict[str, None] = {}
        self._later: dict[str, None] = {}  # slow topics that were touched too soon
        self._release_timer: Timer | None = None
        self._boards: deque[Connection] = deque()
        self._phones: deque[Connection] = deque()
        self._beating: deque[Connection] = deque()
        self._turn = 0
        self._turn_is_due = False
        self._closed = False
        self._heartbeat: Timer | None = None
        self._stalled: Timer | None = None
        self._counts = Counts()
        self._writer = Writer(
            source, Frames(source, self._counts), self._counts, self._give_up, batch
        )

    # What happens in the hall -------------------------------------------------------------

    def touch(self, topics: Iterable[str]) -> None:
        """Says that the topics changed, after the commit. Cheap; told in the loop's next turn.

        Also without a new version, when a state depends on the time: it is sent again.
        """
        for name in topics:
            topic = self._topics.get(name)
            if topic is None:
                continue
            if topic.is_slow and (rest := self._rest(topic)) > 0:
                self._later[name] = None
                if self._release_timer is None:
                    self._release_timer = self._call_later(rest, self._release)
            else:
                self._touched[name] = None
        if self._touched:
            self._take_turn()

    def touch_all(self) -> None:
        """Says that everything changed: another catalogue, language or epoch."""
        self.touch(list(self._topics))

    # Who listens --------------------------------------------------------------------------

    def join(
        self,
        transport: Transport,
        topics: Sequence[str],
        form: Form = "json",
        cursor: Cursor | None = None,
        *,
        answers_pings: bool = False,
        descriptor: int = -1,
        permit: Permit | None = None,
    ) -> Connection:
        """Follows the topics; the states are written in the loop's next turn.

        The caller has asked `source.knows`, names each topic once, and passes on what happens to
        the transport by the connection's methods. `answers_pings`: heartbeats carry a ping, and
        who stays silent is dropped. `descriptor`: the socket's own, where what the transport would
        write can be written past it; -1: it can't (TLS). `permit`: it is told only while this says
        so; it is asked before a state is sent, with every heartbeat, and by `review`.
        """
        assert topics, "a connection follows something"
        assert len(set(topics)) == len(topics), "each topic once"
        assert not self._closed, "the hub is closed"
        told = (self._since(cursor), NEVER)
        joined = tuple(self._topics.get(name) or self._topic(name) for name in topics)
        connection = Connection(
            self, transport, joined, form, told, answers_pings, descriptor, permit
        )
        for topic in joined:
            topic.members[connection] = None
            topic.guarded = topic.guarded or permit is not None
        self._connections[connection] = None
        if permit is not None:
            self._guarded[connection] = None
        if self._heartbeat is None:
            self._heartbeat = self._call_later(self.limits.heartbeat_seconds, self._beat)
        self._enqueue(connection)
        self._take_turn()
        return connection

    def leave(self, connection: Connection) -> None:
        """Forgets the connection. May be said twice."""
        if connection.gone:
            return
        connection.gone = connection.muted = True
        for topic in connection.topics:
            del topic.members[connection]
            if not topic.members:
                del self._topics[topic.name]
        del self._connections[connection]
        self._guarded.pop(connection, None)
        self._paused.pop(connection, None)

    def review(self) -> None:
        """Sends away, at once, whoever may no longer listen: a session, a token, a role ended."""
        self._dismiss(self._guarded)

    def paused(self, connection: Connection) -> None:
        """Skips the connection until it drains, at most `stalled_seconds`."""
        if connection.muted:
            return
        connection.muted = True
        connection.paused_at = self._clock()
        self._paused[connection] = None
        if self._stalled is None:
            self._stalled = self._call_later(self.limits.stalled_seconds, self._drop_stalled)

    def resumed(self, connection: Connection) -> None:
        """Tells a drained connection, in the loop's next turn, the newest of what it missed."""
        if connection.gone or not connection.muted:
            return
        connection.muted = False
        del self._paused[connection]
        self._enqueue(connection)
        self._take_turn()

    @property
    def closed(self) -> bool:
        """True once the hub sends people away."""
        return self._closed

    # What there is to know about it ---------------------------------------------------------

    def connections(self, prefix: str = "") -> int:
        """Connections that follow a topic whose name starts with the prefix."""
        members = [t.members for t in self._topics.values() if t.name.startswith(prefix)]
        return len(set().union(*members))

    def screens(self, prefix: str) -> dict[str, int]:
        """How many pages (not programs) follow each topic whose name starts with the prefix."""
        return {
            topic.name: sum(one.form == "html" for one in topic.members)
            for topic in self._topics.values()
            if topic.name.startswith(prefix)
        }

    def statistics(self) -> Statistics:
        """The present numbers and the totals since the start."""
        kinds: Counter[str] = Counter()
        for topic in self._topics.values():
            kinds[topic.name.partition(":")[0]] += len(topic.members)
        return self._counts.statistics(
            connections=len(self._connections),
            by_kind=dict(kinds),
            paused=len(self._paused),
            waiting=sum(c.queued and not c.gone for c in (*self._boards, *self._phones)),
        )

    async def close(self) -> None:
        """Sends everyone away with 1012 (come back soon). Afterwards a touch does nothing.

        Those that do not read are cut off: nothing can be said to them.
        """
        self._closed = True
        for timer in (self._heartbeat, self._stalled, self._release_timer):
            if timer is not None:
                timer.cancel()
        for connection in list(self._connections):
            self._send_away(connection, wire.SERVICE_RESTART)
        self._writer.close()

    # The turn of the loop -------------------------------------------------------------------

    def _take_turn(self) -> None:
        if not self._turn_is_due and not self._closed:
            self._turn_is_due = True
            self._schedule().call_soon(self._write_turn)

    def _write_turn(self) -> None:
        """Boards and consoles, then a portion of phones, then a portion of heartbeats.

        What remains waits for the next turn, behind the boards that are touched meanwhile.
        """
        self._turn_is_due = False
        if self._closed:
            return
        started = self._clock()
        limits = self.limits
        try:
            self._gather()
            self._writer.tell(self._boards, limits.boards_per_turn, self._turn)
            self._writer.tell(self._phones, limits.phones_per_turn, self._turn)
            self._writer.beat(self._beating, limits.heartbeats_per_turn, self._turn)
        finally:  # whatever happened, the others get their turn
            self._counts.flushed(self._clock() - started)
            if self._boards or self._phones or self._beating:
                self._take_turn()

    def _gather(self) -> None:
        """Queues the members of what was touched since the last turn."""
        if not self._touched:
            return
        self._turn += 1
        now = self._clock()
        touched, self._touched = self._touched, {}
        for name in touched:
            topic = self._topics.get(name)
            if topic is None:
                continue
            if topic.guarded:
                self._dismiss(topic.members)
            topic.touched = self._turn
            topic.told = now
            topic.frames = None
            boards, phones = self._boards.append, self._phones.append
            for connection in topic.members:  # thousands: _enqueue, inlined
                if not connection.queued and not connection.muted:
                    connection.queued = True
                    (boards if connection.is_board else phones)(connection)

    def _enqueue(self, connection: Connection) -> None:
        if not connection.queued:
            connection.queued = True
            (self._boards if connection.is_board else self._phones).append(connection)

    def _rest(self, topic: Topic) -> float:
        """Seconds until a slow topic may be told again."""
        return topic.told + self.limits.slow_seconds - self._clock()

    def _release(self) -> None:
        """Touches what was held back."""
        if self._release_timer is not None:
            self._release_timer.cancel()
            self._release_timer = None
        self._touched |= self._later
        self._later = {}
        if self._touched:
            self._take_turn()

    def _topic(self, name: str) -> Topic:
        topic = self._topics[name] = Topic(name)
        return topic

    def _since(self, cursor: Cursor | None) -> int:
        """The version after which calls are told; a worthless cursor is none."""
        now = self.source.version
        if cursor is None or cursor.epoch != self.source.epoch:
            return now
        return min(cursor.after, now)

    # Time -----------------------------------------------------------------------------------

    def _beat(self) -> None:
        """Starts a round of heartbeats, boards first.

        A heartbeat of a version says that all of it was told: nothing is held back over one.
        """
        self._heartbeat = None
        self._release()
        if not self._connections:
            return
        self._heartbeat = self._call_later(self.limits.heartbeat_seconds, self._beat)
        patience = self.limits.silent_heartbeats
        for connection in [c for c in self._connections if 0 < patience <= c.silent]:
            self._counts.dropped_silent += 1
            self._cut(connection)
        self.review()  # what ends by time alone
        self._beating = deque(sorted(self._connections, key=lambda c: not c.is_board))
        self._take_turn()

    def _drop_stalled(self) -> None:
        """Cuts off who has been paused for too long, and looks again when the next one is due."""
        self._stalled = None
        now = self._clock()
        for connection in list(self._paused):
            rest = connection.paused_at + self.limits.stalled_seconds - now
            if rest > 0:
                self._stalled = self._call_later(rest, self._drop_stalled)
                return
            self._counts.dropped_stalled += 1
            self._cut(connection)

    def _dismiss(self, connections: Iterable[Connection]) -> None:
        for connection in list(connections):
            if connection.permit is not None and not connection.permit():
                self._send_away(connection, wire.POLICY_VIOLATION)

    def _send_away(self, connection: Connection, code: int) -> None:
        if connection.muted:
            self._cut(connection)
            return
        self.leave(connection)
        self._writer.write(connection, wire.close_frame(code))
        connection.transport.close()

    def _give_up(self, connection: Connection) -> None:
        """A transport refused to write: its connection is over, the others go on."""
        self._counts.dropped_broken += 1
        self._cut(connection)

    def _cut(self, connection: Connection) -> None:
        self.leave(connection)
        connection.transport.abort()

    def _call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return self._schedule().call_later(seconds, callback)
