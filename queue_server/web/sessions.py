"""Who is signed in: read from memory at every request, durable before it counts."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from msgspec.structs import replace

from ..store import Store, Write
from .people import Session, SignedIn, User, hash_of

HOUR = 3_600_000
"""Milliseconds."""
DEVICE_HOURS = 400 * 24
"""How long a kiosk's or a display's sign-in lasts: nobody stands there to renew it."""


class Sessions:
    """The office's sessions, in the office's file."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._open: dict[bytes, Session] = {}

    async def load(self, users: dict[int, User]) -> None:
        """What the file has, without what is over."""
        await self._store.write(("DELETE FROM sessions WHERE expires <= ?", (self._clock(),)))
        sql = "SELECT hash, user, created, seen, expires, device FROM sessions"
        for hash, user, created, seen, expires, device in await self._store.read(sql):
            self._open[hash] = Session(users[user], created, seen, expires, _handle(hash), device)

    def all(self) -> list[Session]:
        """Those that are open, who was seen last first."""
        at = self._clock()
        found = (session for session in self._open.values() if session.expires > at)
        return sorted(found, key=lambda session: -session.seen)

    def find(self, secret: str, *, seen: bool = True) -> Session | None:
        """The session of a cookie, if it is still open; `seen`: by its holder's doing."""
        hash, at = hash_of(secret), self._clock()
        session = self._open.get(hash)
        if session is None or session.expires <= at:
            return None
        if seen:
            session = self._open[hash] = replace(session, seen=at)
        return session

    async def open(self, user: User, device: str, hours: int) -> SignedIn:
        """A new one, under a secret of its own."""
        secret, at = secrets.token_urlsafe(32), self._clock()
        hours = DEVICE_HOURS if user.role in ("kiosk", "display") else hours
        hash, expires = hash_of(secret), at + hours * HOUR
        session = Session(user, at, at, expires, _handle(hash), device)
        ended = [hash for hash, other in self._open.items() if other.expires <= at]
        sql = (
            "INSERT INTO sessions (hash, user, created, seen, expires, device)"
            " VALUES (?, ?, ?, ?, ?, ?)"
        )
        await self._store.write(
            *self.seen(),
            ("DELETE FROM sessions WHERE expires <= ?", (at,)),
            (sql, (hash, user.id, at, at, expires, device)),
        )
        for other in ended:
            self._open.pop(other, None)
        self._open[hash] = session
        return SignedIn(secret, session, hours * 3600)

    async def prolong(self, secret: str) -> int:
        """See `Office.prolong`."""
        hash, at = hash_of(secret), self._clock()
        session = self._open.get(hash)
        lasting = DEVICE_HOURS * HOUR
        if session is None or session.expires - at > lasting // 2:
            return 0
        sql = "UPDATE sessions SET expires = ? WHERE hash = ?"
        await self._store.write((sql, (at + lasting, hash)))
        if hash in self._open:
            self._open[hash] = replace(self._open[hash], expires=at + lasting)
        return lasting // 1000

    async def end(self, secret: str) -> None:
        """End the session of a cookie."""
        await self._store.write(("DELETE FROM sessions WHERE hash = ?", (hash_of(secret),)))
        self._open.pop(hash_of(secret), None)

    async def end_one(self, handle: str, user: int = 0) -> Session | None:
        """End the one of that handle (of that user, if one is given); None: there is none."""
        for hash, session in self._open.items():
            if session.handle == handle and user in (0, session.user.id):
                await self._store.write(("DELETE FROM sessions WHERE hash = ?", (hash,)))
                self._open.pop(hash, None)
                return session
        return None

    def forget(self, user: int) -> None:
        """A user's sessions, once the file has none."""
        self._open = {h: s for h, s in self._open.items() if s.user.id != user}

    def changed(self, user: User) -> None:
        """A user's role or bounds, in what is open too."""
        for hash, session in self._open.items():
            if session.user.id == user.id:
                self._open[hash] = replace(session, user=user)

    def seen(self) -> list[Write]:
        """When each was last used: written along with other things, never by itself."""
        sql = "UPDATE sessions SET seen = ? WHERE hash = ?"
        return [(sql, (session.seen, hash)) for hash, session in self._open.items()]


def _handle(hash: bytes) -> str:
    return hash.hex()[:16]
