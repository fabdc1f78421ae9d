"""Who is next under every rule of order, at counters that differ: stories and bounds."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.catalogue import CatalogueError, example
from queue_server.core import commands as c
from queue_server.core.plan import MINUTE, CounterPlan, Plan, Policy, PriorityPlan
from queue_server.core.policy import in_order

from ..hall import catalogue as hall_catalogue
from .story import (
    BUDI,
    CHIEF,
    PLAN,
    Story,
    acts,
    at,
    calls,
    closes,
    do,
    given,
    later,
    opens,
    opens_day,
    take,
)  # fmt: skip

RULES = ("credit", "strict", "balance")
CLASSES = {
    "elder": PriorityPlan("elder", 10 * MINUTE, weight=1),
    "disabled": PriorityPlan("disabled", 30 * MINUTE, weight=3),
}
thorough = settings(max_examples=120, deadline=None, derandomize=True, database=None)


def plan_of(order: str, limit: int = 100, **more: int) -> Plan:
    policy = Policy(order=order, consecutive_priority=limit, **more)  # type: ignore[arg-type]  # one of RULES
    return replace(PLAN, priorities=CLASSES, policy=policy)


def order(story: Story, counter: str = "1") -> list[str]:
    return [story.number(id) for id in in_order(story.hall, story.hall.counters[counter])]


def test_strict_goes_by_weight_then_arrival() -> None:
    """The heavier class first, however late; within it, and among the ordinary, by arrival."""
    story = given(take("passport"), later(60), take("passport", "elder"), plan=plan_of("strict"))
    story.given(later(1), take("passport", "disabled"), later(1), take("passport", "elder"))
    assert order(story) == ["A-003", "A-002", "A-004", "A-001"]


def test_balance_goes_by_weight_times_wait() -> None:
    """(weight + 1) x minutes waited: 20 x 1 against 11 x 2 against 6 x 4 at the last entry."""
    story = given(take("passport"), later(9), take("passport", "elder"), plan=plan_of("balance"))
    story.given(later(5), take("passport", "disabled"), later(6), take("tax"))
    assert order(story) == ["A-003", "A-002", "A-001"]


def test_a_limit_for_the_whole_hall() -> None:
    """Priority calls at other counters count too."""
    story = given(opens("1"), opens("2", BUDI), plan=plan_of("strict", consecutive_priority_hall=2))
    story.given(take("passport"), *[take("passport", "elder")] * 3)
    story.given(calls("1"), calls("2", by=BUDI), acts(c.StartService, "1"))
    story.when(calls("1")).then("ServiceFinished A-002", "TicketCalled A-001 counter=1")


def test_a_counter_for_some_classes() -> None:
    """It neither shows, calls, nor takes by hand anybody else's."""
    counters = {**PLAN.counters, "1": replace(PLAN.counters["1"], classes=("elder", "disabled"))}
    story = given(opens("1"), take("passport"), plan=replace(PLAN, counters=counters))
    story.when(calls("1")).refused("nobody_waiting")
    story.when(calls("1", "A-001")).refused("not_served_here")
    story.given(take("passport", "elder"))
    story.when(calls("1")).then("TicketCalled A-002 counter=1")


def test_the_quick_lane_and_favours() -> None:
    """A quick counter sees quick services 15 minutes earlier, an operator's favours count where
    that operator sits, and other counters see none of it."""
    services = {**PLAN.services, "tax": replace(PLAN.services["tax"], quick=True)}
    quick = CounterPlan("1", "Loket 1", "hall", ("passport", "tax"), quick=True)
    plan = replace(PLAN, services=services, counters={**PLAN.counters, "1": quick})
    story = given(opens("1"), opens("2", BUDI), take("passport"), later(14), plan=plan)
    story.given(take("tax"), later(2), take("tax"))
    assert order(story, "1") == ["B-001", "A-001", "B-002"]
    assert order(story, "2") == ["A-001", "B-001", "B-002"]
    favours = c.FavourServices(by=CHIEF, operator="budi", favours={"tax": 20 * MINUTE})
    story.given(do(favours))
    assert order(story, "2") == ["B-001", "B-002", "A-001"]
    story.given(closes("2", BUDI))
    assert order(story, "2") == ["A-001", "B-001", "B-002"]
    story.given(opens("2", BUDI), do(replace(favours, favours={})))
    assert order(story, "2") == ["A-001", "B-001", "B-002"]


def test_favours_outlast_the_day_and_are_bounded() -> None:
    """A supervisor's word; an hour at the most, so that nobody is overtaken by more."""
    favours = c.FavourServices(by=CHIEF, operator="budi", favours={"tax": 60 * MINUTE})
    story = given(opens("2", BUDI), do(favours))
    story.when(do(favours)).then()
    story.when(do(replace(favours, by=BUDI))).refused("stewards_only")
    story.when(do(replace(favours, favours={"dog": MINUTE}))).refused("unknown_service")
    for ms in (61 * MINUTE, -1):
        story.when(do(replace(favours, favours={"tax": ms}))).refused("bad_favour")
    story.given(at("2026-11-24 09:00"), opens_day("2026-11-24"), opens("2", BUDI))
    story.given(take("passport"), later(50), take("tax"))
    assert order(story, "2") == ["B-001", "A-001"]


