"""A counter more or less: the days run again, and how far that can be trusted."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.reports.whatif import Presence, Stay, answer

MINUTE = 60_000
OPENS, CLOSES = 8 * 60 * MINUTE, 15 * 60 * MINUTE
PEOPLE = st.lists(st.tuples(st.integers(0, 360), st.integers(1, 40)), min_size=1, max_size=60)
"""(minute of coming, minutes of service)"""
COUNTERS = st.integers(1, 6)


def day(people: list[tuple[int, int]], counters: int, pause: int = 0) -> list[Stay]:
    """A hall with one line: who came first is called first, at the counter that is free first,
    `pause` ms after its last one left."""
    free, stays = [OPENS] * counters, []
    for minute, minutes in sorted(people):
        joined = OPENS + minute * MINUTE
        called = max(joined, heapq.heappop(free))
        left = called + minutes * MINUTE
        heapq.heappush(free, left + pause)
        stays.append(("2026-11-25", joined, called, left))
    return sorted(stays, key=lambda stay: stay[2])


def opened(counters: int, until: int = CLOSES * 10) -> list[Presence]:
    return [("2026-11-25", str(at), OPENS, until) for at in range(counters)]


@given(PEOPLE, COUNTERS)
def test_the_record_is_the_model_of_itself(people: list[tuple[int, int]], counters: int) -> None:
    """Counters that pause for nobody: run again with the same ones, each minute is as it was; run
    with another number, it is what that many counters would really have done."""
    stays = day(people, counters)
    same = answer(stays, opened(counters), 0)
    assert same.model == same.changed == same.actual
    assert (same.error, same.unserved, same.count) == (0.0, 0, len(people))
    for change in (-1, 1, 2):
        if counters + change:
            other = day(people, counters + change)
            truth = sum(called - joined for _, joined, called, _ in other) // len(other)
            assert answer(stays, opened(counters), change).changed == truth


@given(PEOPLE, COUNTERS, st.integers(0, 2 * MINUTE))
def test_pauses_make_the_model_cheerful(
    people: list[tuple[int, int]], counters: int, pause: int
) -> None:
    """What is off is the pauses, to one side: never more waiting than there was, and no more off
    than all pauses before one's call."""
    found = answer(day(people, counters, pause), opened(counters), 0)
    assert found.actual - pause * len(people) <= found.model <= found.actual


@given(PEOPLE, st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), max_size=8))
def test_counters_that_come_and_go(
    people: list[tuple[int, int]], spans: list[tuple[int, int]]
) -> None:
    """Whenever counters open and close: nobody gets lost or waits less than nothing, one more
    serves no fewer, and one fewer than none serves nobody."""
    stays = day(people, 2)
    open_ = [
        ("2026-11-25", str(at), OPENS + since * MINUTE, OPENS + (since + lasts) * MINUTE)
        for at, (since, lasts) in enumerate(spans)
    ]
    found = {change: answer(stays, open_, change) for change in (-9, 0, 1)}
    assert all(one.changed >= 0 and one.model >= 0 for one in found.values())
    assert 0 <= found[0].unserved <= found[-9].unserved == len(people)


@pytest.mark.parametrize(("change", "minutes", "unserved"), [(0, 0, 0), (-1, 30, 0), (-2, 240, 4)])
def test_a_relief_is_no_counter_of_its_own(change: int, minutes: int, unserved: int) -> None:
    """Two counters, one of which three people shared: one fewer is one fewer all day, and not the
    shortest stint. With none left everybody waits until the hall closes."""
    stays = [
        ("d", OPENS, OPENS, OPENS + 30 * MINUTE),
        ("d", OPENS, OPENS, OPENS + 30 * MINUTE),
        ("d", OPENS + 30 * MINUTE, OPENS + 30 * MINUTE, OPENS + 60 * MINUTE),
        ("d", OPENS + 30 * MINUTE, OPENS + 30 * MINUTE, OPENS + 60 * MINUTE),
    ]
    ends = [(0, 240), (0, 5), (5, 10), (10, 240)]
    spans = [("d", str(x), OPENS + x * MINUTE, OPENS + y * MINUTE) for x, y in ends]
    spans[0] = ("d", "a", OPENS, OPENS + 255 * MINUTE)
    found = answer(stays, spans, change)
    assert (found.actual, found.model, found.unserved) == (0, 0, unserved)
    assert found.changed // MINUTE == minutes
