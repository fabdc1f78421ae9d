"""The sections about what stands in the hall: kiosks, consoles, printers, panels."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from .values import Seconds

PORT = r"([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])"
ADDRESSES = {
    "network": (re.compile(rf"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:{PORT})?"), "192.168.1.50:9100"),
    "usb": (re.compile(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}"), "04b8:0e15"),
    "cups": (re.compile(r"[A-Za-z0-9_][^\s/#]*"), "antrean_depan"),
    "browser": (re.compile(""), ""),
}  # fmt: skip
"""How a printer of each kind is addressed, and an example."""


KeyCodes = tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{1,24}\Z")], ...]


class KioskKeys(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Keys of an audio keypad by what they do: KeyboardEvent codes, beside those that
    kiosk-voice.js knows. `plugged`, `unplugged`: a headphone goes in, or out."""

    next: KeyCodes = ()
    previous: KeyCodes = ()
    select: KeyCodes = ()
    back: KeyCodes = ()
    help: KeyCodes = ()
    repeat: KeyCodes = ()
    louder: KeyCodes = ()
    softer: KeyCodes = ()
    slower: KeyCodes = ()
    faster: KeyCodes = ()
    plugged: KeyCodes = ()
    unplugged: KeyCodes = ()


class KioskSection(Struct, frozen=True, forbid_unknown_fields=True):
    """`open`: any browser that can reach /kiosk may take numbers; else a kiosk token is needed."""

    open: bool = True
    idle_seconds: Seconds = 45
    ticket_seconds: Seconds = 20
    keys: KioskKeys = KioskKeys()


class KioskSetting(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a registered kiosk is set: the zone where it stands ("": none in particular) and the
    printer that stands at it ("": none)."""

    zone: str = ""
    printer: str = ""


class ConsoleKeys(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Keys of pedals, remotes and keypads at a counter by what they do: KeyboardEvent codes,
    beside those that the console's buttons have. `next` is the big button."""

    next: KeyCodes = ()
    recall: KeyCodes = ()
    start: KeyCodes = ()
    finish: KeyCodes = ()
    no_show: KeyCodes = ()
    park: KeyCodes = ()
    back: KeyCodes = ()


class ConsoleSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The operators' console (docs/devices.md)."""

    keys: ConsoleKeys = ConsoleKeys()


class PrintingSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Paper tickets. `proposed`: what a kiosk with a printer proposes; `template`: a hall's own
    layout, beside this file; `expire_minutes`: an older paper is not printed any more."""

    proposed: Literal["paper", "paperless"] = "paper"
    template: str = ""
    footer: str = "Simpan tiket ini. Nomor berlaku hari ini saja."
    footer_en: str = "Keep this ticket. The number is valid today only."
    expire_minutes: Annotated[int, Meta(ge=1, le=1440)] = 10


class PrinterSection(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket printer. `address`: host:port, vendor:product of USB, a CUPS queue's name; none
    for the kiosk's own browser.

    `status` false: the printer answers nothing; what it has taken counts as printed.
    """

    address: str = ""
    kind: Literal["network", "usb", "cups", "browser"] = "network"
    name: str = ""
    width: Literal[58, 80] = 80
    profile: str = ""
    qr: Literal["auto", "native", "raster"] = "auto"
    cut: Literal["auto", "full", "partial", "none"] = "auto"
    status: bool = True
    timeout_seconds: Annotated[int, Meta(ge=1, le=60)] = 5


PanelState = Literal["closed", "break", "open", "called", "serving", "test"]
"""What a counter is doing, as its panel shows it; `open`: nobody is there."""


class PanelSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Panels at counters, by an MQTT broker or on a serial line (docs/devices.md).

    `address`: host:port, or the port's device file. `secret`, or a path beside this file with it.
    """

    kind: Literal["mqtt", "serial"]
    address: str
    name: str = ""
    counters: tuple[str, ...] = ()
    addresses: dict[str, Annotated[int, Meta(ge=0, le=65_535)]] = {}
    show: dict[PanelState, str] = {}
    width: Annotated[int, Meta(ge=0, le=64)] = 0
    align: Literal["left", "right"] = "left"
    encoding: Literal["ascii", "latin-1", "utf-8"] = "ascii"
    topic: str = "antrean/loket/{counter}/tampil"
    status: str = "antrean/panel/{panel}/status"
    payload: str = ""
    user: str = ""
    secret: str = ""
    secret_file: str = ""
    tls: bool = False
    ca_file: str = ""
    baud: Annotated[int, Meta(ge=110, le=4_000_000)] = 9600
    mode: Annotated[str, Meta(pattern=r"^[78][NEO][12]\Z")] = "8N1"
    frame: str = "STX ( address length data ) check ETX"
    check: Literal["xor", "sum", "lrc", "crc16"] = "xor"
    ack: str = ""
    timeout_ms: Annotated[int, Meta(ge=10, le=10_000)] = 300
    gap_ms: Annotated[int, Meta(ge=0, le=1000)] = 20
    refresh_seconds: Annotated[int, Meta(ge=0, le=3600)] = 30
