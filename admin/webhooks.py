"""What the page about webhooks and contacts shows: pure views over the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from queue_server.notify.contacts import Sweep
from queue_server.notify.messages import Delivery, State
from queue_server.notify.outbox import Counted


class Row(Struct, frozen=True):
    """A channel. `state` is "new" while nothing was ever tried."""

    id: str
    name: str
    url: str
    kinds: tuple[str, ...]
    state: Literal["good", "waits", "bad", "new"]
    waiting: int
    dead: int
    last: int
    testable: bool


class Attempt(Struct, frozen=True):
    """A delivery in the log: when it was last tried (epoch ms), what of, and what came of it."""

    seq: int
    channel: str
    name: str
    at: int
    kind: str
    number: str
    state: State
    tries: int
    answer: str


class WebhooksPage(Struct, frozen=True):
    """The page. `contacts` are kept now; `sweeps` are the last deletions."""

    rows: tuple[Row, ...]
    dead: tuple[Attempt, ...]
    log: tuple[Attempt, ...]
    contacts: int
    sweeps: tuple[Sweep, ...]


def row(
    id: str, url: str, kinds: tuple[str, ...], counts: Mapping[str, Counted], *, testable: bool
) -> Row:
    """A channel with its counts."""
    found = counts.get(id, Counted())
    return Row(
        id, name_of(id), url, kinds, _state(found), found.waiting, found.dead, found.last, testable
    )


def attempts(found: Sequence[Delivery]) -> tuple[Attempt, ...]:
    """Deliveries as the tables show them."""
    return tuple(
        Attempt(
            one.seq, one.channel, name_of(one.channel), one.tried, one.message.kind,
            str(one.message.data.get("number", "")), one.state, one.tries, one.answer,
        )
        for one in found
    )  # fmt: skip


def name_of(channel: str) -> str:
    """How a channel is called: its own name in the configuration."""
    return channel.removeprefix("webhook:")


def _state(found: Counted) -> Literal["good", "waits", "bad", "new"]:
    if found.dead:
        return "bad"
    if found.waiting:
        return "waits"
    return "good" if found.delivered else "new"
