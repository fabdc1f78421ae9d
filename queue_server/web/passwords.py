"""Passwords: made, judged, hashed with argon2id, compared. Hashing never blocks the loop."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
"""Characters of a password that a person chooses."""
QUEUE = 100
"""Passwords that are compared or wait for it, at most: two seconds of work. A whole shift may
sign in in the same moment; a flood is sent away."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that reads like something else on paper."""
COMMON = (
    "password", "passw0rd", "katasandi", "rahasia", "qwerty", "asdfgh", "zxcvbn", "admin",
    "administrator", "antrean", "antrian", "indonesia", "bismillah", "sayang", "welcome",
    "letmein", "iloveyou", "operator", "supervisor", "selamat", "merdeka", "lampung",
    "1q2w3e4r5t", "1234567890", "0987654321", "0123456789", "abcdefghij",
)  # fmt: skip
"""What guessers try first; padding them with digits and signs makes none of them better."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """argon2id (19 MiB, two passes, one lane) in threads, two at a time: about 35 ms each. So a
    flood of guesses costs 38 MiB and two threads, and no more than `QUEUE` wait for them."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(2)
        self._waiting = 0
        self._dummy: str | None = None

    @property
    def busy(self) -> int:
        """Seconds to wait when too many wait already; 0: come in."""
        return 2 if self._waiting >= QUEUE else 0

    async def hash(self, password: str) -> str:
        """The encoded hash of a password."""
        async with self._slots:
            return await asyncio.to_thread(_hasher.hash, _normal(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is right; with `stored` None it takes as long, and is not."""
        self._waiting += 1
        try:
            async with self._slots:
                if stored is None and self._dummy is None:
                    self._dummy = await asyncio.to_thread(_hasher.hash, secrets.token_hex())
                known = await asyncio.to_thread(_verify, stored or self._dummy or "", password)
        finally:
            self._waiting -= 1
        return known and stored is not None


def one_time() -> str:
    """A password to hand over on paper: 79 random bits in four groups."""
    letters = [secrets.choice(ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def weakness(password: str, name: str) -> str | None:
    """Why a password is refused: "short", "long", "common"; None when it will do."""
    plain = _normal(password).casefold()
    # One character may fold into three: what was typed counts.
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    words = [*COMMON, name.casefold()] if len(name) > 2 else list(COMMON)
    for word in words:
        # What is left around a common word has to be a password of its own.
        if word in plain and len(plain.replace(word, "")) < SHORTEST - 3:
            return "common"
    return "common" if len(set(plain)) < 5 else None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """The same characters, however the keyboard composes them."""
    return unicodedata.normalize("NFKC", password)
