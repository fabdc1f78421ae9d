"""An answer is nobody's: what the files hold, and what they can't tell."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import random
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.core import events as e
from queue_server.core.plan import Plan
from queue_server.survey import archive, ballots
from queue_server.survey.archive import Filter
from queue_server.survey.elements import CODES
from queue_server.survey.report import Rules
from queue_server.survey.room import Spent, Survey, Visit

from ..citizens.hall import HandClock
from ..core.story import clock

DAY = 24 * 3600 * 1000
VISIT = Visit("paspor", "imigrasi", "37")
ALL = Filter("2026-01-01", "2026-12-31")


@contextlib.asynccontextmanager
async def surveying(folder: Path, least: int = 5) -> AsyncIterator[tuple[Survey, HandClock]]:
    """A survey of its own folder."""
    os.makedirs(folder, exist_ok=True)
    hands = HandClock(clock("2026-11-24 09:41"))
    survey = Survey(
        lambda name: folder / f"{name}.db", hands, "Asia/Jakarta", Rules(least=least)
    )  # fmt: skip
    await survey.open()
    try:
        yield survey, hands
    finally:
        await survey.close()


def scores(number: int) -> dict[str, int]:
    """Nine answers of their own."""
    chance = random.Random(number)
    return {code: chance.randint(1, 4) for code in CODES}


async def answers(survey: Survey) -> int:
    return sum(cell.tally.respondents for cell in await survey.cells(ALL))


def pages(file: Path) -> bytes:
    """A database as it lies on the disk, without the header's counters of changes."""
    data = bytearray(file.read_bytes())
    data[24:28] = data[92:100] = b""
    return bytes(data)


def raw(folder: Path) -> list[bytes]:
    """The day's file and what lies beside it."""
    return [file.read_bytes() for file in folder.glob("ballots.db*")]


async def test_once(tmp_path: Path) -> None:
    """A visit answers once, also in a race of many hands, also after a restart."""
    async with surveying(tmp_path) as (survey, _):
        tries = [survey.give(7, VISIT, scores(n), {}) for n in range(20)]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", *["Spent"] * 19]
        assert await survey.waiting() == 1
        code = survey.code(7)
    async with surveying(tmp_path) as (survey, _):
        assert survey.code(7) == code
        assert await survey.is_spent(7)
        assert not await survey.is_spent(8)
        with pytest.raises(Spent):
            await survey.give(7, VISIT, scores(1), {})


async def test_codes(tmp_path: Path) -> None:
    """Eight digits, of this day only; found however they are typed."""
    async with surveying(tmp_path) as (survey, hands):
        codes = {ticket: survey.code(ticket) for ticket in range(1, 200)}
        assert len(set(codes.values())) == 199
        assert all(len(code) == 8 and code.isdigit() for code in codes.values())
        typed = f" {codes[7][:4]}-{codes[7][4:]} "
        assert survey.find(typed, codes) == 7
        assert survey.find(codes[7], [5, 6]) == 0
        for wrong in ("", "1234", "x" * 8, codes[7] + "1", "²" * 8):
            assert survey.find(wrong, codes) == 0
        hands.time += DAY
        assert survey.code(7) == ""
        await survey.turn()
        assert survey.find(codes[7], codes) == 0


async def test_the_box_opens_with_enough_in_it_or_at_the_days_end(tmp_path: Path) -> None:
    """Nobody who watches the figures sees one answer arrive."""
    async with surveying(tmp_path) as (survey, hands):
        for ticket in range(4):
            await survey.give(ticket, VISIT, scores(ticket), {}, "Terima kasih")
            assert (await answers(survey), await survey.waiting()) == (0, ticket + 1)
            assert await survey.archive.remarks() == []
        await survey.give(4, VISIT, scores(4), {})
        assert (await answers(survey), await survey.waiting()) == (5, 0)
        await survey.give(5, VISIT, scores(5), {}, complaint="Lama")
        hands.time += DAY
        await survey.turn()
        assert (await answers(survey), await survey.waiting()) == (6, 0)
        assert {remark.date for remark in await survey.archive.remarks()} == {"2026-11-24"}


