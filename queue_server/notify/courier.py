"""Couriers: one task for each channel takes messages out of the outbox and tries to deliver them.

At least once: a crash between an attempt and its mark sends the same message, with the same id,
again. An ordered channel stops at its first message that has to wait, so none overtakes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random

from ..clock import Clock
from .messages import Channel, Delivery
from .outbox import Outbox
from .retry import pause

log = logging.getLogger(__name__)

WINDOW = 8
"""Messages that an unordered channel has under way at once."""
LOOK = 60.0
"""Seconds after which a courier looks again, though nobody woke it."""


class Courier:
    """Carries one channel's messages."""

    def __init__(self, channel: Channel, outbox: Outbox, clock: Clock) -> None:
        self.channel = channel
        self._outbox = outbox
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self._woken.clear()
            wait = LOOK
            try:
                wait = await self.round()
            except Exception:
                # An outbox that can't be written: everything is still in it.
                log.exception("messages for %s wait", self.channel.id)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    async def round(self) -> float:
        """Deliver what is due; seconds until there may be more."""
        while found := await self._due():
            await asyncio.gather(*(self._deliver(one) for one in found))
        due = await self._next()
        return LOOK if due is None else min(LOOK, max(0.0, (due - self._clock.now()) / 1000))

    async def _due(self) -> list[Delivery]:
        now, channel = self._clock.now(), self.channel
        if not channel.ordered:
            return await self._outbox.due(channel.id, now, WINDOW)
        head = await self._outbox.head(channel.id)
        return [head] if head is not None and head.due <= now else []

    async def _next(self) -> int | None:
        if self.channel.ordered:
            head = await self._outbox.head(self.channel.id)
            return head.due if head else None
        return await self._outbox.next_due(self.channel.id)

    async def _deliver(self, delivery: Delivery) -> None:
        outcome = await self.channel.send(delivery.message)
        now = self._clock.now()
        if outcome.kind == "delivered":
            await self._outbox.settle(delivery, "delivered", now, outcome.answer)
            return
        tries = delivery.tries + 1
        wait = pause(tries, random.random(), outcome.after)  # noqa: S311  # jitter, no secret
        late = now + wait - delivery.since > self.channel.patience
        dead = outcome.kind == "never" or late
        log.log(
            logging.WARNING if dead else logging.INFO,
            "%s: message %s (%s), attempt %d: %s%s", self.channel.id, delivery.message.id,
            delivery.message.kind, tries, outcome.answer, ", given up" if dead else "",
        )  # fmt: skip
        await self._outbox.settle(
            delivery, "dead" if dead else "waiting", now, outcome.answer, now + wait
        )
