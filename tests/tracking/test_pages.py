"""The citizen's side, by forms alone: from the counter to the document in hand."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from queue_server import app
from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.order import Unavailable
from queue_server.tracking import codes
from queue_server.tracking.intake import intake
from queue_server.tracking.model import Change, Filter
from queue_server.tracking.room import Tracking
from queue_server.tracking.states import State
from queue_server.web.identity import Identity, actor

from .. import hall as halls
from ..counters.kit import Place, place
from ..counters.test_routes import Colleague, colleague

HTML = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
DAY_MINUTES = 24 * 60


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


@pytest.fixture
async def citizen(hall: Place) -> httpx2.AsyncClient:
    client = await hall.running.client()
    client.headers.update(HTML)
    return client


def room(hall: Place) -> Tracking:
    return hall.house.rooms.tracking


async def serving(hall: Place, by: Identity, service: str = "") -> Ticket:
    """Somebody is being served at counter 5."""
    ticket = await hall.take(service)
    after = hall.hall.counters["5"].current
    await hall.does(c.CallNext(counter="5", after=after, ticket=ticket.id, by=actor(by)))
    await hall.does(c.StartService(counter="5", ticket=ticket.id, by=actor(by)))
    return ticket


async def registered(hall: Place, state: State = "diajukan", file: str = "503/9") -> str:
    """An application for what counter 5 gives."""
    new = intake(hall.house.catalogue, hall.services[0], file=file)
    code = (await room(hall).register(new, "t1")).application.code
    if state != "diajukan":
        await room(hall).move(Change(code, state, note="alasan yang jelas"), "u77")
    return code


async def state(hall: Place, code: str) -> str:
    dossier = await room(hall).find(code)
    assert dossier is not None
    return dossier.application.state


async def finish(ann: Colleague, ticket: Ticket, **more: Any) -> httpx2.Response:
    return await ann.post("/counters/5/applications", ticket=ticket.id, nonce="n1", **more)


async def test_finish_and_register_is_one_act(hall: Place, citizen: httpx2.AsyncClient) -> None:
    """Pressed twenty times: one application, a finished ticket; its page and the next day's."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    ticket = await serving(hall, ann.identity)
    answers = await asyncio.gather(*(finish(ann, ticket) for _ in range(20)))
    assert {one.status_code for one in answers} == {204}
    assert hall.hall.tickets[ticket.id].status == "served"
    (application,) = await room(hall).listing.some(Filter(), 9)
    assert (application.service, application.ticket) == (ticket.service, ticket.token)
    console = (await ann.get("/counters/5")).text
    assert application.code in console
    assert application.code in (await citizen.get(f"/t/{ticket.token}")).text
    hall.clock.forward(DAY_MINUTES)
    await hall.take()  # another day
    gone = await citizen.get(f"/t/{ticket.token}")
    assert gone.headers["location"] == f"/tracking/{application.code}"
    page = await citizen.get(gone.headers["location"])
    assert page.status_code == 200
    assert (await citizen.get("/t/nobody")).status_code == 404


async def test_what_can_not_be_finished_is_not_registered(hall: Place) -> None:
    """A stale ticket, one only called, somebody else's counter: nothing is left behind."""
    ann, budi = await colleague(hall), await colleague(hall, "budi")
    await hall.opened(ann.identity)
    ticket = await hall.take()
    await hall.does(c.CallNext(counter="5", after=0, ticket=ticket.id, by=actor(ann.identity)))
    assert (await finish(ann, ticket)).status_code == 409
    await hall.does(c.StartService(counter="5", ticket=ticket.id, by=actor(ann.identity)))
    assert (await finish(budi, ticket)).status_code == 409
    assert (await ann.post("/counters/5/applications", ticket=99)).status_code == 409
    assert await room(hall).listing.count(Filter()) == 0
    assert (await finish(ann, ticket, script=False)).status_code == 303


