"""One sign-in on its way to the provider and back, kept by the browser that began it: sealed in a
cookie that only this process can read, so that nothing has to be remembered here."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from msgspec import Struct

LASTS = 600
"""Seconds from the first page to the last."""


class Way(Struct, frozen=True):
    """What must come back (`state`, `nonce`), what proves that we asked (`verifier`), where to go
    afterwards, and the user who wants the account linked (0: nobody)."""

    state: str
    nonce: str
    verifier: str
    going: str = ""
    user: int = 0

    @property
    def challenge(self) -> str:
        """Of the verifier, as RFC 7636 has it (S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


class Seals:
    """Seals and opens; after a restart a sign-in that was under way begins again."""

    def __init__(self) -> None:
        self._seal = Fernet(Fernet.generate_key())

    def begin(self, going: str, user: int = 0) -> Way:
        """A new one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return Way(state, nonce, verifier, going, user)

    def seal(self, way: Way) -> str:
        """As the cookie has it."""
        return self._seal.encrypt(msgspec.json.encode(way)).decode()

    def open(self, cookie: str, state: str) -> Way | None:
        """The way that a cookie and an address agree on, while it lasts."""
        try:
            way = msgspec.json.decode(self._seal.decrypt(cookie, ttl=LASTS), type=Way)
        except (InvalidToken, msgspec.DecodeError, TypeError, ValueError):
            return None
        return way if hmac.compare_digest(way.state.encode(), state.encode()) else None
