"""Backups made and rehearsed by a process of their own: a year of entries takes a while, and the
hall must not wait; what a damaged file does to its reader, it does to nobody else.

`python -m queue_server.backup_worker make DATA TARGET` and `… rehearse SOURCE SCRATCH DATA` write
one JSON value.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from .backup import back_up
from .catalogue import CatalogueError
from .folder import Folder
from .rehearsal import Report, rehearse

MEMORY = 4 * 1024 * 1024 * 1024
"""Bytes of the worker's address space."""
SECONDS = 2 * 3600
"""Longer takes none; the worker is ended then."""
ROOT = Path(__file__).resolve().parent.parent


class BackupFailed(Exception):
    """No backup was made; the message says why."""


class Made(Struct, frozen=True):
    """A backup's size in bytes; or what was in its way."""

    size: int = 0
    fault: str = ""


class Worker:
    """One process at a time; its methods block, `end` may come from another thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def make(self, folder: Folder, target: Path) -> int:
        """Make a verified backup; its size in bytes. Raises BackupFailed."""
        out, said = self._run("make", folder.path, target)
        try:
            made = msgspec.json.decode(out, type=Made)
        except msgspec.DecodeError:
            raise BackupFailed(said) from None
        if made.fault:
            raise BackupFailed(made.fault)
        return made.size

    def rehearse(self, source: Path, copy: Path, folder: Folder) -> Report:
        """Rehearse a backup, unpacked as `copy`."""
        try:
            out, said = self._run("rehearse", source, copy, folder.path)
            return msgspec.json.decode(out, type=Report)
        except msgspec.DecodeError:
            return Report("damaged", said)
        except OSError as error:
            return Report("disk", str(error))

    def end(self) -> None:
        """Kill what is under way."""
        if self._process is not None:
            self._process.kill()

    def _run(self, verb: str, *paths: Path) -> tuple[bytes, str]:
        """What it wrote, and the last line that it complained with."""
        words = [verb, *(str(path.absolute()) for path in paths)]
        with subprocess.Popen(  # noqa: S603  # this very file, by no shell
            [sys.executable, "-m", __name__, *words], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            self._process = process
            try:
                out, complaint = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                return b"", f"it took more than {SECONDS} s"
            finally:
                self._process = None
        said = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return out, said[:200] or f"the worker ended with {process.returncode}"


def main(words: list[str]) -> None:
    """In the worker."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _end_with_parent()
    verb, *paths = words
    outcome: Made | Report
    if verb == "make":
        data, target = map(Path, paths)
        try:
            outcome = Made(back_up(Folder(data), target))
        except (OSError, ValueError, sqlite3.Error, CatalogueError) as error:
            outcome = Made(fault=str(error))
    else:
        source, scratch, data = map(Path, paths)
        outcome = rehearse(source, scratch, Folder(data))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))


def _end_with_parent() -> None:
    """A server that is gone wants no answer: stop half-way rather than fill its folder."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1:])
