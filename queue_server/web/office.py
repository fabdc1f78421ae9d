"""Who works here: users, their sessions, API tokens. One SQLite file, held by one process.

What requests ask for at every turn (whose token, whose session) is answered from memory; every
change is durable before it counts. Secrets are stored as SHA-256 (256 random bits each) or
argon2id (passwords).
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from msgspec.structs import replace

from ..core.commands import EVERYWHERE, Bounds
from ..order import Unavailable
from ..store import Store
from . import schema
from .identity import STEWARDS, Identity
from .links import Links
from .passwords import Passwords, one_time, weakness
from .people import (
    ApiToken,
    Session,
    SignedIn,
    Source,
    Terms,
    User,
    checked_bounds,
    checked_name,
    checked_role,
    folded,
    packed,
    unpacked,
)
from .problems import Problem
from .sessions import DEVICE_HOURS as DEVICE_HOURS
from .sessions import HOUR as HOUR
from .sessions import Sessions
from .throttle import Throttle
from .tokens import Tokens

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

    Every change raises Unavailable (503) when it can't be written. `listeners` are told when
    somebody may perhaps do less than before: whoever listens to what is not public is asked for
    the right to it again.
    """

    def __init__(self, path: Path, *, hours: int = 12, clock: Callable[[], int] = now) -> None:
        self.hours = hours
        self.one_time_days = 7
        """How long a one-time password is good; 0: until it is used."""
        self.listeners: list[Callable[[], None]] = []
        self._store = Store(path, schema.STEPS)
        self._clock = clock
        self._passwords = Passwords()
        self._by_name = Throttle(burst=8, seconds=20)
        self._by_address = Throttle(burst=30, seconds=3)
        self._changing = asyncio.Lock()
        """Held from a check to the change that rests on it: a password is never set twice."""
        self._users: dict[int, User] = {}
        self._ids: dict[str, int] = {}
        self._hashes: dict[int, str] = {}
        self._links = Links(self._store)
        self._sessions = Sessions(self._store, clock)
        self._tokens = Tokens(self._store, clock)

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
                await self._store.write(*self._sessions.seen(), *self._tokens.seen())
        finally:
            await self._store.close()

    # Who there is -------------------------------------------------------------------------

    async def users(self) -> list[User]:
        """Everybody, by name."""
        return sorted(self._users.values(), key=lambda user: folded(user.name))

    async def tokens(self) -> list[ApiToken]:
        """Every API token, oldest first."""
        return self._tokens.all()

    def sessions(self) -> list[Session]:
        """Who is signed in, who was seen last first."""
        return self._sessions.all()

    def user(self, id: int) -> User | None:
        """The user of that id."""
        return self._users.get(id)

    def name_of(self, actor: str) -> str:
        """The name behind an actor's id, for colleagues; the bare id of who was removed."""
        for one in self._users.values():
            if actor == f"u{one.id}":
                return one.name
        return next((t.name for t in self._tokens.all() if actor == f"t{t.id}"), actor)

    def knows(self, actor: str) -> bool:
        """Whether somebody, a person or a token, has that id."""
        people = (f"u{id}" for id in self._users)
        return actor in (*people, *(f"t{token.id}" for token in self._tokens.all()))

    def bounds(self) -> frozenset[Bounds]:
        """The bounds that supervisors have: each of them sees a floor of its own."""
        users = (user.bounds for user in self._users.values() if user.role in STEWARDS)
        tokens = (one.terms.bounds for one in self._tokens.all() if one.role in STEWARDS)
        return frozenset({EVERYWHERE, *users, *tokens})

    # Users and tokens ---------------------------------------------------------------------

    async def add_user(self, name: str, role: str, bounds: Bounds = EVERYWHERE) -> str:
        """A new user; the one-time password. Raises ValueError: name, role or bounds won't do."""
        password = one_time()
        await self._add(name, role, bounds, password, must_change=True)
        return password

    async def enrol(
        self, name: str, role: str, bounds: Bounds = EVERYWHERE, source: Source = "here"
    ) -> User:
        """Somebody whose password nobody knows: a device, which signs in by `open_for` alone, or
        whoever signs in elsewhere. Raises ValueError: name, role or bounds won't do."""
        return await self._add(name, role, bounds, one_time(), must_change=False, source=source)

    @whole
    async def open_for(self, id: int, device: str = "") -> SignedIn:
        """A session without a password. KeyError: no such user."""
        async with self._changing:
            return await self._sessions.open(self._users[id], device, self.hours)

    @whole
    async def prolong(self, secret: str) -> int:
        """Let a device's session last as long again once half of it is over; the seconds that its
        cookie is good for from now on, 0: nothing changed."""
        return await self._sessions.prolong(secret)

    @whole
    async def add_token(self, name: str, role: str, terms: Terms = Terms()) -> str:
        """A new API token; its secret. Raises ValueError: name, role or bounds won't do."""
        known = checked_role(role)
        checked_bounds(known, terms.bounds.agencies, terms.bounds.zones)
        return await self._tokens.add(name, known, terms)

    async def set_role(self, id: int, role: str) -> None:
        """Another role, at once, in the user's open sessions too. KeyError: no such user;
        Problem 409 `last_admin`."""
        known = checked_role(role)
        await self.set_work(id, known, self._users[id].bounds)

    @whole
    async def set_work(self, id: int, role: str, bounds: Bounds) -> User:
        """Another role or other bounds, at once, in open sessions too; the user as it was.

        Raises KeyError: no such user; ValueError: they won't do; Problem 409 `last_admin`.
        """
        known = checked_role(role)
        checked_bounds(known, bounds.agencies, bounds.zones)
        async with self._changing:
            before = self._users[id]
            if known != "admin":
                self._check_an_admin_stays(before)
            user = replace(before, role=known, bounds=bounds)
            sql = "UPDATE users SET role = ?, agencies = ?, zones = ? WHERE id = ?"
            values = (known, packed(bounds.agencies), packed(bounds.zones), id)
            await self._store.write((sql, values))
            self._users[id] = user
            self._sessions.changed(user)
        self._tell()
        return before

    @whole
    async def reset_password(self, id: int) -> str:
        """A new one-time password; every session ends. KeyError: no such user."""
        password = one_time()
        async with self._changing:
            user = replace(self._users[id], must_change=True, issued=self._clock())
            await self._set_password(user, password)
        return password

    @whole
    async def remove_user(self, id: int) -> None:
        """Take a user away, sessions included. KeyError: no such user; 409 `last_admin`."""
        async with self._changing:
            user = self._users[id]
            self._check_an_admin_stays(user)
            await self._store.write(("DELETE FROM users WHERE id = ?", (id,)))
            del self._users[id], self._hashes[id], self._ids[folded(user.name)]
            self._links.forget(id)
            self._sessions.forget(id)
        self._tell()

    @whole
    async def remove_token(self, id: int) -> None:
        """Take a token away; removing it twice is no error."""
        await self._tokens.remove(id)
        self._tell()

    # Signing in elsewhere -----------------------------------------------------------------

    def linked(self, issuer: str, subject: str) -> User | None:
        """Who signs in under that subject of a provider's."""
        return self._users.get(self._links.user(issuer, subject))

    def links_of(self, id: int) -> list[str]:
        """The providers with which a user may sign in."""
        return self._links.issuers(id)

    def named(self, name: str) -> User | None:
        """The user of that name."""
        return self._users.get(self._ids.get(folded(name), 0))

    @whole
    async def link(self, id: int, issuer: str, subject: str) -> None:
        """That subject of a provider's is this user from now on. KeyError: no such user; Problem
        409 `subject_taken`."""
        async with self._changing:
            await self._links.add(self._users[id].id, issuer, subject, self._clock())

    @whole
    async def unlink(self, id: int, issuer: str) -> None:
        """A provider's sign-in opens this user no more."""
        async with self._changing:
            await self._links.remove(id, issuer)

    # Credentials --------------------------------------------------------------------------

    def bearer(self, secret: str) -> Identity | None:
        """Whose API token this is, while it holds."""
        return self._tokens.bearer(secret)

    def token(self, secret: str) -> ApiToken | None:
        """The token of a secret, ended or not."""
        return self._tokens.find(secret)

    def expired(self, secret: str) -> bool:
        """Whether this was an API token until its time was over."""
        return self._tokens.expired(secret)

    def session(self, secret: str, *, seen: bool = True) -> Session | None:
        """The session of a cookie, if it is still open; `seen`: by its holder's doing."""
        return self._sessions.find(secret, seen=seen)

    async def sign_in(self, name: str, password: str, address: str, device: str = "") -> SignedIn:
        """Open a session. Raises Problem 403 `wrong_credentials`, `password_over`: a one-time
        password that nobody used in time, 429 `too_many_attempts`."""
        keys = (self._by_name, folded(name)), (self._by_address, address)
        wait = self._passwords.busy or max(throttle.take(key) for throttle, key in keys)
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
            user = self._users[id]
            if self._over(user):
                raise Problem(403, "password_over")
            return await self._sessions.open(user, device, self.hours)

    @whole
    async def change_password(self, id: int, old: str, new: str, device: str = "") -> SignedIn:
        """Set a password of the user's own; every other session ends, a new one opens.

        Raises Problem 403 `wrong_credentials`, 422 `password_...`, 429; KeyError: no such user.
        """
        name = self._users[id].name
        weak = weakness(new, name) or ("same" if old == new else None)
        if weak:
            raise Problem(422, f"password_{weak}")
        if wait := self._passwords.busy or self._by_name.take(folded(name)):
            raise Problem(429, "too_many_attempts", headers={"Retry-After": str(wait)}, wait=wait)
        async with self._changing:
            if not await self._passwords.matches(self._hashes.get(id), old):
                raise Problem(403, "wrong_credentials")
            self._by_name.give_back(folded(name))
            user = replace(self._users[id], must_change=False)
            await self._set_password(user, new)
            return await self._sessions.open(user, device, self.hours)

    @whole
    async def sign_out(self, secret: str) -> None:
        """End the session of a cookie."""
        await self._sessions.end(secret)
        self._tell()

    @whole
    async def end_session(self, handle: str, user: int = 0) -> Session | None:
        """End the session of that handle (of that user, if one is given); None: there is none."""
        ended = await self._sessions.end_one(handle, user)
        self._tell()
        return ended

    @whole
    async def revoke_sessions(self, id: int) -> None:
        """End every session of a user."""
        await self._store.write(("DELETE FROM sessions WHERE user = ?", (id,)))
        self._sessions.forget(id)
        self._tell()

    # Within -------------------------------------------------------------------------------

    async def _load(self) -> None:
        for id, name, role, password, must_change, created, *more in await self._store.read(
            "SELECT id, name, role, password, must_change, created, agencies, zones, source,"
            " issued"
            " FROM users"
        ):
            agencies, zones, source, issued = more
            bounds = unpacked(agencies, zones)
            self._users[id] = User(
                id, name, role, bool(must_change), created, bounds, source, issued
            )
            self._hashes[id], self._ids[folded(name)] = password, id
        await self._links.load()
        await self._tokens.load()
        await self._sessions.load(self._users)

    @whole
    async def _add(
        self, name: str, role: str, bounds: Bounds, password: str, *, must_change: bool,
        source: Source = "here",
    ) -> User:  # fmt: skip
        name, known = checked_name(name), checked_role(role)
        checked_bounds(known, bounds.agencies, bounds.zones)
        sql = (
            "INSERT INTO users"
            " (name, folded, role, password, must_change, created, agencies, zones, source,"
            " issued) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        async with self._changing:
            if folded(name) in self._ids:
                raise ValueError(f"there is a user {name!r} already")
            hashed, created = await self._passwords.hash(password), self._clock()
            issued = created if must_change else 0
            work = (packed(bounds.agencies), packed(bounds.zones), source, issued)
            values = (name, folded(name), known, hashed, int(must_change), created, *work)
            id = await self._store.write((sql, values))
            user = User(id, name, known, must_change, created, bounds, source, issued)
            self._users[user.id], self._hashes[user.id] = user, hashed
            self._ids[folded(name)] = user.id
        return user

    def _check_an_admin_stays(self, leaving: User) -> None:
        """Somebody with a password here administers, whatever a provider says or does."""
        stay = (
            user for user in self._users.values()
            if user.role == "admin" and user.source == "here" and user.id != leaving.id
        )  # fmt: skip
        if leaving.role == "admin" and leaving.source == "here" and not any(stay):
            raise Problem(409, "last_admin")

    def _over(self, user: User) -> bool:
        """Whether the user's one-time password has lain about for too long."""
        good = self.one_time_days * 24 * HOUR
        return user.must_change and 0 < user.issued <= self._clock() - good and good > 0

    async def _set_password(self, user: User, password: str) -> None:
        """A password from now on; whoever is signed in with the old one no longer is."""
        hashed = await self._passwords.hash(password)
        sql = "UPDATE users SET password = ?, must_change = ?, issued = ? WHERE id = ?"
        await self._store.write(
            (sql, (hashed, int(user.must_change), user.issued, user.id)),
            ("DELETE FROM sessions WHERE user = ?", (user.id,)),
        )
        self._hashes[user.id] = hashed
        self._sessions.forget(user.id)
        self._users[user.id] = user
        self._tell()

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()
