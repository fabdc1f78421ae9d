"""Who is told what: topics and the connections that follow them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from .source import Form

Told = tuple[int, int]
"""When a connection was last told: (version, turn of the hub). Shared, never copied.

One for all its topics, because each write tells everything that is missing: the calls after
the version, and the topics that were touched after the turn.
"""

NEVER = -1
"""The turn in which a connection was last told, before its first frame."""

Permit = Callable[[], bool]
"""Whether a connection may still be told what is not public: asked again and again, so it is
cheap."""

PHONES = ("line:", "ticket:")
"""Topics that thousands of pockets follow; everything else hangs on a wall or stands on a desk."""

SLOW = ("floor:", "dashboard:")
"""Topics that show all that happens, and cost as much to render: told in steps, not each time."""


class Cursor(NamedTuple):
    """Where a client left off: the highest version that it got, of whichever topic."""

    epoch: str
    after: int


class Frame(NamedTuple):
    """An encoded WebSocket message and the calls that it tells. `data` is shared by all."""

    data: bytes
    calls: tuple[bytes, ...]


class Transport(Protocol):
    """What the hub needs of a transport; asyncio's and uvloop's have it."""

    def get_write_buffer_size(self) -> int: ...
    def is_closing(self) -> bool: ...
    def write(self, data: bytes, /) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


class Keeper(Protocol):
    """The hub, as its connections see it."""

    def paused(self, connection: Connection) -> None: ...
    def resumed(self, connection: Connection) -> None: ...
    def leave(self, connection: Connection) -> None: ...


class Topic:
    """A topic that somebody follows. It lives as long as it has members."""

    __slots__ = (
        "frames", "guarded", "is_phone", "is_slow", "members", "name", "rendered", "told",
        "touched",
    )  # fmt: skip

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_phone = name.startswith(PHONES)
        self.is_slow = name.startswith(SLOW)
        self.guarded = False  # somebody follows it by a permit
        self.told = float("-inf")  # when it was last told, by the hub's clock
        self.members: dict[Connection, None] = {}  # ordered, so that a simulation replays
        self.touched = 0
        self.rendered = ("", -1)
        self.frames: dict[tuple[Form, tuple[bytes, ...]], Frame] | None = None


class Connection:
    """One socket that is told. Its protocol reports what happens to the transport."""

    __slots__ = (
        "answers_pings",
        "descriptor",
        "form",
        "gone",
        "is_board",
        "keeper",
        "muted",
        "paused_at",
        "permit",
        "queued",
        "silent",
        "told",
        "topics",
        "transport",
    )

    def __init__(
        self,
        keeper: Keeper,
        transport: Transport,
        topics: tuple[Topic, ...],
        form: Form,
        told: Told,
        answers_pings: bool,
        descriptor: int,
        permit: Permit | None = None,
    ) -> None:
        self.keeper = keeper
        self.transport = transport
        self.topics = topics
        self.form = form
        self.told = told
        self.answers_pings = answers_pings
        self.descriptor = descriptor  # of a bare socket: messages may pass the transport by
        self.permit = permit
        self.is_board = not all(topic.is_phone for topic in topics)
        self.queued = False
        self.gone = False
        self.muted = False  # paused or gone: one test in the hot loop
        self.paused_at = 0.0
        self.silent = 0

    def pause_writing(self) -> None:
        """The transport holds more than it should: nothing is written until it drains."""
        self.keeper.paused(self)

    def resume_writing(self) -> None:
        """The transport drained: it gets the newest state of what changed meanwhile."""
        self.keeper.resumed(self)

    def heard(self) -> None:
        """The client sent something, so it is alive."""
        self.silent = 0

    def lost(self) -> None:
        """The transport is gone or is being closed. May be said twice."""
        self.keeper.leave(self)
