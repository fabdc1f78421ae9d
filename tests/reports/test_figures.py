"""Figures are what the journal says: recomputed by hand, each day once, whatever happens."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from queue_server.core import commands as c
from queue_server.core.events import Entry
from queue_server.core.evolve import fold
from queue_server.journal.rows import from_rows
from queue_server.journal.sqlite import read_only, walk
from queue_server.reports.query import DIMENSIONS, Query, Row, Spread
from queue_server.reports.room import Reports
from queue_server.reports.rows import Book
from tests.core.story import ANN, acts, calls, given, later, opens, opens_day, take

from .by_hand import by_hand

ROOT = Path(__file__).parents[2]
EVER = Query(first="2020-01-01", last="2039-12-31")


class Truth:
    """A journal that is read; `upto` is how much of it there is."""

    def __init__(self, entries: list[Entry], epoch: str = "one") -> None:
        self.entries, self.epoch, self.upto = entries, epoch, len(entries)
        self.reads: list[int] = []

    @property
    def hall(self) -> object:
        return fold(self.entries[: self.upto])

    async def read(self, after: int, limit: int) -> list[Entry]:
        self.reads.append(after)
        return self.entries[after : min(after + limit, self.upto)]


@asynccontextmanager
async def opened(path: Path, truth: Truth) -> AsyncIterator[Reports]:
    reports = Reports(path)
    reports.follow(truth)  # type: ignore[arg-type]  # as much of a Desk as is asked for
    try:
        yield reports
    finally:
        await reports.close()


@pytest.fixture(scope="module")
async def rush(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """An hour of 800 people at 60 counters with every act, out of a real Desk's file."""
    path = tmp_path_factory.mktemp("rush") / "journal.db"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.desk.rush", str(path), "7", cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await child.wait() == 0
    with read_only(path) as db:
        return list(from_rows(walk(db)))


async def test_figures_are_what_the_journal_says(rush: list[Entry], tmp_path: Path) -> None:
    """By agency, service, counter, operator, hour, class and channel: every count and every time
    of every group is what a program without any of ours makes of the exported journal."""
    exported = msgspec.to_builtins(rush)
    zone = fold(rush).plan.hours.zone
    async with opened(tmp_path / "r.duckdb", Truth(rush)) as reports:
        for by in ("agency", "service", "counter", "operator", "hour", "priority", "channel"):
            query = Query(first=EVER.first, last=EVER.last, by=by)
            figures = await reports.figures(query)
            assert {row.key: plain(row) for row in figures.rows} == by_hand(exported, zone, by)
            assert sum(row.calls for row in figures.rows) == figures.total.calls


def plain(row: Row) -> dict[str, object]:
    """As `by_hand` says it: what is nothing is not said."""
    counts = {
        name: getattr(row, name)
        for name in (
            "issued", "served", "no_show", "cancelled", "expired", "unfinished", "calls", "done"
        )
        if getattr(row, name) or (name == "done" and row.calls)
    }  # fmt: skip
    names = ("waiting", "walking", "service", "visit")
    return counts | {name: tuple(values(getattr(row, name))) for name in names}


def values(spread: Spread) -> Iterator[int]:
    yield from msgspec.structs.astuple(spread)


def two_days() -> list[Entry]:
    """One served on each of two days, and one who waits on the second."""
    one = (
        opens("1"), take("passport"), later(10), calls("1"), later(1), acts(c.StartService, "1"),
        later(5), acts(c.FinishService, "1"),
    )  # fmt: skip
    return given(*one, opens_day("2026-11-24"), *one, take("passport")).entries


async def test_narrowed_and_compared(rush: list[Entry], tmp_path: Path) -> None:
    """The parts of a filter are the whole; what is listed behind a figure is as many."""
    async with opened(tmp_path / "r.duckdb", Truth(rush)) as reports:
        whole = await reports.figures(Query(first=EVER.first, last=EVER.last, by="agency"))
        for row in whole.rows[:4]:
            only = {"agency": (row.key,)}
            part = await reports.figures(Query(first=EVER.first, last=EVER.last, only=only))
            assert msgspec.structs.replace(part.total, key=row.key) == row
            query = Query(first=EVER.first, last=EVER.last, by="agency")
            listed = await reports.tickets(query, row.key, limit=10_000)
            assert len(listed) == row.issued
            served = await reports.tickets(query, row.key, status="served", limit=10_000)
            assert len(served) == row.served
        beyond = await reports.figures(Query(first="2020-01-01", last="2020-12-31", by="service"))
        assert (beyond.rows, beyond.total, beyond.days) == ((), Row(), 0)


