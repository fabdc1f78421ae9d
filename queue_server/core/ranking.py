"""What a place in a line is worth: the three rules of order that a hall can choose from.

Within a class everybody stands by arrival, whatever the rule; a rule says how classes compare. A
smaller key goes first. Every rule is bounded by the limit of consecutive priority calls
(`policy`), so none starves anybody (docs/decisions/0003-order.md).
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from .plan import Plan

Rank = tuple[int, int]
"""A ticket in its class's list: (arrival that its order counts from in ms, ticket id)."""
Key = tuple[int, int, int]
"""What a rank is worth among all classes; smaller goes first."""


class Ranking(Protocol):
    """A rule of order, for one plan at one moment. Class "" is the ordinary one."""

    def key(self, kind: str, rank: Rank, favour: int = 0) -> Key:
        """A ticket of a class. `favour`: milliseconds by which a counter sees it earlier."""

    def behind(self, kind: str, ticket: int, other: Key) -> int:
        """The first arrival with which the ticket stands behind a key of its line."""


class Credit(Struct, frozen=True):
    """Arrival minus the class's credit: bounded, and first come first served beyond it."""

    plan: Plan

    def key(self, kind: str, rank: Rank, favour: int = 0) -> Key:
        return rank[0] - favour - self._credit(kind), 0, rank[1]

    def behind(self, kind: str, ticket: int, other: Key) -> int:
        return other[0] + self._credit(kind) + (other[2] > ticket)

    def _credit(self, kind: str) -> int:
        known = self.plan.priorities.get(kind)
        return known.credit if known else 0


class Strict(Struct, frozen=True):
    """The heavier class first, within it by arrival."""

    plan: Plan

    def key(self, kind: str, rank: Rank, favour: int = 0) -> Key:
        return -weight(self.plan, kind), rank[0] - favour, rank[1]

    def behind(self, kind: str, ticket: int, other: Key) -> int:
        return other[1] + (other[2] > ticket)


class Balance(Struct, frozen=True):
    """(weight + 1) x the time waited, the longest product first. Known from Novo SGA.

    `now` is the hall's time, that of its last entry: what is shown and what is called are the
    same list, and only something that happens changes it.
    """

    plan: Plan
    now: int

    def key(self, kind: str, rank: Rank, favour: int = 0) -> Key:
        waited = self.now - (rank[0] - favour)
        return -(weight(self.plan, kind) + 1) * waited, 0, rank[1]

    def behind(self, kind: str, ticket: int, other: Key) -> int:
        own = weight(self.plan, kind) + 1
        return self.now - (-other[0]) // own + 1


def weight(plan: Plan, kind: str) -> int:
    """A class's weight; the ordinary class has 0."""
    known = plan.priorities.get(kind)
    return known.weight if known else 0


def ranking(plan: Plan, now: int) -> Ranking:
    """The rule that a plan chooses, at a moment (epoch ms)."""
    if plan.policy.order == "strict":
        return Strict(plan)
    return Balance(plan, now) if plan.policy.order == "balance" else Credit(plan)
