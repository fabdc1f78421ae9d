"""Several matters under one number at the kiosk: packages, one's own choice, and what is shown."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from citizens.journey import Journey, journey
from citizens.kiosk import View
from citizens.kiosk_journey import own_screen, package_screen, packages_screen, wanted
from citizens.kiosk_visit import Visit, Ways
from queue_server.config import Config
from queue_server.core import commands as c
from queue_server.core.journey import MOST
from queue_server.core.model import Step
from queue_server.order import Unavailable

from ..core.story import ANN, BUDI, Story, acts, calls, do, later, opens, take
from .hall import CATALOGUE, SERVICE, TUESDAY, Running, running

PLAN = CATALOGUE.plan(Config().rule_hours(), Config().rule_policy())
WAYS = Ways(("id", "en"), services=CATALOGUE.services)
PACKAGE = CATALOGUE.packages["paket-pindah-datang"]
KEY = "a-key-of-one-form-0001"


def view(story: Story, language: str = "id", **asked: str) -> View:
    visit = WAYS.visit(language, asked)
    return View(story.hall, CATALOGUE, "MPP", WAYS, story.now, visit)


def place_of(service: str) -> str:
    """The first counter that gives it."""
    return str(CATALOGUE.counters_of(service)[0].id)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


def client(hall: Running) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=hall.url, trust_env=False, headers={"accept": "text/html"})


# What is shown ------------------------------------------------------------------------------


def test_a_package_says_what_to_bring_for_all_of_it() -> None:
    """Each paper once, in both languages; the steps in order, with whose they are and where."""
    story = Story(PLAN, TUESDAY)
    screen = package_screen(view(story), PACKAGE, KEY, "", None)
    services = [CATALOGUE.services[step.service] for step in PACKAGE.steps]
    papers = {line for service in services for line in service.requirements}
    assert len(screen.requirements) == len(papers) == len(set(screen.requirements))
    assert [stage.offer.name for stage in screen.stages] == [one.name.id for one in services]
    assert [stage.after for stage in screen.stages] == [(), (1,), (2,)]
    assert not screen.free
    assert not screen.more
    assert not any(stage.drop for stage in screen.stages)
    english = package_screen(view(story, "en"), PACKAGE, KEY, "", None)
    assert english.name == PACKAGE.name.en
    assert english.stages[0].zone != screen.stages[0].zone
    assert len(packages_screen(view(story)).tiles) == len(CATALOGUE.packages)


def test_the_whole_time_is_a_range_or_honestly_unknown() -> None:
    """Nothing is promised before every line has a pace and every service a time."""
    places = {SERVICE: ("1", ANN), "skck": (place_of("skck"), BUDI)}
    story = Story(PLAN, TUESDAY).given(*(opens(*place) for place in places.values()))
    asked = {"with": ".".join(places)}
    assert own_screen(view(story, **asked), KEY, "", None).wait.kind == "unknown"
    for _ in range(5):
        for service, (counter, who) in places.items():
            story.given(take(service), later(1), calls(counter, by=who))
            story.given(acts(c.StartService, counter, by=who), later(3))
            story.given(acts(c.FinishService, counter, by=who))
    known = own_screen(view(story, **asked), KEY, "", None)
    assert known.wait.kind == "minutes"
    assert 0 < known.wait.least < known.wait.most


def test_what_was_chosen_can_be_left_out_again() -> None:
    """Each step has a way to the screen without it; the last one's leads to the start."""
    story = Story(PLAN, TUESDAY)
    screen = own_screen(view(story, **{"with": "skck.ak1"}), KEY, "", None)
    assert screen.free
    assert [stage.drop for stage in screen.stages] == [
        "/kiosk/journey?with=ak1", "/kiosk/journey?with=skck"
    ]  # fmt: skip
    (alone,) = own_screen(view(story, **{"with": "skck"}), KEY, "", None).stages
    assert alone.drop == "/kiosk"
    assert screen.more == "/kiosk?with=skck.ak1"


def test_six_services_are_enough() -> None:
    """No seventh can be added, by link or by address."""
    story = Story(PLAN, TUESDAY)
    names = list(CATALOGUE.services)[: MOST + 1]
    full = view(story, **{"with": ".".join(names)})
    assert full.visit.chosen == tuple(names[:MOST])
    assert not own_screen(full, KEY, "", None).more
    assert not full.service(CATALOGUE.services[names[-1]], KEY).add
    one_less = view(story, **{"with": ".".join(names[: MOST - 1])})
    assert one_less.service(CATALOGUE.services[names[-1]], KEY).add.startswith("/kiosk/journey?")


def test_a_closed_intake_is_said_before_anybody_tries() -> None:
    story = Story(PLAN, TUESDAY).given(do(c.CloseIntake(service="ak1")))
    screen = own_screen(view(story, **{"with": "skck.ak1"}), KEY, "", None)
    assert screen.closed == (CATALOGUE.services["ak1"].name.id,)


def test_a_form_asks_for_one_thing() -> None:
    """A package before a service before what was put together; a single one is no visit."""
    chosen = Visit(chosen=("skck", "ak1"))
    package = wanted(CATALOGUE, chosen, {"package": PACKAGE.id, "service": SERVICE})
    assert package is not None
    assert (package.service, len(package.steps)) == ("pindah-datang", 3)
    alone = wanted(CATALOGUE, chosen, {"service": SERVICE})
    assert alone is not None
    assert (alone.service, alone.steps) == (SERVICE, ())
    own = wanted(CATALOGUE, chosen, {})
    assert own is not None
    assert own.steps == (Step("skck"), Step("ak1"))
    single = wanted(CATALOGUE, Visit(chosen=("skck",)), {})
    assert single is not None
    assert (single.service, single.steps) == ("skck", ())
    assert wanted(CATALOGUE, Visit(), {"package": "gone"}) is None


