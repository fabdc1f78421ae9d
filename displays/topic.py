"""The `zone` topics: what each board shows, and the calls that it announces."""

from __future__ import annotations

from collections.abc import Iterable

from queue_server.core.model import Call
from queue_server.feed import Touched
from queue_server.house import House

from . import words
from .screen import Screen, screen
from .views import HALL, Board, board


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
