"""An item of the catalogue as a row of cells, and a row as an item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from .cells import Unreadable, read, write
from .columns import Column

Plain = dict[str, Any]
"""An item as TOML would hold it."""
Cells = Mapping[str, str]
"""Column's key -> what stands in its cell; a list in a list as `channels.0.kind`."""
Wrong = list[tuple[str, str, dict[str, Any]]]
"""(Key, fault code, details) of each cell that can't be read."""
PLACE = re.compile(r"\$\.?([^`]*)`")


def plain_of(item: Struct) -> Plain:
    """An item as plain values, those that are as usual too."""
    return {key: _plain(value) for key, value in msgspec.structs.asdict(item).items()}


def cells_of(columns: Sequence[Column], plain: Plain) -> dict[str, str]:
    """Every cell of an item, empty ones too."""
    cells: dict[str, str] = {}
    for column in columns:
        value = _get(plain, column)
        if column.shape != "rows":
            cells[column.key] = write(column, value)
            continue
        for at, row in enumerate(value or ()):
            for key, text in cells_of(column.rows, row).items():
                cells[f"{column.key}.{at}.{key}"] = text
    return cells


def plain_from(columns: Sequence[Column], cells: Cells, before: Plain) -> tuple[Plain, Wrong]:
    """The item that the cells say. What has no cell stays as it was before; an empty cell takes
    its value away."""
    plain, wrong = _copied(before), []
    touched = {one.within for one in columns if one.within and _is_given(one, cells)}
    absent = {part for part in touched if not _said(part, columns, cells)}
    for column in columns:
        if not _is_given(column, cells) or column.within in absent:
            continue
        if column.shape == "rows":
            value, faults = _rows(column, cells)
            wrong += faults
            _set(plain, column.path, value)
            continue
        text = cells[column.key].strip()
        if not text:
            if column.required:
                wrong.append((column.key, "empty", {}))
            if column.shape in ("lines", "codes", "places"):
                _set(plain, column.path, [])
            else:
                _unset(plain, column.path)
            continue
        try:
            _set(plain, column.path, read(column, text))
        except Unreadable as error:
            wrong.append((column.key, error.code, error.details))
    for part in absent:
        plain.pop(part, None)
    return plain, wrong


def item_from(kind: type[Struct], plain: Plain) -> tuple[Any, Wrong]:
    """The item of plain values, or None and what is wrong."""
    try:
        return msgspec.convert(plain, kind), []
    except msgspec.ValidationError as error:
        said = str(error)
        place = PLACE.search(said)
        key = re.sub(r"\[.*?\]", "", place[1]) if place else ""
        return None, [(key, "unreadable", {"reason": said})]


def stand_in(plain: Plain, column: Column) -> None:
    """Some value in the place of a required one that can't be read, so that the rest can be
    judged."""
    part, last = _part(plain, column.path), column.path[-1]
    if last not in part and column.required:
        number = column.shape == "number"
        part[last] = column.known[0] if column.known else column.least if number else "?"


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return plain_of(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _rows(column: Column, cells: Cells) -> tuple[list[Plain], Wrong]:
    """The rows of a list in a list, in the order of their numbers; an empty row is none."""
    start = f"{column.key}."
    rows: dict[int, dict[str, str]] = {}
    for key, text in cells.items():
        at, _, sub = key.removeprefix(start).partition(".")
        if key.startswith(start) and at.isdecimal() and len(at) < 4:
            rows.setdefault(int(at), {})[sub] = text
    found: list[Plain] = []
    wrong: Wrong = []
    for number, row in sorted(rows.items()):
        if not any(text.strip() for text in row.values()):
            continue
        given = {one.key: row.get(one.key, "") for one in column.rows}
        plain, faults = plain_from(column.rows, given, {})
        found.append(plain)
        wrong += [(f"{start}{number}.{key}", code, details) for key, code, details in faults]
    return found, wrong


def _is_given(column: Column, cells: Cells) -> bool:
    return column.key in cells


def _said(part: str, columns: Sequence[Column], cells: Cells) -> bool:
    """Whether any cell of an optional part says something."""
    return any(cells.get(one.key, "").strip() for one in columns if one.within == part)


def _get(plain: Plain, column: Column) -> Any:
    found: Any = plain
    for step in column.path:
        found = found.get(step) if found is not None else None
    return found


def _set(plain: Plain, path: Sequence[str], value: Any) -> None:
    _part(plain, path)[path[-1]] = value


def _unset(plain: Plain, path: Sequence[str]) -> None:
    """Take a value away; what it stood in stays, for it may be required."""
    _part(plain, path).pop(path[-1], None)


def _part(plain: Plain, path: Sequence[str]) -> Plain:
    """What a value stands in, made where it isn't yet."""
    for step in path[:-1]:
        if plain.get(step) is None:
            plain[step] = {}
        plain = plain[step]
    return plain


def _copied(plain: Plain) -> Plain:
    return {key: _copied(one) if isinstance(one, dict) else one for key, one in plain.items()}
