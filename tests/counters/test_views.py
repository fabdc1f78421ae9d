"""What a console, the choice of a counter and the supervisor's board show."""

from __future__ import annotations

from msgspec.structs import replace

from counters.chooser import chooser
from counters.destinations import transfer
from counters.floor import FOLDED, floor
from counters.line_sheet import LineSheet, line_sheet
from counters.states import state
from counters.views import ROWS, lasted
from queue_server.core import commands as c
from queue_server.core.policy import in_order
from queue_server.floor.alarms import Alarm
from queue_server.floor.day import Days, gather
from queue_server.floor.naming import Naming
from queue_server.oversight import Said

from ..core.story import (
    ANN,
    BUDI,
    CHIEF,
    MONDAY,
    Story,
    acts,
    at,
    calls,
    cancel,
    closes,
    given,
    later,
    opens,
    pauses,
    reinstate,
    replans,
    take,
)  # fmt: skip
from .kit import CATALOGUE, PLAN, shown

NAMES = {"ann": "Ann", "budi": "Budi", "chief": "Chief"}.__getitem__


def hall(*steps: object) -> Story:
    return given(*steps, plan=PLAN)  # type: ignore[arg-type]  # steps


def test_the_queue_is_shown_as_it_is_called() -> None:
    """Row by row the order of the policy, with the head that "next" takes named on the button."""
    story = hall(
        opens("2"), take("passport"), later(1), take("tax"), later(2), take("passport", "elder")
    )
    console = shown(story, "2")
    order = list(in_order(story.hall, story.hall.counters["2"]))
    assert [row.id for row in console.queue] == order
    assert console.primary.hint == console.queue[0].number == "A-002"
    assert [(row.minutes, row.priority) for row in console.queue] == [
        (0, "Lansia"), (3, ""), (2, ""),
    ]  # fmt: skip
    story.when(calls("2")).then("TicketCalled A-002 counter=2")


def test_a_long_queue_is_cut_and_counted() -> None:
    """Thirty rows are drawn, everybody is counted."""
    console = shown(hall(opens("1"), *[take("passport")] * 45))
    assert (len(console.queue), console.waiting, console.more) == (ROWS, 45, 15)


def test_the_ticket_at_the_counter_tells_its_times() -> None:
    """Waited until the first call; since the last call; since the start."""
    story = hall(
        take("passport"), later(7), opens("1"), calls("1"), later(1), acts(c.Recall, "1"), later(2),
        acts(c.StartService, "1"), later(3.5),
    )  # fmt: skip
    current = shown(story).current
    assert current is not None
    assert (current.waited, current.calls) == ("7:00", 2)
    assert (current.called.at, current.called.lasted) == ("09.08", "5:30")
    assert current.started.lasted == "3:30"


def test_both_languages() -> None:
    """Names come in the page's language, times as it writes them."""
    story = hall(take("passport", "elder"), opens("1"), calls("1"))
    console = shown(story, language="en")
    assert (console.name, console.since.at) == ("Loket 1 (en)", "09:00")
    assert console.current is not None
    assert console.current.person.service == "Layanan passport (en)"
    assert console.current.person.priority == "Lansia (en)"


def test_parked_and_missed_are_at_hand() -> None:
    """A counter may call back what it or a sibling parked, and bring back its last no-shows."""
    park = [acts(c.StartService, "1"), acts(c.ParkTicket, "1")]
    story = hall(
        opens("1"), opens("2", BUDI), *[take("passport")] * 3, calls("1"), *park, calls("1"),
        acts(c.MarkNoShow, "1"), later(1), cancel("A-003"),
    )  # fmt: skip
    mine, theirs = shown(story, "1"), shown(story, "2")
    assert [(row.number, row.elsewhere) for row in mine.parked] == [("A-001", "")]
    assert [(row.number, row.elsewhere) for row in theirs.parked] == [("A-001", "Loket 1")]
    assert [(row.number, row.status) for row in mine.gone] == [
        ("A-003", "cancelled"), ("A-002", "no_show"),
    ]  # fmt: skip
    assert [row.number for row in theirs.gone] == ["A-003"]
    story.given(reinstate("A-002"))
    assert [row.number for row in shown(story, "1").gone] == ["A-003"]


def test_rows_are_off_while_a_call_is_open() -> None:
    """Nobody else is called until the one who was called is settled; a row can be cancelled."""
    story = hall(opens("1"), take("passport"), take("passport"), calls("1"))
    call, drop, *_ = shown(story).rows
    assert (call.on, drop.on) == (False, True)
    story.given(acts(c.StartService, "1"))
    call, drop, *_ = shown(story).rows
    assert call.on
    assert call.after == story.id("A-001")


