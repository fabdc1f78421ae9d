"""The audit trail: who did what, when and why, found by whatever is known of it."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.core import commands as c
from queue_server.core.evolve import fold
from queue_server.floor.archive import PAGE, Archive, Day
from queue_server.web.identity import actor
from tests.core.story import acts, calls, given, opens, take
from tests.counters.kit import Place, place
from tests.counters.test_routes import Colleague, colleague

HERE = "/admin/audit"
DAY = 24 * 60


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def lines(who: Colleague, query: str = "") -> list[dict[str, str]]:
    """What the file holds, a line each."""
    answer = await who.client.get(f"{HERE}/export.csv?lang=en&{query}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_found_by_number_counter_person_and_kind(hall: Place) -> None:
    """Each alone and together; the newest first on the page, the oldest first in the file."""
    rina = await colleague(hall, "Rina", "supervisor")
    ann = await colleague(hall, "Ann")
    await hall.opened(ann.identity)
    one, two = await hall.queue(2)
    by = actor(ann.identity)
    await hall.does(c.CallNext(counter="5", after=0, ticket=one.id, by=by))
    await hall.does(c.StartService(counter="5", ticket=one.id, by=by))
    await hall.does(c.FinishService(counter="5", ticket=one.id, by=by))
    await rina.post(
        f"/supervisor/tickets/{two.id}/cancellations", script=False, reason="=Warga pulang"
    )
    kinds = [line["What"].partition(":")[0] for line in await lines(rina, f"number={one.number}")]
    assert kinds == ["Number taken", "Called", "Service started", "Served"]
    at_five = await lines(rina, "counter=5")
    assert [line["What"].partition(":")[0] for line in at_five] == [
        "Counter opened", "Called", "Service started", "Served",
    ]  # fmt: skip
    (cancelled,) = await lines(rina, "who=rIN&kind=TicketCancelled")
    assert (cancelled["Who"], cancelled["Number"]) == ("Rina", two.number)
    assert cancelled["Reason"] == "'=Warga pulang", "no spreadsheet takes it for a formula"
    assert await lines(rina, "who=nobody") == []
    page = (await rina.get(f"{HERE}?who=ann")).text.partition("<tbody>")[2]
    assert page.index("Selesai dilayani") < page.index("Mulai dilayani")
    assert "Warga pulang" in (await rina.get(HERE)).text


async def test_pages_go_back_and_lose_nothing(hall: Place) -> None:
    """Fifty lines a page, by the id of the last: together all of the day, each once."""
    rina = await colleague(hall, "Rina", "supervisor")
    await hall.queue(130)
    found: list[str] = []
    query = "kind=TicketIssued"
    while query:
        page = (await rina.get(f"{HERE}?{query}")).text
        rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
        found += [row.partition("</a>")[0].rpartition(">")[2] for row in rows.split("<tr>")[1:]]
        link = page.partition('rel="next"')[0] if 'rel="next"' in page else ""
        query = link.rpartition('href="?')[2].rstrip('" ').replace("&amp;", "&") if link else ""
    numbers = [ticket.number for ticket in hall.hall.tickets.values()]
    assert found == numbers[::-1]


async def test_a_day_that_is_past(hall: Place) -> None:
    """Its numbers are its own; what makes no sense shows today."""
    rina = await colleague(hall, "Rina", "supervisor")
    old = await hall.take()
    yesterday = hall.hall.day
    hall.clock.forward(DAY)
    new = await hall.take()
    assert old.number == new.number
    assert hall.hall.day > yesterday
    (before,) = await lines(rina, f"day={yesterday}&number={old.number}&kind=TicketIssued")
    (after,) = await lines(rina, f"number={new.number}&kind=TicketIssued")
    assert (before["Entry"], after["Entry"]) == (str(old.id), str(new.id))
    assert await lines(rina, "day=2019-01-01") == []
    for query in ("day=nonsense", "day=2026-99-99", "before=x", "kind=Nothing", "counter=%00"):
        assert (await rina.get(f"{HERE}?{query}")).status_code == 200, query
    assert (await lines(rina, "day=nonsense"))[-1]["Entry"] == str(new.id)


async def test_the_archive_reads_in_short_pages_and_grows() -> None:
    """Never more than a page at a time; today's index only reads what is new."""
    story = given(opens("1"), *[take("passport")] * 400)
    hall = fold(story.entries)
    reads: list[tuple[int, int]] = []

    async def read(after: int, limit: int) -> list[object]:
        reads.append((after, limit))
        return [one for one in story.entries if one.id > after][:limit]

    archive = Archive()
    archive.read, archive.hall = read, lambda: hall  # type: ignore[assignment]  # entries
    day = await archive.day(hall.day)
    assert [row.id for row in day.rows] == [one.id for one in story.entries]
    assert max(limit for _, limit in reads) <= PAGE
    reads.clear()
    story.given(calls("1"))
    hall = fold(story.entries)
    assert (await archive.day(hall.day)).rows[-1].kind == "TicketCalled"
    assert reads == [(len(story.entries) - 1, PAGE)]
    found = await archive.entries([5, 300, 6])
    assert [one.id for one in found] == [5, 300, 6]


def test_what_happens_at_a_counter_is_found_there() -> None:
    """From the call on until the ticket leaves; a transfer's destination is not where it was."""
    story = given(
        opens("1"), take("passport"), calls("1"), acts(c.StartService, "1"),
        acts(c.TransferTicket, "1", to_counter="2"),
    )  # fmt: skip
    day = Day(0)
    for entry in story.entries:
        day.add(entry)
    assert [(row.kind, row.counter) for row in day.rows[2:]] == [
        ("TicketIssued", ""), ("TicketCalled", "1"), ("ServiceStarted", "1"),
        ("TicketTransferred", "1"),
    ]  # fmt: skip
