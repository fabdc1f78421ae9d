"""Who is asking, and what that role may do."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

from ..core.commands import EVERYWHERE, Actor, Bounds

Role = Literal["admin", "supervisor", "operator", "kiosk", "display", "integration"]
ROLES: tuple[Role, ...] = get_args(Role)

Scope = Literal[
    "read", "issue", "call", "floor", "tracking", "booking", "reports", "journal", "manage"
]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""What an API token may be narrowed to, within its role."""

STEWARDS: frozenset[Role] = frozenset({"admin", "supervisor"})
"""Those who may act for any counter."""
STAFF: frozenset[Role] = STEWARDS | {"operator"}
"""Those who act at counters."""
DESK_READERS: frozenset[Role] = STAFF | {"integration"}
"""Those who may see counters and their queues."""
ISSUERS: frozenset[Role] = STAFF | {"kiosk"}
"""Those who may take a number."""
IN_THE_HALL: frozenset[Role] = ISSUERS | {"display"}
"""Those who stand in the hall: people and sets that may show its presence code."""


class Identity(Struct, frozen=True):
    """A signed-in user ("u7"), an API token ("t3") or an open kiosk's device ("k...").

    The id is what the journal records; the name is for the person's own screen. `bounds` are the
    agencies and zones of the work, `scopes` what a token may do within its role (none: all).
    """

    id: str
    name: str
    role: Role
    bounds: Bounds = EVERYWHERE
    scopes: frozenset[Scope] = frozenset()


def may(identity: Identity | None, needed: frozenset[Role] | None) -> bool:
    """Whether an identity (None: nobody signed in) has one of the roles (None: public)."""
    return needed is None or (identity is not None and identity.role in needed)


def within(identity: Identity, scope: Scope) -> bool:
    """Whether a scope is left to an identity; people have all of their role's."""
    return not identity.scopes or scope in identity.scopes


def actor(identity: Identity) -> Actor:
    """The identity as the rules know it."""
    return Actor(identity.id, steward=identity.role in STEWARDS, bounds=identity.bounds)


def open_kiosk(device: str) -> Identity:
    """A kiosk that needs no sign-in (`kiosk.open`); `device` tells one from another."""
    return Identity("k" + device, "kiosk", "kiosk")
