"""The hall's registered devices, its screens and its kiosks: how each is set, who registered it,
when it was last heard of.

A device that nobody has registered shows a code; a supervisor who stands before it enters that
code. Until then it is known by a secret in its cookie, of which a hash is kept; then it signs in as
the office's device that was made for it.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from .clock import Clock
from .store import Steps, Store

MINUTE = 60_000
CODE_MINUTES = 15
"""How long a code is good."""
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Nothing that is read as something else: no I, L, O, 0, 1."""
LENGTH = 6
MOST_WAITING = 100
"""Codes that are shown at once; beyond that the oldest is forgotten."""
ONLINE = 150_000
"""A device reports every minute: after so many milliseconds of silence it is away."""
STEPS: Steps = (
    (
        """CREATE TABLE screens (
             id INTEGER PRIMARY KEY AUTOINCREMENT, actor TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
             setting TEXT NOT NULL, revision INTEGER NOT NULL, claim BLOB,
             created INTEGER NOT NULL, created_by TEXT NOT NULL,
             seen INTEGER NOT NULL, report TEXT NOT NULL) STRICT""",
    ),
    ("ALTER TABLE screens RENAME TO devices",),
)
S = TypeVar("S", bound=Struct)
Pixels = Annotated[int, Meta(ge=0, le=20_000)]


class Report(Struct, frozen=True):
    """What a device says of itself: whether it may sound, which build it shows, its size in CSS
    pixels, the files of its playlist that it could not show."""

    build: Annotated[str, Meta(max_length=64)] = ""
    sound: Literal["on", "off", "blocked"] = "off"
    width: Pixels = 0
    height: Pixels = 0
    broken: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=200)] = ()


class Device(Struct, Generic[S], frozen=True):
    """A registered device. `actor` is its id in the office ("u7"); times are epoch ms, `seen` 0:
    never yet; `claim` the hash of the secret that it waits with, None: it has come."""

    id: int
    actor: str
    name: str
    setting: S
    revision: int
    created: int
    created_by: str
    seen: int = 0
    report: Report = Report()
    claim: bytes | None = None


class Waiting(Struct, frozen=True):
    """A device that shows its code."""

    code: str
    hash: bytes
    until: int


class Devices(Generic[S]):
    """All of a kind; `kind` is how they are set. Open before use, close in the end. Changes raise
    Unavailable (503) when not written."""

    def __init__(self, path: Path, clock: Clock, kind: type[S]) -> None:
        self._kind = kind
        self._store = Store(path, STEPS)
        self._clock = clock
        self._devices: dict[int, Device[S]] = {}
        self._waiting: dict[str, Waiting] = {}

    async def open(self) -> None:
        """Raises sqlite3.Error, ValueError."""
        await self._store.open()
        sql = "SELECT id, actor, name, revision, created, created_by, seen, claim, setting, report"
        for *plain, claim, setting, report in await self._store.read(f"{sql} FROM devices"):
            id, actor, name, revision, created, created_by, seen = plain
            self._devices[id] = Device(
                id, actor, name, msgspec.json.decode(setting, type=self._kind), revision,
                created, created_by, seen, msgspec.json.decode(report, type=Report), claim,
            )  # fmt: skip

    async def close(self) -> None:
        await self._store.close()

    def all(self) -> list[Device[S]]:
        """By name."""
        return sorted(self._devices.values(), key=lambda device: device.name.casefold())

    def get(self, id: int) -> Device[S] | None:
        """A device by its id."""
        return self._devices.get(id)

    def of(self, actor: str) -> Device[S] | None:
        """The one whose actor this is."""
        return next((one for one in self._devices.values() if one.actor == actor), None)

    def is_online(self, device: Device[S]) -> bool:
        """Whether it was heard of just now."""
        return self._clock.now() - device.seen < ONLINE

    # Registration -------------------------------------------------------------------------

    def begin(self) -> str:
        """A new device shows itself; the secret by which it asks for its code."""
        now = self._clock.now()
        self._waiting = {one.code: one for one in self._waiting.values() if one.until > now}
        while len(self._waiting) >= MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        secret, code = secrets.token_urlsafe(32), _new_code()
        while code in self._waiting:
            code = _new_code()
        self._waiting[code] = Waiting(code, _hash(secret), now + CODE_MINUTES * MINUTE)
        return secret

    def waiting(self, secret: str) -> Waiting | None:
        """The code that a device with this secret shows, while it is good."""
        hash, now = _hash(secret), self._clock.now()
        found = (one for one in self._waiting.values() if one.hash == hash and one.until > now)
        return next(found, None)

    def knows(self, code: str) -> bool:
        """Whether a device shows this code now, however it is typed."""
        found = self._waiting.get(plain(code))
        return found is not None and found.until > self._clock.now()

    async def register(self, code: str, actor: str, name: str, setting: S, by: str) -> Device[S]:
        """The device that shows this code is `actor`'s from now on. KeyError: none does."""
        waiting = self._waiting.pop(plain(code))
        now = self._clock.now()
        values = (actor, name, _json(setting), waiting.hash, now, by, _json(Report()))
        id = await self._store.write(
            (
                "INSERT INTO devices (actor, name, setting, revision, claim, created, created_by,"
                " seen, report) VALUES (?, ?, ?, 1, ?, ?, ?, 0, ?)",
                values,
            )
        )
        device = Device(id, actor, name, setting, 1, now, by, claim=waiting.hash)
        self._devices[id] = device
        return device

    def claimed(self, secret: str) -> Device[S] | None:
        """The registered device that waits with this secret. It may ask again until it has
        reported: an answer can be lost on its way."""
        hash = _hash(secret)
        return next((one for one in self._devices.values() if one.claim == hash), None)

    # Afterwards ---------------------------------------------------------------------------

    async def change(self, id: int, name: str, setting: S) -> Device[S]:
        """Another name or setting: its revision tells the device. KeyError: no such device."""
        before = self._devices[id]
        revision = before.revision + (setting != before.setting)
        sql = "UPDATE devices SET name = ?, setting = ?, revision = ? WHERE id = ?"
        await self._store.write((sql, (name, _json(setting), revision, id)))
        after = replace(self._devices[id], name=name, setting=setting, revision=revision)
        self._devices[id] = after
        return after

    async def remove(self, id: int) -> None:
        """It is none of the hall's any more. KeyError: no such device."""
        del self._devices[id]
        await self._store.write(("DELETE FROM devices WHERE id = ?", (id,)))

    async def report(self, id: int, report: Report) -> None:
        """The device is there, and says how it is. KeyError: no such device."""
        seen = self._clock.now()
        self._devices[id] = replace(self._devices[id], seen=seen, report=report, claim=None)
        sql = "UPDATE devices SET seen = ?, report = ?, claim = NULL WHERE id = ?"
        await self._store.write((sql, (seen, _json(report), id)))


def plain(code: str) -> str:
    """A code as it is kept, however it was typed: "7kq 2mx" is "7KQ2MX"."""
    return "".join(letter for letter in code.upper() if letter in ALPHABET)[: 2 * LENGTH]


def shown(code: str) -> str:
    """In two groups, as it is read aloud."""
    return f"{code[:3]} {code[3:]}"


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _json(value: Struct) -> str:
    return msgspec.json.encode(value).decode()
