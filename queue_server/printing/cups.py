"""The fallback: a queue of this machine's own print system, through `lp -d NAME -o raw`."""

from __future__ import annotations

import asyncio
import os
import re

from .deliver import LOOK, Blocked, Claim, Told, Withdrawn
from .status import Condition

PROGRAM_TIME = 20.0
"""Seconds that `lp` and its like may take."""
REQUEST = re.compile(rb"request id is (\S+-\d+)")


async def deliver_by_cups(queue: str, claim: Claim, told: Told) -> None:
    """Hand a paper to the queue and wait until it has left it. Raises Blocked, Withdrawn.

    CUPS keeps what it can't print: what nobody wants any more is taken out of it again.
    """
    now = await cups_condition(queue)
    if not await told(now):
        raise Withdrawn
    if now.reason:
        raise Blocked(now.reason)
    code, out = await _run("lp", "-d", queue, "-o", "raw", "-t", "antrean", "-", data=await claim())
    found = REQUEST.search(out)
    if code != 0 or found is None:
        raise Blocked("rejected")
    request = found[1].decode()
    try:
        while await _waits(queue, request):
            if not await told(await cups_condition(queue)):
                raise Withdrawn
            await asyncio.sleep(LOOK)
    except BaseException:
        await asyncio.shield(_run("cancel", request))
        raise


async def cups_condition(queue: str) -> Condition:
    """How CUPS sees the printer: it knows no more than whether it is enabled."""
    code, out = await _run("lpstat", "-p", queue)
    if code != 0:
        return Condition("rejected")
    return Condition("offline" if b"disabled" in out else "")


async def _waits(queue: str, request: str) -> bool:
    _, out = await _run("lpstat", "-o", queue)
    return any(line.split()[:1] == [request.encode()] for line in out.splitlines())


async def _run(program: str, *words: str, data: bytes = b"") -> tuple[int, bytes]:
    """A CUPS program: (exit code, stdout). Raises Blocked when there is none."""
    try:
        child = await asyncio.create_subprocess_exec(
            program, *words, env={**os.environ, "LC_ALL": "C"}, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        raise Blocked("rejected") from None
    try:
        async with asyncio.timeout(PROGRAM_TIME):
            out, _ = await child.communicate(data)
    except TimeoutError:
        raise Blocked("offline") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return child.returncode or 0, out
