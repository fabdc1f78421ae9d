"""Backups in the browser: whole files only, rehearsed in a place of their own, hostile ones told
from good ones."""

from __future__ import annotations

import asyncio
import io
import re
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.backup import NotRestored, back_up, unpacked
from queue_server.backups import Backups
from queue_server.config import BackupSection
from queue_server.core import commands as c
from queue_server.floor.alarms import Limits, Memory, look
from queue_server.folder import Folder
from queue_server.oversight import scene
from queue_server.rehearsal import rehearse
from tests.counters.kit import HandClock, Place, place
from tests.counters.test_routes import Colleague, colleague

HERE = "/admin/backup"


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    async with place(tmp_path_factory.mktemp("hall")) as found:
        yield found


@pytest.fixture(scope="module")
async def chief(hall: Place) -> Colleague:
    return await colleague(hall, "Chief", "admin")


@pytest.fixture(scope="module")
async def good(hall: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the hall."""
    path = tmp_path_factory.mktemp("good") / "good.tar"
    await asyncio.to_thread(back_up, hall.running.folder, path)
    return path


async def test_a_backup_is_made_listed_taken_away_and_rehearsed(
    hall: Place, chief: Colleague
) -> None:
    """The file that is downloaded is a whole backup; a rehearsal says what it holds and what has
    come since; each act is in the trail; supervisors see nothing of it."""
    await hall.queue(2)
    assert (await chief.client.post(f"{HERE}/runs")).status_code == 303
    page = (await chief.client.get(f"{HERE}?lang=en")).text
    (name,) = set(re.findall(r"antrean-\d{8}-\d{6}\.tar", page))
    assert "Verified" in page
    answer = await chief.client.get(f"{HERE}/files/{name}")
    assert int(answer.headers["content-length"]) == len(answer.content)
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        assert {"journal.db", "office.db", "catalogue/current"} <= set(tar.getnames())
        assert not {"contacts.db", "notes.db", "ballots.db"} & set(tar.getnames())
    await hall.queue(1)
    await hall.house.office.add_user("Rina", "supervisor")
    assert (await chief.client.post(f"{HERE}/files/{name}/rehearsals")).status_code == 303
    page = (await chief.client.get(f"{HERE}?lang=en")).text
    assert "This backup is sound." in page
    assert "1 queue numbers and 1 events" in page
    assert "Can sign in no more: Rina" in page
    changes = await hall.house.rooms.changes.newest("backup.")
    assert {change.act for change in changes.values()} == {"export", "run"}
    other = await colleague(hall, "Sari", "supervisor")
    assert (await other.client.get(HERE)).status_code == 403
    assert (await other.client.get(f"{HERE}/files/{name}")).status_code == 403


async def test_a_restore_asks_for_the_hall_s_name(hall: Place, chief: Colleague) -> None:
    """Another name, or a rehearsal that is gone, restores nothing; a hall in a process that can't
    start again says what to do instead."""
    gone = await chief.client.post(f"{HERE}/restores", data={"key": "x", "name": "x"})
    assert gone.json()["code"] == "rehearsal_gone"
    asked = []
    staged = hall.house.rooms.backups.staged
    assert staged is not None
    form = {"key": staged.key, "name": "Mal lain"}
    answer = await chief.client.post(f"{HERE}/restores", data=form)
    assert answer.json()["code"] == "restore_elsewhere"
    hall.house.replace = asked.append
    answer = await chief.client.post(f"{HERE}/restores?lang=en", data=form)
    assert (answer.status_code, asked) == (422, [])
    assert "not the name of this hall" in answer.text
    hall.house.replace = None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("at", "25:00", "backup.at"), ("keep_days", "0", "backup.keep_days"),
     ("warn_hours", "soon", "backup.warn_hours")],
)  # fmt: skip
async def test_a_bad_schedule_is_told(
    chief: Colleague, hall: Place, field: str, value: str, says: str
) -> None:
    """The key is named, what was typed stays, nothing is changed."""
    form = {"at": "02:00", "keep_days": "7", "warn_hours": "48", "seen": "0"}
    answer = await chief.client.post(f"{HERE}/settings", data=form | {field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{value}"' in answer.text
    assert hall.house.config.backup == BackupSection()


async def test_a_file_from_elsewhere_is_refused_and_nothing_is_lost(
    hall: Place, chief: Colleague
) -> None:
    """An upload that is no backup is named as such; no file at all too; the hall goes on, and
    nothing of the upload stays."""
    answer = await chief.client.post(
        f"{HERE}/uploads", files={"file": ("holiday.tar", b"x" * 3000)}
    )
    assert answer.status_code == 303
    page = (await chief.client.get(f"{HERE}?lang=en")).text
    assert "This is no backup file" in page
    assert "Pulihkan cadangan ini" not in page
    empty = await chief.client.post(f"{HERE}/uploads", files={"other": ("a", b"b")})
    assert empty.status_code == 422
    torn = await chief.client.post(
        f"{HERE}/uploads", content=b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nab",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )  # fmt: skip
    assert torn.status_code == 400
    assert not list(hall.running.folder.path.glob("restore-*"))
    assert await hall.queue(1)


def _member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE) -> Callable[..., None]:
    def add(tar: tarfile.TarFile, source: Path) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.type, info.linkname = len(data), kind, "/etc/passwd"
        tar.addfile(info, io.BytesIO(data))

    return add


def _whole(tar: tarfile.TarFile, source: Path) -> None:
    with tarfile.open(source) as good:
        for member in good:
            tar.addfile(member, good.extractfile(member))


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ([_member("../journal.db")], "foreign"),
        ([_member("/journal.db")], "foreign"),
        ([_member("catalogue/../../x")], "foreign"),
        ([_member("journal.db", kind=tarfile.SYMTYPE)], "foreign"),
        ([_member("journal.db", kind=tarfile.LNKTYPE)], "foreign"),
        ([_member("journal.db", kind=tarfile.GNUTYPE_SPARSE)], "foreign"),
        ([_member("wp-config.php", b"<?php")], "foreign"),
        ([_whole, _member("journal.db", b"again")], "foreign"),
        ([_whole, _member("contacts.db", b"")], "foreign"),
        ([_whole, _member("future.db", b"")], "newer"),
        ([], "foreign"),
        ([_member("journal.db", b"no database" * 99)], "damaged"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_hostile_files_are_told_apart(
    hall: Place, good: Path, tmp_path: Path, parts: list[Callable[..., None]], fault: str
) -> None:
    """Whatever a file holds that no backup has is refused before anything of it is opened, and
    nothing is written outside the folder that it is unpacked in."""
    source, target = tmp_path / "in" / "file.tar", tmp_path / "out" / "copy"
    source.parent.mkdir()
    with tarfile.open(source, "w") as tar:
        for part in parts:
            part(tar, good)
    report = rehearse(source, target, hall.running.folder)
    assert report.fault == fault, report.said
    assert {path.name for path in tmp_path.iterdir()} <= {"in", "out"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"copy"}


def test_a_restore_that_is_killed_is_done_to_its_end(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after any file, the next start goes on: never some old files with some new ones."""
    for files in range(6):
        data, copy = Folder(tmp_path / f"{files}"), unpacked(good, tmp_path / f"{files}" / "copy")
        names = {path.name: path.read_bytes() for path in copy.path.glob("*.db")}
        for name in names:
            (data.path / name).write_bytes(b"old")
        left = iter(range(files))

        def replace(source: Path, target: Path, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            source.rename(target)

        with monkeypatch.context() as patch:
            patch.setattr("queue_server.folder.os.replace", replace)
            with pytest.raises(KeyboardInterrupt):
                data.replace_by(copy.path)
        with data.hold():
            found = {path.name: path.read_bytes() for path in data.path.glob("*.db")}
        assert found == names
        assert data.catalogue() is not None


def test_cut_compressed_and_altered_files_are_refused(good: Path, tmp_path: Path) -> None:
    """A cut file, a compressed one (it could unpack to anything), one bit of a journal."""
    cut = tmp_path / "cut.tar"
    cut.write_bytes(good.read_bytes()[:-30_000])
    packed = tmp_path / "packed.tar"
    with tarfile.open(packed, "w:gz") as tar:
        _whole(tar, good)
    altered = tmp_path / "altered.tar"
    with tarfile.open(good) as tar:
        for member in filter(tarfile.TarInfo.isfile, tar):  # Debian's 3.11 has no filter="data"
            inner = tmp_path / "open" / member.name
            inner.parent.mkdir(parents=True, exist_ok=True)
            inner.write_bytes(tar.extractfile(member).read())  # type: ignore[union-attr]  # a file
    with closing(sqlite3.connect(tmp_path / "open" / "journal.db")) as db, db:
        db.execute("UPDATE journal SET crc = crc + 1 WHERE id = 2")
    with tarfile.open(altered, "w") as tar:
        tar.add(tmp_path / "open", "")
    for number, path in enumerate((cut, packed, altered)):
        with pytest.raises(NotRestored) as refused:
            unpacked(path, tmp_path / f"copy{number}")
        assert refused.value.fault in {"tar", "foreign", "damaged"}


async def test_the_night_s_backup_is_made_once_and_old_ones_go(hall: Place) -> None:
    """Not before its time, once after it, again the next day; those that are too old go, the last
    one never; none for a day is late."""
    clock = HandClock(hall.house.clock.now())
    section = BackupSection(at="00:01", keep_days=1, warn_hours=30, folder="nightly")
    backups = Backups(
        hall.running.folder, section, hall.house.rooms.changes, clock,
        hall.house.config.rule_hours(),
    )  # fmt: skip
    await backups.look()
    assert backups.kept() == []
    day = 24 * 3_600_000
    for counts in (1, 2, 2):
        clock.time += day
        await backups.look()
        await backups.look()
        assert len(backups.kept()) == counts
        assert not backups.late
    clock.time += 2 * day
    assert backups.late
    await backups.close()


async def test_a_backup_that_cannot_be_made_is_said(
    hall: Place, chief: Colleague, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder that is not there: the page says why, and no half file stays."""
    (tmp_path / "file").write_text("")
    section = BackupSection(folder=str(tmp_path / "file" / "below"))
    backups = hall.house.rooms.backups
    monkeypatch.setattr(backups, "_section", section)
    await hall.does(c.OpenCounter(counter="5", by=c.Actor("chief", steward=True)))
    await chief.client.post(f"{HERE}/runs")
    page = (await chief.client.get(f"{HERE}?lang=en")).text
    assert "No backup could be made" in page
    assert "Not a directory" in page


async def test_an_old_backup_is_an_alarm(hall: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the supervisor's board, with what to do; a hall that asks for none has none."""
    backups = hall.house.rooms.backups
    for hours, found in ((1, ["backup"]), (0, [])):
        monkeypatch.setattr(backups, "_section", BackupSection(warn_hours=hours))
        monkeypatch.setattr(backups, "_last", hall.clock.time - 2 * 3_600_000)
        alarms, _ = look(scene(hall.house), Limits(), Memory())
        assert [one.kind for one in alarms if one.kind == "backup"] == found
