"""`make demo`: simulated citizens and operators in a real hall on a fast clock.

They use the same HTTP API as kiosks and operators do; nothing of the hall knows that they are
not real. The data folder is a passing one.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx2
from msgspec.structs import replace

from . import process
from .clock import FastClock, SystemClock
from .config import Config
from .core.calendar import local
from .core.plan import MINUTE
from .folder import Folder
from .house import House

COUNTERS_A_ZONE = 3
FIRST_CITIZENS = 90
"""Tickets taken before the doors seem to open: a full hall at once."""
ARRIVALS = 2.4
"""Citizens a simulated minute: a little more than the operators serve."""
SERVICE = (4.0, 8.0)
"""Minutes at the counter, from and to."""
DICE = random.Random()  # noqa: S311  # people, not secrets
MORNING = 9 * 60
"""The minute of the day at which the demo begins."""


def run(config: Config, base: Path, host: str | None, port: int | None, speed: float) -> int:
    """Serve a demo until interrupted; the exit code."""
    config = replace(config, hours=replace(config.hours, always=True))
    clock = FastClock(speed, _morning(config))
    with tempfile.TemporaryDirectory(prefix="antrean-demo-") as passing:
        folder = Folder(Path(passing))
        return process.serve(
            config, folder, base, host, port, clock=clock,
            beside=lambda house: Crowd(house, speed).live(),
        )  # fmt: skip


def _morning(config: Config) -> int:
    now = SystemClock().now()
    today = local(now, config.rule_hours())
    return now - (today.hour * 60 + today.minute - MORNING) * MINUTE


@dataclass
class Crowd:
    """Everybody in the hall."""

    house: House
    speed: float

    async def live(self) -> None:
        """Fill the hall, then let it live until cancelled."""
        kiosk = await self.house.office.add_token("demo kiosk", "kiosk")
        async with self._client(kiosk) as client, asyncio.TaskGroup() as group:
            for _ in range(FIRST_CITIZENS):
                await self._arrive(client)
            for counter in self._staffed():
                secret = await self.house.office.add_token(f"demo {counter}", "operator")
                group.create_task(self._operate(counter, secret))
            while True:
                await self._minutes(DICE.expovariate(ARRIVALS))
                await self._arrive(client)

    def _client(self, secret: str) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx2.AsyncClient(
            base_url=f"{self.house.url}/api/v1", headers=headers, trust_env=False, timeout=30
        )

    async def _minutes(self, minutes: float) -> None:
        await asyncio.sleep(minutes * 60 / self.speed)

    def _staffed(self) -> list[str]:
        """The first counters of each zone."""
        zones: dict[str, list[str]] = {}
        for name, counter in self.house.catalogue.counters.items():
            zones.setdefault(counter.zone, []).append(name)
        return [name for names in zones.values() for name in names[:COUNTERS_A_ZONE]]

    async def _arrive(self, client: httpx2.AsyncClient) -> None:
        """A citizen takes a number for a service that somebody gives, often a popular one."""
        catalogue = self.house.catalogue
        given = [s for name in self._staffed() for s in catalogue.counters[name].services]
        wanted = [s for s in given if catalogue.services[s].popular]
        service = DICE.choice(wanted if wanted and DICE.random() < 0.7 else given)
        body: dict[str, str] = {"service": service}
        if DICE.random() < 0.12:
            body["priority"] = DICE.choice(list(catalogue.priorities))
        answer = await client.post("/tickets", json=body)
        if answer.status_code == 201 and DICE.random() < 0.02:
            await client.post(f"/tickets/{answer.json()['token']}/cancellations", json={})

    async def _operate(self, counter: str, secret: str) -> None:
        """An operator's day: next, wait for the citizen, serve, next."""
        async with self._client(secret) as client:
            at = f"/counters/{counter}"
            await client.post(f"{at}/openings", json={})
            await self._minutes(DICE.uniform(0, 4))
            current: int | None = None
            while True:
                answer = await client.post(f"{at}/calls", json={"after": current})
                if answer.status_code == 201:
                    current = await self._receive(client, at, answer.json()["ticket"])
                elif current is not None and answer.json().get("code") == "nobody_waiting":
                    await client.post(f"{at}/finishes", json={"ticket": current})
                    current = None
                else:
                    await self._minutes(0.5)
                    seen = (await client.get(at)).json()["current"]
                    current = seen["id"] if seen else None

    async def _receive(self, client: httpx2.AsyncClient, at: str, ticket: int) -> int | None:
        """Wait for who was called, and serve; the ticket still at the counter, if any."""
        await self._minutes(DICE.uniform(0.3, 1.2))
        if DICE.random() < 0.15:
            await client.post(f"{at}/recalls", json={"ticket": ticket})
            await self._minutes(DICE.uniform(0.5, 1.0))
            if DICE.random() < 0.4:
                await client.post(f"{at}/no-shows", json={"ticket": ticket})
                return None
        await client.post(f"{at}/starts", json={"ticket": ticket})
        await self._minutes(DICE.uniform(*SERVICE))
        return ticket
