"""Why one goes before the other: the reason is the rule that decided, in a whole sentence."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.plan import MINUTE, CounterPlan
from queue_server.core.policy import in_order
from queue_server.core.reasons import SENTENCES, explain

from .story import PLAN, Story, acts, calls, given, later, opens, take
from .test_order import RULES, crowd, plan_of


def why(story: Story, one: str, other: str, language: str = "en") -> tuple[str, str]:
    reason = explain(story.hall, story.hall.counters["1"], story.id(one), story.id(other))
    return reason.code, reason.sentence(language)


def test_the_reasons_of_the_credit() -> None:
    """Earlier; earlier by the credit; too late for the credit."""
    story = given(take("passport"), later(5), take("passport", "elder"), later(1), take("passport"))
    assert why(story, "A-003", "A-001")[0] == "arrival"
    assert why(story, "A-001", "A-002") == (
        "credit",
        "A-002 is of a priority class: its arrival counts as 10 minutes earlier "
        "(09:05:00 becomes 08:55:00), before A-001 (09:00:00).",
    )
    story.given(later(20), take("passport", "elder"))
    assert why(story, "A-004", "A-003") == (
        "beyond_credit",
        "A-004 is of a priority class, but A-003 came more than 10 minutes before it: "
        "09:06:00, A-004 09:26:00.",
    )


def test_the_reasons_of_the_limit() -> None:
    """Its turn now, because of the calls before; or later, because it will be."""
    story = given(opens("1"), take("passport"), *[take("passport", "elder")] * 4)
    assert why(story, "A-001", "A-005")[0] == "turns"
    for _ in range(2):
        story.given(calls("1"), acts(c.StartService, "1"), acts(c.FinishService, "1"))
    code, sentence = why(story, "A-001", "A-004")
    assert code == "limit"
    assert sentence.startswith("After 2 priority calls in a row it is the turn of A-001")


def test_the_reasons_of_the_other_rules() -> None:
    """Weight, weight times wait, and a counter's favour."""
    strict = given(
        take("passport"), later(60), take("passport", "disabled"), plan=plan_of("strict")
    )
    assert why(strict, "A-001", "A-002")[1] == "The class of A-002 goes first (weight 3, A-001 0)."
    balance = given(take("passport"), later(8), take("passport", "elder"), plan=plan_of("balance"))
    balance.given(later(12), take("tax"))
    assert why(balance, "A-001", "A-002")[1] == "Weight × time waited: A-002 2 × 12, A-001 1 × 20."
    keen = CounterPlan("1", "Loket 1", "hall", ("passport", "tax"), favours={"tax": 20 * MINUTE})
    plan = replace(PLAN, counters={**PLAN.counters, "1": keen})
    favoured = given(take("passport"), later(5), take("tax"), plan=plan)
    assert why(favoured, "A-001", "B-001")[0] == "favour"
    assert why(favoured, "A-001", "A-001")[0] == "arrival"


def test_who_does_not_wait_there_has_no_order() -> None:
    story = given(take("passport"), take("permit"))
    assert why(story, "A-001", "AA-10") == (
        "not_waiting", "AA-10 does not wait in this counter's queue."
    )  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@examples(crowd, st.sampled_from(RULES), st.integers(1, 3), st.integers(0, 3))
def test_every_pair_has_a_true_sentence(
    people: list[tuple[str, int]], rule: str, limit: int, served: int
) -> None:
    """Whoever is asked about: the first is first in the queue, and no sentence has a gap."""
    story = given(opens("1"), plan=plan_of(rule, limit))
    for priority, seconds in people:
        story.given(later(seconds / 60), take("passport", priority))
    for _ in range(min(served, len(people))):
        story.given(calls("1"), acts(c.StartService, "1"), acts(c.FinishService, "1"))
    counter = story.hall.counters["1"]
    queue = list(in_order(story.hall, counter))
    for one in queue:
        for other in queue:
            reason = explain(story.hall, counter, one, other)
            assert queue.index(reason.first) <= queue.index(reason.second)
            for language in ("id", "en"):
                sentence = reason.sentence(language)
                assert story.hall.tickets[reason.first].number in sentence
                assert not set("{}") & set(sentence)
    assert set(SENTENCES["limit"]) == {"id", "en"}
