"""Who is reminded, by place and by the way: the rule alone, on the rules' own hall."""

from __future__ import annotations

from hypothesis import given as cases
from hypothesis import strategies as st

from citizens.phone import line_state, phone_view, ticket_state
from queue_server.core import commands as c
from queue_server.core.events import StepFinished, TicketPicked
from queue_server.core.lifecycle import TICKET
from queue_server.core.model import Step
from queue_server.notify.kinds import KINDS, TO_HOLDER, UNTOLD, Teller, still_true
from queue_server.notify.reminders import Reminder, Rule, reminders, time_to_go
from queue_server.notify.words import said
from tests.citizens.hall import CATALOGUE, SERVICE, TUESDAY
from tests.citizens.test_views import PLAN
from tests.core.story import Story, acts, calls, later, opens, take
from tests.hall import ROOT

RULE = Rule(remind_at=2, walk={"x": 9}, otherwise=3, travel=25)


def found(story: Story, rule: Rule = RULE) -> set[tuple[str, str]]:
    """(number, kind) of what is due."""
    return {(story.number(one.ticket), one.kind) for one in reminders(story.hall, rule)}


def test_the_front_of_each_line_is_near() -> None:
    """Places one and two; nobody is sent off while no counter is open."""
    story = Story(PLAN, TUESDAY).given(*[take(SERVICE) for _ in range(4)], take("paspor"))
    near = {(number, kind) for number, kind in found(story) if kind == "ticket.near"}
    assert len(near) == 3
    assert found(story) == near
    story.given(opens("1"))
    assert ("A-002", "ticket.go") in found(story)
    assert ("A-003", "ticket.go") not in found(story)


def paced(*, remote: bool) -> Story:
    """Eight in a line of which five were called, two minutes apart."""
    steps = [take(SERVICE) for _ in range(5)]
    story = Story(PLAN, TUESDAY).given(*steps, take(SERVICE, remote=remote), take(SERVICE))
    story.given(*[take(SERVICE) for _ in range(12)], opens("1"))
    for number in range(1, 6):
        story.given(
            later(2), calls("1", f"A-00{number}"), acts(c.StartService, "1", f"A-00{number}")
        )
    return story


def test_the_way_from_home_is_longer() -> None:
    """With a known pace the hall is told in time to walk, and who is at home earlier."""
    story = paced(remote=True)
    due = {number for number, kind in found(story) if kind == "ticket.go"}
    assert {"A-006", "A-007"} <= due
    assert "A-012" not in due
    story.given(*[take(SERVICE) for _ in range(9)], take(SERVICE, remote=True))
    last = max(one.number for one in story.hall.tickets.values())
    assert (last, "ticket.go") not in found(story, Rule(otherwise=120, travel=25))
    assert (last, "ticket.go") in found(story, Rule(otherwise=3, travel=120))


def test_page_and_message_say_the_same() -> None:
    """What the phone page shows as "go now" is what is sent."""
    story = paced(remote=True)
    due = {number for number, kind in found(story) if kind == "ticket.go"}
    for ticket in story.hall.tickets.values():
        if ticket.status != "waiting":
            continue
        view = phone_view(story.hall, CATALOGUE, ticket, "id", story.now, RULE)
        assert view.go == (ticket.number in due), ticket.number


@cases(
    st.one_of(st.none(), st.tuples(st.integers(0, 300), st.integers(0, 500))),
    st.integers(1, 200), st.integers(0, 120), st.integers(1, 50),
)  # fmt: skip
def test_going_is_monotone(
    wait: tuple[int, int] | None, position: int, minutes: int, remind_at: int
) -> None:
    """Who has to go has to go with a longer way, and nearer to the front, too."""
    if time_to_go(wait, position, minutes, remind_at):
        assert time_to_go(wait, position, minutes + 1, remind_at)
        assert time_to_go(wait, max(1, position - 1), minutes, remind_at)
        assert wait is None or wait[0] <= minutes


@cases(st.integers(0, 30), st.integers(1, 10))
def test_only_so_many_are_near(count: int, remind_at: int) -> None:
    """However long the line: exactly the first `remind_at` of it, in order."""
    story = Story(PLAN, TUESDAY).given(*[take(SERVICE) for _ in range(count)])
    due: list[Reminder] = list(reminders(story.hall, Rule(remind_at=remind_at)))
    assert [one.position for one in due] == list(range(1, min(count, remind_at) + 1))


def test_every_step_of_a_ticket_is_told_or_kept() -> None:
    """A new event is a kind of message, or is named as nobody else's; the docs list each kind."""
    steps = {event for steps in TICKET.values() for event in steps}
    assert steps <= set(KINDS) | UNTOLD
    assert not set(KINDS) & UNTOLD
    text = (ROOT / "docs" / "notifications.md").read_text()
    assert all(f"`{kind}`" in text for kind in {*KINDS.values(), *TO_HOLDER})


def test_who_is_only_looked_at_is_still_next() -> None:
    """An operator picked the ticket and called nobody: its phone shows no call."""
    story = Story(PLAN, TUESDAY).given(take(SERVICE), take(SERVICE), opens("1"))
    story.given(lambda _: TicketPicked(story.id("A-001"), "1"))
    first, second = (story.hall.tickets[story.id(n)] for n in ("A-001", "A-002"))
    state = ticket_state(story.hall, CATALOGUE, first)
    assert (state.status, state.ahead, state.counter) == ("waiting", 0, "")
    line = line_state(story.hall, CATALOGUE, SERVICE)
    assert (line.waiting, line.called) == ((first.id, second.id), ())


def test_who_goes_on_is_told_where() -> None:
    """A visit's next place is told to its holder, while it is still where the visit stands."""
    story = Story(PLAN, TUESDAY).given(
        take(SERVICE, steps=(Step(SERVICE), Step("paspor", after=(0,)))), opens("1"), calls("1")
    )
    story.given(acts(c.StartService, "1"), acts(c.FinishService, "1"))
    hall, (entry,) = story.hall, [x for x in story.entries if isinstance(x.event, StepFinished)]
    teller, ticket = Teller(lambda: CATALOGUE, "https://hall.example"), story.id("A-001")
    message = teller.told("epoch", entry, KINDS[StepFinished], hall.tickets[ticket])
    assert message.subject
    assert still_true(hall, message)
    title, body = said(message.kind, message.data)
    zone = CATALOGUE.zones[CATALOGUE.zone_of["paspor"]].name.id
    assert (title, body) == (
        f"Lanjut ke {zone}",
        f"Nomor A-001 tetap sama. Berikutnya: {CATALOGUE.services['paspor'].name.id}.",
    )
    story.given(lambda s: c.CancelTicket(ticket=s.id("A-001")))
    assert not still_true(story.hall, message)
