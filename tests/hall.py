"""A real hall for tests: the real app on a real port, inside the test's loop or as a process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx2
import websockets

from queue_server import app, process
from queue_server.catalogue import Catalogue
from queue_server.clock import Clock, SystemClock
from queue_server.config import Config, load
from queue_server.folder import Folder
from queue_server.house import House

ROOT = Path(__file__).resolve().parent.parent
OPEN = {"ANTREAN_HOURS__ALWAYS": "true", "ANTREAN_SPEECH__ENABLED": "false"}
PATIENCE = 20.0
"""Seconds after which a test that waits has failed."""


def config(**variables: str) -> Config:
    """The root's config.toml, open around the clock and mute unless said otherwise."""
    return load(ROOT / "config.toml", {**OPEN, **variables})


@dataclass
class Running:
    """A hall that runs in this process."""

    url: str
    house: House
    folder: Folder
    clients: list[httpx2.AsyncClient] = field(default_factory=list)

    async def client(self, role: str | None = None, name: str = "test") -> httpx2.AsyncClient:
        """An API client with a token of that role; None: nobody."""
        headers = {}
        if role is not None:
            headers["Authorization"] = f"Bearer {await self.house.office.add_token(name, role)}"
        return self._made(headers)

    def _made(self, headers: dict[str, str]) -> httpx2.AsyncClient:
        limits = httpx2.Limits(max_connections=200)
        client = httpx2.AsyncClient(
            base_url=self.url, headers=headers, trust_env=False, timeout=PATIENCE, limits=limits
        )
        self.clients.append(client)
        return client


@contextlib.asynccontextmanager
async def running(
    path: Path, settings: Config | None = None, clock: Clock | None = None
) -> AsyncIterator[Running]:
    """The real application on a loopback port, in this loop."""
    settings = settings or config()
    folder = Folder(path)
    with folder.hold(), process.listening("127.0.0.1", 0) as sock:
        url = process.address(sock)
        opened = app.open_house(settings, folder, ROOT, clock=clock or SystemClock(), url=url)
        async with opened as house:
            server = process.server(app.application(house, folder), settings)
            serving = asyncio.create_task(server.serve(sockets=[sock]))
            folder.announce(url)
            hall = Running(url, house, folder)
            try:
                yield hall
            finally:
                for client in hall.clients:
                    await client.aclose()
                server.should_exit = True
                await serving


class Process:
    """`antrean serve` as a process of its own: it can be killed."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.environ = {**os.environ, **OPEN, **variables, "PYTHONUNBUFFERED": "1"}
        self.url = ""
        self.said: list[str] = []
        self.log: IO[bytes] | int = asyncio.subprocess.DEVNULL
        self.child: asyncio.subprocess.Process | None = None

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    async def start(self, port: int = 0) -> None:
        """Start, and wait until it has said where it is."""
        self.child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "queue_server", "serve", "--config", str(ROOT / "config.toml"),
            "--data", str(self.data), "--port", str(port),
            cwd=ROOT, env=self.environ, stdout=asyncio.subprocess.PIPE,
            stderr=self.log,
        )  # fmt: skip
        assert self.child.stdout is not None
        self.said = []
        async with asyncio.timeout(PATIENCE):
            while not any("/api/v1/openapi.json" in line for line in self.said):
                line = (await self.child.stdout.readline()).decode()
                assert line, f"the server ended: {self.said}"
                self.said.append(line.strip())
        board = next(line for line in self.said if line.startswith("board"))
        self.url = board.split()[1].rpartition("/displays")[0]

    async def kill(self) -> None:
        """kill -9."""
        assert self.child is not None
        self.child.kill()
        await self.child.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.child is not None
        if self.child.returncode is None:
            self.child.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self.child.wait()

    async def command(self, *words: str) -> tuple[int, str, str]:
        """`antrean WORDS` on the same data folder: exit code, stdout, stderr."""
        return await antrean(
            *words, "--config", str(ROOT / "config.toml"), "--data", str(self.data),
            environ=self.environ,
        )  # fmt: skip

    async def secret(self, role: str, name: str = "test") -> str:
        """A token of that role."""
        code, out, err = await self.command("token", "add", name, "--role", role)
        assert code == 0, err
        return out.strip()


async def antrean(*words: str, environ: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Run the program; exit code, stdout, stderr."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "queue_server", *words, cwd=ROOT, env=environ,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, err = await child.communicate()
    assert child.returncode is not None
    return child.returncode, out.decode(), err.decode()


@contextlib.asynccontextmanager
async def listening(
    url: str,
    *topics: str,
    cursor: tuple[str, int] | None = None,
    form: str = "json",
    cookie: str = "",
) -> AsyncIterator[websockets.ClientConnection]:
    """A client of /live."""
    query = "&".join([*(f"topic={topic}" for topic in topics), f"as={form}"])
    if cursor is not None:
        query += f"&epoch={cursor[0]}&after={cursor[1]}"
    address = f"{url.replace('http', 'ws', 1)}/live?{query}"
    async with websockets.connect(
        address,
        compression=None,
        proxy=None,
        additional_headers={"Cookie": cookie} if cookie else {},
    ) as socket:
        yield socket


async def frame(socket: websockets.ClientConnection) -> dict[str, Any]:
    """The next frame that is a state."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = json.loads(await socket.recv())
            if found["type"] == "state":
                return dict(found)


def catalogue() -> Catalogue:
    """MPP Lampung Selatan."""
    return Catalogue.load(ROOT / "catalogues" / "mpp-lampung-selatan.toml")
