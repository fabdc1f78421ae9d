"""What the office keeps: users, tokens, sessions, and how names and secrets are compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple

from msgspec import Struct

from .identity import ROLES, Identity, Role

NAME = re.compile(r"[^\W_][\w .,'@()/+-]{0,63}")


class User(Struct, frozen=True):
    """A person (or device) who signs in. `created` is epoch ms."""

    id: int
    name: str
    role: Role
    must_change: bool
    created: int


class ApiToken(Struct, frozen=True):
    """A program's credential; its secret was shown once. `created` is epoch ms."""

    id: int
    name: str
    role: Role
    created: int


class Session(Struct, frozen=True):
    """One sign-in. Times are epoch ms."""

    user: User
    created: int
    seen: int
    expires: int

    @property
    def identity(self) -> Identity:
        return Identity(f"u{self.user.id}", self.user.name, self.user.role)


class SignedIn(NamedTuple):
    """A new session: the cookie's secret, and how many seconds it lasts."""

    secret: str
    session: Session
    seconds: int


def checked_name(name: str) -> str:
    """The name with its spaces in order. Raises ValueError."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not NAME.fullmatch(name):
        raise ValueError("name: expected 1 to 64 letters, digits, spaces or .,'@()/+-_")
    return name


def folded(name: str) -> str:
    """How names are compared: case, composition and spaces don't matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:200]


def checked_role(role: str) -> Role:
    """The role, if it is one. Raises ValueError."""
    for known in ROLES:
        if role == known:
            return known
    raise ValueError(f"role: expected one of {', '.join(ROLES)}, found {role!r}")


def hash_of(secret: str) -> bytes:
    """How a random secret is stored: SHA-256, for 256 random bits need no salt and no delay."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
