"""How an entry stands in a row, and the chain of checksums from row to row.

body = JSON of the entry; crc = crc32 of (previous row's crc, id, body), as
unsigned 32-bit. A changed, missing or foreign row breaks the chain at its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

import msgspec

from ..core.events import DayOpened, Entry
from .log import Damaged

Row = tuple[int, int, bytes, int]
"""(id, opens: 1 when a day opens here, body, crc)"""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry).decode


def link(previous: int, id: int, body: bytes) -> int:
    """The checksum of a row that follows one with checksum `previous`."""
    return crc32(body, crc32(b"%d:%d:" % (previous, id)))


def to_rows(previous: int, entries: Iterable[Entry]) -> list[Row]:
    """The rows of entries that follow a row with checksum `previous`."""
    rows = []
    for entry in entries:
        body = _encode(entry)
        previous = link(previous, entry.id, body)
        rows.append((entry.id, int(type(entry.event) is DayOpened), body, previous))
    return rows


def from_rows(rows: Iterable[Row]) -> Iterator[Entry]:
    """Entries of rows that were verified before."""
    for row in rows:
        yield _decode(row[2])


def verified(rows: Iterable[Row], last: int, crc: int) -> Iterator[Row]:
    """The rows, each checked to follow the one before; `last`, `crc` are of the row before.

    Raises Damaged at the first row that does not follow.
    """
    for row in rows:
        id, opens, body, found = row
        if id != last + 1:
            raise Damaged(f"journal: entry {last + 1} is missing (found {id} after {last})")
        if not isinstance(body, bytes) or found != link(crc, id, body):
            raise Damaged(f"journal: entry {id} does not match its checksum")
        _check_content(id, opens, body)
        yield row
        last, crc = id, found


def _check_content(id: int, opens: int, body: bytes) -> None:
    """The parts that the checksum doesn't cover agree with the body."""
    try:
        entry = _decode(body)
    except msgspec.MsgspecError as error:
        raise Damaged(f"journal: entry {id} cannot be read: {error}") from None
    if entry.id != id or opens != int(type(entry.event) is DayOpened):
        raise Damaged(f"journal: entry {id} does not agree with its row")
