"""The journal in SQLite: what is appended is there, in its place, once."""

# ruff: noqa: ASYNC240 - a test may wait for its files

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.core.events import DayOpened, Entry
from queue_server.journal.log import Conflict, Damaged, Unknown
from queue_server.journal.sqlite import read_only, walk
from tests.core.story import PLAN

from .kit import entries, opened, ticket


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


async def test_a_new_journal_is_empty_and_has_a_name(path: Path) -> None:
    """No entries, a random name; another journal has another one."""
    async with opened(path) as one, opened(path.with_name("other.db")) as other:
        assert await one.read(0, 10) == []
        assert len(one.epoch) == 16
        assert one.epoch != other.epoch


async def test_what_was_appended_is_read_again(path: Path) -> None:
    """After a restart: the entries of the day, equal field by field, under the same name."""
    async with opened(path, last=20) as journal:
        epoch = journal.epoch
        assert await journal.read(5, 3) == entries(6, 8)
        assert await journal.read(20, 3) == []
        assert await journal.read(99, 3) == []
    async with opened(path) as journal:
        assert journal.epoch == epoch
        assert await journal.start() == entries(2, 20)
        assert await journal.read(0, 100) == entries(1, 20)


async def test_a_start_reads_from_the_last_opening_of_a_day(path: Path) -> None:
    """Yesterday's entries are not replayed; they can still be read."""
    tomorrow = [Entry(21, 9000, "system", DayOpened("2026-11-24", PLAN)), ticket(22)]
    async with opened(path, last=20) as journal:
        await journal.append(20, tomorrow)
        assert await journal.start() == tomorrow
        await journal.append(22, [ticket(23)])
        assert await journal.read(18, 9) == [*entries(19, 20), *tomorrow, ticket(23)]


@pytest.mark.parametrize("expected", [0, 9, 11])
async def test_another_version_than_expected_is_a_conflict(path: Path, expected: int) -> None:
    """Certainly not written; the journal goes on with the version that it has."""
    async with opened(path, last=10) as journal:
        with pytest.raises(Conflict):
            await journal.append(expected, [ticket(expected + 1)])
        await journal.append(10, [ticket(11)])
        assert await journal.read(9, 9) == entries(10, 11)


async def test_a_second_writer_is_fenced_by_the_place_itself(path: Path) -> None:
    """Two processes at one version: one writes, the other is told, and can read the truth."""
    async with opened(path, last=10) as one, opened(path) as other:
        await one.append(10, [ticket(11), ticket(12)])
        with pytest.raises(Conflict):
            await other.append(10, [Entry(11, 5, "other", ticket(11).event)])
        assert await other.start() == entries(2, 12)
        await other.append(12, [ticket(13)])
        with pytest.raises(Conflict):
            await one.append(12, [Entry(13, 5, "one", ticket(13).event)])
        assert await one.start() == entries(2, 13)


async def test_a_locked_journal_is_an_unknown_outcome(path: Path) -> None:
    """Somebody else holds the write lock: nothing is believed until the next start."""
    async with opened(path, last=10) as journal:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            journal._db.execute("PRAGMA busy_timeout=0")
            with pytest.raises(Unknown):
                await journal.append(10, [ticket(11)])
            other.execute("ROLLBACK")
        with pytest.raises(Unknown):
            await journal.append(10, [ticket(11)])
        assert await journal.start() == entries(2, 10)
        await journal.append(10, [ticket(11)])


async def test_readers_see_what_is_durable_and_write_nothing(path: Path) -> None:
    """Read-only, beside the writer: the committed entries, never those of a group under way."""
    async with opened(path, last=10) as journal:
        with closing(read_only(path)) as reader:
            journal._db.execute("BEGIN IMMEDIATE")
            journal._db.execute("INSERT INTO journal VALUES (11, 0, x'00', 0)")
            assert [row[0] for row in walk(reader)] == list(range(1, 11))
            journal._db.execute("ROLLBACK")
            await journal.append(10, [ticket(11)])
            assert [row[0] for row in walk(reader)] == list(range(1, 12))
            for statement in ("DELETE FROM journal", "PRAGMA user_version=9"):
                with pytest.raises(sqlite3.OperationalError):
                    reader.execute(statement)


async def test_a_reader_takes_any_path(tmp_path: Path) -> None:
    """A folder's name may hold what means something in a URI."""
    folder = tmp_path / "mal #1?mode=rw%20"
    folder.mkdir()
    async with opened(folder / "journal.db", last=3):
        with closing(read_only(folder / "journal.db")) as reader:
            assert len(list(walk(reader))) == 3


async def test_another_format_is_refused_and_left_alone(path: Path) -> None:
    """A file of a later release is named with both formats, and not a byte of it changes."""
    async with opened(path, last=3) as journal:
        journal._db.execute("PRAGMA user_version=7")
    before = path.read_bytes()
    with pytest.raises(Damaged, match=r"format 7; this release reads format \d"):
        async with opened(path):
            pass
    assert path.read_bytes() == before


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """Something else under the journal's name: no start, and it is still there."""
    path.write_bytes(b"not a journal" * 100)
    with pytest.raises(Unknown):
        async with opened(path):
            pass
    assert path.read_bytes() == b"not a journal" * 100


async def test_a_closed_journal_says_so(path: Path) -> None:
    """Neither read nor written, no crash; the log file has gone into the database."""
    async with opened(path, last=3) as journal:
        journal._close()
        for act in (journal.append(3, [ticket(4)]), journal.read(0, 1)):
            with pytest.raises(Unknown):
                await act
        assert not path.with_name("journal.db-wal").exists()


async def test_the_disk_is_asked_for_durability(path: Path) -> None:
    """WAL, synchronous=FULL (2): an append that returned is on the disk."""
    async with opened(path) as journal:
        asked = [
            journal._db.execute(f"PRAGMA {p}").fetchone() for p in ("journal_mode", "synchronous")
        ]
        assert asked == [("wal",), (2,)]
