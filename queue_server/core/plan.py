"""What the rules need to know of the catalogue and the configuration: one frozen value.

The plan travels inside the journal (`DayOpened`, `PlanChanged`), so that a replay needs
nothing else. Descriptions, requirements and translations stay in the catalogue.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

MINUTE = 60_000
"""Milliseconds in a minute: the rules count in milliseconds, people in minutes."""


class ServicePlan(Struct, frozen=True, omit_defaults=True):
    """A service as the rules see it. `prefix` starts its numbers; unique within the plan.

    `quick`: short, and therefore favoured at the counters of the quick lane.
    """

    id: str
    prefix: str
    agency: str
    zone: str
    digits: int = 3
    first: int = 1
    quick: bool = False


class CounterPlan(Struct, frozen=True, omit_defaults=True):
    """A counter: where it stands and the services whose lines it serves.

    `classes`: it takes only tickets of these priority classes ("" is the ordinary one); empty:
    all. `quick`: it belongs to the quick lane. `favours`: for services that it should see
    earlier, by how many milliseconds.
    """

    id: str
    name: str
    zone: str
    services: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    quick: bool = False
    favours: dict[str, int] = {}


class PriorityPlan(Struct, frozen=True, omit_defaults=True):
    """A priority class. `credit` is in milliseconds: effective arrival = arrival - credit.
    `weight` is what the other rules of order compare by."""

    id: str
    credit: int
    weight: int = 1


class Hours(Struct, frozen=True, omit_defaults=True):
    """Opening hours in the hall's own time zone.

    `week` has seven rows, Monday first; a row is a tuple of (opens, closes) in minutes after
    midnight, so a Friday break is two pairs. `always` opens the hall around the clock.
    `holidays` maps ISO dates on which it stays closed to their Indonesian names.
    """

    zone: str = "Asia/Jakarta"
    week: tuple[tuple[tuple[int, int], ...], ...] = ((),) * 7
    always: bool = False
    holidays: dict[str, str] = {}


class Policy(Struct, frozen=True, omit_defaults=True):
    """The rules that a hall chooses.

    `order`: which rule of order (see `ranking`). `consecutive_priority`: after so many priority
    calls in a row at a counter, the oldest ordinary ticket goes first;
    `consecutive_priority_hall` (0: no limit) says the same of the whole hall. `quick_favour`:
    milliseconds by which a counter of the quick lane sees quick services earlier.
    `announce_age`: milliseconds after which a call that a screen missed is shown but no longer
    spoken. `step_back`: how many a waiting citizen lets pass at once, and `step_backs` how often
    (0: not offered). `rejoin`: milliseconds within which a no-show or cancelled ticket may be
    taken up again by its holder, at the end of the line.
    """

    consecutive_priority: int = 2
    announce_age: int = 60_000
    order: Literal["credit", "strict", "balance"] = "credit"
    consecutive_priority_hall: int = 0
    quick_favour: int = 15 * MINUTE
    step_back: int = 2
    step_backs: int = 1
    rejoin: int = 60 * MINUTE


class Plan(Struct, frozen=True, omit_defaults=True):
    """Everything that the rules need besides the history. `catalogue` names its document."""

    services: dict[str, ServicePlan] = {}
    counters: dict[str, CounterPlan] = {}
    priorities: dict[str, PriorityPlan] = {}
    operators: dict[str, dict[str, int]] = {}
    """Operator id -> service -> milliseconds by which that operator's counter sees it earlier."""
    hours: Hours = Hours()
    policy: Policy = Policy()
    catalogue: str = ""
