"""The reports' room: follows the journal into DuckDB, and answers.

The file is no truth: it can always be made again from the journal, and is, when it can't be read,
is of another journal, or was written by a program with other rows. Rows of a finished day and the
place in the journal up to which days are finished are one transaction, so each day is in it once.
The present day is kept in memory and laid beside it for each question. All of it runs in a thread
that gives the interpreter free while it works: a year's report slows no call.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec.structs import replace

from ..core.events import Entry
from ..core.model import Hall
from ..order import Unavailable
from . import sql, whatif
from .query import (
    AT_COUNTERS,
    Cell,
    Dimension,
    Figures,
    Listed,
    Occupancy,
    Query,
    Row,
    Spread,
)  # fmt: skip
from .rows import Book, DayRows

if TYPE_CHECKING:
    import duckdb

log = logging.getLogger(__name__)

PAGE = 500
"""Entries that are read at a time."""
START = 10.0
"""Seconds that a start is left alone, unless somebody asks."""
EVERY = 60.0
"""Seconds between looks at the journal while nobody asks."""
MEMORY = "256MB"
REVISION = 2
"""Of what rows mean: raised when the same journal makes others, so that files are made anew."""
SCHEMA = hashlib.sha256(
    repr([REVISION, *((name, kind.__annotations__) for name, kind in sql.TABLES.items())]).encode()
).hexdigest()[:16]
STAYS = (
    "calls", "recalls", "done", "missed", "transferred", "parked", "deferred", "returned",
    "promised", "kept",
)  # fmt: skip
"""What `sql.stays` counts, in its order."""
T = TypeVar("T")


class Truth(Protocol):
    """The Desk, as the reports see it."""

    @property
    def epoch(self) -> str: ...
    @property
    def hall(self) -> Hall: ...
    async def read(self, after: int, limit: int) -> list[Entry]: ...


class Reports:
    """`promises`: service -> its published duration in ms, of those that have one.

    Questions raise Unavailable when neither journal nor file can be read now.
    """

    def __init__(self, path: Path) -> None:
        self.promises: Callable[[], dict[str, int]] = dict
        self._path = path
        self._truth: Truth | None = None
        self._db: duckdb.DuckDBPyConnection | None = None
        self._using = asyncio.Lock()
        self._book = Book()
        self._version = 0
        self._laid = -1
        """The version up to which the present day lies beside the file."""
        self._keeper: asyncio.Task[None] | None = None

    def follow(self, truth: Truth) -> None:
        """Follow a journal from now on."""
        self._truth = truth
        self._keeper = asyncio.create_task(self._keep_up(), name="reports")

    async def close(self) -> None:
        """Stop, and close the file."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        if self._db is not None:
            await asyncio.to_thread(self._db.close)
            self._db = None

    # Questions ----------------------------------------------------------------------------

    async def figures(self, query: Query) -> Figures:
        """The figures of a period, grouped."""
        promises = self.promises()

        def ask() -> Figures:
            rows = self._rows(query, query.by, promises)
            whole = self._rows(query, "", promises) if query.by else rows
            counted = self._ask(*sql.days(query))
            return Figures(
                query,
                tuple(rows[key] for key in sorted(rows, key=_order(query.by))) if query.by
                else tuple(rows.values()),
                whole.get("", Row()),
                sum(count for _, count in counted),
                self._version,
            )  # fmt: skip

        return await self._answer(ask)

    async def heat(self, query: Query) -> tuple[Cell, ...]:
        """Numbers taken and counters open, by weekday and hour, on average a day; hours without
        both are left out."""

        def ask() -> tuple[Cell, ...]:
            days = dict(self._ask(*sql.days(query)))
            taken = {(d, h): count for d, h, count in self._ask(*sql.arrivals(query))}
            minutes = {(d, h): sum_ for d, h, sum_ in self._ask(*sql.open_minutes(query))}
            return tuple(
                Cell(
                    d, h, days[d], taken.get((d, h), 0) / days[d],
                    float(minutes.get((d, h), 0)) / 60 / days[d],
                )
                for d, h in sorted({*taken, *minutes})
            )  # fmt: skip

        return await self._answer(ask)

    async def occupancy(self, query: Query) -> tuple[Occupancy, ...]:
        """How each counter's time was used."""

        def ask() -> tuple[Occupancy, ...]:
            served = dict(self._ask(*sql.serving(query)))
            found = self._ask(*sql.occupancy(query))
            return tuple(
                Occupancy(counter, days, int(open), int(paused), int(served.get(counter, 0)))
                for counter, days, open, paused in sorted(found, key=lambda row: _natural(row[0]))
            )

        return await self._answer(ask)

    async def tickets(
        self, query: Query, key: str | None = None, *, status: str = "", order: str = "issued",
        limit: int = 100, offset: int = 0,
    ) -> tuple[Listed, ...]:  # fmt: skip
        """The numbers behind a row (`key`; None: behind all). `order` is one of `sql.ORDERS`."""
        question = sql.listed(query, key, status, order, limit, offset)
        return await self._answer(lambda: tuple(Listed(*row) for row in self._ask(*question)))

    async def what_if(self, query: Query, change: int) -> whatif.Answer:
        """What waiting would have been with `change` counters more (or, negative, fewer)."""

        def ask() -> whatif.Answer:
            stays = self._ask(*sql.sessions(query))
            return whatif.answer(stays, self._ask(*sql.presences(query)), change)

        return await self._answer(ask)

    # Within -------------------------------------------------------------------------------

    async def _answer(self, ask: Callable[[], T]) -> T:
        async with self._using:
            try:
                await self._catch_up()
                return await _whole(partial(self._with_today, ask))
            except OSError as error:
                raise Unavailable("storage_unavailable") from error

    def _with_today(self, ask: Callable[[], T]) -> T:
        if self._laid != self._version:
            self._lay(self._book.rows() if self._book.day else DayRows("", 0))
            self._laid = self._version
        return ask()

    def _lay(self, day: DayRows) -> None:
        db = self._opened()
        for table in sql.TABLES:
            db.execute(f"DELETE FROM {table}_now")  # noqa: S608 - a table of ours
            self._insert(table, getattr(day, table), now=True)

    def _rows(self, query: Query, by: Dimension, promises: dict[str, int]) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        for key, *counts in self._ask(*sql.stays(query, by, promises)):
            rows[key] = Row(
                key, **dict(zip(STAYS, map(int, counts[:10]), strict=True)),  # type: ignore[arg-type]  # none of them is a spread
                waiting=_spread(counts[10:16]), walking=_spread(counts[16:22]),
                service=_spread(counts[22:]),
            )  # fmt: skip
        if by in AT_COUNTERS:
            return rows
        for key, issued, served, no_show, cancelled, expired, *rest in self._ask(
            *sql.visits(query, by)
        ):
            rows[key] = replace(
                rows.get(key, Row(key=key)), issued=issued, served=served, no_show=no_show,
                cancelled=cancelled, expired=expired,
                unfinished=issued - served - no_show - cancelled - expired, visit=_spread(rest),
            )  # fmt: skip
        return rows

    def _ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._opened().execute(statement, list(values)).fetchall()

    # The journal --------------------------------------------------------------------------

    async def _keep_up(self) -> None:
        await asyncio.sleep(START)
        while True:
            try:
                async with self._using:
                    await self._catch_up()
            except Unavailable:
                pass
            except Exception:  # the task's top: a report that is asked for tries again
                log.exception("the reports do not follow the journal")
            await asyncio.sleep(EVERY)

    async def _catch_up(self) -> None:
        truth = self._truth
        assert truth is not None, "the house follows its Desk"
        if self._db is None:
            self._version = await _whole(partial(self._open, truth.epoch))
            self._book, self._laid = Book(), -1
        while self._version < truth.hall.version:
            entries = await truth.read(self._version, PAGE)
            if not entries:
                break
            await _whole(partial(self._take, truth.epoch, entries))

    def _take(self, epoch: str, entries: list[Entry]) -> None:
        """Follow these. In a thread: a day's end makes rows of a thousand visits. Whole, so that
        a question that is given up leaves nothing half taken."""
        finished = list(self._book.take(entries))
        if finished:
            self._finish(epoch, finished, self._book.rows().before)
        self._version = entries[-1].id

    def _finish(self, epoch: str, days: list[DayRows], after: int) -> None:
        """Days that are over, and how far the journal is in the file: together or not at all."""
        db = self._opened()
        db.execute("BEGIN")
        try:
            for day in days:
                for table in sql.TABLES:
                    self._insert(table, getattr(day, table))
            db.execute("UPDATE position SET epoch = ?, after = ?", [epoch, after])
            db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(Exception):
                db.execute("ROLLBACK")
            # What was read of the journal is not in the file: begin again from what is.
            db.close()
            self._db = None
            raise

    def _insert(self, table: str, rows: Sequence[Any], *, now: bool = False) -> None:
        if rows:
            self._opened().execute(*sql.insert(table, rows, now=now))

    # The file -----------------------------------------------------------------------------

    def _opened(self) -> duckdb.DuckDBPyConnection:
        assert self._db is not None, "opened by the first look at the journal"
        return self._db

    def _open(self, epoch: str) -> int:
        """Open the file, or make it anew; up to which entry its days are finished."""
        import duckdb  # takes a while to load, and nobody calls a ticket with it

        for fresh in (False, True):
            if fresh:
                for path in (self._path, self._path.with_name(self._path.name + ".wal")):
                    path.unlink(missing_ok=True)
            db = None
            try:
                db = duckdb.connect(str(self._path), config={"threads": 1, "memory_limit": MEMORY})
                after = _prepared(db, epoch)
            except (duckdb.Error, _Other) as error:
                if db is not None:
                    db.close()
                if fresh:
                    raise OSError(str(error)) from error
                log.info("reports are made anew from the journal: %s", error)
                continue
            self._path.chmod(0o600)
            self._db = db
            return after
        raise AssertionError("it is opened, or it raised")


