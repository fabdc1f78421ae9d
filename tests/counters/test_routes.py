"""The counters' pages and forms over real HTTP, with and without a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import websockets

from counters.deeds import MAKE
from counters.topic import may_watch
from queue_server.core import commands as c
from queue_server.web.identity import Identity, Role, actor

from .. import hall as halls
from .kit import Place, place

PAGE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
SCRIPT = {"Accept": "application/problem+json", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


class Colleague:
    """Somebody signed in, with a browser or a script."""

    def __init__(self, identity: Identity, client: httpx2.AsyncClient) -> None:
        self.identity, self.client = identity, client

    async def get(self, path: str, **more: object) -> httpx2.Response:
        return await self.client.get(path, headers={**PAGE, **more})  # type: ignore[dict-item]

    async def post(self, path: str, script: bool = True, **fields: object) -> httpx2.Response:
        headers = SCRIPT if script else PAGE
        return await self.client.post(path, data=fields, headers=headers)


async def colleague(hall: Place, name: str = "ann", role: Role = "operator") -> Colleague:
    """By token: passwords take their time on purpose, and the browsers' tests use them."""
    secret = await hall.house.office.add_token(name, role)
    identity = hall.house.office.bearer(secret)
    assert identity is not None
    client = await hall.running.client()
    client.headers["Authorization"] = f"Bearer {secret}"
    return Colleague(identity, client)


