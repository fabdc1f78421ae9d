"""Backup and restore: one file that holds every database but the contacts', and the catalogue.

A file that is restored came from somewhere: it is read as if by an enemy (`unpacked`).
"""

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
SPARE = 64 * 1024 * 1024
"""Bytes that a backup leaves free beside itself: numbers are given meanwhile."""
PACKED = re.compile(r"[a-z]+\.db|catalogue/(current|[0-9a-f]+\.json)")
"""The names in a backup."""


class NotRestored(Exception):
    """The backup was not put in place; the message says why.

    `fault` is what is wrong with the file, for those who have no command line: "tar" (it is none),
    "foreign" (it holds what no backup has), "damaged", "newer" (of a newer release), "disk"; ""
    where it is not the file.
    """

    def __init__(self, message: str, fault: str = "") -> None:
        super().__init__(message)
        self.fault = fault


def back_up(folder: Folder, target: Path) -> int:
    """Write a verified copy to `target` (a tar file); its size in bytes.

    Runs beside a serving process. Raises OSError, ValueError when the copy does not verify.
    """
    target = target.absolute()
    _check_room(folder)
    with tempfile.TemporaryDirectory(dir=folder.path, prefix="backup-") as passing:
        copy = Folder(Path(passing) / "copy")
        for name in databases(folder):
            with closing(read_only(folder.path / name)) as db:
                db.execute("VACUUM INTO ?", (str(copy.path / name),))
            os.chmod(copy.path / name, 0o600)  # as the tar and a restore will have it too
        if (folder.path / "catalogue").exists():  # a hall that is not set up has none
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
        copy = unpacked(source, Path(passing) / "copy")
        restored = last_version(copy)
        if not force:
            _refuse_newer(folder, restored)
        put_in_place(folder, copy)
    return restored


def unpacked(source: Path, target: Path) -> Folder:
    """A backup's data in a folder of its own, verified. Raises NotRestored: nothing else is
    changed then."""
    copy = Folder(target)
    try:
        _unpack(source, copy.path)
    except (EOFError, tarfile.TarError) as error:
        raise NotRestored(f"{source.name}: {error}", "tar") from None
    except OSError as error:
        raise NotRestored(f"{source.name}: {error}", "disk") from None
    if not copy.journal.exists():
        raise NotRestored(f"{source.name}: it holds no journal", "foreign")
    found = problems(copy)
    if found:
        raise NotRestored(f"{source.name}: {found[0]}", "damaged")
    return copy


def put_in_place(folder: Folder, copy: Folder) -> Path:
    """Make a verified copy, which is used up, the folder's data; where that is kept which was
    there. The caller holds the folder, and nothing in it is open. Killed half-way, it is done to
    its end, or was never begun."""
    _rename_epoch(copy)
    kept = _keep(folder)
    for name in LEFT_OUT:
        (copy.path / name).unlink(missing_ok=True)
    folder.replace_by(copy.path)
    _forget_tickets(folder)
    return kept


def put_back(folder: Folder, kept: Path) -> None:
    """Undo `put_in_place`: what it kept is the data again."""
    folder.replace_by(kept)


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


def _check_room(folder: Folder) -> None:
    """The copy and its tar must not fill the disk that the journal needs. Raises OSError."""
    size = sum((folder.path / name).stat().st_size for name in databases(folder))
    free = shutil.disk_usage(folder.path).free
    if free < 2 * size + SPARE:
        need = (2 * size + SPARE) // 1_000_000
        raise OSError(f"{folder.path}: {need} MB are needed for a backup, {free // 1_000_000} free")


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
    # Not compressed and not sparse: so nothing unpacks to more than the file's own size.
    with tarfile.open(source, "r:") as tar:
        for member in tar:
            held = tar.extractfile(member) if _is_ours(member, target) else None
            if held is None:
                name = member.name[:64]
                raise NotRestored(
                    f"{source.name}: it holds {name!r}, which no backup has", "foreign"
                )
            path = target / member.name
            path.parent.mkdir(exist_ok=True)
            path.touch(mode=0o600)
            with open(path, "wb") as file:
                shutil.copyfileobj(held, file)


def _is_ours(member: tarfile.TarInfo, target: Path) -> bool:
    """Whether a backup has such a member: a plain file of a known name, once."""
    plain = member.isreg() and not member.issparse()
    return bool(plain and PACKED.fullmatch(member.name) and not (target / member.name).exists())


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


def _keep(folder: Folder) -> Path:
    """Keep what is here, so that the copy can be put over it: at every moment there is a whole
    journal."""
    kept = Path(tempfile.mkdtemp(dir=folder.path, prefix="before-restore-"))
    for name in databases(folder):
        for found in list(folder.path.glob(f"{name}*")):
            os.link(found, kept / found.name)
    if (folder.path / "catalogue").exists():
        shutil.copytree(folder.path / "catalogue", kept / "catalogue")
    return kept


def _forget_tickets(folder: Folder) -> None:
    """The numbers that a restored journal gives anew are other people's: what no backup holds, and
    goes by a ticket's id, must not be theirs."""
    for path in [*folder.path.glob("notes.db*"), *folder.path.glob("reports.duckdb*")]:
        path.unlink()
    ballots = folder.room("ballots")
    if ballots.exists():
        with closing(sqlite3.connect(ballots, isolation_level=None)) as db:
            db.execute("PRAGMA secure_delete=ON")
            for table in ("spent", "day"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608  # one of two names
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
