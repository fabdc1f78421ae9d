from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from displays.views import zones
from queue_server.core import commands as c
from queue_server.core.events import Entry
from queue_server.core.refusals import Refusal
from queue_server.feed import touched

from .day import Day

ZONES = ("a", "b", "hall")


def test_there_is_a_board_for_each_zone_and_one_for_the_hall() -> None:
    """And for nothing else."""
    day = Day()
    assert list(zones(day.catalogue)) == ["hall", "a", "b"]
    assert all(day.topic.knows(name) for name in ZONES)
    assert not day.topic.knows("c")
    assert not day.topic.knows("")


def test_a_call_is_wanted_where_its_counter_stands_and_in_the_hall() -> None:
    """Not where else its service is given."""
    day = Day()
    day.issue("s1")
    day.call("info")
    call = day.hall.calls[-1]
    assert [day.topic.wants(name, call) for name in ZONES] == [False, True, True]


def test_a_new_day_touches_every_board() -> None:
    """None means all."""
    day = Day()
    entries = day.do(c.OpenDay(day="2026-11-24", plan=day.hall.plan))
    assert day.topic.touched(touched(day.hall, entries)) is None


def test_a_ticket_touches_the_zones_that_give_its_service() -> None:
    """And the hall, but no other."""
    day = Day()
    entries = day.do(c.IssueTicket(service="s0", token="t"))
    assert day.topic.touched(touched(day.hall, entries)) == ["a", "hall"]


Step = tuple[str, str]
ACTS = (
    "issue issue open call call recall start finish miss return send to-counter to-agency "
    "to-operator park pause close cancel"
)
STEPS = st.tuples(st.sampled_from(ACTS.split()), st.sampled_from(["1", "2", "info", "3"]))


@given(st.lists(STEPS, max_size=25))
@settings(max_examples=150, deadline=None)
def test_no_board_changes_without_being_touched(steps: list[Step]) -> None:
    """Whatever happens: a board that is not told of it still shows the truth."""
    day = Day()
    for step in steps:
        before = {name: _content(day, name) for name in ZONES}
        entries = _walk(day, step)
        told = day.topic.touched(touched(day.hall, entries))
        assert told is not None
        for name in ZONES:
            if name not in told:
                assert _content(day, name) == before[name], (step, name)


def _content(day: Day, zone: str) -> object:
    """What a board shows, but for the time."""
    return msgspec.structs.replace(day.board(zone), server_time="")


def _walk(day: Day, step: Step) -> list[Entry]:
    """One step, if the rules allow it."""
    act, counter = step
    ticket = day.current(counter)
    commands: dict[str, c.Command] = {
        "issue": c.IssueTicket(service="s0" if counter in "12" else "s1", token=str(day.now)),
        "open": c.OpenCounter(counter=counter),
        "call": c.CallNext(counter=counter, after=ticket),
        "recall": c.Recall(counter=counter, ticket=ticket),
        "start": c.StartService(counter=counter, ticket=ticket),
        "finish": c.FinishService(counter=counter, ticket=ticket),
        "miss": c.MarkNoShow(counter=counter, ticket=ticket),
        "return": c.ReturnTicket(counter=counter, ticket=ticket),
        "send": c.TransferTicket(counter=counter, ticket=ticket, service="s1"),
        "to-counter": c.TransferTicket(counter=counter, ticket=ticket, to_counter="3"),
        "to-agency": c.TransferTicket(counter=counter, ticket=ticket, to_agency="agency-1"),
        "to-operator": c.TransferTicket(counter=counter, ticket=ticket, to_operator="system"),
        "park": c.ParkTicket(counter=counter, ticket=ticket),
        "pause": c.PauseCounter(counter=counter),
        "close": c.CloseCounter(counter=counter),
        "cancel": c.CancelTicket(ticket=ticket),
    }
    try:
        return day.do(commands[act])
    except Refusal:
        return []
