"""A panel of the configuration, checked and made ready."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from ..config import ConfigError, PanelSection
from .frame import Frame, FrameError, read_frame
from .showing import Showing
from .template import ALL, PLACE, SHOWN, TEXTS, fill, fit, is_json, payload, unknown, values

BROKER = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")
SAMPLE = Showing("5", 'Loket "5"', "called", "A-012", 1, "2026-11-23T09:15:00+07:00")


class Panel(Struct, frozen=True):
    """A configured output. `frame` and `ack` are a serial line's."""

    id: str
    section: PanelSection
    frame: Frame | None = None
    ack: Frame | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.section.name or self.id

    def address(self, counter: str) -> int | None:
        """A counter's address: what was said, or its id where that is a number."""
        own = int(counter) if re.fullmatch(r"\d{1,5}", counter) else None
        return self.section.addresses.get(counter, own)

    def text(self, showing: Showing) -> str:
        """What stands on the panel."""
        section = self.section
        template = section.show.get(showing.state, TEXTS[showing.state])
        text = fill(template, self._values(showing))
        return fit(text, section.width, section.align == "right")

    def topic(self, counter: str) -> str:
        """Where a counter's state is published."""
        place = {"panel": self.id, "counter": counter, "address": self._address(counter)}
        return fill(self.section.topic, place)

    @property
    def status(self) -> str:
        """Where it is published whether this server is there."""
        return fill(self.section.status, {"panel": self.id})

    def payload(self, showing: Showing) -> bytes:
        """What is published."""
        fields = self._values(showing) | {"text": self.text(showing)}
        return payload(self.section.payload, showing, fields, self.section.encoding)

    def sent(self, showing: Showing) -> bytes:
        """The frame that goes down a serial line."""
        assert self.frame is not None, "a serial line's"
        data = self.text(showing).encode(self.section.encoding, "replace")
        return self.frame.build(self.address(showing.counter) or 0, data)

    def acknowledged(self, counter: str) -> bytes:
        """The answer that a panel gives; b"" for panels that give none."""
        return self.ack.build(self.address(counter) or 0, b"") if self.ack else b""

    def _address(self, counter: str) -> str:
        address = self.address(counter)
        return counter if address is None else str(address)

    def _values(self, showing: Showing) -> dict[str, str]:
        return values(showing, self.id, self._address(showing.counter))


def check_panels(sections: Mapping[str, PanelSection]) -> dict[str, Panel]:
    """Every panel, ready. Raises ConfigError with what is wrong."""
    return {id: _checked(id, section) for id, section in sections.items()}


def broker(panel: Panel) -> tuple[str, int]:
    """Where an MQTT broker listens: 1883, or 8883 with TLS, unless the address says."""
    parts = urlsplit(f"//{panel.section.address}")
    return parts.hostname or "", parts.port or (8883 if panel.section.tls else 1883)


def _checked(id: str, section: PanelSection) -> Panel:
    def wrong(key: str, expected: str, found: object) -> ConfigError:
        return ConfigError(f"panels.{id}.{key}: expected {expected}, found {found!r}")

    if len(set(section.counters)) < len(section.counters):
        raise wrong("counters", "each counter once", list(section.counters))
    for state, text in section.show.items():
        field = unknown(text, SHOWN)
        if field:
            raise wrong(f"show.{state}", f"one of {', '.join(SHOWN)} in braces", field)
    if section.kind == "serial":
        return _checked_serial(id, section)
    try:
        port = urlsplit(f"//{section.address}").port
    except ValueError:
        port = 0
    if not BROKER.fullmatch(section.address) or port == 0:
        raise wrong("address", "such as '192.168.1.20:1883'", section.address)
    for key, template, known in (
        ("topic", section.topic, PLACE), ("status", section.status, ("panel",)),
    ):  # fmt: skip
        if unknown(template, known):
            raise wrong(key, f"one of {', '.join(known)} in braces", unknown(template, known))
        if not template or re.search(r"[+#\0]", template):
            raise wrong(key, "a topic without + and #", template)
    panel = Panel(id, section)
    if len(section.counters) != 1 and panel.topic("1") == panel.topic("2"):
        raise wrong("topic", "{counter}, for there are several", section.topic)
    _check_payload(panel)
    return panel


def _check_payload(panel: Panel) -> None:
    template = panel.section.payload
    where = f"panels.{panel.id}.payload: expected"
    if unknown(template, ALL):
        field = unknown(template, ALL)
        raise ConfigError(f"{where} one of {', '.join(ALL)} in braces, found {field!r}")
    if is_json(template):
        try:
            json.loads(panel.payload(SAMPLE))
        except ValueError as error:
            raise ConfigError(f"{where} JSON, found {template!r} ({error})") from None


def _checked_serial(id: str, section: PanelSection) -> Panel:
    where = f"panels.{id}"
    if not section.address.startswith("/"):
        found = f"expected such as '/dev/ttyUSB0', found {section.address!r}"
        raise ConfigError(f"{where}.address: {found}")
    if not section.counters:
        raise ConfigError(f"{where}.counters: expected the counters on this line, found none")
    frame = _read(f"{where}.frame", section.frame, section.check)
    ack = _read(f"{where}.ack", section.ack, section.check, True) if section.ack else None
    panel = Panel(id, section, frame, ack)
    if not frame.addressed and len(section.counters) > 1:
        raise ConfigError(f"{where}.frame: expected address, for there are several counters")
    highest = min(frame.highest, ack.highest if ack else frame.highest)
    for counter in section.counters if frame.addressed or (ack and ack.addressed) else ():
        address = panel.address(counter)
        if address is None or address > highest:
            raise ConfigError(
                f"{where}.addresses.{counter}: expected a number up to {highest}, found {address}"
            )
    return panel


def _read(key: str, description: str, check: str, answer: bool = False) -> Frame:
    try:
        return read_frame(description, check, answer=answer)
    except FrameError as error:
        raise ConfigError(f"{key}: {error}") from None
