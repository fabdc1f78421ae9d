"""What is kept of people, for how long, and the log that proves that it went.

Rooms erase what is due by themselves or are asked to here; each erasure is in the record of changes
as a kind, a count and the rule behind it: never whose it was.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from .changes import SYSTEM, Json
from .core.calendar import at, local
from .core.model import Ticket
from .floor.numbers import like
from .house import House
from .notify.contacts import subject_of
from .order import Unavailable
from .tracking.codes import read as read_code
from .web.identity import Identity
from .web.problems import Problem

log = logging.getLogger(__name__)

EVERY = 600.0
"""Seconds between two looks."""
DAY = 24 * 3_600_000
PREFIX = "erasure."
Unit = Literal["hours", "days"]


class Rule(Struct, frozen=True):
    """A key that says how long something is kept, and the bounds within which a hall may set it:
    no longer than the purpose lasts (UU 27/2022), no shorter than the work needs it."""

    kind: str
    section: str
    key: str
    unit: Unit
    least: int
    most: int

    @property
    def name(self) -> str:
        """As the configuration calls it."""
        return f"{self.section}.{self.key}"


RULES = (
    Rule("contacts", "phone", "contact_hours", "hours", 0, 24),
    Rule("notes", "notes", "keep_hours", "hours", 0, 168),
    Rule("bookings", "booking", "keep_days", "days", 1, 730),
    Rule("remarks", "retention", "remark_days", "days", 30, 1825),
    Rule("applications", "retention", "application_days", "days", 30, 3650),
    Rule("sessions", "sessions", "hours", "hours", 1, 744),
    Rule("backups", "backup", "keep_days", "days", 1, 3650),
)


class Erased(Struct, frozen=True):
    """What went at somebody's request: what it was found by, and how much of each kind."""

    found: Literal["ticket", "booking", "application"]
    counts: dict[str, int]


async def noted(house: House, kind: str, count: int, rule: str) -> None:
    """Record what was erased because its time was over; nothing is no record. `rule` is a key of
    the configuration. Raises Unavailable."""
    if count:
        section, _, key = rule.partition(".")
        value = getattr(getattr(house.config, section), key)
        after: Json = {"count": count, "rule": f"{rule} = {value}"}
        await house.rooms.changes.record(SYSTEM, "", PREFIX + kind, "erase", None, after)


class Retention:
    """`start` once the Desk runs, `close` before it stops."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._task: asyncio.Task[None] | None = None
        self._notes = 0

    def start(self) -> None:
        """Look from now on."""
        self._task = asyncio.create_task(self._run(), name="retention")

    async def close(self) -> None:
        """Stop; what is due is found again after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Erase and record what is due. Raises Unavailable, sqlite3.Error."""
        house, rooms = self._house, self._house.rooms
        kept, now = house.config.retention, house.clock.now()
        today = local(now, house.hall.plan.hours).date()
        before = (today - timedelta(days=kept.remark_days)).isoformat()
        gone = await rooms.survey.archive.forget_remarks(before)
        await noted(house, "remarks", gone, "retention.remark_days")
        gone = await rooms.tracking.forget_ended(now - kept.application_days * DAY)
        await noted(house, "applications", gone, "retention.application_days")
        erased = rooms.notes.erased
        await noted(house, "notes", erased - self._notes, "notes.keep_hours")
        self._notes = erased
        await self._contacts(int(at(today, 0, house.hall.plan.hours).timestamp() * 1000))

    async def _contacts(self, midnight: int) -> None:
        """Those of the days before today, once a day: their room deletes them minute by minute."""
        changes, contacts = self._house.rooms.changes, self._house.rooms.notify.contacts
        last = (await changes.newest(f"{PREFIX}contacts")).get(f"{PREFIX}contacts")
        since = int(msgspec.json.decode(last.after).get("until", 0)) if last else 0
        count = await contacts.swept(since, midnight)
        if count:
            hours = self._house.config.phone.contact_hours
            after: Json = {
                "count": count, "rule": f"phone.contact_hours = {hours}", "until": midnight,
            }  # fmt: skip
            await changes.record(SYSTEM, "", f"{PREFIX}contacts", "erase", None, after)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except (Unavailable, sqlite3.Error) as reason:
                log.warning("what is due is erased later: %s", reason)
            except Exception:  # the task's top: what is due must go, so it goes on
                log.exception("what is due could not be erased; trying again")
            await asyncio.sleep(EVERY)


async def erase(house: House, text: str, by: Identity, address: str) -> Erased:
    """Erase now what is kept of whoever has this number of today, booking code or application's
    code; recorded without it. Raises Problem 404 `nobody_found`, Refused where an application has
    not ended, Unavailable."""
    erased = (
        await _of_ticket(house, text)
        or await _of_booking(house, text)
        or await _of_application(house, text)
    )
    if erased is None:
        raise Problem(404, "nobody_found")
    counts: Mapping[str, Json] = erased.counts
    after: Json = {"found_by": erased.found, **counts, "rule": "at somebody's request"}
    await house.rooms.changes.record(by, address, f"{PREFIX}request", "erase", None, after)
    return erased


async def _of_ticket(house: House, text: str) -> Erased | None:
    meant = like(text)
    found = [one for one in house.hall.tickets.values() if text.strip() and meant(one.number)]
    if len(found) != 1:
        return None
    return Erased("ticket", await _forget(house, found[0]))


async def _of_booking(house: House, text: str) -> Erased | None:
    found = await house.rooms.bookings.find(text)
    if found is None:
        return None
    counts = {"contacts": await house.rooms.notify.contacts.forget(subject_of(found.token))}
    ticket = house.hall.tickets.get(found.ticket)
    if ticket is not None and ticket.booking == found.opaque:
        of_ticket = await _forget(house, ticket)
        counts = {kind: counts.get(kind, 0) + of_ticket[kind] for kind in of_ticket}
    counts["bookings"] = await house.rooms.bookings.forget_one(found.id)
    return Erased("booking", counts)


async def _of_application(house: House, text: str) -> Erased | None:
    dossier = await house.rooms.tracking.find(read_code(text))
    if dossier is None:
        return None
    await house.rooms.tracking.forget(dossier.application.code)
    return Erased("application", {"applications": 1})


async def _forget(house: House, ticket: Ticket) -> dict[str, int]:
    return {
        "contacts": await house.rooms.notify.contacts.forget(subject_of(ticket.token)),
        "notes": await house.rooms.notes.forget(ticket.id),
    }
