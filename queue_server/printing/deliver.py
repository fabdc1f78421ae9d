"""One paper on its way: ask how the printer is, send, and wait until it has printed."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from .link import Link
from .status import FENCE, QUERIES, Condition, Reason, condition, is_fence, is_reply

LOOK = 1.0
"""Seconds between two looks at a printer that has a paper in hand."""

TRIAL, LONGEST = 3, 12
"""How many times the printer's patience a paper may take: the first one, and any other."""

Claim = Callable[[], Awaitable[bytes]]
"""Makes durable that a paper may exist from now on; the bytes to send."""
Told = Callable[[Condition], Awaitable[bool]]
"""Is told how the printer is while it prints; whether the paper is still wanted."""


class Blocked(Exception):
    """Nothing is printed now, for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Unconfirmed(Exception):
    """All was sent, and the printer, well as it is, doesn't say that it has printed."""


class Withdrawn(Exception):
    """Nobody wants the paper any more."""


class Conversation:
    """With a printer that answers."""

    def __init__(self, link: Link, patience: float) -> None:
        self._link, self._patience = link, patience
        self._passed = False

    async def condition(self) -> Condition:
        """How the printer is. Raises Blocked: "mute" when it doesn't say."""
        while await self._listen(0.001) is not None:
            pass  # of a question before
        replies = []
        for query in QUERIES:
            await self._link.write(query)
            reply = await self._reply()
            if reply is None:
                raise Blocked("mute")
            replies.append(reply)
        return condition(replies)

    async def print(self, data: bytes, told: Told, *, fence: bool | None) -> bool:
        """Send, and wait until it is printed, however long a person needs to mend the printer.

        Whether the printer answered the fence. `fence`: whether it is known to do so (None: not
        tried yet; one that has paper and stays silent doesn't, and counts as done).
        Raises Blocked, Withdrawn, Gone, Unconfirmed.
        """
        self._passed = False
        await self._link.write(data if fence is False else data + FENCE)
        silent = time.monotonic()
        while not self._passed:
            if await self._listen(LOOK) is not None or self._passed:
                continue
            now = await self.condition()
            if not await told(now):
                raise Withdrawn
            if now.reason:
                silent = time.monotonic()
                continue
            waited = (time.monotonic() - silent) / self._patience
            if fence is False or (fence is None and waited > TRIAL):
                break
            if waited > LONGEST:
                raise Unconfirmed
        return self._passed

    async def _reply(self) -> int | None:
        """The first byte that can be an answer to a query."""
        ends = time.monotonic() + self._patience
        while (left := ends - time.monotonic()) > 0:
            reply = await self._listen(left)
            if reply is not None:
                return reply
        return None

    async def _listen(self, seconds: float) -> int | None:
        """A query's answer out of what has come; the fence's is noted. None: nothing came.

        Raises Gone.
        """
        found = None
        for byte in await self._link.read(seconds):
            if is_reply(byte):
                found = byte
            elif is_fence(byte):
                self._passed = True
        return found


async def deliver(
    link: Link, claim: Claim, told: Told, *, patience: float, status: bool, fence: bool | None
) -> bool:
    """Print one paper; whether the printer answered the fence.

    `status` false: a printer that answers nothing; what it has taken counts as printed.
    Raises Blocked, Withdrawn, Gone, Unconfirmed.
    """
    if not status:
        await link.write(await claim())
        return False
    talk = Conversation(link, patience)
    now = await talk.condition()
    if not await told(now):
        raise Withdrawn
    if now.reason:
        raise Blocked(now.reason)
    return await talk.print(await claim(), told, fence=fence)
