"""The sections about the hall's boards: what the hall has, a zone, a screen; and what they play.

A screen is set by its address, by `[screens.ID]`, or by the supervisor who registered it: each
time it is a `ScreenSection`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from .values import Site, Spoken, spans

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Date = Annotated[str, Meta(pattern=r"^(\d{4}-\d\d-\d\d)?\Z")]
Name = Annotated[str, Meta(pattern=r"^([A-Za-z0-9]+(-[A-Za-z0-9]+)*)?\Z", max_length=64)]
Still = Annotated[int, Meta(ge=3, le=3600)]
"""Seconds that a picture stays: what changes faster distracts, or flashes."""
NONE = "none"
"""Where a playlist is named: none, whatever the zone or the hall has."""
Languages = Annotated[tuple[Spoken, ...], Meta(max_length=2)]


class RunningText(Struct, frozen=True, forbid_unknown_fields=True):
    """A line at the foot of boards while it is in force: `hours` such as "08:00-12:00", `days` of
    the week, `since` and `until` (dates, the last one included). What is left out is no limit."""

    text: str = ""
    text_en: str = ""
    hours: str = ""
    days: tuple[Weekday, ...] = ()
    since: Date = ""
    until: Date = ""


class DisplaysSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The hall's boards. `languages`: the large one, then the small one; none: as the pages have
    them. `media` names a playlist. `frame_ancestors`: sites that may show a board in a frame."""

    layout: Literal["list", "big", "split", "portrait"] = "list"
    theme: Literal["dark", "light"] = "dark"
    languages: Languages = ()
    media: Name = NONE
    running_text: str = "Selamat datang. Silakan ambil nomor antrean di kios."
    running_text_en: str = "Welcome. Please take a number at the kiosk."
    texts: tuple[RunningText, ...] = ()
    history: Annotated[int, Meta(ge=1, le=20)] = 7
    frame_ancestors: tuple[Site, ...] = ()


class ZoneSection(Struct, frozen=True, forbid_unknown_fields=True):
    """What one zone has of its own; "", () and -1 take the hall's."""

    layout: Literal["", "list", "big", "split", "portrait"] = ""
    theme: Literal["", "dark", "light"] = ""
    languages: Languages = ()
    media: Name = ""
    running_text: str = ""
    running_text_en: str = ""
    texts: tuple[RunningText, ...] = ()
    walk_minutes: Annotated[int, Meta(ge=-1, le=120)] = -1


class ScreenSection(Struct, frozen=True, forbid_unknown_fields=True):
    """One screen; "" takes its zone's. `part`: which half of a split board; `counter`: whose door
    it hangs at. `sound` "auto": it speaks, unless it is a door's or a second half."""

    zone: Name = "hall"
    layout: Literal["", "list", "big", "split", "portrait", "door"] = ""
    part: Literal[1, 2] = 1
    counter: Name = ""
    theme: Literal["", "dark", "light"] = ""
    media: Name = ""
    sound: Literal["auto", "on", "off"] = "auto"


class PlaylistSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The pictures and films of a folder by name, or those of `files` in their order. A picture
    stays `picture_seconds`, or what `seconds` has for its file. `volume` of films: 0 to 100."""

    folder: Annotated[str, Meta(min_length=1)]
    files: tuple[str, ...] = ()
    picture_seconds: Still = 12
    seconds: dict[str, Still] = {}
    volume: Annotated[int, Meta(ge=0, le=100)] = 0


def faults(
    hall: DisplaysSection,
    zones: Mapping[str, ZoneSection],
    screens: Mapping[str, ScreenSection],
    playlists: Mapping[str, PlaylistSection],
) -> Iterator[tuple[str, str]]:
    """What types cannot say: (key, what was expected and found)."""
    sections: dict[str, DisplaysSection | ZoneSection | ScreenSection] = {"displays": hall}
    sections |= {f"zones.{id}": zone for id, zone in zones.items()}
    sections |= {f"screens.{id}": screen for id, screen in screens.items()}
    known = [NONE, *playlists]
    for key, section in sections.items():
        if section.media and section.media not in known:
            yield f"{key}.media", f"expected one of {', '.join(known)}, found {section.media!r}"
        if not isinstance(section, ScreenSection):
            yield from _text_faults(key, section.texts)
        elif section.layout == "door" and not section.counter:
            yield f"{key}.counter", "expected the id of the door's counter, found ''"


def _text_faults(key: str, texts: tuple[RunningText, ...]) -> Iterator[tuple[str, str]]:
    for index, text in enumerate(texts):
        try:
            spans(text.hours)
        except ValueError as error:
            yield f"{key}.texts[{index}].hours", str(error)
        if not text.text and not text.text_en:
            yield f"{key}.texts[{index}].text", "expected a text in one language at least, found ''"
        if text.until and text.since > text.until:
            found = f"expected no day before {text.since}, found {text.until!r}"
            yield f"{key}.texts[{index}].until", found
