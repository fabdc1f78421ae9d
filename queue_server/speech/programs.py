"""Engines that are other people's programs: espeak-ng, or any configured command."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from . import child, pronounce
from .engine import SpeechConfig, VoiceUnavailable


class ProgramEngine:
    """The program `espeak-ng`, one process a sentence."""

    name = "espeak-ng program"

    def __init__(self, config: SpeechConfig, program: str) -> None:
        self._config, self._program = config, program

    @property
    def identity(self) -> str:
        """Its settings; not its version, which changes no word."""
        return f"espeak-ng program {self._config.fingerprint()}"

    async def synthesize(self, text: str, language: str) -> bytes:
        """See `Engine.synthesize`."""
        voice = self._config.voice(language)
        spoken = pronounce.for_espeak(text, language).encode()
        try:
            return await self._through_a_file(voice, spoken)
        except OSError as error:
            raise VoiceUnavailable(f"espeak-ng's file can't be used: {error}") from error

    async def close(self) -> None:
        """Nothing outlives a sentence."""

    async def _through_a_file(self, voice: str, spoken: bytes) -> bytes:
        # A file, because a WAV on espeak's stdout has a length of 1 073 739 776 frames.
        with tempfile.TemporaryDirectory(dir=self._config.scratch, prefix="speech-") as folder:
            target = Path(folder, "sentence.wav")
            speed, file = str(self._config.speed), str(target)
            # The text goes in on stdin: as an argument it would be listed by `ps`.
            argv = (self._program, "-v", voice, "-s", speed, "-b", "1", "-w", file, "--stdin")
            await child.run(argv, spoken, self._config.time_limit)
            return await asyncio.to_thread(target.read_bytes)


class CommandEngine:
    """Any command: text on stdin, a WAV on stdout (Piper, a vendor's voice)."""

    def __init__(self, config: SpeechConfig) -> None:
        self._config = config

    @property
    def name(self) -> str:
        """The command's first word."""
        return f"command {Path(self._config.command[0]).name}"

    @property
    def identity(self) -> str:
        """The whole command line and the settings that may be filled into it."""
        return f"{self._config.command!r} {self._config.fingerprint()}"

    async def synthesize(self, text: str, language: str) -> bytes:
        """See `Engine.synthesize`."""
        filled = {
            "{language}": language,
            "{voice}": self._config.voice(language),
            "{speed}": str(self._config.speed),
        }
        argv = [self._fill(argument, filled) for argument in self._config.command]
        spoken = pronounce.for_command(text, language).encode()
        return await child.run(argv, spoken, self._config.time_limit)

    async def close(self) -> None:
        """Nothing outlives a sentence."""

    def _fill(self, argument: str, filled: dict[str, str]) -> str:
        for key, value in filled.items():
            argument = argument.replace(key, value)
        return argument
