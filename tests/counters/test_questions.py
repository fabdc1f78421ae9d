"""What an act asks first: the forms, with a script and without, and what becomes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from counters.questions import MAKE, Question, question
from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.core.plan import MINUTE
from queue_server.web.identity import actor

from .. import hall as halls
from ..core.story import Story, acts, calls, given, opens, take
from .kit import CATALOGUE, PLAN, Place, place
from .test_routes import Colleague, colleague


def hall_of(*steps: object) -> Story:
    return given(*steps, plan=PLAN)  # type: ignore[arg-type]  # steps


def asked(story: Story, path: str, counter: str = "1") -> Question:
    found = question(story.hall, CATALOGUE, path, counter, story.now, "id")
    assert found is not None
    return found


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def served(hall: Place, count: int = 1) -> tuple[Colleague, list[Ticket]]:
    """Somebody at counter 5 who is being served."""
    ann, tickets = await colleague(hall), await hall.queue(count)
    await hall.opened(ann.identity)
    by = actor(ann.identity)
    await hall.does(c.CallNext(counter="5", after=0, ticket=tickets[0].id, by=by))
    await hall.does(c.StartService(counter="5", ticket=tickets[0].id, by=by))
    return ann, tickets


def test_a_break_asks_why_and_until_when() -> None:
    """The catalogue's reasons by digit, "none" by 0; so many minutes from now."""
    form = asked(hall_of(opens("1")), "breaks")
    reasons, times = form.groups
    assert [(one.value, one.key) for one in reasons.options] == [("", "0"), ("rapat", "1")]
    assert [one.minutes for one in times.options] == [0, 5, 10, 15, 30, 60]
    assert times.options[1].at == "09.05"


def test_services_that_wait_are_offered_in_the_order_of_the_queue() -> None:
    """With how many, and whom it would call."""
    story = hall_of(opens("2"), take("tax"), take("passport"), take("tax"))
    (services,) = asked(story, "calls", "2").groups
    assert services.sends
    assert [(one.value, one.detail, one.waiting) for one in services.options] == [
        ("tax", "B-001", 2), ("passport", "A-001", 1),
    ]  # fmt: skip
    assert asked(hall_of(opens("2")), "calls", "2").groups == ()


def test_quantities_start_with_what_he_came_for() -> None:
    """Its own service once, the counter's others not at all."""
    story = hall_of(opens("2"), take("tax"), calls("2"), acts(c.StartService, "2"))
    form = asked(story, "finishes", "2")
    assert [(one.field, one.value) for one in form.amounts] == [
        ("deliver-tax", 1), ("deliver-passport", 0),
    ]  # fmt: skip
    assert not form.ends


@pytest.mark.parametrize("path", ["parks", "finishes", "notes"])
def test_forms_about_a_ticket_need_one(path: str) -> None:
    """Nobody there: nothing to ask."""
    story = hall_of(opens("1"))
    assert question(story.hall, CATALOGUE, path, "1", story.now, "id") is None


async def test_every_form_is_a_part_and_a_page(hall: Place) -> None:
    """The dialog's content, and without a script a page of its own; a stranger gets neither."""
    ann, _ = await served(hall, 2)
    budi = await colleague(hall, "budi")
    for path in (*MAKE, "reasons", "keys"):
        part = await ann.get(f"/counters/5/{path}", part="1")
        page = await ann.get(f"/counters/5/{path}")
        assert (part.status_code, page.status_code) == (200, 200), path
        assert "<!doctype html>" in page.text
        stranger = await budi.get(f"/counters/5/{path}", Accept="application/problem+json")
        assert stranger.status_code == 409, path


