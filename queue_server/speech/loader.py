"""espeak-ng from PyPI's `espeakng-loader`, in a worker process of its own.

The library is GPL-3 and C: its own process keeps its licence and its crashes out of the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import pronounce, wire
from .child import LARGEST_OUTPUT, Child
from .engine import SpeechConfig, VoiceUnavailable

WORKER = (sys.executable, "-P", "-m", "queue_server.speech.espeak_worker")


class LoaderEngine:
    """One long-lived worker process, started at the first sentence, one sentence at a time."""

    name = "espeakng-loader"

    def __init__(self, config: SpeechConfig, argv: Sequence[str] = WORKER) -> None:
        self._config, self._argv = config, argv
        self._turn = asyncio.Lock()
        self._worker: Child | None = None

    @property
    def identity(self) -> str:
        """Its settings."""
        return f"espeakng-loader {self._config.fingerprint()}"

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        return self._worker.pid if self._worker else None

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
        if kind != wire.SOUND:
            raise VoiceUnavailable(f"espeakng-loader: {body.decode(errors='replace')}")
        return body

    async def close(self) -> None:
        """End the worker."""
        async with self._turn:
            worker, self._worker = self._worker, None
            if worker:
                await worker.end()

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        """A worker that died is replaced once a sentence; a text that kills two is refused."""
        with contextlib.suppress(EOFError):
            return await self._attempt(request)
        try:
            return await self._attempt(request)
        except EOFError as error:
            reason = f"the speech worker died twice over one sentence: {error}"
            raise VoiceUnavailable(reason) from None

    async def _attempt(self, request: bytes) -> tuple[int, bytes]:
        # Taken out while it owes an answer: whatever happens, the next sentence can't get it.
        worker, self._worker = self._worker or await self._start(), None
        try:
            answer = await self._exchange(worker, request)
        except BaseException:
            await worker.end()
            raise
        self._worker = worker
        return answer

    async def _start(self) -> Child:
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        return await Child.start(self._argv, {**os.environ, "PYTHONPATH": path})

    async def _exchange(self, worker: Child, request: bytes) -> tuple[int, bytes]:
        worker.send(request)
        kind, length = wire.ANSWER.unpack(await worker.read(wire.ANSWER.size))
        if length > LARGEST_OUTPUT:
            raise VoiceUnavailable("the speech worker's answer is no announcement")
        return kind, await worker.read(length)
