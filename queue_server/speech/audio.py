"""Sound as signed 16-bit mono samples at 22 050 Hz: reading, levelling, trimming, joining, writing.

Pure but for `to_mp3`'s optional encoder. Work goes frame by frame through `map`, `max` and `sum`:
fast, and never long in one C call, which would hold up the live hall in the same interpreter
(10 s of sound in one `map` cost the event loop 30 ms).
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import math
import sys
import wave
from array import array
from itertools import pairwise
from operator import mul
from typing import Final

RATE: Final = 22_050
"""Samples a second."""
TARGET_RMS: Final = 0.12
"""Loudness of every piece while it sounds, as a share of full scale (-18 dBFS)."""
PEAK: Final = 0.89
"""No sample goes above this share of full scale (-1 dBFS)."""
MP3_KBPS: Final = 64

_FULL: Final = 32_767
_FRAME: Final = RATE // 50
_SILENT: Final = 0.01
"""Below this share of the piece's own peak (-40 dB) a sample counts as silence."""
_KEPT: Final = RATE // 50
"""Samples of quiet left at each end, so that a soft consonant isn't clipped."""


class AudioError(ValueError):
    """The bytes aren't a sound that can be used; the message says why."""


def read_wav(data: bytes) -> array[int]:
    """Samples of a PCM WAV of any rate, width and channel count. Raises AudioError."""
    try:
        with wave.open(io.BytesIO(data)) as source:
            width, channels = source.getsampwidth(), source.getnchannels()
            rate, frames = source.getframerate(), source.readframes(source.getnframes())
    except (wave.Error, EOFError, RuntimeError) as error:
        raise AudioError(f"not a PCM WAV: {error or 'it ends too early'}") from error
    if not frames:
        raise AudioError("the WAV holds no sound")
    if not (width in (1, 2, 3, 4) and channels > 0 and rate > 0):
        raise AudioError(f"a WAV of {width} bytes, {channels} channels, {rate} Hz isn't supported")
    return _resampled(_mixed(_words(frames, width), channels), rate)


def to_wav(samples: array[int]) -> bytes:
    """The samples as a WAV file, 22 050 Hz mono 16-bit."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_little_endian(samples).tobytes())
    return target.getvalue()


def has_mp3() -> bool:
    """Whether the MP3 encoder (lameenc, LGPL-3, optional) is installed."""
    return importlib.util.find_spec("lameenc") is not None


def to_mp3(samples: array[int]) -> bytes:
    """The samples as an MP3 file; ImportError without the encoder."""
    encoder = importlib.import_module("lameenc").Encoder()
    encoder.silence()
    encoder.set_bit_rate(MP3_KBPS)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(5)
    pieces = [encoder.encode(frame.tobytes()) for frame in _frames(_little_endian(samples))]
    return b"".join(map(bytes, pieces)) + bytes(encoder.flush())


def levelled(samples: array[int], loudness: float = 1.0) -> array[int]:
    """Gain to `loudness` times the common RMS, as far as the peak limit lets it. Silence stays."""
    loud = active_rms(samples)
    if loud == 0:
        return samples
    gain = min(TARGET_RMS * loudness / loud, PEAK / _peak(samples))
    louder = array("h")
    for frame in _frames(samples):
        louder.extend(map(int, map(gain.__mul__, frame)))
    return louder


def trimmed(samples: array[int]) -> array[int]:
    """Without the silence at both ends; all of it gone when nothing sounds."""
    frames = _frames(samples)
    floor = _SILENT * _peak(samples)
    heard = [number for number, frame in enumerate(frames) if _peak(frame) > floor]
    if not heard:
        return array("h")
    start = max(0, heard[0] * _FRAME - _KEPT)
    return samples[start : (heard[-1] + 1) * _FRAME + _KEPT]


def silence(seconds: float) -> array[int]:
    """That long a silence."""
    return array("h", bytes(2 * round(seconds * RATE)))


def active_rms(samples: array[int]) -> float:
    """RMS, as a share of full scale, of the 20 ms frames that sound: pauses don't count."""
    powers = [sum(map(mul, frame, frame)) / len(frame) for frame in _frames(samples)]
    floor = (_SILENT * max(powers, default=0) ** 0.5) ** 2
    heard = [power for power in powers if power > floor]
    return math.sqrt(sum(heard) / len(heard)) / _FULL if heard else 0.0


def _peak(samples: array[int]) -> float:
    highest, lowest = max(samples, default=0), min(samples, default=0)
    return max(highest, -lowest) / _FULL


def _frames(samples: array[int]) -> list[array[int]]:
    return [samples[at : at + _FRAME] for at in range(0, len(samples), _FRAME)]


def _words(frames: bytes, width: int) -> array[int]:
    """PCM bytes of one to four bytes a sample as 16-bit samples."""
    if width == 1:
        return array("h", [(byte - 128) << 8 for byte in frames])
    whole = frames[: len(frames) - len(frames) % width]
    top = bytearray(len(whole) // width * 2)
    top[0::2], top[1::2] = whole[width - 2 :: width], whole[width - 1 :: width]
    return _little_endian(array("h", bytes(top)))


def _little_endian(samples: array[int]) -> array[int]:
    """WAV is little-endian; on a big-endian machine the bytes are swapped, both ways."""
    if sys.byteorder == "little":
        return samples
    swapped = samples[:]
    swapped.byteswap()
    return swapped


def _mixed(samples: array[int], channels: int) -> array[int]:
    if channels == 1:
        return samples
    sides = [samples[side::channels] for side in range(channels)]
    return array("h", [sum(frame) // channels for frame in zip(*sides, strict=False)])


def _resampled(samples: array[int], rate: int) -> array[int]:
    """By mean over the source samples when there are more of them, else by straight lines."""
    if rate == RATE or not samples:
        return samples
    count = max(1, len(samples) * RATE // rate)
    if rate > RATE:
        edges = [at * len(samples) // count for at in range(count + 1)]
        return array("h", [sum(samples[a:b]) // (b - a) for a, b in pairwise(edges)])
    step, last = rate / RATE, len(samples) - 1
    return array("h", [_between(samples, at * step, last) for at in range(count)])


def _between(samples: array[int], at: float, last: int) -> int:
    left = min(int(at), last)
    right = min(left + 1, last)
    return round(samples[left] + (samples[right] - samples[left]) * (at - left))
