"""Applications as a spreadsheet: what is downloaded can be filled in and sent back. Pure.

One file for both ways: the columns that tell, then those to fill in. A row without a new status
changes nothing. Every fault names its cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import local
from queue_server.core.plan import Hours
from queue_server.tables import letters
from queue_server.tracking import codes, rules
from queue_server.tracking.guard import tidy
from queue_server.tracking.model import Application, Change, Dossier
from queue_server.tracking.refusals import Refused
from queue_server.tracking.states import STATES, State, path

MOST = 5_000
"""Rows of one upload."""
HEADER_WITHIN = 20
"""Rows in which the header is looked for: some put titles above it."""

COLUMNS: dict[str, tuple[str, str, int]] = {
    "code": ("Kode", "Code", 18),
    "file": ("Nomor berkas", "File number", 20),
    "agency": ("Instansi", "Agency", 16),
    "service": ("Layanan", "Service", 36),
    "state": ("Status", "State", 18),
    "registered": ("Didaftarkan", "Registered", 12),
    "due": ("Batas waktu", "Due", 12),
    "late": ("Hari kerja terlambat", "Working days late", 12),
    "to": ("Status baru", "New state", 18),
    "missing": ("Kekurangan (nomor syarat)", "Missing (requirement numbers)", 24),
    "note": ("Catatan", "Note", 40),
}
"""Name -> its header in Indonesian and English, and its width in characters."""
SYNONYMS = {
    "kode pelacakan": "code", "tracking code": "code", "no berkas": "file", "nomor": "file",
    "kekurangan": "missing", "missing": "missing", "alasan": "note", "reason": "note",
    "keterangan": "note",
}  # fmt: skip
WORDS: dict[State, tuple[str, str]] = {
    "diajukan": ("Diajukan", "Submitted"),
    "diverifikasi": ("Diverifikasi", "Being verified"),
    "perlu_perbaikan": ("Perlu perbaikan", "Needs correction"),
    "diproses": ("Diproses", "In process"),
    "disetujui": ("Disetujui", "Approved"),
    "siap_diambil": ("Siap diambil", "Ready for pickup"),
    "diserahkan": ("Diserahkan", "Handed over"),
    "ditolak": ("Ditolak", "Rejected"),
    "dibatalkan": ("Dibatalkan", "Withdrawn"),
}
"""A state as a cell says it; its code is understood too."""


class Row(Struct, frozen=True):
    """A row that asks for something: its number as spreadsheets count, and its cells by column
    name. `at` are the columns' places."""

    number: int
    cells: dict[str, str]
    at: dict[str, int]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Upload(Struct, frozen=True):
    """A file that was read: the rows that ask for something, and how many did not."""

    rows: tuple[Row, ...]
    silent: int


class Fault(Struct, frozen=True):
    """A cell that can't be done. `kind` "refused": `refusal` says why."""

    row: int
    cell: str
    column: str
    kind: Literal[
        "refused", "unreadable_code", "nothing_named", "unknown_state", "twice", "not_numbers"
    ]
    found: str = ""
    refusal: Refused | None = None


class Planned(Struct, frozen=True):
    """What a row would do. `between` are the states that it would pass."""

    row: int
    application: Application
    change: Change
    between: tuple[State, ...]


class Plan(Struct, frozen=True):
    """An upload against the applications as they are now."""

    planned: tuple[Planned, ...]
    faults: tuple[Fault, ...]
    same: int
    """Rows whose application is in that state already."""


class SheetError(ValueError):
    """A table without the columns that are needed, or with too many rows. `code` is stable."""

    def __init__(self, code: Literal["no_columns", "too_many"]) -> None:
        super().__init__(code)
        self.code = code


def table(
    dossiers: Sequence[Dossier], catalogue: Catalogue, hours: Hours, english: bool
) -> list[list[str]]:
    """The applications as rows, the header first."""
    side = int(english)
    rows = [[(indonesian, en)[side] for indonesian, en, _ in COLUMNS.values()]]
    for dossier in dossiers:
        one, stands = dossier.application, dossier.standing
        service = catalogue.named.services.get(one.service)
        name = (service.name.en if english else service.name.id) if service else one.service
        due = local(stands.due - 1, hours).date().isoformat() if stands.due else ""
        rows.append([
            one.code, one.file, one.agency, name, WORDS[one.state][side],
            local(one.registered, hours).date().isoformat(), due,
            str(stands.late_days) if stands.late else "", "", "", "",
        ])  # fmt: skip
    return rows


def read(rows: Sequence[Sequence[str]]) -> Upload:
    """What the rows ask for. Raises SheetError."""
    header, at = _header(rows)
    asking: list[Row] = []
    silent = 0
    for number, row in enumerate(rows[header + 1 :], header + 2):
        cells = {name: row[place] for name, place in at.items() if place < len(row)}
        if cells.get("to", ""):
            asking.append(Row(number, cells, at))
        else:
            silent += any(row)
    if len(asking) > MOST:
        raise SheetError("too_many")
    return Upload(tuple(asking), silent)


