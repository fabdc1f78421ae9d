"""The console offers exactly the acts that the rules would carry out, each with its keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given as hypothesis
from hypothesis import settings
from msgspec.structs import replace

from counters import acts, deeds, kinds, visits
from counters.acts import Act
from counters.deeds import Form
from counters.keyboard import keyboard
from queue_server.core import commands as c
from queue_server.core.decide import decide
from queue_server.core.model import Hall
from queue_server.core.plan import Policy
from queue_server.core.policy import in_order
from queue_server.core.refusals import Refusal

from ..core import story as s
from ..core.walks import Move, Walk, moves
from ..hall import ROOT

NO_COMMAND = (kinds.NOTE, kinds.WHY)
"""What the panel offers without a command of the rules."""
POLICIES = (
    Policy(), Policy(two_step=True), Policy(start_needed=False),
    Policy(recalls=1, recall_pause=30_000, closing_approval=True),
)  # fmt: skip


def shown(offered: acts.Offer) -> Iterator[Act]:
    """Every button but those of the rows."""
    yield acts.primary(offered)
    second = acts.secondary(offered)
    yield from [second] if second else []
    yield from acts.buttons(offered)
    yield from acts.turns(offered)
    for _, listed in acts.panel(offered):
        yield from listed


OF_ROWS = (kinds.CANCEL, kinds.REINSTATE, kinds.RESUME)
"""In a list the ticket is the row's."""


def form_of(hall: Hall, counter: str, button: Act) -> Form:
    """What its form sends, with the least that has to be said where it asks."""
    form = Form(ticket=button.ticket or 0, after=button.after or 0, to=button.to)
    if button.kind is kinds.TRANSFER:
        return replace(form, to="service:tax")
    if button.kind is kinds.CALL_OF:
        first = next(in_order(hall, hall.counters[counter]), 0)
        service = hall.tickets[first].service if first else "tax"
        return replace(form, after=hall.counters[counter].current, service=service)
    if button.kind is kinds.QUICK:
        return replace(form, service=next(iter(hall.place(counter).services), ""))
    return form


def leads_somewhere(hall: Hall, counter: str, button: Act, now: int) -> bool:
    """Pressed by who holds the counter (or would): neither refused nor done already."""
    by = c.Actor(hall.counters[counter].operator or "somebody new")
    form = form_of(hall, counter, button)
    try:
        if button.kind is kinds.PLAN:
            asked = visits.Form(ticket=form.ticket)
            return bool(decide(hall, visits.command(hall, counter, asked, (), by), now))
        return bool(decide(hall, deeds.command(button.kind.path, counter, form, by), now))
    except Refusal:
        return False


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_every_button_is_on_when_its_press_leads_somewhere(policy: Policy) -> None:
    """In every hall that can come about, at each counter, whatever the hall has chosen: what is
    shown and what is done can't differ."""

    @hypothesis(moves)
    @settings(deadline=None, max_examples=40)
    def check(moves: list[Move]) -> None:
        walk = Walk().go(moves)
        if "tax" not in walk.hall.plan.services:
            return
        walk.hall.plan = replace(walk.hall.plan, policy=policy)
        for counter in walk.hall.counters:
            offered = acts.offer(walk.hall, counter, walk.now, "id")
            for button in shown(offered):
                of_row = button.kind in OF_ROWS and not button.ticket
                if button.kind in NO_COMMAND or button.ready or of_row:
                    continue
                leads = leads_somewhere(walk.hall, counter, button, walk.now)
                assert button.on == leads, (counter, button)

    check()


@hypothesis(moves)
@settings(deadline=None)
def test_the_big_button_never_lies(moves: list[Move]) -> None:
    """It is off only when nobody can be called."""
    walk = Walk().go(moves)
    for counter in walk.hall.counters:
        primary = acts.primary(acts.offer(walk.hall, counter, walk.now, "id"))
        assert primary.on or primary.kind is kinds.CALL


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
    primary = acts.primary(offered(story))
    assert (primary.kind.name, primary.label) == (name, label)


@pytest.mark.parametrize(
    ("steps", "name", "label", "beside"),
    [
        ([s.calls("1")], "recall", "Panggil", "skip"),
        ([s.calls("1"), s.acts(c.Recall, "1")], "start", "Mulai layani", ""),
    ],
)
def test_a_look_first(steps: list[s.Step], name: str, label: str, beside: str) -> None:
    """Where calling has two steps: call this one, or the next please; then as everywhere."""
    first = [s.opens("1"), s.take("passport"), s.take("passport")]
    found = offered(s.given(*first, *steps, plan=plan(two_step=True)))
    primary, second = acts.primary(found), acts.secondary(found)
    assert (primary.kind.name, primary.label) == (name, label)
    assert (second.kind.name if second else "") == beside


def test_no_start_needed() -> None:
    """The blue button finishes and calls next at once; start stays possible."""
    story = s.given(
        s.opens("1"), s.take("passport"), s.take("passport"), s.calls("1"),
        plan=plan(start_needed=False),
    )  # fmt: skip
    found = offered(story)
    assert acts.primary(found).label == "Selesai & panggil berikutnya"
    assert button(found, "start").on


