"""The chime before a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.speech import audio
from queue_server.speech.chime import chime as make
from queue_server.speech.chime import main

from .sound import samples_of, strongest


def test_the_committed_chime_is_the_scripts_own(chime: Path, tmp_path: Path) -> None:
    """Anyone can make the committed file again (a step of ±1: another machine's sine)."""
    main(str(tmp_path / "chime.wav"))
    again, committed = samples_of((tmp_path / "chime.wav").read_bytes()), chime.read_bytes()
    pairs = zip(again, samples_of(committed), strict=True)
    assert max(abs(a - b) for a, b in pairs) <= 1


def test_the_chime_is_three_rising_tones_that_fade(chime: Path) -> None:
    """1.2 s: G4, C5, E5, no click at either end, quiet at the end."""
    sound = samples_of(chime.read_bytes())
    assert len(sound) / 22_050 == pytest.approx(1.2, abs=0.001)
    tones = [strongest(sound[round(at * 22_050) :]) for at in (0.02, 0.24, 0.46)]
    assert tones == [pytest.approx(hertz, abs=11) for hertz in (392, 523.25, 659.25)]
    assert max(map(abs, sound[:4])) < 1000
    assert max(map(abs, sound[-50:])) < 100


def test_the_chime_is_a_little_softer_than_speech() -> None:
    """It stands 3 dB below the level that every sentence is brought to."""
    assert audio.active_rms(make()) == pytest.approx(0.7 * audio.TARGET_RMS, rel=0.02)
