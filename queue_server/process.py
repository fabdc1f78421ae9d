"""The serving process: its socket, its signals, and what it says at the start."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import shutil
import signal
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn
import uvloop
from msgspec.structs import replace
from starlette.applications import Starlette

from .app import application, open_house
from .backup import put_back, put_in_place
from .backups import Replacement
from .catalogue import CatalogueError
from .clock import Clock, SystemClock
from .config import Config, ConfigError
from .folder import Folder
from .house import House
from .journal.log import Damaged, JournalError
from .live.protocol import LiveProtocol
from .web.office import Office

BACKLOG = 4096
"""Connections that may wait to be accepted: a hall full of phones comes back at once."""
GRACE = 5
"""Seconds that open requests have at a stop."""

log = logging.getLogger(__name__)

OPENING = (
    CatalogueError, ConfigError, Damaged, JournalError, OSError, ValueError, sqlite3.Error,
)  # fmt: skip
"""Why a house can't be opened."""

Beside = Callable[[House], Awaitable[None]]


def serve(
    config: Config,
    folder: Folder,
    base: Path,
    host: str | None = None,
    port: int | None = None,
    *,
    clock: Clock | None = None,
    beside: Beside | None = None,
) -> int:
    """Serve a hall until SIGTERM or SIGINT; the exit code.

    `base`: where configured paths start from. `beside`: something to run as long as it serves.
    Raises Held, CatalogueError, Damaged, JournalError, OSError (the port is taken).
    """
    with folder.hold(), listening(host or config.server.host, _port(config, port)) as sock:
        lives = Lives(config, folder, base, sock, clock or SystemClock(), beside)
        while lives.wanted:
            lives.live()
    return 0


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens with a backlog for a whole hall. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError as error:
            raise OSError(f"server.port: {host}:{port} cannot be used: {error.strerror}") from None
        sock.listen(BACKLOG)
        sock.setblocking(False)
        yield sock


class Server(uvicorn.Server):
    """uvicorn's server inside a house: after a signal there is still a journal to close."""

    signalled = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.signalled = True
        super().handle_exit(sig, frame)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


def server(app: Starlette, config: Config) -> Server:
    """A server for an application of `application`."""
    return Server(
        uvicorn.Config(
            app,
            ws=LiveProtocol,
            http="httptools",
            lifespan="off",
            log_config=None,
            access_log=False,
            backlog=BACKLOG,
            proxy_headers=True,
            forwarded_allow_ips=config.server.proxies,
            timeout_graceful_shutdown=GRACE,
            server_header=False,
        )
    )


@dataclass
class Lives:
    """One house after the other, on the same socket: who calls in between waits for the next one.

    A hall goes on to another life when a backup is put in place: everything is closed as at a
    stop, and opened as at a start, so that nothing of the old data is left in memory.
    """

    config: Config
    folder: Folder
    base: Path
    sock: socket.socket
    clock: Clock
    beside: Beside | None
    wanted: bool = True
    replacement: Replacement | None = None
    """What the next life begins with."""
    done: Replacement | None = None
    """What has to be recorded of it."""
    opened: bool = False
    """Whether this life got as far as to serve: from then on its data is the hall's."""

    def live(self) -> None:
        """Serve until a signal, or until other data is to be served. Raises as `serve` does."""
        replaced, self.replacement, self.wanted = self.replacement, None, False
        kept, self.opened = None, False
        self.done = replaced or self.done
        try:
            if replaced:
                kept = put_in_place(self.folder, Folder(replaced.copy))
                shutil.rmtree(replaced.copy.parent, ignore_errors=True)
            uvloop.run(self._serve())
        except OPENING as error:
            if self.opened or not replaced:
                raise
            # What was verified can't be served all the same: the hall goes on as it was.
            log.error("the backup cannot be put in place, the hall goes on: %s", error)
            if kept is not None:
                put_back(self.folder, kept)
            self.done, self.wanted = replace(replaced, after={"failed": str(error)}), True

    async def _serve(self) -> None:
        local = address(self.sock)
        async with open_house(
            self.config, self.folder, self.base, clock=self.clock,
            url=self.config.server.url or local, environ=os.environ,
        ) as house:  # fmt: skip
            self.opened = True
            await self._record(house)
            running = server(application(house, self.folder), self.config)

            def replace_data(other: Replacement) -> None:
                self.replacement, self.wanted, running.should_exit = other, True, True

            house.replace = replace_data
            # A socket of its own to close: the one that listens goes on.
            serving = asyncio.create_task(running.serve(sockets=[self.sock.dup()]), name="server")
            self.folder.announce(local)
            await _print_addresses(house, local)
            await self._accompanied(house, serving)
            # Who stops the process meanwhile wants no other life of it.
            self.wanted = self.wanted and not running.signalled

    async def _record(self, house: House) -> None:
        """What was put in place, or was not, in the trail that is the hall's from now on."""
        if self.done is not None:
            one, self.done = self.done, None
            await house.rooms.changes.record(
                one.by, one.address, "backup.restore", "run", one.before, one.after
            )

    async def _accompanied(self, house: House, serving: asyncio.Task[None]) -> None:
        # What is there now stays: the collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        company = asyncio.ensure_future(self.beside(house)) if self.beside else None
        try:
            await serving
        finally:
            if company is not None:
                company.cancel()
                await asyncio.gather(company, return_exceptions=True)


def address(sock: socket.socket) -> str:
    """The URL of a listening socket as this machine reaches it."""
    host, port = sock.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _print_addresses(house: House, local: str) -> None:
    """Where everything is, and the first administrator's password: on stdout, flushed."""
    lines = [
        f"Antrean · {house.config.hall.name}",
        f"  board    {local}/displays/hall",
        f"  console  {local}/counters",
        f"  kiosk    {local}/kiosk",
        f"  phone    {local}/t/…  (behind the QR code of a ticket)",
        f"  services {local}/services",
        f"  floor    {local}/supervisor",
        f"  glance   {local}/dashboard",
        f"  admin    {local}/admin",
        f"  API      {local}/api/v1/openapi.json",
    ]
    password = await _first_password(house.office)
    if password and not house.catalogue.services:
        lines[1:1] = [f"  set up   {local}/setup"]
        lines += ["", f"  set-up code (also admin's one-time password): {password}"]
    elif password:
        lines += ["", f"  sign in as admin with the one-time password {password}"]
    print("\n".join(lines), flush=True)


async def _first_password(office: Office) -> str:
    """The first administrator's password: a new one at each start until it has been used."""
    users = await office.users()
    if not users:
        return await office.add_user("admin", "admin")
    if len(users) == 1 and users[0].must_change:
        return await office.reset_password(users[0].id)
    return ""


def _port(config: Config, port: int | None) -> int:
    return config.server.port if port is None else port
