"""Reports in the browser: the room's figures, whole and in parts, each part a way further in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.report_names import Parts
from admin.reports import STEPS, heat_map
from queue_server.catalogue import Text
from queue_server.core import commands as c
from queue_server.core.commands import Bounds
from queue_server.reports.query import Cell
from queue_server.web.identity import actor
from queue_server.web.people import Terms
from tests.counters.kit import Place, place
from tests.counters.test_routes import PAGE, Colleague, colleague

DAY = "period=day&day=2026-11-23&lang=en"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def worked(hall: Place) -> Colleague:
    """Ann served one after five minutes for two, called one who did not come; one waits on."""
    ann = await colleague(hall, "Ann")
    by = actor(ann.identity)
    first, second, _ = await hall.queue(3)
    hall.clock.forward(5)
    await hall.opened(ann.identity)
    await hall.does(c.CallNext(counter="5", after=0, ticket=first.id, by=by))
    await hall.does(c.StartService(counter="5", ticket=first.id, by=by))
    hall.clock.forward(2)
    await hall.does(c.FinishService(counter="5", ticket=first.id, by=by))
    await hall.does(c.CallNext(counter="5", after=0, ticket=second.id, by=by))
    await hall.does(c.MarkNoShow(counter="5", ticket=second.id, by=by))
    return ann


def rows(page: str, table: str) -> dict[str, list[str]]:
    """The rows of a table by their heads, the sum's too."""
    (found,) = re.findall(rf'<table class="{table}".*?</table>', page, re.DOTALL)
    lines = re.findall(r'<tr>(<th scope="row">.*?)</tr>', found, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
    bare = [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]
    return {row[0]: row[1:] for row in bare}


async def asked(who: Colleague, path: str) -> str:
    answer = await who.client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_a_day_by_agency_and_the_way_behind_it(hall: Place) -> None:
    """Counts and times are the day's; the row leads to its services, those to the numbers, a
    number to its history; a filter that hides all says so."""
    await worked(hall)
    chief = await colleague(hall, "Chief", "supervisor")
    page = await asked(chief, f"/reports?{DAY}&by=agency")
    agency = hall.house.catalogue.agency_of(hall.services[0])
    assert rows(page, "counts")[agency.short] == ["3", "1", "1", "0", "0"]
    assert rows(page, "counts")["All"] == ["3", "1", "1", "0", "0"]
    waiting = rows(page, "times")[agency.short]
    assert waiting[:5] == ["6.0", "5.0", "7.0", "7.0", "7.0"]
    assert waiting[5:7] == ["0.0", "2.0"]
    (narrow,) = re.findall(rf'<a href="([^"]+)">{agency.short}</a>', page)
    inner = await asked(chief, f"{unescape(narrow)}&lang=en")
    assert rows(inner, "counts")["All"][0] == "3"
    assert f"Agency: <b>{agency.short}</b>" in inner
    listed = await asked(chief, f"/reports/tickets?{DAY}&agency={agency.id}&status=no_show")
    numbers = re.findall(r'href="/admin/audit\?day=2026-11-23&amp;number=([^"]+)"', listed)
    assert len(numbers) == 1
    nothing = await asked(chief, f"/reports?{DAY}&channel=booking")
    assert "No numbers in this period with these filters." in nothing


async def test_the_figures_in_files(hall: Place) -> None:
    """What the page shows, as a file for programs, a workbook and a paper; nothing else."""
    await worked(hall)
    chief = await colleague(hall, "Chief", "supervisor")
    at = "/reports/figures.{}?" + DAY + "&by=agency"
    answer = await chief.client.get(at.format("csv"))
    agency = hall.house.catalogue.agency_of(hall.services[0])
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (row,) = (line for line in table if line and line[0] == agency.short)
    assert row[1:4] == ["3", "1", "1"]
    beginnings = {"xlsx": b"PK", "pdf": b"%PDF"}
    for kind, begins in beginnings.items():
        assert (await chief.client.get(at.format(kind))).content.startswith(begins)
    assert (await chief.client.get(at.format("exe"))).status_code == 404


async def test_another_period_stands_beside(hall: Place) -> None:
    """Against the day before, which had one number; rows of a day's hours stand beside theirs."""
    chief = await colleague(hall, "Chief", "admin")
    await hall.queue(1)
    hall.clock.forward(24 * 60)
    await hall.queue(2)
    page = await asked(chief, "/reports?period=day&day=2026-11-24&lang=en&against=before")
    assert "<b>+100%</b>, before 1" in page
    assert rows(page, "counts")["All"][:2] == ["2", "1"]
    alone = await asked(chief, "/reports?period=day&day=2026-11-24&lang=en&against=year")
    assert "nothing was recorded then" in alone


async def test_ones_own_figures_and_nobody_elses(hall: Place) -> None:
    """An operator sees what he served, whatever the address asks for; reports are not for him;
    who is bound to another agency sees nothing of it, and may not ask."""
    ann = await worked(hall)
    mine = await asked(ann, f"/reports/mine?{DAY}&operator=u1&counter=9")
    assert rows(mine, "counts") == {"09:00–10:00": ["1", "1", "2.0"]}
    budi = await colleague(hall, "Budi")
    assert "You called no numbers in this period." in await asked(budi, f"/reports/mine?{DAY}")
    for path in ("/reports", "/reports/tickets"):
        assert (await ann.get(path)).status_code == 403
    other = next(one for one in hall.house.catalogue.agencies if one != _agency(hall))
    bound = await _bound(hall, other)
    assert "No numbers in this period" in (await bound.get(f"/reports?{DAY}", headers=PAGE)).text
    refused = await bound.get(f"/reports?{DAY}&agency={_agency(hall)}", headers=PAGE)
    assert refused.status_code == 403
    own = await _bound(hall, _agency(hall))
    page = (await own.get(f"/reports?{DAY}&by=operator", headers=PAGE)).text
    assert "data-chart" not in page.partition("times")[0]  # people are not drawn side by side
    assert rows(page, "counts")["Ann"][:2] == ["2", "1"]


def _agency(hall: Place) -> str:
    return hall.house.catalogue.agency_of(hall.services[0]).id


async def _bound(hall: Place, agency: str) -> httpx2.AsyncClient:
    office = hall.house.office
    secret = await office.add_token(agency, "supervisor", Terms(Bounds(frozenset({agency}))))
    client = await hall.running.client()
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


CELLS = st.lists(
    st.builds(
        lambda day, hour, many: Cell(day, hour, 4, many, many / 2),
        st.integers(1, 7), st.integers(0, 23), st.floats(0, 500),
    ),
    unique_by=lambda cell: (cell.weekday, cell.hour),
)  # fmt: skip


@given(CELLS)
def test_a_heat_map_is_whole_and_darker_is_more(cells: list[Cell]) -> None:
    """Every hour between the first and the last has a cell on every day; none without a number
    is shaded, no smaller one is darker, and the greatest is the darkest."""
    found = heat_map(cells, Parts(lambda by, key: key, "en"), counters=False)
    if not any(cell.arrivals for cell in cells):
        assert found.rows == ()
        return
    days = sorted({cell.weekday for cell in cells})
    assert [row.name for row in found.rows] == [str(day) for day in days]
    assert {len(row.cells) for row in found.rows} == {len(found.hours)}
    first = min(cell.hour for cell in cells)
    shades = sorted(
        (one.arrivals, found.rows[days.index(one.weekday)].cells[one.hour - first].shade)
        for one in cells
    )
    assert [shade for _, shade in shades] == sorted(shade for _, shade in shades)
    assert all((shade == 0) == (number == 0) for number, shade in shades)
    assert shades[-1][1] == STEPS


def test_parts_of_time_have_names() -> None:
    """Days, weeks and hours as people write them; what is not known keeps its id."""
    parts = Parts(lambda by, key: f"{by} {key}", "id")
    assert parts.name("week", "2026-W48") == "23–29 November 2026"
    assert parts.name("month", "2026-11") == "November 2026"
    assert parts.name("hour", "8") == "08.00–09.00"
    assert parts.name("weekday", "1") == "weekday 1"
    assert parts.name("priority", "none") == "priority "
    assert parts.name("operator", "") == "tidak tercatat"
    assert parts.name("channel", "remote") == Text("Ponsel, dari jauh", "").id
    assert [parts.name(by, "x") for by in ("weekday", "hour", "channel")] == ["x"] * 3  # type: ignore[arg-type]  # dimensions
