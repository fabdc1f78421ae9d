"""Who works here: users, their sessions, API tokens. One SQLite file, held by one process.

What requests ask for at every turn (whose token, whose session) is answered from memory; every
change is durable before it counts. Secrets are stored as SHA-256 (256 random bits each) or
argon2id (passwords).
"""

from __future__ import annotations

import asyncio
import functools
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from msgspec.structs import replace

from ..order import Unavailable
from ..store import Store, Write
from . import schema
from .identity import Identity
from .passwords import Passwords, one_time, weakness
from .people import (
    ApiToken,
    Session,
    SignedIn,
    User,
    checked_name,
    checked_role,
    folded,
    hash_of,
)
from .problems import Problem
from .throttle import Throttle

HOUR = 3_600_000
"""Milliseconds."""
DEVICE_HOURS = 400 * 24
"""How long a kiosk's or a display's sign-in lasts: nobody stands there to renew it."""
P = ParamSpec("P")
T = TypeVar("T")


def whole(
    change: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """A change goes on to its end when its caller is cancelled: file and memory stay the same."""

    @functools.wraps(change)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.shield(change(*args, **kwargs))

    return run


def now() -> int:
    """Epoch ms of the machine: sessions don't follow a demo's fast clock."""
    return time.time_ns() // 1_000_000


class Office:
    """`async with Office(path, hours=12) as office`. Raises sqlite3.Error, ValueError at start.

    Every change raises Unavailable (503) when it can't be written.
    """

    def __init__(self, path: Path, *, hours: int = 12, clock: Callable[[], int] = now) -> None:
        self.hours = hours
        self._clock = clock
        self._store = Store(path, schema.STEPS)
        self._passwords = Passwords()
        self._by_name = Throttle(burst=8, seconds=20)
        self._by_address = Throttle(burst=30, seconds=3)
        self._changing = asyncio.Lock()
        """Held from a check to the change that rests on it: a password is never set twice."""
        self._users: dict[int, User] = {}
        self._ids: dict[str, int] = {}
        self._hashes: dict[int, str] = {}
        self._sessions: dict[bytes, Session] = {}
        self._tokens: dict[bytes, ApiToken] = {}

    async def __aenter__(self) -> Office:
        await self._store.open()
        try:
            await self._load()
        except BaseException:
            await self._store.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            with suppress(Unavailable):  # when somebody was last seen must not spoil a stop
                await self._store.write(*self._seen())
        finally:
            await self._store.close()

    # Users and tokens ---------------------------------------------------------------------

    async def users(self) -> list[User]:
        """Everybody, by name."""
        return sorted(self._users.values(), key=lambda user: folded(user.name))

    async def tokens(self) -> list[ApiToken]:
        """Every API token, oldest first."""
        return sorted(self._tokens.values(), key=lambda token: token.id)

    def name_of(self, actor: str) -> str:
        """The name behind an actor's id, for colleagues; the bare id of who was removed."""
        for one in self._users.values():
            if actor == f"u{one.id}":
                return one.name
        return next((t.name for t in self._tokens.values() if actor == f"t{t.id}"), actor)

    async def add_user(self, name: str, role: str) -> str:
        """A new user; the one-time password. Raises ValueError: name or role will not do."""
        password = one_time()
        await self._add(name, role, password, must_change=True)
        return password

    async def enrol(self, name: str, role: str) -> User:
        """A device, which signs in by `open_for` alone: nobody knows its password.

        Raises ValueError: name or role will not do.
        """
        return await self._add(name, role, one_time(), must_change=False)

    @whole
    async def open_for(self, id: int) -> SignedIn:
        """A session of an enrolled device. KeyError: no such user."""
        async with self._changing:
            return await self._open_session(self._users[id])

    @whole
    async def prolong(self, secret: str) -> int:
        """Let a device's session last as long again once half of it is over; the seconds that its
        cookie is good for from now on, 0: nothing changed."""
        hash, at = hash_of(secret), self._clock()
        session = self._sessions.get(hash)
        lasting = DEVICE_HOURS * HOUR
        if session is None or session.expires - at > lasting // 2:
            return 0
        sql = "UPDATE sessions SET expires = ? WHERE hash = ?"
        await self._store.write((sql, (at + lasting, hash)))
        if hash in self._sessions:
            self._sessions[hash] = replace(self._sessions[hash], expires=at + lasting)
        return lasting // 1000

    @whole
    async def add_token(self, name: str, role: str) -> str:
        """A new API token; its secret. Raises ValueError: name or role will not do."""
        name, known = checked_name(name), checked_role(role)
        secret, created = secrets.token_urlsafe(32), self._clock()
        sql = "INSERT INTO tokens (hash, name, role, created) VALUES (?, ?, ?, ?)"
        id = await self._store.write((sql, (hash_of(secret), name, known, created)))
        self._tokens[hash_of(secret)] = ApiToken(id, name, known, created)
        return secret

    @whole
    async def set_role(self, id: int, role: str) -> None:
        """Another role, at once, in the user's open sessions too. KeyError: no such user."""
        async with self._changing:
            user = replace(self._users[id], role=checked_role(role))
            await self._store.write(("UPDATE users SET role = ? WHERE id = ?", (user.role, id)))
            self._users[id] = user
            for hash, session in self._sessions.items():
                if session.user.id == id:
                    self._sessions[hash] = replace(session, user=user)

    @whole
    async def reset_password(self, id: int) -> str:
        """A new one-time password; every session ends. KeyError: no such user."""
        password = one_time()
        async with self._changing:
            await self._set_password(replace(self._users[id], must_change=True), password)
        return password

    @whole
    async def remove_user(self, id: int) -> None:
        """Take a user away, sessions included. KeyError: no such user."""
        async with self._changing:
            user = self._users[id]
            await self._store.write(("DELETE FROM users WHERE id = ?", (id,)))
            del self._users[id], self._hashes[id], self._ids[folded(user.name)]
            self._forget_sessions(id)

    @whole
    async def remove_token(self, id: int) -> None:
        """Take a token away; removing it twice is no error."""
        await self._store.write(("DELETE FROM tokens WHERE id = ?", (id,)))
        self._tokens = {hash: token for hash, token in self._tokens.items() if token.id != id}

    # Credentials --------------------------------------------------------------------------

    def bearer(self, secret: str) -> Identity | None:
        """Whose API token this is."""
        token = self._tokens.get(hash_of(secret))
        return Identity(f"t{token.id}", token.name, token.role) if token else None

    def session(self, secret: str) -> Session | None:
        """The session of a cookie, if it is still open."""
        hash, at = hash_of(secret), self._clock()
        session = self._sessions.get(hash)
        if session is None or session.expires <= at:
            return None
        session = self._sessions[hash] = replace(session, seen=at)
        return session

    async def sign_in(self, name: str, password: str, address: str) -> SignedIn:
        """Open a session. Raises Problem 403 `wrong_credentials`, 429 `too_many_attempts`."""
        keys = (self._by_name, folded(name)), (self._by_address, address)
        wait = max(throttle.take(key) for throttle, key in keys)
        if wait:
            raise Problem(429, "too_many_attempts", headers={"Retry-After": str(wait)}, wait=wait)
        id = self._ids.get(folded(name), 0)
        stored = self._hashes.get(id)
        right = await self._passwords.matches(stored, password)
        async with self._changing:
            if not right or self._hashes.get(id) != stored:
                raise Problem(403, "wrong_credentials")
            for throttle, key in keys:
                throttle.give_back(key)
            return await self._open_session(self._users[id])

    @whole
    async def change_password(self, id: int, old: str, new: str) -> SignedIn:
        """Set a password of the user's own; every other session ends, a new one opens.

        Raises Problem 403 `wrong_credentials`, 422 `password_...`, 429; KeyError: no such user.
        """
        name = self._users[id].name
        weak = weakness(new, name) or ("same" if old == new else None)
        if weak:
            raise Problem(422, f"password_{weak}")
        if wait := self._by_name.take(folded(name)):
            raise Problem(429, "too_many_attempts", headers={"Retry-After": str(wait)}, wait=wait)
        async with self._changing:
            if not await self._passwords.matches(self._hashes.get(id), old):
                raise Problem(403, "wrong_credentials")
            self._by_name.give_back(folded(name))
            user = replace(self._users[id], must_change=False)
            await self._set_password(user, new)
            return await self._open_session(user)

    @whole
    async def sign_out(self, secret: str) -> None:
        """End the session of a cookie."""
        await self._store.write(("DELETE FROM sessions WHERE hash = ?", (hash_of(secret),)))
        self._sessions.pop(hash_of(secret), None)

    @whole
    async def revoke_sessions(self, id: int) -> None:
        """End every session of a user."""
        await self._store.write(("DELETE FROM sessions WHERE user = ?", (id,)))
        self._forget_sessions(id)

    # Within -------------------------------------------------------------------------------

    async def _load(self) -> None:
        for id, name, role, password, must_change, created in await self._store.read(
            "SELECT id, name, role, password, must_change, created FROM users"
        ):
            self._users[id] = User(id, name, role, bool(must_change), created)
            self._hashes[id], self._ids[folded(name)] = password, id
        for hash, id, name, role, created in await self._store.read(
            "SELECT hash, id, name, role, created FROM tokens"
        ):
            self._tokens[hash] = ApiToken(id, name, role, created)
        await self._store.write(("DELETE FROM sessions WHERE expires <= ?", (self._clock(),)))
        for hash, user, created, seen, expires in await self._store.read(
            "SELECT hash, user, created, seen, expires FROM sessions"
        ):
            self._sessions[hash] = Session(self._users[user], created, seen, expires)

    @whole
    async def _add(self, name: str, role: str, password: str, *, must_change: bool) -> User:
        name, known = checked_name(name), checked_role(role)
        sql = (
            "INSERT INTO users (name, folded, role, password, must_change, created)"
            " VALUES (?, ?, ?, ?, ?, ?)"
        )
        async with self._changing:
            if folded(name) in self._ids:
                raise ValueError(f"there is a user {name!r} already")
            hashed, created = await self._passwords.hash(password), self._clock()
            values = (name, folded(name), known, hashed, int(must_change), created)
            user = User(await self._store.write((sql, values)), name, known, must_change, created)
            self._users[user.id], self._hashes[user.id] = user, hashed
            self._ids[folded(name)] = user.id
        return user

    @whole
    async def _open_session(self, user: User) -> SignedIn:
        secret, at = secrets.token_urlsafe(32), self._clock()
        hours = DEVICE_HOURS if user.role in ("kiosk", "display") else self.hours
        session = Session(user, at, at, at + hours * HOUR)
        ended = [hash for hash, other in self._sessions.items() if other.expires <= at]
        sql = "INSERT INTO sessions (hash, user, created, seen, expires) VALUES (?, ?, ?, ?, ?)"
        await self._store.write(
            *self._seen(),
            ("DELETE FROM sessions WHERE expires <= ?", (at,)),
            (sql, (hash_of(secret), user.id, at, at, session.expires)),
        )
        for hash in ended:
            self._sessions.pop(hash, None)
        self._sessions[hash_of(secret)] = session
        return SignedIn(secret, session, hours * 3600)

    def _seen(self) -> list[Write]:
        """When each session was last used: written along with other things, never by itself."""
        sql = "UPDATE sessions SET seen = ? WHERE hash = ?"
        return [(sql, (session.seen, hash)) for hash, session in self._sessions.items()]

    async def _set_password(self, user: User, password: str) -> None:
        """A password from now on; whoever is signed in with the old one no longer is."""
        hashed = await self._passwords.hash(password)
        sql = "UPDATE users SET password = ?, must_change = ? WHERE id = ?"
        await self._store.write(
            (sql, (hashed, int(user.must_change), user.id)),
            ("DELETE FROM sessions WHERE user = ?", (user.id,)),
        )
        self._hashes[user.id] = hashed
        self._forget_sessions(user.id)
        self._users[user.id] = user

    def _forget_sessions(self, id: int) -> None:
        self._sessions = {h: s for h, s in self._sessions.items() if s.user.id != id}
