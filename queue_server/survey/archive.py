"""The answers for good (`survey.db`): opened ballots, paper forms, remarks, published reports.

Nothing here has an order or a time of its own: ids are random, tables have no rowid, a ballot
leaves its date and a band of hours. Remarks have ids of their own: which answers came with a
text, nobody can tell.
"""

# ruff: noqa: S608  # what is put together into SQL are names of columns and places, never values
from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from ..store import Steps, Store, Transaction
from .ballots import Ballot
from .elements import CODES, TRAITS
from .index import Tally
from .report import Cell, Report, Share

STEPS: Steps = (
    (
        f"""CREATE TABLE answers (
             id BLOB PRIMARY KEY, date TEXT NOT NULL, band TEXT NOT NULL, service TEXT NOT NULL,
             agency TEXT NOT NULL, counter TEXT NOT NULL, paper TEXT NOT NULL,
             {", ".join(f"{code} INTEGER CHECK ({code} BETWEEN 1 AND 4)" for code in CODES)},
             {", ".join(f"{trait} TEXT NOT NULL" for trait in TRAITS)}) STRICT, WITHOUT ROWID""",
        """CREATE TABLE remarks (
             id TEXT PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, date TEXT NOT NULL,
             service TEXT NOT NULL, agency TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'new',
             reason TEXT NOT NULL DEFAULT '', clock TEXT NOT NULL DEFAULT 'information',
             answer TEXT NOT NULL DEFAULT '', responded TEXT NOT NULL DEFAULT '',
             closed TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID""",
        """CREATE TABLE published (
             period TEXT PRIMARY KEY, on_date TEXT NOT NULL, report BLOB NOT NULL)
             STRICT, WITHOUT ROWID""",
        """CREATE TABLE papers (
             id TEXT PRIMARY KEY, name TEXT NOT NULL, date TEXT NOT NULL, count INTEGER NOT NULL)
             STRICT, WITHOUT ROWID""",
        """CREATE TABLE served (
             date TEXT NOT NULL, service TEXT NOT NULL, agency TEXT NOT NULL,
             counter TEXT NOT NULL, count INTEGER NOT NULL,
             PRIMARY KEY (date, service, counter)) STRICT, WITHOUT ROWID""",
        "CREATE TABLE counted (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)"
        " STRICT",
    ),
)
INSERT = f"INSERT INTO answers VALUES ({', '.join('?' * (7 + len(CODES) + len(TRAITS)))})"


REMARK = "INSERT INTO remarks (id, kind, text, date, service, agency) VALUES (?, ?, ?, ?, ?, ?)"


class Filter(Struct, frozen=True):
    """Which answers: dates from first to last, and one service, agency or counter ("": all)."""

    first: str
    last: str
    service: str = ""
    agency: str = ""
    counter: str = ""

    def where(self, *, of_visit: bool = True) -> tuple[str, list[str]]:
        """The condition and its values."""
        found, values = "date BETWEEN ? AND ?", [self.first, self.last]
        for name in ("service", "agency", "counter") if of_visit else ("service", "agency"):
            value = getattr(self, name)
            if value:
                found += f" AND {name} = ?"
                values.append(value)
        return found, values


class Remark(Struct, frozen=True):
    """A suggestion or complaint. `state`: whether it may be read by all."""

    id: str
    kind: Literal["suggestion", "complaint"]
    text: str
    date: str
    service: str
    agency: str
    state: Literal["new", "shown", "hidden"] = "new"
    reason: str = ""
    clock: str = "information"
    answer: str = ""
    responded: str = ""
    closed: str = ""


class Paper(Struct, frozen=True):
    """A file of paper forms that was taken in."""

    id: str
    name: str
    date: str
    count: int


class Published(Struct, frozen=True):
    """A report as it was published."""

    date: str
    report: Report


