"""The worker process: `python -m queue_server.speech.espeak_worker`. See `wire` for its protocol.

The only place that loads espeak-ng (GPL-3) as a library. It ends when its stdin does, so it never
outlives the server, however that ends.
"""

from __future__ import annotations

import ctypes
import importlib
import io
import os
import sys
import wave
from typing import Any, BinaryIO, Final

from . import wire

# From espeak-ng's speak_lib.h.
_RETRIEVAL: Final = 1
_DONT_EXIT: Final = 0x8000
_RATE: Final = 1
_POS_CHARACTER: Final = 1
_UTF8_AND_PHONEMES: Final = 0x1 | 0x100
_CALLBACK: Final = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakError(Exception):
    """espeak-ng refused; the message names the call."""


class Espeak:
    """The library, initialised once a process."""

    def __init__(self) -> None:
        package: Any = importlib.import_module("espeakng_loader")
        self._library = ctypes.CDLL(package.get_library_path())
        data = package.get_data_path().encode()
        self._hertz = self._library.espeak_Initialize(_RETRIEVAL, 0, data, _DONT_EXIT)
        if self._hertz <= 0:
            raise EspeakError("espeak-ng found no data")
        self._pieces: list[bytes] = []
        # Kept in the object: the library holds a bare pointer to it.
        self._callback = _CALLBACK(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, request: wire.Request) -> bytes:
        """The sentence as a WAV. Raises EspeakError."""
        self._pieces.clear()
        if self._library.espeak_SetVoiceByName(request.voice.encode()) != 0:
            raise EspeakError(f"there is no voice {request.voice!r}")
        self._library.espeak_SetParameter(_RATE, request.speed, 0)
        text = request.text.encode() + b"\0"
        failed = self._library.espeak_Synth(
            text, ctypes.c_size_t(len(text)), 0, _POS_CHARACTER, 0, _UTF8_AND_PHONEMES, None, None
        )
        if failed or self._library.espeak_Synchronize():
            raise EspeakError(f"the sentence was refused with code {failed}")
        return self._wav()

    def _collect(self, samples: Any, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, count * 2))
        return 0

    def _wav(self) -> bytes:
        target = io.BytesIO()
        with wave.open(target, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._hertz)
            file.writeframes(b"".join(self._pieces))
        return target.getvalue()


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer requests until the source ends."""
    espeak: Espeak | None = None
    while len(head := source.read(wire.LENGTH.size)) == wire.LENGTH.size:
        body = source.read(wire.LENGTH.unpack(head)[0])
        try:
            espeak = espeak or Espeak()
            answer = wire.pack_answer(wire.SOUND, espeak.say(wire.unpack_request(body)))
        except Exception as error:  # the task's top: whatever it is, the server hears of it
            answer = wire.pack_answer(wire.ERROR, f"{type(error).__name__}: {error}".encode())
        target.write(answer)
        target.flush()


def main() -> None:
    """Serve this process's stdin and stdout."""
    # What the library prints must not end up between two answers.
    private = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with os.fdopen(private, "wb") as target:
        serve(sys.stdin.buffer, target)


if __name__ == "__main__":
    main()
