"""A small hall and its day, told through the real rules."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from displays.topic import ZoneTopic
from displays.views import Board, board
from queue_server.catalogue import Catalogue, example
from queue_server.config import Config
from queue_server.core import commands as c
from queue_server.core.decide import decide
from queue_server.core.events import Entry
from queue_server.core.evolve import evolve
from queue_server.core.model import Hall
from queue_server.house import House


def at(text: str) -> int:
    """Epoch milliseconds of "2026-11-23 09:00" in the hall."""
    zone = ZoneInfo("Asia/Jakarta")
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


MONDAY = at("2026-11-23 09:00")


def catalogue(agencies: int = 2, room: str = "Ruang Informasi") -> Catalogue:
    """Zone a: counters 1 (s0) and 2 (s0, s1); zone b: "info", unnumbered, and one for the rest."""
    numbers = range(agencies)
    return example(
        {
            "name": _text("Balai"),
            "zones": [{"id": "a", "name": _text("Zona A")}, {"id": "b", "name": _text("Zona B")}],
            "agencies": [_agency(i) for i in numbers],
            "services": [_service(i) for i in numbers],
            "counters": [
                _counter("1", "a", ["s0"], number=1),
                _counter("2", "a", ["s0", "s1"], number=2),
                _counter("info", "b", ["s1"], place="ruang", name=_text(room)),
                _counter("3", "b", [f"s{i}" for i in numbers[1:]], number=3),
            ],
        }
    )


def _text(name: str) -> dict[str, str]:
    return {"id": name, "en": f"{name} (en)"}


def _agency(index: int) -> dict[str, Any]:
    name = _text(f"Dinas {index}")
    return {"id": f"agency-{index}", "kind": "regional", "name": name, "short": f"D{index}"}


def _counter(id: str, zone: str, services: list[str], **more: Any) -> dict[str, Any]:
    name = _text("Loket " + id if "number" in more else "Ruang Informasi")
    return {"id": id, "name": name, "zone": zone, "services": services, **more}


def _service(index: int) -> dict[str, Any]:
    return {
        "id": f"s{index}", "agency": f"agency-{index}",
        "prefix": chr(65 + index // 26) + chr(65 + index % 26), "name": _text(f"Layanan {index}"),
        "requirements": [], "procedure": [], "duration": {"known": False},
        "cost": {"known": False}, "product": "-", "complaints": "-",
    }  # fmt: skip


class Day:
    """A hall, its catalogue and its clock."""

    def __init__(
        self, catalogue_: Catalogue | None = None, config: Config | None = None, now: int = MONDAY
    ) -> None:
        self.catalogue = catalogue_ or catalogue()
        self.config = config or Config()
        self.now = now
        self.hall = Hall()
        plan = self.catalogue.plan(self.config.rule_hours(), self.config.rule_policy())
        self.do(c.OpenDay(day="2026-11-23", plan=plan))
        self.topic = ZoneTopic(cast(House, self._house()))

    def _house(self) -> SimpleNamespace:
        clock = SimpleNamespace(now=lambda: self.now)
        return SimpleNamespace(
            hall=self.hall, catalogue=self.catalogue, config=self.config, clock=clock
        )

    def do(self, command: c.Command) -> list[Entry]:
        """Carry it out; a second passes. Raises Refusal."""
        entries = []
        for event in decide(self.hall, command, self.now):
            entry = Entry(self.hall.version + 1, self.now, command.by.id, event)
            evolve(self.hall, entry)
            entries.append(entry)
        self.now += 1000
        return entries

    def issue(self, *services: str) -> list[int]:
        """Tickets for these services."""
        return [
            self.do(c.IssueTicket(service=name, token=f"t{self.hall.version}"))[0].id
            for name in services
        ]

    def call(self, counter: str) -> int:
        """Open it if need be, finish who is there, call the next; the call's id."""
        self.do(c.OpenCounter(counter=counter))
        current = self.hall.counters[counter].current
        if current and self.hall.tickets[current].status == "called":
            self.do(c.StartService(counter=counter, ticket=current))
        return self.do(c.CallNext(counter=counter, after=current))[-1].id

    def current(self, counter: str) -> int:
        """The ticket at a counter."""
        return self.hall.counters[counter].current

    def board(self, zone: str) -> Board:
        """What that zone's board shows now."""
        return board(self.hall, self.catalogue, self.config, zone, self.now)