def test_the_days_tally() -> None:
    """Served today and the mean service time, at this counter alone."""
    served = [calls("1"), acts(c.StartService, "1"), later(4), acts(c.FinishService, "1")]
    story = hall(opens("1"), take("passport"), take("passport"), *served, *served, take("passport"))
    console = shown(story)
    assert (console.served, console.mean) == (2, "4:00")
    assert shown(story, "2").served == 0


def test_days_are_gathered_once_a_version() -> None:
    """However many consoles ask; a new version, or another hall, is gathered anew."""
    story, days = hall(opens("1")), Days()
    first = days.of(story.hall)
    assert days.of(story.hall) is first
    story.given(take("passport"))
    assert days.of(story.hall) is not first
    assert days.of(hall(opens("1")).hall) is not first


def test_state_for_programs() -> None:
    """CONTRACT: id, name, zone, services, state, current, queue, acts; no token leaves."""
    story = hall(opens("2"), take("passport"), take("tax"), calls("2"))
    found = state(story.hall, CATALOGUE, "2", story.now)
    assert (found.id, found.name, found.zone, found.state) == ("2", "Loket 2", "a", "open")
    assert found.services == ("passport", "tax")
    assert found.current is not None
    assert (found.current.number, found.current.status) == ("A-001", "called")
    assert found.current.called_at == "2026-11-23T09:00:00+07:00"
    assert [ticket.number for ticket in found.queue] == ["B-001"]
    assert set(found.acts) == {
        "recall",
        "start",
        "no_show",
        "return",
        "transfer",
        "cancel",
        "defer",
        "quick_serve",
        "plan",
        "help",
        "alarm",
        "undo",
    }
    assert "token" not in repr(found)


def test_the_choice_of_a_counter() -> None:
    """By zone; one's own first; one that is held says by whom and since when."""
    story = hall(opens("2"), opens("3", BUDI), later(5), take("tax"))
    choice = chooser(story.hall, CATALOGUE, ANN.id, NAMES, story.now, "id")
    assert [group.name for group in choice.groups] == ["Zona A", "Zona B"]
    assert [mine.id for mine in choice.mine] == ["2"]
    found = {one.id: one for group in choice.groups for one in group.choices}
    assert [found[id].holding for id in "123"] == ["free", "mine", "held"]
    assert (found["3"].holder, found["3"].since.at) == ("Budi", "09.00")
    assert found["2"].waiting == 1


def test_the_choice_is_searched_by_counter_service_and_agency() -> None:
    """Every word has to be found somewhere."""
    story = hall()

    def found(search: str) -> list[str]:
        choice = chooser(story.hall, CATALOGUE, "x", NAMES, story.now, "id", search)
        return [one.id for group in choice.groups for one in group.choices]

    assert found("IMIGRASI") == ["1", "2"]
    assert found("imigrasi bapenda") == ["2"]
    assert found("permit") == ["3"]
    assert found("loket 3") == ["3"]
    assert found("paspor hilang") == []


def test_the_floor() -> None:
    """Every open counter with what it does, every queue with its longest wait first."""
    story = hall(
        opens("1"), opens("3", BUDI), take("permit"), later(31), take("passport"), later(1),
        calls("1"), pauses("3", BUDI), take("tax"), later(2),
    )  # fmt: skip
    alarm = Alarm("late", "permit", MONDAY, count=1)
    late = Said(alarm, "Layanan permit: 1 menunggu", "Tambah loket.", "")
    board = floor(story.hall, CATALOGUE, gather(story.hall), NAMES, story.now, "id", (late,))
    assert (board.open, board.on_break, board.waiting, board.longest) == (1, 1, 2, 34)
    assert board.alarmed == 1
    ((warned,),) = [kind.shown for kind in board.alarms]
    assert (warned.level, warned.href, warned.since.lasted) == (
        "bad", "/supervisor/lines/permit", "34:00",
    )  # fmt: skip
    assert [(post.name, post.operator, post.number) for post in board.posts] == [
        ("Loket 1", "Ann", "A-001"), ("Loket 3", "Budi", ""),
    ]  # fmt: skip
    assert board.posts[0].moment.lasted == "2:00"
    assert [post.id for post in board.closed] == ["2"]
    assert [(q.name, q.waiting, q.minutes, q.long, q.counters) for q in board.queues] == [
        ("Layanan permit", 1, 34, True, 0), ("Layanan tax", 1, 2, False, 0),
    ]  # fmt: skip


