"""A hall of many like desks: each scenario takes one of its own, two counters and two services, and
reads only what HTTP says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx2

from queue_server.catalogue import example

from .served import DESKS, Shared, shared

ROOT = Path(__file__).parents[2]
START = 1_795_399_200_000
"""Monday, 23 November 2026, 09:00 in Jakarta."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
API = "/api/v1"


def catalogue() -> str:
    """Desk 7 has the agency a7, the services s7-a and s7-b, the counters 7-1 (both services) and
    7-2 (the first only)."""

    def named(text: str) -> dict[str, str]:
        return {"id": text, "en": f"{text} (en)"}

    def service(desk: int, letter: str) -> dict[str, Any]:
        prefix = LETTERS[desk // 24] + LETTERS[desk % 24] + letter.upper()
        return {
            "id": f"s{desk}-{letter}", "agency": f"a{desk}", "prefix": prefix,
            "name": named(f"Layanan {desk} {letter}"), "requirements": ["KTP-el asli", "Foto"],
            "procedure": ["Ambil nomor"], "duration": {"minutes": 10}, "cost": {"rupiah": 0},
            "product": "Kartu", "complaints": "Meja pengaduan", "quick": letter == "b",
        }  # fmt: skip

    def counter(desk: int, place: int) -> dict[str, Any]:
        services = (f"s{desk}-a", f"s{desk}-b")[: 3 - place]
        found = {"id": f"{desk}-{place}", "name": named(f"Loket {desk}-{place}"), "zone": "a"}
        return {**found, "services": services, **SPECIAL.get(f"{desk}-{place}", {})}

    desks = range(1, DESKS + 1)
    return example({
        "name": named("MPP Uji"),
        "zones": [{"id": "a", "name": named("Zona A")}],
        "agencies": [
            {"id": f"a{n}", "kind": "regional", "short": f"A{n}", "name": named(f"Instansi {n}")}
            for n in desks
        ],
        "services": [service(n, letter) for n in desks for letter in "ab"],
        "counters": [counter(n, place) for n in desks for place in (1, 2)],
        "priorities": [
            {"id": "lansia", "name": named("Lansia"), "credit_minutes": 10, "weight": 1},
            {"id": "disabilitas", "name": named("Disabilitas"), "credit_minutes": 20, "weight": 2},
        ],
        "reasons": [{"id": "fotokopi", "acts": ["park"], "name": named("Fotokopi")},
                    {"id": "rapat", "acts": ["break", "close"], "name": named("Rapat")}],
    }).dump()  # fmt: skip


SPECIAL: dict[str, dict[str, Any]] = {
    f"{DESKS}-1": {"quick": True},
    f"{DESKS}-2": {"classes": ["lansia", "disabilitas"]},
}
"""The last desk's counters: of the quick lane, and for two classes only."""


class Hall:
    """The serving process, its clock, and clients by the name of their token."""

    def __init__(self, url: str, secrets: dict[str, str], clock: Shared) -> None:
        self.url, self.clock = url, clock
        self._secrets = secrets
        self._clients: dict[str, httpx2.Client] = {}
        self._desks = count(1)

    def client(self, name: str = "") -> httpx2.Client:
        """By the name of a token; "" for nobody."""
        if name not in self._clients:
            headers = {"Authorization": f"Bearer {self._secrets[name]}"} if name else {}
            self._clients[name] = httpx2.Client(
                base_url=self.url + API, headers=headers, trust_env=False, timeout=30
            )
        return self._clients[name]

    def ask(self, name: str, path: str, expected: int = 200, **query: Any) -> Any:
        answer = self.client(name).get(path, params=query)
        assert answer.status_code == expected, answer.text
        return answer.json()

    def tell(self, name: str, path: str, status: int = 201, **body: Any) -> Any:
        answer = self.client(name).post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def pass_(self, seconds: float) -> None:
        """Time passes, and what is due by then happens."""
        self.clock.turn(self.clock.now() + round(seconds * 1000))
        self.tell("supervisor", "/messages/1/removals")  # nothing, but the Desk looks at its clock

    def at(self, seconds: float = 0) -> str:
        """Now, or so much later, as the API writes it."""
        moment = datetime.fromtimestamp(self.clock.now() / 1000 + seconds, UTC)
        return moment.isoformat(timespec="seconds")

    def desk(self, number: int = 0) -> Desk:
        """The next one that nobody has used, with both counters open; or a certain one."""
        desk = Desk(self, number or next(self._desks))
        assert number or desk.number < DESKS, "more scenarios than desks"
        for place in (1, 2):
            desk.do("openings", place)
        return desk

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


class Desk:
    """Two counters, their operators, and who comes to them."""

    def __init__(self, hall: Hall, number: int) -> None:
        self.hall, self.number = hall, number
        self.a, self.b = f"s{number}-a", f"s{number}-b"
        self.agency = f"a{number}"

    def counter(self, place: int = 1) -> str:
        return f"{self.number}-{place}"

    def take(self, letter: str = "a", **more: Any) -> Any:
        """A number from the kiosk."""
        return self.hall.tell("kiosk", "/tickets", service=f"s{self.number}-{letter}", **more)

    def some(self, *classes: str | None) -> list[int]:
        """Numbers of these classes, a second apart; their ids."""
        found = []
        for kind in classes:
            found.append(self.take(priority=kind)["id"])
            self.hall.clock.turn(self.hall.clock.now() + 1000)
        return found

    def do(self, act: str, place: int = 1, status: int = 201, by: str = "", **body: Any) -> Any:
        """An act of a counter's operator."""
        who = by or self.counter(place)
        return self.hall.tell(who, f"/counters/{self.counter(place)}/{act}", status, **body)

    def no(self, code: str, act: str, place: int = 1, status: int = 409, **body: Any) -> str:
        """It is refused; the sentence."""
        refused = self.do(act, place, status, **body)
        assert refused["code"] == code, refused
        return str(refused["detail"])

    def now(self, place: int = 1) -> Any:
        return self.hall.ask(self.counter(place), f"/counters/{self.counter(place)}")

    def queue(self, place: int = 1) -> list[int]:
        return [one["id"] for one in self.now(place)["queue"]]

    def call(self, place: int = 1, **body: Any) -> int:
        """Next, seen from the counter as it is; who was called."""
        current = self.now(place)["current"]
        after = current["id"] if current else None
        return int(self.do("calls", place, after=after, **body)["ticket"])

    def serve(self, place: int = 1, **body: Any) -> int:
        """Next, and started."""
        ticket = self.call(place, **body)
        self.do("starts", place, ticket=ticket)
        return ticket

    def past(self, ticket: int) -> Any:
        return self.hall.ask("integration", f"/floor/tickets/{ticket}")

    def acts(self, ticket: int) -> list[str]:
        """The names of what happened to it."""
        return [one["act"] for one in self.past(ticket)["history"]]

    def status(self, ticket: int) -> str:
        return str(self.past(ticket)["ticket"]["status"])


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Hall]:
    """The hall as a process, with these settings beyond the defaults; stopped in the end."""
    (folder / "hall.toml").write_text(catalogue())
    (folder / "config.toml").write_text('[hall]\nname = "MPP Uji"\ncatalogue = "hall.toml"\n')
    (folder / "clock").write_bytes(START.to_bytes(8, "little"))
    quiet = {"ANTREAN_SERVER__PORT": "0", "ANTREAN_SPEECH__ENABLED": "false"}
    paths = [str(folder / name) for name in ("data", "config.toml", "clock")]
    with ExitStack() as stack:
        clock = stack.enter_context(shared(folder / "clock"))
        child = stack.enter_context(subprocess.Popen(
            [sys.executable, "-m", "tests.api_scenarios.served", *paths], cwd=ROOT, text=True,
            env={**os.environ, **quiet, **settings}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ))  # fmt: skip
        stack.callback(child.terminate)
        assert child.stdout is not None
        secrets = json.loads(child.stdout.readline())
        board = next(line for line in child.stdout if line.strip().startswith("board"))
        hall = Hall(board.split()[1].rpartition("/displays")[0], secrets, clock)
        stack.callback(hall.close)
        yield hall
