"""The survey in administration, on the real application: report, publication, remarks, paper."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pypdf
import pytest

from queue_server.survey import sheet
from queue_server.survey.elements import CODES
from queue_server.survey.index import index, tally
from queue_server.survey.room import Visit

from ..citizens.hall import HandClock
from ..core.story import clock
from ..hall import Running, running

DAY = 24 * 3600 * 1000
AT = "/admin/survey"
Q4 = "period=2026-q4"


@pytest.fixture
async def time() -> HandClock:
    return HandClock(clock("2026-11-24 09:41"))


@pytest.fixture
async def hall(tmp_path: Path, time: HandClock) -> AsyncIterator[Running]:
    async with running(tmp_path, clock=time) as hall:
        yield hall


async def signed_in(hall: Running, role: str = "supervisor") -> httpx2.AsyncClient:
    client = await hall.client(role)
    client.headers |= {"accept": "text/html", "accept-language": "id"}
    client.follow_redirects = True
    return client


async def answer(hall: Running, count: int, service: str, first: int = 1, **texts: str) -> None:
    """So many visits of a service are rated: 4 by the first, 3 by the others."""
    agency = hall.house.catalogue.services[service].agency
    counter = hall.house.catalogue.counters_of(service)[0].id
    for at in range(count):
        scores = dict.fromkeys(CODES, 4 if at == 0 else 3)
        said = texts if at == 0 else {}
        visit = Visit(service, agency, counter)
        await hall.house.rooms.survey.give(first + at, visit, scores, {"kelamin": "p"}, **said)


def shown(page: httpx2.Response) -> str:
    """The index on a page."""
    found = re.search(r'ikm-value">([^<]*)<', page.text)
    assert found, page.text[:500]
    return found[1]


async def test_only_stewards_enter(hall: Running) -> None:
    """Operators, kiosks and strangers see none of it."""
    for role in ("operator", "kiosk", "display", "integration"):
        client = await hall.client(role)
        for path in (AT, f"{AT}/remarks", f"{AT}/import", f"{AT}/answers.csv", f"{AT}/report.pdf"):
            assert (await client.get(path)).status_code == 403, (role, path)
        for path in ("publications", "remarks/x", "remarks/x/removals", "import", "import/x"):
            assert (await client.post(f"{AT}/{path}")).status_code == 403, (role, path)
    stranger = await hall.client()
    assert (await stranger.get(AT)).status_code == 401
    assert "/admin/survey" in (await (await signed_in(hall)).get("/admin")).text


async def test_from_answers_to_the_published_report(hall: Running, time: HandClock) -> None:
    """Live figures move, a published report doesn't; page, API, PDF and XLSX say the same."""
    steward, public = await signed_in(hall), await hall.client()
    public.headers |= {"accept-language": "id"}
    assert shown(await steward.get(AT)) == "–"
    few = await steward.post(f"{AT}/publications", data={"period": "2026-q4"})
    assert few.status_code == 409
    await answer(hall, 10, "paspor")
    live = await steward.get(f"{AT}?{Q4}")
    assert shown(live) == "77,50"  # nine threes and a four in every element: 3.1
    assert "Mutu B · Baik" in live.text
    assert "Belum ada laporan" in (await public.get("/survey")).text
    assert (await public.get("/survey/periods/2026-q4")).status_code == 404
    done = await steward.post(f"{AT}/publications", data={"period": "2026-q4", "population": "260"})
    assert done.status_code == 200
    await answer(hall, 10, "ktp-el-rekam", first=100)
    assert shown(await steward.get(f"{AT}?{Q4}")) == "77,50"
    assert 'ikm-value">77,50' in (await public.get("/survey")).text
    report = (await public.get("/api/v1/survey/periods/2026-q4")).json()
    assert (report["index"], report["grade"], report["weights"]) == ("77.50", "B", "exact")
    assert (report["respondents"], report["population"], report["target"]) == (10, 260, 155)
    assert [one["code"] for one in report["elements"]] == list(CODES)
    (listed,) = (await public.get("/api/v1/survey/periods")).json()["items"]
    assert (listed["id"], listed["first"]) == ("2026-q4", "2026-10-01")
    assert (await public.get("/api/v1/survey/periods/2025")).status_code == 404
    paper = await public.get("/survey/periods/2026-q4/report.pdf")
    assert "77,50" in pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    book = await public.get("/survey/periods/2026-q4/report.xlsx")
    assert book.content.startswith(b"PK")
    assert "skm-2026-q4.xlsx" in book.headers["content-disposition"]
    await steward.post(f"{AT}/publications/2026-q4/withdrawals")
    assert (await public.get("/survey/periods/2026-q4")).status_code == 404


async def test_the_download_gives_the_same_index(hall: Running) -> None:
    """The CSV of a filter reads back; small groups have no name in it, few answers no file."""
    steward = await signed_in(hall)
    await answer(hall, 8, "paspor")
    await answer(hall, 2, "ktp-el-rekam", first=50)
    file = await steward.get(f"{AT}/answers.csv?{Q4}")
    found = sheet.read(file.content)
    value = index(tally(one.scores for one in found.respondents)).value
    assert shown(await steward.get(f"{AT}?{Q4}")) == str(value).replace(".", ",")
    assert len(found.respondents) == 10
    assert "ktp-el-rekam" not in file.text
    assert (await steward.get(f"{AT}/answers.csv?{Q4}&service=ktp-el-rekam")).status_code == 409
    one = await steward.get(f"{AT}?{Q4}&service=ktp-el-rekam")
    assert shown(one) == "–"
    assert "Terbitkan laporan" not in one.text
    assert (await steward.get(f"{AT}?period=span&first=2026-11-24&last=2026-11-24")).is_success
    assert (await steward.get(f"{AT}?period=2026-q9")).status_code == 409


