"""The questionnaire without JavaScript: phone, kiosk, tablet; once, in time, without names."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.survey.archive import Filter
from queue_server.survey.elements import CODES, QUESTIONNAIRE

from .hall import Running, running

ALL = Filter("2026-01-01", "2026-12-31")
GOOD = dict.fromkeys(CODES, "3")


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1", "2")
        yield hall


@pytest.fixture
async def browser(hall: Running) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"accept": "text/html", "accept-language": "id"}
    async with httpx2.AsyncClient(
        base_url=hall.url, headers=headers, trust_env=False, follow_redirects=True
    ) as client:
        yield client


async def served(hall: Running, counter: str = "1") -> Ticket:
    ticket = await hall.take()
    await hall.call(counter, ticket)
    await hall.act(c.StartService, counter)
    await hall.act(c.FinishService, counter)
    return hall.fresh(ticket)


async def ballots(hall: Running) -> int:
    return await hall.house.rooms.survey.waiting()


def hidden(page: str) -> dict[str, str]:
    """The form's fields so far."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)">', page))


async def test_the_phone_offers_and_takes_one_ballot(
    hall: Running, browser: httpx2.AsyncClient
) -> None:
    """After the visit, not before; all nine in the questionnaire's order; then thanks."""
    ticket = await hall.take()
    early = await browser.post(f"/survey/{ticket.token}", data=GOOD)
    assert early.status_code == 409
    assert "/survey/" not in (await browser.get(f"/t/{ticket.token}")).text
    await hall.call("1", ticket)
    await hall.act(c.StartService)
    await hall.act(c.FinishService)
    assert f'href="/survey/{ticket.token}' in (await browser.get(f"/t/{ticket.token}")).text
    page = (await browser.get(f"/survey/{ticket.token}")).text
    asked = list(dict.fromkeys(re.findall(r'type="radio" name="(\w+)"', page)))
    assert tuple(asked[:9]) == QUESTIONNAIRE
    assert asked[9:] == ["kelamin", "usia", "pendidikan", "pekerjaan"]
    thanks = await browser.post(f"/survey/{ticket.token}", data=GOOD | {"usia": "u60"})
    assert (thanks.status_code, await ballots(hall)) == (200, 1)
    assert "Terima kasih" in thanks.text
    again = await browser.post(f"/survey/{ticket.token}", data=GOOD)
    assert (again.status_code, await ballots(hall)) == (409, 1)
    assert "sudah dinilai" in again.text
    assert "sudah kami terima" in (await browser.get(f"/t/{ticket.token}")).text
    english = await browser.get(f"/survey/{(await served(hall)).token}?lang=en")
    assert "How fast was the service given?" in english.text
    assert (await browser.get("/survey/nobodys-token")).status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NIK saya 1801015508900001", "mirip NIK"),
        ("NIK 1801 0155 0890 0001 ya", "mirip NIK"),
        ("telepon 0812-3456-7890", "mirip nomor telepon"),
        ("WA +62 812 3456 789", "mirip nomor telepon"),
        ("surel budi@example.org", "alamat surel"),
    ],
)
async def test_texts_that_name_a_person_go_back(
    hall: Running, browser: httpx2.AsyncClient, text: str, said: str
) -> None:
    """With a friendly word, at the field; everything else stays as it was filled in."""
    ticket = await served(hall)
    fields = GOOD | {"complaint": text, "suggestion": "Tambah 20 kursi di zona A", "biaya": "4"}
    page = await browser.post(f"/survey/{ticket.token}", data=fields)
    assert (page.status_code, await ballots(hall)) == (422, 0)
    assert said in page.text
    assert 'aria-invalid="true"' in page.text
    assert "Tambah 20 kursi di zona A" in page.text
    assert re.search(r'name="biaya" value="4" checked', page.text)
    fine = await browser.post(f"/survey/{ticket.token}", data=fields | {"complaint": "Loket 12"})
    assert (fine.status_code, await ballots(hall)) == (200, 1)


async def test_an_empty_form_is_no_answer(hall: Running, browser: httpx2.AsyncClient) -> None:
    """One answer is enough; none, or values that no page offers, are sent back."""
    ticket = await served(hall)
    for fields in ({}, {"waktu": "5"}, {"waktu": "", "usia": "u60"}, {"oops": "1"}):
        assert (await browser.post(f"/survey/{ticket.token}", data=fields)).status_code == 422
    assert (await browser.post(f"/survey/{ticket.token}", data={"waktu": "1"})).status_code == 200
    assert await ballots(hall) == 1


