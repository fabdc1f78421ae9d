"""Secrets and codes of bookings, and telephone numbers that are compared but not kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that is read or heard as something else: no 0 and O, no 1, I and L."""
LENGTH = 6


def new_token() -> str:
    """The secret of a booking's page: 128 random bits."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """A short code for typing at the kiosk; unique among the bookings that are kept."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spelled(code: str) -> str:
    """A code as it is shown: "K7M-2QX"."""
    return f"{code[:3]}-{code[3:]}"


def typed(text: str) -> str:
    """What was typed or scanned, as a token or code: of an address, its last part."""
    text = text.strip().rstrip("/").partition("?")[0].rpartition("/")[2][:64]
    bare = re.sub(r"[\s.-]", "", text).upper()
    return bare if len(bare) == LENGTH and set(bare) <= set(ALPHABET) else text


class Seal:
    """Keyed hashes (HMAC-SHA-256): equal values can be found, none can be read or guessed.

    The key (32 bytes) lies in a file of its own beside the databases and is in no backup: without
    it the hashes of a stolen copy say nothing.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, kind: str, value: str) -> str:
        """The hash of a value; "" stays "". `kind` keeps a number's apart from a device's."""
        if not value:
            return ""
        return hmac.new(self._key, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]
