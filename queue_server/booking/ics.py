"""A booking as a calendar file: RFC 5545, with times in UTC so that no zone has to be described."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

WIDE = 75
"""Octets of a line at the most (section 3.1)."""


class Event(Struct, frozen=True):
    """What the calendar shows. Times are epoch ms. `sequence` grows with every change of the same
    `uid`, so that a calendar that has it already moves it instead of adding one."""

    uid: str
    summary: str
    description: str
    location: str
    url: str
    begins: int
    ends: int
    stamp: int
    sequence: int = 0
    cancelled: bool = False
    remind_minutes: int = 60


def calendar(event: Event, language: str) -> str:
    """The whole file, lines ended by CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Antrean//Antrean online//{language.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_utc(event.stamp)}",
        f"DTSTART:{_utc(event.begins)}",
        f"DTEND:{_utc(event.ends)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"LOCATION:{_text(event.location)}",
        f"URL:{event.url}",
        *([] if event.cancelled else _alarm(event)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _alarm(event: Event) -> list[str]:
    return [
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(event.summary)}",
        f"TRIGGER:-PT{event.remind_minutes}M", "END:VALARM",
    ]  # fmt: skip


def _utc(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A TEXT value (section 3.3.11): no bare backslash, semicolon, comma or line end."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(char for char in value if char >= " ")


def _folded(line: str) -> Iterator[str]:
    """A content line in pieces of at most 75 octets, never within a character."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > WIDE:
            yield piece
            piece, size = " ", 1
        piece += char
        size += octets
    yield piece
