"""Reports that are made by themselves: when, of which days, once."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.changes import Search
from queue_server.config import ReportSection
from queue_server.core import commands as c
from queue_server.core.calendar import local
from queue_server.reporting import Reporter
from queue_server.reports.schedule import BACK, due, waiting
from queue_server.web.identity import Identity
from tests.counters.kit import Place, place
from tests.counters.test_routes import colleague

SARI = Identity("u9", "Sari", "admin")
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31))


@given(MOMENTS, st.sampled_from(["day", "week", "month"]), st.sampled_from(["00:00", "05:30"]))
def test_the_newest_period_that_is_over(now: datetime, every: str, at: str) -> None:
    """It ended before now, its time has come, and the next one's has not; weeks begin on Monday,
    months on the first."""
    section = ReportSection(every=every, at=at)  # type: ignore[arg-type]  # one of them
    first, last = due(section, now)
    minutes = timedelta(hours=int(at[:2]), minutes=int(at[3:]))

    def time_of(end: date) -> datetime:
        return datetime.combine(end + timedelta(days=1), datetime.min.time()) + minutes

    if every == "day":
        after = last + timedelta(days=1)
        assert first == last
    elif every == "week":
        after = last + timedelta(days=7)
        assert (first.weekday(), (last - first).days) == (0, 6)
    else:
        after = (last + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        assert first.day == 1
        assert (last + timedelta(days=1)).day == 1
    assert time_of(last) <= now < time_of(after)


@given(
    MOMENTS, st.sampled_from(["day", "week", "month"]), st.sampled_from(["00:00", "05:30"]),
    st.integers(0, 60),
)  # fmt: skip
def test_what_came_due_while_nobody_looked(now: datetime, every: str, at: str, ago: int) -> None:
    """The periods meet each other without a gap, the newest is the one that is due, and the oldest
    follows what was made; what was made is not among them, whatever the schedule was then."""
    section = ReportSection(every=every, at=at)  # type: ignore[arg-type]  # one of them
    assert len(waiting(section, now, "")) == BACK
    made = (now.date() - timedelta(days=ago)).isoformat()
    found = waiting(section, now, made)
    assert found == tuple(one for one in waiting(section, now, "") if one.last.isoformat() > made)
    assert found[:1] in ((), (due(section, now),))
    for newer, older in pairwise(found):
        assert newer.first - older.last == timedelta(days=1)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def test_a_report_is_made_once_and_taken_away(hall: Place) -> None:
    """Set in the browser; made when its time has come, on record, found as a file on the page and
    not made again by another look or process; a day without anything makes none; a name of
    another file is not given out."""
    chief = await colleague(hall, "Chief", "admin")
    form = {
        "id": "harian", "every": "day", "at": "05:00", "by": "service", "format": "csv",
        "to": "folder", "language": "en", "keep": "2",
    }  # fmt: skip
    wrong = await chief.client.post("/admin/reports", data=form | {"keep": "0"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    assert (await chief.client.post("/admin/reports", data=form)).status_code == 303
    assert hall.house.config.reports["harian"].by == "service"
    await hall.queue(2)
    reporter = Reporter(hall.house, hall.house.folder.reports)
    await reporter.look()
    assert not hall.house.folder.reports.exists(), "yesterday there was nothing"
    today = local(hall.house.clock.now(), hall.house.hall.plan.hours).date()
    hall.clock.forward(24 * 60)
    await hall.does(
        c.OpenDay(day=(today + timedelta(days=1)).isoformat(), plan=hall.house.hall.plan)
    )
    for again in (reporter, Reporter(hall.house, hall.house.folder.reports)):
        await again.look()
    made = await hall.house.rooms.changes.find(Search(what="report."))
    assert [one.what for one in made] == ["report.harian"]
    name = f"harian-{today}.csv"
    page = (await chief.client.get("/admin/reports")).text
    assert f"/admin/reports/files/{name}" in page
    answer = await chief.client.get(f"/admin/reports/files/{name}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["issued"] for row in rows] == ["1", "1", "2"], "two services and the total"
    for other in ("..%2Foffice.db", "harian.csv", "office.db"):
        assert (await chief.client.get(f"/admin/reports/files/{other}")).status_code == 404
    assert (await chief.client.post("/admin/reports/removals", data={"id": "harian"})).is_redirect
    assert hall.house.config.reports == {}


async def test_a_server_that_was_off_makes_up_for_it(hall: Place) -> None:
    """Two days' reports came due over a weekend that the server was off: both are made, the older
    one first, and once; the days without anything are left out. A report that can't be made keeps
    no other waiting."""
    chief = await colleague(hall, "Chief", "admin")
    form = {
        "every": "day", "at": "05:00", "by": "service", "format": "csv", "to": "folder",
        "language": "en", "keep": "9",
    }  # fmt: skip
    assert (await chief.client.post("/admin/reports", data=form | {"id": "b"})).is_redirect
    today = local(hall.house.clock.now(), hall.house.hall.plan.hours).date()
    reporter = Reporter(hall.house, hall.house.folder.reports)

    async def day_after(days: int) -> str:
        await hall.queue(1)
        nonlocal today
        was, today = today, today + timedelta(days=days)
        hall.clock.forward(days * 24 * 60)
        await hall.does(c.OpenDay(day=today.isoformat(), plan=hall.house.hall.plan))
        return f"b-{was}.csv"

    names = [await day_after(1)]
    await reporter.look()
    assert [path.name for path in reporter.folder.iterdir()] == names
    names += [await day_after(1), await day_after(3)]
    assert (await chief.client.post("/admin/reports", data=form | {"id": "a"})).is_redirect
    (reporter.folder / f".a-{names[-1][2:]}").mkdir()  # in its way
    for again in (reporter, Reporter(hall.house, reporter.folder)):
        await again.look()
    assert sorted(path.name for path in reporter.folder.glob("[!.]*")) == names
    made = await hall.house.rooms.changes.find(Search(what="report.b"))
    assert [f"b-{msgspec.json.decode(one.after)['last']}.csv" for one in reversed(made)] == names
