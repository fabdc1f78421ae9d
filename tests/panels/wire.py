"""A serial line without one: a pseudo terminal whose other end is a panel that reads frames."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tty
from collections.abc import Iterator
from functools import reduce
from operator import xor
from pathlib import Path

from tests.hall import PATIENCE

STX, ETX, ACK = 0x02, 0x03, 0x06


class Wire:
    """A port at `path`, which can be unplugged and plugged in again; behind it panels that
    answer, unless they are in `mute`, and show what stands in frames that are right."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mute: set[int] = set()
        self.answers = True
        self.frames: list[tuple[int, str]] = []
        self.wrong: list[bytes] = []
        self.shown: dict[int, str] = {}
        self._came = bytearray()
        self._news = asyncio.Event()
        self._master = self._slave = -1

    def plug(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._slave))
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def unplug(self) -> None:
        """The cable is out: the device file is gone, and so is what the port had to say."""
        if self._master >= 0:
            asyncio.get_running_loop().remove_reader(self._master)
            self.path.unlink(missing_ok=True)
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1
            self._came.clear()
            self.shown.clear()

    def fill(self) -> None:
        """Nobody reads at the other end, and the port is full."""
        asyncio.get_running_loop().remove_reader(self._master)
        os.set_blocking(self._slave, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(self._slave, b"x" * 1024)

    async def until(self, address: int, text: str) -> None:
        """Wait until that panel shows it."""
        async with asyncio.timeout(PATIENCE):
            while self.shown.get(address) != text:
                self._news.clear()
                await self._news.wait()

    def _read(self) -> None:
        try:
            self._came += os.read(self._master, 4096)
        except OSError:
            return
        while len(self._came) >= 3 and len(self._came) >= self._came[2] + 5:
            size = self._came[2] + 5
            frame = bytes(self._came[:size])
            del self._came[:size]
            self._take(frame)

    def _take(self, frame: bytes) -> None:
        """STX address length data check ETX, the check over address, length and data."""
        if frame[0] != STX or frame[-1] != ETX or reduce(xor, frame[1:-2]) != frame[-2]:
            self.wrong.append(frame)
            return
        address, text = frame[1], frame[3:-2].decode("ascii")
        self.frames.append((address, text))
        if address not in self.mute:
            self.shown[address] = text
            if self.answers:
                os.write(self._master, bytes([ACK, address]))
        self._news.set()


@contextlib.contextmanager
def wire(path: Path) -> Iterator[Wire]:
    """A line that is plugged in."""
    made = Wire(path)
    made.plug()
    try:
        yield made
    finally:
        made.unplug()
