"""The house's fonts for paper: a WOFF file taken apart into the TrueType font that it packs.

WOFF 1.0: a header, a directory of tables, each table compressed by zlib.
"""

from __future__ import annotations

import struct
import zlib


def to_truetype(data: bytes) -> bytes:
    """The font inside. Raises ValueError for anything but WOFF 1.0."""
    if data[:4] != b"wOFF":
        raise ValueError("expected a WOFF 1.0 font")
    flavor, _, count = struct.unpack(">IIH", data[4:14])
    power = count.bit_length() - 1
    head = struct.pack(
        ">IHHHH", flavor, count, 16 << power, power, 16 * (count - (1 << power))
    )  # fmt: skip
    directory, tables = b"", b""
    start = len(head) + 16 * count
    for at in range(44, 44 + 20 * count, 20):
        tag, offset, packed, size, check = struct.unpack(">4sIIII", data[at : at + 20])
        table = data[offset : offset + packed]
        if packed != size:
            table = zlib.decompress(table)
        directory += struct.pack(">4sIII", tag, check, start + len(tables), size)
        tables += table + b"\0" * (-size % 4)
    return head + directory + tables
