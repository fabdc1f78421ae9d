"""What a journal entry makes of the counters: a part of `evolve`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from . import events as e
from .lifecycle import COUNTER
from .model import Call, Closing, Counter, Hall
from .places import change, find_givers, tell


def _turned(hall: Hall, entry: e.Entry, event: e.OfCounter) -> None:
    counter = hall.counters[event.counter]
    state = COUNTER[counter.state][type(event)]
    turned = Counter(
        counter.id, state, counter.operator, entry.at, counter.current, counter.streak,
        alarm=counter.alarm, assigned=counter.assigned,
    )  # fmt: skip
    if isinstance(event, e.CounterOpened):
        turned = replace(turned, operator=event.operator)
        _forget_reopenings(hall, counter.id, event.operator)
    elif isinstance(event, e.CounterPaused):
        turned = replace(turned, reason=event.reason, until=event.until)
    elif isinstance(event, e.CounterClosed):
        turned = replace(turned, operator="", reason=event.reason)
        if event.reopens:
            turned = replace(turned, reopens=event.reopens, reopens_for=counter.operator)
            hall.reopenings[counter.id] = event.reopens
    hall.counters[counter.id] = turned


def _forget_reopenings(hall: Hall, opened: str, operator: str) -> None:
    """Who has opened a counter does not come back to a closed one by itself."""
    for name in list(hall.reopenings):
        if name == opened or hall.counters[name].reopens_for == operator:
            change(hall, name, reopens=0, reopens_for="")
            del hall.reopenings[name]


def _closing_asked(hall: Hall, entry: e.Entry, event: e.ClosingAsked) -> None:
    asked = Closing(entry.at, event.reason, event.reopens)
    change(hall, event.counter, closing=asked, denied=0)


def _closing_denied(hall: Hall, entry: e.Entry, event: e.ClosingDenied) -> None:
    change(hall, event.counter, closing=None, denied=entry.at)


def _alarm_raised(hall: Hall, entry: e.Entry, event: e.AlarmRaised) -> None:
    change(hall, event.counter, alarm=entry.at)


def _alarm_cleared(hall: Hall, entry: e.Entry, event: e.AlarmCleared) -> None:
    change(hall, event.counter, alarm=0)


def _helper_called(hall: Hall, entry: e.Entry, event: e.HelperCalled) -> None:
    tell(hall, entry, Call(entry.id, 0, "", "", event.counter, entry.at, event.helper))


def _services_assigned(hall: Hall, entry: e.Entry, event: e.ServicesAssigned) -> None:
    change(hall, event.counter, assigned=event.services)
    find_givers(hall)


APPLY: dict[type[e.Event], Callable[[Hall, e.Entry, Any], None]] = {
    e.CounterOpened: _turned,
    e.CounterPaused: _turned,
    e.CounterClosed: _turned,
    e.ClosingAsked: _closing_asked,
    e.ClosingDenied: _closing_denied,
    e.AlarmRaised: _alarm_raised,
    e.AlarmCleared: _alarm_cleared,
    e.HelperCalled: _helper_called,
    e.ServicesAssigned: _services_assigned,
}
