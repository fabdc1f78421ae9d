"""What there is to tell: the hub's only view of the hall."""

from __future__ import annotations

from typing import Literal, Protocol

Form = Literal["json", "html"]
"""How a screen wants its state: as data, or as data with the rendered fragment."""


class Source(Protocol):
    """The durable hall, as screens may see it. Everything is synchronous and costs no I/O.

    Between two versions the answers do not change, unless the topic is touched again.
    """

    @property
    def epoch(self) -> str:
        """The journal's own random name: a cursor of another epoch is worthless."""

    build: str
    """The hash of templates and static files: another build reloads a page."""

    @property
    def version(self) -> int:
        """The id of the last durable journal entry. Never goes back within an epoch."""

    def knows(self, topic: str) -> bool:
        """True when the topic can be subscribed to."""

    def state(self, topic: str, form: Form) -> bytes:
        """Encoded JSON members without braces: `"state":{…}` or `"state":{…},"html":"…"`."""

    def calls(self, topic: str, after: int) -> list[bytes]:
        """Encoded call objects with an id above `after`, young enough to announce, oldest first.

        Each has its `id`. A connection that follows several topics of a call is told it once.
        Asked once per connection that joins, so a search, not a scan.
        """
