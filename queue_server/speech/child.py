"""Child processes that can't hang the server, flood it, or stay behind.

Not `asyncio.create_subprocess_exec`: its `wait()` returns only when every pipe has reached its
end, so that a grandchild which keeps stdout open, a reader that was left paused, or a caller
cancelled during the start makes it wait for ever. The protocol below hears of the exit itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from typing import cast

from .engine import VoiceUnavailable

LARGEST_OUTPUT = 32 * 1024 * 1024
"""Bytes: twelve minutes of sound."""
_TAIL = 400
"""Bytes of stderr kept for the reason."""
_REAP = 2.0
"""Seconds for a killed process to be gone; nobody waits longer for the kernel."""


async def run(argv: Sequence[str], stdin: bytes, time_limit: float) -> bytes:
    """Run to the end and return its stdout.

    Raises VoiceUnavailable when it can't start, fails, writes too much, or needs more than
    `time_limit` seconds; it and its children are killed then, as when the caller is cancelled.
    """
    try:
        child = await Child.start(argv)
    except (OSError, ValueError) as error:
        raise VoiceUnavailable(f"{argv[0]} can't be started: {error}") from error
    try:
        async with asyncio.timeout(time_limit):
            child.send(stdin)
            child.end_input()
            code = await child.finish()
    except TimeoutError:
        raise VoiceUnavailable(
            f"{argv[0]} took more than {time_limit:g} s for a sentence"
        ) from None
    finally:
        await child.end()
    if code != 0:
        raise VoiceUnavailable(f"{argv[0]} failed with code {code}: {child.complaint}")
    return child.take()


class Child(asyncio.SubprocessProtocol):
    """One process in a session of its own; its stdout is collected up to `LARGEST_OUTPUT`."""

    def __init__(self) -> None:
        self._output = bytearray()
        self._stderr = b""
        self._open = {1, 2}
        self._unwanted = False
        self._news = asyncio.Event()
        self._exited = asyncio.Event()
        self._transport: asyncio.SubprocessTransport | None = None

    @classmethod
    async def start(cls, argv: Sequence[str], env: Mapping[str, str] | None = None) -> Child:
        """Start it. Raises OSError or ValueError. A caller that is cancelled leaves nothing."""
        loop = asyncio.get_running_loop()
        starting = loop.create_task(cls._started(argv, env))
        try:
            # A start can't be interrupted half-way without losing track of the process.
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(_unwanted)
            raise

    @property
    def pid(self) -> int:
        """Its process id, also its group's."""
        assert self._transport
        return self._transport.get_pid()

    @property
    def alive(self) -> bool:
        """Whether it can still answer."""
        return not self._exited.is_set()

    @property
    def complaint(self) -> str:
        """The last of what it wrote to stderr."""
        return self._stderr.decode(errors="replace").strip() or "it said nothing"

    def send(self, data: bytes) -> None:
        """To its stdin; lost if it isn't there to read it."""
        assert self._transport
        if stdin := self._transport.get_pipe_transport(0):
            cast(asyncio.WriteTransport, stdin).write(data)

    def end_input(self) -> None:
        """Close its stdin, once what was sent has gone through."""
        assert self._transport
        if stdin := self._transport.get_pipe_transport(0):
            stdin.close()

    async def read(self, count: int) -> bytes:
        """That many bytes of its stdout; EOFError at its end, VoiceUnavailable in a flood."""
        while len(self._output) < count:
            if 1 not in self._open:
                raise EOFError(self.complaint)
            await self._more()
        return self.take(count)

    async def finish(self) -> int:
        """Its exit code, once it has gone and its output is complete."""
        while self.alive or self._open:
            await self._more()
        self._refuse_flood()
        assert self._transport
        return cast(int, self._transport.get_returncode())

    def take(self, count: int | None = None) -> bytes:
        """What has come from its stdout so far, or the first `count` bytes of it."""
        taken = bytes(self._output[:count])
        del self._output[: len(taken)]
        return taken

    async def end(self) -> None:
        """Kill it and its children, and let go of it."""
        self._kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_REAP):
                await self._exited.wait()
        assert self._transport
        self._transport.close()

    def abandon(self) -> None:
        """Kill it without waiting; it lets go of itself when it has gone."""
        self._unwanted = True
        self._kill()
        if not self.alive and self._transport:
            self._transport.close()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """asyncio's: it wrote."""
        if fd == 2:
            self._stderr = (self._stderr + data)[-_TAIL:]
        elif not self._flooded:
            self._output += data
            self._news.set()
            if self._flooded:
                self._kill()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """asyncio's: it, and all who share its pipe, closed it."""
        self._open.discard(fd)
        self._news.set()

    def process_exited(self) -> None:
        """asyncio's: it has gone; others may still hold its pipes."""
        self._exited.set()
        self._news.set()
        if self._unwanted and self._transport:
            self._transport.close()

    @classmethod
    async def _started(cls, argv: Sequence[str], env: Mapping[str, str] | None) -> Child:
        transport, child = await asyncio.get_running_loop().subprocess_exec(
            cls, *argv, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True, env=env
        )
        child._transport = transport
        return child

    async def _more(self) -> None:
        self._refuse_flood()
        self._news.clear()
        await self._news.wait()

    @property
    def _flooded(self) -> bool:
        return len(self._output) > LARGEST_OUTPUT

    def _refuse_flood(self) -> None:
        if self._flooded:
            raise VoiceUnavailable("the speech engine wrote more than an announcement can be")

    def _kill(self) -> None:
        # Not once all of it has gone: the id may be another's by then.
        if self._transport and (self.alive or self._open):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._transport.get_pid(), signal.SIGKILL)


def _unwanted(starting: asyncio.Task[Child]) -> None:
    if not starting.cancelled() and starting.exception() is None:
        starting.result().abandon()
