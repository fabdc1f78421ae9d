"""Tracking codes: twelve characters that can be read aloud, typed by anybody, and not guessed.

Crockford's alphabet has no I, L, O and U; what people type instead is understood. Eleven random
characters are 55 bits: among a million applications one guess in 10^10 hits, and guesses are
throttled. The twelfth is a check over GF(32): every single wrong character and every two
exchanged ones are noticed, so that a slip of the finger never shows somebody else's application.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
SAME = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1: primitive, so that its powers give each place a weight of its own."""


def new_code() -> str:
    """A code that nobody has: as good as certainly."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return grouped(body + check(body))


def check(body: str) -> str:
    """The character that makes the weighted sum of all of them nothing."""
    total = 0
    for character in body:
        total = _doubled(total) ^ ALPHABET.index(character)
    return ALPHABET[_doubled(total)]


def read(typed: str) -> str:
    """The code that somebody typed, in its one spelling; "" when it can be none.

    Capitals, spaces and dashes don't matter; O is 0, I and L are 1, U is V.
    """
    bare = re.sub(r"[\s.\-–—_]", "", typed[:64]).upper().translate(SAME)
    if len(bare) != LENGTH or any(one not in ALPHABET for one in bare):
        return ""
    return grouped(bare) if check(bare[:-1]) == bare[-1] else ""


def grouped(bare: str) -> str:
    """In groups of four: XXXX-XXXX-XXXX."""
    return "-".join(bare[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ POLYNOMIAL if value & 0b100000 else value
