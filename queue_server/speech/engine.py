"""Which speech engine this machine has, behind one Protocol."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

TIME_LIMIT = 10.0
"""Seconds that one sentence may take; engines need about 0.03."""
SLOWEST, FASTEST = 80, 450
"""espeak-ng's own limits."""

Choice = Literal["auto", "program", "loader", "command", "off"]

_NO_ENGINE = {
    "auto": "neither the program espeak-ng nor the package espeakng-loader is installed",
    "program": "the program espeak-ng isn't on PATH",
    "loader": "the package espeakng-loader isn't installed",
    "command": "no speech command is configured",
    "off": "speech is switched off",
}


class VoiceUnavailable(Exception):
    """A sentence can't be said now; the message is a sentence for the log and the admin page."""


class Engine(Protocol):
    """Something that reads a sentence aloud."""

    @property
    def name(self) -> str:
        """For people: "espeak-ng program"."""

    @property
    def identity(self) -> str:
        """Everything that changes how it sounds (voices, speed): part of each file's name."""

    async def synthesize(self, text: str, language: str) -> bytes:
        """The sentence as a PCM WAV (22 050 Hz mono 16-bit wherever the engine can).

        Raises VoiceUnavailable, within the engine's time limit, when there is none.
        """

    async def close(self) -> None:
        """End what it started. It isn't used afterwards."""


@dataclass(frozen=True, slots=True)
class SpeechConfig:
    """How to speak.

    `command` reads a text on stdin and writes a WAV to stdout; "{language}", "{voice}" and
    "{speed}" in its arguments are filled in. `voices` maps a language to an espeak-ng voice.
    `speed` is in words a minute, `time_limit` in seconds for one sentence. `scratch` is
    the folder for the program's passing files, None for the system's own.
    """

    engine: Choice = "auto"
    command: tuple[str, ...] = ()
    voices: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"id": "id", "en": "en"})
    )
    speed: int = 140
    time_limit: float = TIME_LIMIT
    scratch: Path | None = None

    def __post_init__(self) -> None:
        if self.engine not in _NO_ENGINE:
            raise ValueError(f"engine: one of {', '.join(_NO_ENGINE)} was expected")
        if not SLOWEST <= self.speed <= FASTEST:
            raise ValueError(f"speed: {SLOWEST} to {FASTEST} words a minute were expected")
        if self.time_limit <= 0:
            raise ValueError("time_limit: more than 0 seconds were expected")

    def voice(self, language: str) -> str:
        """The voice for that language; VoiceUnavailable when there is none."""
        if language not in self.voices:
            raise VoiceUnavailable(f"no voice is configured for the language {language!r}")
        return self.voices[language]

    def fingerprint(self) -> str:
        """What a speaker's settings add to an engine's identity."""
        voices = ",".join(f"{key}={self.voices[key]}" for key in sorted(self.voices))
        return f"{voices} speed={self.speed}"


def find_engine(config: SpeechConfig) -> Engine | None:
    """The engine to use, None when there is none (`why_none` says why).

    "auto" takes the configured command, else the program, else the package: a command is only
    ever there because somebody asked for it.
    """
    from .loader import LoaderEngine  # here, because both know this module's types
    from .programs import CommandEngine, ProgramEngine

    wanted = config.engine
    if wanted in ("auto", "command") and config.command:
        return CommandEngine(config)
    program = shutil.which("espeak-ng")
    if wanted in ("auto", "program") and program:
        return ProgramEngine(config, program)
    # Only looked up: GPL code is loaded by the worker process, never by this one.
    if wanted in ("auto", "loader") and importlib.util.find_spec("espeakng_loader"):
        return LoaderEngine(config)
    return None


def why_none(config: SpeechConfig) -> str:
    """The reason for which `find_engine` found nothing."""
    return _NO_ENGINE[config.engine]
