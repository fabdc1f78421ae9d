"""How a screen looks: its own settings, completed by its zone's and the hall's. Pure."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from queue_server.config import NONE, Config, ScreenSection, ZoneSection

Layout = Literal["list", "big", "split", "portrait", "door"]
SPOKEN = ("id", "en")
"""The languages that a board has words of."""


class Look(Struct, frozen=True):
    """A screen as it is to be: nothing is inherited any more. `playlist` "" plays none;
    `counter` is set for a door alone."""

    zone: str
    layout: Layout
    part: int
    counter: str
    theme: Literal["dark", "light"]
    playlist: str
    speaks: bool
    preview: bool = False

    @property
    def topic(self) -> str:
        """What it follows in the live feed."""
        if self.layout == "door":
            return f"door:{self.counter}"
        return f"{'preview' if self.preview else 'zone'}:{self.zone}"

    @property
    def classes(self) -> str:
        """Of the page's root, for the style sheet."""
        return (
            f"theme-{self.theme} layout-{self.layout} part-{self.part}"
            f" {'is-upright' if self.layout == 'portrait' else 'is-wide'}"
        )


def look(screen: ScreenSection, config: Config, *, preview: bool = False) -> Look:
    """A screen's settings as they work out in this hall. A preview is mute."""
    zone, hall = config.zones.get(screen.zone, ZoneSection()), config.displays
    layout: Layout = screen.layout or zone.layout or hall.layout
    media = screen.media or zone.media or hall.media
    quiet = layout == "door" or (layout == "split" and screen.part == 2)
    return Look(
        zone=screen.zone,
        layout=layout,
        part=screen.part if layout == "split" else 1,
        counter=screen.counter if layout == "door" else "",
        theme=screen.theme or zone.theme or hall.theme,
        playlist=media if media != NONE and media in config.playlists else "",
        speaks=not preview and (screen.sound == "on" or (screen.sound == "auto" and not quiet)),
        preview=preview,
    )


def fingerprint(config: Config, zone: str) -> str:
    """What a zone's screens take over from it and from the hall: with another, they begin anew."""
    found = look(ScreenSection(zone=zone), config)
    return " ".join((found.layout, found.theme, found.playlist or NONE, *languages(config, zone)))


def languages(config: Config, zone: str) -> tuple[str, str]:
    """A board's large and small language; the small one "" where there is but one."""
    own = config.zones.get(zone)
    chosen: tuple[str, ...] = (own.languages if own else ()) or config.displays.languages
    first, *others = chosen or [one for one in config.languages.pages if one in SPOKEN] or SPOKEN
    return first, others[0] if others else ""
