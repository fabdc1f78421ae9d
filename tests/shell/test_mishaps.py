"""What goes wrong around a hall: damaged files, full disks, odd words. One line, no traceback."""

from __future__ import annotations

import io
import os
import sqlite3
import stat
import tarfile
from pathlib import Path

import pytest

from queue_server import backup, chores
from queue_server.catalogue import Catalogue, CatalogueError
from queue_server.config import ConfigError, load
from queue_server.folder import Folder
from queue_server.order import Unavailable
from tests.hall import ROOT, Process, Running, antrean, catalogue, running

CONFIG = ("--config", str(ROOT / "config.toml"))


async def _kept(hall: Running, file: Path) -> None:
    """A backup of the running hall, made as the command makes it."""
    await chores.do(hall.house, hall.folder, "backup", {"file": str(file)})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("serve", "--port", "99999"), "--port: expected 0 to 65535, found '99999'"),
        (("serve", "--port", "-1"), "--port: expected"),
        (("token", "add", "x", "--role", "god"), "invalid choice: 'god'"),
        (("nonsense",), "invalid choice: 'nonsense'"),
        ((), "required: COMMAND"),
    ],
)
async def test_a_mistyped_command_is_one_line(words: tuple[str, ...], says: str) -> None:
    """Wrong words: exit 2 and one line on stderr."""
    code, out, err = await antrean(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


async def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    """Users, catalogue or a name that cannot be read: exit 2 and one line."""
    words = ("token", "add", "x", "--role", "kiosk", *CONFIG, "--data", str(tmp_path))
    assert (await antrean(*words))[0] == 0
    odd = os.fsdecode(b"x\xff")
    code, _, err = await antrean("token", "add", odd, *words[3:])
    assert (code, err.count("\n")) == (2, 1)
    (tmp_path / "office.db").write_bytes(b"no database " * 500)
    code, _, err = await antrean(*words)
    assert (code, err.count("\n")) == (2, 1)
    (tmp_path / "catalogue" / "current").write_bytes(b"\xff\xff")
    code, _, err = await antrean("check", *CONFIG, "--data", str(tmp_path))
    assert (code, err) == (2, "antrean: catalogue/current is damaged; restore a backup\n")


def test_a_variable_with_a_part_too_many_is_refused() -> None:
    """A variable that treats a key as a section is named, with what was expected."""
    with pytest.raises(ConfigError, match="expected ANTREAN_<SECTION>__<KEY>, found ANTREAN_SERV"):
        load(ROOT / "config.toml", {"ANTREAN_SERVER__HOST__X": "1"})


def test_a_bad_item_of_a_list_is_shown() -> None:
    """A wrong item of a list is what the line says was found."""
    with pytest.raises(ConfigError, match=r"languages\.spoken\[0\]: .*found 'xx'"):
        load(None, {"ANTREAN_LANGUAGES__SPOKEN": "['xx']"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ANTREAN_SERVER__URL", "javascript:alert(1)"),
        ("ANTREAN_DISPLAYS__FRAME_ANCESTORS", "['a.id; script-src *']"),
        ("ANTREAN_DISPLAYS__FRAME_ANCESTORS", "['a.id\\nX: y']"),
    ],
)
def test_an_address_that_is_none_is_refused(variable: str, value: str) -> None:
    """What goes into a QR code or a header is an address, and nothing that ends one."""
    with pytest.raises(ConfigError, match=r"(server\.url|frame_ancestors\[0\]): "):
        load(None, {variable: value})


def test_toml_of_a_thousand_brackets_is_refused(tmp_path: Path) -> None:
    """Nesting deeper than the reader goes is a fault of the file, not of the program."""
    deep = "a = " + "[" * 5000
    (tmp_path / "deep.toml").write_text(deep)
    with pytest.raises(ConfigError, match=r"deep\.toml"):
        load(tmp_path / "deep.toml", {})
    with pytest.raises(CatalogueError):
        Catalogue.parse(deep)


def test_a_counter_names_a_service_once() -> None:
    """A service that stands twice at a counter is refused: its line would be served twice."""
    text = catalogue().dump()
    with pytest.raises(CatalogueError, match=r"service .paspor. stands 2 times"):
        Catalogue.parse(
            text.replace('services = [\n    "paspor",', 'services = ["paspor", "paspor",', 1)
        )


async def test_a_damaged_journal_is_replaced_by_a_backup(tmp_path: Path) -> None:
    """A backup goes over a journal that cannot be read, with --force; without, one line says so."""
    file = tmp_path / "backup.tar"
    async with running(tmp_path / "data") as hall:
        await _kept(hall, file)
        folder = hall.folder
    folder.journal.write_bytes(b"no database " * 500)
    with folder.hold(), pytest.raises(backup.NotRestored, match=r"cannot be read.*--force"):
        backup.restore(folder, file)
    with folder.hold():
        assert backup.restore(folder, file, force=True) > 0


async def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    """Journal, office and backup hold secrets: mode 0600, after a restore too."""
    file = tmp_path / "backup.tar"
    async with running(tmp_path / "data") as hall:
        await _kept(hall, file)
    other = Folder(tmp_path / "other")
    with other.hold():
        backup.restore(other, file)
    for path in (file, hall.folder.journal, hall.folder.office, other.journal, other.office):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


async def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A backup that cannot take its name leaves no passing file beside it."""
    target = tmp_path / "taken"
    target.mkdir()
    async with running(tmp_path / "data") as hall:
        with pytest.raises(chores.ChoreFailed):
            await _kept(hall, target)
    assert sorted(os.listdir(tmp_path)) == ["data", "taken"]


async def test_a_chore_without_room_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk refuses a chore in a sentence, and the command passes that sentence on."""

    async def no_room(*_: object) -> str:
        raise Unavailable("storage_unavailable")

    def full(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    async with running(tmp_path) as hall:
        monkeypatch.setattr(hall.house.office, "add_token", no_room)
        monkeypatch.setattr(chores, "back_up", full)
        holder = hall.folder.holder()
        assert holder is not None
        for chore in ("token-add", "backup"):
            with pytest.raises(chores.ChoreFailed):
                await chores.ask(holder, chore, {"name": "x", "role": "kiosk", "file": "/x"})
        monkeypatch.setattr(hall.house.office, "add_token", None)  # what nobody foresaw
        with pytest.raises(chores.ChoreFailed):
            await chores.ask(holder, "token-add", {"name": "x", "role": "kiosk"})


async def test_a_foreign_archive_is_refused(tmp_path: Path) -> None:
    """An archive that would write elsewhere, or isn't a backup at all, restores nothing."""
    hall = Process(tmp_path / "data")
    outside = tmp_path / "outside.json"
    for name in ("../outside.json", str(outside), "catalogue/../../outside.json", "notes.txt"):
        archive = tmp_path / "foreign.tar"
        with tarfile.open(archive, "w") as tar:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
        code, _, err = await hall.command("restore", str(archive))
        assert (code, err.count("\n")) == (2, 1)
        assert "which no backup has" in err
    assert not outside.exists()
