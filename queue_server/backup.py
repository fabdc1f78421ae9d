"""Backup and restore: one file that holds every database but the contacts', and the catalogue."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from .folder import Folder
from .integrity import problems
from .journal.sqlite import read_only

LEFT_OUT = frozenset({"contacts.db", "ballots.db", "notes.db"})
"""What has to be gone after a day must not come back: contacts, and the survey's key of the day."""
PACKED = re.compile(r"[a-z]+\.db|catalogue/(current|[0-9a-f]+\.json)")
"""The names in a backup."""


class NotRestored(Exception):
    """The backup was not put in place; the message says why."""


def back_up(folder: Folder, target: Path) -> int:
    """Write a verified copy to `target` (a tar file); its size in bytes.

    Runs beside a serving process. Raises OSError, ValueError when the copy does not verify.
    """
    target = target.absolute()
    with tempfile.TemporaryDirectory(dir=folder.path, prefix="backup-") as passing:
        copy = Folder(Path(passing) / "copy")
        for name in databases(folder):
            with closing(read_only(folder.path / name)) as db:
                db.execute("VACUUM INTO ?", (str(copy.path / name),))
            os.chmod(copy.path / name, 0o600)  # as the tar and a restore will have it too
        shutil.copytree(folder.path / "catalogue", copy.path / "catalogue")
        found = problems(copy)
        if found:
            raise ValueError(f"the copy does not verify: {found[0]}")
        packed = Path(passing) / "backup.tar"
        _pack(copy.path, packed)
        size = packed.stat().st_size
        _place(packed, target)
    return size


def restore(folder: Folder, source: Path, *, force: bool = False) -> int:
    """Put a backup in place of the folder's data; the version it ends at.

    The caller holds the folder. Refuses to overwrite data that goes further than the backup,
    unless `force`. What was there is kept beside it as `before-restore-...`. The restored
    journal gets another name (epoch): screens must not take its versions for the old ones.
    Raises NotRestored.
    """
    with tempfile.TemporaryDirectory(dir=folder.path, prefix="restore-") as passing:
        copy = Folder(Path(passing) / "copy")
        try:
            _unpack(source, copy.path)
        except (OSError, tarfile.TarError) as error:
            raise NotRestored(f"{source}: {error}") from None
        found = problems(copy)
        if found or not copy.journal.exists():
            raise NotRestored(f"{source}: {found[0] if found else 'it holds no journal'}")
        restored = last_version(copy)
        if not force:
            _refuse_newer(folder, restored)
        _rename_epoch(copy)
        _swap(folder, copy)
    return restored


def databases(folder: Folder) -> list[str]:
    """Names of the databases that a backup of this folder holds."""
    return sorted({path.name for path in folder.path.glob("*.db")} - LEFT_OUT)


def last_version(folder: Folder) -> int:
    """The id of the last entry in a folder's journal; 0 without one."""
    if not folder.journal.exists():
        return 0
    with closing(read_only(folder.journal)) as db:
        (last,) = db.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    return int(last)


def _refuse_newer(folder: Folder, restored: int) -> None:
    try:
        present = last_version(folder)
    except sqlite3.Error as error:
        raise NotRestored(
            f"the data here cannot be read ({error}); add --force to put the backup in its place"
        ) from None
    if present > restored:
        raise NotRestored(
            f"the data here goes on to entry {present}, the backup ends at {restored}; "
            "add --force to go back"
        )


def _pack(source: Path, target: Path) -> None:
    with tarfile.open(target, "w") as tar:
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source)
            if path.is_file() and name.name != "lock" and not name.name.endswith(("-wal", "-shm")):
                tar.add(path, str(name))


def _unpack(source: Path, target: Path) -> None:
    """Only what `_pack` packs, and nowhere else. Raises OSError, TarError, NotRestored."""
    with tarfile.open(source) as tar:
        for member in tar:
            held = tar.extractfile(member) if PACKED.fullmatch(member.name) else None
            if held is None:
                raise NotRestored(f"{source}: it holds {member.name!r}, which no backup has")
            path = target / member.name
            path.parent.mkdir(exist_ok=True)
            path.touch(mode=0o600)
            with open(path, "wb") as file:
                shutil.copyfileobj(held, file)


def _place(packed: Path, target: Path) -> None:
    """Under its name only when it is whole and synced, also on another file system."""
    passing = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        passing.touch(mode=0o600)  # it holds the hashes of passwords and tokens
        shutil.copyfile(packed, passing)
        with open(passing, "rb") as file:
            os.fsync(file.fileno())
        os.replace(passing, target)
    finally:
        passing.unlink(missing_ok=True)


def _rename_epoch(copy: Folder) -> None:
    with closing(sqlite3.connect(copy.journal, isolation_level=None)) as db:
        db.execute("UPDATE about SET epoch = ?", (secrets.token_hex(8),))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _swap(folder: Folder, copy: Folder) -> None:
    """Keep what is here, then put the copy over it: at every moment there is a whole journal."""
    kept = Path(tempfile.mkdtemp(dir=folder.path, prefix="before-restore-"))
    for name in databases(folder):
        for found in list(folder.path.glob(f"{name}*")):
            os.link(found, kept / found.name)
    if (folder.path / "catalogue").exists():
        shutil.copytree(folder.path / "catalogue", kept / "catalogue")
    # Documents are named by their content, so the databases may come before or after them; the
    # pointer with them.
    shutil.copytree(copy.path / "catalogue", folder.path / "catalogue", dirs_exist_ok=True)
    for name in databases(copy):
        for sidecar in ("-wal", "-shm"):  # of the old file: the new one must not be read with it
            (folder.path / (name + sidecar)).unlink(missing_ok=True)
        os.replace(copy.path / name, folder.path / name)
