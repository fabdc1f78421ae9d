"""Disks that are full, fail, or do not say what they did."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.journal.log import Conflict, Damaged, Full, Unknown
from queue_server.journal.sqlite import RESERVE, SqliteJournal

from .kit import Breaking, entries, opened, sqlite_error, ticket

IOERR_FSYNC = 1034


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


async def test_full_is_certainly_not_written_and_the_same_process_goes_on(path: Path) -> None:
    """No page is left: Full, the version stands; with room again the next append works."""
    async with opened(path, last=10) as journal:
        (pages,) = journal._db.execute("PRAGMA page_count").fetchone()
        journal._db.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(Full):
            await journal.append(10, entries(11, 200))
        assert await journal.read(9, 9) == [ticket(10)]
        journal._db.execute("PRAGMA max_page_count=100000")
        await journal.append(10, entries(11, 200))
    async with opened(path) as journal:
        assert await journal.start() == entries(2, 200)


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_failed_commit_is_perhaps_written(path: Path, carried_out: bool) -> None:
    """An I/O error in COMMIT: Unknown, nothing more until a start, which finds out."""
    async with opened(path, last=10) as journal:
        error = sqlite_error(IOERR_FSYNC)
        journal._db = Breaking(journal._db, {"COMMIT": error}, carried_out=carried_out)
        with pytest.raises(Unknown):
            await journal.append(10, [ticket(11)])
        with pytest.raises(Unknown):
            await journal.append(10, [ticket(11)])
        assert await journal.start() == entries(2, 11 if carried_out else 10)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY])
async def test_full_without_a_clean_rollback_is_unknown(path: Path, code: int) -> None:
    """Only a clean rollback makes "not written" certain."""
    async with opened(path, last=10) as journal:
        broken = {"COMMIT": sqlite_error(code), "ROLLBACK": sqlite_error(IOERR_FSYNC)}
        journal._db = Breaking(journal._db, broken)
        with pytest.raises(Unknown):
            await journal.append(10, [ticket(11)])
        assert await journal.start() == entries(2, 10)


async def test_errors_that_are_not_sqlites_own_are_unknown(path: Path) -> None:
    """An error without a result code is never taken for a certain one."""
    async with opened(path, last=10) as journal:
        journal._db = Breaking(journal._db, {"COMMIT": sqlite3.ProgrammingError("closed")})
        with pytest.raises(Unknown):
            await journal.append(10, [ticket(11)])


async def test_a_read_that_fails_is_unknown(path: Path) -> None:
    """An I/O error while reading comes out as the journal's own error."""
    async with opened(path, last=10) as journal:
        sound, journal._db = journal._db, Breaking(journal._db, {"SELECT": sqlite_error(10)})
        with pytest.raises(Unknown):
            await journal.read(0, 5)
        journal._db = sound


async def test_a_start_after_any_failure_raises_the_journals_errors_only(path: Path) -> None:
    """A connection that can't even checkpoint or close does not break the next start."""
    async with opened(path, last=10) as journal:

        class Hopeless(Breaking):
            def close(self) -> None:
                self.db.close()
                raise sqlite_error(10)

        journal._db = Hopeless(journal._db, {"PRAGMA": sqlite_error(sqlite3.SQLITE_FULL)})
        assert await journal.start() == entries(2, 10)
        journal._db = Hopeless(journal._db, {"PRAGMA": sqlite_error(sqlite3.SQLITE_FULL)})
    async with opened(path) as journal:
        assert await journal.start() == entries(2, 10)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), Full),
        (sqlite_error(sqlite3.SQLITE_IOERR_SHMSIZE), Full),
        (sqlite_error(10), Unknown),
        (UnicodeDecodeError("utf-8", b"malformed \xff", 10, 11, "invalid"), Damaged),
    ],
    ids=["full", "no room for the index", "i/o error", "garbage"],
)
async def test_a_start_says_why_it_failed(
    path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: type[Exception]
) -> None:
    """Full, unknown or damaged: the Desk must know whether giving room helps."""

    def connect(path: Path) -> sqlite3.Connection:
        raise error

    monkeypatch.setattr("queue_server.journal.sqlite.connect", connect)
    journal = SqliteJournal(path, reserve=0)
    with pytest.raises(expected):
        await journal.start()
    await journal.close()


# The reserve --------------------------------------------------------------------------------


