"""What a panel's worker asks of the way to it, by whatever wire."""

from __future__ import annotations

from typing import Literal, Protocol

from .showing import Showing

Reason = Literal["", "starting", "offline", "refused", "mute", "unknown"]
"""Why a panel doesn't show the present; "" nothing is in the way. `refused`: the broker doesn't
want us; `mute`: nobody answers behind the line; `unknown`: the hall has no such counter."""


class Gone(Exception):
    """The way to the panels is not there, or not any more."""

    def __init__(self, said: str, reason: Reason = "offline") -> None:
        super().__init__(said)
        self.reason = reason


class Mute(Exception):
    """The way is there; this one panel doesn't answer."""


class Link(Protocol):
    """An open way to panels."""

    async def show(self, showing: Showing) -> None:
        """Have it shown; returns when it is known to have arrived. Raises Gone, Mute."""

    async def lost(self) -> None:
        """Wait until the way is gone. Raises Gone."""
