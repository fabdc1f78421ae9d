"""What the backups' page shows: the kept files, the schedule, and a rehearsal's outcome. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from msgspec import Struct

from queue_server.backups import Kept, Staged
from queue_server.config import BackupSection
from queue_server.rehearsal import Holdings, Loss

HOUR = 3_600_000
DAY = 24 * HOUR
KEYS = ("at", "keep_days", "warn_hours")
NOUNS = ("bookings", "applications", "answers", "tokens", "changes")


class Age(Struct, frozen=True):
    """How long ago, in the largest unit that says it well."""

    count: int
    unit: Literal["minutes", "hours", "days"]


class Row(Struct, frozen=True):
    """A kept backup; `megabytes` as people read it."""

    name: str
    at: int
    age: Age
    size: str


class Setting(Struct, frozen=True):
    """A key of the schedule: its value, and whether the environment holds it fast."""

    value: str
    pinned: bool


class Count(Struct, frozen=True):
    """How many of something."""

    what: str
    count: int


class Trial(Struct, frozen=True):
    """A rehearsal: of which file, when, what was found, and what it would cost."""

    key: str
    name: str
    at: int
    fault: str
    said: str
    holds: Holdings | None
    loses: Loss | None
    counts: tuple[Count, ...] = ()
    lost: tuple[Count, ...] = ()


def age(at: int, now: int) -> Age:
    """From then to now."""
    ms = max(0, now - at)
    if ms < 2 * HOUR:
        return Age(ms // 60_000, "minutes")
    return Age(ms // HOUR, "hours") if ms < 2 * DAY else Age(ms // DAY, "days")


def size(count: int, language: str) -> str:
    """Bytes as people read them."""
    point = "." if language == "en" else ","
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}".replace(".", point)
        count = count / 1000  # type: ignore[assignment]  # a figure to be read
    return f"{count:.1f} GB".replace(".", point)


def rows(kept: Iterable[Kept], now: int, language: str) -> tuple[Row, ...]:
    """The files, newest first."""
    return tuple(Row(one.name, one.at, age(one.at, now), size(one.size, language)) for one in kept)


def schedule(
    section: BackupSection, pinned: frozenset[str], typed: Mapping[str, str]
) -> dict[str, Setting]:
    """The form's fields; what was typed stays in it."""
    return {key: Setting(typed.get(key, str(getattr(section, key))), key in pinned) for key in KEYS}


def values_of(form: Mapping[str, str]) -> dict[str, Any]:
    """The form as a section has it; what is no number stays as it was typed, to be refused."""
    found: dict[str, Any] = {"at": form.get("at", "").strip()}
    for key in ("keep_days", "warn_hours"):
        text = form.get(key, "").strip()
        found[key] = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text
    return found


def trial(staged: Staged | None) -> Trial | None:
    """The rehearsal that waits for an answer, if there is one."""
    if staged is None:
        return None
    holds, loses = staged.report.holds, staged.report.loses
    return Trial(
        key=staged.key, name=staged.name, at=staged.at, fault=staged.report.fault,
        said=staged.report.said, holds=holds, loses=loses,
        counts=_counts(holds.counts) if holds else (), lost=_counts(loses.counts) if loses else (),
    )  # fmt: skip


def _counts(counts: Mapping[str, int]) -> tuple[Count, ...]:
    return tuple(Count(what, counts[what]) for what in NOUNS if counts.get(what))


def same_name(typed: str, name: str) -> bool:
    """Whether somebody has typed the hall's name, however they wrote it."""
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()
