"""What all tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hypothesis import settings

MEMORY, ROOM = Path("/dev/shm"), 2 << 30
"""Most tests open a hall with a dozen databases and throw it away: where memory can hold them, no
disk has to write them out. What a disk itself does is tested on one (shell, journal)."""

# How long an example takes says something of the machine, not of the rule.
settings.register_profile("hall", deadline=None)
settings.load_profile("hall")

if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
