"""The serving process: its socket, its signals, and what it says at the start."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette

from .app import application, open_house
from .clock import Clock, SystemClock
from .config import Config
from .folder import Folder
from .house import House
from .live.protocol import LiveProtocol
from .web.office import Office

BACKLOG = 4096
"""Connections that may wait to be accepted: a hall full of phones comes back at once."""
GRACE = 5
"""Seconds that open requests have at a stop."""

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
        uvloop.run(_serve(config, folder, base, sock, clock or SystemClock(), beside))
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


async def _serve(
    config: Config, folder: Folder, base: Path, sock: socket.socket, clock: Clock,
    beside: Beside | None,
) -> None:  # fmt: skip
    local = address(sock)
    url = config.server.url or local
    async with open_house(config, folder, base, clock=clock, url=url, environ=os.environ) as house:
        running = server(application(house, folder), config)
        serving = asyncio.create_task(running.serve(sockets=[sock]), name="server")
        folder.announce(local)
        await _print_addresses(house, local)
        # What is there now stays: the collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        company = asyncio.ensure_future(beside(house)) if beside else None
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
        f"  admin    {local}/admin",
        f"  API      {local}/api/v1/openapi.json",
    ]
    password = await _first_password(house.office)
    if password:
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
