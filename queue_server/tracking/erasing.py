"""Applications whose time is over, deleted with their history, out of the file too."""

from __future__ import annotations

from collections.abc import Sequence

from ..store import Store, Transaction
from . import records
from .refusals import Refused
from .states import OPEN, STATES

ENDED = tuple(state for state in STATES if state not in OPEN)
OF_IT = (
    "DELETE FROM applications WHERE id = ?",
    "DELETE FROM keys WHERE step IN (SELECT id FROM steps WHERE application = ?)",
    "DELETE FROM steps WHERE application = ?",
    "DELETE FROM pickups WHERE application = ?",
)


async def forget_ended(store: Store, before: int) -> int:
    """What ended before a time (epoch ms); how many there were."""
    marks = ", ".join("?" * len(ENDED))

    async def change(do: Transaction) -> int:
        sql = f"SELECT id FROM applications WHERE state IN ({marks}) AND changed < ?"  # noqa: S608  # marks alone
        rows = await do.read(sql, (*ENDED, before))
        await _delete(do, [row[0] for row in rows])
        return len(rows)

    gone = await store.carry_out(change)
    if gone:
        await store.scrub()
    return gone


async def forget(store: Store, code: str) -> None:
    """One of them. Raises Refused: there is none, or it has not ended."""

    async def change(do: Transaction) -> None:
        application = await records.one(do.read, code)
        if application.state in OPEN:
            raise Refused("still_open")
        await _delete(do, [application.id])

    await store.carry_out(change)
    await store.scrub()


async def _delete(do: Transaction, ids: Sequence[int]) -> None:
    # An application goes before its history, which nobody may delete without it.
    await do.write("PRAGMA defer_foreign_keys=ON")
    for id in ids:
        for sql in OF_IT:
            await do.write(sql, (id,))
