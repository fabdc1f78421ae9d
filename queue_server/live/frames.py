"""Encodes each message once."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from .connection import Frame, Topic
from .source import Form, Source
from .statistics import Counts
from .wire import PING, text_frame

logger = logging.getLogger(__name__)

NOTHING = Frame(b"", ())
"""The frame that could not be made."""


class Frames:
    """Renders frames and keeps those that several members share, for the current version only."""

    def __init__(self, source: Source, counts: Counts) -> None:
        self._source = source
        self._counts = counts
        self._beat_version = -1
        self._beats = (b"", b"")

    def state(self, topic: Topic, form: Form, since: int) -> Frame:
        """The whole state of the topic and its calls since a version; NOTHING when it fails.

        Equal content is the same bytes object. The calls are asked for anew each time, because
        they grow too old to announce while the version stands still.
        """
        try:
            return self._shared(topic, form, tuple(self._source.calls(topic.name, since)))
        except Exception:
            return self._failed(topic)

    def silent(self, topics: Sequence[Topic], but: Topic, since: int) -> bool:
        """True when none of the topics but one has a call since a version: most often."""
        try:
            return not any(
                topic is not but and self._source.calls(topic.name, since) for topic in topics
            )
        except Exception:
            return False  # joined() will meet it again, and say so

    def joined(
        self, touched: Sequence[Topic], followed: Sequence[Topic], form: Form, since: int
    ) -> Frame:
        """The frames of the touched topics as one write; NOTHING when none can be made.

        The first frame tells the calls of all topics that the connection follows: each once,
        in the order of their ids. So any frame of version N, alone, is a cursor for all.
        """
        calls: tuple[bytes, ...] = ()
        try:
            calls = self._calls(followed, since)
        except Exception:
            return self._failed(*followed)
        made: list[Frame] = []
        for topic in touched:
            try:
                made.append(self._shared(topic, form, () if made else calls))
            except Exception:
                self._failed(topic)
        if len(made) < 2:
            return made[0] if made else NOTHING
        return Frame(b"".join(frame.data for frame in made), calls)

    def heartbeat(self, with_ping: bool) -> bytes:
        """The heartbeat of the current version, followed by a ping where one is answered."""
        version = self._source.version
        if version != self._beat_version:
            beat = text_frame(b'{"type":"heartbeat","version":%d}' % version)
            self._beat_version, self._beats = version, (beat, beat + PING)
        return self._beats[with_ping]

    def _calls(self, topics: Sequence[Topic], since: int) -> tuple[bytes, ...]:
        found = [calls for topic in topics if (calls := self._source.calls(topic.name, since))]
        if len(found) < 2:
            return tuple(found[0]) if found else ()
        by_id = {json.loads(call)["id"]: call for calls in found for call in calls}
        return tuple(by_id[id] for id in sorted(by_id))

    def _failed(self, *topics: Topic) -> Frame:
        """A source that fails costs its topic this frame; the others go on."""
        names = ", ".join(topic.name for topic in topics)
        logger.exception("No frame for %s: its screens keep what they have", names)
        self._counts.frames_failed += 1
        return NOTHING

    def _shared(self, topic: Topic, form: Form, calls: tuple[bytes, ...]) -> Frame:
        if len(topic.members) == 1:  # nobody to share with: not worth keeping
            topic.frames = None
            return self._render(topic.name, form, calls)
        # A version on one connection covers all its topics, so a frame of an older version is
        # never used again, although its topic did not change since.
        now = (self._source.epoch, self._source.version)
        if topic.rendered != now or topic.frames is None:
            topic.rendered, topic.frames = now, {}
        frame = topic.frames.get((form, calls))
        if frame is None:
            frame = topic.frames[form, calls] = self._render(topic.name, form, calls)
        return frame

    def _render(self, topic: str, form: Form, calls: tuple[bytes, ...]) -> Frame:
        source = self._source
        parts = (
            b'{"type":"state","topic":',
            json.dumps(topic).encode(),
            b',"epoch":',
            json.dumps(source.epoch).encode(),
            b',"version":%d,"build":' % source.version,
            json.dumps(source.build).encode(),
            b",",
            source.state(topic, form),
            b',"calls":[',
            b",".join(calls),
            b"]}",
        )
        self._counts.frames_rendered += 1
        return Frame(text_frame(b"".join(parts)), calls)
