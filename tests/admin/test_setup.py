"""First run: an empty hall, taken by who has the code alone, set up to a spoken call."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.catalogue import Catalogue, Document, Text
from queue_server.catalogue.checking import faults
from queue_server.process import _first_password
from queue_server.setting_up import MOST_COUNTERS, MOST_SERVICES, Simple, renamed, slug, with_agency
from tests.hall import Running, config, running

PASSWORD = "kuda laut ungu tujuh"
EMPTY = Document(Text("Mal", "Hall"), zones=(), agencies=(), services=(), counters=())


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    settings = config(ANTREAN_HALL__CATALOGUE='""', ANTREAN_HOURS__ALWAYS="true")
    async with running(tmp_path / "data", settings) as found:
        yield found


async def browser(hall: Running) -> httpx2.AsyncClient:
    web = await hall.client()
    web.headers["accept"] = "text/html"
    return web


async def let_in(hall: Running) -> httpx2.AsyncClient:
    """A browser with the code used."""
    code, web = await _first_password(hall.house.office), await browser(hall)
    form = {"code": f" {code.upper()} ", "new": PASSWORD, "again": PASSWORD}
    answer = await web.post("/setup/codes", data=form)
    assert answer.headers["location"] == "/setup/steps/hall", answer.text
    return web


async def test_nobody_takes_a_new_hall_without_the_code(hall: Running) -> None:
    """The front door leads to the set-up; a wrong code, a weak password and two that differ are
    told and open nothing; the steps are shut; once the code is used there is no second."""
    await _first_password(hall.house.office)
    web = await browser(hall)
    assert (await web.get("/")).headers["location"] == "/setup"
    assert "Kode penyiapan" in (await web.get("/setup")).text
    wrong = await web.post("/setup/codes", data={"code": "x", "new": PASSWORD, "again": PASSWORD})
    assert wrong.status_code == 403
    assert "set-cookie" not in wrong.headers
    code = await _first_password(hall.house.office)
    for new, again, status in (("short", "short", 422), (PASSWORD, "other", 422)):
        answer = await web.post("/setup/codes", data={"code": code, "new": new, "again": again})
        assert answer.status_code == status
        assert "set-cookie" not in answer.headers
    assert (await web.get("/setup/steps/hall")).headers["location"].startswith("/sign-in")
    assert (await web.post("/setup/examples")).headers["location"].startswith("/sign-in")
    await let_in(hall)
    assert (await web.get("/setup")).headers["location"].startswith("/sign-in")
    used = await web.post("/setup/codes", data={"code": code, "new": PASSWORD, "again": PASSWORD})
    assert used.status_code == 403


async def test_a_hall_from_nothing_to_a_spoken_call(hall: Running) -> None:
    """Name and hours, an agency by the short form, a display by its code, a kiosk's number, a call;
    each mistake is told where it was made; in the end nothing of the trial is left in the queue,
    and the hall is open for people."""
    web, house = await let_in(hall), hall.house
    typed = {"name": "MPP Baru", "place": "", "weekdays": "8-9", "friday": "", "saturday": "",
             "sunday": ""}  # fmt: skip
    assert "hours.monday" in (await web.post("/setup/hall", data=typed)).text
    assert house.config.hall.name != "MPP Baru"
    answer = await web.post("/setup/hall", data=typed | {"weekdays": "08:00-15:00"})
    assert answer.headers["location"] == "/setup/steps/services"
    assert (house.config.hall.name, house.catalogue.name.id) == ("MPP Baru", "MPP Baru")
    agency = {"name": "Dukcapil", "short": "", "services": "", "counters": "2"}
    assert (await web.post("/setup/agencies", data=agency)).status_code == 422
    await web.post("/setup/agencies", data=agency | {"services": "KTP-el\n\nKartu Keluarga\n"})
    assert [one.prefix for one in house.catalogue.services.values()] == ["A", "B"]
    assert list(house.catalogue.counters) == ["1", "2"]

    form = {"code": "WRONGS", "name": "Aula", "place": "zone:hall", "sound": "auto"}
    assert (await web.post("/setup/display", data=form)).status_code == 422
    secret = house.rooms.screens.begin()
    waiting = house.rooms.screens.waiting(secret)
    assert waiting is not None
    answer = await web.post("/setup/display", data=form | {"code": waiting.code.lower()})
    assert answer.headers["location"] == "/setup/steps/kiosk"
    assert [one.name for one in house.rooms.screens.all()] == ["Aula"]

    kiosk = await hall.client("kiosk")
    await kiosk.post("/api/v1/tickets", json={"service": "ktp-el"})
    assert "Kios sudah memberi nomor" in (await web.get("/setup/steps/kiosk")).text
    answer = await web.post("/setup/skips", data={"step": "printer"})
    assert answer.headers["location"] == "/setup/steps/call"

    await web.post("/setup/call", data={"counter": "2"})
    page = (await web.get("/setup/steps/call")).text
    assert "A-002, silakan menuju Loket 2" in page
    called = house.hall.calls[-1]
    await web.post("/setup/call", data={"counter": "2"})
    assert [call.number for call in house.hall.calls[-2:]] == ["A-002"] * 2
    assert house.hall.calls[-1].id > called.id
    answer = await web.post("/setup/call", data={"heard": "1"})
    assert answer.headers["location"] == "/setup"
    assert {one.state for one in house.hall.counters.values()} == {"closed"}
    assert house.hall.tickets[called.ticket].status == "cancelled"
    summary = (await web.get("/setup")).text
    assert "Mal siap" in summary
    assert summary.count('class="state good"') == 5
    assert (await web.get("/")).status_code == 200
    assert "Dukcapil" in (await web.get("/kiosk")).text


async def test_a_file_is_taken_whole_or_named_by_cell(hall: Running) -> None:
    """A file with a bad cell changes nothing and names it; the example fills the hall, under the
    hall's own name."""
    web, house = await let_in(hall), hall.house
    sheet = b"id,agency,prefix,name,requirements\nx,nobody,A,X,\n"
    answer = await web.post("/setup/files", files={"file": ("services.csv", sheet)})
    assert answer.status_code == 422
    assert re.search(r"<code>services![A-Z]\d</code>", answer.text), answer.text
    assert not house.catalogue.services
    name = house.config.hall.name
    assert (await web.post("/setup/examples")).headers["location"].startswith("/setup/steps/")
    assert len(house.catalogue.services) == 260
    assert house.catalogue.name.id == name


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda text: bool(text.strip())
)


@given(
    st.lists(
        st.builds(
            Simple, NAMES, NAMES,
            st.lists(NAMES, min_size=1, max_size=MOST_SERVICES, unique=True).map(tuple),
            st.integers(1, MOST_COUNTERS),
        ),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_whatever_is_typed_is_a_sound_catalogue(agencies: list[Simple]) -> None:
    """Any names make ids and prefixes that are free; every service has its counters."""
    document = EMPTY
    for agency in agencies:
        document = with_agency(document, agency)
    assert list(faults(document)) == []
    catalogue = Catalogue(document)
    assert len(catalogue.services) == sum(len(one.services) for one in agencies)
    assert len(catalogue.counters) == sum(one.counters for one in agencies)
    assert renamed(document, "Lain").name.id == "Lain"


@given(st.text(max_size=80))
def test_any_name_makes_an_id(name: str) -> None:
    """Small letters, digits and single hyphens."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(name))