async def test_finished_with_what_was_delivered(hall: Place) -> None:
    """Quantities become the ticket's; nothing at all, or what is no number, is refused."""
    ann, (ticket,) = await served(hall)
    own, other = hall.services[:2]
    for text in ("-1", "x", "1000", "1.5"):
        answer = await ann.post(
            "/counters/5/finishes", ticket=ticket.id, **{f"deliver-{own}": text}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_quantity"), text
    fields = {"ticket": ticket.id, f"deliver-{own}": "0", f"deliver-{other}": "0"}
    assert (await ann.post("/counters/5/finishes", **fields)).json()["code"] == "bad_quantity"
    answer = await ann.post("/counters/5/finishes", script=False, **fields)
    assert answer.status_code == 422
    assert "<!doctype html>" in answer.text
    fields |= {f"deliver-{own}": "2", f"deliver-{other}": "1", "sure": 1}
    assert (await ann.post("/counters/5/finishes", **fields)).status_code == 204
    assert hall.hall.tickets[ticket.id].delivered == ((own, 2), (other, 1))


async def test_called_by_service(hall: Place) -> None:
    """The first of that service, whoever else stands before it."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    tickets = await hall.queue(3)
    fields = {"after": 0, "service": tickets[2].service, "sure": 1}
    assert (await ann.post("/counters/5/calls", **fields)).status_code == 204
    assert hall.current() == hall.hall.tickets[tickets[2].id]


async def test_served_without_a_queue_once(hall: Place) -> None:
    """A number for the record, never called; the same press again makes no second."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    for _ in range(2):
        fields = {"service": hall.services[1], "nonce": "n"}
        assert (await ann.post("/counters/5/quick-serves", **fields)).status_code == 204
    (ticket,) = hall.hall.tickets.values()
    assert (ticket.status, ticket.calls, ticket.channel) == ("served", 0, "counter")
    fields = {"service": hall.services[1], "quantity": 3}
    assert (await ann.post("/counters/5/quick-serves", **fields)).status_code == 204
    assert list(hall.hall.tickets.values())[-1].delivered == ((hall.services[1], 3),)
    refused = await ann.post("/counters/5/quick-serves", service=hall.services[1], quantity=0)
    assert refused.status_code == 422


async def test_sent_on_in_every_way(hall: Place) -> None:
    """To an agency, to a colleague, finished first, behind those who wait there."""
    ann, tickets = await served(hall, 2)
    budi = await colleague(hall, "budi")
    await hall.opened(budi.identity, "7")
    one, two = tickets
    hall.clock.forward(3)
    fields = {"ticket": one.id, "to": f"operator:{budi.identity.id}", "finished": 1, "afresh": 1}
    fields |= {f"deliver-{one.service}": 2}
    answer = await ann.post("/counters/5/transfers", script=False, sure=1, **fields)
    assert answer.status_code == 303
    now = hall.hall.tickets[one.id]
    assert (now.line, now.joined) == (f"~{budi.identity.id}", hall.clock.now())
    assert now.delivered == ((one.service, 2),)
    await ann.post("/counters/5/calls", after=0)
    agency = hall.hall.plan.services[two.service].agency
    await ann.post("/counters/5/transfers", ticket=two.id, to=f"agency:{agency}")
    assert hall.hall.tickets[two.id].line == f"+{agency}"
    console = await budi.get("/counters/7")
    assert "untuk Anda" in console.text


async def test_break_close_park_with_reasons(hall: Place) -> None:
    """Without a script too; a reason that is none is refused on the page."""
    ann, (ticket,) = await served(hall)
    answer = await ann.post("/counters/5/parks", script=False, ticket=ticket.id, reason="none-such")
    assert answer.status_code == 422
    assert "Alasan none-such tidak ada" in answer.text
    await ann.post("/counters/5/parks", script=False, ticket=ticket.id, reason="fotokopi")
    assert hall.hall.tickets[ticket.id].reason == "fotokopi"
    until = hall.clock.now() + 10 * MINUTE
    await ann.post("/counters/5/breaks", script=False, reason="rapat", until=until)
    counter = hall.hall.counters["5"]
    assert (counter.state, counter.reason, counter.until) == ("break", "rapat", until)
    fields = {"reason": "selesai", "until": until, "sure": 1}
    assert (await ann.post("/counters/5/closings", script=False, **fields)).status_code == 303
    counter = hall.hall.counters["5"]
    assert (counter.state, counter.reopens_for) == ("closed", ann.identity.id)
    assert "Buka sendiri pukul" in (await ann.get("/counters/5")).text


async def test_an_act_is_taken_back_without_a_script(hall: Place) -> None:
    """The button stands there while it works, and says what it takes back."""
    ann, (ticket,) = await served(hall)
    await ann.post("/counters/5/returns", ticket=ticket.id)
    page = (await ann.get("/counters/5")).text
    assert "dikembalikan" in page.split('id="undo"')[1]
    assert (await ann.post("/counters/5/undos", script=False, nonce="n")).status_code == 303
    assert hall.hall.tickets[ticket.id].status == "serving"
    hall.clock.forward(1)
    assert 'id="undo"' not in (await ann.get("/counters/5")).text
    assert (await ann.post("/counters/5/undos")).json()["code"] == "nothing_to_undo"


async def test_an_emergency_is_cleared_by_a_neighbour(hall: Place) -> None:
    """From his own console, asked twice."""
    ann, budi = await colleague(hall), await colleague(hall, "budi")
    await hall.opened(ann.identity)
    await hall.opened(budi.identity, "7")
    assert (await budi.post("/counters/7/alarms", nonce="n")).status_code == 204
    page = (await ann.get("/counters/5")).text
    assert "DARURAT" in page
    assert "budi" in page.split('class="alarm"')[1]
    answer = await ann.post("/counters/5/alarm-clearances", script=False, to="7")
    assert answer.status_code == 200
    assert 'name="to" value="7"' in answer.text
    answer = await ann.post("/counters/5/alarm-clearances", script=False, to="7", sure=1)
    assert answer.headers["location"] == "/counters/5"
    assert not hall.hall.counters["7"].alarm


async def test_a_helper_is_announced_on_the_boards_alone(hall: Place) -> None:
    """Boards get whom to show and what to say, in both languages; a phone's line hears nothing."""
    ann, (ticket,) = await colleague(hall), await hall.queue(1)
    await hall.opened(ann.identity)
    topics = ("zone:hall", f"line:{ticket.line}")
    async with halls.listening(hall.url, *topics) as socket:
        for _ in topics:
            await halls.frame(socket)
        answer = await ann.post("/counters/5/helpers", to="interpreter", nonce="n")
        assert answer.status_code == 204
        frame = await halls.frame(socket)
    (call,) = frame["calls"]
    assert frame["topic"] == "zone:hall"
    assert (call["ticket"], call["number"], call["counter"]) == (0, "", "5")
    assert call["helper"] == {"id": "Penerjemah", "en": "Interpreter"}
    assert call["text"]["id"] == "Penerjemah, silakan menuju Loket 5"
    assert call["text"]["en"] == "Interpreter, please go to Counter 5"
    line = hall.house.hub.source.calls(f"line:{ticket.line}", 0)
    assert list(line) == []


async def test_the_order_is_explained(hall: Place) -> None:
    """Whoever is chosen against the head, and each with the one before; nobody is no error."""
    ann, (one, two, three) = await colleague(hall), await hall.queue(3)
    await hall.opened(ann.identity)
    page = (await ann.get(f"/counters/5/reasons?ticket={three.id}")).text
    chosen = page.split('class="chosen-why"')[1].split("</div>")[0]
    assert one.number in chosen
    assert f"{one.number} datang lebih dahulu" in chosen
    assert f"{one.number} datang lebih dahulu" in page
    assert f"{two.number} datang lebih dahulu" in page
    for asked in ("", "x", str(one.id), "999999"):
        answer = await ann.get(f"/counters/5/reasons?ticket={asked}")
        assert answer.status_code == 200
        if asked != "999999":
            assert "chosen-why" not in answer.text
