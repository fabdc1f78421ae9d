"""One cell: a value as a person types it, and back.

`write` and `read` are each other's inverse for every value that a document can hold without line
breaks in its lines.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from .columns import Column

YES = frozenset(("ya", "yes", "y", "true", "benar", "1", "x", "v", "✓"))
NO = frozenset(("tidak", "no", "n", "false", "salah", "0", "-"))
GROUPED = re.compile(r"(?:rp\.?\s*)?(\d{1,3}(?:[.,]\d{3})+|\d+)(?:,-)?", re.IGNORECASE)
"""A number as people write rupiah: 350000, 350.000, Rp350.000."""
BETWEEN = re.compile(r"[,;\n]+")


class Unreadable(ValueError):
    """A cell that can't be read. `code` and `details` are those of its fault."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def write(column: Column, value: Any) -> str:
    """A plain value as text; None: the cell is empty."""
    if value is None:
        return ""
    match column.shape:
        case "flag":
            spare = column.default is False and not column.within
            return "ya" if value else "" if spare else "tidak"
        case "number":
            return "" if value == 0 == column.default else str(value)
        case "lines":
            return "\n".join(value)
        case "codes":
            return ", ".join(value)
        case "places":
            return ", ".join(str(place + 1) for place in value)
        case "pairs" | "amounts":
            return "\n".join(f"{name} = {one}".rstrip() for name, one in value.items())
        case _:
            return str(value)


def read(column: Column, text: str) -> Any:
    """The plain value of a cell that isn't empty. Raises Unreadable."""
    match column.shape:
        case "flag":
            return _flag(text)
        case "number":
            return _number(text, column.least or 0, column.most)
        case "choice":
            return _choice(column, text)
        case "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        case "codes":
            return _codes(column, text)
        case "places":
            return [_number(one, 1, 99) - 1 for one in _parts(text)]
        case "pairs":
            return dict(_pair(line) for line in text.splitlines() if line.strip())
        case "amounts":
            pairs = [_pair(line) for line in text.splitlines() if line.strip()]
            return {name: _number(one, column.least or 0, column.most) for name, one in pairs}
        case _:
            return _text(column, text)


def _text(column: Column, text: str) -> str:
    if column.pattern and not re.match(column.pattern, text):
        raise Unreadable("form", found=text[:60], example=column.example)
    return text


def _flag(text: str) -> bool:
    said = text.casefold()
    if said not in YES | NO:
        raise Unreadable("flag", found=text[:60])
    return said in YES


def _number(text: str, least: int, most: int | None) -> int:
    found = GROUPED.fullmatch(text.strip())
    if found is None or len(found[1]) > 15:
        raise Unreadable("number", found=text[:60])
    number = int(re.sub(r"[.,]", "", found[1]))
    if number < least or (most is not None and number > most):
        raise Unreadable("range", found=number, least=least, most=most)
    return number


def _choice(column: Column, text: str) -> str:
    said = text.strip().casefold()
    if said not in column.known:
        raise Unreadable("choice", found=text[:60], known=", ".join(column.known))
    return said


def _codes(column: Column, text: str) -> list[str]:
    parts = _parts(text)
    if column.known:
        return [_choice(column, one) for one in parts]
    if column.key.endswith("closed"):
        return [_date(one) for one in parts]
    return parts


def _date(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise Unreadable("date", found=text[:60]) from None


def _pair(line: str) -> tuple[str, str]:
    name, equals, value = line.partition("=")
    if not equals or not name.strip():
        raise Unreadable("pair", found=line.strip()[:60])
    return name.strip(), value.strip()


def _parts(text: str) -> list[str]:
    return [one.strip() for one in BETWEEN.split(text) if one.strip()]
