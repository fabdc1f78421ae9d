"""RFC 6455 on the wire: frames that a server writes, and the few that it reads from a subscriber.

The handshake belongs to the `websockets` library. Behind it a subscriber may send close, ping,
pong and small messages, whose content nobody reads. Nothing here does I/O or keeps state.
"""

from __future__ import annotations

from typing import NamedTuple

MESSAGE_LIMIT = 4096
"""Bytes that a subscriber may send in one message, all its fragments together."""

UNFRAGMENTED = -1
"""`gathered` while no fragmented message is under way."""

NORMAL, PROTOCOL_ERROR, NO_CODE, POLICY_VIOLATION, TOO_BIG = 1000, 1002, 1005, 1008, 1009
INTERNAL_ERROR, SERVICE_RESTART = 1011, 1012

_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_OPCODES = frozenset((_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG))
_FIN, _RESERVED, _MASKED = 0x80, 0x70, 0x80


class Violation(Exception):
    """The peer broke the protocol: the connection ends with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Received(NamedTuple):
    """What a read found.

    `consumed`: bytes that are dealt with. `gathered`: bytes so far of an unfinished fragmented
    message. `ping`: payload of the newest ping. `close`: the peer's close code, NO_CODE if it
    gave none, None while it has not closed; nothing behind a close is read.
    """

    consumed: int
    gathered: int
    ping: bytes | None
    close: int | None


def text_frame(payload: bytes) -> bytes:
    """An unmasked text frame. The caller answers for UTF-8."""
    size = len(payload)
    if size < 126:
        return bytes((_FIN | _TEXT, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame; NO_CODE closes without a code. The reason must fit 123 bytes."""
    payload = b"" if code == NO_CODE else code.to_bytes(2, "big") + reason.encode()
    return bytes((_FIN | _CLOSE, len(payload))) + payload


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping of this payload."""
    return bytes((_FIN | _PONG, len(payload))) + payload


PING = bytes((_FIN | _PING, 0))


def read(data: bytes, gathered: int = UNFRAGMENTED) -> Received:
    """Reads the whole client frames at the start of `data`.

    Raises Violation as soon as a header shows it, before the payload has arrived: what remains
    unread is therefore never longer than one small message.
    """
    at, ping = 0, None
    while (head := _head(data, at)) is not None:
        first, start, length = head
        opcode = first & 0x0F
        grown = _gather(opcode, length, gathered) if opcode < _CLOSE else gathered
        end = start + 4 + length
        if end > len(data):
            break
        at = end
        if opcode < _CLOSE:
            gathered = UNFRAGMENTED if first & _FIN else grown
        elif opcode == _PING:
            ping = _unmasked(data, start, length)
        elif opcode == _CLOSE:
            return Received(at, gathered, ping, _close_code(_unmasked(data, start, length)))
    return Received(at, gathered, ping, None)


def _head(data: bytes, at: int) -> tuple[int, int, int] | None:
    """First byte, position of the mask and payload length; None while the header is incomplete."""
    if len(data) - at < 2:
        return None
    first, second = data[at], data[at + 1]
    _check(first, second)
    length = second & 0x7F
    if length < 126:
        return first, at + 2, length
    start = at + (4 if length == 126 else 10)
    if len(data) < start:
        return None
    smallest = 126 if length == 126 else 65_536
    length = int.from_bytes(data[at + 2 : start], "big")
    if length < smallest or length >> 63:
        raise Violation(PROTOCOL_ERROR, "badly encoded length")
    return first, start, length


def _check(first: int, second: int) -> None:
    opcode = first & 0x0F
    if first & _RESERVED:
        raise Violation(PROTOCOL_ERROR, "reserved bits must be 0")
    if opcode not in _OPCODES:
        raise Violation(PROTOCOL_ERROR, "unknown opcode")
    if not second & _MASKED:
        raise Violation(PROTOCOL_ERROR, "a client must mask")
    if opcode >= _CLOSE and (not first & _FIN or second & 0x7F > 125):
        raise Violation(PROTOCOL_ERROR, "control frames are whole and at most 125 bytes")


def _gather(opcode: int, length: int, gathered: int) -> int:
    """Bytes of the message with this frame. Raises Violation when it is out of turn or too big."""
    if (opcode == _CONTINUATION) == (gathered == UNFRAGMENTED):
        raise Violation(PROTOCOL_ERROR, "fragment out of turn")
    total = max(gathered, 0) + length
    if total > MESSAGE_LIMIT:
        raise Violation(TOO_BIG, f"at most {MESSAGE_LIMIT} bytes")
    return total


def _unmasked(data: bytes, start: int, length: int) -> bytes:
    mask = data[start : start + 4] * (length // 4 + 1)
    payload = int.from_bytes(data[start + 4 : start + 4 + length], "big")
    return (payload ^ int.from_bytes(mask[:length], "big")).to_bytes(length, "big")


def _close_code(payload: bytes) -> int:
    if not payload:
        return NO_CODE
    code = int.from_bytes(payload[:2], "big")
    # RFC 6455 7.4: the rest is reserved, or must not be sent.
    valid = code in (1000, 1001, 1002, 1003) or 1007 <= code <= 1014 or 3000 <= code <= 4999
    if len(payload) < 2 or not valid:
        raise Violation(PROTOCOL_ERROR, "invalid close code")
    return code
