"""Is the data sound? Chain, structure, and the replay against the living hall."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from .catalogue import CatalogueError
from .changes import altered
from .core.digest import digest
from .core.events import DayOpened
from .core.evolve import evolve
from .core.model import Hall
from .folder import Folder
from .journal.log import Damaged
from .journal.rows import from_rows
from .journal.sqlite import read_only, walk


def problems(folder: Folder, live: tuple[int, str] | None = None) -> list[str]:
    """What is wrong with a folder, a sentence each; an empty list when all is sound.

    Reads everything, so a year takes minutes. `live` is (version, digest) of the hall that a
    running server shows: the replay up to that version must give the same.
    """
    found = []
    for path in sorted(folder.path.glob("*.db")):
        found += [f"{path.name}: {problem}" for problem in _structure(path)]
    changes = folder.room("changes")
    if changes.exists() and not found:
        found += [f"{changes.name}: {problem}" for problem in altered(changes)]
    if folder.journal.exists() and not found:
        found += _replay(folder, live)
    try:
        folder.catalogue()
    except CatalogueError as error:
        found.append(str(error))
    return found


def _structure(path: Path) -> list[str]:
    try:
        with closing(read_only(path)) as db:
            rows = db.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.Error as error:
        return [str(error)]
    return [text for (text,) in rows if text != "ok"]


def _replay(folder: Folder, live: tuple[int, str] | None) -> list[str]:
    """Fold the whole journal twice: from its beginning, and afresh from each day's opening."""
    whole, day, found = Hall(), Hall(), list[str]()
    try:
        with closing(read_only(folder.journal)) as db:
            for entry in from_rows(walk(db)):
                if isinstance(entry.event, DayOpened):
                    day = Hall()
                evolve(whole, entry)
                evolve(day, entry)
                if live and entry.id == live[0] and digest(whole) != live[1]:
                    found.append(f"journal: the running hall differs from entry {entry.id}")
    except (Damaged, sqlite3.Error) as error:
        return [*found, str(error)]
    if digest(whole) != digest(day):
        found.append("journal: the last day's replay differs from the whole journal's")
    if live and whole.version < live[0]:
        found.append(f"journal: it ends at {whole.version}, the running hall is at {live[0]}")
    return found
