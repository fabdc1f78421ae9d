"""The keys of the console, from the acts themselves: the help that "?" opens. Pure."""

from __future__ import annotations

from msgspec import Struct

from queue_server.config import ConsoleKeys

from . import kinds
from .kinds import N_, Kind


class Row(Struct, frozen=True):
    """A key and what it does (a msgid)."""

    numpad: str
    letter: str
    label: str


class Keyboard(Struct, frozen=True):
    """The page: groups under headings (msgids)."""

    counter: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]


def keyboard(counter: str) -> Keyboard:
    """All keys of a counter's console."""
    first = [_row(kind) for kind in (*kinds.CURRENT, kinds.SKIP, kinds.BREAK, kinds.MORE)]
    second = [_row(kind) for _, listed in kinds.PANEL for kind in listed]
    return Keyboard(
        counter,
        (
            (N_("Sehari-hari"), (Row("Enter", "C", N_("Tombol biru: langkah berikutnya")), *first)),
            (N_("Lainnya"), tuple(second)),
            (N_("Antrean dan layar"), MOVES),
        ),
    )


def by_code(keys: ConsoleKeys) -> dict[str, str]:
    """What else a key does, by its code: the hall's pedals and remotes."""
    acts = ((name, getattr(keys, name)) for name in keys.__struct_fields__)
    return {code: name for name, codes in acts for code in codes}


MOVES = (
    Row("8 2", "↑ ↓", N_("Pilih nomor di antrean, lalu Enter memanggilnya")),
    Row("1", "B", N_("Nomor yang dipilih: batalkan")),
    Row("9 6", "W", N_("Nomor yang dipilih: mengapa urutannya begitu")),
    Row("5", "Esc", N_("Kembali; lepaskan pilihan; berhenti menunggu")),
    Row("", "?", N_("Bantuan ini")),
)


def _row(kind: Kind) -> Row:
    numpad = f"{kinds.MORE.numpad.cap} {kind.panel}" if kind.panel else kind.numpad.cap
    return Row(numpad, kind.letter.cap, kind.label)
