"""The tracking room: applications, their history, and who is told of it.

Everything that is answered is durable; history is only ever added to. What a console asks at
every frame (which ticket fetches which document) is answered from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ..clock import Clock
from ..core.plan import Hours
from ..order import KeyReused
from ..store import Store, Transaction
from . import erasing, records, rules
from .codes import new_code
from .listing import Listing
from .model import Application, Change, Dossier, New, Recorded, Step, passed
from .outbox import Outbox, Tell
from .pickups import Pickups
from .promise import Standing, standing
from .refusals import Refused
from .schema import STEPS
from .states import FIRST, RUNNING, State, path

KEPT = 30 * 24 * 60 * 60_000
"""Milliseconds for which an idempotency key is answered with its first outcome."""


class Tracking:
    """`await open()` before use. Every change raises Refused, KeyReused, Unavailable."""

    def __init__(self, file: Path, clock: Clock, hours: Hours, tell: Tell | None = None) -> None:
        self._store = Store(file, STEPS, private=True)
        self._clock = clock
        self._hours = hours
        self.listing = Listing(self._store, clock, hours)
        self.pickups = Pickups(self._store, clock)
        self.outbox = Outbox(self._store, tell)
        self._registered: dict[str, Application] = {}
        """By the counter's id: the last one registered there since the start."""

    def configure(self, hours: Hours) -> None:
        """Count working days by other hours and holidays from now on."""
        self._hours = self.listing.hours = hours

    async def open(self) -> None:
        """Open the file; due times follow the hours that are configured now."""
        await self._store.open()
        try:
            await self._store.carry_out(self._renew)
            await self.pickups.load()
            self.outbox.start()
        except BaseException:
            await self._store.close()
            raise

    async def close(self) -> None:
        """Finish what is under way."""
        await self.outbox.close()
        await self._store.close()

    # Reading ------------------------------------------------------------------------------

    async def find(self, code: str) -> Dossier | None:
        """The application of that code, with its history."""
        found = await records.applications(self._store.read, "WHERE code = ?", code)
        return await self.dossier(found[0]) if found else None

    async def dossier(self, application: Application) -> Dossier:
        """An application with its history."""
        steps = await records.history(self._store.read, application.id)
        return Dossier(application, steps, self._standing(application, steps))

    async def dossiers(self, applications: Sequence[Application]) -> list[Dossier]:
        """Many applications with their histories, in the same order."""
        ids = [one.id for one in applications]
        steps = await records.histories(self._store.read, ids)
        return [
            Dossier(one, steps[one.id], self._standing(one, steps[one.id])) for one in applications
        ]

    async def of_codes(self, codes: Sequence[str]) -> dict[str, Application]:
        """Those that there are, by code."""
        found = await records.those(self._store.read, "code", codes)
        return {one.code: one for one in found}

    async def of_files(self, files: Sequence[str]) -> dict[tuple[str, str], Application]:
        """Those with one of these file numbers, by agency and file number."""
        found = await records.those(self._store.read, "file", files)
        return {(one.agency, one.file): one for one in found}

    async def of_ticket(self, token: str) -> Application | None:
        """The application that was registered at the visit of that ticket."""
        if not token:
            return None
        found = await records.applications(self._store.read, "WHERE ticket = ?", token)
        return found[0] if found else None

    def last_at(self, counter: str) -> Application | None:
        """The last one registered at a counter since the start."""
        return self._registered.get(counter)

    # Changing -----------------------------------------------------------------------------

    async def register(
        self, new: New, by: str, *, key: str = "", digest: str = "", counter: str = ""
    ) -> Recorded:
        """A new application, or the one that this visit has registered already."""
        rules.check_file(new.file)

        async def change(do: Transaction) -> Recorded:
            first = await self._first(do, key, digest)
            if first is not None:
                return first
            for known in await _of_visit(do, new.ticket):
                (registered, *_) = await records.history(do.read, known.id)
                return await self._remember(do, Recorded(known, registered), key, digest)
            await _check_free(do, new.agency, new.file)
            made = await self._insert(do, new, by)
            return await self._remember(do, made, key, digest)

        recorded = await self._store.carry_out(change)
        if counter:
            self._registered[counter] = recorded.application
        self.outbox.touch()
        return recorded

    async def move(self, change: Change, by: str, *, key: str = "", digest: str = "") -> Recorded:
        """Put an application into another state, through those that lie between."""

        async def carry(do: Transaction) -> Recorded:
            first = await self._first(do, key, digest)
            if first is not None:
                return first
            return await self._remember(do, await self._move(do, change, by), key, digest)

        recorded = await self._store.carry_out(carry)
        self.outbox.touch()
        return recorded

    async def move_all(self, changes: Sequence[Change], by: str) -> list[Recorded]:
        """Several changes, all or none."""

        async def carry(do: Transaction) -> list[Recorded]:
            return [await self._move(do, one, by) for one in changes]

        recorded = await self._store.carry_out(carry)
        self.outbox.touch()
        return recorded

    async def correct(self, code: str, seen: str, note: str, by: str) -> Recorded:
        """Take the last step back: it was a mistake. The step itself stays in the history."""
        rules.check_reason("ditolak", (), note)

        async def carry(do: Transaction) -> Recorded:
            application = await records.one(do.read, code)
            rules.check_seen(application.state, seen)
            held = passed(await records.history(do.read, application.id))
            if len(held) < 2:
                raise Refused("nothing_to_correct")
            back = held[-2].state
            return await self._step(do, application, back, by, note=note, correction=True)

        recorded = await self._store.carry_out(carry)
        self.outbox.touch()
        return recorded

    async def set_file(self, code: str, file: str) -> None:
        """Give an application the agency's file number, or another one; "" takes it away."""
        rules.check_file(file)

        async def carry(do: Transaction) -> None:
            application = await records.one(do.read, code)
            if file != application.file:
                await _check_free(do, application.agency, file)
                sql = "UPDATE applications SET file = ? WHERE id = ?"
                await do.write(sql, (file, application.id))

        await self._store.carry_out(carry)
        self.pickups.refiled(code, file)

    async def hand_over(self, token: str, by: str) -> None:
        """The pickup ticket of that token was served: its document is in its holder's hands."""

        async def carry(do: Transaction) -> None:
            rows = await do.read("SELECT application FROM pickups WHERE token = ?", (token,))
            for application in (
                await records.applications(do.read, "WHERE id = ?", rows[0][0]) if rows else []
            ):
                if application.state == "siap_diambil":
                    await self._step(do, application, "diserahkan", by)
            await do.write("UPDATE pickups SET settled = 1 WHERE token = ?", (token,))

        await self._store.carry_out(carry)
        self.pickups.forget(token)
        self.outbox.touch()

    # Forgetting ---------------------------------------------------------------------------

    async def forget_ended(self, before: int) -> int:
        """Delete what ended before a time (epoch ms), history and all; how many applications."""
        return await erasing.forget_ended(self._store, before)

    async def forget(self, code: str) -> None:
        """Delete one that has ended, history and all. Raises Refused."""
        await erasing.forget(self._store, code)

    # Within -------------------------------------------------------------------------------

    async def _insert(self, do: Transaction, new: New, by: str) -> Recorded:
        now = self._clock.now()
        sql = (
            "INSERT INTO applications (code, service, agency, file, ticket, days, minutes, state,"
            " due, registered, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)"
        )
        values = (
            new_code(), new.service, new.agency, new.file, new.ticket, new.promise.days,
            new.promise.minutes, FIRST, now, now,
        )  # fmt: skip
        (application,) = await records.applications(
            do.read, "WHERE id = ?", await do.write(sql, values)
        )
        return await self._step(do, application, FIRST, by)

    async def _move(self, do: Transaction, change: Change, by: str) -> Recorded:
        application = await records.one(do.read, change.code)
        rules.check_seen(application.state, change.seen)
        way = path(application.state, change.to)
        if not way:
            raise rules.no_such_step(application.state)
        rules.check_reason(change.to, change.missing, change.note)
        recorded: Recorded | None = None
        for state in way:
            last = state == change.to
            recorded = await self._step(
                do, application, state, by,
                missing=change.missing if last else (), note=change.note if last else "",
            )  # fmt: skip
            application = recorded.application
        assert recorded is not None, "a way has a step"
        return recorded

    async def _step(
        self, do: Transaction, application: Application, after: State, by: str, *,
        missing: tuple[str, ...] = (), note: str = "", correction: bool = False,
    ) -> Recorded:  # fmt: skip
        """Add a line to the history; the application follows it."""
        # A clock that was set back must not put the history out of order.
        now = max(self._clock.now(), application.changed)
        steps = await records.history(do.read, application.id)
        before: State | Literal[""] = application.state if steps else ""
        step = Step(0, now, by, before, after, missing, note, correction)
        stands = self._standing(application, (*steps, step), now)
        due = stands.due if stands.clock == "running" else 0
        id = await do.write(
            "INSERT INTO steps (application, at, by, before, after, missing, note, correction,"
            " due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (application.id, now, by, before, after, "\n".join(missing), note, correction, due),
        )
        await do.write(
            "UPDATE applications SET state = ?, due = ?, changed = ? WHERE id = ?",
            (after, due, now, application.id),
        )
        (found,) = await records.applications(do.read, "WHERE id = ?", application.id)
        return Recorded(found, await records.step(do.read, id))

    def _standing(
        self, application: Application, steps: tuple[Step, ...], now: int = 0
    ) -> Standing:
        return standing(
            application.promise, passed(steps), now or self._clock.now(), self._hours
        )  # fmt: skip

    async def _first(self, do: Transaction, key: str, digest: str) -> Recorded | None:
        """What this key was answered with the first time."""
        rows = await do.read("SELECT digest, step FROM keys WHERE key = ?", (key,)) if key else []
        if not rows:
            return None
        if rows[0][0] != digest:
            raise KeyReused
        step = await records.step(do.read, rows[0][1])
        owner = await do.read("SELECT application FROM steps WHERE id = ?", (step.id,))
        (application,) = await records.applications(do.read, "WHERE id = ?", owner[0][0])
        return Recorded(application, step)

    async def _remember(
        self, do: Transaction, recorded: Recorded, key: str, digest: str
    ) -> Recorded:
        if key:
            now = self._clock.now()
            await do.write("DELETE FROM keys WHERE at < ?", (now - KEPT,))
            sql = "INSERT INTO keys (key, digest, step, at) VALUES (?, ?, ?, ?)"
            await do.write(sql, (key, digest, recorded.step.id, now))
        return recorded

    async def _renew(self, do: Transaction) -> None:
        """Due times by the hours and holidays of today's configuration."""
        marks = ", ".join("?" * len(RUNNING))
        for application in await records.applications(
            do.read, f"WHERE state IN ({marks})", *sorted(RUNNING)
        ):
            steps = await records.history(do.read, application.id)
            due = self._standing(application, steps).due
            if due != application.due:
                sql = "UPDATE applications SET due = ? WHERE id = ?"
                await do.write(sql, (due, application.id))


async def _of_visit(do: Transaction, ticket: str) -> list[Application]:
    """What a visit has registered: one, or none."""
    return await records.applications(do.read, "WHERE ticket = ? AND ticket <> ''", ticket)


async def _check_free(do: Transaction, agency: str, file: str) -> None:
    """No other application of the agency has this file number."""
    if not file:
        return
    where = "WHERE agency = ? AND file = ?"
    for taken in await records.applications(do.read, where, agency, file):
        raise Refused("file_taken", file=file, other=taken.code)
