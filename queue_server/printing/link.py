"""The way to a printer and back: a TCP connection, or USB."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Protocol

from ..config import PrinterSection

PORT = 9100
"""Where network printers listen for raw bytes."""


class Gone(Exception):
    """The printer cannot be reached, or went away."""


class Link(Protocol):
    """An open way to a printer."""

    async def write(self, data: bytes) -> None:
        """Hand over all bytes. Raises Gone."""

    async def read(self, seconds: float) -> bytes:
        """What has come, waiting at most so long for it; b"" for nothing. Raises Gone."""


@contextlib.asynccontextmanager
async def opened(printer: PrinterSection) -> AsyncIterator[Link]:
    """A link for one conversation. Raises Gone."""
    link = await (_network(printer) if printer.kind == "network" else UsbLink.open(printer))
    try:
        yield link
    finally:
        await link.close()


async def _network(printer: PrinterSection) -> NetworkLink:
    host, port = host_and_port(printer.address)
    try:
        async with asyncio.timeout(printer.timeout_seconds):
            return NetworkLink(*await asyncio.open_connection(host, port), printer.timeout_seconds)
    except (OSError, TimeoutError) as error:
        raise Gone(str(error)) from None


def host_and_port(address: str) -> tuple[str, int]:
    """ "192.168.1.9" or "printer.local:9100", "[fe80::1]:9100"."""
    if address.startswith("["):
        host, _, port = address[1:].partition("]")
        return host, int(port.removeprefix(":") or PORT)
    host, _, port = address.partition(":")
    return host, int(port or PORT)


class NetworkLink:
    """A TCP connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout: float
    ) -> None:
        self._reader, self._writer, self._timeout = reader, writer, timeout
        writer.transport.set_write_buffer_limits(0)  # so that `drain` waits for the printer

    async def write(self, data: bytes) -> None:
        try:
            for start in range(0, len(data), 4096):
                self._writer.write(data[start : start + 4096])
                # A printer takes bytes as fast as it prints: each piece has its own patience.
                async with asyncio.timeout(self._timeout):
                    await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise Gone(str(error)) from None

    async def read(self, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                data = await self._reader.read(256)
        except TimeoutError:
            return b""
        except OSError as error:
            raise Gone(str(error)) from None
        if not data:
            raise Gone("the printer closed the connection")
        return data

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(self._timeout):
                await self._writer.wait_closed()


class UsbLink:
    """A printer on this machine's own USB, by pyusb; its calls block, so in threads."""

    def __init__(self, device: Any, sink: Any, source: Any, timeout: float) -> None:
        self._device, self._sink, self._source = device, sink, source
        self._timeout = int(timeout * 1000)

    @classmethod
    async def open(cls, printer: PrinterSection) -> UsbLink:
        """By vendor and product in hexadecimal: "04b8:0e15". Raises Gone."""
        return await asyncio.to_thread(cls._open, printer)

    @classmethod
    def _open(cls, printer: PrinterSection) -> UsbLink:
        import usb.core
        import usb.util

        vendor, product = (int(part, 16) for part in printer.address.split(":"))
        try:
            device = usb.core.find(idVendor=vendor, idProduct=product)
            if device is None:
                raise Gone(f"no USB device {printer.address}")
            for interface in device.get_active_configuration():
                if interface.bInterfaceClass == usb.CLASS_PRINTER:
                    number = interface.bInterfaceNumber
                    with contextlib.suppress(NotImplementedError):
                        if device.is_kernel_driver_active(number):
                            device.detach_kernel_driver(number)
                    ends = {usb.util.endpoint_direction(e.bEndpointAddress): e for e in interface}
                    sink, source = ends.get(usb.util.ENDPOINT_OUT), ends.get(usb.util.ENDPOINT_IN)
                    if sink is None:
                        break
                    return cls(device, sink, source, printer.timeout_seconds)
            usb.util.dispose_resources(device)
        except (usb.core.USBError, usb.core.NoBackendError, NotImplementedError) as error:
            raise Gone(str(error)) from None
        raise Gone(f"USB device {printer.address} is no printer")

    async def write(self, data: bytes) -> None:
        import usb.core

        try:
            for start in range(0, len(data), 4096):
                piece = data[start : start + 4096]
                await asyncio.to_thread(self._sink.write, piece, self._timeout)
        except usb.core.USBError as error:
            raise Gone(str(error)) from None

    async def read(self, seconds: float) -> bytes:
        import usb.core

        if self._source is None:
            return b""
        try:
            milliseconds = max(1, int(seconds * 1000))
            return bytes(await asyncio.to_thread(self._source.read, 64, milliseconds))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise Gone(str(error)) from None

    async def close(self) -> None:
        import usb.util

        await asyncio.to_thread(usb.util.dispose_resources, self._device)
