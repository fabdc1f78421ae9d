"""On a disk, for it is the disk that these tests are about."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder where the system has its temporary files."""
    with tempfile.TemporaryDirectory(prefix="antrean-") as path:
        yield Path(path)
