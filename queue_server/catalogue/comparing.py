"""What one document has that another hasn't, field by field: for looks before a deed, and for the
record of changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from ..core.language import Text
from .columns import HALL, Column, columns
from .document import KINDS, Document, Item, items
from .rows import Plain, cells_of, plain_of
from .sheets import TRANSLATIONS, further, hall_of

Act = Literal["added", "changed", "retired", "restored", "removed", "moved"]


class Cell(Struct, frozen=True):
    """A value that is another: both as they stand in a cell."""

    key: str
    before: str
    after: str


class Difference(Struct, frozen=True):
    """What has changed of one thing. `kind` is its list, "hall" or "translations"; a list whose
    order is another has the act "moved" and no id."""

    kind: str
    id: str
    name: Text
    act: Act
    cells: tuple[Cell, ...] = ()


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """All that changed, in the document's order."""
    return tuple(_differences(before, after))


def _differences(before: Document, after: Document) -> Iterator[Difference]:
    languages = tuple(sorted({*further(before), *further(after)}))
    old_hall, new_hall = plain_of(hall_of(before)), plain_of(hall_of(after))
    cells = _cells(columns(HALL, languages), old_hall, new_hall)
    if cells:
        yield Difference(HALL, "", after.name, "changed", cells)
    for kind in KINDS:
        yield from _of_kind(kind, items(before, kind), items(after, kind), languages)
    yield from _translations(before, after)


def _of_kind(
    kind: str, before: Sequence[Item], after: Sequence[Item], languages: tuple[str, ...]
) -> Iterator[Difference]:
    old, new = ({str(one.id): one for one in found} for found in (before, after))
    wanted = columns(kind, languages)
    for id, item in new.items():
        known = old.get(id)
        if known is item or known == item:
            continue
        cells = _cells(wanted, plain_of(known) if known else {}, plain_of(item))
        yield Difference(kind, id, item.name, _act(known, item), cells)
    for id, item in old.items():
        if id not in new:
            yield Difference(kind, id, item.name, "removed")
    if [id for id in old if id in new] != [id for id in new if id in old]:
        yield Difference(kind, "", Text("", ""), "moved")


def _act(before: Item | None, after: Item) -> Act:
    if before is None:
        return "added"
    if before.retired != after.retired:
        return "retired" if after.retired else "restored"
    return "changed"


def _cells(wanted: Sequence[Column], before: Plain, after: Plain) -> tuple[Cell, ...]:
    old, new = (_joined(wanted, plain) for plain in (before, after))
    return tuple(
        Cell(key, old.get(key, ""), text) for key, text in new.items() if old.get(key, "") != text
    )


def _joined(wanted: Sequence[Column], plain: Plain) -> dict[str, str]:
    """Every value of an item as one text; a list in a list as a line for each."""
    if not plain:
        return {}
    cells = cells_of([one for one in wanted if one.shape != "rows"], plain)
    for column in wanted:
        if column.shape == "rows":
            found = plain
            for step in column.path:
                found = found[step]
            rows = (cells_of(column.rows, row).values() for row in found)  # type: ignore[arg-type]  # a list by now
            cells[column.key] = "\n".join(" · ".join(filter(None, row)) for row in rows)
    return cells


def _translations(before: Document, after: Document) -> Iterator[Difference]:
    tongues = {"en": (before.english, after.english)}
    for tongue in dict.fromkeys([*before.phrases, *after.phrases]):
        tongues[tongue] = (before.phrases.get(tongue, {}), after.phrases.get(tongue, {}))
    texts = dict.fromkeys(text for pair in tongues.values() for said in pair for text in said)
    for text in texts:
        cells = tuple(
            Cell(tongue, old.get(text, ""), new.get(text, ""))
            for tongue, (old, new) in tongues.items()
            if old.get(text, "") != new.get(text, "")
        )
        if cells:
            yield Difference(TRANSLATIONS, text, Text(text, text), "changed", cells)
