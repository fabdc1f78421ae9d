"""How a citizen reads the kiosk: language and looks, carried by every address of the visit, with
the services that are being put together for one number.

Nothing else carries them: a fresh `/kiosk` is the hall's own language at ordinary size, silent,
whoever stood there before. What stays is the machine's printer. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, get_args
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from queue_server.core.journey import MOST

EVERYTHING = 10_000
"""On one screen for a voice: who can't see it has no use for pages."""

LookName = Literal["large", "contrast", "reach", "voice"]
LOOKS: tuple[LookName, ...] = get_args(LookName)
"""Large type, high contrast, everything within reach of a wheelchair, spoken guidance."""


class Visit(Struct, frozen=True):
    """How this citizen reads: what every link and form of the visit carries on."""

    language: str = "id"
    large: bool = False
    contrast: bool = False
    reach: bool = False
    voice: bool = False
    default: str = "id"
    """The hall's own language, which needs no mention."""
    printer: str = ""
    """The printer that stands at this kiosk: the machine's, whoever stands before it."""
    chosen: tuple[str, ...] = ()
    """Services that are put together for one number."""

    @property
    def fresh(self) -> Visit:
        """The visit of whoever comes next."""
        return Visit(self.default, default=self.default, printer=self.printer)

    @property
    def kept(self) -> dict[str, str]:
        """The fields that say so in an address or a form."""
        language = {"lang": self.language} if self.language != self.default else {}
        printer = {"printer": self.printer} if self.printer else {}
        chosen = {"with": ".".join(self.chosen)} if self.chosen else {}
        return language | dict.fromkeys(self.looks, "1") | printer | chosen

    def adding(self, service: str) -> Visit:
        """With one more service chosen."""
        return replace(self, chosen=tuple(dict.fromkeys((*self.chosen, service))))

    def without(self, *services: str) -> Visit:
        """With these not chosen; with none named, nothing is."""
        left = tuple(one for one in self.chosen if one not in services) if services else ()
        return replace(self, chosen=left)

    @property
    def full(self) -> bool:
        """Whether as many services are chosen as fit one visit."""
        return len(self.chosen) >= MOST

    @property
    def looks(self) -> tuple[LookName, ...]:
        """The looks that are on."""
        return tuple(look for look in LOOKS if getattr(self, look))

    @property
    def sparse(self) -> bool:
        """Whether a screen holds about half as much: larger type, or less height."""
        return self.large or self.reach

    def link(self, path: str = "", **query: str | int) -> str:
        """An address of the kiosk within this visit; empty values are left out."""
        asked = {name: value for name, value in query.items() if value}
        both = self.kept | asked
        return f"/kiosk{path}" + (f"?{urlencode(both)}" if both else "")

    def room(self, usual: int, sparse: int) -> int:
        """How many items one screen holds."""
        return EVERYTHING if self.voice else sparse if self.sparse else usual


class Other(Struct, frozen=True):
    """The same screen in another language."""

    language: str
    href: str


class Look(Struct, frozen=True):
    """The same screen with one look more, or less where it is `on`."""

    name: LookName
    on: bool
    href: str


class Ways(Struct, frozen=True):
    """What a hall offers its readers: the languages of its pages, the default first, those of
    them that its voice can read (none where there is no voice), its printers, its services."""

    languages: tuple[str, ...] = ("id", "en")
    spoken: tuple[str, ...] = ()
    printers: tuple[str, ...] = ()
    services: Collection[str] = ()

    def visit(self, language: str, asked: Mapping[str, str]) -> Visit:
        """The visit that an address or a form asks for: what can't be had is left out."""
        on = {look: asked.get(look) == "1" for look in LOOKS}
        on["voice"] = on["voice"] and language in self.spoken
        printer = next((one for one in self.printers if one == asked.get("printer")), "")
        asked_for = dict.fromkeys(asked.get("with", "").split("."))
        chosen = tuple(one for one in asked_for if one in self.services)[:MOST]
        return Visit(language, default=self.languages[0], printer=printer, chosen=chosen, **on)

    def others(self, visit: Visit, path: str, **query: str | int) -> tuple[Other, ...]:
        """The screen at `path` in the other languages: with a voice, in those that it speaks."""
        return tuple(
            Other(one, replace(visit, language=one).link(path, **query))
            for one in (self.spoken if visit.voice else self.languages)
            if one != visit.language
        )

    def looks(self, visit: Visit, path: str, **query: str | int) -> tuple[Look, ...]:
        """The screen at `path` with each look turned."""
        return tuple(
            Look(name, getattr(visit, name), self._turned(visit, name).link(path, **query))
            for name in LOOKS
            if name != "voice" or self.spoken
        )

    def _turned(self, visit: Visit, name: LookName) -> Visit:
        turned = {name: not getattr(visit, name)}
        if turned.get("voice") and visit.language not in self.spoken:
            return replace(visit, language=self.spoken[0], voice=True)
        return replace(visit, **turned)
