"""Tables as a document.

What a sheet doesn't name is retired, not deleted; a sheet or a column that isn't there leaves
everything as it was. Every cell that is wrong is found, not only the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..tables import letters
from .checking import faults as faults_of
from .columns import HALL, Column, HallWords, columns
from .document import KINDS, SINGULAR, Document, Item, items, with_items
from .faults import SENTENCES, Fault
from .rows import Plain, item_from, plain_from, plain_of, stand_in
from .sheets import TRANSLATIONS, further, hall_of, lists, names, with_hall
from .succession import merged

GUIDES = ("petunjuk", "guide")
"""Sheets that explain the others."""
LANGUAGE = re.compile(r"[a-z]{2,3}")
Rows = Sequence[Sequence[str]]


class CellFault(Struct, frozen=True):
    """A fault and its cell: `row` and `column` from 1; 0: it stands in no cell of this file."""

    sheet: str
    row: int
    column: int
    fault: Fault

    @property
    def cell(self) -> str:
        """As a spreadsheet calls it: "C14", or "" when it is in no cell."""
        return f"{letters(self.column - 1)}{self.row}" if self.row and self.column else ""


class Reading(Struct, frozen=True):
    """What a file says: the document that it makes of the one before, or what is wrong."""

    document: Document
    faults: tuple[CellFault, ...] = ()


def read(found: Mapping[str, Rows], before: Document) -> Reading:
    """The document that the sheets make of the one before, and every cell that is wrong."""
    reader = _Reader(before)
    reader.take(found)
    for kind in (HALL, *KINDS):
        reader.main(kind)
    for kind, one in lists():
        reader.list(kind, one)
    document = reader.document()
    wrong = reader.wrong or [reader.place(one) for one in faults_of(document)]
    if reader.wrong:
        cells = {(one.sheet, one.row, one.column) for one in wrong}
        more = (reader.place(one) for one in faults_of(document))
        wrong = [*wrong, *(x for x in more if (x.sheet, x.row, x.column) not in cells)]
    order = {name: at for at, name in enumerate(names())}
    wrong.sort(key=lambda x: (order.get(x.sheet, len(order)), x.row, x.column))
    return Reading(document, tuple(wrong))


def place_of(document: Document) -> list[CellFault]:
    """What is wrong with a document that came in no cells."""
    return [CellFault(one.kind, 0, 0, one) for one in faults_of(document)]


class _Sheet:
    """One sheet as it came: its header, and its rows with their numbers."""

    def __init__(self, name: str, rows: Rows) -> None:
        self.name = name
        self.top = next((at for at, row in enumerate(rows, 1) if any(row)), 0)
        self.keys = [cell.strip() for cell in rows[self.top - 1]] if self.top else []
        self.rows = [
            (at, {key: cell for key, cell in zip_longest(self.keys, row, fillvalue="") if key})
            for at, row in enumerate(rows, 1)
            if at > self.top and any(cell.strip() for cell in row)
        ]

    def column(self, key: str) -> int:
        """Where a key's column stands, from 1; that of a part of a value: the value's."""
        while key and key not in self.keys:
            key = key.rpartition(".")[0]
        return self.keys.index(key) + 1 if key else 0

    def languages(self) -> Iterator[str]:
        """Those that names have a column for: `name.jv` beside `name.en`."""
        for key in self.keys:
            way, dot, tongue = key.rpartition(".")
            named = {f"{way}{dot}id", f"{way}{dot}en"} <= {*self.keys}
            if named and tongue not in ("id", "en") and LANGUAGE.fullmatch(tongue):
                yield tongue


class _Reader:
    def __init__(self, before: Document) -> None:
        self.before = before
        self.languages = further(before)
        self.wrong: list[CellFault] = []
        self.sheets: dict[str, _Sheet] = {}
        self.plains: dict[str, list[Plain]] = {
            kind: [plain_of(one) for one in items(before, kind)] for kind in KINDS
        }
        self.plains[HALL] = [plain_of(hall_of(before))]
        self.rows: dict[str, list[int]] = {}
        """For every item of a kind the number of its row, 0: it is in none."""

    # Sheets and their headers

    def take(self, found: Mapping[str, Rows]) -> None:
        """Keep the sheets that are the catalogue's, and say which are not."""
        known = {name.casefold(): name for name in names()}
        for given, rows in found.items():
            name = known.get(given.strip().casefold())
            if name is not None:
                sheet = _Sheet(name, rows)
                if name in self.sheets and sheet.top:
                    twice = Fault(given, 0, "", "", "twice", {"found": given, "times": 2})
                    self.wrong.append(CellFault(given, 0, 0, twice))
                elif sheet.top:
                    self.sheets[name] = sheet
            elif given.strip().casefold() not in GUIDES and any(any(row) for row in rows):
                details = {"found": given, "known": ", ".join(known.values())}
                self.wrong.append(CellFault(given, 0, 0, Fault(given, 0, "", "", "sheet", details)))
        tongues = {one for sheet in self.sheets.values() for one in sheet.languages()}
        self.languages = tuple(sorted({*self.languages, *tongues}))

    def _headed(self, sheet: _Sheet, known: Sequence[str], needed: Sequence[str]) -> bool:
        """Say what is wrong with a header; False: the sheet can't be read."""
        seen: set[str] = set()
        for at, key in enumerate(sheet.keys, 1):
            if key in seen:
                self._say(sheet, sheet.top, at, "column_twice", {"found": key})
            elif key and key not in known:
                details = {"found": key, "known": ", ".join(known)}
                self._say(sheet, sheet.top, at, "column", details)
            seen.add(key)
        lacking = [key for key in needed if key not in seen]
        for key in lacking:
            self._say(sheet, sheet.top, 1, "column_missing", {"found": key})
        return not lacking

    # Lists

    def main(self, kind: str) -> None:
        """A list's own sheet: its rows in their order, and retired what it doesn't name."""
        sheet = self.sheets.get(kind)
        if sheet is None:
            self.rows[kind] = [0] * len(self.plains[kind])
            return
        cells = [one for one in columns(kind, self.languages) if one.shape != "rows"]
        needed = [] if kind == HALL else ["id"]
        if not self._headed(sheet, [one.key for one in cells], needed):
            self.rows[kind] = [0] * len(self.plains[kind])
            return
        if kind == HALL:
            for at, row in sheet.rows[:1]:
                self.plains[HALL] = [self._item(sheet, at, cells, row, self.plains[HALL][0], "")]
            self.rows[HALL] = [sheet.rows[0][0] if sheet.rows else 0]
            return
        before = {plain["id"]: plain for plain in self.plains[kind]}
        made: list[tuple[int, Plain]] = []
        for at, row in sheet.rows:
            id = row["id"].strip()
            if not id:
                self._say(sheet, at, sheet.column("id"), "empty", {})
                continue
            known = before.get(id)
            # Of a new one every column is there, be it empty.
            given = row if known else {one.key: row.get(one.key, "") for one in cells}
            made.append((at, self._item(sheet, at, cells, given, known or {}, id)))
        old = [(0, {**plain, "retired": True}) for plain in self.plains[kind]]
        made = merged(made, old, lambda one: str(one[1]["id"]))
        self.plains[kind] = [plain for _, plain in made]
        self.rows[kind] = [at for at, _ in made]

    def _item(
        self, sheet: _Sheet, at: int, cells: Sequence[Column], row: Mapping[str, str],
        before: Plain, id: str,
    ) -> Plain:  # fmt: skip
        plain, wrong = plain_from(cells, row, before)
        for key, code, details in wrong:
            self._say(sheet, at, sheet.column(key), code, details, id, key)
            stand_in(plain, next(one for one in cells if one.key == key))
        return plain

    def list(self, kind: str, wanted: Column) -> None:
        """The sheet of a list in a list: what it says of an item takes the place of all."""
        sheet = self.sheets.get(f"{kind}.{wanted.key}")
        if sheet is None:
            return
        column = next(x for x in columns(kind, self.languages) if x.key == wanted.key)
        owner = "" if kind == HALL else SINGULAR[kind]
        keys = [one.key for one in column.rows]
        needed = [*([owner] if owner else []), *(one.key for one in column.rows if one.required)]
        if not self._headed(sheet, [*([owner] if owner else []), *keys], needed):
            return
        found: dict[str, list[Plain]] = {}
        known = {plain.get("id", "") for plain in self.plains[kind]}
        for at, row in sheet.rows:
            id = row[owner].strip() if owner else ""
            if id not in known:
                details = {"found": id, "kind": owner, "sheet": kind}
                self._say(sheet, at, sheet.column(owner), "unknown", details, id)
                continue
            given = {key: row.get(key, "") for key in keys}
            found.setdefault(id, []).append(self._item(sheet, at, column.rows, given, {}, id))
        for plain in self.plains[kind]:
            part = plain
            for step in column.path[:-1]:
                part = part[step]
            part[column.path[-1]] = found.get(plain.get("id", ""), [])

    # The whole

    def document(self) -> Document:
        """The document of all that could be read."""
        document = self.before
        for kind, struct in KINDS.items():
            made: list[Item] = []
            for at, plain in enumerate(self.plains[kind]):
                item, wrong = item_from(struct, plain)
                if item is None:
                    self._unconverted(kind, at, plain, wrong)
                    item = self._stand_in_item(struct, plain)
                made.append(item)
            document = with_items(document, kind, tuple(made))
        hall, wrong = item_from(HallWords, self.plains[HALL][0])
        if hall is None:
            self._unconverted(HALL, 0, {}, wrong)
        else:
            document = with_hall(document, hall)
        return self._translated(document)

    def _unconverted(self, kind: str, at: int, plain: Plain, wrong: Any) -> None:
        for key, code, details in wrong:
            fault = Fault(kind, at, str(plain.get("id", "")), key, code, details)
            self.wrong.append(self.place(fault))

    def _stand_in_item(self, struct: type[Item], plain: Plain) -> Item:
        """Something of that name, so that what names it isn't called wrong too."""
        rows = {one.key: "" for one in columns(_kind_of(struct))}
        made, wrong = plain_from(columns(_kind_of(struct)), rows | {"id": str(plain["id"])}, {})
        for key, _, _ in wrong:
            stand_in(made, next(x for x in columns(_kind_of(struct)) if x.key == key))
        found: Item = msgspec.convert(made, struct)
        return found

    def _translated(self, document: Document) -> Document:
        sheet = self.sheets.get(TRANSLATIONS)
        if sheet is None:
            return document
        tongues = [key for key in sheet.keys if LANGUAGE.fullmatch(key)]
        if not self._headed(sheet, ["text", *tongues], ["text"]):
            return document
        said: dict[str, dict[str, str]] = {tongue: {} for tongue in tongues}
        seen: set[str] = set()
        for at, row in sheet.rows:
            text = row["text"]
            if not text.strip():
                self._say(sheet, at, sheet.column("text"), "empty", {})
            elif text in seen:
                self._say(sheet, at, sheet.column("text"), "twice", {"found": text, "times": 2})
            seen.add(text)
            for tongue in tongues:
                if row.get(tongue, "").strip():
                    said[tongue][text] = row[tongue]
        english = said.pop("en", document.english)
        phrases = {tongue: found for tongue, found in said.items() if found}
        kept = {one: x for one, x in document.phrases.items() if one not in said}
        return replace(document, english=english, phrases=kept | phrases)

    # Where

    def place(self, fault: Fault) -> CellFault:
        """The cell of something that is wrong with the document."""
        listed = f"{fault.kind}.{fault.field}"
        sheet = self.sheets.get(listed)
        if sheet is not None:
            owner, found = SINGULAR.get(fault.kind, ""), fault.details.get("found", "")
            own = [(at, row) for at, row in sheet.rows if row.get(owner, "").strip() == fault.id]
            for at, cells in own:
                for column, key in enumerate(sheet.keys, 1):
                    if found and cells.get(key, "").strip() == found:
                        return CellFault(listed, at, column, fault)
            if own:
                return CellFault(listed, own[0][0], sheet.column(owner), fault)
        sheet = self.sheets.get(fault.kind)
        rows = self.rows.get(fault.kind, [])
        row = rows[fault.at] if fault.at < len(rows) else 0
        if sheet is None or not row:
            return CellFault(fault.kind, 0, 0, fault)
        return CellFault(fault.kind, row, sheet.column(fault.field) or sheet.column("id"), fault)

    def _say(
        self, sheet: _Sheet, row: int, column: int, code: str, details: dict[str, Any],
        id: str = "", field: str = "",
    ) -> None:  # fmt: skip
        assert code in SENTENCES, code
        fault = Fault(sheet.name, 0, id, field, code, details)
        self.wrong.append(CellFault(sheet.name, row, column, fault))


def _kind_of(struct: type[Item]) -> str:
    return next(kind for kind, one in KINDS.items() if one is struct)
