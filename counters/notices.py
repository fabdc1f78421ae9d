"""What a console tells besides its ticket: emergencies near by, messages, helpers that were called,
a closing that waits for a supervisor. Pure."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from queue_server.core.language import Text
from queue_server.core.model import Counter, Hall, Message
from queue_server.core.plan import MINUTE
from queue_server.core.policy import neighbours

from .kinds import N_
from .words import Moment, Words

Names = Callable[[str], str]
"""The display name of an actor by its id."""
HELPERS = {"interpreter": N_("Penerjemah"), "companion": N_("Pendamping")}
DENIED = 15 * MINUTE
"""For so long a console says that a closing was denied: also to who wasn't looking then."""
MOST = 3
"""Emergencies, and messages, that are told at a time."""


class Emergency(Struct, frozen=True):
    """A pressed emergency button: where, who, since when; `mine`: this very counter's."""

    counter: str
    name: str
    operator: str
    since: Moment
    mine: bool


class Said(Struct, frozen=True):
    """A supervisor's message; `until` is epoch ms, 0 for until it is taken down."""

    id: int
    text: str
    at: str
    until: int


class Called(Struct, frozen=True):
    """A helper who was called over the boards (`label` is a msgid); shown until `until`."""

    label: str
    at: str
    until: int


class Notices(Struct, frozen=True):
    """All of it, the worst first."""

    alarms: tuple[Emergency, ...] = ()
    messages: tuple[Said, ...] = ()
    helpers: tuple[Called, ...] = ()
    closing: Moment = Moment(0)
    """Since when a closing waits for a supervisor."""
    denied: Moment = Moment(0)
    """When the last one was denied; told for `DENIED`, until `denied_until` (epoch ms)."""
    denied_until: int = 0

    @property
    def long(self) -> bool:
        """Whether they may not all fit."""
        return len(self.alarms) + len(self.messages) + len(self.helpers) > MOST


def notices(words: Words, counter: Counter, names: Names) -> Notices:
    """What a counter's console tells now."""
    hall, now = words.hall, words.now
    shown = [one for one in hall.messages.values() if one.to != "boards"]
    return Notices(
        alarms=tuple(_alarms(words, counter, names)[:MOST]),
        messages=tuple(
            Said(one.id, _in(one, words.language), words.moment(one.at).at, one.until)
            for one in reversed(shown)
            if not one.until or one.until > now
        )[:MOST],
        helpers=tuple(_helpers(words, counter.id)),
        closing=words.moment(counter.closing.at if counter.closing else 0),
        denied=words.moment(counter.denied if counter.denied + DENIED > now else 0),
        denied_until=counter.denied + DENIED,
    )


def _in(message: Message, language: str) -> str:
    return Text(message.text, message.text_en or message.text).of(language)


def _alarms(words: Words, counter: Counter, names: Names) -> list[Emergency]:
    """One's own first, then the neighbours', the oldest first."""
    hall = words.hall
    near = [hall.counters[id] for id in (counter.id, *neighbours(hall, counter.id))]
    return [
        Emergency(
            one.id,
            words.counter(one.id),
            names(one.operator) if one.operator else "",
            words.moment(one.alarm),
            one.id == counter.id,
        )
        for one in sorted(near, key=lambda one: (one.id != counter.id, one.alarm))
        if one.alarm
    ]


def _helpers(words: Words, counter: str) -> list[Called]:
    hall = words.hall
    return [
        Called(HELPERS[call.helper], words.moment(call.at).at, _fades(hall, call.at))
        for call in hall.calls
        if call.helper and call.counter == counter and _fades(hall, call.at) > words.now
    ]


def _fades(hall: Hall, at: int) -> int:
    return at + hall.plan.policy.announce_age
