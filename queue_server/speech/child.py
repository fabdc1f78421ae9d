"""A child process that runs for one sentence, and can't hang, flood or outlive it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

from .engine import VoiceUnavailable

LARGEST_OUTPUT = 32 * 1024 * 1024
"""Bytes: twelve minutes of sound."""
_TAIL = 400
"""Bytes of stderr kept for the reason."""


async def run(argv: Sequence[str], stdin: bytes, time_limit: float) -> bytes:
    """Run to the end and return its stdout.

    Raises VoiceUnavailable when it can't start, fails, writes too much, or needs more than
    `time_limit` seconds; it and its children are killed then, as when the caller is cancelled.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True
        )
    except (OSError, ValueError) as error:
        raise VoiceUnavailable(f"{argv[0]} can't be started: {error}") from error
    try:
        async with asyncio.timeout(time_limit):
            output, complaint = await _converse(process, stdin)
            code = await process.wait()
    except TimeoutError:
        raise VoiceUnavailable(
            f"{argv[0]} took more than {time_limit:g} s for a sentence"
        ) from None
    finally:
        await end(process)
    if code != 0:
        said = complaint.decode(errors="replace").strip() or "it said nothing"
        raise VoiceUnavailable(f"{argv[0]} failed with code {code}: {said}")
    return output


async def end(process: Process) -> None:
    """Kill the process's group and reap it. Not for one long dead: its id may be another's."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # all of it is gone already
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


async def _converse(process: Process, stdin: bytes) -> tuple[bytes, bytes]:
    output, complaint, _ = await asyncio.gather(
        _read_all(process), _read_tail(process), _feed(process, stdin)
    )
    return output, complaint


async def _feed(process: Process, data: bytes) -> None:
    assert process.stdin
    try:
        process.stdin.write(data)
        await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it didn't want its input; its exit code tells whether that is an error
    process.stdin.close()


async def _read_all(process: Process) -> bytes:
    assert process.stdout
    read = bytearray()
    while piece := await process.stdout.read(65_536):
        read += piece
        if len(read) > LARGEST_OUTPUT:
            raise VoiceUnavailable("the speech engine wrote more than an announcement can be")
    return bytes(read)


async def _read_tail(process: Process) -> bytes:
    assert process.stderr
    tail = b""
    while piece := await process.stderr.read(4096):
        tail = (tail + piece)[-_TAIL:]
    return tail
