"""What the rules need to know of the catalogue and the configuration: one frozen value.

The plan travels inside the journal (`DayOpened`, `PlanChanged`), so that a replay needs
nothing else. Descriptions, requirements and translations stay in the catalogue.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

MINUTE = 60_000
"""Milliseconds in a minute: the rules count in milliseconds, people in minutes."""


Spans = tuple[tuple[int, int], ...]
"""(opens, closes) in minutes after midnight, in order, none within another; () is closed."""


class Quota(Struct, frozen=True):
    """As many numbers are for walk-ins between two minutes after midnight."""

    opens: int
    closes: int
    numbers: int


class ServicePlan(Struct, frozen=True, omit_defaults=True):
    """A service as the rules see it. `prefix` starts its numbers; unique within the plan.

    `quick`: short, and therefore favoured at the counters of the quick lane. Numbers run from
    `first` to `last`; `quota` is how many of a day are for walk-ins, `quotas` the same for parts of
    the day; 0 and () are no limit. `week` (seven rows, Monday first; None: as the hall) and
    `exceptions` (ISO date -> spans) are its own hours, within the hall's.
    """

    id: str
    prefix: str
    agency: str
    zone: str
    digits: int = 3
    first: int = 1
    quick: bool = False
    last: int = 0
    quota: int = 0
    quotas: tuple[Quota, ...] = ()
    week: tuple[Spans | None, ...] = ()
    exceptions: dict[str, Spans] = {}


class CounterPlan(Struct, frozen=True, omit_defaults=True):
    """A counter: where it stands and the services whose lines it serves.

    `classes`: it takes only tickets of these priority classes ("" is the ordinary one); empty:
    all. `quick`: it belongs to the quick lane. `favours`: for services that it should see
    earlier, by how many milliseconds. `shifts`: when it is planned to be open (see `Hours`);
    empty: nothing is planned.
    """

    id: str
    name: str
    zone: str
    services: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    quick: bool = False
    favours: dict[str, int] = {}
    shifts: tuple[str, ...] = ()


class PriorityPlan(Struct, frozen=True, omit_defaults=True):
    """A priority class. `credit` is in milliseconds: effective arrival = arrival - credit.
    `weight` is what the other rules of order compare by."""

    id: str
    credit: int
    weight: int = 1


class Hours(Struct, frozen=True, omit_defaults=True):
    """Opening hours in the hall's own time zone.

    `week` has seven rows, Monday first; a row is a tuple of (opens, closes) in minutes after
    midnight, so a Friday break is two pairs. `always` opens the hall around the clock, whatever
    else is said here. `holidays` maps ISO dates on which it stays closed to their Indonesian
    names. `exceptions` (ISO date -> spans) say what a date has instead of its weekday's hours, or
    of a holiday. `shifts` are named parts of any day, for planning and reports.
    """

    zone: str = "Asia/Jakarta"
    week: tuple[Spans, ...] = ((),) * 7
    always: bool = False
    holidays: dict[str, str] = {}
    exceptions: dict[str, Spans] = {}
    shifts: dict[str, Spans] = {}


class Policy(Struct, frozen=True, omit_defaults=True):
    """The rules that a hall chooses. Times are milliseconds; 0 switches a rule off.

    Order: `order` is the rule (see `ranking`). After `consecutive_priority` priority calls in a
    row at a counter the oldest ordinary ticket goes first; `consecutive_priority_hall` says the
    same of the whole hall. `quick_favour`: by how much a counter of the quick lane sees quick
    services earlier.

    Calling: `announce_age`: after which a call that a screen missed is shown but no longer
    spoken. `recalls`: how often a ticket is called again at a counter, `recall_pause`: how long
    after the call before. `no_show_calls`, `no_show_wait`: after so many calls, and so long
    after the last, nobody has come. `cooldown`: how long a reinstated no-show is not offered.
    `two_step`: "next" only shows who it is; it is called when the operator accepts.
    `start_needed`: a called ticket must be started before it is finished. `undo`: how long the
    last act at a counter can be taken back. `closing_approval`: an operator's closing waits for
    a supervisor.

    Intake: `last_intake` "pace" gives no more walk-in numbers of a service once the last in line
    could no longer be served before its closing, by the pace of the day, with `intake_margin` to
    spare (see `intake`).

    Citizens: `step_back`: how many a waiting citizen lets pass at once, and `step_backs` how
    often. `rejoin`: within which a no-show or cancelled ticket may be taken up again by its
    holder, at the end of the line. `reroute_gain`: by how much earlier a visit must be expected
    to end for a waiting citizen to be sent to another of its steps.
    """

    order: Literal["credit", "strict", "balance"] = "credit"
    consecutive_priority: int = 2
    consecutive_priority_hall: int = 0
    quick_favour: int = 15 * MINUTE
    announce_age: int = 60_000
    recalls: int = 0
    recall_pause: int = 0
    no_show_calls: int = 0
    no_show_wait: int = 60_000
    cooldown: int = 0
    two_step: bool = False
    start_needed: bool = True
    undo: int = 10_000
    closing_approval: bool = False
    step_back: int = 2
    step_backs: int = 1
    rejoin: int = 60 * MINUTE
    reroute_gain: int = 5 * MINUTE
    last_intake: Literal["off", "pace"] = "off"
    intake_margin: int = 5 * MINUTE


class Plan(Struct, frozen=True, omit_defaults=True):
    """Everything that the rules need besides the history. `catalogue` names its document."""

    services: dict[str, ServicePlan] = {}
    counters: dict[str, CounterPlan] = {}
    priorities: dict[str, PriorityPlan] = {}
    reasons: dict[str, tuple[str, ...]] = {}
    """What an act may give as its reason -> the reasons' ids; an act without any takes none."""
    hours: Hours = Hours()
    policy: Policy = Policy()
    catalogue: str = ""
