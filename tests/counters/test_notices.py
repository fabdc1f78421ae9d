"""What a console tells besides its ticket: emergencies, messages, helpers, closings, breaks."""

from __future__ import annotations

from msgspec.structs import replace

from counters.views import Beside, Console, console
from queue_server.core import commands as c
from queue_server.core.calling import undoable
from queue_server.core.plan import MINUTE
from queue_server.floor.day import gather

from ..core.story import ANN, BUDI, CHIEF, Story, acts, calls, do, given, later, opens, take
from .kit import CATALOGUE, PLAN

NAMES = {"ann": "Ann", "budi": "Budi", "chief": "Chief"}.__getitem__


def hall(*steps: object) -> Story:
    return given(*steps, plan=PLAN)  # type: ignore[arg-type]  # steps


def shown(story: Story, counter: str = "1", language: str = "id") -> Console:
    now, beside = story.now, Beside(names=NAMES)
    return console(story.hall, CATALOGUE, gather(story.hall), counter, now, language, beside)


def test_an_emergency_is_told_to_the_neighbours() -> None:
    """Who and where, at the consoles of the same zone; in another zone nothing."""
    story = hall(
        opens("1"), opens("2", BUDI), opens("3", CHIEF),
        do(c.RaiseAlarm(counter="2", by=BUDI)), later(2),
    )  # fmt: skip
    (alarm,) = shown(story).notices.alarms
    assert (alarm.name, alarm.operator, alarm.since.at) == ("Loket 2", "Budi", "09.00")
    assert not alarm.mine
    assert shown(story, "2").notices.alarms[0].mine
    assert shown(story, "3").notices.alarms == ()
    story.given(do(c.ClearAlarm(counter="2", by=ANN)))
    assert shown(story).notices.alarms == ()


def test_messages_are_shown_until_their_time() -> None:
    """The newest first; not those for boards alone."""
    story = hall(opens("1"))
    until = story.now + 7 * MINUTE
    for message in (
        c.PostMessage(text="Rapat", to="consoles", by=CHIEF),
        c.PostMessage(text="Papan", to="boards", by=CHIEF),
        c.PostMessage(text="Cepat", to="all", until=until, by=CHIEF),
    ):
        story.given(do(message), later(1))
    assert [one.text for one in shown(story).notices.messages] == ["Cepat", "Rapat"]
    story.given(later(5))
    assert [one.text for one in shown(story).notices.messages] == ["Rapat"]


def test_a_helper_who_was_called_is_told_where_he_was_called() -> None:
    """For as long as the boards would announce it."""
    story = hall(
        opens("1"), opens("2", BUDI), do(c.CallHelper(counter="1", helper="companion", by=ANN))
    )
    assert [one.label for one in shown(story).notices.helpers] == ["Pendamping"]
    assert shown(story, "2").notices.helpers == ()
    story.given(later(2))
    assert shown(story).notices.helpers == ()


def test_a_closing_that_waits_for_a_supervisor() -> None:
    """Since when; the counter goes on; a no takes the notice away."""
    plan = replace(PLAN, policy=replace(PLAN.policy, closing_approval=True))
    story = given(opens("1"), later(1), do(c.CloseCounter(counter="1", by=ANN)), plan=plan)
    console = shown(story)
    assert (console.state, console.notices.closing.at) == ("open", "09.01")
    story.given(do(c.DenyClosing(counter="1", by=CHIEF)))
    assert shown(story).notices.closing.ms == 0
    # The no is told to who looks later too, for a while; and no longer once it is asked again.
    assert shown(story).notices.denied.at == "09.01"
    assert shown(story.given(later(16))).notices.denied.ms == 0


def test_a_break_says_why_and_how_long_and_a_closed_counter_when_it_opens() -> None:
    """Minutes left, then how late; and the time at which it opens by itself."""
    story = hall(opens("1"))
    until = story.now + 10 * MINUTE
    story.given(do(c.PauseCounter(counter="1", reason="rapat", until=until, by=ANN)), later(4))
    console = shown(story)
    assert (console.reason, console.until.at, console.until.left) == ("Rapat", "09.10", "6:00")
    story.given(later(8))
    console = shown(story, language="en")
    assert (console.reason, console.until.left, console.until.lasted) == ("Rapat (en)", "", "2:00")
    reopens = story.now + 30 * MINUTE
    story.given(do(c.CloseCounter(counter="1", reason="rapat", reopens=reopens, by=ANN)))
    assert (shown(story).state, shown(story).until.at) == ("closed", "09.42")


def test_who_was_sent_here_and_why_he_was_parked() -> None:
    """To this counter, to the agency, to this operator; each row says so."""
    story = hall(opens("1"), *[take("passport")] * 4)
    for where in ({"to_counter": "1"}, {"to_agency": "imigrasi"}, {"to_operator": "ann"}):
        story.given(calls("1"), later(1), acts(c.TransferTicket, "1", afresh=True, **where))
    story.given(calls("1"), acts(c.StartService, "1"), acts(c.ParkTicket, "1", reason="fotokopi"))
    console = shown(story)
    assert [row.sent for row in console.queue] == [
        "untuk loket ini",
        "untuk instansi",
        "untuk Anda",
    ]
    assert [row.reason for row in console.parked] == ["Fotokopi"]
    assert undoable(story.hall, story.hall.counters["1"], story.now)


def test_a_class_is_shown_by_colour_icon_and_word() -> None:
    """What is read on the colour has the better contrast of dark and light."""
    story = hall(opens("1"), take("passport", "elder"), take("passport"))
    first, second = shown(story).queue
    assert first.mark is not None
    assert (first.mark.name, first.mark.icon, first.mark.ink) == ("Lansia", "elder", "#ffffff")
    assert second.mark is None


def test_what_was_missing_is_told_when_he_is_back() -> None:
    """The requirements by name, where the catalogue still has them."""
    story = hall(opens("1"), take("passport"), calls("1"), acts(c.DeferTicket, "1", missing=(0, 7)))
    story.given(do(c.ResumeTicket(ticket=story.id("A-001"))), calls("1"))
    current = shown(story).current
    assert current is not None
    assert current.missing == ("KTP-el",)