@pytest.fixture
def content_ids(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Random ids that depend on what they are of, so that two files can be compared."""
    waiting: list[str] = []

    def token(count: int) -> bytes:
        return hashlib.sha256(waiting[-1].encode()).digest()[:count]

    monkeypatch.setattr(ballots.secrets, "token_bytes", token)
    monkeypatch.setattr(archive.secrets, "token_hex", lambda count: token(count).hex())
    return waiting


async def test_the_files_are_the_same_in_whatever_order_people_came(
    tmp_path: Path, content_ids: list[str]
) -> None:
    """Byte by byte: neither pages nor logs remember an order, in the box and out of it."""
    content_ids.append("the day's key")

    async def filled(name: str, tickets: list[int], least: int) -> list[bytes]:
        folder = tmp_path / name
        async with surveying(folder, least) as (survey, _):
            for ticket in tickets:
                content_ids.append(f"ballot {ticket}")
                visit = Visit("paspor", "imigrasi", str(ticket % 3))
                await survey.give(ticket, visit, scores(ticket), {"usia": "u40"})
                assert (folder / "ballots.db-wal").stat().st_size == 0
            assert (folder / "survey.db-wal").stat().st_size == 0 or least > len(tickets)
        content_ids[:] = ["the day's key"]
        return [pages(folder / f"{file}.db") for file in ("ballots", "survey")]

    come = list(range(100, 140))
    other = random.Random(1).sample(come, len(come))
    for least in (5 * len(come), len(come)):  # still in the box; opened
        assert await filled(f"a{least}", come, least) == await filled(f"b{least}", other, least)


async def test_no_table_knows_a_ticket(tmp_path: Path) -> None:
    """No rowid, no time but date and band, no id that two tables share, no ticket anywhere."""
    ticket = 48_151_623
    async with surveying(tmp_path, least=1) as (survey, _):
        await survey.give(
            ticket, VISIT, scores(1), {"kelamin": "p"}, "Tambah kursi", "Antrean lama"
        )  # fmt: skip
        code = survey.code(ticket)
    values: dict[str, set[object]] = {}
    for file in ("survey", "ballots"):
        with contextlib.closing(sqlite3.connect(tmp_path / f"{file}.db")) as db:
            tables = dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
            for name, sql in tables.items():
                assert "WITHOUT ROWID" in sql or name == "counted"
                rows = db.execute(f"SELECT * FROM {name}").fetchall()
                values[name] = {value for row in rows for value in row}
        raw = (tmp_path / f"{file}.db").read_bytes()
        assert str(ticket).encode() not in raw
        assert ticket.to_bytes(4, "big") not in raw
        assert code.encode() not in raw
    assert values["box"] == set()
    assert len(values["spent"]) == 1
    shared = values["answers"] & values["remarks"]
    assert shared == {"2026-11-24", "paspor", "imigrasi", ""}
    assert not values["spent"] & (values["answers"] | values["remarks"])
    assert {v for v in values["answers"] if isinstance(v, int)} <= {1, 2, 3, 4}


async def test_the_key_dies_with_the_day(tmp_path: Path) -> None:
    """The day after, neither key nor marks are in the file or its log: nothing can be tried."""
    async with surveying(tmp_path) as (survey, hands):
        await survey.give(7, VISIT, scores(7), {})
        with contextlib.closing(sqlite3.connect(tmp_path / "ballots.db")) as db:
            ((key, mark),) = db.execute("SELECT key, mark FROM day, spent").fetchall()
        hands.time += DAY
        await survey.turn()
        assert not any(secret in data for data in raw(tmp_path) for secret in (key, mark))
        assert not await survey.is_spent(7)  # ticket ids never come again


async def test_killed_between_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The box was archived, and not yet emptied: it is archived once."""
    async with surveying(tmp_path, least=2) as (survey, _):

        async def killed(self: object, ids: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(ballots.Ballots, "remove", killed)
            await survey.give(1, VISIT, scores(1), {})
            with pytest.raises(KeyboardInterrupt):
                await survey.give(2, VISIT, scores(2), {}, "Bagus")
        assert (await answers(survey), await survey.waiting()) == (2, 2)
        await survey.give(3, VISIT, scores(3), {})
        assert (await answers(survey), await survey.waiting()) == (3, 0)
        assert len(await survey.archive.remarks()) == 1


async def test_visits_are_counted_from_the_journal(tmp_path: Path) -> None:
    """Served visits of whole days, by where they ended; asked twice, counted once."""
    script = [
        e.DayOpened("2026-11-23", Plan()),
        e.TicketIssued("A-001", 1, "t", "paspor"), e.TicketIssued("A-002", 2, "u", "paspor"),
        e.TicketCalled(2, "1"), e.ServiceFinished(2),
        e.TicketTransferred(3, "paspor", service="skck"), e.TicketCalled(3, "2"),
        e.ServiceFinished(3),
        e.DayOpened("2026-11-24", Plan()),
        e.TicketIssued("A-001", 1, "v", "paspor"), e.TicketCalled(10, "1"), e.ServiceFinished(10),
    ]  # fmt: skip
    entries = [e.Entry(at, 0, "", event) for at, event in enumerate(script, 1)]

    async def read(after: int, limit: int) -> list[e.Entry]:
        return entries[after : after + min(limit, 4)]

    for _ in range(2):
        async with surveying(tmp_path) as (survey, _):
            for _ in range(2):
                await survey.count_visits(read, "2026-11-24", lambda service: f"of {service}")
            assert await survey.archive.served(ALL) == 2
            assert await survey.archive.served(Filter(ALL.first, ALL.last, service="skck")) == 1
            assert await survey.archive.served(Filter(ALL.first, ALL.last, agency="of paspor")) == 1
            assert await survey.archive.counted() == 8
