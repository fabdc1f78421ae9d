"""The hot loop: the same bytes object to every transport.

A message to a subscriber costs about a microsecond of Python beside the system call, so what
can be the same for the neighbours is looked up once.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from .batch import LONGEST, SIZE, Batch
from .connection import NEVER, Connection, Frame, Told, Topic
from .frames import NOTHING, Frames
from .source import Form, Source
from .statistics import Counts

_FEW = 8
"""So few messages are written as fast one by one."""

logger = logging.getLogger(__name__)

_Memo = dict[tuple[Topic, Form, int], Frame]
"""The frames of one turn, by topic, form and the version that the connection has."""


class Writer:
    """Writes to connections what they are missing. `broken` is told of transports that raise."""

    def __init__(
        self,
        source: Source,
        frames: Frames,
        counts: Counts,
        broken: Callable[[Connection], None],
        batch: Batch | None = None,
    ) -> None:
        self._source = source
        self._frames = frames
        self._counts = counts
        self._broken = broken
        self._batch = batch

    def tell(self, queue: deque[Connection], limit: int, turn: int) -> None:
        """Writes to the first `limit` connections of the queue all that they are missing."""
        told = has = (self._source.version, turn)
        memo: _Memo = {}
        topic = form = had = None
        frame = NOTHING
        messages = calls = size = 0
        batch, together, shared = self._batch, list[Connection](), NOTHING
        for _ in range(min(limit, len(queue))):
            connection = queue.popleft()
            connection.queued = False
            if connection.muted:
                continue
            if len(connection.topics) > 1:
                missing, alone = self._missing(connection, told, memo), True
            else:
                # Neighbours in the queue mostly have one topic and want the same frame.
                its_topic = connection.topics[0]
                its_had = connection.told
                if its_had[1] >= its_topic.touched:
                    continue
                if its_had is not had or its_topic is not topic or connection.form is not form:
                    topic, had, form = its_topic, its_had, connection.form
                    frame = self._frame(memo, topic, form, had[0])
                    has = _after(frame, had, told)
                connection.told = has
                missing = frame
                # The first frame follows the handshake, which the transport may still hold.
                alone = batch is None or connection.descriptor < 0 or its_had[1] == NEVER
            if not missing.data:
                continue
            if alone:
                if not self._one(connection, missing.data):
                    continue
            else:
                if missing is not shared or len(together) == SIZE:
                    self._all(together, shared.data)
                    together, shared = [], missing
                together.append(connection)
            messages += 1
            size += len(missing.data)
            calls += len(missing.calls)
        self._all(together, shared.data)
        self._counts.messages_written += messages
        self._counts.bytes_written += size
        self._counts.calls_told += calls

    def beat(self, queue: deque[Connection], limit: int, turn: int) -> None:
        """Writes a heartbeat to the first `limit` connections of the queue.

        First what the connection still has to be told: a heartbeat of version N says that
        everything up to N was said.
        """
        told = (self._source.version, turn)
        memo: _Memo = {}
        for _ in range(min(limit, len(queue))):
            connection = queue.popleft()
            if connection.muted:
                continue
            missing = self._missing(connection, told, memo)
            beat = self._frames.heartbeat(connection.answers_pings)
            connection.silent += connection.answers_pings
            self._counts.calls_told += len(missing.calls)
            self._counts.heartbeats_written += 1
            self.write(connection, missing.data + beat if missing.data else beat)

    def write(self, connection: Connection, data: bytes) -> None:
        """Writes at once, or gives the connection up."""
        if self._one(connection, data):
            self._counts.messages_written += 1
            self._counts.bytes_written += len(data)

    def close(self) -> None:
        """Gives the batch back; afterwards transports alone write."""
        batch, self._batch = self._batch, None
        if batch is not None:
            batch.close()

    def _one(self, connection: Connection, data: bytes) -> bool:
        """By its transport; whether that took it."""
        try:
            connection.transport.write(data)
        except Exception:
            self._refused(connection)
            return False
        return True

    def _all(self, connections: list[Connection], data: bytes) -> None:
        """The same message to connections that nothing is on its way to: in one system call.

        What a socket does not take at once its transport goes on with, and so learns that a
        client is slow, or gone.
        """
        batch, ready = self._batch, connections
        if batch is not None and len(connections) >= _FEW and len(data) <= LONGEST:
            ready = []
            sockets = []
            for connection in connections:
                transport = connection.transport
                if transport.get_write_buffer_size() or transport.is_closing():
                    self._one(connection, data)
                else:
                    ready.append(connection)
                    sockets.append(connection.descriptor)
            try:
                short = batch.send(sockets, data)
            except OSError:
                logger.exception("The ring failed: from now on messages are written one by one")
                self.close()
            else:
                for place, taken in short:
                    self._one(ready[place], data[max(0, taken) :])
                return
        for connection in ready:
            self._one(connection, data)

    def _refused(self, connection: Connection) -> None:
        logger.exception("A transport refused to write: its connection is dropped")
        self._broken(connection)

    def _missing(self, connection: Connection, told: Told, memo: _Memo) -> Frame:
        """What a connection of any number of topics is missing, as one write."""
        topics, form = connection.topics, connection.form
        since, turn = had = connection.told
        touched = [topic for topic in topics if topic.touched > turn]
        if not touched:
            return NOTHING
        if len(touched) == 1 and self._frames.silent(topics, touched[0], since):
            frame = self._frame(memo, touched[0], form, since)
        else:
            frame = self._frames.joined(touched, topics, form, since)
        connection.told = _after(frame, had, told)
        return frame

    def _frame(self, memo: _Memo, topic: Topic, form: Form, since: int) -> Frame:
        key = (topic, form, since)
        frame = memo.get(key)
        if frame is None:
            frame = memo[key] = self._frames.state(topic, form, since)
        return frame


def _after(frame: Frame, had: Told, told: Told) -> Told:
    """What a connection has after a frame: without one the calls are still to be told."""
    return told if frame is not NOTHING else (had[0], told[1])
