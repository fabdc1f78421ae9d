"""The way down a serial line, RS-232 or a bus of RS-485: a frame, and the answer to it.

pyserial opens the port and sets it up; reading and writing are the loop's. pyserial's own write
spins without end while a port takes nothing, and pyserial-asyncio calls it from the loop: one held
back cable would stop the hall.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import termios
from collections.abc import AsyncIterator

import serial

from .link import Gone, Mute
from .section import Panel
from .showing import Showing

TRIES = 3
"""Frames that are sent to a panel in a row until it answers."""
PATIENCE = 3.0
"""Seconds that a port has to take a frame's bytes."""


class SerialLink:
    """An open port. One frame at a time: the line is shared."""

    def __init__(self, port: int, panel: Panel) -> None:
        """`port` is a file descriptor that doesn't block; the caller closes it."""
        self._port, self._panel = port, panel
        self._loop = asyncio.get_running_loop()
        self._came = bytearray()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._over = asyncio.Event()
        self._error = ""
        self._loop.add_reader(port, self._read)

    async def show(self, showing: Showing) -> None:
        frame = self._panel.sent(showing)
        wanted = self._panel.acknowledged(showing.counter)
        for _ in range(TRIES):
            self._came.clear()  # a late answer to another frame is none to this one
            await self._send(frame)
            answered = not wanted or await self._answered(wanted)
            await asyncio.sleep(self._panel.section.gap_ms / 1000)
            if answered:
                return
        raise Mute

    async def lost(self) -> None:
        await self._over.wait()
        self._check()

    def leave(self) -> None:
        """Let the loop forget the port."""
        self._loop.remove_reader(self._port)
        self._loop.remove_writer(self._port)

    async def _send(self, frame: bytes) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while frame:
                    self._check()
                    frame = frame[self._write(frame) :]
                    if frame:
                        await self._writable()
        except TimeoutError:
            raise Gone("the port takes no bytes") from None

    def _write(self, data: bytes) -> int:
        try:
            return os.write(self._port, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise Gone(str(error)) from None

    async def _writable(self) -> None:
        self._room.clear()
        self._loop.add_writer(self._port, self._room.set)
        try:
            await self._room.wait()
        finally:
            self._loop.remove_writer(self._port)

    async def _answered(self, wanted: bytes) -> bool:
        try:
            async with asyncio.timeout(self._panel.section.timeout_ms / 1000):
                while wanted not in self._came:
                    self._news.clear()
                    await self._news.wait()
                    self._check()
        except TimeoutError:
            return False
        return True

    def _read(self) -> None:
        try:
            data = os.read(self._port, 1024)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(str(error))
            return
        if not data:
            self._end("the port is gone")
        self._came += data
        self._news.set()

    def _end(self, error: str) -> None:
        self._error = error
        self.leave()
        for event in (self._over, self._news, self._room):
            event.set()

    def _check(self) -> None:
        if self._over.is_set():
            raise Gone(self._error)


@contextlib.asynccontextmanager
async def serial_link(panel: Panel) -> AsyncIterator[SerialLink]:
    """The port, this process's alone. Raises Gone."""
    try:
        device = await asyncio.to_thread(_opened, panel)
    except (OSError, ValueError, termios.error) as error:  # SerialException is an OSError
        raise Gone(str(error)) from None
    link = SerialLink(device.fileno(), panel)
    try:
        yield link
    finally:
        link.leave()
        await asyncio.shield(asyncio.to_thread(_close, device))


def _opened(panel: Panel) -> serial.Serial:
    section = panel.section
    return serial.Serial(
        section.address, section.baud, int(section.mode[0]), section.mode[1], int(section.mode[2]),
        exclusive=True,
    )  # fmt: skip


def _close(device: serial.Serial) -> None:
    """What is not sent yet is dropped: closing would wait for it, half a minute long."""
    with contextlib.suppress(OSError, termios.error):
        device.reset_output_buffer()
    device.close()
