"""The rules of alarms: each at its time, none that comes and goes, the worst first."""

from __future__ import annotations

from hypothesis import given as everything
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.plan import MINUTE, Policy
from queue_server.floor.alarms import (
    RANK,
    Alarm,
    Limits,
    Memory,
    Panel,
    Printer,
    Scene,
    look,
)
from queue_server.floor.refusals import SENTENCES, Refused
from queue_server.floor.sentences import ALARMS, told
from tests.core.story import (
    ANN,
    BUDI,
    CHIEF,
    HOURS,
    PLAN,
    Story,
    acts,
    at,
    calls,
    clock,
    closes,
    do,
    given,
    later,
    opens,
    pauses,
    replans,
    take,
)

LIMITS = Limits()


class Eye:
    """Looks at a story again and again, as a running hall does."""

    def __init__(self, story: Story, limits: Limits = LIMITS) -> None:
        self.story, self.limits = story, limits
        self.memory = Memory()

    def __call__(self, minutes: float = 0, **scene: object) -> list[str]:
        """The alarms after so long: their kinds and what they are about."""
        return [f"{one.kind} {one.about}".strip() for one in self.alarms(minutes, **scene)]

    def alarms(self, minutes: float = 0, **scene: object) -> tuple[Alarm, ...]:
        self.story.given(later(minutes))
        seen = Scene(self.story.hall, self.story.now, **scene)  # type: ignore[arg-type]
        found, self.memory = look(seen, self.limits, self.memory)
        return found


def test_a_quiet_hall_has_none() -> None:
    """Nobody waits, a counter is open, another is closed."""
    assert Eye(given(opens("1")))() == []


def test_a_wait_beyond_the_promise() -> None:
    """From the limit on; and it stays until the wait is clearly below it: a tenth."""
    story = given(opens("1"), take("passport"), later(3.5), take("passport"), later(3.5))
    story.given(take("passport"))
    eye = Eye(story, replace(LIMITS, idle=0))
    assert eye(22.5) == []
    assert eye(0.5) == ["late passport"]
    story.given(calls("1"), acts(c.StartService, "1"))
    assert eye() == []  # the next waits 26.5 minutes: below nine tenths
    assert eye(3.5) == ["late passport"]
    story.given(later(1), acts(c.FinishService, "1"), calls("1"), acts(c.StartService, "1"))
    assert eye() == ["late passport"]  # 27.5 minutes: no coming and going


def test_people_wait_and_no_counter_is_open() -> None:
    """After some minutes; one alarm for the line, and none for a counter on a break."""
    story = given(opens("3"), take("permit"), closes("3"))
    eye = Eye(story)
    assert eye() == []
    assert eye(4.9) == []
    assert eye(0.1) == ["unserved permit"]
    assert eye(60) == ["unserved permit"], "not late besides"
    story.given(opens("3"), pauses("3"))
    assert eye() == ["late permit"]


def test_a_counter_that_its_shift_plans_and_nobody_opens() -> None:
    """Some minutes after the shift began, while the hall is open; not one that opens again by
    itself, nor one that a supervisor let close since."""
    hours = replace(HOURS, shifts={"pagi": ((480, 720),), "siang": ((720, 960),)})
    counters = {**PLAN.counters, "1": replace(PLAN.counters["1"], shifts=("pagi",))}
    plan = replace(PLAN, hours=hours, counters=counters)
    story = given(at("2026-11-23 07:59"), plan=plan)
    eye = Eye(story)
    assert eye() == []
    assert eye(10.9) == []
    (alarm,) = eye.alarms(0.1)
    assert (alarm.kind, alarm.about, alarm.since) == ("absent", "1", clock("2026-11-23 08:00"))
    story.given(opens("1"))
    assert eye() == []
    story.given(closes("1"))
    assert eye(9) == []
    assert eye(1) == ["absent 1"]
    asks = replace(plan, policy=replace(plan.policy, closing_approval=True))
    assert Eye(story.given(replans(asks)))() == []
    story.given(replans(plan))
    back = clock("2026-11-23 11:00")
    story.given(opens("1"), do(c.CloseCounter(counter="1", reopens=back, by=CHIEF)))
    assert Eye(story)(30) == []
    story.given(at("2026-11-23 12:00"))
    assert eye() == []


