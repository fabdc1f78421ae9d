"""A printer on a loopback port that can be without paper, open, away, mute, or die midway."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from .paper import Interpreter, Sheet

PATIENCE = 20.0


class Printer(Interpreter):
    """A network printer. Its faults are attributes, turned while it runs.

    `stuck`: prints nothing and says that all is well. `dies_after`: closes the connection when so
    many bytes of papers have come (None: never). `paper_left`: bytes that can still be printed
    before the paper ends.
    """

    def __init__(self, width: int = 576, native_qr: bool = True) -> None:
        super().__init__(width, native_qr)
        self.paper_out = self.paper_low = self.cover_open = self.away = False
        self.mute = self.rubbish = self.fenceless = self.stuck = False
        self.paper_left: int | None = None
        self.dies_after: int | None = None
        self.received = 0
        self.connections = 0
        self.changed = asyncio.Event()
        self._buffer = bytearray()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def papers(self) -> list[Sheet]:
        """Those that came out whole."""
        return [sheet for sheet in self.sheets if sheet.whole]

    async def start(self) -> None:
        """Listen, on the port of the last time."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Off: every connection ends, and what was in its memory is gone."""
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await self._server.wait_closed()
        self._server = None
        self._buffer.clear()

    def refill(self) -> None:
        """New paper: what is in its memory goes on."""
        self.paper_out, self.paper_left = False, None
        self._work()

    async def printed(self, count: int) -> list[Sheet]:
        """So many whole papers, when they are out."""
        async with asyncio.timeout(PATIENCE):
            while len(self.papers) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.papers

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.connections += 1
        self._buffer.clear()
        try:
            if self.rubbish:
                writer.write(b"\xff\xfe\x81hello\r\n\xf0")
            while data := await reader.read(1024):
                self._hear(data, writer)
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _hear(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        # Real-time commands are obeyed wherever they stand, also within a picture.
        at = data.find(b"\x10\x04")
        while at >= 0 and at + 2 < len(data):
            if 1 <= data[at + 2] <= 4 and not self.mute:
                writer.write(bytes((self._status(data[at + 2]),)))
            at = data.find(b"\x10\x04", at + 2)
        self.received += len(data)
        self._buffer += data
        if self.dies_after is not None and self.received >= self.dies_after:
            self.dies_after = None
            writer.transport.abort()
            raise ConnectionError
        self._work(writer)

    def _work(self, writer: asyncio.StreamWriter | None = None) -> None:
        """Print what is in the memory, as far as paper and cover let it."""
        faults = (self.cover_open, self.away, self.stuck)
        while self._buffer and not (self.paper_out or any(faults)):
            used = self.take(bytes(self._buffer))
            if not used:
                break
            del self._buffer[:used]
            if self.paper_left is not None:
                self.paper_left -= used
                self.paper_out = self.paper_left <= 0
        if self.answers and not self.mute and not self.fenceless:
            for one in [writer] if writer else list(self._writers):
                one.write(bytes(self.answers))
        self.answers.clear()
        self.changed.set()

    def _status(self, query: int) -> int:
        offline = self.paper_out or self.cover_open or self.away
        return (
            0x12
            | {
                1: 0x08 * offline,
                2: 0x04 * self.cover_open | 0x20 * self.paper_out,
                3: 0,
                4: 0x60 * self.paper_out | 0x0C * (self.paper_low or self.paper_out),
            }[query]
        )


@contextlib.asynccontextmanager
async def printing(width: int = 576, native_qr: bool = True) -> AsyncIterator[Printer]:
    """A printer that is on."""
    printer = Printer(width, native_qr)
    await printer.start()
    try:
        yield printer
    finally:
        await printer.stop()
