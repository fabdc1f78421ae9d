"""What a change of bookings is made of, within its one transaction: find, count, check, write."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ..config import BookingSection
from ..core.plan import MINUTE
from ..order import KeyReused
from ..store import Transaction
from . import codes
from .model import COLUMNS, LIFE, TOLD, Booking, State, What, Who, of_row
from .refusals import Refused
from .rules import Key, Session

TAKES = "(state IN ('booked', 'checked_in') OR (state = 'held' AND expires > ?))"
"""What takes a place at a moment (epoch ms)."""
COUNT = "SELECT count(*) FROM bookings"


class Ledger(Struct, frozen=True):
    """A transaction at a moment. Everything that it reads still holds when it writes."""

    tx: Transaction
    section: BookingSection
    now: int

    # Finding ------------------------------------------------------------------------------

    async def many(self, where: str, *values: object) -> list[Booking]:
        """The bookings for which `where` holds."""
        sql = f"SELECT {COLUMNS} FROM bookings WHERE {where}"  # noqa: S608  # literals of this room
        return [of_row(row) for row in await self.tx.read(sql, values)]

    async def one(self, where: str, *values: object) -> Booking | None:
        """The booking for which `where` holds, if there is one."""
        return next(iter(await self.many(where, *values)), None)

    async def of_token(self, token: str) -> Booking:
        """The booking of a secret link. Raises Refused."""
        found = await self.one("token = ?", token)
        if found is None:
            raise Refused("unknown_booking")
        return found

    async def standing_in(self, key: Key) -> list[Booking]:
        """Holds and bookings of a session that nobody has used yet."""
        where = "pool = ? AND day = ? AND start = ? AND state IN ('held', 'booked') ORDER BY id"
        return await self.many(where, key.pool, key.day, key.start)

    # Counting -----------------------------------------------------------------------------

    async def free(self, session: Session) -> int:
        """Places left in a session; below 0 when the quota was lowered afterwards."""
        key = session.key
        here = (key.pool, key.day, key.start)
        set_by_staff = await self.tx.read(
            "SELECT quota FROM quotas WHERE pool = ? AND day = ? AND start = ?", here
        )
        taken = await self.tx.read(
            f"{COUNT} WHERE pool = ? AND day = ? AND start = ? AND {TAKES}",
            (*here, self.now),
        )
        quota = set_by_staff[0][0] if set_by_staff else session.quota
        return int(quota - taken[0][0])

    async def check_room(self, session: Session, otherwise: str = "session_full") -> None:
        """Raises Refused with that code when the session is full."""
        if await self.free(session) < 1:
            raise Refused(otherwise)

    async def check_device(self, device: str) -> None:
        """Raises Refused when a device has as many places as it may have."""
        most = self.section.per_device
        where = f"device = ? AND ends > ? AND {TAKES} AND state != 'checked_in'"
        if device and len(await self.many(where, device, self.now, self.now)) >= most:
            raise Refused("too_many_bookings", most=most)

    async def check_phone(self, phone: str) -> None:
        """Raises Refused when a telephone number has as many bookings as it may have."""
        most = self.section.per_phone
        where = "phone = ? AND ends > ? AND state = 'booked'"
        if phone and len(await self.many(where, phone, self.now)) >= most:
            raise Refused("too_many_bookings", most=most)

    async def check_single(self, service: str, day: str, who: Who, mine: int = 0) -> None:
        """One booking a service and day: for a telephone number, or without one for a device.

        Raises Refused.
        """
        by, value = ("phone", who.phone) if who.phone else ("device", who.device)
        where = f"{by} = ? AND service = ? AND day = ? AND state = 'booked' AND id != ?"
        if not who.phone:
            where += " AND phone = ''"
        if value and await self.one(where, value, service, day, mine):
            raise Refused("already_booked")

    # Writing ------------------------------------------------------------------------------

    async def insert(
        self, state: State, session: Session, service: str, agency: str, who: Who,
        key: str, digest: str, package: str = "",
    ) -> Booking:  # fmt: skip
        """A new hold or booking."""
        code = codes.new_code()
        while await self.one("code = ?", code):
            code = codes.new_code()
        expires = self.now + self.section.hold_minutes * MINUTE if state == "held" else 0
        values = {
            "token": codes.new_token(), "code": code, "service": service, "agency": agency,
            **_place(session), "state": state, "expires": expires, "created": self.now,
            "changes": 0, "language": who.language, "ticket": 0, "attempt": 0, "reason": "",
            "phone": who.phone, "device": who.device, "key": key or None, "digest": digest,
            "package": package,
        }  # fmt: skip
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO bookings ({', '.join(values)}) VALUES ({marks})"  # noqa: S608  # the names above
        id = await self.tx.write(sql, tuple(values.values()))
        await self.note("held" if state == "held" else "confirmed", id)
        found = await self.one("id = ?", id)
        assert found is not None
        return found

    async def step(self, found: Booking, what: What, who: str = "", **values: Any) -> Booking:
        """One step of the life table, with what it changes besides. Raises Refused."""
        if what not in LIFE[found.state]:
            raise Refused("booking_over", state=found.state)
        changed = {"state": LIFE[found.state][what], **values}
        await self.update(found.id, changed)
        # A claim is noted when it has its number: before, nothing has happened for anybody.
        if what not in ("checked_in", "released"):
            await self.note(what, found.id, who, values.get("reason", ""))
        after = await self.one("id = ?", found.id)
        assert after is not None
        return after

    async def update(self, id: int, values: dict[str, Any]) -> None:
        """Write columns of a booking."""
        places = ", ".join(f"{name} = ?" for name in values)
        sql = f"UPDATE bookings SET {places} WHERE id = ?"  # noqa: S608  # columns' names
        await self.tx.write(sql, (*values.values(), id))

    async def move(
        self, found: Booking, session: Session, who: str = "", reason: str = ""
    ) -> Booking:
        """To another session, whose room was checked before. Raises Refused."""
        moved = {**_place(session), "changes": found.changes + 1, "reason": reason}
        return await self.step(found, "changed", who, **moved)

    async def was_moved(self, key: str, digest: str) -> bool:
        """Whether a request's key has moved a booking before; from now on it has.

        Raises KeyReused.
        """
        known = await self.tx.read("SELECT digest FROM moves WHERE key = ?", (key,))
        if known and known[0][0] != digest:
            raise KeyReused
        if not known:
            await self.tx.write("INSERT INTO moves VALUES (?, ?, ?)", (key, digest, self.now))
        return bool(known)

    async def cancel(self, found: Booking, who: str, reason: str) -> Booking:
        """Give a hold or a booking up; one that is given up stays so. Raises Refused."""
        if found.state in ("cancelled", "dropped"):
            return found
        what: What = "dropped" if found.state == "held" else "cancelled"
        return await self.step(found, what, who, reason=reason)

    async def set_quota(self, key: Key, quota: int | None, who: str, detail: str = "") -> None:
        """What the staff decides of a session: 0 closes it, None is as the rules have it."""
        here = (key.pool, key.day, key.start)
        await self.tx.write("DELETE FROM quotas WHERE pool = ? AND day = ? AND start = ?", here)
        if quota is not None:
            await self.tx.write("INSERT INTO quotas VALUES (?, ?, ?, ?)", (*here, quota))
        said = ["rules" if quota is None else str(quota), detail]
        about = " ".join([*map(str, here), *filter(None, said)])
        await self.note("closed" if quota == 0 else "opened", 0, who, about)

    async def note(self, what: What, booking: int, who: str = "", detail: str = "") -> None:
        """A row of the audit, which is also the outbox of what the outside is to be told."""
        await self.tx.write(
            "INSERT INTO audit (at, who, what, booking, detail, told) VALUES (?, ?, ?, ?, ?, ?)",
            (self.now, who or "citizen", what, booking, detail, int(what not in TOLD)),
        )


def _place(session: Session) -> dict[str, object]:
    key = session.key
    return {
        "pool": key.pool, "day": key.day, "start": key.start, "finish": session.end,
        "begins": session.begins, "ends": session.ends,
    }  # fmt: skip
