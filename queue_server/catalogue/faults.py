"""What is wrong with a catalogue: where, and what to do, in a sentence for a person."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ..core.language import in_language
from .document import SINGULAR

SENTENCES: dict[str, dict[str, str]] = {
    "bad_id": {
        "id": "“{found}” bukan kode: tulis huruf kecil a-z, angka, dan tanda hubung.",
        "en": "{found!r}: expected a-z, 0-9 and -",
    },
    "bad_prefix": {
        "id": "“{found}” bukan awalan nomor: tulis satu sampai tiga huruf besar.",
        "en": "{found!r}: expected one to three capital letters",
    },
    "twice": {
        "id": "“{found}” ada {times} kali; ubah agar hanya satu.",
        "en": "{found!r} stands {times} times; make it unique",
    },
    "reserved_hall": {
        "id": "“hall” dipakai untuk papan seluruh mal; pilih kode lain.",
        "en": "'hall' is reserved for the board of the whole hall",
    },
    "reserved_presence": {
        "id": "“presence” dipakai untuk layar kode kehadiran; pilih kode lain.",
        "en": "'presence' is reserved for the screen of the presence code",
    },
    "unknown": {
        "id": "“{found}” tidak ada di daftar {sheet}; tambahkan di sana atau perbaiki.",
        "en": "there is no {kind} {found!r}; add it or correct it",
    },
    "retired": {
        "id": "“{found}” sudah dipensiunkan; aktifkan lagi atau ganti.",
        "en": "the {kind} {found!r} is retired; bring it back or name another",
    },
    "digits": {
        "id": "tulis jumlah angka 1 sampai 5 dan nomor pertama 0 sampai 99999.",
        "en": "digits 1 to 5, first 0 to 99999",
    },
    "no_counter": {
        "id": "tidak ada loket yang melayaninya; tambahkan ke salah satu loket.",
        "en": "no counter gives it; add it to one",
    },
    "steps": {
        "id": "paket berisi 2 sampai {most} layanan yang tidak saling menunggu.",
        "en": "2 to {most} steps, none waiting for itself",
    },
    "sessions": {
        "id": "tulis sesi berurutan seperti 08:00-10:00, 10:00-11:30 ({reason}).",
        "en": "{field}: {reason}",
    },
    "times": {
        "id": "tulis jam seperti 08:00-12:00, 13:00-15:30 ({reason}).",
        "en": "{field}: {reason}",
    },
    "last": {
        "id": "nomor terakhir {found} sebelum nomor pertama {first}: tulis yang lebih besar.",
        "en": "last: not before first ({first})",
    },
    "empty": {"id": "wajib diisi.", "en": "is empty; fill it in"},
    "number": {"id": "“{found}” bukan bilangan bulat.", "en": "expected a number, found {found!r}"},
    "range": {
        "id": "{found} di luar batas: tulis {least} sampai {most}.",
        "en": "expected {least} to {most}, found {found}",
    },
    "flag": {
        "id": "“{found}”: tulis ya atau tidak.",
        "en": "expected ya or tidak, found {found!r}",
    },
    "choice": {
        "id": "“{found}” bukan pilihan: tulis salah satu dari {known}.",
        "en": "expected one of {known}, found {found!r}",
    },
    "date": {
        "id": "“{found}” bukan tanggal: tulis tahun-bulan-hari, misalnya 2026-12-24.",
        "en": "expected a date as 2026-12-24, found {found!r}",
    },
    "form": {
        "id": "“{found}” tidak sesuai bentuknya: tulis seperti {example}.",
        "en": "expected what looks like {example}, found {found!r}",
    },
    "pair": {
        "id": "“{found}”: tulis satu per baris sebagai kode = nilai.",
        "en": "expected code = value on each line, found {found!r}",
    },
    "unreadable": {"id": "tidak dapat dibaca: {reason}", "en": "{reason}"},
    "column": {
        "id": "“{found}” bukan kolom lembar ini; hapus, atau tulis salah satu dari {known}.",
        "en": "{found!r} is no column of this sheet; take it away, or name one of {known}",
    },
    "column_twice": {
        "id": "kolom “{found}” ada dua kali; hapus salah satunya.",
        "en": "the column {found!r} stands twice; take one away",
    },
    "column_missing": {
        "id": "kolom “{found}” tidak ada; tambahkan.",
        "en": "there is no column {found!r}; add it",
    },
    "sheet": {
        "id": "“{found}” bukan lembar katalog; hapus, atau namai salah satu dari {known}.",
        "en": "{found!r} is no sheet of the catalogue; take it away, or name one of {known}",
    },
    "lines": {
        "id": "terjemahannya punya lebih banyak baris daripada aslinya: {found}, bukan {most}.",
        "en": "the translation has more lines than the original: {found}, not {most}",
    },
}  # fmt: skip
"""Fault code -> its sentence. In a line of English the place comes before it."""


class Fault(Struct, frozen=True):
    """One thing that is wrong. `kind` is the list it is of ("services"; "hall": the document
    itself), `at` its place in there from 0, `id` what it is called, `field` the dotted key that
    is wrong ("": the whole)."""

    kind: str
    at: int
    id: str
    field: str
    code: str
    details: dict[str, Any] = {}

    def sentence(self, language: str) -> str:
        """What is wrong and what to do."""
        return in_language(SENTENCES[self.code], language).format(field=self.field, **self.details)

    def told(self, language: str) -> str:
        """The same as a sentence of its own."""
        said = self.sentence(language)
        return said[:1].upper() + said[1:]

    def line(self) -> str:
        """The same in English after its place, on one line."""
        place, said = SINGULAR.get(self.kind, self.kind), self.sentence("en")
        if self.field == "prefix" and self.code in NAMES:
            return f"prefix {said}"
        if self.field == "id" and self.code in NAMES:
            return f"{place} {said}"
        named = SINGULAR.get(self.field, self.field)
        field = f" {named}" if self.code == "twice" else f" {self.field}:"
        return f"{place} {self.id}:{field if self.code in FIELD_TOLD else ''} {said}"


NAMES = frozenset(("bad_id", "bad_prefix", "twice", "reserved_hall", "reserved_presence"))
"""Faults of the name itself: the line says it instead of what it names."""

FIELD_TOLD = frozenset(
    (
        "empty",
        "number",
        "range",
        "flag",
        "choice",
        "date",
        "form",
        "pair",
        "unreadable",
        "lines",
        "twice",
    )
)
"""Faults of a value: the line names its key."""


class CatalogueError(Exception):
    """A catalogue that cannot be used; the message names the place and the remedy.

    `faults`: all that is wrong, where it was found out; the message tells the first.
    """

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


def refuse(faults: tuple[Fault, ...]) -> CatalogueError:
    """The error of what is wrong: the first of it, and how much more there is."""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return CatalogueError(f"{faults[0].line()}{more}", faults)
