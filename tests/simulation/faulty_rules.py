"""Deliberate faults in the rules and in the Hub: functions that are replaced for a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from queue_server import desk
from queue_server.core import calling, intake, places
from queue_server.core import commands as c
from queue_server.core import decide as rules
from queue_server.core.events import DayOpened
from queue_server.core.model import Hall
from queue_server.core.refusals import Refusal
from queue_server.live.hub import Hub

from .process import Mutant


class Patched(Mutant):
    """A fault in a function that is not handed in."""

    def installed(self) -> AbstractContextManager[object]:
        return patch.object(*self.patches())

    def patches(self) -> tuple[Any, str, Any]:
        raise NotImplementedError


class StarvingPolicy(Patched):
    """Priority always goes first."""

    def patches(self) -> tuple[Any, str, Any]:
        def in_order(hall: Hall, counter: Any) -> Iterator[int]:
            names = calling.lines_of(hall, counter.id)
            lines = [hall.lines[name] for name in names if name in hall.lines]
            classes = [
                (bool(kind), ranks) for line in lines for kind, ranks in line.classes.items()
            ]
            for first in (True, False):
                ranks = [rank for priority, some in classes if priority is first for rank in some]
                yield from (id for _, id in sorted(ranks))

        return calling, "in_order", in_order


class Rule(Patched):
    """A rule that is wrong."""

    command: type[c.Command]

    def patches(self) -> tuple[Any, str, Any]:
        table = dict(rules.RULES)
        right: Callable[..., list[Any]] = table[self.command]
        table[self.command] = lambda hall, command, now: self.wrong(right, hall, command, now)
        return rules, "RULES", table

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        raise NotImplementedError


class LostReceipts(Rule):
    """Midnight forgets the keys."""

    command = c.OpenDay

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        events = right(hall, command, now)
        return [replace(x, receipts=()) if isinstance(x, DayOpened) else x for x in events]


class LostCalls(Rule):
    """Midnight forgets the calls that are still to be announced."""

    command = c.OpenDay

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        events = right(hall, command, now)
        return [replace(x, calls=()) if isinstance(x, DayOpened) else x for x in events]


class DoubleClick(Rule):
    """Next doesn't ask whom the operator was looking at."""

    command = c.CallNext

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        counter = hall.counters.get(command.counter)
        return right(hall, replace(command, after=counter.current if counter else 0), now)


class TwoCounters(Rule):
    """A chosen ticket is called wherever it is."""

    command = c.CallNext

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        called = [t for t in hall.tickets.values() if t.status == "called"]
        try:
            return right(hall, command, now)
        except Refusal as refusal:
            if refusal.code != "nobody_waiting" or not called:
                raise
            return [calling.e.TicketCalled(called[0].id, command.counter)]


class CallsTheAbsent(Patched):
    """Who took a number from home stands in the line like everybody else."""

    def patches(self) -> tuple[Any, str, Any]:
        return places, "_stands", lambda ticket: ticket.status == "waiting"


class GivesTooMany(Patched):
    """Quotas, ranges and hours of services are for others."""

    def patches(self) -> tuple[Any, str, Any]:
        return intake, "check", lambda hall, service, others, now: None


class ForgetsDeadlines(Patched):
    """Who never comes keeps the place for ever."""

    def patches(self) -> tuple[Any, str, Any]:
        return desk, "due", lambda hall, now: []


class HubForgetsCursor(Patched):
    """A screen that comes back is told the present only."""

    def patches(self) -> tuple[Any, str, Any]:
        return Hub, "_since", lambda hub, cursor: hub.source.version
