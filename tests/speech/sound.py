"""What the tests listen with: a stand-in engine, and measurements that share no code with ours."""

from __future__ import annotations

import asyncio
import cmath
import io
import math
import struct
import wave
from array import array
from itertools import pairwise

from queue_server.speech.engine import VoiceUnavailable

RATE = 22_050
WINDOW = 2048


def samples_of(data: bytes) -> list[int]:
    """The samples of a WAV that must be 22 050 Hz mono 16-bit."""
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        frames = file.readframes(file.getnframes())
    return list(struct.unpack(f"<{len(frames) // 2}h", frames))


def wav(samples: list[int], rate: int = RATE, width: int = 2, channels: int = 1) -> bytes:
    """16-bit samples as a WAV of that rate, width and number of equal channels."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"".join(_pcm(sample, width) * channels for sample in samples))
    return target.getvalue()


def tone(hertz: float, seconds: float, peak: int = 12_000, rate: int = RATE) -> list[int]:
    """A sine."""
    count = round(seconds * rate)
    return [round(peak * math.sin(math.tau * hertz * at / rate)) for at in range(count)]


def rms(samples: list[int]) -> float:
    """As a share of full scale, over everything."""
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32_768


def band_share(samples: list[int], low: float, high: float) -> float:
    """The share of the energy that lies between two frequencies in Hz."""
    inside = total = 0.0
    for start in range(0, len(samples) - WINDOW, WINDOW):
        for number, value in enumerate(_fft(samples[start : start + WINDOW])[: WINDOW // 2]):
            power = abs(value) ** 2
            total += power
            inside += power if low <= number * RATE / WINDOW <= high else 0.0
    return inside / total


def strongest(samples: list[int]) -> float:
    """The frequency in Hz with the most energy in the first window."""
    spectrum = [abs(value) for value in _fft(samples[:WINDOW])[: WINDOW // 2]]
    return spectrum.index(max(spectrum)) * RATE / WINDOW


def pauses(samples: list[int], seconds: float, floor: int = 60) -> list[tuple[float, float]]:
    """(start, end) in seconds of each stretch, that long or longer, in which nothing sounds."""
    loud = [-1, *(at for at, sample in enumerate(samples) if abs(sample) > floor), len(samples)]
    return [(a / RATE, b / RATE) for a, b in pairwise(loud) if b - a > seconds * RATE]


def mp3_seconds(data: bytes) -> float:
    """The length of an MPEG-2 layer III stream, frame by frame, each of which must be whole."""
    at = frames = 0
    while at < len(data):
        head = struct.unpack_from(">I", data, at)[0]
        assert head >> 17 == 0b11111111111_10_01, f"no MPEG-2 layer III frame at byte {at}"
        kbps = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)[head >> 12 & 15]
        assert head >> 10 & 3 == 0, "not 22 050 Hz"
        assert head >> 6 & 3 == 3, "not mono"
        at += 72_000 * kbps // RATE + (head >> 9 & 1)
        frames += 1
    return frames * 576 / RATE


class Tones:
    """An engine that says every sentence as 0.5 s of a tone, and counts. `gate` holds it up."""

    name = "tones"

    def __init__(self, identity: str = "tones") -> None:
        self.identity = identity
        self.said: list[tuple[str, str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.started = asyncio.Event()
        self.answer = wav(tone(440, 0.5))
        self.failure: str | None = None
        self.closed = False

    async def synthesize(self, text: str, language: str) -> bytes:
        self.said.append((language, text))
        self.started.set()
        await self.gate.wait()
        if self.failure:
            raise VoiceUnavailable(self.failure)
        return self.answer

    async def close(self) -> None:
        self.closed = True


def _pcm(sample: int, width: int) -> bytes:
    if width == 1:
        return bytes([(sample >> 8) + 128])
    return struct.pack("<i", sample << 16)[4 - width :]


def _fft(samples: list[int]) -> list[complex]:
    values = [complex(sample) for sample in samples]
    return _halves(values)


def _halves(values: list[complex]) -> list[complex]:
    count = len(values)
    if count == 1:
        return values
    even, odd = _halves(values[0::2]), _halves(values[1::2])
    turned = [cmath.exp(-2j * cmath.pi * at / count) * odd[at] for at in range(count // 2)]
    return [e + t for e, t in zip(even, turned, strict=True)] + [
        e - t for e, t in zip(even, turned, strict=True)
    ]


def as_array(samples: list[int]) -> array[int]:
    """Samples in the type that the room works with."""
    return array("h", samples)