async def test_nobody_and_others_are_kept_out(hall: Place) -> None:
    """A person is sent to sign in and comes back; a script is told; a kiosk is refused."""
    nobody = await hall.running.client()
    answer = await nobody.get("/counters/5", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/counters/5"
    answer = await nobody.post("/counters/5/calls", headers=SCRIPT, data={"after": "0"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    kiosk = await colleague(hall, "kiosk", "kiosk")
    assert (await kiosk.get("/counters")).status_code == 403
    ann = await colleague(hall)
    assert (await ann.get("/supervisor")).status_code == 403


async def test_a_whole_turn_by_script(hall: Place) -> None:
    """Open, call, recall, start, finish and call: each answered 204 with its version."""
    ann, (one, two) = await colleague(hall), await hall.queue(2)
    for path, fields in (
        ("openings", {}), ("calls", {"after": 0}), ("recalls", {"ticket": one.id}),
        ("starts", {"ticket": one.id}), ("calls", {"after": one.id}),
    ):  # fmt: skip
        answer = await ann.post(f"/counters/5/{path}", **fields)
        assert (answer.status_code, answer.text) == (204, ""), path
        assert answer.headers["antrean-version"] == str(hall.hall.version)
    assert hall.current() == hall.hall.tickets[two.id]
    assert hall.hall.tickets[one.id].status == "served"


async def test_every_act_has_its_form(hall: Place) -> None:
    """Each path leads to its rule, which carries it out or refuses it."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    (waiting,) = await hall.queue(1)
    for path in MAKE:
        answer = await ann.post(f"/counters/5/{path}", ticket=waiting.id, after=9)
        assert answer.status_code in (204, 409, 422), path


async def test_the_same_nonce_is_the_same_act(hall: Place) -> None:
    """A double click without a script, or an answer that was lost: one call, one recall."""
    ann, tickets = await colleague(hall), await hall.queue(3)
    await hall.opened(ann.identity)
    for _ in range(3):
        answer = await ann.post("/counters/5/calls", script=False, after=0, nonce="n1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/counters/5")
    for _ in range(3):
        await ann.post("/counters/5/recalls", ticket=tickets[0].id, nonce="n1")
    assert [ticket.id for ticket in hall.called()] == [tickets[0].id]
    assert hall.hall.tickets[tickets[0].id].calls == 2


async def test_another_nonce_is_stopped_by_what_was_seen(hall: Place) -> None:
    """Two browsers on one counter: the second one's call is stale, in both forms and languages."""
    ann, _ = await colleague(hall), await hall.queue(3)
    await hall.opened(ann.identity)
    await ann.post("/counters/5/calls", after=0, nonce="n1")
    answer = await ann.post("/counters/5/calls", after=0, nonce="n2")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert "Layar Anda belum mutakhir" in answer.json()["detail"]
    answer = await ann.post("/counters/5/calls?lang=en", script=False, after=0, nonce="n3")
    assert answer.status_code == 409
    assert "Your screen was out of date" in answer.text
    assert len(hall.called()) == 1


async def test_dangerous_acts_are_confirmed_on_a_page_without_a_script(hall: Place) -> None:
    """No-show, cancel, close, reinstate and a call out of order: asked once more, then done."""
    ann, tickets = await colleague(hall), await hall.queue(3)
    await hall.opened(ann.identity)
    asked = {"ticket": tickets[2].id, "after": 0, "nonce": "n1"}
    answer = await ann.post("/counters/5/calls", script=False, **asked)
    assert answer.status_code == 200
    assert tickets[2].number in answer.text
    assert hall.current() is None
    await ann.post("/counters/5/calls", script=False, sure=1, **asked)
    assert hall.current() == hall.hall.tickets[tickets[2].id]
    answer = await ann.post("/counters/5/no-shows", script=False, ticket=tickets[2].id)
    assert answer.status_code == 200
    assert hall.hall.tickets[tickets[2].id].status == "called"


async def test_a_transfer_without_a_script(hall: Place) -> None:
    """A page of its own chooses where to; to a service's line, or to one counter."""
    ann, (one, two) = await colleague(hall), await hall.queue(2)
    await hall.opened(ann.identity)
    await ann.post("/counters/5/calls", after=0)
    page = await ann.get("/counters/5/transfers")
    assert page.status_code == 200
    assert f'value="service:{hall.services[1]}"' in page.text
    await ann.post("/counters/5/transfers", ticket=one.id, to=f"service:{hall.services[1]}")
    assert hall.hall.tickets[one.id].line == hall.services[1]
    await ann.post("/counters/5/calls", after=0, ticket=two.id)
    await ann.post("/counters/5/transfers", ticket=two.id, to="counter:7")
    assert hall.hall.tickets[two.id].line == "@7"
    answer = await ann.post("/counters/5/transfers", ticket=two.id, to="counter:7")
    assert answer.json()["code"] == "stale"


async def test_a_colleagues_counter_is_refused_with_a_reason(hall: Place) -> None:
    """403 with who holds it and since when; none of its forms work; a supervisor may look."""
    ann, budi = await colleague(hall), await colleague(hall, "budi")
    await hall.opened(budi.identity)
    (ticket,) = await hall.queue(1)
    page = await ann.get("/counters/5")
    assert page.status_code == 403
    assert "<b>budi</b>" in page.text
    assert "09.00" in page.text
    assert (await ann.get("/counters/5?part=1", Accept="text/plain")).status_code == 403
    for path, code in (
        ("calls", "not_your_counter"), ("openings", "counter_held"),
        ("cancellations", "not_your_counter"), ("closings", "not_your_counter"),
    ):  # fmt: skip
        answer = await ann.post(f"/counters/5/{path}", ticket=ticket.id)
        assert answer.json()["code"] == code
    chief = await colleague(hall, "chief", "supervisor")
    page = await chief.get("/counters/5")
    assert page.status_code == 200
    assert "budi" in page.text


async def test_an_operator_settles_only_his_counters_tickets(hall: Place) -> None:
    """Whoever waits for other services can't be cancelled or reinstated from here."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    other = next(s for s in hall.hall.plan.services if "5" not in hall.hall.givers[s])
    ticket = await hall.take(other)
    answer = await ann.post("/counters/5/cancellations", ticket=ticket.id)
    assert answer.json()["code"] == "not_served_here"
    answer = await ann.post("/counters/5/cancellations", ticket=999_999)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_ticket")


async def test_a_supervisor_releases_a_counter(hall: Place) -> None:
    """From the choice and from the board, asked twice; the ticket there waits again."""
    budi = await colleague(hall, "budi")
    chief = await colleague(hall, "chief", "supervisor")
    await hall.opened(budi.identity)
    (ticket,) = await hall.queue(1)
    await budi.post("/counters/5/calls", after=0)
    form = {"back": "/supervisor", "nonce": "n1"}
    assert (await chief.post("/counters/5/closings", script=False, **form)).status_code == 200
    answer = await chief.post("/counters/5/closings", script=False, sure=1, **form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/supervisor")
    assert hall.hall.counters["5"].state == "closed"
    assert hall.hall.tickets[ticket.id].status == "waiting"


async def test_a_refused_choice_shows_the_choice_again(hall: Place) -> None:
    """Who holds one counter can't open a second: the page says so, with 409."""
    ann = await colleague(hall)
    await hall.opened(ann.identity, "7")
    answer = await ann.post("/counters/5/openings", script=False, back="/counters")
    assert answer.status_code == 409
    assert "Anda sedang memegang Loket 7" in answer.text
    assert "Lanjutkan Loket 7" in answer.text


async def test_what_is_no_form_is_refused(hall: Place) -> None:
    """Unknown fields, numbers that are none, counters and pages that are not there."""
    ann = await colleague(hall)
    for fields in ({"ticket": "x"}, {"ticket": -1}, {"ticket": "²"}, {"nonce": "n" * 65}, {"a": 1}):
        answer = await ann.post("/counters/5/recalls", **fields)
        assert answer.status_code == 422, fields
    answer = await ann.post("/counters/none/calls", after=0)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_counter")
    assert (await ann.get("/counters/none")).status_code == 404
    answer = await ann.post("/counters/5/openings", script=False, back="http://evil.example")
    assert answer.headers["location"] == "/counters/5"


async def test_forms_of_other_sites_are_refused(hall: Place) -> None:
    """A session's cookie is worth nothing on another site's page."""
    identity, secret = await hall.staff("ann")
    await hall.opened(identity)
    await hall.queue(1)
    client = await hall.running.client()
    client.cookies.set("session", secret)
    elsewhere = {**SCRIPT, "Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}
    answer = await client.post("/counters/5/calls", headers=elsewhere, data={"after": "0"})
    assert (answer.status_code, hall.current()) == (403, None)
    answer = await client.post("/counters/5/calls", headers=SCRIPT, data={"after": "0"})
    assert answer.status_code == 204


async def test_who_may_watch_what(hall: Place) -> None:
    """A console's topic is its holder's and the stewards'; the floor is the stewards'."""
    ann, budi = await colleague(hall), await colleague(hall, "budi")
    chief = await colleague(hall, "chief", "supervisor")
    await hall.opened(budi.identity)

    def allowed(who: Colleague, topic: str) -> bool:
        return may_watch(hall.house, who.identity, topic)

    for topic in ("counter:5", "counter:5.en"):
        assert [allowed(who, topic) for who in (ann, budi, chief)] == [False, True, True]
    assert [allowed(who, "floor:hall") for who in (ann, budi, chief)] == [False, False, True]
    assert allowed(ann, "counter:6")
    assert not allowed(chief, "counter:none")


async def test_the_live_topic_follows_the_counter(hall: Place) -> None:
    """CONTRACT's state for programs; the page's own part as html, in the page's language."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    secret = await hall.house.office.add_token("watcher", "supervisor")
    address = f"{hall.url.replace('http', 'ws', 1)}/live?topic=counter:5.en&as=html"
    headers = {"Authorization": f"Bearer {secret}"}
    async with websockets.connect(address, additional_headers=headers, proxy=None) as socket:
        assert (await halls.frame(socket))["state"]["queue"] == []
        (ticket,) = await hall.queue(1)
        frame = await halls.frame(socket)
        assert [row["number"] for row in frame["state"]["queue"]] == [ticket.number]
        assert frame["state"]["acts"] == ["call", "break", "close", "quick_serve", "help", "alarm"]
        part = await ann.get("/counters/5?part=1&lang=en")
        assert frame["html"] == part.text
        by = actor(ann.identity)
        await hall.does(c.CallNext(counter="5", after=0, by=by))
        assert (await halls.frame(socket))["state"]["current"]["id"] == ticket.id
