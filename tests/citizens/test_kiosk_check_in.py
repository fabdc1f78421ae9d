"""Codes at the kiosk: what each leads to, whoever sends it, and however often."""

from __future__ import annotations

import string
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens import kiosk_check_in
from citizens.kiosk_check_in import Answer, Asked, Ready, Scan, scan_of
from queue_server.core import commands as c
from queue_server.core.refusals import Refusal
from queue_server.tracking.intake import intake
from queue_server.tracking.model import Change

from .hall import CATALOGUE, CHIEF, SERVICE, Running, running

TOKENS = st.text(string.ascii_letters + string.digits + "-_", min_size=4, max_size=60)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1")
        yield hall


@pytest.fixture
async def web(hall: Running) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        yield client


async def scan(web: httpx2.AsyncClient, code: str, **more: str) -> httpx2.Response:
    return await web.post("/kiosk/check-in", data={"code": code, **more})


@given(TOKENS, st.sampled_from(("t", "booking", "tracking")), st.sampled_from(("http", "HTTPS")))
def test_an_address_and_its_bare_code_are_read(token: str, place: str, scheme: str) -> None:
    """Whatever name the hall is reached by, with what a scanner adds around it."""
    assert scan_of(f" {scheme}://antrean.example:8000/{place}/{token}?lang=en\r\n") == Scan(
        place, token
    )
    assert scan_of(token) == Scan("", token)


@given(st.text(max_size=400))
def test_whatever_is_scanned_is_a_code_or_nothing(text: str) -> None:
    """Never an error, and never more than a code's signs."""
    found = scan_of(text)
    assert found is None or kiosk_check_in.CODE.fullmatch(found.code)


@pytest.mark.parametrize("text", ["", "a", "http://", "https://[::1", "<b>x</b>", "a" * 101])
def test_what_is_no_code(text: str) -> None:
    assert scan_of(text) is None


async def test_presence_is_confirmed_once(hall: Running, web: httpx2.AsyncClient) -> None:
    """A remote ticket can be called after its holder's first scan; the second changes nothing."""
    ticket = await hall.take(remote=True)
    for came in ("present", "here"):
        answer = await scan(web, f"https://x.example/t/{ticket.token}", lang="en")
        assert answer.headers["location"] == f"/kiosk/tickets/{ticket.token}?lang=en&came={came}"
    assert not hall.fresh(ticket).remote
    assert (await hall.call("1")).id == ticket.id
    page = await web.get(f"/kiosk/tickets/{ticket.token}?came=here")
    assert "Anda sedang dipanggil. Silakan menuju Loket 1 sekarang." in page.text


async def test_a_scanner_that_turns_capitals_is_understood(
    hall: Running, web: httpx2.AsyncClient
) -> None:
    """A caps lock at the scanner's keyboard turns every letter."""
    ticket = await hall.take()
    answer = await scan(web, f"https://x.example/t/{ticket.token}".swapcase())
    assert answer.headers["location"].startswith(f"/kiosk/tickets/{ticket.token}")


async def test_a_pending_ticket_waits_again(hall: Running, web: httpx2.AsyncClient) -> None:
    """Back with the papers: its arrival is kept, by the kiosk's own hand in the journal."""
    ticket = await hall.take()
    await hall.call("1")
    await hall.act(c.StartService)
    await hall.do(c.DeferTicket(counter="1", ticket=ticket.id, missing=(0,), by=CHIEF))
    answer = await scan(web, ticket.token)
    assert answer.headers["location"].endswith("came=resumed")
    assert (hall.fresh(ticket).status, hall.fresh(ticket).joined) == ("waiting", ticket.joined)


async def test_a_missed_ticket_is_taken_up_when_asked(
    hall: Running, web: httpx2.AsyncClient
) -> None:
    """First the reason, then the end of the line; too late, only a new number is offered."""
    ticket = await hall.take()
    await hall.call("1")
    await hall.act(c.MarkNoShow)
    told = await scan(web, ticket.token)
    assert told.status_code == 409
    assert "A-001 sudah dipanggil dan terlewat" in told.text
    assert 'id="again"' in told.text
    assert hall.fresh(ticket).status == "no_show"
    hall.clock.time += hall.hall.plan.policy.rejoin + 1
    late = await scan(web, ticket.token, again="1")
    assert (late.status_code, hall.fresh(ticket).status) == (409, "no_show")
    assert 'id="again"' not in (await scan(web, ticket.token)).text
    hall.clock.time -= hall.hall.plan.policy.rejoin + 1
    assert (await scan(web, ticket.token, again="1")).status_code == 303
    assert hall.fresh(ticket).status == "waiting"


async def test_a_served_number_leads_to_a_new_one(hall: Running, web: httpx2.AsyncClient) -> None:
    """In one touch."""
    ticket = await hall.take()
    await hall.call("1")
    await hall.act(c.StartService)
    await hall.act(c.FinishService)
    answer = await scan(web, ticket.token, contrast="1")
    assert answer.status_code == 409
    assert f'href="/kiosk/services/{SERVICE}?contrast=1"' in answer.text


async def test_a_finished_document_is_fetched(hall: Running, web: httpx2.AsyncClient) -> None:
    """Its tracking code, typed as people do, is one number, however often; before, its state."""
    tracking = hall.house.rooms.tracking
    new = intake(CATALOGUE, SERVICE)
    code = (await tracking.register(new, "u1")).application.code
    unfinished = await scan(web, code.lower().replace("-", " "))
    assert unfinished.status_code == 409
    assert "Dokumen belum siap diambil: status permohonan diajukan." in unfinished.text
    await tracking.move(Change(code, "siap_diambil", note="dokumen sudah dicetak"), "u1")
    found = [await scan(web, text) for text in (code, f"https://x.example/tracking/{code}")]
    assert found[0].headers["location"] == found[1].headers["location"]
    page = await web.get(found[0].headers["location"])
    assert "Dokumen Anda siap. Dengan nomor ini Anda dipanggil" in page.text
    [ticket] = hall.hall.tickets.values()
    assert (ticket.remote, ticket.channel) == (False, "kiosk")


async def test_guessing_is_slowed(hall: Running, web: httpx2.AsyncClient) -> None:
    """After twenty unknown codes even a right one has to wait; it cost nothing before."""
    ticket = await hall.take()
    for _ in range(25):
        assert (await scan(web, ticket.token)).status_code == 303
    for attempt in range(20):
        assert "tidak dikenal" in (await scan(web, f"guess-{attempt}")).text
    assert "Terlalu banyak" in (await scan(web, ticket.token)).text


async def test_another_kind_of_code_is_one_line_in_the_table(
    hall: Running, web: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver answers with a ticket or raises a refusal, which is shown in the language."""
    ticket = await hall.take()

    async def bookings(asked: Asked) -> Answer | None:
        if asked.scan == Scan("booking", "early-bird"):
            raise Refusal("hall_closed", opens="2026-11-25 08:00")
        return Ready(ticket.token, "booked") if asked.scan.code == "booked" else None

    table = (*kiosk_check_in.RESOLVERS, bookings)
    monkeypatch.setattr(kiosk_check_in, "RESOLVERS", table)
    assert (await scan(web, "booked")).headers["location"].endswith("came=booked")
    early = await scan(web, "https://x.example/booking/early-bird", lang="en")
    assert early.status_code == 409
    assert "Wednesday, 25 November, at 08:00" in early.text
    assert '<html lang="en"' in early.text
