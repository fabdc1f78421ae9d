"""A call as screens and voices get it: its words, its audio, and that audio made in advance."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from .catalogue import Text
from .core import events as e
from .core.calendar import local
from .core.model import Call, Hall
from .house import House
from .speech.voice import Utterance
from .speech.words import (
    Language,
    SpokenCall,
    helper_name,
    written_help,
    written_sentence,
)  # fmt: skip

PREPARED = 3
"""Counters for which a waiting number's announcement is made in advance, the open ones first."""


class Announcement(Struct, frozen=True):
    """A call in the live feed. `audio` is null where the hall has no voice.

    `helper`: it asks for an interpreter or a companion, named in each language; `ticket` is 0 and
    `number` "" then.
    """

    id: int
    ticket: int
    number: str
    counter: str
    counter_name: str
    at: str
    text: dict[str, str]
    audio: str | None
    helper: dict[str, str] = {}


def announcement(house: House, call: Call) -> Announcement:
    """What is shown and spoken of a call."""
    spoken = spoken_call(house, call.number, call.counter, call.helper)
    counter = house.catalogue.counters.get(call.counter)
    name = counter.name if counter else Text(call.counter, call.counter)
    languages = house.config.languages.spoken
    text: dict[str, str] = {one: _written(call, name.of(one), one) for one in languages}
    helper: dict[str, str] = {}
    if call.helper:
        helper = {one: helper_name(call.helper, one) for one in languages}
    return Announcement(
        id=call.id,
        ticket=call.ticket,
        number=call.number,
        counter=call.counter,
        counter_name=name.id,
        at=local(call.at, house.hall.plan.hours).isoformat(timespec="seconds"),
        text=text,
        audio=house.voice.url(_utterance(house, spoken)) if house.voice else None,
        helper=helper,
    )


def _written(call: Call, place: str, language: Language) -> str:
    if call.helper:
        return written_help(call.helper, place, language)
    return written_sentence(call.number, place, language)


def spoken_call(house: House, number: str, counter: str, helper: str = "") -> SpokenCall:
    """What the voice needs to know of a call: "A-012" (or a helper) at a counter."""
    prefix, _, value = number.rpartition("-")
    place = house.catalogue.counters.get(counter)
    return SpokenCall(
        prefix=prefix,
        value=int(value or 0),
        digits=len(value),
        helper=helper,
        place_kind=place.place if place else "loket",
        place_number=place.number if place else None,
        place_name=place.name.id if place else counter,
        style=house.config.speech.style,
    )


def prepare(house: House, hall: Hall, entries: Sequence[e.Entry]) -> None:
    """Have the announcements of new numbers made before they are needed. Never fails a call."""
    if house.voice is None:
        return
    for entry in entries:
        if isinstance(entry.event, e.TicketIssued):
            for counter in _likely(hall, entry.event.service):
                call = spoken_call(house, entry.event.number, counter)
                house.voice.prepare(_utterance(house, call))


def _likely(hall: Hall, service: str) -> list[str]:
    givers = hall.givers.get(service, ())
    return sorted(givers, key=lambda name: hall.counters[name].state == "closed")[:PREPARED]


def _utterance(house: House, call: SpokenCall) -> Utterance:
    return Utterance.of_call(call, house.config.languages.spoken)