async def test_one_code_from_everywhere_at_once(hall: Running, browser: httpx2.AsyncClient) -> None:
    """Phone, kiosk and tablet press send together: one ballot."""
    ticket = await served(hall)
    form = GOOD | {"code": hall.house.rooms.survey.code(ticket.id), "step": "9"}
    sends = [
        browser.post(path, data=form)
        for path in [f"/survey/{ticket.token}", "/kiosk/survey", "/survey/tablet/1"] * 3
    ]
    statuses = sorted(one.status_code for one in await asyncio.gather(*sends))
    assert statuses == [200, *[409] * 8]
    assert await ballots(hall) == 1


async def test_the_kiosk_asks_one_by_one(hall: Running, browser: httpx2.AsyncClient) -> None:
    """Code, nine screens, back and skip, about yourself, thanks: plain forms."""
    ticket = await served(hall)
    code = hall.house.rooms.survey.code(ticket.id)
    page = await browser.post("/kiosk/survey", data={"code": f"{code[:4]} {code[4:]}"})
    for at, element in enumerate(QUESTIONNAIRE):
        fields = hidden(page.text)
        assert fields["step"] == str(at)
        assert f'name="{element}" value="4"' in page.text
        page = await browser.post("/kiosk/survey", data=fields | {element: "4"})
    back = await browser.post("/kiosk/survey", data=hidden(page.text) | {"back": "1"})
    assert 'name="pengaduan" value="4" aria-pressed="true"' in back.text
    page = await browser.post("/kiosk/survey", data=hidden(back.text) | {"skip": "1"})
    fields = hidden(page.text)
    assert set(QUESTIONNAIRE) - set(fields) == {"pengaduan"}
    done = await browser.post("/kiosk/survey", data=fields | {"kelamin": "p"})
    assert (done.url.path, await ballots(hall)) == ("/kiosk/survey/thanks", 1)
    used = await browser.post("/kiosk/survey", data={"code": code})
    assert (used.status_code, "sudah dinilai" in used.text) == (409, True)


async def test_codes_run_out(hall: Running, browser: httpx2.AsyncClient) -> None:
    """After `code_minutes` a code is unknown; guessing is slowed down."""
    ticket = await served(hall)
    code = hall.house.rooms.survey.code(ticket.id)
    hall.clock.time += 61 * 60_000
    assert (await browser.post("/kiosk/survey", data={"code": code})).status_code == 422
    tries = [await browser.post("/kiosk/survey", data={"code": str(n)}) for n in range(12)]
    assert tries[-1].status_code == 429
    assert (await browser.get(f"/survey/{ticket.token}")).status_code == 200  # the phone has a day


async def test_a_tablet_offers_its_counters_last_visit(
    hall: Running, browser: httpx2.AsyncClient
) -> None:
    """Nothing to type: it starts with who was just served there, and with nobody else."""
    assert "Saya punya kode" in (await browser.get("/survey/tablet/1")).text
    assert (await browser.get("/survey/tablet/1/pulse")).text == ""
    ticket = await served(hall)
    code = hall.house.rooms.survey.code(ticket.id)
    assert (await browser.get("/survey/tablet/1/pulse")).text == code
    assert (await browser.get("/survey/tablet/2/pulse")).text == ""
    assert f"Nomor {ticket.number} sudah dilayani" in (await browser.get("/survey/tablet/1")).text
    form = GOOD | {"code": code, "step": "9", "suggestion": "Bagus"}
    done = await browser.post("/survey/tablet/1", data=form)
    assert (done.url.path, await ballots(hall)) == ("/survey/tablet/1/thanks", 1)
    assert (await browser.get("/survey/tablet/1/pulse")).text == ""
    assert (await browser.get("/survey/tablet/999")).status_code == 404


async def test_closed_kiosks_ask_for_a_token(tmp_path: Path) -> None:
    """With `kiosk.open = false` neither kiosk nor tablet asks strangers."""
    async with running(tmp_path, open=False) as hall:
        await hall.open("1")
        ticket = await served(hall)
        token = await hall.house.office.add_token("tablet", "kiosk")
        async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
            code = hall.house.rooms.survey.code(ticket.id)
            for path in ("/kiosk/survey", "/survey/tablet/1"):
                assert (await client.get(path)).status_code == 403
                assert (await client.post(path, data={"code": code})).status_code == 403
            assert (await client.get("/survey/tablet/1/pulse")).status_code == 403
            bearer = {"authorization": f"Bearer {token}"}
            seen = await client.get("/survey/tablet/1/pulse", headers=bearer)
            assert seen.text == code


async def test_an_answer_knows_the_visit_and_no_more(hall: Running) -> None:
    """Service, agency and counter of the visit, the date, a band of hours."""
    survey = hall.house.rooms.survey
    for _ in range(5):
        ticket = await served(hall, "2")
        async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
            await client.post(f"/survey/{ticket.token}", data=GOOD)
    (cell,) = await survey.cells(ALL)
    assert (cell.service, cell.counter, cell.month) == (ticket.service, "2", "2026-11")
    assert cell.agency == hall.house.catalogue.services[ticket.service].agency
    assert cell.tally.respondents == 5