def test_a_call_again_tells_its_limit_and_its_pause() -> None:
    """How often still; how long to wait; and at the limit the rules' own sentence."""
    rules = plan(recalls=2, recall_pause=20_000)
    story = s.given(s.opens("1"), s.take("passport"), s.calls("1"), plan=rules)
    recall = button(offered(story), "recall")
    assert (recall.on, recall.left, recall.wait, recall.ready) == (True, 2, 20, story.now + 20_000)
    story.given(s.later(1), s.acts(c.Recall, "1"), s.later(1))
    recall = button(offered(story), "recall")
    assert (recall.on, recall.left, recall.wait) == (True, 1, 0)
    story.given(s.acts(c.Recall, "1"), s.later(1))
    recall = button(offered(story), "recall")
    assert (recall.on, recall.left) == (False, 0)
    assert recall.why.startswith("A-001 sudah dipanggil ulang 2 kali")


def test_what_is_taken_back_is_told_while_it_can_be() -> None:
    """Finished and called at one press are one act; after ten seconds there is nothing."""
    story = s.given(
        s.opens("1"), s.take("passport"), s.take("passport"), s.calls("1"), s.later(1),
        s.acts(c.StartService, "1"), s.later(1), s.calls("1"),
    )  # fmt: skip
    undo = acts.undo(offered(story))
    assert undo is not None
    assert undo.what == (("A-001", "selesai"), ("A-002", "dipanggil"))
    assert (undo.until, undo.wait) == (story.now + 10_000, 10)
    story.now += 10_001
    assert acts.undo(offered(story)) is None


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ([s.acts(c.MarkNoShow, "1")], "dinyatakan tidak hadir"),
        ([s.acts(c.ReturnTicket, "1")], "dikembalikan"),
        ([s.acts(c.TransferTicket, "1", to_counter="2")], "dipindahkan"),
        ([s.acts(c.DeferTicket, "1")], "diminta melengkapi berkas"),
        ([s.acts(c.StartService, "1")], "mulai dilayani"),
        ([s.cancel("A-001")], "dibatalkan"),
        ([s.acts(c.StartService, "1"), s.later(1), s.acts(c.ParkTicket, "1")], "ditunda"),
    ],
)
def test_every_act_has_its_words_when_taken_back(steps: list[s.Step], what: str) -> None:
    """The button says what it would undo."""
    story = s.given(s.opens("1"), s.take("passport"), s.calls("1"), s.later(1), *steps)
    undo = acts.undo(offered(story))
    assert undo is not None
    assert undo.what == (("A-001", what),)


def test_an_emergency_is_cleared_at_the_counter_that_has_it() -> None:
    """One's own first, else the neighbour's; nobody's in another zone."""
    story = s.given(
        s.opens("1"), s.opens("2", s.BUDI), s.opens("3", s.CHIEF),
        s.do(c.RaiseAlarm(counter="2", by=s.BUDI)),
    )  # fmt: skip
    assert [acts.in_alarm(story.hall, id) for id in "123"] == ["2", "2", ""]
    story.given(s.later(1), s.do(c.RaiseAlarm(counter="1", by=s.ANN)))
    assert [acts.in_alarm(story.hall, id) for id in "123"] == ["1", "2", ""]


def test_every_key_means_one_act() -> None:
    """No key serves two acts, none of them a function key; each act has a numpad key and a letter,
    those of the second level after the panel's."""
    first = [*kinds.CURRENT, kinds.SKIP, kinds.BREAK, kinds.MORE]
    second = [kind for _, listed in kinds.PANEL for kind in listed]
    codes = [kind.numpad.code for kind in first] + ["NumpadEnter", "Numpad8", "Numpad2", "Numpad5"]
    letters = [kind.letter.code for kind in (*first, *second)] + ["KeyC"]
    panel = [kind.panel for kind in second]
    for keys in (codes, letters, panel):
        assert len(set(keys)) == len(keys)
        assert all(keys)
    assert all(code.startswith(("Numpad", "Key")) for code in codes + letters)
    assert kinds.MORE.numpad.cap not in panel, "the key that opens the panel closes it"


def test_the_help_lists_every_act() -> None:
    """With the keys that its button has."""
    rows = {row.label: row for _, listed in keyboard("1").groups for row in listed}
    for kind in kinds.KINDS.values():
        if kind.letter.cap and kind.rule not in ("open", "call"):
            assert rows[kind.label].letter == kind.letter.cap
            assert rows[kind.label].numpad in (kind.numpad.cap, f"9 {kind.panel}")


def test_the_docs_name_every_key() -> None:
    """docs/operator.md has a row with the keypad's and the letter's key of each act."""
    rows = (ROOT / "docs" / "operator.md").read_text().splitlines()
    found = {tuple(cell.strip() for cell in row.split("|")[2:4]) for row in rows if "|" in row}
    for _, listed in keyboard("1").groups[:2]:
        assert {(row.numpad, row.letter) for row in listed} <= found


def test_what_costs_a_citizen_his_turn_is_asked_twice() -> None:
    """No-show, cancel, reinstate, and the emergency, wait for a second press; what has a form
    of its own has been asked by that."""
    asked = {kind.name for kind in kinds.KINDS.values() if acts.act(kind, True).sure}
    assert asked == {"no_show", "cancel", "reinstate", "alarm", "clear"}


def plan(**policy: object) -> s.Plan:
    return replace(s.PLAN, policy=replace(s.PLAN.policy, **policy))


def offered(story: s.Story, counter: str = "1") -> acts.Offer:
    return acts.offer(story.hall, counter, story.now, "id")


def button(found: acts.Offer, name: str) -> Act:
    return next(one for one in acts.buttons(found) if one.kind.name == name)
