"""Administration for a supervisor bound to one agency: applications, bookings, the survey."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from queue_server.core.commands import Bounds
from queue_server.tracking.intake import intake
from queue_server.web.people import Terms

from ..citizens.hall import HandClock
from ..core.story import clock
from ..hall import Running, running
from .test_survey import Q4, answer, shown

MINE, THEIRS = "disdukcapil", "imigrasi"
PAGE = {"accept": "text/html", "accept-language": "id"}


@pytest.fixture(scope="module")
async def time() -> HandClock:
    return HandClock(clock("2026-11-24 09:41"))


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, time: HandClock) -> AsyncIterator[Running]:
    async with running(tmp_path_factory.mktemp("hall"), clock=time) as hall:
        yield hall


@pytest.fixture
async def chief(hall: Running) -> httpx2.AsyncClient:
    terms = Terms(Bounds(frozenset({MINE})))
    secret = await hall.house.office.add_token("chief", "supervisor", terms)
    client = await hall.client()
    client.headers |= {"Authorization": f"Bearer {secret}", **PAGE}
    return client


def services(hall: Running, agency: str) -> list[str]:
    return [s.id for s in hall.house.catalogue.services.values() if s.agency == agency]


async def test_applications_of_the_own_agency(hall: Running, chief: httpx2.AsyncClient) -> None:
    """List, page, act, file in and out: the others are as if they were not there, or refused."""
    room, codes = hall.house.rooms.tracking, {}
    for agency in (MINE, THEIRS):
        new = intake(hall.house.catalogue, services(hall, agency)[0], ticket="")
        codes[agency] = (await room.register(new, "u1")).application.code
    for path in (
        "/admin/tracking",
        "/admin/tracking/export.csv",
        "/admin/tracking?agency=imigrasi",
    ):
        text = (await chief.get(path)).text
        assert codes[THEIRS] not in text, path
    assert codes[MINE] in (await chief.get("/admin/tracking")).text
    assert (await chief.get(f"/admin/tracking/{codes[MINE]}")).status_code == 200
    for path, form in (("", None), ("/updates", {"to": "diverifikasi"}), ("/file", {"file": "1"})):
        address = f"/admin/tracking/{codes[THEIRS]}{path}"
        answer = await (chief.get(address) if form is None else chief.post(address, data=form))
        assert answer.status_code == 403, path
    rows = "\n".join(f"{code},diverifikasi" for code in codes.values())
    sheet = {"file": ("x.csv", f"Kode,Status baru\n{rows}\n".encode(), "text/csv")}
    sent = await chief.post("/admin/tracking/imports", files=sheet, follow_redirects=True)
    assert sent.status_code == 200
    changes = sent.text.partition("<tbody>")[2]
    assert codes[MINE] in changes


async def test_bookings_of_the_own_agency(hall: Running, chief: httpx2.AsyncClient) -> None:
    """Another agency's session is neither changed nor closed."""
    for path in ("quotas", "closures", "moves"):
        form = {"pool": THEIRS, "day": "2026-11-25", "start": "480", "reason": "x", "quota": "1"}
        answer = await chief.post(f"/admin/bookings/{path}", data=form)
        assert answer.status_code == 403, path
    page = await chief.get("/admin/bookings?day=2026-11-25")
    assert page.status_code == 200
    assert f'value="{THEIRS}"' not in page.text


async def test_the_survey_of_the_own_agency(
    hall: Running, chief: httpx2.AsyncClient, time: HandClock
) -> None:
    """Its figures and its remarks; the hall's are published by who has the whole of it."""
    ours, theirs = services(hall, MINE)[0], services(hall, THEIRS)[0]
    await answer(hall, 6, ours, suggestion="Kursi kami kurang")
    await answer(hall, 9, theirs, first=100, complaint="Antre lama di imigrasi")
    time.time += 24 * 3600 * 1000
    room = hall.house.rooms.survey
    await room.turn()
    page = await chief.get(f"/admin/survey?{Q4}")
    admin = await hall.client("admin")
    whole = await admin.get(f"/admin/survey?{Q4}", headers=PAGE)
    own = await admin.get(f"/admin/survey?{Q4}&agency={MINE}", headers=PAGE)
    assert shown(page) == shown(own) != shown(whole)
    assert f'value="{THEIRS}"' not in page.text
    for path in (
        f"?{Q4}&agency={THEIRS}", f"/report.pdf?{Q4}&service={theirs}",
        f"/answers.csv?{Q4}&agency={THEIRS}", "/import",
    ):  # fmt: skip
        assert (await chief.get(f"/admin/survey{path}")).status_code == 403, path
    published = await chief.post("/admin/survey/publications", data={"period": "2026-q4"})
    assert published.status_code == 403
    remarks = (await chief.get("/admin/survey/remarks")).text
    assert "Kursi kami kurang" in remarks
    assert "imigrasi" not in remarks
    (other,) = [one for one in await room.archive.remarks() if one.agency == THEIRS]
    shut = await chief.post(f"/admin/survey/remarks/{other.id}", data={"state": "hidden"})
    assert shut.status_code == 403
