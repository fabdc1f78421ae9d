"""A visit of several agencies under one number: where it goes next, and that nothing is lost."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.journey import (
    MOST,
    UNSTAFFED,
    USUAL,
    WALK,
    choose,
    ends,
    is_sound,
    open_steps,
    span,
    why,
)
from queue_server.core.model import Step
from queue_server.core.plan import CounterPlan, Plan
from queue_server.core.policy import serving_counters

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


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@examples(visits, st.lists(services, max_size=12), st.booleans())
def test_the_choice_is_the_best_of_all_orders(
    visit: tuple[list[str], list[list[int]]], crowd: list[str], staffed: bool
) -> None:
    """Against every order tried one by one: for each first step, none ends earlier than is said."""
    names, afters = visit
    steps = tuple(
        Step(name, tuple(sorted({i for i in after if i < index})))
        for index, (name, after) in enumerate(zip(names, afters, strict=True))
    )
    assert is_sound(steps)
    story = given(*([opens("1"), opens("2", BUDI)] if staffed else []), *map(take, crowd))
    hall, now = story.hall, story.now
    tried: dict[int, int] = {}
    for order in permutations(range(len(steps))):
        if all(set(steps[i].after) <= set(order[:place]) for place, i in enumerate(order)):
            end = one_by_one(story, steps, order)
            tried[order[0]] = min(end, tried.get(order[0], end))
    found = ends(hall, steps, "", now, now)
    assert found == tried
    assert set(found) == set(open_steps(steps))
    first = choose(hall, steps, "", now, now)
    assert (found[first], first) == min((end, index) for index, end in found.items())
    assert why(hall, steps, "", now, now, 0, first) != "" or len(set(found.values())) < len(found)


def one_by_one(story: Story, steps: tuple[Step, ...], order: tuple[int, ...]) -> int:
    """A day played in that order: wait, walk, be served."""
    hall, at = story.hall, story.now
    for index in order:
        service = steps[index].service
        ahead = hall.ahead_of(service, "", (story.now, hall.version + 1))
        counters = len(serving_counters(hall, service))
        wait = ahead * USUAL // counters if counters else UNSTAFFED
        at = max(at, story.now + wait) + USUAL + WALK
    return at - WALK


def test_why_is_said_truly() -> None:
    """The reason on a phone: what is last, what the rest needs, where the wait is shortest."""
    story = given(opens("1"), opens("2", BUDI), *[take("passport")] * 3)
    hall, now = story.hall, story.now
    reason = lambda steps, step: why(hall, steps, "", now, now, 0, step)  # noqa: E731
    assert reason(FIXED, 0) == "needed"
    assert reason((Step("passport", done=True), Step("tax", after=(0,))), 1) == "last"
    assert reason(FREE, 1) == "shortest"
    assert reason(FREE, 0) == ""
    assert reason((Step("tax"), Step("tax")), 0) == ""


def test_the_end_of_a_visit_is_a_range_or_unknown() -> None:
    """Known only once every line has a pace and every service a time."""
    story = given(opens("1"), opens("2", BUDI))
    assert span(story.hall, FREE, "", story.now, story.now) is None
    for _ in range(5):
        story.given(take("passport"), later(1), *serve("1"), take("tax"), *serve("2", BUDI))
    least, most = span(story.hall, FREE, "", story.now, story.now) or (0, 0)
    assert 0 < least < most < 30


def test_who_was_sent_elsewhere_is_left_there() -> None:
    """A supervisor's move is a decision: the review does not undo it."""
    story = given(opens("1"), *[take("passport")] * 6, take("tax", steps=FREE))
    story.given(lambda s: c.MoveTicket(ticket=s.id("B-001"), service="permit"))
    story.when(do(c.ReviewVisits())).then()


def test_no_step_begins_where_the_intake_is_closed() -> None:
    story = given(do(c.CloseIntake(service="tax")))
    story.when(take("passport", steps=FREE)).refused("intake_closed")
