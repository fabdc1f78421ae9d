"""The document as tables: one sheet a list, one more for every list in a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..core.language import Text
from .columns import HALL, Column, HallWords, columns
from .document import KINDS, SINGULAR, Document, items
from .rows import Plain, cells_of, plain_of

TRANSLATIONS = "translations"


class Table(Struct, frozen=True):
    """A sheet: its name, the keys of its columns, its rows as texts."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def names() -> tuple[str, ...]:
    """Every sheet that a catalogue may have, in order."""
    return (HALL, *KINDS, *(f"{kind}.{one.key}" for kind, one in lists()), TRANSLATIONS)


def lists() -> Iterator[tuple[str, Column]]:
    """The lists in lists, each with a sheet of its own."""
    for kind in (HALL, *KINDS):
        for one in columns(kind):
            if one.shape == "rows":
                yield kind, one


def further(document: Document) -> tuple[str, ...]:
    """The languages beyond Indonesian and English that the document says anything in."""
    return tuple(sorted({*document.phrases, *_tongues(document)}))


def _tongues(part: object) -> Iterator[str]:
    """The further languages of every name in a part of the document."""
    if isinstance(part, Text):
        yield from part.more
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _tongues(getattr(part, name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _tongues(one)


def hall_of(document: Document) -> HallWords:
    """What the document says of the hall itself."""
    return HallWords(document.name, document.about, document.charter, document.complaints)


def with_hall(document: Document, hall: HallWords) -> Document:
    """The same with something else said of the hall."""
    return replace(
        document, name=hall.name, about=hall.about, charter=hall.charter,
        complaints=hall.complaints,
    )  # fmt: skip


# Writing ----------------------------------------------------------------------------------------


def tables(document: Document, languages: tuple[str, ...] = ()) -> tuple[Table, ...]:
    """Every sheet. `languages`: those that names get a column for besides the document's own."""
    further_ = tuple(dict.fromkeys([*further(document), *languages]))
    plains = {kind: [plain_of(one) for one in items(document, kind)] for kind in KINDS}
    plains[HALL] = [plain_of(hall_of(document))]
    made = [_main(kind, plains[kind], further_) for kind in (HALL, *KINDS)]
    made += [_list(kind, one.key, plains[kind], further_) for kind, one in lists()]
    return (*made, _translations(document, further_))


def _main(kind: str, plains: list[Plain], languages: tuple[str, ...]) -> Table:
    cells = [one for one in columns(kind, languages) if one.shape != "rows"]
    keys = tuple(one.key for one in cells)
    rows = (cells_of(cells, plain) for plain in plains)
    return Table(kind, keys, tuple(tuple(row[key] for key in keys) for row in rows))


def _list(kind: str, key: str, plains: list[Plain], languages: tuple[str, ...]) -> Table:
    column = next(one for one in columns(kind, languages) if one.key == key)
    owner = () if kind == HALL else (SINGULAR[kind],)
    keys = tuple(one.key for one in column.rows)
    made = []
    for plain in plains:
        found: Any = plain
        for step in column.path:
            found = found[step]
        for row in found:
            cells = cells_of(column.rows, row)
            made.append((*([plain["id"]] if owner else []), *(cells[one] for one in keys)))
    return Table(f"{kind}.{key}", (*owner, *keys), tuple(made))


def _translations(document: Document, languages: tuple[str, ...]) -> Table:
    tongues = {"en": document.english, **{one: document.phrases.get(one, {}) for one in languages}}
    texts = dict.fromkeys(text for said in tongues.values() for text in said)
    rows = tuple((text, *(said.get(text, "") for said in tongues.values())) for text in texts)
    return Table(TRANSLATIONS, ("text", *tongues), rows)