class Archive:
    """The file."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, STEPS, private=True)
        self.open, self.close, self.scrub = self._store.open, self._store.close, self._store.scrub

    # Answers ----------------------------------------------------------------------------------

    async def add(self, ballots: Sequence[tuple[bytes, Ballot]]) -> None:
        """Take ballots in, each once: a repetition after a crash adds none. Raises Unavailable."""

        async def change(transaction: Transaction) -> None:
            fresh = []
            for id, ballot in ballots:
                if not await transaction.read("SELECT 1 FROM answers WHERE id = ?", [id]):
                    fresh.append((id, ballot))
                    await transaction.write(INSERT, _row(id, ballot, ""))
            for one in sorted(_remarks(fresh), key=lambda one: one.id):
                values = (one.id, one.kind, one.text, one.date, one.service, one.agency)
                await transaction.write(REMARK, values)

        await self._store.carry_out(change)
        await self.scrub()

    async def add_paper(self, paper: Paper, ballots: Iterable[Ballot]) -> None:
        """Take a file in. Raises sqlite3.IntegrityError when it is in already, Unavailable."""
        rows = sorted(_row(secrets.token_bytes(16), one, paper.id) for one in ballots)
        values = (paper.id, paper.name, paper.date, paper.count)
        await self._store.write(
            ("INSERT INTO papers VALUES (?, ?, ?, ?)", values), *((INSERT, row) for row in rows)
        )

    async def remove_paper(self, id: str) -> None:
        """Take a file out again."""
        await self._store.write(
            ("DELETE FROM answers WHERE paper = ?", (id,)),
            ("DELETE FROM papers WHERE id = ?", (id,)),
        )

    async def papers(self) -> list[Paper]:
        """The files, newest first."""
        rows = await self._store.read("SELECT * FROM papers ORDER BY date DESC, name")
        return [Paper(*row) for row in rows]

    async def cells(self, which: Filter) -> list[Cell]:
        """The answers added up by service, agency, counter and month."""
        where, values = which.where()
        sums = ", ".join(f"count({code}), total({code})" for code in CODES)
        rows = await self._store.read(
            f"SELECT service, agency, counter, substr(date, 1, 7), count(*), {sums} FROM answers"
            f" WHERE {where} GROUP BY 1, 2, 3, 4",
            values,
        )
        return [Cell(row[0], row[1], row[2], row[3], _tally(row[4], row[5:])) for row in rows]

    async def profile(self, which: Filter) -> list[Share]:
        """How respondents described themselves."""
        where, values = which.where()
        found = []
        for trait, asked in TRAITS.items():
            rows = await self._store.read(
                f"SELECT {trait}, count(*) FROM answers WHERE {where} GROUP BY 1",
                values,
            )
            counted = dict(rows)
            found += [Share(trait, one.code, counted.get(one.code, 0)) for one in asked.choices]
        return found

    async def scores(self, which: Filter) -> list[tuple[str, str, list[int | None]]]:
        """(agency, service, scores by CODES) of every answer, in the order of random ids."""
        where, values = which.where()
        rows = await self._store.read(
            f"SELECT agency, service, {', '.join(CODES)} FROM answers WHERE {where} ORDER BY id",
            values,
        )
        return [(row[0], row[1], list(row[2:])) for row in rows]

    # Remarks ----------------------------------------------------------------------------------

    async def remarks(self, which: Filter | None = None) -> list[Remark]:
        """Remarks by date, newest first."""
        where, values = which.where(of_visit=False) if which else ("1", [])
        rows = await self._store.read(
            f"SELECT * FROM remarks WHERE {where} ORDER BY date DESC, id",
            values,
        )
        return [Remark(*row) for row in rows]

    async def remark(self, id: str) -> Remark | None:
        """One remark."""
        rows = await self._store.read("SELECT * FROM remarks WHERE id = ?", [id])
        return Remark(*rows[0]) if rows else None

    async def keep(self, remark: Remark) -> None:
        """Write what the staff has changed of a remark."""
        await self._store.write((
            "UPDATE remarks SET state = ?, reason = ?, clock = ?, answer = ?, responded = ?,"
            " closed = ? WHERE id = ?",
            (remark.state, remark.reason, remark.clock, remark.answer, remark.responded,
             remark.closed, remark.id),
        ))  # fmt: skip

    async def erase(self, id: str) -> None:
        """Take a remark out, also out of the write-ahead log."""
        await self._store.write(("DELETE FROM remarks WHERE id = ?", (id,)))
        await self.scrub()

    # Published reports ------------------------------------------------------------------------

    async def forget_remarks(self, before: str) -> int:
        """Delete what was written before a date, out of the file too; how many."""

        async def change(transaction: Transaction) -> int:
            sql = "SELECT count(*) FROM remarks WHERE date < ?"
            ((count,),) = await transaction.read(sql, (before,))
            await transaction.write("DELETE FROM remarks WHERE date < ?", (before,))
            return int(count)

        gone = await self._store.carry_out(change)
        if gone:
            await self._store.scrub()
        return gone

    async def publish(self, report: Report, date: str) -> None:
        """Freeze a report. One period has one."""
        packed = msgspec.json.encode(report)
        await self._store.write(
            ("INSERT OR REPLACE INTO published VALUES (?, ?, ?)", (report.period.id, date, packed))
        )

    async def unpublish(self, period: str) -> None:
        """Take a report back."""
        await self._store.write(("DELETE FROM published WHERE period = ?", (period,)))

    async def published(self) -> list[Published]:
        """All reports, the latest period first."""
        rows = await self._store.read("SELECT on_date, report FROM published")
        found = [Published(day, msgspec.json.decode(packed, type=Report)) for day, packed in rows]
        return sorted(found, key=_latest, reverse=True)

    # Visits -----------------------------------------------------------------------------------

    async def counted(self) -> int:
        """The version of the journal up to which visits are counted."""
        rows = await self._store.read("SELECT version FROM counted")
        return int(rows[0][0]) if rows else 0

    async def count(self, version: int, served: Iterable[tuple[str, str, str, str, int]]) -> None:
        """Add whole days of (date, service, agency, counter, count)."""
        await self._store.write(
            *(("INSERT OR REPLACE INTO served VALUES (?, ?, ?, ?, ?)", row) for row in served),
            ("INSERT OR REPLACE INTO counted VALUES (1, ?)", (version,)),
        )

    async def served(self, which: Filter) -> int:
        """How many visits were served on closed days."""
        where, values = which.where()
        rows = await self._store.read(f"SELECT total(count) FROM served WHERE {where}", values)
        return int(rows[0][0])


def _tally(respondents: int, figures: Sequence[float]) -> Tally:
    pairs = dict(zip(CODES, zip(figures[::2], figures[1::2], strict=True), strict=True))
    counts = {code: int(count) for code, (count, _) in pairs.items() if count}
    return Tally(respondents, counts, {code: int(pairs[code][1]) for code in counts})


def _row(id: bytes, ballot: Ballot, paper: str) -> tuple[object, ...]:
    visit = ballot.visit
    return (
        id, ballot.date, ballot.band, visit.service, visit.agency, visit.counter, paper,
        *(ballot.scores.get(code) for code in CODES),
        *(ballot.traits.get(trait, "") for trait in TRAITS),
    )  # fmt: skip


def _remarks(ballots: Iterable[tuple[bytes, Ballot]]) -> Iterable[Remark]:
    for _, one in ballots:
        for kind in ("suggestion", "complaint"):
            text = getattr(one, kind)
            if text:
                yield Remark(
                    secrets.token_hex(8), kind, text, one.date, one.visit.service, one.visit.agency
                )  # fmt: skip


def _latest(one: Published) -> tuple[str, str]:
    return (one.report.period.last, one.report.period.first)
