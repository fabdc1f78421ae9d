"""`antrean skm`: the index of a file of answers, as text or JSON. Pure but for the reader."""

from __future__ import annotations

from typing import Any

import msgspec

from .elements import ELEMENTS
from .index import Convention, Index, Tally, half_up, index, tally
from .sheet import Sheet


def computed(sheet: Sheet, convention: Convention) -> tuple[Tally, Index]:
    """The sheet's tally and index. Raises ValueError with the first fault, or for no answers."""
    if sheet.faults:
        more = len(sheet.faults) - 1
        rest = f" (and {more} more)" if more else ""
        raise ValueError(sheet.faults[0].sentence() + rest)
    found = tally(one.scores for one in sheet.respondents)
    return found, index(found, convention)


def as_json(found: Tally, result: Index) -> str:
    """For programs. The index is a string: its two decimals are part of it."""
    lines = {line.code: line for line in result.lines}
    elements: dict[str, Any] = {}
    for code in ELEMENTS:
        line = lines.get(code)
        elements[code] = {
            "average": float(half_up(line.average, 4)) if line else None,
            "weighted": float(half_up(line.weighted, 4)) if line else None,
            "grade": line.grade if line else None,
            "answers": line.count if line else 0,
        }
    said = {
        "respondents": found.respondents, "elements": elements, "index": str(result.value),
        "grade": result.grade, "weights": result.convention,
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode()


def as_text(found: Tally, result: Index) -> str:
    """For people: the table and the arithmetic."""
    head = f"{'':<12}{'answers':>9}{'sum':>8}{'NRR':>8}{'weight':>9}{'weighted':>10}  grade"
    rows = [
        f"{line.code:<12}{line.count:>9}{line.total:>8}{half_up(line.average, 3)!s:>8}"
        f"{weight(line.weight):>9}{half_up(line.weighted, 4)!s:>10}  {line.grade}"
        for line in result.lines
    ]
    asked = {line.code for line in result.lines}
    left = [code for code in ELEMENTS if code not in asked]
    notes = [f"not answered by anybody: {', '.join(left)}; the others share the weight"]
    total = half_up(result.sum_weighted, 4)
    return "\n".join([
        head, *rows, *(notes if left else []), "",
        f"respondents {found.respondents}, weights {result.convention}",
        f"sum of weighted NRR {total} x 25 = {result.value}",
        f"index {result.value}  grade {result.grade}",
    ])  # fmt: skip


def weight(value: Any) -> str:
    """1/9 as a fraction, decimals as decimals."""
    if value.numerator == 1 and value.denominator % 10:
        return f"1/{value.denominator}"
    return f"{float(value):g}"