def test_supervisors_see_why_a_service_gives_no_numbers() -> None:
    """On the board by a word, on the line's page in a sentence with its name; and when those who
    wait are expected to be served, which may be after closing."""
    story = hall(opens("1"), take("passport"), calls("1"), acts(c.StartService, "1"), later(20))
    story.given(acts(c.FinishService, "1"), *[take("passport")] * 3)

    def sheet() -> LineSheet:
        naming = Naming(CATALOGUE, NAMES, "id")
        return line_sheet(story.hall, CATALOGUE, naming, "passport", story.now)

    assert (sheet().ends, sheet().over, sheet().stopped) == ("10.26", False, "")
    limited = replace(story.hall.plan.services["passport"], quota=1)
    hours = replace(story.hall.plan.hours, exceptions={"2026-11-23": ((480, 600),)}, always=False)
    services = {**story.hall.plan.services, "passport": limited}
    story.given(replans(replace(story.hall.plan, services=services, hours=hours)))
    assert sheet().over
    assert sheet().stopped.startswith("Kuota 1 nomor untuk layanan Layanan passport sudah habis;")
    board = floor(story.hall, CATALOGUE, gather(story.hall), NAMES, story.now, "id")
    assert [(q.line, q.shut) for q in board.queues] == [("passport", "quota_used")]
    story.given(at("2026-11-23 10:00"))
    assert sheet().stopped == "", "the hall's own door says it then"


def test_alarms_alike_are_folded() -> None:
    """Three of a kind stand openly; but nobody who waits for an answer is hidden."""
    story = hall()
    late = [Said(Alarm("late", f"s{i}"), "h", "r", "") for i in range(30)]
    asked = [Said(Alarm("closing", f"{i}"), "h", "r", "") for i in range(5)]
    board = floor(
        story.hall, CATALOGUE, gather(story.hall), NAMES, story.now, "id", (*asked, *late)
    )
    counted = [(len(kind.shown), len(kind.rest), kind.more) for kind in board.alarms]
    assert counted == [(5, 0, 0), (3, FOLDED, 27)]
    assert board.alarmed == 35


def test_the_floor_knows_counters_own_lines() -> None:
    """Who was sent to one counter waits for that counter."""
    send = acts(c.TransferTicket, "1", to_counter="3")
    story = hall(opens("1"), take("passport"), calls("1"), send, opens("3", BUDI))
    board = floor(story.hall, CATALOGUE, gather(story.hall), NAMES, story.now, "id")
    assert [(queue.name, queue.waiting, queue.counters) for queue in board.queues] == [
        ("Loket 3", 1, 1)
    ]
    assert [row.number for row in shown(story, "3").queue] == ["A-001"]


def test_where_a_ticket_can_be_sent() -> None:
    """Services, other counters, agencies, colleagues; whether anybody is there to take it."""
    story = hall(opens("1"), opens("3", BUDI), take("passport"), take("permit"), calls("1"))
    form = transfer(story.hall, CATALOGUE, NAMES, "1", "id")
    assert form is not None
    assert form.number == "A-001"
    assert [place.value for place in form.counters] == ["counter:2", "counter:3"]
    services = {place.value: place for place in form.services}
    assert (services["service:permit"].waiting, services["service:permit"].open) == (1, True)
    assert not services["service:tax"].open
    agencies = {place.value: place.open for place in form.agencies}
    assert agencies == {"agency:imigrasi": True, "agency:bapenda": True}
    assert [(one.value, one.name, one.detail) for one in form.operators] == [
        ("operator:budi", "Budi", "Loket 3")
    ]
    assert transfer(story.hall, CATALOGUE, NAMES, "3", "id") is None


def test_a_released_counter_is_free_again() -> None:
    """A steward closes it; the ticket that was there waits again, in its place."""
    story = hall(opens("1"), take("passport"), calls("1"), closes("1", CHIEF))
    console = shown(story)
    assert (console.state, console.operator, console.current) == ("closed", "", None)
    assert [row.number for row in console.queue] == ["A-001"]
    assert console.turns == ()


def test_lengths_of_time() -> None:
    """As a clock counts them."""
    assert [lasted(ms) for ms in (-5, 0, 59_999, 60_000, 3_729_000)] == [
        "0:00", "0:00", "0:59", "1:00", "1:02:09",
    ]  # fmt: skip
