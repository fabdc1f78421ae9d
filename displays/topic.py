"""The boards' topics: what each shows, and the calls that it announces."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from queue_server.core.model import Call
from queue_server.core.standing import HALL
from queue_server.feed import TopicKind, Touched
from queue_server.house import House
from queue_server.web.identity import Identity

from . import words
from .door import Door, DoorScreen, door, door_screen
from .screen import Screen, screen
from .views import Board, board


def topics(house: House) -> list[TopicKind]:
    """Every kind of topic that boards follow."""
    return [ZoneTopic(house), PreviewTopic(house), DoorTopic(house), ScreenTopic(house)]


class ZoneTopic:
    """`zone:a`, …, and `zone:hall` for the whole hall. Implements `feed.TopicKind`."""

    kind = "zone"

    def __init__(self, house: House) -> None:
        self._house = house

    def knows(self, name: str) -> bool:
        """Whether the hall has such a zone."""
        return name == HALL or name in self._house.catalogue.zones

    def touched(self, what: Touched) -> Iterable[str] | None:
        """The hall, and the zones of every counter that is concerned."""
        if what.everything:
            return None
        hall = self._house.hall
        counters = set(what.counters)
        for service in what.services:
            counters.update(hall.givers.get(service, ()))
        names = {hall.place(counter).zone for counter in counters}
        if names:
            names.add(HALL)
        return sorted(name for name in names if self.knows(name))

    def state(self, name: str) -> Board:
        """The board's state now."""
        house = self._house
        return board(house.hall, house.catalogue, house.config, name, house.clock.now())

    def screen(self, name: str) -> Screen:
        """The board's state in words, now."""
        return screen(self.state(name), self._house.config)

    def html(self, name: str) -> str:
        """The fragment that the board's page swaps in."""
        shown = self.screen(name)
        fragment = self._house.front.templates.fragment
        return fragment("displays/_board.html", shown.first, screen=shown, words=words)

    def wants(self, name: str, call: Call) -> bool:
        """A board announces the calls to counters that stand in its zone."""
        return name in (HALL, self._house.hall.place(call.counter).zone)


class PreviewTopic(ZoneTopic):
    """`preview:a`, …: the same for who only looks at a board, so that nobody counts it as one."""

    kind = "preview"


class DoorTopic:
    """`door:5`, …: a counter's own screen. Public: a number and whether it is open, no more.

    Implements `feed.TopicKind`.
    """

    kind = "door"

    def __init__(self, house: House) -> None:
        self._house = house

    def knows(self, name: str) -> bool:
        """Whether the hall has such a counter."""
        return name in self._house.catalogue.counters and name in self._house.hall.counters

    def touched(self, what: Touched) -> Iterable[str] | None:
        """The counters that are concerned."""
        return None if what.everything else sorted(filter(self.knows, what.counters))

    def state(self, name: str) -> Door:
        """The door's state now."""
        house = self._house
        return door(house.hall, house.catalogue, house.config, name, house.clock.now())

    def screen(self, name: str) -> DoorScreen:
        """The door's state in words, now."""
        return door_screen(self.state(name), self._house.config, self._house.hall.place(name).zone)

    def html(self, name: str) -> str:
        """The fragment that the door's page swaps in."""
        shown = self.screen(name)
        fragment = self._house.front.templates.fragment
        return fragment("displays/_door.html", shown.first, screen=shown, words=words)

    def wants(self, name: str, call: Call) -> bool:
        """A door announces the calls to its counter."""
        return call.counter == name


class Setting(Struct, frozen=True):
    """What a registered screen has to know of itself: whether its settings are still these.
    `revision` 0: it is none of the hall's any more."""

    revision: int


class ScreenTopic:
    """`screen:3`, …: how a registered screen hears that it was set otherwise, or revoked.

    Implements `feed.TopicKind`.
    """

    kind = "screen"

    def __init__(self, house: House) -> None:
        self._house = house

    def knows(self, name: str) -> bool:
        """Whether there is such a screen."""
        return self._house.rooms.screens.get(_number(name)) is not None

    def touched(self, what: Touched) -> Iterable[str] | None:
        """No event of the hall concerns it: administration touches it."""
        return ()

    def state(self, name: str) -> Setting:
        """The revision now."""
        screen = self._house.rooms.screens.get(_number(name))
        return Setting(screen.revision if screen else 0)

    def html(self, name: str) -> str:
        """There is nothing to swap in."""
        return ""

    def wants(self, name: str, call: Call) -> bool:
        """What it shows follows another topic."""
        return False


def may_watch(house: House, identity: Identity, topic: str) -> bool:
    """A screen follows its own topic, and no other's: whoever does counts as the screen."""
    screen = house.rooms.screens.get(_number(topic.removeprefix("screen:")))
    return screen is not None and screen.actor == identity.id


def _number(name: str) -> int:
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 10 else 0
