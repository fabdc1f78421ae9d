"""Child processes at their worst."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from queue_server.speech.child import Child

ESCAPES = """
import os, signal, sys
if os.fork():
    os._exit(0)
os.setsid()
with open(sys.argv[1], "w") as pipe:
    pipe.write(str(os.getpid()))
signal.pause()
"""
FLOODS = "import sys\nsys.stdout.write('x' * 10_000_000); sys.stdout.flush()\n" * 3


async def test_a_grandchild_that_escapes_with_the_pipes_holds_nobody_up(tmp_path: Path) -> None:
    """asyncio's own `Process.wait` would wait for it for ever; the end of ours comes at once."""
    pipe = tmp_path / "pid"
    os.mkfifo(pipe)
    child = await Child.start((sys.executable, "-S", "-c", ESCAPES, str(pipe)))
    escaped = int(await asyncio.to_thread(pipe.read_text))
    try:
        async with asyncio.timeout(60):
            await child.end()
        assert not child.alive
    finally:
        os.kill(escaped, signal.SIGKILL)


async def test_output_that_nobody_reads_holds_nobody_up() -> None:
    """A caller that leaves in the middle of a long answer: the rest of it is no obstacle."""
    child = await Child.start((sys.executable, "-S", "-c", FLOODS))
    assert await child.read(100_000) == b"x" * 100_000
    async with asyncio.timeout(60):
        await child.end()
    assert not child.alive


@pytest.mark.parametrize("turns", range(12))
async def test_a_start_that_is_cancelled_leaves_no_process(turns: int) -> None:
    """At whatever moment of the start the caller leaves, the process is killed and reaped."""
    born: list[Child] = []

    class Watched(Child):
        def __init__(self) -> None:
            super().__init__()
            born.append(self)

    before = asyncio.all_tasks()
    script = "import os, signal; os.fork(); signal.pause()"
    starting = asyncio.create_task(Watched.start((sys.executable, "-S", "-c", script)))
    for _ in range(turns):
        await asyncio.sleep(0)
    started = starting.done()
    starting.cancel()
    if started:
        await (await starting).end()
    else:
        with pytest.raises(asyncio.CancelledError):
            await starting
    async with asyncio.timeout(60):
        await asyncio.gather(*(asyncio.all_tasks() - before))
        for child in born:
            await child._exited.wait()
    assert len(born) == (turns > 0)
