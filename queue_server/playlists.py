"""A playlist's files: what a folder of the hall holds that every set can show, and what it can't.

A file is what its first bytes say, whatever its name ends in. Nothing is served but what stands in
the list that was just read: no name leads out of the folder. Pictures that move by themselves are
refused: nobody could stop them (WCAG 2.2.2).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from .config import PlaylistSection

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()+-]{0,99}")
MOST = 200
"""Files of one playlist."""
HEAD = 64 * 1024
"""Bytes that tell what a file is: a PNG says late that it moves."""
PNG = b"\x89PNG\r\n\x1a\n"
Kind = Literal["image", "video"]
Fault = Literal["missing", "name", "moves", "type", "unreadable", "too_many"]


class Item(Struct, frozen=True):
    """A file that is shown. `version` changes with its content; `seconds` 0: its own length."""

    name: str
    kind: Kind
    type: str
    version: str
    seconds: int
    volume: int


class Broken(Struct, frozen=True):
    """A file that is not, or "" and the folder itself."""

    name: str
    fault: Fault


class Playlist(Struct, frozen=True):
    """What there is to show, in order, and what of the folder is left out."""

    items: tuple[Item, ...]
    broken: tuple[Broken, ...] = ()


def read(section: PlaylistSection) -> Playlist:
    """The folder as it is now. Blocks for some file reads; raises nothing."""
    folder = Path(section.folder)
    try:
        there = {one.name: one for one in folder.iterdir() if not one.name.startswith(".")}
    except OSError:
        return Playlist((), (Broken("", "missing"),))
    wanted = section.files or tuple(sorted(there, key=str.casefold))
    items: list[Item] = []
    broken: list[Broken] = []
    for name in wanted:
        found = _item(name, there.get(name), folder, section)
        if isinstance(found, Item) and len(items) < MOST:
            items.append(found)
        elif isinstance(found, Item):
            broken.append(Broken(name, "too_many"))
        elif section.files or found.fault != "type":  # notes beside the pictures are no fault
            broken.append(found)
    return Playlist(tuple(items), tuple(broken))


def find(section: PlaylistSection, name: str) -> tuple[Path, Item] | None:
    """A file of the playlist, if it is one now."""
    item = next((one for one in read(section).items if one.name == name), None)
    return (Path(section.folder) / item.name, item) if item else None


def sniff(head: bytes) -> str | Fault:
    """The content type that the first bytes tell; "moves" or "type": not to be shown."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(PNG):
        return "moves" if b"acTL" in _chunks(head) else "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "moves" if head[12:16] == b"VP8X" and head[20:21] and head[20] & 2 else "image/webp"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "moves"
    if head[4:8] == b"ftyp" and head[8:12] not in (b"avif", b"avis", b"heic", b"mif1", b"qt  "):
        return "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    return "type"


def _chunks(head: bytes) -> Iterator[bytes]:
    """Names of a PNG's chunks before its picture."""
    at = len(PNG)
    while at + 8 <= len(head):
        name = head[at + 4 : at + 8]
        if name == b"IDAT":
            return
        yield name
        at += 12 + int.from_bytes(head[at : at + 4], "big")


def _item(name: str, path: Path | None, folder: Path, section: PlaylistSection) -> Item | Broken:
    if path is None:
        return Broken(name, "missing")
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file():
            return Broken(name, "type")
        with path.open("rb") as file:
            type = sniff(file.read(HEAD))
        stat = path.stat()
    except OSError:
        return Broken(name, "unreadable")
    if type in ("moves", "type"):
        return Broken(name, "moves" if type == "moves" else "type")
    if not NAME.fullmatch(name):
        return Broken(name, "name")
    kind: Kind = "video" if type.startswith("video/") else "image"
    return Item(
        name=name,
        kind=kind,
        type=type,
        version=f"{stat.st_mtime_ns:x}-{stat.st_size:x}",
        seconds=0 if kind == "video" else section.seconds.get(name, section.picture_seconds),
        volume=section.volume if kind == "video" else 0,
    )


ENDS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp",
    "video/mp4": ".mp4", "video/webm": ".webm",
}  # fmt: skip
SPARE = 2 * 1024**3
"""Bytes that must stay free on the disk: the journal is on it too."""


class Refused(Exception):
    """A file that can't be kept: `fault` as of those that can't be shown, or "room": the disk
    is nearly full."""

    def __init__(self, fault: Fault | Literal["room"]) -> None:
        super().__init__(fault)
        self.fault = fault


def prepare(section: PlaylistSection, size: int) -> Path:
    """Where a file of `size` bytes can be received into the playlist's folder, which is made if
    need be. Raises Refused, OSError."""
    folder = Path(section.folder)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free - size < SPARE:
        raise Refused("room")
    if len(read(section).items) >= MOST:
        raise Refused("too_many")
    return folder / f".incoming-{secrets.token_hex(8)}"


def adopt(received: Path, name: str) -> str:
    """Put what was received beside the others, under a name that sets can ask for; that name. It
    is told by its content what it is. Raises Refused, OSError."""
    with received.open("rb+") as file:
        type = sniff(file.read(HEAD))
        os.fsync(file.fileno())
    if type not in ENDS:
        raise Refused("moves" if type == "moves" else "type")
    for tried in _names(name, ENDS[type]):
        target = received.with_name(tried)
        with contextlib.suppress(FileExistsError):
            target.touch(exist_ok=False)
            received.replace(target)
            return tried
    raise AssertionError("names don't end")


def _names(name: str, end: str) -> Iterator[str]:
    """The name in plain letters, then with a figure."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9 ._()+-]+", "-", Path(plain).stem).strip(" ._()+-")[:80] or "media"
    yield stem + end
    for number in itertools.count(2):
        yield f"{stem}-{number}{end}"
