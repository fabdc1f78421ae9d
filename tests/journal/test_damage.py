"""Damage at rest: found at the start, or harmless; never a changed history."""

# ruff: noqa: ASYNC240 - a test may wait for its files

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest

from queue_server.core.digest import digest
from queue_server.core.evolve import fold
from queue_server.journal.log import Damaged, JournalError
from queue_server.journal.rows import link, to_rows, verified
from queue_server.journal.sqlite import SqliteJournal, read_only, walk

from .kit import entries, opened, ticket

LAST = 74
"""Few enough to be quick, enough for three leaves; the last leaf holds several rows."""
PAGE = 4096


@pytest.fixture(scope="module")
async def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A closed journal's file."""
    path = tmp_path_factory.mktemp("sound") / "journal.db"
    async with opened(path) as journal:
        for last in range(0, LAST, 2):
            await journal.append(last, entries(last + 1, last + 2))
    return path.read_bytes()


async def outcome(path: Path, content: bytes) -> str:
    """ "found" when the start refuses, else the digest of the hall that it replays."""
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)
    path.write_bytes(content)
    journal = SqliteJournal(path, reserve=0)
    try:
        return digest(fold(await journal.start()))
    except (Damaged, JournalError):
        return "found"
    finally:
        await journal.close()


async def test_flipped_bits_are_found_or_harmless(tmp_path: Path, sound: bytes) -> None:
    """Every bit of every page's header, and one bit in a sample of all bytes: no other hall."""
    dice = random.Random(7)
    headers = [(page + at, 1 << bit) for page in range(0, len(sound), PAGE)
               for at in range(12) for bit in range(8)]  # fmt: skip
    spread = [(at, 1 << dice.randrange(8)) for at in dice.sample(range(len(sound)), 500)]
    good = digest(fold(entries(2, LAST)))
    found = 0
    for at, bit in headers + spread:
        damaged = bytearray(sound)
        damaged[at] ^= bit
        seen = await outcome(tmp_path / "journal.db", bytes(damaged))
        assert seen in ("found", good), f"byte {at} xor {bit}: another hall, silently"
        found += seen == "found"
    assert found > 200


async def test_truncated_zeroed_and_stale_pages_are_found(tmp_path: Path) -> None:
    """A file cut at any page, a page of zeros, a page as it was some appends ago."""
    path, copies = tmp_path / "source.db", list[bytes]()
    async with opened(path) as journal:
        for last in range(0, LAST, 2):
            await journal.append(last, entries(last + 1, last + 2))
            journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copies.append(path.read_bytes())
    sound, pages = copies[-1], range(0, len(copies[-1]), PAGE)
    cases = [sound[:page] for page in pages if page]
    cases += [sound[:page] + bytes(PAGE) + sound[page + PAGE :] for page in pages]
    for old in copies[-12:-1]:
        cases += [
            sound[:page] + old[page : page + PAGE] + sound[page + PAGE :]
            for page in pages
            if page < len(old)
        ]
    good = digest(fold(entries(2, LAST)))
    for case in cases:
        assert await outcome(tmp_path / "journal.db", case) in ("found", good)
    last_leaf = len(copies[-2]) - PAGE
    stale = sound[:last_leaf] + copies[-2][last_leaf:] + sound[len(copies[-2]) :]
    assert await outcome(tmp_path / "journal.db", stale) == "found"


STATEMENTS = [
    "DELETE FROM journal WHERE id = 10",
    "DELETE FROM journal WHERE id = 2",
    "DELETE FROM journal WHERE id = 1",
    f"DELETE FROM journal WHERE id = {LAST}",
    "DELETE FROM journal WHERE id > 5",
    "DELETE FROM journal",
    "DELETE FROM about",
    "UPDATE about SET last = 99",
    "UPDATE journal SET opens = 0 WHERE id = 2",
    "UPDATE journal SET opens = 1 WHERE id = 9",
    "UPDATE journal SET crc = crc + 1 WHERE id = 9",
    "UPDATE journal SET body = replace(body, 'A-009', 'A-008') WHERE id = 9",
    "UPDATE journal SET body = (SELECT body FROM journal WHERE id = 8) WHERE id = 9",
    "UPDATE journal SET id = 999 WHERE id = 9",
    "INSERT INTO journal SELECT id + 1, opens, body, crc FROM journal ORDER BY id DESC LIMIT 1",
]


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_rows_that_were_tampered_with_are_found(
    tmp_path: Path, sound: bytes, statement: str
) -> None:
    """Missing, changed, foreign or misplaced rows: the start names the place and refuses."""
    path = tmp_path / "journal.db"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as db:
        # bytes, not text: replace() makes text of a blob
        db.create_function("replace", 3, lambda x, a, b: x.replace(a.encode(), b.encode()))
        db.execute(statement)
        db.commit()
    content = path.read_bytes()
    assert await outcome(path, content) == "found"
    with closing(read_only(path)) as db, pytest.raises(Damaged):
        list(walk(db))


async def test_a_page_that_is_read_later_is_verified_too(tmp_path: Path, sound: bytes) -> None:
    """Yesterday's entries are not replayed at the start: damage shows when they are read."""
    path = tmp_path / "journal.db"
    path.write_bytes(sound)
    async with opened(path) as journal:
        assert await journal.read(5, 10) == entries(6, 15)
        journal._db.execute("UPDATE journal SET crc = crc + 1 WHERE id = 9")
        for after in (6, 8, 9):
            with pytest.raises(Damaged):
                await journal.read(after, 3)
        journal._db.execute("DELETE FROM journal WHERE id = 20")
        with pytest.raises(Damaged):
            await journal.read(20, 3)


def test_the_chain_links_each_row_to_all_before() -> None:
    """The checksum is that of docs/durability.md: previous checksum, id and body."""
    first, second = to_rows(0, entries(1, 2))
    assert first[3] == crc32(first[2], crc32(b"0:1:"))
    assert second[3] == link(first[3], 2, second[2])
    assert (first[1], second[1]) == (0, 1)
    assert list(verified([first, second], 0, 0)) == [first, second]


def test_a_row_of_another_journal_breaks_the_chain() -> None:
    """The same entry after another past has another checksum."""
    rows = to_rows(0, entries(1, 9))
    foreign = to_rows(12345, [ticket(9)])
    with pytest.raises(Damaged, match="entry 9"):
        list(verified([*rows[:8], *foreign], 0, 0))


def test_a_body_that_the_checksum_covers_must_still_make_sense() -> None:
    """A later release's kind, or the id of another row: refused, not skipped."""
    body = b'{"id":1,"at":1,"by":"x","event":{"type":"Teleported"}}'
    with pytest.raises(Damaged, match="cannot be read"):
        list(verified([(1, 0, body, link(0, 1, body))], 0, 0))
    body = to_rows(0, entries(2, 2))[0][2]
    for row in ((1, 1, body, link(0, 1, body)), (2, 0, body, link(0, 2, body))):
        with pytest.raises(Damaged, match="does not agree"):
            list(verified([row], row[0] - 1, 0))
