"""A report as a table to take away: what CSV, workbook and paper all show. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from ..core.language import Text
from .query import AT_COUNTERS, Dimension, Figures, Row, Spread

Kind = Literal["text", "count", "minutes", "share"]
"""How a column is written: minutes with one decimal, shares of one as per cent."""
Value = str | int | float | None
MINUTE = 60_000
Name = Callable[[Dimension, str], str]
"""A dimension's value -> what it is called."""

GROUPED: dict[Dimension, Text] = {
    "": Text("Seluruhnya", "All"),
    "day": Text("Hari", "Day"),
    "week": Text("Minggu", "Week"),
    "month": Text("Bulan", "Month"),
    "weekday": Text("Hari dalam minggu", "Weekday"),
    "hour": Text("Jam", "Hour"),
    "shift": Text("Giliran", "Shift"),
    "agency": Text("Instansi", "Agency"),
    "service": Text("Layanan", "Service"),
    "zone": Text("Zona", "Zone"),
    "counter": Text("Loket", "Counter"),
    "operator": Text("Petugas", "Operator"),
    "priority": Text("Golongan prioritas", "Priority class"),
    "channel": Text("Asal nomor", "Channel"),
}
CHANNELS: dict[str, Text] = {
    "kiosk": Text("Kios", "Kiosk"),
    "remote": Text("Ponsel, dari jauh", "Phone, from afar"),
    "booking": Text("Pesanan", "Booking"),
    "operator": Text("Petugas", "Operator"),
    "supervisor": Text("Penyelia", "Supervisor"),
    "admin": Text("Administrator", "Administrator"),
}
"""What ways to a number are called; the roles are those that take one for others."""
UNKNOWN = Text("tidak tercatat", "not recorded")
WAITING, WALKING = Text("Menunggu", "Waiting"), Text("Berjalan", "Walking")
SERVICE, VISIT = Text("Dilayani", "Service"), Text("Kunjungan", "Visit")
SPREAD = (
    Text("rata-rata", "mean"), Text("median", "median"), Text("p90", "p90"), Text("p95", "p95"),
)  # fmt: skip
COUNTS: dict[str, Text] = {
    "issued": Text("Nomor diambil", "Issued"),
    "served": Text("Selesai", "Served"),
    "no_show": Text("Tidak hadir", "No-show"),
    "cancelled": Text("Batal", "Cancelled"),
    "expired": Text("Kedaluwarsa", "Expired"),
    "unfinished": Text("Belum selesai", "Unfinished"),
    "calls": Text("Dipanggil ke loket", "Called to a counter"),
    "recalls": Text("Panggil ulang", "Recalls"),
    "done": Text("Layanan diberikan", "Services given"),
    "transferred": Text("Dipindahkan", "Transferred"),
}
OF_VISITS = ("issued", "served", "no_show", "cancelled", "expired", "unfinished")
KEPT = Text("Sesuai janji", "As promised")
TOTAL = Text("Jumlah", "Total")
MINUTES = Text("menit", "min")
DEFINITIONS: tuple[tuple[Text, Text], ...] = (
    (WAITING, Text(
        "dari masuk antrean (pesanan: dari waktu sesinya) sampai panggilan pertama di loket",
        "from joining the line (a booking: from its time) to the first call at a counter",
    )),
    (WALKING, Text(
        "dari panggilan terakhir sampai mulai dilayani", "from the last call to the start",
    )),
    (SERVICE, Text(
        "dari mulai sampai selesai di loket; yang tidak diselesaikan pada harinya tidak dihitung",
        "from start to finish at a counter; what nobody finished on its day is left out",
    )),
    (VISIT, Text(
        "dari nomor diambil sampai kunjungan berakhir pada hari itu",
        "from the number's issue to its end on that day",
    )),
    (Text("median, p90, p95", "median, p90, p95"), Text(
        "nilai yang dicapai oleh 50, 90, 95 dari 100 orang (peringkat terdekat; tanpa interpolasi)",
        "what 50, 90, 95 of 100 did not exceed (nearest rank; nothing is interpolated)",
    )),
    (KEPT, Text(
        "bagian dari layanan dengan jangka waktu dalam menit yang tidak melebihi jangka itu",
        "the part of services with a published duration in minutes that took no longer",
    )),
    (COUNTS["issued"], Text(
        "menurut layanan yang dituju; layanan yang diberikan menurut loket yang memberikannya",
        "by the service that was asked for; services given by where they were given",
    )),
)  # fmt: skip
DEFINED = Text("Arti angka", "What the figures mean")


