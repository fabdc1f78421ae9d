"""Which tickets of the day fetch which document.

A ticket is known by its token from before it is issued: a crash in between leaves a token that
nobody has, and no ticket that hands nothing over.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from msgspec import Struct

from ..clock import Clock
from ..store import Store, Transaction
from .refusals import Refused

UNDER_WAY = 10_000
"""Milliseconds in which a token may still be on its way to become a ticket."""


class Pickup(Struct, frozen=True):
    """What a ticket fetches: shown to the operator who has to find it."""

    code: str
    service: str
    file: str


class Pickups:
    """`of` answers from memory; `token` is durable."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._open: dict[str, Pickup] = {}
        self._since = 0

    async def load(self) -> None:
        """Those not settled, into memory."""
        sql = (
            "SELECT token, at, code, service, file FROM pickups JOIN applications"
            " ON applications.id = application WHERE NOT settled ORDER BY at"
        )
        rows = await self._store.read(sql)
        self._open = {token: Pickup(*what) for token, _, *what in rows}
        self._since = rows[0][1] if rows else 0

    def since(self) -> int:
        """When the oldest that was open at the start was asked for (epoch ms); 0: none was."""
        return self._since

    def of(self, token: str) -> Pickup | None:
        """What the ticket of that token fetches."""
        return self._open.get(token)

    async def token(self, code: str, alive: Callable[[str], bool]) -> str:
        """The token of the ticket that fetches this application's document: that of the ticket
        it has (`alive`), or is just getting, else a new one. Raises Refused."""

        async def carry(do: Transaction) -> tuple[str, Pickup]:
            sql = "SELECT id, state, code, service, file FROM applications WHERE code = ?"
            rows = await do.read(sql, (code,))
            if not rows:
                raise Refused("unknown_application")
            id, state, *what = rows[0]
            if state != "siap_diambil":
                raise Refused("not_ready", state=state)
            now = self._clock.now()
            sql = "SELECT token, at FROM pickups WHERE application = ? AND NOT settled"
            for token, at in await do.read(sql, (id,)):
                if alive(token) or 0 <= now - at < UNDER_WAY:
                    return token, Pickup(*what)
            token = secrets.token_urlsafe(16)
            await do.write("INSERT INTO pickups VALUES (?, ?, ?, 0)", (token, id, now))
            return token, Pickup(*what)

        token, pickup = await self._store.carry_out(carry)
        self._open[token] = pickup
        return token

    async def tokens(self, code: str) -> list[str]:
        """The tokens of an application's tickets, the newest first."""
        sql = (
            "SELECT token FROM pickups JOIN applications ON applications.id = application"
            " WHERE code = ? ORDER BY at DESC, pickups.rowid DESC"
        )
        return [row[0] for row in await self._store.read(sql, (code,))]

    async def settle(self, ended: Callable[[str], bool]) -> None:
        """Close the books on tickets of days that are over."""
        done = [token for token in self._open if ended(token)]
        writes = [("UPDATE pickups SET settled = 1 WHERE token = ?", (token,)) for token in done]
        if writes:
            await self._store.write(*writes)
        for token in done:
            self.forget(token)

    def forget(self, token: str) -> None:
        """Settled."""
        self._open.pop(token, None)

    def refiled(self, code: str, file: str) -> None:
        """An application's file number is another one now."""
        for token, one in self._open.items():
            if one.code == code:
                self._open[token] = Pickup(code, one.service, file)
