"""The hall at a glance: its figures are the hall's own, and say where somebody is needed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import websockets
from hypothesis import given as over
from hypothesis import strategies as st

from counters.dashboard import ALARMS, Dashboard, Part, dashboard, tally
from counters.topic import may_watch
from queue_server.core import commands as c
from queue_server.core.commands import Bounds
from queue_server.core.plan import MINUTE
from queue_server.core.policy import agency_line
from queue_server.floor.alarms import Alarm, Kind
from queue_server.floor.naming import Naming
from queue_server.glance import Glance, Glances, usual
from queue_server.oversight import Said
from queue_server.reports.query import Figures, Query, Row
from queue_server.web.people import Terms
from tests import hall as halls

from ..core.story import BUDI, CHIEF, MONDAY, Story, calls, given, later, opens, take
from .kit import CATALOGUE, PLAN, place
from .test_routes import PAGE, SCRIPT, colleague

GLANCE = Glance(index="81.20", grade="B", respondents=9, least=5, usual=10, days=8)


def made(story: Story, *alarms: Alarm, agencies: frozenset[str] | None = None) -> Dashboard:
    """The dashboard of a story."""
    said = tuple(Said(one, f"headline {one.kind}", "", "") for one in alarms)
    return dashboard(
        story.hall, CATALOGUE, Naming(CATALOGUE, str, "en"), tally(story.hall), story.now, said,
        (Part("journal", 1, 1), Part("printers", 1, 2)), GLANCE, agencies,
    )  # fmt: skip


def hall(*steps: object) -> Story:
    return given(*steps, plan=PLAN)  # type: ignore[arg-type]  # steps


def test_an_agency_says_in_one_line_how_it_is() -> None:
    """Waiting, since when, counters; in vain without a counter, first; shut ones are only named."""
    story = hall(opens("1"), take("passport"), later(7), take("passport"), take("tax"), later(5))
    shown = made(story)
    assert [(one.id, one.state, one.waiting, one.minutes, one.open) for one in shown.lines] == [
        ("bapenda", "vain", 1, 5, 0), ("imigrasi", "busy", 2, 12, 1),
    ]  # fmt: skip
    story.given(opens("3", BUDI))
    assert [(one.id, one.state) for one in made(story).lines] == [
        ("imigrasi", "busy"), ("bapenda", "busy"),
    ]  # fmt: skip
    longest = made(story).longest
    assert longest is not None
    assert (longest.number, longest.agency) == ("A-001", "Imigrasi")
    assert made(hall()).shut == ("Imigrasi", "Bapenda")
    assert made(hall(opens("2"))).lines[0].state == "calm"


def test_a_late_line_is_its_agencys() -> None:
    """Whoever waits for a service too long, or was sent to the agency."""
    story = hall(opens("1"), opens("3", BUDI), take("passport"), take("permit"), later(40))
    late = made(story, Alarm("late", "permit", story.now, count=1))
    assert [(one.id, one.state) for one in late.lines] == [
        ("bapenda", "late"), ("imigrasi", "busy"),
    ]  # fmt: skip
    sent = made(story, Alarm("late", agency_line("imigrasi"), story.now, count=1))
    assert next((one.id, one.state) for one in sent.lines) == ("imigrasi", "late")


def test_the_worst_alarms_are_said_and_all_are_counted() -> None:
    """One sentence a kind, how many more of it, how many of other kinds."""
    kinds: tuple[Kind, ...] = ("emergency", "printer", "late", "late", "idle", "break", "paper")
    shown = made(hall(), *(Alarm(kind, str(at)) for at, kind in enumerate(kinds)))
    assert [(one.kind, one.level, one.more) for one in shown.troubles] == [
        ("emergency", "worst", 0), ("printer", "bad", 0), ("late", "bad", 1), ("idle", "warn", 0),
    ]  # fmt: skip
    assert (len(shown.troubles), shown.alarmed, shown.hushed) == (ALARMS, 7, 2)
    assert [part.kind for part in shown.ill] == ["printers"]


STEPS = st.lists(
    st.sampled_from(
        [take("passport"), take("tax"), take("permit", "elder"), calls("1"), calls("2", by=BUDI),
         calls("3", by=CHIEF), later(1), later(13)]
    ),
    max_size=30,
)  # fmt: skip


@over(STEPS)
def test_figures_are_the_halls(steps: list[object]) -> None:
    """Whatever happens: who waits stands in a line, agencies add up to the hall, a part of it is
    what that agency's line says, and the longest wait is nobody's shorter one."""
    story = hall(opens("1"), opens("2", BUDI), opens("3", CHIEF))
    for step in steps:
        story.when(step)  # type: ignore[arg-type]  # a step; some are refused
    shown = made(story)
    now = story.hall
    assert shown.waiting == sum(map(len, now.lines.values())) == sum(x.waiting for x in shown.lines)
    assert shown.at_counter == sum(bool(one.current) for one in now.counters.values())
    assert shown.issued == len(now.tickets)
    assert shown.compared == 10 * (shown.issued - GLANCE.usual)
    assert (shown.longest is None) == (shown.waiting == 0)
    waits = [story.now - one.joined for one in now.tickets.values() if one.status == "waiting"]
    assert (shown.longest.minutes if shown.longest else 0) == max(waits, default=0) // 60_000
    part = made(story, agencies=frozenset({"imigrasi"}))
    whole = next(one for one in shown.lines if one.id == "imigrasi")
    assert [part.waiting, part.served, part.counters] == [whole.waiting, whole.served, 2]


def test_a_usual_day_is_the_median_of_days_like_it() -> None:
    """By twenty past nine: what came before nine, and a third of what came until ten; a day that
    was empty until then counts as one, days on which nobody came don't, and two tell nothing."""

    def rows(**issued: int) -> Figures:
        query = Query(first="2026-11-02", last="2026-11-16", by="day")
        found = tuple(Row(key=day, issued=count) for day, count in issued.items())
        return Figures(query, found, Row(), len(found), 0)

    every = rows(a=90, b=80, c=70, d=0)
    assert usual(every, rows(a=10, b=40), rows(a=30, b=6), 20) == (20, 3)
    assert usual(rows(a=90, b=80), rows(a=10), rows(), 20) == (0, 0)


