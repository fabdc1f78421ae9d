"""A visit of several steps at the counter: what is shown, and steps planned by the operator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from counters.visits import Form, command, planned, spread
from queue_server.core import commands as c
from queue_server.core.model import Step
from queue_server.core.refusals import Refusal
from queue_server.web.identity import actor

from ..core.story import ANN, BUDI, MONDAY, Story, acts, calls, opens, take
from .kit import CATALOGUE, PLAN, Place, place, shown
from .test_routes import Colleague, colleague

FIXED = (Step("passport"), Step("tax", after=(0,)), Step("permit", after=(1,)))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


def at_counter(*steps: Step) -> Story:
    """A-001 at counter 1, with these steps."""
    story = Story(PLAN, MONDAY).given(opens("1"), opens("3", BUDI), take("passport", steps=steps))
    return story.given(calls("1"), acts(c.StartService, "1"))


def test_the_console_shows_the_way_and_where_it_goes_on() -> None:
    """What is done, what is here, what comes; and the very step that Finish then leads to."""
    story = at_counter(*FIXED)
    current = shown(story).current
    assert current is not None
    way = current.visit
    assert [(one.name, one.state) for one in way.stages] == [
        ("Layanan passport", "now"), ("Layanan tax", "later"), ("Layanan permit", "later")
    ]  # fmt: skip
    assert way.onward is not None
    assert (way.onward.agency, way.onward.places, way.onward.zone) == (
        "Bapenda",
        "Loket 2",
        "Zona A",
    )
    story.when(acts(c.FinishService, "1")).then("StepFinished A-001 service=tax")


def test_the_last_step_ends_the_visit_and_one_service_has_no_way() -> None:
    alone = at_counter()
    assert shown(alone).current is not None
    assert shown(alone).current.visit.stages == ()  # type: ignore[union-attr]  # just said
    last = at_counter(Step("passport"), Step("permit", done=True))
    assert shown(last).current.visit.onward is None  # type: ignore[union-attr]  # as above


def test_counters_are_named_in_few_words() -> None:
    assert spread([f"Loket {n}" for n in (42, 40, 41, 45)]) == "Loket 40–42, 45"
    assert spread(["Ruang 2", "Loket 1", "Meja informasi"]) == "Loket 1, Ruang 2, Meja informasi"
    assert spread([]) == ""


@cases(st.sets(st.integers(1, 99)))
def test_no_counter_is_lost_in_few_words(numbers: set[int]) -> None:
    said = spread(f"Loket {n}" for n in numbers).removeprefix("Loket ")
    found: set[int] = set()
    for run in filter(None, said.split(", ")):
        first, _, last = run.partition("–")
        found |= set(range(int(first), int(last or first) + 1))
    assert found == numbers


def test_what_stays_keeps_what_it_needs() -> None:
    """Left out in the middle: what needed it needs it no more; what is added comes last."""
    story = at_counter(*FIXED, Step("tax", after=(2,)))
    form = Form(ticket=story.id("A-001"), add="passport")
    plan = command(story.hall, "1", form, (2, 3), ANN)
    assert plan.steps == (Step("permit"), Step("tax", after=(0,)), Step("passport"))
    nothing = command(story.hall, "1", Form(ticket=story.id("A-001")), (), ANN)
    story.given(lambda _: nothing)
    story.when(acts(c.FinishService, "1")).then("ServiceFinished A-001")


def test_only_who_holds_the_counter_plans() -> None:
    """And only for whom the form was about."""
    story = at_counter(*FIXED)
    with pytest.raises(Refusal, match="not_your_counter"):
        command(story.hall, "1", Form(ticket=story.id("A-001")), (), BUDI)
    with pytest.raises(Refusal, match="stale"):
        command(story.hall, "1", Form(ticket=99), (), ANN)


def test_the_form_offers_what_is_not_planned_yet() -> None:
    story = at_counter(Step("passport"), Step("tax"))
    form = planned(story.hall, CATALOGUE, "1", "id")
    assert form is not None
    assert [one.name for one in form.kept] == ["Layanan tax"]
    assert [(one.id, one.open) for one in form.choices] == [("permit", True)]
    assert not form.full
    assert planned(story.hall, CATALOGUE, "2", "id") is None


# Over HTTP ----------------------------------------------------------------------------------


async def served(hall: Place) -> tuple[Colleague, int]:
    """Somebody at counter 5."""
    ann, (ticket,) = await colleague(hall), await hall.queue(1)
    await hall.opened(ann.identity)
    by = actor(ann.identity)
    await hall.does(c.CallNext(counter="5", after=0, by=by))
    await hall.does(c.StartService(counter="5", ticket=ticket.id, by=by))
    return ann, ticket.id


async def test_steps_are_added_and_taken_out(hall: Place) -> None:
    """By form, once for a press; the console says where the citizen goes on."""
    ann, id = await served(hall)
    assert 'id="more-plan"' in (await ann.get("/counters/5?part=1")).text
    form = (await ann.get("/counters/5/visits?part=1")).text
    assert 'value="skck"' in form
    for _ in range(2):  # the answer of the first was lost
        answer = await ann.post("/counters/5/visits", ticket=id, add="skck", nonce="n", sure="1")
        assert (answer.status_code, answer.text) == (204, "")
        assert answer.headers["antrean-version"] == str(hall.hall.version)
    assert [step.service for step in hall.hall.tickets[id].steps][1:] == ["skck"]
    assert "Polres" in (await ann.get("/counters/5?part=1")).text.split('class="onward"')[1]
    await ann.post("/counters/5/visits", **{"ticket": id, "keep-1": "1", "add": "ak1"})
    assert [step.service for step in hall.hall.tickets[id].steps][1:] == ["skck", "ak1"]
    page = await ann.get("/counters/5/visits")
    assert "<!doctype html>" in page.text
    answer = await ann.post("/counters/5/visits", script=False, ticket=id)
    assert (answer.status_code, answer.headers["location"]) == (303, "/counters/5")
    assert len(hall.hall.tickets[id].steps) == 1


async def test_what_cannot_be_planned_is_refused(hall: Place) -> None:
    """Another's counter, nobody there, a service that is none, a field that is none."""
    ann, id = await served(hall)
    budi = await colleague(hall, "budi")
    refused = await budi.post("/counters/5/visits", ticket=id)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_your_counter")
    assert (await budi.get("/counters/5/visits?part=1")).status_code == 409
    assert (await ann.get("/counters/x/visits")).status_code == 404
    answer = await ann.post("/counters/5/visits", ticket=id, add="gone")
    assert answer.json()["code"] == "unknown_service"
    assert (await ann.post("/counters/5/visits", ticket=id, other="1")).status_code == 422
    stale = await ann.post("/counters/5/visits", ticket=id + 1000)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
