"""What a supervisor does with a reason: the reason is durable before the act, and goes when the act
does not come about."""

from __future__ import annotations

import secrets
from typing import Literal

from .core import commands as c
from .core.events import Entry
from .core.refusals import Refusal
from .floor.reasons import MOST
from .floor.refusals import Refused
from .guard import personal, tidy
from .house import House

Needed = Literal["must", "may", "no"]
"""Whether a reason must be given, or may."""


def reason_of(text: str, needed: Needed = "may") -> str:
    """The reason, tidied. Raises Refusal: none, too long, or somebody's number in it."""
    reason = tidy(text) if needed != "no" else ""
    if len(reason) > MOST or (needed == "must" and len(reason) < 3):
        raise Refused("why_needed", most=MOST)
    if personal(reason):
        raise Refused("personal_text")
    return reason


async def submit(
    house: House, command: c.Command, reason: str, key: str, digest: str
) -> tuple[Entry, ...]:
    """Carry a command out for a reason, if one is given. Raises as `Desk.submit` does."""
    if not reason:
        return await house.desk.submit(command, key=key, digest=digest)
    reasons, key = house.rooms.floor.reasons, key or f"floor {command.by.id} {secrets.token_hex(8)}"
    await reasons.keep(key, house.clock.now(), reason)
    try:
        entries = await house.desk.submit(command, key=key, digest=digest)
    except Refusal:  # not `Unavailable`: then it may have been written, and has its reason
        await reasons.drop(key)
        raise
    if not entries:
        await reasons.drop(key)
    return entries