async def test_what_is_usual_comes_of_the_reports(tmp_path: Path) -> None:
    """Three Mondays with two numbers before nine: on the fourth, at ten, two are usual."""
    async with place(tmp_path) as found:
        found.clock.time = MONDAY - 90 * MINUTE
        for _ in range(3):
            await found.queue(2)
            found.clock.forward(7 * 24 * 60)
        found.clock.forward(150)
        await found.queue(3)
        await Glances(found.house, lambda: None).look()
        assert (found.house.glance.usual, found.house.glance.days) == (2, 3)
        chief = await colleague(found, "Chief", "admin")
        page = (await chief.client.get("/dashboard?lang=en", headers=PAGE)).text
        assert "usually 2 by this time (+50 %)" in page


async def test_the_page_and_its_frames_say_the_same(tmp_path: Path) -> None:
    """A steward's page, its part and its topic are one rendering; a call reaches the frame; others
    are kept out of both. The survey's day is told while too few have answered."""
    async with place(tmp_path) as found:
        chief = await colleague(found, "Chief", "supervisor")
        await Glances(found.house, lambda: None).look()
        first, _ = await found.queue(2)
        page = (await chief.client.get("/dashboard?lang=en", headers=PAGE)).text
        assert "not enough answers yet (0 of 5)" in page
        part = (await chief.client.get("/dashboard?part=1&lang=en", headers=SCRIPT)).text
        assert part.strip() in page
        wall = (await chief.client.get("/dashboard?view=wall", headers=PAGE)).text
        assert 'class="dash-page wall dark"' in wall
        address = f"{found.url.replace('http', 'ws', 1)}/live?topic=dashboard:hall"
        bearer = {"Authorization": chief.client.headers["Authorization"]}
        async with websockets.connect(address, additional_headers=bearer, proxy=None) as socket:
            state = (await halls.frame(socket))["state"]
            assert (state["waiting"], state["at_counter"]) == (2, 0)
            await found.does(c.OpenCounter(counter="5", by=CHIEF))
            await found.does(c.CallNext(counter="5", after=0, ticket=first.id, by=CHIEF))
            while state["at_counter"] != 1:
                state = (await halls.frame(socket))["state"]
            assert (state["waiting"], state["open"]) == (1, 1)
        ann = await colleague(found, "Ann")
        assert (await ann.get("/dashboard")).status_code == 403
        assert not may_watch(found.house, ann.identity, "dashboard:hall")


async def test_who_is_bound_sees_and_follows_a_part(tmp_path: Path) -> None:
    """Page and topic of one agency: its line and figures, no other's, and no satisfaction; the
    whole hall's topic and another part's are shut."""
    async with place(tmp_path) as found:
        agency = found.house.catalogue.agency_of(found.services[0])
        await found.queue(2)
        other = next(
            one for one in found.hall.plan.services.values() if one.agency != agency.id
        )  # fmt: skip
        await found.take(other.id)
        terms = Terms(Bounds(frozenset({agency.id})))
        secret = await found.house.office.add_token("Rina", "supervisor", terms)
        rina = found.house.office.bearer(secret)
        assert rina is not None
        client = await found.running.client()
        client.headers["Authorization"] = f"Bearer {secret}"
        page = (await client.get("/dashboard?lang=en", headers=PAGE)).text
        assert page.count('<li class="vain">') == 1
        assert agency.short in page
        assert "Satisfaction" not in page
        own = f"dashboard:{agency.id}@"
        assert f'data-topic="{own}.en"' in page
        names = (own, "dashboard:hall", f"dashboard:{other.agency}@")
        assert [may_watch(found.house, rina, name) for name in names] == [True, False, False]
        address = f"{found.url.replace('http', 'ws', 1)}/live?topic={own}"
        bearer = {"Authorization": f"Bearer {secret}"}
        async with websockets.connect(address, additional_headers=bearer, proxy=None) as socket:
            state = (await halls.frame(socket))["state"]
            assert (state["waiting"], state["whole"]) == (2, False)
            assert state["glance"] == msgspec.to_builtins(Glance())
