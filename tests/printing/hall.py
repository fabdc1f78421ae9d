"""The whole hall with a printer: the real application, a real conversation over TCP."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import msgspec

from queue_server.config import PrinterSection
from queue_server.core import commands as c
from queue_server.core.model import Ticket
from tests.hall import Running, config, running

from .printer import Printer, printing

PASSWORD = "kuda laut ungu 7"


class Printed:
    """A hall, and its printer "depan"."""

    def __init__(self, hall: Running, printer: Printer) -> None:
        self.hall, self.printer = hall, printer
        self.printing = hall.house.rooms.printing

    async def take(self, service: str = "ktp-el-rekam") -> Ticket:
        token = f"token-of-citizen-{len(self.hall.house.hall.tickets):05}"
        entries = await self.hall.house.desk.submit(c.IssueTicket(service=service, token=token))
        return self.hall.house.hall.tickets[entries[0].id]

    async def signed_in(self, role: str) -> httpx2.AsyncClient:
        """A browser of somebody with that role; its forms come from our own pages."""
        office = self.hall.house.office
        once = await office.add_user(role, role)
        user = next(user for user in await office.users() if user.name == role)
        await office.change_password(user.id, once, PASSWORD)
        client = await self.hall.client()
        client.headers.update({"Origin": self.hall.url, "Accept": "text/html"})
        answer = await client.post("/sign-in", data={"name": role, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


@contextlib.asynccontextmanager
async def printed_hall(path: Path) -> AsyncIterator[Printed]:
    """A running hall with a printer that works."""
    async with printing() as printer:
        section = PrinterSection(printer.address, name="Kios depan", timeout_seconds=1)
        settings = msgspec.structs.replace(config(), printers={"depan": section})
        async with running(path, settings) as hall:
            yield Printed(hall, printer)
