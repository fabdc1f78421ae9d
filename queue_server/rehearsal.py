"""A backup looked at before it is needed: what it holds, and what would be lost with it.

Read in a folder of its own, from the files alone: nothing here starts a hall.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct

from .backup import LEFT_OUT, NotRestored, databases, unpacked
from .catalogue import CatalogueError
from .core.events import DayOpened, Entry, TicketIssued
from .folder import Folder
from .journal.rows import from_rows
from .journal.sqlite import read_only, walk

COUNTED = {
    "bookings": ("bookings", "SELECT count(*) FROM bookings WHERE state <> 'dropped'"),
    "applications": ("tracking", "SELECT count(*) FROM applications"),
    "answers": ("survey", "SELECT count(*) FROM answers"),
    "changes": ("changes", "SELECT count(*) FROM changes"),
    "tokens": ("office", "SELECT count(*) FROM tokens"),
}
"""What is counted -> the room, and how."""
PEOPLE = "SELECT name FROM users WHERE role NOT IN ('kiosk', 'display') ORDER BY folded"
DEVICES = "SELECT count(*) FROM users WHERE role IN ('kiosk', 'display')"


class Holdings(Struct, frozen=True):
    """What a data folder holds. `ends` and `began` are epoch ms (0: the journal is empty), `days`
    how many the journal has; `people` the names of those who sign in; `counts` as in `COUNTED`."""

    version: int
    began: int
    ends: int
    days: int
    tickets: int
    agencies: int
    services: int
    counters: int
    people: tuple[str, ...]
    devices: int
    counts: dict[str, int]


class Loss(Struct, frozen=True):
    """What is here and not in the backup. `related`: the backup is of this very history, which
    goes on here for `entries` entries and `tickets` numbers since `since` (epoch ms). `people` are
    those who could not sign in any more; `counts` how many more of each there are here."""

    related: bool
    entries: int
    tickets: int
    since: int
    people: tuple[str, ...]
    counts: dict[str, int]


class Report(Struct, frozen=True):
    """A rehearsal's outcome. `fault` is "" when the backup is sound, else as `NotRestored` has
    it, with what was found in `said`."""

    fault: str = ""
    said: str = ""
    holds: Holdings | None = None
    loses: Loss | None = None


def rehearse(source: Path, target: Path, living: Folder) -> Report:
    """Unpack, verify and replay a backup in `target`, and compare it with the data of now."""
    try:
        copy = unpacked(source, target)
        _of_this_release(copy, living)
        return Report(holds=holdings(copy), loses=_lost(copy, living))
    except NotRestored as error:
        return Report(error.fault, str(error))
    except (sqlite3.Error, CatalogueError, ValueError) as error:
        return Report("damaged", str(error))


def holdings(folder: Folder) -> Holdings:
    """What a folder holds. Raises sqlite3.Error, CatalogueError, Damaged."""
    tickets, days, began, last = 0, set[str](), 0, None
    for entry in _entries(folder):
        began = began or entry.at
        last = entry
        if isinstance(entry.event, DayOpened):
            days.add(entry.event.day)
        tickets += isinstance(entry.event, TicketIssued)
    catalogue = folder.catalogue()
    return Holdings(
        version=last.id if last else 0,
        began=began,
        ends=last.at if last else 0,
        days=len(days),
        tickets=tickets,
        agencies=len(catalogue.agencies) if catalogue else 0,
        services=len(catalogue.services) if catalogue else 0,
        counters=len(catalogue.counters) if catalogue else 0,
        people=_people(folder),
        devices=int(next(iter(_rows(folder, "office", DEVICES)), (0,))[0]),
        counts={what: _count(folder, what) for what in COUNTED},
    )


def _lost(copy: Folder, living: Folder) -> Loss:
    last = next(
        _rows(copy, "journal", "SELECT id, crc FROM journal ORDER BY id DESC LIMIT 1"), None
    )
    here = last and next(
        _rows(living, "journal", "SELECT crc FROM journal WHERE id = ?", last[0]), None
    )
    related = bool(last and here and here[0] == last[1])
    newer = list(_entries(living, *(last if last and related else (0, 0))))
    theirs = set(_people(copy))
    counts = {what: _count(living, what) - _count(copy, what) for what in COUNTED}
    return Loss(
        related=related,
        entries=len(newer),
        tickets=sum(isinstance(entry.event, TicketIssued) for entry in newer),
        since=newer[0].at if newer else 0,
        people=tuple(name for name in _people(living) if name not in theirs),
        counts={what: count for what, count in counts.items() if count > 0},
    )


def _of_this_release(copy: Folder, living: Folder) -> None:
    """Raises NotRestored: a newer release wrote it. (The files here are up to date.)"""
    known = {name: _step(living, name) for name in databases(living)}
    for name in databases(copy):
        if name not in known or _step(copy, name) > known[name]:
            raise NotRestored(f"{name} is of a newer release", "newer")
    for name in LEFT_OUT:
        if (copy.path / name).exists():
            raise NotRestored(f"it holds {name!r}, which no backup has", "foreign")


def _step(folder: Folder, name: str) -> int:
    return int(next(_rows(folder, name.removesuffix(".db"), "PRAGMA user_version"))[0])


def _entries(folder: Folder, after: int = 0, crc: int = 0) -> Iterator[Entry]:
    with closing(read_only(folder.journal)) as db:
        yield from from_rows(walk(db, after, crc))


def _people(folder: Folder) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in _rows(folder, "office", PEOPLE))


def _count(folder: Folder, what: str) -> int:
    room, sql = COUNTED[what]
    return int(next(_rows(folder, room, sql), (0,))[0])


def _rows(folder: Folder, room: str, sql: str, *values: object) -> Iterator[Any]:
    path = folder.room(room)
    if not path.exists():
        return iter(())
    with closing(read_only(path)) as db:
        # What a stranger's schema defines is no part of what is read.
        db.execute("PRAGMA trusted_schema=OFF")
        return iter(db.execute(sql, values).fetchall())