def test_a_line_that_lasts_beyond_closing() -> None:
    """By today's service times and the counters that are open, once it has looked so for a while;
    another counter ends it."""
    story = given(opens("1"), take("passport"), calls("1"), acts(c.StartService, "1"), later(20))
    story.given(acts(c.FinishService, "1"), at("2026-11-23 15:00"), *[take("passport")] * 4)
    eye = Eye(story, replace(LIMITS, wait=0, idle=0))
    assert eye() == []
    assert eye(4.9) == []
    assert eye(0.1) == ["overrun passport"]
    story.given(opens("2", BUDI))
    assert eye() == []
    fresh = Eye(given(opens("1"), at("2026-11-23 15:50"), *[take("passport")] * 9),
                replace(LIMITS, wait=0, idle=0))  # fmt: skip
    assert fresh(5) == [], "no pace of today is known"


def test_a_counter_that_calls_nobody() -> None:
    """From when it was seen idle while its line waits; a call ends it, and it counts anew."""
    story = given(opens("1"), later(60), take("passport"))
    eye = Eye(story)
    assert eye() == []
    assert eye(2.9) == []
    (alarm,) = eye.alarms(0.1)
    assert (alarm.kind, alarm.about, story.number(alarm.ticket)) == ("idle", "1", "A-001")
    story.given(calls("1"), acts(c.StartService, "1"), take("passport"))
    assert eye() == []
    story.given(later(20), acts(c.FinishService, "1"))
    assert eye() == []
    assert eye(3) == ["idle 1"]


def test_called_and_not_started() -> None:
    """However often it is called again; starting it ends the alarm."""
    story = given(opens("1"), take("passport"), calls("1"))
    eye = Eye(story)
    story.given(later(2), acts(c.Recall, "1"))
    assert eye(1) == ["unstarted 1"]
    story.given(acts(c.StartService, "1"))
    assert eye(20) == []


def test_a_ticket_that_is_only_looked_at_was_not_called() -> None:
    """In two-step calling nobody is expected yet."""
    plan = replace(PLAN, policy=Policy(two_step=True))
    eye = Eye(given(opens("1"), take("passport"), calls("1"), plan=plan))
    assert eye(30) == []


def test_a_break_that_is_overdue() -> None:
    """At the end that was said; else after the setting."""
    story = given(opens("1"), opens("2", BUDI), pauses("2", BUDI))
    story.given(do(c.PauseCounter(counter="1", until=story.now + 10 * MINUTE, by=ANN)))
    eye = Eye(story)
    assert eye(9.9) == []
    assert eye(0.1) == ["break 1"]
    assert eye(20) == ["break 1", "break 2"]
    story.given(opens("1"), opens("2", BUDI))
    assert eye() == []


def test_what_is_asked_for_at_once() -> None:
    """The emergency button, and a closing that waits for a supervisor: the worst first."""
    plan = replace(PLAN, policy=Policy(closing_approval=True))
    story = given(opens("1"), opens("2", BUDI), closes("1"), plan=plan)
    story.given(do(c.RaiseAlarm(counter="2", by=BUDI)))
    eye = Eye(story)
    assert eye() == ["emergency 2", "closing 1"]
    chief = c.Actor("chief", steward=True)
    story.given(do(c.ClearAlarm(counter="2", by=chief)), do(c.DenyClosing(counter="1", by=chief)))
    assert eye() == []


def test_the_house() -> None:
    """A journal that can't be written, a disk nearly full, printers and their paper."""
    eye = Eye(given())
    assert eye(ready=False, short=True) == ["journal"]
    assert eye(short=True) == ["full"]
    printers = (Printer("a", low=True), Printer("b", "paper_out", 5, low=True), Printer("c"))
    assert eye(printers=printers) == ["printer b", "paper a"]


def test_a_panel_that_is_behind() -> None:
    """For some seconds it may be; a frame that was lost alarms nobody."""
    eye = Eye(given())
    since = eye.story.now
    panels = (Panel("bus", "mute", since),)
    assert eye(panels=panels) == []
    (alarm,) = eye.alarms(0.5, panels=panels)
    assert (alarm.kind, alarm.about, alarm.since, alarm.detail) == ("panel", "bus", since, "mute")


