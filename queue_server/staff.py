"""Users, tokens and sessions as somebody changes them: each change goes into the record, without
the secret that it is about."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from .changes import SYSTEM, Act, Json
from .core.commands import EVERYWHERE, Bounds
from .house import House
from .web.identity import Identity
from .web.office import now
from .web.people import ApiToken, Session, SignedIn, Source, Terms, User
from .web.problems import Problem

T = TypeVar("T")


class By(NamedTuple):
    """Who changes something, and from where ("": the program itself)."""

    who: Identity
    address: str = ""


PROGRAM = By(SYSTEM)
"""The command line, and what a provider's sign-in brings about."""


@dataclass(frozen=True)
class Staff:
    """The changes, for one house. Each goes on to its end when its caller is cancelled. Raises
    Unavailable besides what the office raises; Problem 404 `unknown_user`."""

    house: House

    async def add_user(
        self, by: By, name: str, role: str, bounds: Bounds = EVERYWHERE
    ) -> tuple[User, str]:
        """A new user with a one-time password. Raises ValueError."""

        async def add() -> tuple[User, str]:
            password = await self.house.office.add_user(name, role, bounds)
            user = self.house.office.named(name)
            assert user is not None, "just added"
            await self._record(by, f"user.{user.id}", "create", None, told(user))
            return user, password

        return await asyncio.shield(add())

    async def enrol(self, by: By, name: str, role: str, bounds: Bounds, source: Source) -> User:
        """A new user without a password. Raises ValueError."""

        async def enrol() -> User:
            user = await self.house.office.enrol(name, role, bounds, source)
            await self._record(by, f"user.{user.id}", "create", None, told(user))
            return user

        return await asyncio.shield(enrol())

    async def set_work(self, by: By, id: int, role: str, bounds: Bounds) -> None:
        """Another role or other bounds; the same again changes nothing. Raises ValueError, Problem
        409 `last_admin`."""
        user = self.user(id)
        if (user.role, user.bounds) == (role, bounds):
            return

        async def set_work() -> None:
            before = await self.house.office.set_work(id, role, bounds)
            after = self.house.office.user(id) or before
            await self._record(by, f"user.{id}", "change", told(before), told(after))

        await asyncio.shield(set_work())

    async def reset(self, by: By, id: int) -> str:
        """A new one-time password; every session ends."""
        self.user(id)

        async def reset() -> str:
            password = await self.house.office.reset_password(id)
            await self._record(by, f"user.{id}", "reset", None, {"password": "one-time"})
            return password

        return await asyncio.shield(reset())

    async def remove(self, by: By, id: int) -> None:
        """Take a user away. Raises Problem 409 `last_admin`."""
        user = self.user(id)
        await self._then(
            self.house.office.remove_user(id), by, f"user.{id}", "remove", told(user), None
        )

    async def changed_password(self, session: Session, address: str) -> None:
        """Somebody has chosen a password of their own."""
        by, what = By(session.identity, address), f"user.{session.user.id}"
        await self._record(by, what, "change", None, {"password": "own"})

    # Sessions -----------------------------------------------------------------------------

    async def end_session(self, by: By, handle: str, user: int = 0) -> None:
        """End one (of that user's, if one is named); one that is over already is no error."""

        async def end() -> None:
            ended = await self.house.office.end_session(handle, user)
            if ended is not None:
                what = f"user.{ended.user.id}.session"
                await self._record(by, what, "revoke", {"device": ended.device}, None)

        await asyncio.shield(end())

    async def end_sessions(self, by: By, id: int) -> None:
        """End every session of a user."""
        self.user(id)
        count = sum(one.user.id == id for one in self.house.office.sessions())
        ends = self.house.office.revoke_sessions(id)
        await self._then(ends, by, f"user.{id}.session", "revoke", {"sessions": count}, None)

    # Tokens -------------------------------------------------------------------------------

    async def add_token(self, by: By, name: str, role: str, terms: Terms = Terms()) -> str:
        """A new API token; its secret. Raises ValueError."""

        async def add() -> str:
            secret = await self.house.office.add_token(name, role, terms)
            token = self.house.office.token(secret)
            assert token is not None, "just added"
            await self._record(by, f"token.{token.id}", "create", None, token_told(token))
            return secret

        return await asyncio.shield(add())

    async def remove_token(self, by: By, id: int) -> None:
        """Revoke one; one that is gone already is no error."""
        found = next((one for one in await self.house.office.tokens() if one.id == id), None)
        if found is not None:
            removes = self.house.office.remove_token(id)
            await self._then(removes, by, f"token.{id}", "revoke", token_told(found), None)

    # Signing in elsewhere -----------------------------------------------------------------

    async def link(self, by: By, id: int, issuer: str, subject: str) -> None:
        """A provider's account opens a user from now on. Raises Problem 409 `subject_taken`."""
        links = self.house.office.link(id, issuer, subject)
        await self._then(links, by, f"user.{id}.link", "create", None, {"issuer": issuer})

    async def unlink(self, by: By, id: int, issuer: str) -> None:
        """It opens the user no more."""
        unlinks = self.house.office.unlink(id, issuer)
        await self._then(unlinks, by, f"user.{id}.link", "remove", {"issuer": issuer}, None)

    async def open_for(self, id: int, device: str) -> SignedIn:
        """A session for whoever a provider vouches for."""
        return await self.house.office.open_for(id, device)

    def user(self, id: int) -> User:
        """Raises Problem 404 `unknown_user`."""
        found = self.house.office.user(id)
        if found is None:
            raise Problem(404, "unknown_user")
        return found

    async def _then(
        self, change: Coroutine[Any, Any, T], by: By, what: str, act: Act, before: Json, after: Json
    ) -> T:
        async def both() -> T:
            outcome = await change
            await self._record(by, what, act, before, after)
            return outcome

        return await asyncio.shield(both())

    async def _record(self, by: By, what: str, act: Act, before: Json, after: Json) -> None:
        await self.house.rooms.changes.record(by.who, by.address, what, act, before, after)


def end_of(day: str, zone: str) -> int:
    """Epoch ms at which a day (an ISO date) ends in a time zone; "": 0, never. Raises ValueError:
    it is no date, or over."""
    if not day:
        return 0
    try:
        after = date.fromisoformat(day) + timedelta(1)
    except (ValueError, OverflowError):
        raise ValueError(f"expected a date such as 2027-12-31, found {day!r}") from None
    end = int(datetime.combine(after, time(), ZoneInfo(zone)).timestamp() * 1000)
    if end <= now():
        raise ValueError(f"expected a date from today on, found {day!r}")
    return end


def told(user: User) -> Json:
    """A user as the record has one."""
    return {
        "name": user.name, "role": user.role, "agencies": sorted(user.bounds.agencies),
        "zones": sorted(user.bounds.zones), "source": user.source,
    }  # fmt: skip


def token_told(token: ApiToken) -> Json:
    """A token as the record has one: all but its secret."""
    terms = token.terms
    return {
        "name": token.name, "role": token.role, "agencies": sorted(terms.bounds.agencies),
        "zones": sorted(terms.bounds.zones), "scopes": sorted(terms.scopes),
        "expires": terms.expires,
    }  # fmt: skip
