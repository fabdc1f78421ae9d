"""The example of docs/devices.md, as a process of its own beside a real server."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from queue_server.core import commands as c
from tests.counters.kit import place
from tests.hall import PATIENCE, ROOT, Process, running

EXAMPLE = ROOT / "docs" / "examples" / "panel_feed.py"


async def started(url: str, counter: str = "5") -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLE), url, counter,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def line(child: asyncio.subprocess.Process) -> str:
    assert child.stdout is not None
    async with asyncio.timeout(PATIENCE):
        return (await child.stdout.readline()).decode().strip()


async def ended(child: asyncio.subprocess.Process) -> None:
    child.kill()
    await child.communicate()


async def test_it_prints_what_a_counter_shows(tmp_path: Path) -> None:
    """Closed, open, called, serving: a line each."""
    by = c.Actor("u1")
    async with place(tmp_path) as hall:
        child = await started(hall.url)
        try:
            assert await line(child) == "closed"
            ticket = await hall.take()
            await hall.does(c.OpenCounter(counter="5", by=by))
            assert await line(child) == "open"
            await hall.does(c.CallNext(counter="5", after=0, by=by))
            assert await line(child) == f"called {ticket.number}"
            await hall.does(c.StartService(counter="5", ticket=ticket.id, by=by))
            assert await line(child) == f"serving {ticket.number}"
        finally:
            await ended(child)


async def test_it_comes_back_by_itself(tmp_path: Path) -> None:
    """A killed server: "offline"; the same one again: the present."""
    server = Process(tmp_path)
    await server.start()
    child = await started(server.url)
    try:
        assert await line(child) == "closed"
        port = server.port
        await server.kill()
        assert await line(child) == "offline"
        await server.start(port)
        assert await line(child) == "closed"
    finally:
        await ended(child)
        await server.stop()


async def test_a_counter_that_is_none_is_said(tmp_path: Path) -> None:
    """On stderr, with the status; it goes on trying."""
    async with running(tmp_path) as hall:
        child = await started(hall.url, "none")
        try:
            assert child.stderr is not None
            async with asyncio.timeout(PATIENCE):
                assert (await child.stderr.readline()).decode().strip() == "refused: 404"
            assert await line(child) == "offline"
        finally:
            await ended(child)
