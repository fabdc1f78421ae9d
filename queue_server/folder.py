"""The data folder: who holds it, and the catalogue documents in it.

One process at a time serves a folder. The lock file says who, and how another process of the
same user can ask it to do something (`local`): so commands work beside a running server.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from .catalogue import Catalogue, CatalogueError

CATALOGUES = 50
"""Documents that are kept beside the one in force."""


class Held(Exception):
    """Another process serves this folder."""


class Holder(Struct, frozen=True):
    """The serving process: its id, its address, and the secret that its own user may read."""

    pid: int
    url: str = ""
    secret: str = ""


class Folder:
    """One hall's data. Nothing outside it is written."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.journal = path / "journal.db"
        self.office = path / "office.db"
        self.audio = path / "audio"
        self.reports = path / "reports"
        self._lock = path / "lock"
        self._current = path / "catalogue" / "current"
        self._incoming = path / "restoring"
        self.secret = secrets.token_urlsafe(32)

    def room(self, name: str) -> Path:
        """The SQLite file of a room that remembers something besides the journal."""
        return self.path / f"{name}.db"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the folder until the end of the block. Raises Held."""
        file = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Held(f"{self.path}: another antrean process uses this folder") from None
            self.announce("")
            self._finish()
            for left in ("backup-*", "restore-*"):  # of a process that was killed
                for passing in list(self.path.glob(left)):
                    shutil.rmtree(passing, ignore_errors=True)
            yield
        finally:
            os.close(file)

    def replace_by(self, other: Path) -> None:
        """Put the files of another folder on this file system in the place of those here that have
        their names; the other is used up. What is killed half-way is finished by the next `hold`:
        there is no moment at which some of the old data would be served with some of the new."""
        os.rename(other, self._incoming)
        _sync(self.path)
        self._finish()

    def _finish(self) -> None:
        incoming = self._incoming
        if not incoming.exists():
            return
        if (incoming / "catalogue").exists():
            # Documents are named by their content; the pointer goes with them.
            shutil.copytree(incoming / "catalogue", self.path / "catalogue", dirs_exist_ok=True)
        for path in sorted(incoming.glob("*.db")):
            for sidecar in ("-wal", "-shm"):  # of the old file: not to be read with the new one
                (self.path / (path.name + sidecar)).unlink(missing_ok=True)
            os.replace(path, self.path / path.name)
        _sync(self.path)
        shutil.rmtree(incoming)

    def announce(self, url: str) -> None:
        """Say at which address the holder of the folder serves."""
        holder = Holder(os.getpid(), url, self.secret)
        # In place: another name would be another file than the one that is locked.
        with open(self._lock, "r+b") as file:
            file.truncate()
            file.write(msgspec.json.encode(holder))

    def holder(self) -> Holder | None:
        """Who serves this folder now, or None."""
        try:
            with open(self._lock, "rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return None
                except OSError:
                    return msgspec.json.decode(file.read(), type=Holder)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def catalogue(self) -> Catalogue | None:
        """The catalogue that was adopted last, or None in a new folder. Raises CatalogueError."""
        try:
            name = self._current.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise CatalogueError("catalogue/current is damaged; restore a backup") from None
        return self.document(name)

    def document(self, name: str) -> Catalogue:
        """A stored catalogue by its hash. Raises CatalogueError."""
        try:
            found = Catalogue.decode(self._current.with_name(f"{name}.json").read_bytes())
        except OSError as error:
            raise CatalogueError(f"catalogue/{name}.json: {error.strerror}") from None
        if found.hash != name:
            raise CatalogueError(f"catalogue/{name}.json has been changed; import it instead")
        return found

    def store(self, catalogue: Catalogue) -> None:
        """Keep a catalogue's document, durably, under its content's name."""
        path = self._current.with_name(f"{catalogue.hash}.json")
        if not path.exists():
            _write(path, catalogue.encode())

    def forget(self, keep: Collection[str]) -> None:
        """Delete stored catalogues but these and the newest: nothing reads the others, and every
        edit leaves one."""
        with suppress(OSError):  # the next time will do
            found = self._current.parent.glob("*.json")
            by_age = sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
            for path in by_age[CATALOGUES:]:
                if path.stem not in keep:
                    path.unlink(missing_ok=True)

    def adopt(self, catalogue: Catalogue) -> None:
        """Make a stored catalogue the one in force at the next start."""
        _write(self._current, catalogue.hash.encode())


def _write(path: Path, data: bytes) -> None:
    """Write a whole file durably: a reader finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with open(passing, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(passing, path)
        _sync(path.parent)
    finally:
        with suppress(FileNotFoundError):
            passing.unlink()


def _sync(folder: Path) -> None:
    """Make a folder's names durable."""
    open_folder = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(open_folder)
    finally:
        os.close(open_folder)