async def test_the_reserve_is_given_back_once_and_put_aside_again(path: Path) -> None:
    """Kept from the start; given; nothing more to give; kept again when there is plenty."""
    reserve = path.with_name("reserve")
    async with opened(path, reserve=4096) as journal:
        assert reserve.stat().st_size == 4096
        assert await journal.make_room()
        assert not reserve.exists()
        assert not await journal.make_room()
        assert await journal.keep_room()
        assert await journal.keep_room()
        assert reserve.stat().st_size == 4096


async def test_no_reserve_is_kept_on_a_nearly_full_disk_or_against_a_quota(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too little free space, or an allocation that fails: none, and no half of one. A start is
    content with twice its size; while it runs four times is wanted."""
    nearly = disk_of(blocks=10_000, free=7)
    with monkeypatch.context() as patched:
        patched.setattr(os, "statvfs", lambda _: nearly)
        async with opened(path, reserve=4 * 4096) as journal:
            assert not path.with_name("reserve").exists()
            nearly = disk_of(blocks=10_000, free=15)
            assert not await journal.keep_room()
            assert not path.with_name("reserve").exists()
        async with opened(path, reserve=4 * 4096) as journal:
            assert await journal.make_room()

    def refuse(*_: int) -> None:
        raise OSError(errno.EDQUOT, "quota")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    async with opened(path, reserve=4096) as journal:
        assert not await journal.keep_room()
        assert not path.with_name("reserve").exists()
        assert not await journal.make_room()


async def test_a_small_disk_keeps_a_small_reserve(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An eighth of the disk at the most: calls go on there too when it fills, and numbers come
    back when it has room again. (A fixed 16 MB was never kept on a disk of 40.)"""
    small = disk_of(blocks=10_240, free=9_000)
    monkeypatch.setattr(os, "statvfs", lambda _: small)
    async with opened(path, reserve=RESERVE) as journal:
        assert path.with_name("reserve").stat().st_size == 10_240 * 4096 // 8
        assert await journal.make_room()
        assert await journal.keep_room()


def disk_of(blocks: int, free: int) -> os.statvfs_result:
    """What the system says of a disk, in blocks of 4096 bytes."""
    return os.statvfs_result((4096, 4096, blocks, free, free, 0, 0, 0, 0, 255))


SIZE, KEPT = 600 * 1024, 64 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 600 KB, when this process may mount one."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(mounted)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield mounted
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def fill(disk: Path) -> None:
    """Leave not one byte."""
    with open(disk / "filler", "wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


async def test_a_full_disk_goes_on_with_the_reserve(small_disk: Path) -> None:
    """ENOSPC: Full; the reserve is given and the append works; room again: it is kept again."""
    async with opened(small_disk / "journal.db", reserve=KEPT, last=10) as journal:
        fill(small_disk)
        last = await append_until_full(journal, 10)
        assert await journal.make_room()
        await journal.append(last, entries(last + 1, last + 20))
        assert not await journal.keep_room()
        (small_disk / "filler").unlink()
        assert await journal.keep_room()
        assert await journal.start() == entries(2, last + 20)


async def append_until_full(journal: SqliteJournal, last: int) -> int:
    """Twenty at a time; the last entry that was written."""
    try:
        while True:
            await journal.append(last, entries(last + 1, last + 20))
            last += 20
    except Full:
        return last


LEAVE = """
import asyncio, os, pathlib, sys
from queue_server.journal.sqlite import SqliteJournal
from tests.journal.kit import entries
async def main():
    journal = SqliteJournal(pathlib.Path(sys.argv[1]), reserve=int(sys.argv[2]))
    await journal.start()
    await journal.append(0, entries(1, 10))
    if sys.argv[3] == "killed":
        os._exit(0)
    await journal.close()
asyncio.run(main())
"""


@pytest.mark.parametrize("end", ["killed", "closed"])
async def test_a_start_on_a_full_disk_needs_the_reserve(small_disk: Path, end: str) -> None:
    """A server that is started again on a full disk finds its entries: at once, or when the
    reserve is given back; and can go on."""
    path = small_disk / "journal.db"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", LEAVE, str(path), str(KEPT), end]
    await asyncio.to_thread(subprocess.run, command, check=True, cwd=root)
    fill(small_disk)
    journal = SqliteJournal(path, reserve=KEPT)
    try:
        found = await journal.start()
    except Full:
        assert await journal.make_room()
        found = await journal.start()
    assert found == entries(2, 10)
    await journal.make_room()
    await journal.append(10, [ticket(11)])
    with pytest.raises(Conflict):
        await journal.append(10, [ticket(11)])
    await journal.close()
