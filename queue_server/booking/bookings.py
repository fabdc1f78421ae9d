"""The room of bookings: who holds which place. Every answer is durable.

A change runs alone in one transaction, so that the count of a session and the place that is
given rest on the same state: a quota is never exceeded. The room knows no hall: sessions, their
quota and whether they can be booked now are worked out by `rules` and handed in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..core.plan import MINUTE
from ..order import KeyReused
from ..store import Transaction
from .ledger import Ledger
from .model import Booking, Who
from .refusals import Refused
from .rules import Key, Session
from .shelf import Shelf

SYSTEM = "system"
DAY = 24 * 60 * MINUTE
T = TypeVar("T")


class Bookings(Shelf):
    """`async` throughout; every change raises Unavailable (503) when it can't be written."""

    # A citizen's acts ---------------------------------------------------------------------

    async def hold(
        self, session: Session, service: str, agency: str, who: Who, key: str, package: str = ""
    ) -> Booking:
        """Keep a place for as long as a form may take. The same `key` is the same booking: with
        another session the hold moves there. A device holds one place a service. Raises Refused.
        """

        async def change(ledger: Ledger) -> Booking:
            found = await ledger.one("key = ?", key)
            if found is not None and (found.state != "held" or found.key == session.key):
                return found
            if found is not None:
                await ledger.check_room(session)
                return await ledger.move(found, session)
            where = "device = ? AND device != '' AND service = ? AND state = 'held'"
            for other in await ledger.many(where, who.device, service):
                await ledger.step(other, "dropped")
            await ledger.check_device(who.device)
            await ledger.check_room(session)
            return await ledger.insert("held", session, service, agency, who, key, "", package)

        return await self._change(change)

    async def confirm(self, token: str, session: Session | None, who: Who) -> Booking:
        """Turn a hold into a booking; one that is booked stays so. A hold that ran out still
        counts while its `session` (None: it is gone) has room. Raises Refused."""

        async def change(ledger: Ledger) -> Booking:
            found = await ledger.of_token(token)
            if found.state in ("booked", "checked_in"):
                return found
            if found.state == "dropped" or found.expires <= ledger.now:
                if session is None:
                    raise Refused("hold_over")
                await ledger.check_room(session, "hold_over")
            await ledger.check_phone(who.phone)
            await ledger.check_single(found.service, found.key.day, who, found.id)
            said = {"phone": who.phone, "language": who.language}
            return await ledger.step(found, "confirmed", **said)

        return await self._change(change)

    async def book(
        self, session: Session, service: str, agency: str, who: Who, key: str, digest: str,
        package: str = "",
    ) -> Booking:  # fmt: skip
        """Book at once, without a form. The same key with the same digest is the first booking
        again. Raises Refused, KeyReused."""

        async def change(ledger: Ledger) -> Booking:
            found = await ledger.one("key = ?", key) if key else None
            if found is not None:
                if not await ledger.one("key = ? AND digest = ?", key, digest):
                    raise KeyReused
                return found
            await ledger.check_phone(who.phone)
            await ledger.check_single(service, session.key.day, who)
            await ledger.check_device(who.device)
            await ledger.check_room(session)
            return await ledger.insert(
                "booked", session, service, agency, who, key, digest, package
            )

        return await self._change(change)

    async def change(
        self, token: str, session: Session, who: str = "", *, key: str = "", digest: str = ""
    ) -> Booking:
        """Move to another session in one step: the old place is kept until the new one is had.
        A `key` moves once, also when it has moved elsewhere since. Raises Refused, KeyReused.
        """

        async def change(ledger: Ledger) -> Booking:
            found = await ledger.of_token(token)
            if key and await ledger.was_moved(key, digest):
                return found
            if found.key == session.key and found.state in ("held", "booked"):
                return found
            mine = Who(found.device, found.phone)
            await ledger.check_single(found.service, session.key.day, mine, found.id)
            await ledger.check_room(session)
            return await ledger.move(found, session, who)

        return await self._change(change)

    async def cancel(self, token: str, who: str = "", reason: str = "") -> Booking:
        """Give the place back; twice is once. Raises Refused."""

        async def change(ledger: Ledger) -> Booking:
            return await ledger.cancel(await ledger.of_token(token), who, reason)

        return await self._change(change)

    # Checking in --------------------------------------------------------------------------

    async def claim(self, id: int) -> Booking:
        """Mark as checked in before the Desk is asked for the number: what is claimed can be
        neither cancelled nor claimed for another number. Raises Refused."""

        async def change(ledger: Ledger) -> Booking:
            found = await ledger.one("id = ?", id)
            if found is None:
                raise Refused("unknown_booking")
            return found if found.state == "checked_in" else await ledger.step(found, "checked_in")

        return await self._change(change)

    async def settle(self, id: int, ticket: int, who: str) -> None:
        """The number that a claimed booking became; twice is once."""

        async def change(ledger: Ledger) -> None:
            found = await ledger.one("id = ?", id)
            if found is not None and found.state == "checked_in" and not found.ticket:
                await ledger.update(id, {"ticket": ticket})
                await ledger.note("checked_in", id, who)

        await self._change(change)

    async def release(self, id: int, attempt: int) -> None:
        """The Desk refused the number: the booking stands again, and its next attempt is another
        command to the Desk. Nothing when another attempt is under way or had its number."""

        async def change(ledger: Ledger) -> None:
            found = await ledger.one("id = ? AND ticket = 0 AND attempt = ?", id, attempt)
            if found is not None and found.state == "checked_in":
                await ledger.step(found, "released", SYSTEM, attempt=attempt + 1)

        await self._change(change)

    # The staff ----------------------------------------------------------------------------

    async def set_quota(self, key: Key, quota: int | None, who: str, reason: str = "") -> None:
        """Close a session of a date (0), give it another number of places, or (None) as the
        rules have it. Who has booked keeps the place."""

        async def change(ledger: Ledger) -> None:
            await ledger.set_quota(key, quota, who, reason)

        await self._change(change)

    async def cancel_session(self, key: Key, who: str, reason: str) -> list[Booking]:
        """Cancel all bookings of a session and close it; those that were cancelled."""

        async def change(ledger: Ledger) -> list[Booking]:
            await ledger.set_quota(key, 0, who, reason)
            standing = await ledger.standing_in(key)
            return [await ledger.cancel(found, who, reason) for found in standing]

        return await self._change(change)

    async def move_session(
        self, key: Key, session: Session, who: str, reason: str
    ) -> list[Booking]:
        """Move all bookings of a session to another one and close it: all of them, or none.

        Raises Refused: the other has too few places.
        """

        async def change(ledger: Ledger) -> list[Booking]:
            standing, free = await ledger.standing_in(key), await ledger.free(session)
            if free < len(standing):
                raise Refused("sessions_too_small", free=max(free, 0), wanted=len(standing))
            await ledger.set_quota(key, 0, who, reason)
            return [await ledger.move(found, session, who, reason) for found in standing]

        return await self._change(change)

    # Numbers from afar --------------------------------------------------------------------

    async def reserve_remote(self, key: str, device: str, day: str, token: str) -> str:
        """Count a number from afar before it is taken; the token to take it with, which for the
        same key is the first one. Raises Refused: the device has had its share."""

        async def change(ledger: Ledger) -> str:
            known = await ledger.tx.read("SELECT token FROM remote WHERE key = ?", (key,))
            if known:
                return str(known[0][0])
            sql = "SELECT count(*) FROM remote WHERE device = ? AND day = ?"
            had = (await ledger.tx.read(sql, (device, day)))[0][0]
            most = ledger.section.remote_per_device
            if device and had >= most:
                raise Refused("too_many_remote", most=most)
            values = (key, device, day, token, ledger.now)
            await ledger.tx.write("INSERT INTO remote VALUES (?, ?, ?, ?, ?)", values)
            return token

        return await self._change(change)

    async def free_remote(self, key: str) -> None:
        """The Desk refused the number: it counts for nothing."""
        await self._store.write(("DELETE FROM remote WHERE key = ?", (key,)))

    # Time ---------------------------------------------------------------------------------

    async def sweep(self) -> int:
        """End the holds that ran out and the bookings that nobody used; how many."""
        now = self._clock.now()
        held, booked = "state = 'held' AND expires <= ?", "state = 'booked' AND ends < ?"
        late = now - self._section.grace_minutes * MINUTE

        async def change(ledger: Ledger) -> int:
            dropped, missed = await ledger.many(held, now), await ledger.many(booked, late)
            for found in dropped:
                await ledger.step(found, "dropped", SYSTEM)
            for found in missed:
                await ledger.step(found, "expired", SYSTEM)
            return len(dropped) + len(missed)

        if not await self._many(f"({held}) OR ({booked}) LIMIT 1", now, late):
            return 0  # no transaction a minute for nothing
        return await self._change(change)

    async def forget(self) -> int:
        """Delete what is older than `keep_days`, from the file too; how many bookings."""
        now = self._clock.now()
        limit = now - self._section.keep_days * DAY

        async def change(ledger: Ledger) -> int:
            old = await ledger.tx.read("SELECT count(*) FROM bookings WHERE ends < ?", (limit,))
            await ledger.tx.write("DELETE FROM bookings WHERE ends < ?", (limit,))
            await ledger.tx.write("DELETE FROM audit WHERE at < ?", (limit,))
            await ledger.tx.write("DELETE FROM remote WHERE at < ?", (now - 2 * DAY,))
            await ledger.tx.write("DELETE FROM moves WHERE at < ?", (now - 2 * DAY,))
            return int(old[0][0])

        gone = await self._change(change)
        if gone:
            await self._store.scrub()
        return gone

    async def forget_one(self, id: int) -> int:
        """Erase what a booking says of its holder now: one that stands keeps its place and loses
        the keyed hashes of phone and device, one that is over goes as a whole; 1 if it went."""
        over = "state NOT IN ('held', 'booked')"

        async def change(ledger: Ledger) -> int:
            sql = f"SELECT count(*) FROM bookings WHERE id = ? AND {over}"  # noqa: S608  # literal
            gone = int((await ledger.tx.read(sql, (id,)))[0][0])
            if gone:
                await ledger.tx.write("DELETE FROM bookings WHERE id = ?", (id,))
                await ledger.tx.write("DELETE FROM audit WHERE booking = ?", (id,))
            else:
                sql = "UPDATE bookings SET phone = '', device = '' WHERE id = ?"
                await ledger.tx.write(sql, (id,))
            return gone

        gone = await self._change(change)
        await self._store.scrub()
        return gone

    async def _change(self, change: Callable[[Ledger], Awaitable[T]]) -> T:
        async def run(tx: Transaction) -> T:
            return await change(Ledger(tx, self._section, self._clock.now()))

        outcome = await self._store.carry_out(run)
        self.changed.set()
        return outcome
