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
from .speech.words import SpokenCall, written_sentence

PREPARED = 3
"""Counters for which a waiting number's announcement is made in advance, the open ones first."""


class Announcement(Struct, frozen=True):
    """A call in the live feed. `audio` is null where the hall has no voice."""

    id: int
    ticket: int
    number: str
    counter: str
    counter_name: str
    at: str
    text: dict[str, str]
    audio: str | None


def announcement(house: House, call: Call) -> Announcement:
    """What is shown and spoken of a call."""
    spoken = spoken_call(house, call.number, call.counter)
    counter = house.catalogue.counters.get(call.counter)
    name = counter.name if counter else Text(call.counter, call.counter)
    at = local(call.at, house.hall.plan.hours).isoformat(timespec="seconds")
    text: dict[str, str] = {
        language: written_sentence(call.number, name.of(language), language)
        for language in house.config.languages.spoken
    }
    audio = house.voice.url(_utterance(house, spoken)) if house.voice else None
    return Announcement(call.id, call.ticket, call.number, call.counter, name.id, at, text, audio)


def spoken_call(house: House, number: str, counter: str) -> SpokenCall:
    """What the voice needs to know of a call: "A-012" at a counter."""
    prefix, _, value = number.rpartition("-")
    place = house.catalogue.counters.get(counter)
    return SpokenCall(
        prefix=prefix,
        value=int(value),
        digits=len(value),
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
