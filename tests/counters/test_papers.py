"""Papers are missing: from the form at the counter to the citizen's page and back into the line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from citizens.pending import pending
from counters.papers import HOUR, papers
from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.core.plan import Hours
from queue_server.web.identity import actor

from ..core.story import MONDAY, clock
from .kit import CATALOGUE, Place, place
from .test_routes import Colleague, colleague


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def served(hall: Place) -> tuple[Colleague, Ticket]:
    """Somebody at counter 5 whose papers are looked at."""
    ann, (ticket,) = await colleague(hall), await hall.queue(1)
    await hall.opened(ann.identity)
    by = actor(ann.identity)
    await hall.does(c.CallNext(counter="5", after=0, by=by))
    await hall.does(c.StartService(counter="5", ticket=ticket.id, by=by))
    return ann, ticket


async def test_a_citizen_is_sent_for_papers_and_comes_back(hall: Place) -> None:
    """Ticked boxes become what the phone asks for; back in the line, the arrival is the old one."""
    ann, ticket = await served(hall)
    form = (await ann.get("/counters/5/deferrals", part="1")).text
    required = hall.house.catalogue.services[ticket.service].requirements
    assert all(line in form for line in required)
    fields = {"ticket": ticket.id, "missing-1": "1", "missing-0": "1", "until": 0, "nonce": "n"}
    for _ in range(2):  # the answer of the first was lost
        answer = await ann.post("/counters/5/deferrals", **fields)
        assert answer.status_code == 204, answer.text
    now = hall.hall.tickets[ticket.id]
    assert (now.status, now.missing) == ("pending", (0, 1))
    phone = await (await hall.running.client()).get(f"/t/{ticket.token}")
    for line in required[:2]:
        assert f"<span>{line}</span>" in phone.text.split('id="missing"')[1]
    console = (await ann.get("/counters/5?part=1")).text
    assert f'id="resume-{ticket.id}"' in console
    answer = await ann.post("/counters/5/resumptions", ticket=ticket.id)
    assert answer.status_code == 204
    back = hall.hall.tickets[ticket.id]
    assert (back.status, back.joined) == ("waiting", ticket.joined)


async def test_the_form_is_a_page_without_a_script(hall: Place) -> None:
    """And its answer leads back to the console."""
    ann, ticket = await served(hall)
    page = await ann.get("/counters/5/deferrals")
    assert "<!doctype html>" in page.text
    fields = {"ticket": ticket.id, "missing-0": "1", "until": 0, "nonce": "n"}
    answer = await ann.post("/counters/5/deferrals", script=False, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/counters/5")
    assert hall.hall.tickets[ticket.id].status == "pending"


async def test_what_cannot_be_is_refused(hall: Place) -> None:
    """Nobody there, an end in the past, a box that is none, another's pending ticket."""
    ann, ticket = await served(hall)
    past = hall.clock.now() - 1
    answer = await ann.post("/counters/5/deferrals", ticket=ticket.id, until=past)
    assert (answer.status_code, answer.json()["code"]) == (409, "until_past")
    answer = await ann.post("/counters/5/deferrals", ticket=ticket.id, **{"missing-x": "1"})
    assert answer.status_code == 422
    await ann.post("/counters/5/deferrals", ticket=ticket.id)
    ben = await colleague(hall, "ben")
    await hall.opened(ben.identity, "12")
    answer = await ben.post("/counters/12/resumptions", ticket=ticket.id)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_served_here")
    answer = await ann.get("/counters/5/deferrals", Accept="application/problem+json")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


async def test_an_unticked_form_is_told_aloud(hall: Place) -> None:
    """No box, no list: the page says that the staff named it; a dropped requirement is left out."""
    ann, ticket = await served(hall)
    await ann.post("/counters/5/deferrals", ticket=ticket.id)
    phone = await (await hall.running.client()).get(f"/t/{ticket.token}")
    assert "Berkas yang disebutkan petugas." in phone.text
    now = hall.hall.tickets[ticket.id]
    assert pending(hall.hall, CATALOGUE, now, "id", MONDAY).missing == ()


@pytest.mark.parametrize(
    ("time", "offered"),
    [
        ("2026-11-23 09:10", ["15.30", "11.00", "12.00", "13.00"]),
        ("2026-11-23 13:59", ["15.30", "15.00"]),
        ("2026-11-23 14:30", ["15.30"]),
        ("2026-11-23 15:30", [""]),
    ],
)
async def test_the_right_of_return_ends_within_the_day(
    hall: Place, time: str, offered: list[str]
) -> None:
    """Until closing, or a whole hour at least one hour off; never after closing."""
    await served(hall)
    hours = Hours(week=(((480, 930),),) * 7)
    hall.hall.plan = type(hall.hall.plan)(
        **{name: getattr(hall.hall.plan, name) for name in hall.hall.plan.__struct_fields__}
        | {"hours": hours}
    )
    form = papers(hall.hall, hall.house.catalogue, "5", clock(time), "id")
    assert form is not None
    assert [until.at for until in form.untils] == offered
    assert all(until.ms % HOUR == 0 for until in form.untils)
