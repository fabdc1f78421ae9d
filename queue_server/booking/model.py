"""A booking and its life: one literal table, as the tickets have theirs."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from .rules import Key

State = Literal["held", "booked", "checked_in", "cancelled", "expired", "dropped"]
What = Literal[
    "held", "confirmed", "changed", "cancelled", "expired", "dropped", "checked_in", "released",
    "opened", "closed",
]  # fmt: skip

LIFE: dict[State, dict[What, State]] = {
    "held": {"confirmed": "booked", "changed": "held", "dropped": "dropped"},
    "dropped": {"confirmed": "booked"},
    "booked": {
        "changed": "booked", "cancelled": "cancelled", "expired": "expired",
        "checked_in": "checked_in",
    },
    "checked_in": {"released": "booked"},
    "cancelled": {},
    "expired": {},
}  # fmt: skip
"""State -> what may happen -> state. A hold that ran out may still be confirmed while its place
is free; a check-in is released when the Desk gave no number for it."""

TOLD: frozenset[What] = frozenset({"confirmed", "changed", "cancelled", "expired", "checked_in"})
"""What the outside is told about (`booking.confirmed` …)."""

COLUMNS = (
    "id, token, code, service, agency, pool, day, start, finish, begins, ends, state, expires, "
    "created, changes, language, ticket, attempt, reason, phone, device, package"
)


class Booking(Struct, frozen=True):
    """A place in a session, held or booked. Times are epoch ms, `start` and `end` minutes after
    midnight. `token` is the secret of its page, `code` is for typing. `ticket` is the number that
    it became, or 0. `attempt` counts check-ins without a number. `phone` and `device` are keyed
    hashes, or "". `package`: it becomes a visit of the package's steps, of which `service` is the
    first.
    """

    id: int
    token: str
    code: str
    service: str
    agency: str
    key: Key
    end: int
    begins: int
    ends: int
    state: State
    expires: int
    created: int
    changes: int
    language: str
    ticket: int
    attempt: int
    reason: str
    phone: str
    device: str
    package: str = ""

    @property
    def opaque(self) -> str:
        """How the journal names it."""
        return f"b{self.id}"


def of_row(row: Any) -> Booking:
    """A row of `COLUMNS` as a value."""
    id, token, code, service, agency, pool, day, start, *rest = row
    return Booking(id, token, code, service, agency, Key(pool, day, start), *rest)


class Who(Struct, frozen=True):
    """Who books, as far as anybody needs to know: keyed hashes, and the language to answer in."""

    device: str = ""
    phone: str = ""
    language: str = "id"


class Audit(Struct, frozen=True):
    """What happened to a booking (or, with booking 0, to a session), when and by whom."""

    id: int
    at: int
    who: str
    what: What
    booking: int
    detail: str
