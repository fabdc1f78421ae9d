"""The citizens' pages over HTTP, on a real desk and journal: what happens without JavaScript."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from queue_server.core import commands as c
from queue_server.order import Unavailable

from ..core.story import clock
from .hall import CATALOGUE, SERVICE, Running, running

KEY = "a-key-of-one-form-0001"
PAGE = {"accept": "text/html"}
BUDGET = 30_000
"""Bytes, compressed, of the phone's first view."""


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


def client(hall: Running, **headers: str) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=hall.url, trust_env=False, headers=PAGE | headers)


def form(key: str = KEY, service: str = SERVICE, **more: str) -> dict[str, str]:
    return {"service": service, "key": key, **more}


# The kiosk ----------------------------------------------------------------------------------


async def test_a_form_has_a_key_in_its_address(hall: Running) -> None:
    """So that "back" and a reload find the same form, and with it the same ticket."""
    async with client(hall) as web:
        first = await web.get(f"/kiosk/services/{SERVICE}")
        assert first.status_code == 303
        address = first.headers["location"]
        key = re.search(r"key=([\w-]{22})$", address)
        assert key
        page = await web.get(address)
        assert f'name="key" value="{key[1]}"' in page.text
        assert "Berusia 17 tahun atau sudah kawin" in page.text


async def test_a_form_sent_often_is_one_ticket(hall: Running) -> None:
    """A double tap, a lost answer, a reload: the same key is the same number."""
    async with client(hall) as web:
        answers = await asyncio.gather(
            *(web.post("/kiosk/tickets", data=form()) for _ in range(10))
        )
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.headers["location"] for answer in answers}) == 1
        again = await web.post("/kiosk/tickets", data=form(service="paspor", priority="lansia"))
        assert again.headers["location"] == answers[0].headers["location"]
        assert len(hall.hall.tickets) == 1
        shown = await web.get(again.headers["location"])
        assert "A-001" in shown.text
        assert "<svg" in shown.text
        form_again = await web.get(f"/kiosk/services/{SERVICE}?key={KEY}")
        assert again.headers["location"] in form_again.text
        assert 'id="take"' not in form_again.text


async def test_fifty_kiosks_at_once_get_fifty_numbers(hall: Running) -> None:
    """Different and consecutive."""
    async with client(hall) as web:
        await asyncio.gather(
            *(web.post("/kiosk/tickets", data=form(f"kiosk-number-{n:03}-key")) for n in range(50))
        )
    assert sorted(ticket.number for ticket in hall.hall.tickets.values()) == [
        f"A-{n:03}" for n in range(1, 51)
    ]


async def test_class_and_language_travel_with_the_ticket(hall: Running) -> None:
    """And the language with the visit."""
    async with client(hall) as web:
        answer = await web.post(
            "/kiosk/tickets", data=form(priority="lansia", lang="en", large="1")
        )
    assert answer.headers["location"].endswith("?lang=en&large=1")
    ticket = next(iter(hall.hall.tickets.values()))
    assert (ticket.priority, ticket.language) == ("lansia", "en")


async def test_a_closed_hall_gives_information_but_no_numbers(hall: Running) -> None:
    """Saturday: says why and until when; a form left open is refused with the reason."""
    hall.clock.time = clock("2026-11-28 10:00")
    async with client(hall) as web:
        page = (await web.get(f"/kiosk/services/{SERVICE}?key={KEY}")).text
        assert "Hari ini tidak ada layanan" in page
        assert "Senin, 30 November, pukul 08.00" in page
        assert "Yang perlu dibawa" in page
        assert 'id="take-number"' not in page
        refused = await web.post("/kiosk/tickets", data=form())
    assert refused.status_code == 409
    assert "sedang tutup" in refused.text
    assert 'name="key"' not in refused.text
    assert not hall.hall.tickets


