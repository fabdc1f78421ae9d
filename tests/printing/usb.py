"""A USB bus with one printer on it, as pyusb's own kind of backend: what is above it is real."""

from __future__ import annotations

import array
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from .paper import Interpreter

VENDOR, PRODUCT = 0x04B8, 0x0E15
SINK, SOURCE = 0x01, 0x82


class Bus(usb.backend.IBackend):  # type: ignore[misc]  # pyusb has no types
    """`plugged`: whether the printer is there; `paper_out`: what it says of itself."""

    def __init__(self) -> None:
        self.plugged = True
        self.paper_out = False
        self.paper = Interpreter()
        self.detached = False
        self._buffer = bytearray()
        self._answers = bytearray()

    def enumerate_devices(self) -> Any:
        return iter([self] if self.plugged else [])

    def get_device_descriptor(self, dev: Any) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT,
            bcdDevice=0x100, iManufacturer=0, iProduct=0, iSerialNumber=0, bNumConfigurations=1,
            bus=1, address=5, port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=7, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(SINK, SOURCE)[ep], bmAttributes=2,
            wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> Any:
        return self

    def close_device(self, handle: Any) -> None:
        pass

    def set_configuration(self, handle: Any, value: int) -> None:
        pass

    def get_configuration(self, handle: Any) -> int:
        return 1

    def claim_interface(self, handle: Any, intf: int) -> None:
        assert self.detached, "the kernel's own driver holds it"

    def release_interface(self, handle: Any, intf: int) -> None:
        pass

    def is_kernel_driver_active(self, handle: Any, intf: int) -> bool:
        return not self.detached

    def detach_kernel_driver(self, handle: Any, intf: int) -> None:
        self.detached = True

    def bulk_write(self, handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        if not self.plugged:
            raise usb.core.USBError("No such device", errno=19)
        assert ep == SINK
        taken = bytes(data)
        if taken.startswith(b"\x10\x04") and len(taken) == 3:
            out = self.paper_out
            status = {1: 0x08 * out, 2: 0x20 * out, 3: 0, 4: 0x60 * out}[taken[2]]
            self._answers.append(0x12 | status)
            return len(taken)
        self._buffer += taken
        while self._buffer and (used := self.paper.take(bytes(self._buffer))):
            del self._buffer[:used]
        self._answers += self.paper.answers
        self.paper.answers.clear()
        return len(taken)

    def bulk_read(self, handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        if not self.plugged:
            raise usb.core.USBError("No such device", errno=19)
        if not self._answers:
            raise usb.core.USBTimeoutError("timed out")
        count = min(len(buff), len(self._answers))
        buff[:count] = array.array("B", self._answers[:count])
        del self._answers[:count]
        return count
