"""`antrean serve` with a clock that another process turns: run as a module, with the data folder,
the configuration and the clock's file. Prints the secrets of the staff, then serves."""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from queue_server import process
from queue_server.config import load
from queue_server.folder import Folder
from queue_server.web.office import Office

DESKS = 60
ROLES = ("admin", "supervisor", "operator", "kiosk", "display", "integration")


class Shared:
    """Epoch milliseconds in a file of eight bytes."""

    def __init__(self, memory: mmap.mmap) -> None:
        self.memory = memory

    def now(self) -> int:
        return int(struct.unpack("<q", self.memory[:8])[0])

    def turn(self, at: int) -> None:
        self.memory[:8] = struct.pack("<q", at)


@contextmanager
def shared(path: Path) -> Iterator[Shared]:
    """The clock in that file."""
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 8) as memory:
        yield Shared(memory)


async def secrets(folder: Folder) -> dict[str, str]:
    """A token of each role, and one for the operator of each counter."""
    async with Office(folder.office, hours=12) as office:
        found = {role: await office.add_token(role, role) for role in ROLES}
        for desk in range(1, DESKS + 1):
            for place in (1, 2):
                name = f"{desk}-{place}"
                found[name] = await office.add_token(f"Petugas {name}", "operator")
    return found


def main(data: Path, settings: Path, clock: Path) -> int:
    folder = Folder(data)
    print(json.dumps(asyncio.run(secrets(folder))), flush=True)
    config = load(settings, os.environ)
    with shared(clock) as hands:
        return process.serve(config, folder, settings.parent, clock=hands)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
