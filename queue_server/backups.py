"""The kept backups: made every night and by hand, kept some days, rehearsed, and put in place.

A file has its name only once it is whole and verified, so what is listed can be relied on. Making
and rehearsing are done by a process of their own (`backup_worker`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from .backup import SPARE
from .backup_worker import BackupFailed, Worker
from .changes import SYSTEM, Changes, Json
from .clock import Clock
from .config import BackupSection
from .core.calendar import local, minute_of
from .core.plan import Hours
from .folder import Folder
from .order import Unavailable
from .rehearsal import Report
from .web.identity import Identity
from .web.problems import Problem

log = logging.getLogger(__name__)

T = TypeVar("T")
NAME = re.compile(r"antrean-\d{8}-\d{6}\.tar")
EVERY = 30.0
"""Seconds between two looks at the clock."""
AGAIN = 15 * 60_000
"""How long (ms) after a failure it is tried again."""
HOUR = 3_600_000
DAY = 24 * HOUR
STAGED = HOUR
"""How long (ms) what was rehearsed waits to be put in place."""


class Kept(Struct, frozen=True):
    """A backup in the folder: its name, when it was made (epoch ms), its size in bytes."""

    name: str
    at: int
    size: int


class Failure(Struct, frozen=True):
    """A backup that could not be made: when (epoch ms), and why."""

    at: int
    why: str


class Staged(Struct, frozen=True):
    """A backup that was rehearsed. `key` names it in a form, `name` is the file's own, `copy` the
    folder where it is unpacked, if it is sound."""

    key: str
    name: str
    at: int
    report: Report
    copy: Path


class Replacement(Struct, frozen=True):
    """A copy to be put in place of the data, and who wants it, from where, for the record."""

    copy: Path
    by: Identity
    address: str
    before: Json
    after: Json


class Backups:
    """`start` once the journal is open; `close` in the end. One thing at a time is done."""

    def __init__(
        self, folder: Folder, section: BackupSection, changes: Changes, clock: Clock, hours: Hours
    ) -> None:
        self._data = folder
        self._section = section
        self._changes = changes
        self._clock, self._hours = clock, hours
        self._since = clock.now()
        self._last = 0
        """When the last one was made, as the last look found it: alarms don't wait for a disk."""
        self._doing = asyncio.Lock()
        self._worker = Worker()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._keeper: asyncio.Task[None] | None = None
        self.failure: Failure | None = None
        self.staged: Staged | None = None

    def configure(self, section: BackupSection, hours: Hours) -> None:
        """Follow settings that have changed."""
        self._section, self._hours = section, hours

    def start(self) -> None:
        """Make what is due from now on."""
        self._keeper = asyncio.create_task(self._keep_on(), name="backups")

    async def close(self) -> None:
        """Stop; a backup that is under way has no name and is nothing."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        for task in list(self._tasks):
            task.cancel()
        self._worker.end()

    @property
    def folder(self) -> Path:
        """Where they are kept: beside the data, or where the configuration file says."""
        return self._data.path / self._section.folder

    @property
    def busy(self) -> bool:
        """Whether one is being made or rehearsed."""
        return self._doing.locked()

    @property
    def late(self) -> int:
        """Since when (epoch ms) the last backup is too old; 0: it is not, or nobody asked."""
        if not self._section.warn_hours:
            return 0
        due = (self._last or self._since) + self._section.warn_hours * HOUR
        return due if self._clock.now() > due else 0

    def kept(self) -> list[Kept]:
        """Those that there are, newest first."""
        found = []
        with contextlib.suppress(OSError):  # there is no folder yet, or it is not mounted
            for path in self.folder.iterdir():
                if NAME.fullmatch(path.name):
                    found.append(Kept(path.name, self._made_at(path.name), path.stat().st_size))
        return sorted(found, key=lambda one: one.name, reverse=True)

    def path(self, name: str) -> Path:
        """A kept backup's file. Raises Problem 404."""
        path = self.folder / name
        if not NAME.fullmatch(name) or not path.is_file():
            raise Problem(404, "unknown_backup", name=name[:64])
        return path

    async def make(self, by: Identity, address: str) -> Kept:
        """Make one and keep it. Raises BackupFailed, Unavailable; the caller's cancellation
        stops nothing."""
        return await asyncio.shield(self._task(self._make(by, address)))

    async def rehearse(self, source: Path, name: str, *, ours: bool) -> Staged:
        """Unpack a backup aside, verify and replay it, and say what it holds. `ours`: the file is
        a kept one and stays where it is; else it is of `receiving`. Cancelled as `make` is."""
        return await asyncio.shield(self._task(self._rehearse(source, name, ours)))

    def has_room(self, size: int) -> bool:
        """Whether a file of so many bytes can be taken in and unpacked beside a running hall."""
        return shutil.disk_usage(self._data.path).free > 2 * size + SPARE

    @contextlib.contextmanager
    def receiving(self) -> Iterator[Path]:
        """Where an upload is written to; it is thrown away with the block."""
        folder = Path(tempfile.mkdtemp(dir=self._data.path, prefix="restore-"))
        try:
            yield folder / "upload.tar"
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def forget(self) -> None:
        """Throw away what was rehearsed."""
        if self.staged is not None:
            shutil.rmtree(self.staged.copy.parent, ignore_errors=True)
            self.staged = None

    # Within -------------------------------------------------------------------------------

    def _task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name="backup")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _rehearse(self, source: Path, name: str, ours: bool) -> Staged:
        async with self._doing:
            self.forget()
            # The upload is taken along before its request may end.
            copy = self._data.path / f"restore-{secrets.token_hex(8)}" / "copy"
            copy.parent.mkdir()
            if not ours:
                taken = copy.parent / source.name
                os.replace(source, taken)
                source = taken
            report = await asyncio.to_thread(self._worker.rehearse, source, copy, self._data)
            if report.fault:
                await asyncio.to_thread(shutil.rmtree, copy.parent, ignore_errors=True)
            self.staged = Staged(copy.parent.name, name, self._clock.now(), report, copy)
            return self.staged

    async def _make(self, by: Identity, address: str) -> Kept:
        async with self._doing:
            now = self._clock.now()
            name = f"antrean-{local(now, self._hours):%Y%m%d-%H%M%S}.tar"
            try:
                if not Path(self._section.folder).is_absolute():
                    # A folder elsewhere is somebody's to make: perhaps a disk is not mounted.
                    self.folder.mkdir(mode=0o700, exist_ok=True)
                size = await asyncio.to_thread(self._worker.make, self._data, self.folder / name)
            except (BackupFailed, OSError) as error:
                self.failure = Failure(now, str(error))
                log.error("no backup was made: %s", error)
                raise BackupFailed(str(error)) from None
            self.failure, self._last = None, now
            about: Json = {"bytes": size, "verified": True}
            await self._changes.record(by, address, f"backup.{name}", "create", None, about)
            return Kept(name, now, size)

    async def _keep_on(self) -> None:
        while True:
            try:
                await self.look()
            except (BackupFailed, Unavailable):
                log.warning("the backup that is due is tried again later")
            except Exception:  # the task's top: tomorrow's backup must be made all the same
                log.exception("the backups could not be looked after")
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Make what is due, throw away what is old. Raises BackupFailed, Unavailable."""
        now = self._clock.now()
        if self.staged is not None and now - self.staged.at > STAGED and not self.busy:
            self.forget()
        last = next(iter(await asyncio.to_thread(self.kept)), None)
        self._last = last.at if last else 0
        if self._is_due(now, last):
            await self.make(SYSTEM, "")
            await self._throw_away()

    def _is_due(self, now: int, last: Kept | None) -> bool:
        if not self._section.at or self.busy:
            return False
        if self.failure is not None and now - self.failure.at < AGAIN:
            return False
        today = local(now, self._hours)
        hour, minute = map(int, self._section.at.split(":"))
        if minute_of(now, self._hours) < hour * 60 + minute:
            return False
        due = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
        # Not at the first start of a new hall: there is nothing yet, and its people wait.
        return last.at < due.timestamp() * 1000 if last else now - self._since > HOUR

    async def _throw_away(self) -> None:
        """The files that have been kept long enough; the newest one stays, however old."""
        limit = self._clock.now() - self._section.keep_days * DAY
        for old in self.kept()[1:]:
            if old.at < limit:
                (self.folder / old.name).unlink(missing_ok=True)
                before: Json = {"bytes": old.size}
                await self._changes.record(
                    SYSTEM, "", f"backup.{old.name}", "remove", before, None,
                    f"backup.keep_days = {self._section.keep_days}",
                )  # fmt: skip
        # What a restore kept of the data before it is a backup too, and holds people's data.
        for left in self._data.path.glob("before-restore-*"):
            if left.stat().st_mtime * 1000 < limit:
                await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)
                await self._changes.record(SYSTEM, "", f"backup.{left.name}", "remove")

    def _made_at(self, name: str) -> int:
        zone = local(self._clock.now(), self._hours).tzinfo
        made = datetime.strptime(name, "antrean-%Y%m%d-%H%M%S.tar").replace(tzinfo=zone)
        return int(made.timestamp() * 1000)


def report_of(staged: Staged) -> Json:
    """What of a rehearsal goes into the record of changes."""
    holds = staged.report.holds
    return {
        "file": staged.name, "entry": holds.version if holds else 0,
        "ends": holds.ends if holds else 0,
        "loses": msgspec.to_builtins(staged.report.loses),
    }  # fmt: skip
