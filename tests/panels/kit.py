"""A hall in memory with three counters, and the room of panels that shows it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from queue_server.config import PanelSection
from queue_server.core import commands as c
from queue_server.core.decide import decide
from queue_server.core.model import Hall, Ticket
from queue_server.core.plan import Plan
from queue_server.panels import PanelHealth, Panels
from queue_server.panels import serial_line as lines
from queue_server.panels import worker as working
from tests.core.story import PLAN, Story
from tests.hall import PATIENCE


class Place:
    """Somebody does something, and the room hears of it, as after a commit."""

    def __init__(self, plan: Plan = PLAN) -> None:
        self.story = Story(plan)
        self.panels: Panels | None = None

    @property
    def hall(self) -> Hall:
        return self.story.hall

    def now(self) -> int:
        return self.story.now

    def does(self, command: c.Command) -> None:
        before = len(self.story.entries)
        self.story.record(command.by, *decide(self.hall, command, self.story.now))
        if self.panels is not None:
            self.panels.heard(self.hall, self.story.entries[before:])

    def open(self, *counters: str) -> None:
        for counter in counters:
            self.does(c.OpenCounter(counter=counter, by=who(counter)))

    def take(self, service: str = "passport") -> Ticket:
        token = f"token-of-citizen-{len(self.hall.tickets):05}"
        self.does(c.IssueTicket(service=service, token=token))
        found = self.hall.ticket_by_token(token)
        assert found is not None
        return found

    def call(self, counter: str = "1") -> str:
        """Whoever is there is started, the next one called; the number."""
        current = self.hall.counters[counter].current
        if current and self.hall.tickets[current].status == "called":
            self.start(counter)
        self.does(c.CallNext(counter=counter, after=current, by=who(counter)))
        return self.current(counter).number

    def start(self, counter: str = "1") -> None:
        ticket = self.hall.counters[counter].current
        self.does(c.StartService(counter=counter, ticket=ticket, by=who(counter)))

    def current(self, counter: str = "1") -> Ticket:
        return self.hall.tickets[self.hall.counters[counter].current]


def who(counter: str) -> c.Actor:
    """The operator of a counter."""
    return c.Actor(f"u{counter}")


class Lit:
    """A place and its panels at work."""

    def __init__(self, place: Place, panels: Panels) -> None:
        self.place, self.panels = place, panels

    @property
    def health(self) -> PanelHealth:
        return self.panels.health()[0]

    async def until(self, true: Callable[[PanelHealth], bool]) -> PanelHealth:
        """Wait until the first output's health is so."""
        async with asyncio.timeout(PATIENCE):
            while not true(self.health):  # noqa: ASYNC110  # what is shown has no event here
                await asyncio.sleep(0.005)
        return self.health


@contextlib.asynccontextmanager
async def lit(place: Place, section: PanelSection, id: str = "utama") -> AsyncIterator[Lit]:
    """One output, showing that place."""
    panels = Panels({id: section}, place)
    made = Lit(place, panels)
    place.panels = panels
    panels.start(lambda: place.hall)
    try:
        yield made
    finally:
        place.panels = None
        await panels.close()


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """People mend wires in seconds, tests in hundredths."""
    monkeypatch.setattr(working, "BACKOFF", (0.02,))
    monkeypatch.setattr(working, "TEST_SECONDS", 0.2)
    monkeypatch.setattr(lines, "PATIENCE", 1.0)
