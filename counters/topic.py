"""The live topics: `counter:5` for a console, `floor:hall` for the supervisor's board.

A page in another language than the hall's first follows `counter:5.en`: a frame is encoded
once for all who follow a topic, so its language is part of the topic's name.
"""

from __future__ import annotations

from collections.abc import Iterable

from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.core.model import Call
from queue_server.feed import Touched
from queue_server.house import House
from queue_server.topics import CONSOLE, topics_of
from queue_server.web.identity import STEWARDS, Identity, within

from .consoles import Consoles, may_see
from .floor import Floor
from .states import State

VERSION = "Antrean-Version"
"""The header of an act's answer: the version whose frame shows what it did."""
FLOOR = "hall"
"""The whole floor; a part of it is named by its bounds: `agency,agency@zone,zone`."""


class CounterTopic:
    """`counter:5`. Implements `feed.TopicKind`."""

    kind = CONSOLE

    def __init__(self, house: House) -> None:
        self._house = house
        self._consoles = Consoles(house)

    def knows(self, name: str) -> bool:
        """Whether the hall has such a counter, and such a language."""
        counter, language = split(self._house, name)
        return self._consoles.known(counter) and language in self._house.config.languages.pages

    def touched(self, what: Touched) -> Iterable[str] | None:
        """The counters concerned, and all that give a service concerned."""
        if what.everything:
            return None
        hall = self._house.hall
        counters = set(what.counters)
        for service in what.services:
            counters.update(hall.givers.get(service, ()))
        return [name for counter in sorted(counters) for name in topics_of(self._house, counter)]

    def state(self, name: str) -> State:
        """The counter's state now."""
        return self._consoles.state(split(self._house, name)[0])

    def html(self, name: str) -> str:
        """The console's fragment now."""
        counter, language = split(self._house, name)
        console = self._consoles.console(counter, language)
        templates = self._house.front.templates
        return templates.fragment("counters/_console.html", language, c=console, nonce="")

    def wants(self, name: str, call: Call) -> bool:
        """A console announces nothing: the boards do."""
        return False


class FloorTopic:
    """`floor:hall`. Implements `feed.TopicKind`."""

    kind = "floor"

    def __init__(self, house: House) -> None:
        self._house = house
        self._consoles = Consoles(house)
        self._made: tuple[str, Floor] | None = None
        """What `state` made last: the fragment of the same frame is set from it."""

    def knows(self, name: str) -> bool:
        """The whole floor, and that of every supervisor's bounds, in each language."""
        floor, language = split(self._house, name)
        named = map(floor_name, self._house.office.bounds())
        return floor in named and language in self._house.config.languages.pages

    def touched(self, what: Touched) -> Iterable[str] | None:
        """Whatever happens, happens on the floor."""
        return None if what.everything else floor_names(self._house)

    def state(self, name: str) -> Floor:
        """The floor now."""
        of, language = split(self._house, name)
        floor = self._consoles.floor(language, floor_bounds(of))
        self._made = name, floor
        return floor

    def html(self, name: str) -> str:
        """The board's fragment now."""
        made, self._made = self._made, None
        of, language = split(self._house, name)
        now = self._house.hall.version, self._house.clock.now()
        if made and made[0] == name and (made[1].version, made[1].now + 50) >= now:
            floor = made[1]
        else:
            floor = self._consoles.floor(language, floor_bounds(of))
        templates = self._house.front.templates
        return templates.fragment("counters/_floor.html", language, f=floor, nonce="")

    def wants(self, name: str, call: Call) -> bool:
        """The floor announces nothing."""
        return False


def may_watch(house: House, identity: Identity, topic: str) -> bool:
    """Whether somebody may follow a console's, a floor's or the dashboard's topic; one unknown is
    as forbidden."""
    if not within(identity, "read"):
        return False
    kind, _, name = topic.partition(":")
    of = split(house, name)[0]
    found = house.hall.counters.get(of)
    if kind == CounterTopic.kind and found is not None:
        return may_see(house.hall, identity, found)
    if identity.role not in STEWARDS or kind not in ("floor", "dashboard"):
        return False
    return not identity.bounds or of == floor_name(identity.bounds)


def floors(house: House) -> list[str]:
    """The floor's topics, for what changes it without an entry in the journal."""
    return [f"{FloorTopic.kind}:{name}" for name in floor_names(house)]


def floor_name(bounds: Bounds) -> str:
    """What a floor is called: the whole one, or the part within bounds."""
    if not bounds:
        return FLOOR
    return f"{','.join(sorted(bounds.agencies))}@{','.join(sorted(bounds.zones))}"


def floor_bounds(name: str) -> Bounds:
    """The inverse."""
    if name == FLOOR:
        return EVERYWHERE
    agencies, _, zones = name.partition("@")
    return Bounds(frozenset(filter(None, agencies.split(","))),
                  frozenset(filter(None, zones.split(","))))  # fmt: skip


def floor_names(house: House) -> list[str]:
    """Every floor that somebody may see, in all languages."""
    every = sorted(map(floor_name, house.office.bounds()))
    return [name for floor in every for name in topics_of(house, floor)]


def split(house: House, name: str) -> tuple[str, str]:
    """A topic's name as (counter or floor, language)."""
    of, _, language = name.partition(".")
    return of, language or house.config.languages.pages[0]