async def test_what_passes_can_be_tried_again_with_the_same_key(
    hall: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: its own sentence, and the form once more, for the same one ticket."""

    async def full(*_: object, **__: object) -> None:
        raise Unavailable("journal_full", 30)

    async with client(hall) as web:
        with monkeypatch.context() as patch:
            patch.setattr(hall.desk, "submit", full, raising=False)
            answer = await web.post("/kiosk/tickets", data=form(priority="lansia"))
        assert answer.status_code == 503
        assert "Penyimpanan penuh" in answer.text
        assert f'name="key" value="{KEY}"' in answer.text
        assert 'name="priority" value="lansia"' in answer.text
        await web.post("/kiosk/tickets", data=form(priority="lansia"))
    assert len(hall.hall.tickets) == 1


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/kiosk/agencies/of-yesterday", "/kiosk"),
        ("/kiosk/services/of-yesterday", "/kiosk"),
        ("/kiosk/tickets/of-yesterday-1234", "/kiosk"),
        ("/kiosk/tickets?lang=en", "/kiosk?lang=en"),
    ],
)
async def test_what_is_no_more_leads_to_the_start(hall: Running, path: str, to: str) -> None:
    """A kiosk never stands on an error page."""
    async with client(hall) as web:
        answer = await web.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, to)


async def test_a_form_without_a_key_gets_one(hall: Running) -> None:
    """Nothing is taken by a post that couldn't be repeated."""
    async with client(hall) as web:
        answer = await web.post("/kiosk/tickets", data={"service": SERVICE, "key": "short"})
    assert answer.headers["location"] == f"/kiosk/services/{SERVICE}"
    assert not hall.hall.tickets


async def test_an_unknown_class_is_refused(hall: Running) -> None:
    """With the rules' own sentence."""
    async with client(hall) as web:
        answer = await web.post("/kiosk/tickets", data=form(priority="king"))
    assert answer.status_code == 409
    assert "king" in answer.text


async def test_the_pulse_changes_with_the_door(hall: Running) -> None:
    """A kiosk left standing learns that the hall has closed."""
    async with client(hall) as web:
        before = (await web.get("/kiosk/pulse")).text
        assert (await web.get("/kiosk/pulse")).text == before
        assert before in (await web.get("/kiosk")).text
        hall.clock.time = clock("2026-11-24 15:31")
        assert (await web.get("/kiosk/pulse")).text != before


async def test_a_registered_kiosk_needs_its_role(tmp_path: Path) -> None:
    """`kiosk.open = false`: a kiosk's token may, an integration's may not, nobody is told how."""
    async with running(tmp_path, open=False) as hall:
        kiosk = await hall.house.office.add_token("hall 1", "kiosk")
        other = await hall.house.office.add_token("panel", "integration")
        async with client(hall) as web:
            closed = await web.get("/kiosk")
            assert closed.status_code == 403
            assert "belum didaftarkan" in closed.text
            assert (await web.post("/kiosk/tickets", data=form())).status_code == 403
        async with client(hall, authorization=f"Bearer {other}") as web:
            assert (await web.get("/kiosk")).status_code == 403
        async with client(hall, authorization=f"Bearer {kiosk}") as web:
            assert (await web.get("/kiosk")).status_code == 200
            assert (await web.post("/kiosk/tickets", data=form())).status_code == 303
        assert len(hall.hall.tickets) == 1


# The phone ----------------------------------------------------------------------------------


async def test_the_phone_page_needs_no_script(hall: Running) -> None:
    """State in words, a link to reload, forms to leave and to let others pass."""
    await hall.open("1")
    ticket = await hall.take()
    async with client(hall) as web:
        page = (await web.get(f"/t/{ticket.token}")).text
    assert "http-equiv" not in page  # a page that moves by itself is read by nobody
    assert f'<noscript><a href="/t/{ticket.token}">Muat ulang</a></noscript>' in page
    assert 'data-status="waiting"' in page
    assert f'action="/t/{ticket.token}/cancellations"' in page
    assert f'action="/t/{ticket.token}/postponements"' in page
    assert "Yang perlu dibawa" in page


async def test_the_phone_speaks_the_tickets_language(hall: Running) -> None:
    """Until its holder asks for another."""
    english = await hall.take(language="en")
    async with client(hall) as web:
        assert '<html lang="en"' in (await web.get(f"/t/{english.token}")).text
        assert '<html lang="id"' in (await web.get(f"/t/{english.token}?lang=id")).text


async def test_the_state_is_small_and_true(hall: Running) -> None:
    """What a phone asks for when its line doesn't know it any more."""
    await hall.open("1")
    first, second = await hall.take(), await hall.take()
    await hall.call("1", first)
    async with client(hall) as web:
        called = (await web.get(f"/t/{first.token}/state")).json()
        waits = await web.get(f"/t/{second.token}/state")
    assert (called["status"], called["counter_name"], called["ahead"]) == (
        "called",
        "Loket 1",
        None,
    )
    assert called["call"] == hall.fresh(first).call
    assert (waits.json()["position"], waits.json()["ahead"]) == (1, 0)
    assert len(waits.content) < 500


async def test_leaving_the_queue_works_without_script(hall: Running) -> None:
    """Once, and a second time as if it were the first."""
    ticket = await hall.take()
    address = f"/t/{ticket.token}"
    async with client(hall) as web:
        for _ in range(2):
            answer = await web.post(f"{address}/cancellations?lang=en")
            assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?lang=en")
        assert hall.fresh(ticket).status == "cancelled"
        assert 'data-status="cancelled"' in (await web.get(address)).text


async def test_who_is_being_served_cannot_leave(hall: Running) -> None:
    """A sentence that says why, and the way back."""
    await hall.open("1")
    ticket = await hall.take()
    await hall.call("1")
    await hall.act(c.StartService)
    async with client(hall) as web:
        answer = await web.post(f"/t/{ticket.token}/cancellations")
        assert answer.status_code == 409
        assert "A-001 berstatus dilayani" in answer.text
        assert f'href="/t/{ticket.token}"' in answer.text
        back = await web.get(f"/t/{ticket.token}/cancellations")
    assert back.headers["location"] == f"/t/{ticket.token}"


async def test_another_site_cannot_cancel(hall: Running) -> None:
    """A page elsewhere that posts here changes nothing."""
    ticket = await hall.take()
    async with client(hall, origin="https://elsewhere.example") as web:
        answer = await web.post(f"/t/{ticket.token}/cancellations")
    assert answer.status_code == 403
    assert hall.fresh(ticket).status == "waiting"


async def test_an_unknown_token_is_told_kindly(hall: Running) -> None:
    """A page, not a stack trace; a problem for the script."""
    async with client(hall) as web:
        page = await web.get("/t/of-yesterday")
        assert page.status_code == 404
        assert "pindai sekali lagi" in page.text or "Scan" in page.text or "scan" in page.text
        state = await web.get("/t/of-yesterday/state", headers={"accept": "application/json"})
        assert (state.status_code, state.json()["code"]) == (404, "not_found")
        assert (await web.post("/t/of-yesterday/cancellations")).status_code == 404


async def test_the_phones_first_view_is_small(hall: Running) -> None:
    """Page, styles and scripts together, as sent; no font is fetched."""
    longest = max(CATALOGUE.services.values(), key=lambda one: sum(map(len, one.requirements)))
    ticket = await hall.take(longest.id)
    async with client(hall, **{"accept-encoding": "gzip"}) as web:
        page = await web.get(f"/t/{ticket.token}")
        files = re.findall(r'(?:href|src)="(/static/[^"]+(?:css|js))"', page.text)
        parts = [page.text, *[(await web.get(file)).text for file in files]]
    sizes = [len(gzip.compress(part.encode(), 6)) for part in parts]
    assert len(files) == 4
    assert "url(" not in "".join(parts)
    assert sum(sizes) < BUDGET, sizes
    print(f"phone, first view: {sum(sizes)} bytes compressed {sizes}")


# Information --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "path", ["/", "/services", "/services?q=ktp+hilng", "/services?q=zzzz", f"/services/{SERVICE}"]
)
async def test_information_is_readable(hall: Running, path: str, language: str) -> None:
    """Every page in both languages, with its words in it: a script only keeps it present."""
    async with client(hall, **{"accept-language": language}) as web:
        page = await web.get(path)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    inline = re.findall(r"<script(?![^>]* src=)([^>]*)>", page.text)
    assert set(inline) <= {' type="application/ld+json"'}
    assert "<h1" in page.text


async def test_every_service_has_its_page(hall: Running) -> None:
    """All 260, in both languages, without an undefined word."""
    async with client(hall) as web:
        for service in CATALOGUE.services:
            for language in ("id", "en"):
                assert (await web.get(f"/services/{service}?lang={language}")).status_code == 200
        assert (await web.get("/services/nothing")).status_code == 404


async def test_what_is_not_published_is_said_so(hall: Running) -> None:
    """`known = false` is no empty field."""
    unknown = next(one for one in CATALOGUE.services.values() if not one.cost.known)
    async with client(hall, **{"accept-language": "id"}) as web:
        page = (await web.get(f"/services/{unknown.id}")).text
        kiosk = (await web.get(f"/kiosk/services/{unknown.id}?key={KEY}")).text
    for text in (page, kiosk):
        assert "Belum dipublikasikan; tanyakan petugas" in text