# The way, as phone, kiosk and paper show it -------------------------------------------------


def test_the_way_says_where_and_why() -> None:
    """Begin, go on, what comes after, done; a visit that ended early says what it left out."""
    steps = (Step("pindah-datang"), Step("kk-perubahan", after=(0,)), Step("skck"))
    polres, civil = place_of("skck"), place_of("pindah-datang")
    story = Story(PLAN, TUESDAY).given(opens(civil), opens(polres, BUDI))
    story.given(*[take("skck")] * 3, take("pindah-datang", steps=steps))
    number = next(x.number for x in story.hall.tickets.values() if x.steps)

    def way() -> Journey:
        ticket = story.hall.tickets[story.id(number)]
        found = journey(story.hall, CATALOGUE, ticket, "id", story.now)
        assert found is not None
        return found

    first = way()
    assert (first.here, first.begun, first.why) == (first.stops[0], False, "shortest")
    story.given(lambda s: c.CallNext(counter=civil, after=0, ticket=s.id(number), by=ANN))
    story.given(acts(c.StartService, civil))
    assert way().why == ""
    assert way().then is not None
    story.given(acts(c.FinishService, civil))
    second = way()
    assert (second.begun, second.left, second.stops[0].when) == (True, 2, "done")
    where = story.hall.tickets[story.id(number)].service
    at, who = (civil, ANN) if where == "kk-perubahan" else (polres, BUDI)
    story.given(lambda s: c.CallNext(counter=at, after=0, ticket=s.id(number), by=who))
    story.given(
        acts(c.StartService, at, by=who), acts(c.FinishService, at, by=who, ends_visit=True)
    )
    last = way()
    assert sorted(stop.when for stop in last.stops) == ["done", "done", "never"]
    assert last.here is None
    plain = next(one for one in story.hall.tickets.values() if not one.steps)
    assert journey(story.hall, CATALOGUE, plain, "id", story.now) is None


# Over HTTP ----------------------------------------------------------------------------------


async def test_a_package_is_one_number(hall: Running) -> None:
    """One form, one ticket with all steps; the paper and the page show the way."""
    async with client(hall) as web:
        first = await web.get(f"/kiosk/packages/{PACKAGE.id}")
        assert first.status_code == 303
        page = await web.get(first.headers["location"])
        assert f'name="package" value="{PACKAGE.id}"' in page.text
        key = re.search(r'name="key" value="([\w-]+)"', page.text)
        assert key
        form = {"package": PACKAGE.id, "key": key[1]}
        taken = await web.post("/kiosk/tickets", data=form)
        again = await web.post("/kiosk/tickets", data=form)
        assert taken.headers["location"] == again.headers["location"]
        (ticket,) = hall.hall.tickets.values()
        assert [step.service for step in ticket.steps] == [step.service for step in PACKAGE.steps]
        shown = await web.get(taken.headers["location"])
        assert all(CATALOGUE.services[step.service].name.id in shown.text for step in ticket.steps)
        assert 'id="taken"' in (await web.get(first.headers["location"])).text
        phone = await web.get(f"/t/{ticket.token}")
        assert "Mulai di Disdukcapil" in phone.text
        composer = hall.house.rooms.printing.composer
        assert composer is not None
        assert "3. BPJS Kesehatan" in composer.ticket(ticket)


async def test_what_was_put_together_is_one_number_and_then_forgotten(hall: Running) -> None:
    async with client(hall) as web:
        at = await web.get("/kiosk/journey?with=skck.ak1")
        page = await web.get(at.headers["location"])
        assert 'name="with" value="skck.ak1"' in page.text
        taken = await web.post("/kiosk/tickets", data={"with": "skck.ak1", "key": KEY})
        assert "with=" not in taken.headers["location"]
        (ticket,) = hall.hall.tickets.values()
        assert {step.service for step in ticket.steps} == {"skck", "ak1"}


async def test_a_lost_answer_is_asked_for_again_whole(
    hall: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that offers another try carries the package, the choice and the key."""

    async def down(*_: object, **__: object) -> None:
        raise Unavailable("journal_unavailable")

    monkeypatch.setattr(hall.desk, "submit", down)
    async with client(hall) as web:
        answer = await web.post("/kiosk/tickets", data={"package": PACKAGE.id, "key": KEY})
        assert answer.status_code == 503
        assert f'name="package" value="{PACKAGE.id}"' in answer.text
        own = await web.post("/kiosk/tickets", data={"with": "skck.ak1", "key": KEY})
        assert 'name="with" value="skck.ak1"' in own.text
        assert 'name="service"' not in own.text


async def test_what_is_no_more_leads_on(hall: Running) -> None:
    async with client(hall) as web:
        for path, to in (
            ("/kiosk/packages/gone", "/kiosk/packages"), ("/kiosk/journey", "/kiosk"),
            ("/kiosk/journey?with=gone", "/kiosk"),
        ):  # fmt: skip
            answer = await web.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, to)
        assert (await web.post("/kiosk/tickets", data={"key": KEY})).headers["location"] == "/kiosk"
