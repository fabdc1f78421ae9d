"""The chime before a call, made here so that nobody else's sound is needed.

`python -m queue_server.speech.chime FILE` writes it: three rising bell tones, G4 C5 E5, 1.2 s,
22 050 Hz mono 16-bit. The committed `static/audio/chime.wav` is this script's output.
"""

from __future__ import annotations

import math
import sys
from array import array
from pathlib import Path
from typing import Final

from .audio import RATE, levelled, to_wav

SECONDS: Final = 1.2
LOUDNESS: Final = 0.7
"""Of speech: a bare tone at the same RMS sounds louder than a voice."""

_TONES: Final = ((0.0, 392.00), (0.22, 523.25), (0.44, 659.25))
"""(start in s, Hz): G4, C5, E5."""
_PARTIALS: Final = ((1, 1.0), (2, 0.28), (3, 0.09))
"""(multiple of the tone, share): enough to carry on a small speaker, too little to sting."""
_ATTACK: Final = 0.012
_DECAY: Final = 0.30
_FADE: Final = 0.12


def chime() -> array[int]:
    """The chime's samples."""
    sound = [_sample(number / RATE) for number in range(round(SECONDS * RATE))]
    top = max(map(abs, sound))
    return levelled(array("h", [round(value / top * 30_000) for value in sound]), LOUDNESS)


def main(path: str) -> None:
    """Write the chime to that file."""
    Path(path).write_bytes(to_wav(chime()))


def _sample(at: float) -> float:
    fade = min(1.0, (SECONDS - at) / _FADE)
    return fade * sum(_tone(at - start, hertz) for start, hertz in _TONES if at >= start)


def _tone(age: float, hertz: float) -> float:
    """One struck tone, `age` seconds after it began; higher partials die sooner, as a bell's do."""
    attack = min(1.0, age / _ATTACK)
    partials = (
        share * math.exp(-age * multiple / _DECAY) * math.sin(math.tau * hertz * multiple * age)
        for multiple, share in _PARTIALS
    )
    return attack * sum(partials)


if __name__ == "__main__":
    main(*sys.argv[1:])
