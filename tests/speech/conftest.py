"""The engines of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.speech.engine import SpeechConfig
from queue_server.speech.loader import LoaderEngine


@pytest.fixture
def chime() -> Path:
    """The committed chime."""
    return Path(__file__).parents[2] / "static" / "audio" / "chime.wav"


@pytest.fixture
async def loader() -> AsyncIterator[LoaderEngine]:
    """espeak-ng in its worker process: a hard dependency, so it is always there."""
    engine = LoaderEngine(SpeechConfig(engine="loader", time_limit=60))
    yield engine
    await engine.close()
