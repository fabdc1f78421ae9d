"""API tokens: read from memory at every request, durable before they count."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from msgspec.structs import replace

from ..store import Store, Write
from .identity import Identity, Role
from .people import ApiToken, Terms, checked_name, checked_scopes, hash_of, packed, unpacked


class Tokens:
    """The office's tokens, in the office's file."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._all: dict[bytes, ApiToken] = {}

    async def load(self) -> None:
        """What the file has."""
        sql = "SELECT hash, id, name, role, created, agencies, zones, scopes, expires, used"
        for hash, id, name, role, created, *narrowed in await self._store.read(
            f"{sql} FROM tokens"
        ):
            agencies, zones, scopes, expires, used = narrowed
            terms = Terms(unpacked(agencies, zones), checked_scopes(scopes.split()), expires)
            self._all[hash] = ApiToken(id, name, role, created, terms, used)

    def all(self) -> list[ApiToken]:
        """Every token, oldest first."""
        return sorted(self._all.values(), key=lambda token: token.id)

    async def add(self, name: str, role: Role, terms: Terms) -> str:
        """A new one; its secret. Raises ValueError: the name will not do."""
        name = checked_name(name)
        secret, created = secrets.token_urlsafe(32), self._clock()
        values = (
            hash_of(secret), name, role, created, packed(terms.bounds.agencies),
            packed(terms.bounds.zones), packed(terms.scopes), terms.expires,
        )  # fmt: skip
        sql = (
            "INSERT INTO tokens (hash, name, role, created, agencies, zones, scopes, expires)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        id = await self._store.write((sql, values))
        self._all[hash_of(secret)] = ApiToken(id, name, role, created, terms)
        return secret

    async def remove(self, id: int) -> None:
        """Take one away; removing it twice is no error."""
        await self._store.write(*self.seen(), ("DELETE FROM tokens WHERE id = ?", (id,)))
        self._all = {hash: token for hash, token in self._all.items() if token.id != id}

    def bearer(self, secret: str) -> Identity | None:
        """Whose token this is, while it holds."""
        hash, at = hash_of(secret), self._clock()
        token = self._all.get(hash)
        if token is None or 0 < token.terms.expires <= at:
            return None
        self._all[hash] = replace(token, used=at)
        return token.identity

    def find(self, secret: str) -> ApiToken | None:
        """The token of a secret, ended or not."""
        return self._all.get(hash_of(secret))

    def expired(self, secret: str) -> bool:
        """Whether this was a token until its time was over."""
        token = self.find(secret)
        return token is not None and 0 < token.terms.expires <= self._clock()

    def seen(self) -> list[Write]:
        """When each was last used: written along with other things, never by itself."""
        sql = "UPDATE tokens SET used = ? WHERE id = ?"
        return [(sql, (token.used, token.id)) for token in self._all.values() if token.used]
