"""Serial frames as the configuration describes them. Pure.

    STX ( address length data ) check ETX

A description is names of ASCII control characters, bytes (`0x1B`), texts (`'AT'`) and the fields
address, length, data and check; the check is over what stands in the parentheses. A field may say
how it is written: `address:d2` as two decimal digits, `check:x2` as two hexadecimal digits,
`check:le` and `check:be` as two bytes; alone it is one byte. `length+2` counts two more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from operator import xor

from msgspec import Struct

_NAMES = """NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN
ETB CAN EM SUB ESC FS GS RS US SP"""
CONTROLS = {name: bytes([code]) for code, name in enumerate(_NAMES.split())}
TOKEN = re.compile(r"'[^']*'|\S+")
FIELD = re.compile(r"(address|length|data|check)(?:\+(\d{1,3}))?(?::(le|be|[dx][1-4]))?")
MOST = 240
"""Bytes of data at most, however long a length could be."""


class FrameError(ValueError):
    """A description that is none; the message says what was expected and found."""


class Part(Struct, frozen=True):
    """A piece of a frame: bytes as they are, or a field with what is added and how it is
    written."""

    fixed: bytes = b""
    field: str = ""
    plus: int = 0
    form: str = ""


class Frame(Struct, frozen=True):
    """A description, read. The check is over the parts from `first` up to `last`."""

    parts: tuple[Part, ...]
    first: int
    last: int
    check: str

    @property
    def addressed(self) -> bool:
        """Whether it says which panel it is for."""
        return any(part.field == "address" for part in self.parts)

    @property
    def highest(self) -> int:
        """The highest address that can be written."""
        return min((_most(p.form) for p in self.parts if p.field == "address"), default=65_535)

    def build(self, address: int, data: bytes) -> bytes:
        """The frame's bytes. What the length cannot count is cut off."""
        counted = [_most(part.form) - part.plus for part in self.parts if part.field == "length"]
        data = data[: min([MOST, *counted])]
        found: list[bytes] = []
        for part in self.parts:
            if part.field == "check":
                covered = b"".join(found[self.first : self.last])
                found.append(_written(CHECKS[self.check](covered), part.form))
            elif part.field == "data":
                found.append(data)
            elif part.field:
                number = address if part.field == "address" else len(data)
                found.append(_written(number + part.plus, part.form))
            else:
                found.append(part.fixed)
        return b"".join(found)


def read_frame(description: str, check: str, *, answer: bool = False) -> Frame:
    """Read a description; an `answer` has no data. Raises FrameError."""
    parts: list[Part] = []
    marks: dict[str, list[int]] = {"(": [], ")": []}
    for token in TOKEN.findall(description):
        if token in marks:
            marks[token].append(len(parts))
        else:
            parts.append(_part(token, check))
    wide = [name for name in ("data", "check") if any(part.field == name for part in parts)]
    if answer:
        if wide or marks["("] or marks[")"] or not parts:
            raise FrameError("expected bytes, texts and the address alone")
        return Frame(tuple(parts), 0, 0, check)
    if sum(part.field == "data" for part in parts) != 1:
        raise FrameError(f"expected data once, found {description!r}")
    checked = [index for index, part in enumerate(parts) if part.field == "check"]
    if checked and not (
        len(marks["("]) == len(marks[")"]) == 1 and marks["("] <= marks[")"] <= checked[:1]
    ):
        raise FrameError("expected ( and ) once around what the check covers, and check after it")
    if not checked and (marks["("] or marks[")"]):
        raise FrameError("expected check after the parentheses")
    first, last = (marks["("][0], marks[")"][0]) if checked else (0, 0)
    return Frame(tuple(parts), first, last, check)


def _part(token: str, check: str) -> Part:
    if token in CONTROLS:
        return Part(CONTROLS[token])
    if token.startswith("'") and token.isascii():
        return Part(token[1:-1].encode())
    if re.fullmatch(r"0x[0-9A-Fa-f]{2}", token):
        return Part(bytes([int(token, 16)]))
    field = FIELD.fullmatch(token)
    if field is None:
        raise FrameError(
            "expected names such as STX, bytes such as 0x1B, texts such as 'AT', or address, "
            f"length, data, check; found {token!r}"
        )
    name, plus, form = field[1], int(field[2] or 0), field[3] or ""
    if name == "check" and check == "crc16" and not form:
        form = "le"
    if (name == "data" and (plus or form)) or (plus and name != "length"):
        raise FrameError(f"expected {name} alone, found {token!r}")
    if name == "check" and _most(form) < _most("le" if check == "crc16" else ""):
        raise FrameError(f"expected room for the check, found {token!r}")
    return Part(field=name, plus=plus, form=form)


# Numbers and checks ---------------------------------------------------------------------------


def _most(form: str) -> int:
    """The highest number that a form can write."""
    if not form:
        return 255
    return 65_535 if form in ("le", "be") else (10 if form[0] == "d" else 16) ** int(form[1]) - 1


def _written(number: int, form: str) -> bytes:
    if not form:
        return bytes([number])
    if form in ("le", "be"):
        return number.to_bytes(2, "little" if form == "le" else "big")
    return f"{number:0{form[1]}{'d' if form[0] == 'd' else 'X'}}".encode()


def crc16(data: bytes) -> int:
    """CRC-16 as Modbus RTU has it (reflected 0x8005, from 0xFFFF)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


CHECKS: dict[str, Callable[[bytes], int]] = {
    "xor": lambda data: reduce(xor, data, 0),
    "sum": lambda data: sum(data) & 0xFF,
    "lrc": lambda data: -sum(data) & 0xFF,
    "crc16": crc16,
}
"""How a check is reckoned, by the name that the configuration calls it."""