def plan(
    upload: Upload, catalogue: Catalogue, known: Mapping[str, Application],
    by_file: Mapping[tuple[str, str], Application],
) -> Plan:  # fmt: skip
    """What an upload would do now. `known`: applications by code, `by_file` by agency and file."""
    planned: dict[str, Planned] = {}
    faults: list[Fault] = []
    same = 0
    for row in upload.rows:
        found = _planned(row, catalogue, known, by_file)
        if isinstance(found, Fault):
            faults.append(found)
        elif found is None:
            same += 1
        elif found.application.code in planned:
            faults.append(_fault(row, "code", "twice", found.application.code))
        else:
            planned[found.application.code] = found
    return Plan(tuple(planned.values()), tuple(faults), same)


def agency_of(row: Row, catalogue: Catalogue) -> str:
    """The agency that a cell names by id, short name or name; "" for none."""
    said = row["agency"].casefold()
    for one in catalogue.named.agencies.values():
        if said in (one.id, one.short.casefold(), one.name.id.casefold(), one.name.en.casefold()):
            return one.id
    return ""


def _planned(
    row: Row, catalogue: Catalogue, known: Mapping[str, Application],
    by_file: Mapping[tuple[str, str], Application],
) -> Planned | Fault | None:  # fmt: skip
    application = _application(row, catalogue, known, by_file)
    if isinstance(application, Fault):
        return application
    to = state_of(row["to"])
    if to is None:
        return _fault(row, "to", "unknown_state", row["to"])
    if to == application.state:
        return None
    try:
        return _checked(row, application, to, catalogue)
    except Refused as refusal:
        column = {"application_changed": "state", "no_such_step": "to"}.get(refusal.code)
        return _fault(row, column or refusal.field, "refused", refusal=refusal)
    except ValueError:
        return _fault(row, "missing", "not_numbers", row["missing"])


def _checked(row: Row, application: Application, to: State, catalogue: Catalogue) -> Planned:
    """Raises Refused; ValueError when what is missing is not told in numbers."""
    seen = row["state"]
    rules.check_seen(application.state, state_of(seen) or seen)
    way = path(application.state, to)
    if not way:
        raise rules.no_such_step(application.state)
    numbers = [int(one) for one in re.split(r"[\s,;]+", row["missing"]) if one]
    service = catalogue.named.services.get(application.service)
    missing = rules.requirements(numbers, service.requirements if service else ())
    note = tidy(row["note"])
    rules.check_reason(to, missing, note)
    change = Change(application.code, to, application.state, missing, note)
    return Planned(row.number, application, change, way[:-1])


def _application(
    row: Row, catalogue: Catalogue, known: Mapping[str, Application],
    by_file: Mapping[tuple[str, str], Application],
) -> Application | Fault:  # fmt: skip
    if row["code"]:
        code = codes.read(row["code"])
        if not code:
            return _fault(row, "code", "unreadable_code", row["code"])
        if code not in known:
            return _fault(row, "code", "refused", refusal=Refused("unknown_application"))
        return known[code]
    if not row["file"] or not row["agency"]:
        return _fault(row, "code", "nothing_named")
    found = by_file.get((agency_of(row, catalogue), row["file"]))
    if found is None:
        return _fault(row, "file", "refused", refusal=Refused("unknown_application"))
    return found


def state_of(said: str) -> State | None:
    """The state that a cell names: its code, or its name in either language."""
    folded = re.sub(r"[\s_]+", " ", said.casefold()).strip()
    for state in STATES:
        if folded in (state.replace("_", " "), *(word.casefold() for word in WORDS[state])):
            return state
    return None


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        at: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = _column(cell)
            if name:
                at.setdefault(name, place)
        if "to" in at and ("code" in at or ("file" in at and "agency" in at)):
            return number, at
    raise SheetError("no_columns")


def _column(cell: str) -> str:
    folded = re.sub(r"[\s_]+", " ", cell.casefold()).strip()
    for name, (indonesian, english, _) in COLUMNS.items():
        if folded in (indonesian.casefold(), english.casefold()):
            return name
    return SYNONYMS.get(folded, "")


def _fault(
    row: Row, column: str, kind: Literal[
        "refused", "unreadable_code", "nothing_named", "unknown_state", "twice", "not_numbers"
    ], found: str = "", refusal: Refused | None = None,
) -> Fault:  # fmt: skip
    at = row.at.get(column)
    cell = f"{letters(at)}{row.number}" if at is not None else ""
    return Fault(row.number, cell, column, kind, found[:40], refusal)
