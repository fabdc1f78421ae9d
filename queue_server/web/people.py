"""What the office keeps: users, tokens, sessions, and how names and secrets are compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

from msgspec import Struct

from ..core.commands import EVERYWHERE, Bounds
from .identity import ROLES, SCOPES, Identity, Role, Scope

Source = Literal["here", "oidc"]
NAME = re.compile(r"[^\W_][\w .,'@()/+-]{0,63}")


SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
UNBOUND: frozenset[Role] = frozenset({"admin", "display"})
"""Roles that are the whole hall's or nobody's: they are bound to nothing."""


class User(Struct, frozen=True):
    """A person (or device) who signs in. `created` is epoch ms. One whose `source` is a
    provider's sign-in has no password."""

    id: int
    name: str
    role: Role
    must_change: bool
    created: int
    bounds: Bounds = EVERYWHERE
    source: Source = "here"
    issued: int = 0
    """When the one-time password was made that is still to be changed, epoch ms; 0: unknown."""


class Terms(Struct, frozen=True):
    """What a token is narrowed to; `expires` is epoch ms, 0: never."""

    bounds: Bounds = EVERYWHERE
    scopes: frozenset[Scope] = frozenset()
    expires: int = 0


class ApiToken(Struct, frozen=True):
    """A program's credential; its secret was shown once. `created` and `used` (0: never) are
    epoch ms."""

    id: int
    name: str
    role: Role
    created: int
    terms: Terms = Terms()
    used: int = 0

    @property
    def identity(self) -> Identity:
        return Identity(f"t{self.id}", self.name, self.role, self.terms.bounds, self.terms.scopes)


class Session(Struct, frozen=True):
    """One sign-in. Times are epoch ms. `handle` names it without being its secret; `device` is
    the kind of what it was opened with."""

    user: User
    created: int
    seen: int
    expires: int
    handle: str = ""
    device: str = ""

    @property
    def identity(self) -> Identity:
        user = self.user
        return Identity(f"u{user.id}", user.name, user.role, user.bounds)


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


def checked_bounds(role: Role, agencies: Iterable[str], zones: Iterable[str]) -> Bounds:
    """Where somebody with that role works. Raises ValueError."""
    bounds = Bounds(frozenset(agencies), frozenset(zones))
    if bounds and role in UNBOUND:
        raise ValueError(f"a {role} is bound to no agency and no zone: leave both empty")
    for name in (*bounds.agencies, *bounds.zones):
        if not SLUG.fullmatch(name):
            raise ValueError(f"expected the id of an agency or zone, found {name!r}")
    return bounds


def checked_scopes(scopes: Iterable[str]) -> frozenset[Scope]:
    """The scopes, if they are some. Raises ValueError."""
    wanted = set(scopes)
    if unknown := wanted - set(SCOPES):
        raise ValueError(f"scope: expected some of {', '.join(SCOPES)}, found {min(unknown)!r}")
    return frozenset(scope for scope in SCOPES if scope in wanted)


def packed(names: Iterable[str]) -> str:
    """Names as a column holds them."""
    return " ".join(sorted(names))


def unpacked(agencies: str, zones: str) -> Bounds:
    """The inverse, of two columns."""
    return Bounds(frozenset(agencies.split()), frozenset(zones.split()))


def hash_of(secret: str) -> bytes:
    """How a random secret is stored: SHA-256, for 256 random bits need no salt and no delay."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
