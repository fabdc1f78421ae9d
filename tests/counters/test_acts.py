"""The console offers exactly the acts that the rules would carry out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given as hypothesis
from hypothesis import settings

from counters import acts
from queue_server.core import commands as c
from queue_server.core.decide import decide
from queue_server.core.model import Counter, Hall
from queue_server.core.refusals import Refusal

from ..core import story as s
from ..core.walks import Move, Walk, moves

COMMANDS: dict[str, type[c.AtTicket]] = {
    "recall": c.Recall, "start": c.StartService, "finish": c.FinishService,
    "no_show": c.MarkNoShow, "return": c.ReturnTicket, "park": c.ParkTicket,
    "defer": c.DeferTicket,
}  # fmt: skip


def commands(hall: Hall, counter: Counter) -> Iterator[tuple[str, c.Command]]:
    """Every act at a counter by who holds it (or would), with the name of its button."""
    by = c.Actor(counter.operator or "somebody new")
    here, current = counter.id, counter.current
    yield "call", c.CallNext(counter=here, after=current, by=by)
    for name, command in COMMANDS.items():
        yield name, command(counter=here, ticket=current, by=by)
    yield "transfer", c.TransferTicket(counter=here, ticket=current, service="tax", by=by)
    yield "cancel", c.CancelTicket(ticket=current, by=by)
    yield "open", c.OpenCounter(counter=here, by=by)
    yield "break", c.PauseCounter(counter=here, by=by)
    yield "close", c.CloseCounter(counter=here, by=by)


def possible(hall: Hall, counter: Counter, now: int) -> set[str]:
    """The acts that lead to something: neither refused nor done already."""
    found = set()
    for name, command in commands(hall, counter):
        try:
            if decide(hall, command, now):
                found.add(name)
        except Refusal:
            pass
    return found


@hypothesis(moves)
@settings(deadline=None)
def test_enabled_is_what_the_rules_would_do(moves: list[Move]) -> None:
    """In every hall that can come about, at each counter: enabled buttons = possible acts."""
    walk = Walk().go(moves)
    if "tax" not in walk.hall.plan.services:
        return
    for counter in walk.hall.counters.values():
        assert set(acts.enabled(walk.hall, counter)) == possible(walk.hall, counter, walk.now)


@hypothesis(moves)
@settings(deadline=None)
def test_the_big_button_never_lies(moves: list[Move]) -> None:
    """What it offers is enabled, and off only when nobody can be called."""
    walk = Walk().go(moves)
    for counter in walk.hall.counters.values():
        names = acts.enabled(walk.hall, counter)
        primary = acts.primary(walk.hall, counter, names)
        assert primary.on == (primary.kind.name in names)
        assert primary.on or primary.kind is acts.CALL


@pytest.mark.parametrize(
    ("steps", "name", "label"),
    [
        ([], "open", "Buka loket"),
        ([s.opens("1")], "call", "Panggil berikutnya"),
        ([s.opens("1"), s.pauses("1")], "open", "Buka kembali"),
        ([s.opens("1"), s.take("passport"), s.calls("1")], "start", "Mulai layani"),
        (
            [s.opens("1"), s.take("passport"), s.calls("1"), s.acts(c.StartService, "1")],
            "finish", "Selesai",
        ),
        (
            [s.opens("1"), s.take("passport"), s.calls("1"), s.acts(c.StartService, "1"),
             s.take("passport")],
            "call", "Selesai & panggil berikutnya",
        ),
    ],
)  # fmt: skip
def test_the_big_button_follows_the_work(steps: list[s.Step], name: str, label: str) -> None:
    """Open, call, start, finish and call: one key from opening to closing time."""
    story = s.given(*steps)
    counter = story.hall.counters["1"]
    primary = acts.primary(story.hall, counter, acts.enabled(story.hall, counter))
    assert (primary.kind.name, primary.label) == (name, label)


def test_every_key_means_one_act() -> None:
    """No key serves two acts, none of them a function key; each act has a numpad key."""
    kinds = [*acts.CURRENT, *acts.TURNS]
    codes = [key.code for kind in kinds for key in (kind.numpad, kind.letter)]
    codes += ["NumpadEnter", "Numpad8", "Numpad2", "Numpad5", "KeyC"]
    assert len(set(codes)) == len(codes)
    assert all(code.startswith(("Numpad", "Key")) for code in codes)


def test_what_costs_a_citizen_his_turn_is_asked_twice() -> None:
    """No-show, cancel, close and reinstate wait for a second press; the rest never does."""
    asked = {kind.name for kind in acts.KINDS.values() if acts.act(kind, True).sure}
    assert asked == {"no_show", "cancel", "close", "reinstate"}
