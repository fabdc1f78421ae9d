"""espeak-ng from PyPI's `espeakng-loader`, in a worker process of its own.

The library is GPL-3 and C: its own process keeps its licence and its crashes out of the server.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path

from . import child, pronounce, wire
from .engine import SpeechConfig, VoiceUnavailable

WORKER = (sys.executable, "-P", "-m", "queue_server.speech.espeak_worker")
_TRIES = 2
"""A worker that died is replaced once a sentence; a text that kills two is refused."""


class LoaderEngine:
    """One long-lived worker process, started at the first sentence, one sentence at a time."""

    name = "espeakng-loader"

    def __init__(self, config: SpeechConfig, argv: Sequence[str] = WORKER) -> None:
        self._config, self._argv = config, argv
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        # An answer is owed: a worker left in this state would give it to the next sentence.
        self._owed = False

    @property
    def identity(self) -> str:
        """Its settings."""
        return f"espeakng-loader {self._config.fingerprint()}"

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        return self._process.pid if self._process else None

    async def synthesize(self, text: str, language: str) -> bytes:
        """See `Engine.synthesize`; the time limit counts from this sentence's turn."""
        spoken = pronounce.for_espeak(text, language)
        request = wire.Request(self._config.voice(language), self._config.speed, spoken)
        async with self._turn:
            try:
                async with asyncio.timeout(self._config.time_limit):
                    kind, body = await self._ask(wire.pack_request(request))
            except TimeoutError:
                limit = self._config.time_limit
                raise VoiceUnavailable(f"the speech worker took more than {limit:g} s") from None
            except OSError as error:
                raise VoiceUnavailable(f"the speech worker can't be started: {error}") from error
            finally:
                if self._owed:
                    await self._drop()
        if kind != wire.SOUND:
            raise VoiceUnavailable(f"espeakng-loader: {body.decode(errors='replace')}")
        return body

    async def close(self) -> None:
        """End the worker."""
        async with self._turn:
            await self._drop()

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        for _ in range(_TRIES):
            process = self._process = self._process or await self._start()
            self._owed = True
            try:
                answer = await self._exchange(process, request)
            except (asyncio.IncompleteReadError, ConnectionError):
                await self._drop()
            else:
                self._owed = False
                return answer
        raise VoiceUnavailable("the speech worker died twice over one sentence")

    async def _start(self) -> Process:
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        return await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path},
        )

    async def _exchange(self, process: Process, request: bytes) -> tuple[int, bytes]:
        assert process.stdin
        assert process.stdout
        process.stdin.write(request)
        await process.stdin.drain()
        kind, length = wire.ANSWER.unpack(await process.stdout.readexactly(wire.ANSWER.size))
        if length > child.LARGEST_OUTPUT:
            raise VoiceUnavailable("the speech worker's answer is no announcement")
        return kind, await process.stdout.readexactly(length)

    async def _drop(self) -> None:
        process, self._process, self._owed = self._process, None, False
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        if process.returncode is None:
            await child.end(process)