async def _whole(work: Callable[[], T]) -> T:
    """In a thread, to its end: when the caller is cancelled, the file is free before the next use
    of it, or before it is closed."""
    under_way = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(under_way)
    except asyncio.CancelledError:
        await asyncio.wait([under_way])
        under_way.exception()  # it is nobody's any more
        raise


class _Other(Exception):
    """The file is of another journal, or has other rows."""


def _prepared(db: duckdb.DuckDBPyConnection, epoch: str) -> int:
    for table in sql.TABLES:
        db.execute(sql.create(table))
        db.execute(sql.create(table, temporary=True))
    db.execute("CREATE TABLE IF NOT EXISTS position (schema VARCHAR, epoch VARCHAR, after BIGINT)")
    for table in sql.TABLES:
        db.execute(sql.view(table))
    found = db.execute("SELECT schema, epoch, after FROM position").fetchall()
    if not found:
        db.execute("INSERT INTO position VALUES (?, ?, 0)", [SCHEMA, epoch])
        return 0
    ((schema, of, after),) = found
    if schema != SCHEMA:
        raise _Other("the program's rows are others now")
    if of != epoch:
        raise _Other("the journal is another one")
    return int(after)


def _spread(values: Sequence[Any]) -> Spread:
    return Spread(*(int(value or 0) for value in values))


def _order(by: Dimension) -> Callable[[str], Any]:
    return _natural if by in (*sql.NUMERIC, "counter") else str


def _natural(key: str) -> tuple[int, int, str]:
    """Numbers by their size, before names."""
    return (0, int(key), "") if key.isascii() and key.isdecimal() else (1, 0, key)
