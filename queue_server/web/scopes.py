"""Which scope an API endpoint belongs to. Pure."""

from __future__ import annotations

from .identity import Scope

AREAS: tuple[tuple[str, Scope, Scope], ...] = (
    ("tickets", "issue", "issue"),
    ("printers", "read", "manage"),
    ("counters", "read", "call"),
    ("floor", "read", "floor"),
    ("services", "read", "floor"),
    ("messages", "read", "floor"),
    ("applications", "tracking", "tracking"),
    ("bookings", "booking", "booking"),
    ("reports", "reports", "reports"),
    ("survey", "reports", "reports"),
    ("journal", "journal", "journal"),
)
"""The first word of an address below /api/v1 -> the scope of looking, and of doing. Whatever is
not named takes "manage": a new endpoint is closed to narrowed tokens until it is."""


HEEDING = frozenset(
    {"tickets", "printers", "counters", "floor", "services", "messages", "applications", "bookings"}
)
"""Areas that keep whoever is bound to agencies or zones within them; the others are shut to them,
and so is a new one until it does."""


def heeds(path: str) -> bool:
    """Whether an endpoint keeps people within their bounds itself."""
    return path.removeprefix("/api/v1/").partition("/")[0] in HEEDING


def scope_of(method: str, path: str) -> Scope:
    """The scope of an endpoint; those that are public ask nobody for it."""
    area = path.removeprefix("/api/v1/").partition("/")[0]
    for name, looking, doing in AREAS:
        if area == name:
            return looking if method == "GET" else doing
    return "manage"
