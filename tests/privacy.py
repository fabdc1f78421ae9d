"""Looking for personal data where none may be: journal, databases, log, addresses.

    with Watch() as watch:
        …                       # a whole flow; watch.url(…) for every address that was opened
    assert not watch.found(folder, "0812-3456-7890", "siti@example.org")

What the people of the flow typed is looked for in every spelling, in the bytes of every file
(write-ahead logs and freed pages included); what merely looks like an NIK, a phone number or an
address is looked for in every value of every table, in the log and in the addresses.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

LOOKS = {
    "NIK": re.compile(r"(?<![\w.])\d{16}(?![\w.])"),
    "phone": re.compile(r"(?<![\w.+])(?:\+62|0)8\d{8,11}(?!\w)"),
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
}
"""As DOMAIN's rule has it, apart from numbers in the middle of a longer word or fraction."""


CLIENTS = ("httpx2", "httpcore2")
"""The tests' own browsers; a server hears of them from "warning" up only."""


class Watch(logging.Handler):
    """Hears every log record that a server writes ("info" and up), and is told every address."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[tuple[str, str]] = []
        self._level = logging.root.level

    def __enter__(self) -> Watch:
        logging.root.addHandler(self)
        logging.root.setLevel(logging.INFO)
        return self

    def __exit__(self, *_: object) -> None:
        logging.root.setLevel(self._level)
        logging.root.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(CLIENTS):
            self.lines.append(("log", logging.Formatter().format(record)))

    def url(self, address: object) -> None:
        """An address that was opened, or answered with."""
        self.lines.append(("url", unquote(str(address))))

    def found(self, folder: Path, *planted: str) -> list[str]:
        """Everything personal that was found, with its place. `planted`: what people typed."""
        lines = [*self.lines, *values(folder)]
        return [
            *(
                f"{kind} in {place}: {text[:200]}"
                for place, text in lines
                for kind, look in LOOKS.items()
                if look.search(text)
            ),
            *(
                f"{spelling!r} in {place}: {text[:200]}"
                for place, text in lines
                for spelling in {one for secret in planted for one in spellings(secret)}
                if spelling in text.lower()
            ),
            *files(folder, planted),
        ]


def values(folder: Path) -> Iterator[tuple[str, str]]:
    """Every value of every table of every database, with its place."""
    for file in sorted(folder.rglob("*.db")):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            tables = [
                row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")
            ]
            for table in tables:
                cursor = db.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in cursor.description]
                for row in cursor:
                    for name, value in zip(names, row, strict=True):
                        yield f"{file.name}: {table}.{name}", as_text(value)


def as_text(value: object) -> str:
    """A column's value as text; a number is what it looks like."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def files(folder: Path, planted: tuple[str, ...]) -> Iterator[str]:
    """The planted words in the bytes of any file: what a row's value doesn't tell any more."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        raw = file.read_bytes().lower()
        for secret in planted:
            for spelling in spellings(secret):
                if spelling.encode() in raw:
                    yield f"{spelling!r} in the bytes of {file.name}"


def spellings(secret: str) -> set[str]:
    """A phone number as people and programs write it; anything else as it is."""
    digits = re.sub(r"\D", "", secret)
    if "@" in secret or len(digits) < 9:
        return {secret.lower()}
    local = digits.removeprefix("62").removeprefix("0")
    return {secret.lower(), digits, local, f"0{local}", f"62{local}"}
