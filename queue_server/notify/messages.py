"""What the outbox holds, and what trying to deliver it can come to."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Literal, Protocol

from msgspec import Struct

State = Literal["waiting", "delivered", "dead"]


class Message(Struct, frozen=True):
    """Something that happened. `id` is stable: a receiver that has seen it may drop it.

    `subject` names whose contact the kind needs (`contacts.subject_of`), or "". Personal data is
    never in `data`: a contact is looked up when the message is sent.
    """

    id: str
    kind: str
    at: int
    data: dict[str, Any]
    subject: str = ""


class Delivery(Struct, frozen=True):
    """A message on its way to one channel. Times are epoch ms; `since` is when it was queued."""

    seq: int
    channel: str
    message: Message
    state: State
    tries: int
    due: int
    since: int
    tried: int
    answer: str


class Outcome(Struct, frozen=True):
    """What an attempt came to. "never": this message is not wanted there, whatever is tried.

    `answer` is a short word for the log, without anything that the receiver wrote. `after` is
    how long it asked to be left alone, in ms.
    """

    kind: Literal["delivered", "later", "never"]
    answer: str
    after: int = 0


class Channel(Protocol):
    """A way out of the hall.

    `ordered`: one message at a time, and none overtakes. `patience`: ms after which a message
    that could not be delivered is dead.
    """

    id: str
    ordered: bool
    patience: int
    kinds: tuple[str, ...]
    """What it may want: names of kinds, or patterns such as `ticket.*`."""

    def wants(self, message: Message) -> bool:
        """Whether it is to be delivered here."""

    async def send(self, message: Message) -> Outcome:
        """One attempt; raises nothing that is expected of a network."""


def matches(kinds: tuple[str, ...], kind: str) -> bool:
    """Whether a kind is among names and patterns."""
    return any(fnmatchcase(kind, one) for one in kinds)