def test_a_screen_that_is_gone() -> None:
    """Only one that was there for some minutes counts; it is missed after the setting."""
    eye = Eye(given())
    assert eye(displays={"a": 2}) == []
    assert eye(1, displays={"a": 1}) == [], "somebody had a passing look"
    assert eye(10, displays={"a": 1}) == []
    assert eye(5, displays={}) == []
    assert eye(1.9, displays={}) == []
    (gone,) = eye.alarms(0.1, displays={})
    assert (gone.kind, gone.about, gone.count) == ("display", "a", 1)
    assert eye(displays={"a": 1}) == []


def test_a_screen_that_blinks_is_no_alarm() -> None:
    """A television that reloads is back before it is missed."""
    eye = Eye(given())
    eye(displays={"a": 1})
    eye(6, displays={"a": 1})
    for _ in range(20):
        assert eye(1, displays={}) == []
        assert eye(1, displays={"a": 1}) == []


def test_a_closed_hall_misses_no_screen() -> None:
    """They are switched off in the evening; the next day expects only what it sees."""
    eye = Eye(given())
    for minutes in (0, 6):
        eye(minutes, displays={"a": 1})
    assert eye(10 * 60, displays={}) == []
    assert eye.memory.zones == {}


def test_every_kind_can_be_switched_off() -> None:
    """A limit of 0 means never."""
    off = Limits(0, 0, 0, 0, 0, 0)
    story = given(
        opens("1"), opens("2", BUDI), take("passport"), take("permit"), calls("1"),
        pauses("2", BUDI),
    )  # fmt: skip
    eye = Eye(story, off)
    assert eye(displays={"a": 1}) == []
    assert eye(6, displays={"a": 1}) == []
    assert eye(300, displays={}) == []


def test_every_kind_has_its_words() -> None:
    """A headline and a remedy in both languages, without a gap."""
    assert list(ALARMS) != []
    assert set(ALARMS) == set(RANK)
    for kind in ALARMS:
        for language in ("id", "en"):
            said = told(kind, language, about="X", number="A-001", count=2, limit=30, remedy="Y.")
            assert all(said), kind
            assert not set("{}") & set("".join(said)), kind
            assert said[1].endswith(".")


def test_every_refusal_has_its_words() -> None:
    """In both languages, with a remedy."""
    for code in SENTENCES:
        for language in ("id", "en"):
            said = Refused(code, most=200).sentence(language)
            assert said.endswith(".")
            assert not set("{}") & set(said)


PRESSES = st.lists(
    st.sampled_from(["take", "call", "start", "finish", "open", "close", "look", "look", "wait"]),
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@everything(PRESSES, st.data())
def test_alarms_hold_whatever_happens(presses: list[str], data: st.DataObject) -> None:
    """Looking changes nothing and twice finds the same; no alarm is early; each is there once,
    in the order of the kinds; and while nothing happens alarms only come, none goes."""
    story = given(opens("1"))
    eye = Eye(story)
    for press in presses:
        _press(story, press, data)
        found = eye.alarms()
        assert eye.alarms() == found
        assert len({(one.kind, one.about) for one in found}) == len(found)
        assert [RANK[one.kind] for one in found] == sorted(RANK[one.kind] for one in found)
        for one in found:
            least = {
                "late": LIMITS.wait * 0.9, "idle": LIMITS.idle, "unserved": LIMITS.unserved,
                "unstarted": LIMITS.unstarted, "overrun": LIMITS.overrun,
            }[one.kind]  # fmt: skip
            assert story.now - one.since >= least, one
        lasting = {(one.kind, one.about) for one in eye.alarms(1)}
        unserved = [about for kind, about in lasting if kind == "unserved"]
        changed = {(kind, about) for about in unserved for kind in ("late", "overrun")}
        assert {(one.kind, one.about) for one in found} - changed <= lasting


def _press(story: Story, press: str, data: st.DataObject) -> None:
    hall = story.hall
    current = hall.tickets.get(hall.counters["1"].current)
    if press == "take":
        story.given(take(data.draw(st.sampled_from(["passport", "permit"]))))
    elif press == "wait":
        story.given(later(data.draw(st.integers(0, 20))))
    elif press == "open":
        story.given(opens("1"))
    elif press == "close" and current is None:
        story.given(closes("1"))
    elif press == "call" and current is None and hall.waiting("passport"):
        if hall.counters["1"].state == "open":
            story.given(calls("1"))
    elif press == "start" and current and current.status == "called":
        story.given(acts(c.StartService, "1"))
    elif press == "finish" and current and current.status == "serving":
        story.given(acts(c.FinishService, "1"))