crowd = st.lists(
    st.tuples(st.sampled_from(["", "", "elder", "disabled"]), st.integers(1, 600)),
    min_size=1,
    max_size=14,
)


@pytest.mark.parametrize("rule", RULES)
@thorough
@examples(people=crowd, limit=st.integers(1, 3))
def test_first_come_first_served_within_a_class(
    rule: str, people: list[tuple[str, int]], limit: int
) -> None:
    """Whatever the rule; and everybody in the line is in the queue exactly once."""
    story = given(plan=plan_of(rule, limit))
    for priority, seconds in people:
        story.given(later(seconds / 60), take("passport", priority))
    queue = list(in_order(story.hall, story.hall.counters["1"]))
    assert sorted(queue) == sorted(story.hall.tickets)
    for kind in ("", "elder", "disabled"):
        ids = [id for id in queue if story.hall.tickets[id].priority == kind]
        assert ids == sorted(ids)


@pytest.mark.parametrize("rule", RULES)
@thorough
@examples(people=crowd, limit=st.integers(1, 3))
def test_no_rule_starves_anybody(rule: str, people: list[tuple[str, int]], limit: int) -> None:
    """However many priority tickets keep coming, the n-th ordinary one is called within
    n x (limit + 1) calls."""
    story = given(opens("1"), plan=plan_of(rule, limit))
    for priority, seconds in people:
        story.given(later(seconds / 60), take("passport", priority))
    ordinary = [t.id for t in story.hall.tickets.values() if not t.priority]
    called: list[int] = []
    for _ in range(len(ordinary) * (limit + 1)):
        story.given(take("passport", "disabled"), take("passport", "elder"), calls("1"))
        called.append(story.hall.counters["1"].current)
        story.given(acts(c.StartService, "1"), acts(c.FinishService, "1"), later(1))
    for place, id in enumerate(ordinary, 1):
        assert called.index(id) < place * (limit + 1)


@pytest.mark.parametrize("rule", RULES)
@thorough
@examples(people=crowd)
def test_the_place_in_the_line_is_the_order_of_the_line(
    rule: str, people: list[tuple[str, int]]
) -> None:
    """`ahead`, which a phone shows, counts exactly those before it in `in_line`."""
    story = given(plan=plan_of(rule))
    for priority, seconds in people:
        story.given(later(seconds / 60), take("passport", priority))
    for place, id in enumerate(story.hall.in_line("passport")):
        assert story.hall.ahead(story.hall.tickets[id]) == place


@pytest.mark.parametrize("rule", RULES)
@thorough
@examples(people=crowd, data=st.data())
def test_a_postponed_ticket_is_behind_those_it_let_pass(
    rule: str, people: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Under every rule nobody else changes place and the ticket never moves forward."""
    story = given(plan=plan_of(rule))
    for priority, seconds in people:
        story.given(later(seconds / 60), take("passport", priority))
    before = story.hall.in_line("passport")
    ticket = data.draw(st.sampled_from(before))
    story.when(lambda _: c.PostponeTicket(ticket=ticket))
    after = story.hall.in_line("passport")
    rest: Callable[[list[int]], list[int]] = lambda ids: [id for id in ids if id != ticket]  # noqa: E731
    assert rest(before) == rest(after)
    if story.refusal is None:
        assert after.index(ticket) > before.index(ticket)
    else:
        assert story.refusal.code == "nobody_behind"


def test_the_catalogue_says_all_of_it() -> None:
    """Classes by their names ("ordinary" too), favours in minutes, quick services and counters."""
    document = msgspec.to_builtins(hall_catalogue().document)
    document["counters"] = list(document["counters"])
    document["counters"][0] |= {"classes": ["lansia", "ordinary"], "quick": True}
    service = document["counters"][0]["services"][0]
    document["counters"][0]["favours"] = {service: 7}
    plan = example(document).plan(PLAN.hours, PLAN.policy)
    counter = plan.counters[str(document["counters"][0]["id"])]
    assert (counter.classes, counter.quick) == (("lansia", ""), True)
    assert counter.favours == {service: 7 * MINUTE}
    assert plan.priorities["disabilitas"].weight == 3
    for wrong, says in (({"classes": ["kaya"]}, "kaya"), ({"favours": {"tidak-ada": 5}}, "tidak")):
        broken = {**document, "counters": [document["counters"][0] | wrong]}
        with pytest.raises(CatalogueError, match=says):
            example(broken)
