"""The record of changes: what was recorded stays as it was, and can be found."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.changes import Changes, Search, altered
from queue_server.web.identity import Identity
from tests.web.house import Hands

SARI = Identity("u1", "Sari", "admin")
BUDI = Identity("u2", "Budi", "supervisor")


@pytest.fixture
async def changes(tmp_path: Path) -> AsyncIterator[Changes]:
    room = Changes(tmp_path / "changes.db", Hands())
    await room.open()
    await room.record(SARI, "10.0.0.7", "settings.hall", "change", None, {"name": "MPP"})
    await room.record(BUDI, "10.0.0.8", "user.7", "create", None, {"name": "Wayan_1", "n": 100})
    await room.record(SARI, "10.0.0.7", "settings.hall", "change", {"name": "MPP"}, None, "lama")
    yield room
    await room.close()


async def test_what_is_recorded_is_found_newest_first(changes: Changes) -> None:
    """By person, by what, by text anywhere (its % and _ are themselves), page after page."""
    every = await changes.find(Search())
    assert [one.id for one in every] == [3, 2, 1]
    assert (every[1].by, every[1].address, bytes(every[1].after)) == (
        "u2", "10.0.0.8", b'{"n":100,"name":"Wayan_1"}',
    )  # fmt: skip
    assert [one.id for one in await changes.find(Search(who="u1"))] == [3, 1]
    assert [one.id for one in await changes.find(Search(who="sAr"))] == [3, 1]
    assert [one.id for one in await changes.find(Search(what="settings."))] == [3, 1]
    assert [one.id for one in await changes.find(Search(text="wayan_"))] == [2]
    assert await changes.find(Search(text="wayan%1")) == []
    assert [one.id for one in await changes.find(Search(before=3), 1)] == [2]
    assert list(await changes.newest("settings.")) == ["settings.hall"]


async def test_what_was_recorded_is_not_changed(changes: Changes, tmp_path: Path) -> None:
    """The file refuses; and what is done without its triggers is found by `verify`."""
    path = tmp_path / "changes.db"
    assert list(altered(path)) == []
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for sql in ("UPDATE changes SET name = 'x'", "DELETE FROM changes"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(sql)
        assert list(altered(path)) == []
        db.execute("DROP TRIGGER changes_stay")
        db.execute("UPDATE changes SET name = 'Ani' WHERE id = 2")
    assert list(altered(path)) == ["change 2 is not as it was recorded"]


async def test_a_row_that_is_missing_is_found(changes: Changes, tmp_path: Path) -> None:
    """Also one in the middle whose neighbours are whole."""
    path = tmp_path / "changes.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TRIGGER changes_remain")
        db.execute("DELETE FROM changes WHERE id = 2")
    assert list(altered(path)) == ["change 2 is not as it was recorded"]
