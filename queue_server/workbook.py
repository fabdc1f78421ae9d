"""Workbooks (XLSX, XLS, ODS) as texts, read by a process of its own.

A kilobyte can name the cells A1 and XFD1048576, or unpack to gigabytes: the reader asks for the
memory of all that lies between and its process is aborted. A hall must not end with it.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

SECONDS = 30
MEMORY = 1024 * 1024 * 1024
"""Bytes of the reader's address space."""
TEXT = 64 * 1024 * 1024
"""Characters of all cells together: one text can be that of a million cells."""
TOO_LARGE = 3
"""The reader's exit code for more than `TEXT`."""
Rows = list[list[str]]


class WorkbookError(ValueError):
    """A file that is no workbook, or one that can't be read within the limits (`too_large`)."""

    def __init__(self, reason: str, *, too_large: bool = False) -> None:
        super().__init__(reason)
        self.too_large = too_large


def sheets(data: bytes) -> list[Rows]:
    """Every sheet's rows from A1 on, empty ones included. Raises WorkbookError. Blocks."""
    return list(named_sheets(data).values())


def named_sheets(data: bytes) -> dict[str, Rows]:
    """The same by the sheets' names, in their order. Raises WorkbookError. Blocks."""
    reader = [sys.executable, "-I", __file__]
    try:
        done = subprocess.run(  # noqa: S603  # this very file, by no shell
            reader, check=False, input=data, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise WorkbookError(f"more than {SECONDS} s to read", too_large=True) from None
    if done.returncode < 0 or done.returncode == TOO_LARGE:
        raise WorkbookError("too large to read", too_large=True)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise WorkbookError(said[:200])
    found: dict[str, Rows] = json.loads(done.stdout)
    return found


def text(value: object) -> str:
    """A cell as it would be typed."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value if value is not None else "").replace("\N{NO-BREAK SPACE}", " ").strip()


# In the reader's process ------------------------------------------------------------------------


def _main() -> int:
    _limit()
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found: dict[str, Rows] = {}
    size = 0
    for name in book.sheet_names:
        rows: Rows = []
        for row in _rows(book.get_sheet_by_name(name)):
            size += sum(map(len, row))
            if size > TEXT:
                return TOO_LARGE
            rows.append(row)
        found[name] = rows
    sys.stdout.write(json.dumps(found))
    return 0


def _rows(sheet: Any) -> Iterator[list[str]]:
    """The rows from A1 on: cells then have the names that Excel gives them."""
    before = [""] * sheet.start[1] if sheet.start else []
    for row in sheet.iter_rows():
        yield before + [text(value) for value in row]


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    try:
        sys.exit(_main())
    except MemoryError:
        sys.exit(TOO_LARGE)
    except Exception as error:  # the reader's errors have no common base but this
        sys.exit(str(error) or type(error).__name__)