async def test_every_day_is_counted_once(rush: list[Entry], tmp_path: Path) -> None:
    """Read on as the journal grows, closed and opened anywhere: the same as read at once; what is
    finished is not read again; another journal, or a file that is none, is made anew."""
    path = tmp_path / "r.duckdb"
    assert rush
    days = two_days()
    truth = Truth(days)
    async with opened(tmp_path / "other.duckdb", truth) as reports:
        once = await reports.figures(EVER)
    assert (once.total.issued, once.total.served, once.days) == (3, 2, 2)
    for truth.upto in range(1, len(days) + 1):
        async with opened(path, truth) as reports:
            grown = await reports.figures(EVER)
    assert grown == once
    second = next(e.id for e in days if getattr(e.event, "day", "") == "2026-11-24")
    truth.reads.clear()
    async with opened(path, truth) as reports:
        assert await reports.figures(EVER) == once
    assert min(truth.reads) == second - 1
    for spoil in (lambda: setattr(truth, "epoch", "two"), lambda: path.write_bytes(b"no database")):
        spoil()
        async with opened(path, truth) as reports:
            assert await reports.figures(EVER) == once


async def test_what_nobody_finished_took_no_known_time(tmp_path: Path) -> None:
    """One is still served and one still waits when people go home, their counter open: the night
    is no service, no visit and no open counter; the one was served, the other has expired."""
    entries = given(
        opens("1"), take("passport"), take("passport"), later(10), calls("1"),
        acts(c.StartService, "1"), later(20 * 60), opens_day("2026-11-24"),
    ).entries  # fmt: skip
    async with opened(tmp_path / "r.duckdb", Truth(entries)) as reports:
        total = (await reports.figures(EVER)).total
        assert (total.served, total.expired, total.done, total.unfinished) == (1, 1, 1, 0)
        assert (total.service, total.visit) == (Spread(), Spread())
        assert total.waiting.count == 1
        (used,) = await reports.occupancy(EVER)
        assert (used.open, used.serving) == (10 * 60_000, 0)
        assert {listed.visit for listed in await reports.tickets(EVER)} == {None}
        assert (await reports.what_if(EVER, 1)).count == 0


async def test_a_question_does_only_its_own_work(tmp_path: Path) -> None:
    """However many are asked, no entry is read and no row is written again; one more entry is read
    alone."""
    truth = Truth(two_days())
    truth.upto -= 1
    async with opened(tmp_path / "r.duckdb", truth) as reports:
        await reports.figures(EVER)
        truth.reads.clear()
        insert, work = reports._insert, list[str]()

        def counted(table: str, rows: Sequence[object], *, now: bool = False) -> None:
            work.append(table)
            insert(table, rows, now=now)

        reports._insert = counted  # type: ignore[method-assign]  # only counts
        for by in DIMENSIONS:
            await reports.figures(Query(first=EVER.first, last=EVER.last, by=by))
        await reports.heat(EVER)
        await reports.what_if(EVER, 1)
        assert (truth.reads, work) == ([], [])
        truth.upto += 1
        await reports.figures(EVER)
        assert truth.reads == [truth.upto - 1]


async def test_a_question_that_is_given_up(tmp_path: Path) -> None:
    """Whenever it is: the next one finds every day once, and all of it."""
    truth = Truth(two_days())
    for moment in (0, 1, 2, 4, 8):
        async with opened(tmp_path / f"{moment}.duckdb", truth) as reports:
            asked = asyncio.ensure_future(reports.figures(EVER))
            for _ in range(moment):
                await asyncio.sleep(0)
            asked.cancel()
            with suppress(asyncio.CancelledError):
                await asked
            found = await reports.figures(EVER)
            assert (found.total.issued, found.total.served, found.days) == (3, 2, 2)


async def test_a_write_that_fails_counts_nothing(tmp_path: Path) -> None:
    """The question is refused for now; the next one finds every day, once."""
    truth = Truth(two_days())
    async with opened(tmp_path / "r.duckdb", truth) as reports:
        finish, failed = reports._finish, []

        def fails(*arguments: object) -> None:
            if not failed:
                failed.append(1)
                reports._opened().execute("DROP TABLE position")
            finish(*arguments)  # type: ignore[arg-type]  # as it was given

        reports._finish = fails  # type: ignore[method-assign]  # the disk's part
        with pytest.raises(Exception, match="position"):
            await reports.figures(EVER)
        assert (await reports.figures(EVER)).total.issued == 3


async def test_open_counters_and_heat(tmp_path: Path) -> None:
    """A counter that is open for a part of an hour counts that part; arrivals are on average over
    the days of that weekday."""
    async with opened(tmp_path / "r.duckdb", Truth(two_days())) as reports:
        heat = await reports.heat(EVER)
        (used,) = await reports.occupancy(EVER)
    assert [(cell.weekday, cell.arrivals) for cell in heat] == [(1, 1.0), (2, 2.0)]
    assert all(0 < cell.counters < 1 for cell in heat)
    assert (used.days, used.serving) == (2, 2 * 5 * 60_000)
    assert used.open == sum(cell.counters for cell in heat) * 3_600_000


def test_a_day_is_rows_of_its_own() -> None:
    """The book gives a day when the next one opens, and nothing of it is in the next."""
    book = Book()
    (first,) = book.take(two_days())
    second = book.rows()
    assert (first.day, len(first.visits), len(first.stays)) == ("2026-11-23", 1, 1)
    assert (second.day, len(second.visits), len(second.stays)) == ("2026-11-24", 2, 1)
    (stay,) = first.stays
    assert (stay.waiting, stay.walking, stay.serving) == (600_000, 60_000, 300_000)
    assert stay.operator == ANN.id
