"""What is kept of people, as the page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from queue_server.changes import Change
from queue_server.config import Config
from queue_server.retention import PREFIX, RULES, Rule, Unit

from .sections import N_

WHAT: Mapping[str, tuple[str, str]] = {
    "contacts": (
        N_("Kontak untuk pengingat"),
        N_("Terenkripsi; dihapus setelah kunjungan selesai. Tidak ikut cadangan."),
    ),
    "notes": (N_("Catatan petugas"), N_("Setelah akhir harinya. Tidak ikut cadangan.")),
    "bookings": (
        N_("Pesanan"),
        N_("Setelah waktunya; telepon dan perangkat hanya sebagai sidik berkunci."),
    ),
    "remarks": (
        N_("Saran dan keluhan survei"),
        N_("Setelah ditulis. Nilai survei tanpa nama tetap."),
    ),
    "applications": (
        N_("Permohonan yang selesai"),
        N_("Setelah diserahkan, ditolak, atau dibatalkan, beserta riwayatnya."),
    ),
    "sessions": (N_("Sesi masuk petugas"), N_("Setelah itu harus masuk lagi.")),
    "backups": (N_("Cadangan data"), N_("Yang dihapus di sini masih ada di cadangan selama ini.")),
    "request": (N_("Atas permintaan"), ""),
}
"""A kind, and what is said of it."""
FIXED = (
    (N_("Kotak suara survei"), N_("Satu hari, lalu kuncinya dimusnahkan.")),
    (N_("Pesan keluar"), N_("7 hari setelah terkirim, 30 hari bila gagal; tanpa nomor telepon.")),
    (N_("Cetakan tiket"), N_("7 hari.")),
    (N_("Jurnal dan jejak"), N_("Tetap: tidak memuat data pribadi warga.")),
)
"""What is kept as long as it is, whatever is set."""


class Line(Struct, frozen=True):
    """A rule with its value as it is in force or was typed. `wrong`: outside its bounds."""

    name: str
    label: str
    about: str
    unit: Unit
    value: str
    least: int
    most: int
    pinned: bool
    wrong: bool = False


class Gone(Struct, frozen=True):
    """An erasure in the log: when, what, how many, by whom, and the rule behind it."""

    at: int
    label: str
    counts: tuple[tuple[str, int], ...]
    who: str
    rule: str


def lines(
    config: Config, pinned: Mapping[str, frozenset[str]], typed: Mapping[str, str]
) -> tuple[Line, ...]:
    """Every rule."""
    return tuple(_line(rule, config, pinned[rule.section], typed) for rule in RULES)


def wanted(typed: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Section -> the keys that a form sets. Raises ValueError: one is outside its bounds."""
    found: dict[str, dict[str, Any]] = {}
    for rule in RULES:
        text = typed.get(rule.name, "").strip()
        if not _fits(rule, text):
            raise ValueError(rule.name)
        found.setdefault(rule.section, {})[rule.key] = int(text)
    return found


def log(changes: Iterable[Change]) -> tuple[Gone, ...]:
    """The erasures, newest first."""
    return tuple(map(_gone, changes))


def _line(rule: Rule, config: Config, pinned: frozenset[str], typed: Mapping[str, str]) -> Line:
    label, about = WHAT[rule.kind]
    now = str(getattr(getattr(config, rule.section), rule.key))
    text = typed.get(rule.name, now)
    return Line(
        rule.name, label, about, rule.unit, text, rule.least, rule.most, rule.key in pinned,
        bool(typed) and not _fits(rule, text.strip()),
    )  # fmt: skip


def _fits(rule: Rule, text: str) -> bool:
    number = text.isascii() and text.isdecimal() and len(text) < 6
    return number and rule.least <= int(text) <= rule.most


def _gone(change: Change) -> Gone:
    after = msgspec.json.decode(change.after) or {}
    kind = change.what.removeprefix(PREFIX)
    label = WHAT[kind][0] if kind in WHAT else kind
    if "count" in after:
        counts: tuple[tuple[str, int], ...] = (("", int(after["count"])),)
    else:
        counts = tuple((WHAT[key][0], after[key]) for key in WHAT if key in after)
    return Gone(change.at, label, counts, change.name, str(after.get("rule", "")))
