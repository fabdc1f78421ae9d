"""Key files in the data folder: made at the first start, readable by their owner alone.

They are in no backup: what they open, or sign for, is not in one either.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The key in a file; a new one, durably written, when there is none. Raises OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        key = make()
    passing = path.with_name(f"{path.name}.new")
    passing.unlink(missing_ok=True)
    file = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    os.replace(passing, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return key
