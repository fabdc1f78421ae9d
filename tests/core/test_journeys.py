"""A visit of several agencies under one number: where it goes next, and that nothing is lost."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.journey import MOST, WALK, choose, expected, is_sound, open_steps
from queue_server.core.model import Step
from queue_server.core.plan import MINUTE, CounterPlan, Plan

from .story import ANN, BUDI, PLAN, Story, acts, calls, do, given, later, opens, take

START, FINISH = c.StartService, c.FinishService
FREE = (Step("passport"), Step("tax"))
FIXED = (Step("passport"), Step("tax", after=(0,)))


def order(story: Story, line: str) -> list[str]:
    return [story.number(id) for id in story.hall.in_line(line)]


def serve(counter: str, by: c.Actor = ANN, **more: object) -> list:
    return [calls(counter, by=by), acts(START, counter, by=by), acts(FINISH, counter, by=by)]


def test_one_number_goes_from_agency_to_agency() -> None:
    """Fixed order: the next step begins when the one before is done, with the first arrival."""
    story = given(
        opens("1"), opens("2", BUDI), take("passport", steps=FIXED), later(5), take("tax")
    )
    assert order(story, "tax") == ["B-001"]
    story.given(calls("1"), acts(START, "1"))
    story.when(acts(FINISH, "1")).then("StepFinished A-001 service=tax")
    assert order(story, "tax") == ["A-001", "B-001"]
    ticket = story.hall.tickets[story.id("A-001")]
    assert [step.done for step in ticket.steps] == [True, False]
    story.given(*serve("2", BUDI))
    assert story.status("A-001") == "served"
    assert story.hall.tickets[story.id("A-001")].delivered == (("passport", 1), ("tax", 1))


def test_next_sends_the_one_before_on() -> None:
    """Finish and call next in one press; and a visit may end early."""
    story = given(opens("1"), take("passport", steps=FREE), take("passport"), calls("1"))
    story.given(acts(START, "1"))
    story.when(calls("1")).then("StepFinished A-001 service=tax", "TicketCalled A-002 counter=1")
    early = given(opens("1"), take("passport", steps=FREE), calls("1"), acts(START, "1"))
    early.when(acts(FINISH, "1", ends_visit=True)).then("ServiceFinished A-001")


def test_it_goes_where_the_visit_ends_earliest() -> None:
    """The shorter line first, while its place in the longer one moves up."""
    story = given(opens("1"), opens("2", BUDI), *[take("passport")] * 6)
    story.given(take("passport", steps=FREE))
    assert order(story, "tax") == ["A-007"]


def test_a_step_that_nobody_serves_comes_last() -> None:
    """But it keeps a place: alone it is where the ticket waits."""
    story = given(opens("1"), take("passport", steps=(Step("permit"), Step("passport"))))
    assert order(story, "passport") == ["A-001"]
    story.given(*serve("1"))
    assert order(story, "permit") == ["A-001"]


def test_being_called_at_one_keeps_the_place_at_the_other() -> None:
    """It stands in one line only; sent on, its arrival counts there as if it had waited there."""
    story = given(opens("1"), opens("2", BUDI), take("passport", steps=FIXED), calls("1"))
    story.given(*[later(1), take("tax")] * 3, acts(START, "1"), acts(FINISH, "1"))
    assert order(story, "tax")[0] == "A-001"


def test_sent_elsewhere_only_for_a_clear_gain() -> None:
    """The review moves who waits when the other step has become clearly better, and once."""
    story = given(opens("1"), take("passport", steps=FREE))
    review = do(c.ReviewVisits())
    story.when(review).then()
    counters = {**PLAN.counters, "4": CounterPlan("4", "Loket 4", "hall", ("tax",))}
    story = given(opens("1"), *[take("passport")] * 5, take("tax", steps=FREE),
                  plan=replace(PLAN, counters=counters))  # fmt: skip
    assert order(story, "passport")[-1] == "B-001"
    story.given(opens("4", BUDI))
    story.when(review).then("VisitRerouted B-001 service=tax")
    story.when(review).then()


def test_steps_are_planned_at_the_counter() -> None:
    """Added while it is served: what goes on stays first, the rest follows."""
    story = given(opens("1"), take("passport"), calls("1"), acts(START, "1"))
    plan = lambda *steps: lambda s: c.PlanVisit(ticket=s.id("A-001"), steps=steps)  # noqa: E731
    story.given(plan(Step("tax"), Step("permit", after=(0,))))
    story.when(acts(FINISH, "1")).then("StepFinished A-001 service=tax")
    story.given(plan(Step("passport")))
    ticket = story.hall.tickets[story.id("A-001")]
    assert [(step.service, step.done) for step in ticket.steps] == [
        ("passport", True), ("passport", False)
    ]  # fmt: skip
    story.when(plan(Step("x"))).refused("unknown_service")
    story.when(plan(*[Step("tax")] * (MOST + 1))).refused("bad_visit")
    story.when(plan(Step("tax", after=(0,)))).refused("bad_visit")
    story.given(calls("1")).when(acts(c.MarkNoShow, "1")).when(plan(Step("tax"))).refused(
        "not_allowed"
    )


def test_a_visit_that_cannot_be_done_is_refused() -> None:
    story = given()
    story.when(take("passport", steps=(Step("passport", (1,)), Step("tax", (0,))))).refused(
        "bad_visit"
    )
    story.when(take("permit", steps=FREE)).refused("bad_visit")


def test_a_finished_step_can_be_taken_back() -> None:
    story = given(opens("1"), take("passport", steps=FREE), calls("1"), acts(START, "1"), later(1))
    before = story.hall.tickets[story.id("A-001")]
    story.given(acts(FINISH, "1"), do(c.UndoAct(counter="1", by=ANN)))
    assert story.hall.tickets[story.id("A-001")] == before
    assert order(story, "tax") == []


def test_a_plan_cannot_drop_a_step_that_is_still_to_come() -> None:
    without: Plan = replace(PLAN, services={k: v for k, v in PLAN.services.items() if k != "tax"})
    counters = {"1": PLAN.counters["1"], "3": PLAN.counters["3"]}
    story = given(take("passport", steps=FREE))
    story.when(do(c.ChangePlan(plan=replace(without, counters=counters)))).refused(
        "tickets_waiting"
    )


services = st.sampled_from(["passport", "tax", "permit"])
visits = st.lists(services, min_size=1, max_size=4, unique=False).flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.lists(st.integers(0, 3), max_size=2), min_size=len(names), max_size=len(names)),
    )
)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@examples(visits, st.lists(services, max_size=12), st.booleans())
def test_the_choice_is_the_best_of_all_orders(
    visit: tuple[list[str], list[list[int]]], crowd: list[str], staffed: bool
) -> None:
    """Against every order tried one by one: no order ends earlier than the one it begins."""
    names, afters = visit
    steps = tuple(
        Step(name, tuple(sorted({i for i in after if i < index})))
        for index, (name, after) in enumerate(zip(names, afters, strict=True))
    )
    assert is_sound(steps)
    story = given(*([opens("1"), opens("2", BUDI)] if staffed else []), *map(take, crowd))
    hall, now = story.hall, story.now
    first = choose(hall, steps, "", now, now)
    assert first in open_steps(steps)
    best = expected(hall, steps, "", now, now, 0, first)
    for order in permutations(range(len(steps))):
        if all(set(steps[i].after) <= set(order[:place]) for place, i in enumerate(order)):
            assert best <= expected(hall, steps, "", now, now, 0, order[0])
    assert best >= now + len(steps) * MINUTE - WALK
