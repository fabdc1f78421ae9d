"""The folder of rendered announcements, bounded in bytes."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import threading
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"[0-9a-f]{32}\.(mp3|wav)")
_log = logging.getLogger(__name__)


class AudioCache:
    """Files by content name; the one heard longest ago goes first.

    A file's modification time is its last use: access times are off on many disks.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        """`limit` in bytes; the newest file is kept even when it alone is larger."""
        self._folder, self._limit = folder, limit
        self._tidying = threading.Lock()
        with contextlib.suppress(OSError):  # `store` will say so, when it matters
            for left in folder.glob("*.part"):  # of a process that was killed: one uses a folder
                left.unlink(missing_ok=True)

    @staticmethod
    def valid(name: str) -> bool:
        """Whether that can be a file of the cache at all: no path, no other kind."""
        return _NAME.fullmatch(name) is not None

    def find(self, name: str) -> Path | None:
        """The file of that name, marked as used now; None when there is none."""
        if not self.valid(name):
            return None
        path = self._folder / name
        with contextlib.suppress(OSError):  # there is none, or the disk is read-only
            os.utime(path)
        return path if path.is_file() else None

    def store(self, name: str, data: bytes) -> Path:
        """Write the file whole or not at all, then make room. Blocks. Raises OSError."""
        assert self.valid(name), name
        self._folder.mkdir(parents=True, exist_ok=True)
        path, part = self._folder / name, self._folder / f"{name}.{secrets.token_hex(4)}.part"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                # Without it a power cut can leave an empty file under a name that is never redone.
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        with self._tidying:
            self._make_room(path)
        return path

    def _make_room(self, newest: Path) -> None:
        files = [
            (entry.stat(), entry) for entry in self._folder.iterdir() if self.valid(entry.name)
        ]
        used = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda item: item[0].st_mtime_ns):
            if used <= self._limit:
                return
            if path != newest:
                path.unlink(missing_ok=True)
                used -= stat.st_size
                _log.debug("%s left the audio cache", path.name)
