"""The protocol between `loader` and its worker process, over the worker's stdin and stdout.

A request is a length (4 bytes, big-endian) and that much JSON: {"voice", "speed", "text"}.
An answer is one byte (0 sound, 1 error), a length, and a WAV or an error's sentence.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import Final

LENGTH: Final = struct.Struct(">I")
ANSWER: Final = struct.Struct(">BI")
SOUND: Final = 0
ERROR: Final = 1


@dataclass(frozen=True, slots=True)
class Request:
    """A sentence for espeak-ng; `speed` in words a minute."""

    voice: str
    speed: int
    text: str


def pack_request(request: Request) -> bytes:
    """The request as it goes over the pipe."""
    body = json.dumps(asdict(request)).encode()
    return LENGTH.pack(len(body)) + body


def unpack_request(body: bytes) -> Request:
    """A request's body (without its length) as a Request."""
    return Request(**json.loads(body))


def pack_answer(kind: int, body: bytes) -> bytes:
    """The answer as it goes over the pipe."""
    return ANSWER.pack(kind, len(body)) + body
