"""The wire, against the library that the clients use."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from queue_server.live import wire


def masked(opcode: int, payload: bytes = b"", fin: bool = True) -> bytes:
    """A client's frame, encoded by the library."""
    return Frame(Opcode(opcode), payload, fin).serialize(mask=True)


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 200_000])
def test_a_text_frame(size: int) -> None:
    """A text of every length class is what a client of the library reads."""
    client = ClientProtocol(parse_uri("ws://x/"), state=State.OPEN, max_size=None)
    client.receive_data(wire.text_frame(b"x" * size) + wire.PING + wire.pong_frame(b"p" * 125))
    text, ping, pong = client.events_received()
    assert isinstance(text, Frame)
    assert (text.opcode, text.data, text.fin) == (Opcode.TEXT, b"x" * size, True)
    assert isinstance(ping, Frame)
    assert (ping.opcode, ping.data) == (Opcode.PING, b"")
    assert isinstance(pong, Frame)
    assert (pong.opcode, pong.data) == (Opcode.PONG, b"p" * 125)


@pytest.mark.parametrize(("code", "reason"), [(1012, ""), (1009, "at most"), (1005, "")])
def test_a_close_frame(code: int, reason: str) -> None:
    """A close carries its code and reason; 1005 stands for none and is never sent."""
    client = ClientProtocol(parse_uri("ws://x/"), state=State.OPEN)
    client.receive_data(wire.close_frame(code, reason))
    assert client.close_rcvd is not None
    assert (client.close_rcvd.code, client.close_rcvd.reason) == (code, reason)


HOSTILE = {
    "unmasked text": (1002, b"\x81\x01x"),
    "unmasked pong": (1002, b"\x8a\x00"),
    "first reserved bit": (1002, b"\xc1\x80\0\0\0\0"),
    "second reserved bit": (1002, b"\xa1\x80\0\0\0\0"),
    "third reserved bit": (1002, b"\x91\x80\0\0\0\0"),
    "unknown opcode": (1002, b"\x83\x80\0\0\0\0"),
    "unknown control opcode": (1002, b"\x8b\x80\0\0\0\0"),
    "fragmented ping": (1002, b"\x09\x81\0\0\0\0x"),
    "fragmented close": (1002, b"\x08\x80\0\0\0\0"),
    "ping of 126 bytes": (1002, b"\x89\xfe\x00\x7e" + bytes(4 + 126)),
    "ping with a 64-bit length": (1002, b"\x89\xff" + (1).to_bytes(8, "big")),
    "text too big": (1009, masked(1, b"x" * 4097)),
    "binary too big": (1009, masked(2, b"x" * 4097)),
    "64-bit length": (1009, b"\x81\xff" + (1 << 40).to_bytes(8, "big")),
    "length with the highest bit": (1002, b"\x81\xff" + b"\xff" * 8),
    "needless 16-bit length": (1002, b"\x81\xfe\x00\x05" + bytes(9)),
    "needless 64-bit length": (1002, b"\x81\xff" + (126).to_bytes(8, "big") + bytes(130)),
    "continuation of nothing": (1002, masked(0, b"x")),
    "text within a message": (1002, masked(1, b"x", fin=False) + masked(1, b"y")),
    "fragments too big together": (1009, masked(1, b"x" * 4000, fin=False) + masked(0, b"y" * 97)),
    "close of one byte": (1002, masked(8, b"\x03")),
    "close with 1005": (1002, masked(8, (1005).to_bytes(2, "big"))),
    "close with 999": (1002, masked(8, (999).to_bytes(2, "big"))),
    "close with 5000": (1002, masked(8, (5000).to_bytes(2, "big"))),
}
"""What a client must not send, and the code that it is told."""


def read_in_pieces(data: bytes, cuts: list[int]) -> list[wire.Received]:
    """Reads data that arrives cut in pieces up to a close, as a subscriber's socket does."""
    found, rest, gathered = [], b"", wire.UNFRAGMENTED
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        rest += data[start:end]
        got = wire.read(rest, gathered)
        rest, gathered = rest[got.consumed :], got.gathered
        found.append(got)
        assert len(rest) < wire.MESSAGE_LIMIT + 14, "what is held is bounded"
        if got.close is not None:
            break
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_frames(name: str) -> None:
    """Each is refused with its code, wherever the bytes are cut."""
    code, data = HOSTILE[name]
    for cut in range(len(data)):
        with pytest.raises(wire.Violation) as refused:
            read_in_pieces(data, [cut])
        assert refused.value.code == code


def test_refused_at_the_header() -> None:
    """The payload of what will be refused is not waited for."""
    with pytest.raises(wire.Violation):
        wire.read(b"\x81\xfe\x10\x01")


GOOD = (
    masked(10, b"heartbeat")
    + masked(1, "halo, é".encode())
    + masked(1, b"a" * 200, fin=False)
    + masked(9, b"ping 1")
    + masked(0, b"b" * 3000, fin=False)
    + masked(0, b"", fin=True)
    + masked(2, b"\xff" * 4096)
    + masked(9, b"p" * 125)
    + masked(8, (1001).to_bytes(2, "big") + b"\xff not UTF-8, nobody reads it")
    + b"nothing behind a close is read"
)


@given(st.lists(st.integers(0, len(GOOD)), max_size=8).map(sorted))
def test_cut_anywhere(cuts: list[int]) -> None:
    """The same is read however the stream is cut."""
    found = read_in_pieces(GOOD, cuts)
    assert found[-1].close == 1001
    assert [got.ping for got in found if got.ping is not None][-1] == b"p" * 125


def test_byte_by_byte() -> None:
    """One byte at a time: two pings and a close, no more."""
    whole = GOOD[: -len(b"nothing behind a close is read")]
    found = read_in_pieces(whole, list(range(1, len(whole))))
    assert [got.ping for got in found if got.ping is not None] == [b"ping 1", b"p" * 125]
    assert [got.close for got in found if got.close is not None] == [1001]


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Random bytes are read or refused; nothing else happens."""
    with suppress(wire.Violation):
        assert 0 <= wire.read(data).consumed <= len(data)


@given(st.binary(max_size=125))
def test_pings_are_unmasked(payload: bytes) -> None:
    """The answer to a ping has the ping's own payload."""
    assert wire.read(masked(9, payload)).ping == payload


def test_a_close_without_a_code() -> None:
    """It is 1005 here, and answered by an empty close."""
    assert wire.read(masked(8)).close == 1005
    assert wire.close_frame(1005) == b"\x88\x00"