async def test_an_unsaved_application_leaves_the_ticket_open(
    hall: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, and the next press with the same key does both."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    ticket = await serving(hall, ann.identity)

    async def full(*_: object, **__: object) -> None:
        raise Unavailable("storage_unavailable")

    with monkeypatch.context() as broken:
        broken.setattr(Tracking, "register", full)
        assert (await finish(ann, ticket)).status_code == 503
    assert hall.hall.tickets[ticket.id].status == "serving"
    assert (await finish(ann, ticket)).status_code == 204
    assert await room(hall).listing.count(Filter()) == 1


async def test_the_code_is_asked_for_kindly(hall: Place, citizen: httpx2.AsyncClient) -> None:
    """Typed somehow it leads to the one address; a slip says so; nothing is indexed."""
    code = await registered(hall)
    typed = code.lower().replace("-", " ").replace("0", "o")
    answer = await citizen.get("/tracking", params={"code": typed})
    assert answer.headers["location"] == f"/tracking/{code}"
    answer = await citizen.get(f"/tracking/{code.replace('-', '')}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tracking/{code}")
    page = await citizen.get(f"/tracking/{code}")
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    for path in (f"/tracking/{wrong}", f"/tracking?code={wrong}", "/tracking/x"):
        answer = await citizen.get(path)
        assert answer.status_code == 404
        assert "salah ketik" in answer.text
    assert (await citizen.get("/tracking")).status_code == 200
    part = await citizen.get(f"/tracking/{code}?part=1")
    assert part.text.lstrip().startswith("<header")


async def test_nobody_is_named(hall: Place, citizen: httpx2.AsyncClient) -> None:
    """Neither staff nor file number nor visit; the reason is there, in both languages."""
    ann = await colleague(hall, "Sari Wulandari")
    await hall.opened(ann.identity)
    ticket = await serving(hall, ann.identity)
    await finish(ann, ticket)
    (application,) = await room(hall).listing.some(Filter(), 1)
    await room(hall).set_file(application.code, "RAHASIA-1")
    change = Change(application.code, "perlu_perbaikan", "", ("KTP-el asli",), "buram")
    await room(hall).move(change, ann.identity.id)
    for language, said in (("id", "Perlu perbaikan"), ("en", "Needs correction")):
        page = (await citizen.get(f"/tracking/{application.code}?lang={language}")).text
        assert said in page
        assert "buram" in page
        for secret in ("Sari", ann.identity.id + " ", "RAHASIA", ticket.token, ticket.number):
            assert secret not in page


async def test_guessing_is_hopeless(hall: Place, citizen: httpx2.AsyncClient) -> None:
    """Well-formed codes that are not there: twenty, then 429; who has a code is not hindered
    before; slips of the finger cost nothing."""
    code = await registered(hall)
    for _ in range(30):
        assert (await citizen.get(f"/tracking/{code}")).status_code == 200
        assert (await citizen.get("/tracking/AAAA-AAAA-AAAB")).status_code == 404
    statuses = [(await citizen.get(f"/tracking/{codes.new_code()}")).status_code for _ in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    refused = await citizen.get(f"/tracking/{codes.new_code()}")
    assert int(refused.headers["retry-after"]) > 0


SAYS: dict[State, str] = {
    "diajukan": "menunggu diperiksa", "diverifikasi": "sedang mengerjakan",
    "perlu_perbaikan": "Waktu proses berhenti", "disetujui": "sedang disiapkan",
    "siap_diambil": "Ambil nomor pengambilan", "diserahkan": "sudah diserahkan",
    "ditolak": "alasan yang jelas", "dibatalkan": "Permohonan ini dibatalkan",
}  # fmt: skip


async def test_every_state_says_what_to_do(hall: Place, citizen: httpx2.AsyncClient) -> None:
    """One sentence for each; a form only where a document waits."""
    for now, said in SAYS.items():
        page = (await citizen.get(f"/tracking/{await registered(hall, now, '')}")).text
        assert said in page
        assert ("<form" in page.split("<main")[1]) == (now == "siap_diambil")


async def test_a_document_is_fetched_with_one_number(
    hall: Place, citizen: httpx2.AsyncClient
) -> None:
    """Asked for by ten at once: one remote ticket, which waits for its holder; the operator sees
    what to look for; served, the document is handed over, by whom is on record."""
    code = await registered(hall, "siap_diambil")
    path = f"/tracking/{code}/tickets"
    answers = await asyncio.gather(*(citizen.post(path) for _ in range(10)))
    places = {one.headers["location"] for one in answers}
    assert {one.status_code for one in answers} == {303}
    assert len(places) == 1
    token = re.sub(r"\?.*", "", places.pop().removeprefix("/t/"))
    ticket = hall.hall.ticket_by_token(token)
    assert ticket is not None
    assert (ticket.remote, ticket.channel) == (True, "phone")
    assert f"/t/{token}" in (await citizen.get(f"/tracking/{code}")).text
    assert code in (await citizen.get(f"/t/{token}")).text
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    call = c.CallNext(counter="5", after=0, ticket=ticket.id, by=actor(ann.identity))
    with pytest.raises(Refusal, match="not_here"):
        await hall.does(call)
    kiosk = await colleague(hall, "kios", "kiosk")
    assert (await kiosk.post(path, script=False)).status_code == 303  # it stands in the hall
    await hall.does(call)
    console = (await ann.get("/counters/5")).text
    assert code in console
    assert "503/9" in console
    await hall.does(c.StartService(counter="5", ticket=ticket.id, by=actor(ann.identity)))
    assert (await finish(ann, ticket)).status_code == 204  # the form of a page made before
    async with asyncio.timeout(5):
        while await state(hall, code) != "diserahkan":  # noqa: ASYNC110 - it hangs behind the Desk
            await asyncio.sleep(0.01)
    dossier = await room(hall).find(code)
    assert dossier is not None
    assert dossier.steps[-1].by == ann.identity.id
    assert (await citizen.post(path)).status_code == 409
    assert await room(hall).listing.count(Filter()) == 1


async def test_the_kiosk_reads_the_code(hall: Place, citizen: httpx2.AsyncClient) -> None:
    """Scanned off the page or typed: a number that can be called; not ready yet, why not; a
    number taken at home is the same one, and its holder is here."""
    code = await registered(hall, "siap_diambil")
    home = await citizen.post(f"/tracking/{code}/tickets")
    for typed in (f"{hall.url}/tracking/{code}", code.lower().replace("-", " ")):
        answer = await citizen.post("/kiosk/check-in", data={"code": typed})
        assert answer.status_code == 303
        token = answer.headers["location"].removeprefix("/kiosk/tickets/").partition("?")[0]
        assert home.headers["location"].startswith(f"/t/{token}")
        ticket = hall.hall.ticket_by_token(token)
        assert ticket is not None
        assert not ticket.remote
        assert "Dokumen Anda siap" in (await citizen.get(answer.headers["location"])).text
    early = await registered(hall, file="")
    answer = await citizen.post("/kiosk/check-in", data={"code": early})
    assert answer.status_code == 409
    assert "Dokumen belum siap diambil" in answer.text
    answer = await citizen.post("/kiosk/check-in", data={"code": codes.new_code()})
    assert answer.status_code == 409


async def test_a_hand_over_survives_a_crash_and_a_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Served, but the process ended before the application knew; found at the next start."""

    async def lost(*_: object) -> None:
        raise Unavailable("storage_unavailable")

    with monkeypatch.context() as broken:
        broken.setattr(Tracking, "hand_over", lost)
        async with place(tmp_path) as hall:
            done = await registered(hall, "siap_diambil")
            other = await registered(hall, "siap_diambil", "")
            client = await hall.running.client()
            tickets = []
            for code in (done, other):
                answer = await client.post(f"/tracking/{code}/tickets", headers=HTML)
                token = answer.headers["location"].removeprefix("/t/").partition("?")[0]
                ticket = hall.hall.ticket_by_token(token)
                assert ticket is not None
                await hall.does(c.ConfirmPresence(ticket=ticket.id))
                tickets.append(ticket)
            ann = await colleague(hall)
            await hall.opened(ann.identity)
            by = actor(ann.identity)
            await hall.does(c.CallNext(counter="5", after=0, ticket=tickets[0].id, by=by))
            await hall.does(c.StartService(counter="5", ticket=tickets[0].id, by=by))
            await hall.does(c.FinishService(counter="5", ticket=tickets[0].id, by=by))
            later = hall.clock
            assert await state(hall, done) == "siap_diambil"
    later.forward(DAY_MINUTES)
    folder = halls.Folder(tmp_path)
    with folder.hold():
        opened = app.open_house(halls.config(), folder, halls.ROOT, clock=later, url="http://x")
        async with opened as house:
            tracking = house.rooms.tracking
            found = [await tracking.find(code) for code in (done, other)]
            states = [one.application.state for one in found if one]
            assert states == ["diserahkan", "siap_diambil"]
            assert tracking.pickups.of(tickets[0].token) is None
            assert tracking.pickups.of(tickets[1].token) is None  # yesterday's is settled


async def test_webhooks_are_told(tmp_path: Path) -> None:
    """Each step reaches the notifier's outbox, once."""
    secret = "whsec_" + "A" * 43 + "="
    variables = {
        "ANTREAN_WEBHOOKS__DINAS__URL": "http://127.0.0.1:9/hook",
        "ANTREAN_WEBHOOKS__DINAS__KINDS": '["application.*"]',
        "ANTREAN_WEBHOOKS__DINAS__SECRET": secret,
    }
    async with place(tmp_path, **variables) as hall:
        await registered(hall, "diproses")
        async with asyncio.timeout(5):
            while len(found := queued(tmp_path)) < 3:  # noqa: ASYNC110 - told behind the answer
                await asyncio.sleep(0.02)
        assert found == ["application.registered", "application.updated", "application.updated"]


def queued(folder: Path) -> list[str]:
    """The kinds in the notifier's file."""
    with contextlib.closing(sqlite3.connect(folder / "notify.db")) as db:
        return [row[0] for row in db.execute("SELECT kind FROM messages ORDER BY seq")]