async def test_remarks_are_read_first(hall: Running, time: HandClock) -> None:
    """Nothing is published unread; hiding wants a reason; late is marked; erased is gone."""
    steward, public = await signed_in(hall), await hall.client()
    await answer(hall, 5, "paspor", complaint="AC panas", suggestion="Tambah kursi")
    page = await steward.get(f"{AT}/remarks")
    ids = dict(re.findall(r'id="r(\w+)".*?<blockquote>([^<]*)<', page.text, flags=re.DOTALL))
    complaint, suggestion = (next(k for k, v in ids.items() if v == text)
                             for text in ("AC panas", "Tambah kursi"))  # fmt: skip
    assert "tanggapi sampai 27 November 2026" in page.text
    await steward.post(f"{AT}/publications", data={"period": "2026-q4"})
    assert "AC panas" not in (await public.get("/survey")).text
    at = f"{AT}/remarks/{complaint}"
    refused = await steward.post(at, data={"state": "hidden", "answer": "Sudah kami cek"})
    assert refused.status_code == 422
    assert "Sudah kami cek" in refused.text
    named = await steward.post(at, data={"state": "shown", "answer": "Hubungi 0812 3456 7890"})
    assert named.status_code == 422
    time.time += 4 * DAY
    assert "Terlambat" in (await steward.get(f"{AT}/remarks")).text
    fields = {"state": "shown", "answer": "AC diperbaiki", "status": "closed", "clock": "field"}
    closed = await steward.post(at, data=fields)
    assert "selesai terlambat" in closed.text
    await steward.post(f"{AT}/remarks/{suggestion}", data={"state": "hidden", "reason": "Ganda"})
    await steward.post(f"{AT}/publications", data={"period": "2026-q4"})
    seen = (await public.get("/survey")).text
    assert "AC panas" in seen
    assert "AC diperbaiki" in seen
    assert "Tambah kursi" not in seen
    await steward.post(f"{AT}/remarks/{suggestion}/removals")
    files = [file.read_bytes() for file in hall.folder.path.glob("survey.db*")]
    assert not any(b"Tambah kursi" in data for data in files)
    assert (await steward.post(f"{AT}/remarks/nobody")).status_code == 404


async def test_paper_forms(hall: Running) -> None:
    """Wrong cells are shown and nothing is written; a good file goes in once, and out again."""
    steward = await signed_in(hall)

    async def send(text: str, day: str = "2026-10-05", place: str = "a:disdukcapil") -> str:
        data = {"date": day, "place": place}
        files = {"file": ("formulir.csv", text.encode(), "text/csv")}
        return (await steward.post(f"{AT}/import", data=data, files=files)).text

    head = ";".join(CODES)
    bad = await send(f"{head};usia\n{'4;' * 9}61\n4;4;4;4;4;4;4;4;7;\n")
    assert "baris 3, kolom sarana (sel I3)" in bad
    assert "Simpan jawaban ini" not in bad
    assert "formulir.csv: expected columns named" in await send("a;b\n1;2\n")
    assert "paling lambat hari ini" in await send(f"{head}\n{'4;' * 9}\n", day="2030-01-01")
    good = await send(f"{head};usia\n" + f"{';'.join('4' * 9)};61\n" * 6)
    assert "6 responden" in good
    key = re.search(r"/admin/survey/import/(\w+)", good)
    assert key
    assert shown(await steward.get(f"{AT}?{Q4}")) == "–"
    taken = await steward.post(key[0])
    assert "formulir.csv" in taken.text
    assert shown(await steward.get(f"{AT}?{Q4}&agency=disdukcapil")) == "100,00"
    assert (await steward.post(key[0])).status_code == 422  # its preview is gone
    again = await send(f"{head};usia\n" + f"{';'.join('4' * 9)};61\n" * 6)
    assert "Simpan jawaban ini" in again
    assert "sudah pernah diimpor" in (await steward.post(key[0])).text
    await steward.post(f"/admin/survey/papers/{key[1]}/removals")
    assert shown(await steward.get(f"{AT}?{Q4}")) == "–"
    large = b"waktu\n" + b"4\n" * 2_500_000
    files = {"file": ("besar.csv", large, "text/csv")}
    too = await steward.post(f"{AT}/import", data={"date": "2026-10-05"}, files=files)
    assert too.status_code in (413, 422)


async def test_visits_are_the_population(hall: Running, time: HandClock) -> None:
    """Served today and before: the sample that is wanted follows."""
    steward, api = await signed_in(hall), await hall.client("supervisor")
    for day in range(2):
        await api.post("/api/v1/counters/37/openings", json={})
        for _ in range(3):
            ticket = (await api.post("/api/v1/tickets", json={"service": "paspor"})).json()["id"]
            await api.post("/api/v1/counters/37/calls", json={"after": None, "ticket": ticket})
            await api.post("/api/v1/counters/37/starts", json={"ticket": ticket})
            done = await api.post("/api/v1/counters/37/finishes", json={"ticket": ticket})
            assert done.status_code == 201
        code = hall.house.rooms.survey.code(ticket)
        assert f"{code[:4]} {code[4:]}" in (await steward.get("/counters/37")).text
        await api.post("/api/v1/counters/37/closings", json={})
        page = await steward.get(f"{AT}?{Q4}")
        assert f"<dt>Kunjungan dilayani</dt><dd>{3 * day + 3}</dd>" in page.text
        assert f"dari {3 * day + 3} yang diharapkan" in page.text
        time.time += DAY