class Column(Struct, frozen=True):
    """A column; `key` is stable, for programs."""

    key: str
    label: str
    kind: Kind


class Document(Struct, frozen=True):
    """A table with what it is of. `rows` and `total` have a value for each column."""

    hall: str
    title: str
    period: str
    narrowed: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...]
    defined: str
    definitions: tuple[tuple[str, str], ...]
    language: str

    @property
    def drawn(self) -> bool:
        """Whether rows are drawn side by side. People are not: see docs/reports.md."""
        return self.columns[0].key != "operator"


def document(
    figures: Figures, name: Name, language: str, *, hall: str, title: str, period: str,
    narrowed: str = "",
) -> Document:  # fmt: skip
    """The figures as a table, in a language."""
    by = figures.query.by
    rows = figures.rows if by else ()
    if by == "operator":
        rows = tuple(sorted(rows, key=lambda row: name(by, row.key).casefold()))
    return Document(
        hall=hall, title=title, period=period, narrowed=narrowed,
        columns=columns(by, language),
        rows=tuple(_values(row, name(by, row.key), by) for row in rows),
        total=_values(figures.total, TOTAL.of(language), by),
        defined=DEFINED.of(language),
        definitions=tuple((term.of(language), said.of(language)) for term, said in DEFINITIONS),
        language=language,
    )  # fmt: skip


def columns(by: Dimension, language: str) -> tuple[Column, ...]:
    """The columns of a grouping: what belongs to visits is left out by counter or operator."""
    found = [Column(by or "all", GROUPED[by].of(language), "text")]
    found += [Column(one, COUNTS[one].of(language), "count") for one in _counts(by)]
    for key, label in _spreads(by):
        for part, said in zip(("mean", "median", "p90", "p95"), SPREAD, strict=True):
            text = f"{label.of(language)}, {said.of(language)} ({MINUTES.of(language)})"
            found.append(Column(f"{key}_{part}", text, "minutes"))
    found.append(Column("as_promised", KEPT.of(language), "share"))
    return tuple(found)


def _values(row: Row, label: str, by: Dimension) -> tuple[Value, ...]:
    values: list[Value] = [label, *(getattr(row, one) for one in _counts(by))]
    for key, _ in _spreads(by):
        values += _minutes(getattr(row, key))
    values.append(row.kept / row.promised if row.promised else None)
    return tuple(values)


def _counts(by: Dimension) -> list[str]:
    return [one for one in COUNTS if by not in AT_COUNTERS or one not in OF_VISITS]


def _spreads(by: Dimension) -> list[tuple[str, Text]]:
    all_ = [("waiting", WAITING), ("walking", WALKING), ("service", SERVICE)]
    return all_ if by in AT_COUNTERS else [*all_, ("visit", VISIT)]


def _minutes(spread: Spread) -> list[Value]:
    if not spread.count:
        return [None] * 4
    return [ms / MINUTE for ms in (spread.mean, spread.median, spread.p90, spread.p95)]


def cells(document: Document) -> list[list[str]]:
    """As CSV has it: a line of keys that stay the same in every language, then the groups, then the
    total. Minutes have three decimals, shares four; what there is none of is empty."""

    def text(value: Value, kind: Kind) -> str:
        if value is None:
            return ""
        places = {"minutes": ".3f", "share": ".4f"}.get(kind)
        return format(value, places) if places and not isinstance(value, str) else str(value)

    kinds = [column.kind for column in document.columns]
    lines = [*document.rows, document.total]
    return [
        [column.key for column in document.columns],
        *([text(x, kind) for x, kind in zip(row, kinds, strict=True)] for row in lines),
    ]
