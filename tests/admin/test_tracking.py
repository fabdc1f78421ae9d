"""The section of applications: list, acts, spreadsheets with planted faults."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pytest
from starlette.routing import BaseRoute

import admin.routes
import citizens.routes
from queue_server.house import House
from queue_server.tracking import codes
from queue_server.tracking.intake import intake
from queue_server.tracking.model import Change
from queue_server.tracking.room import Tracking
from queue_server.tracking.states import State
from tests.web.house import ROOT, Place, open_place

HERE = "/admin/tracking"
DAY = 86_400_000


class Office:
    """A served house with people of each kind at their browsers."""

    def __init__(self, place: Place, people: dict[str, httpx2.AsyncClient]) -> None:
        self.place = place
        self.people = people

    @property
    def room(self) -> Tracking:
        return self.place.house.rooms.tracking

    async def get(self, path: str = "", who: str = "chief", **query: Any) -> str:
        answer = await self.people[who].get(HERE + path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, path: str, who: str = "chief", **data: Any) -> httpx2.Response:
        files = data.pop("files", None)
        headers = {"Origin": self.place.url, "Accept": "text/html"}
        return await self.people[who].post(HERE + path, data=data, files=files, headers=headers)

    async def registered(self, service: str = "ktp", file: str = "") -> str:
        new = intake(self.place.house.catalogue, service, file=file)
        return (await self.room.register(new, "t1")).application.code

    async def moved(self, code: str, to: State) -> None:
        await self.room.move(Change(code, to, note="alasan"), "t1")

    async def state(self, code: str) -> str:
        dossier = await self.room.find(code)
        assert dossier is not None
        return dossier.application.state

    async def uploaded(self, data: bytes, name: str = "daftar.csv") -> httpx2.Response:
        return await self.post("/imports", files={"file": (name, data)})


def pages(house: House) -> list[BaseRoute]:
    return [*admin.routes.routes(house), *citizens.routes.routes(house)]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    surfaces = [ROOT / "admin", ROOT / "citizens"]
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(
            open_place(tmp_path, surfaces=surfaces, extra=pages)
        )
        people = {}
        # By token: passwords take their time on purpose.
        for name, role in (("chief", "supervisor"), ("ani", "operator"), ("kios", "kiosk")):
            people[name] = await stack.enter_async_context(place.client(role))
        people["nobody"] = await stack.enter_async_context(place.client())
        yield Office(place, people)


async def test_who_may(office: Office) -> None:
    """Staff may look and move; only supervisors take a step back; kiosks and strangers nothing."""
    code = await office.registered()
    for who, status in (("chief", 200), ("ani", 200), ("kios", 403), ("nobody", 303)):
        headers = {"Accept": "text/html"}
        answer = await office.people[who].get(f"{HERE}/{code}", headers=headers)
        assert answer.status_code == status, who
    assert (await office.post(f"/{code}/updates", "ani", to="diproses")).status_code == 303
    refused = await office.post(f"/{code}/corrections", "ani", note="salah")
    assert refused.status_code == 403
    assert "corrections" not in await office.get(f"/{code}", "ani")
    assert (await office.post(f"/{code}/corrections", note="salah")).status_code == 303
    assert await office.state(code) == "diverifikasi"


async def test_moving_on_by_form(office: Office) -> None:
    """With requirements ticked and a note; the history names who; the citizen reads why."""
    code = await office.registered()
    form = {"to": "perlu_perbaikan", "seen": "diajukan", "missing-1": "on", "note": "buram",
            "nonce": "n1"}  # fmt: skip
    for _ in range(2):  # a double click
        assert (await office.post(f"/{code}/updates", **form)).status_code == 303
    page = await office.get(f"/{code}")
    assert "KTP-el asli" in page
    assert "· supervisor</span>" in page
    dossier = await office.room.find(code)
    assert dossier is not None
    assert len(dossier.steps) == 3
    public = (await office.people["nobody"].get(f"/tracking/{code}")).text
    assert "KTP-el asli" in public
    assert "buram" in public
    assert "supervisor" not in public


async def test_a_refusal_loses_nothing_that_was_typed(office: Office) -> None:
    """The reason stands on the page, ticks and words are still there, nothing has changed."""
    code = await office.registered()
    answer = await office.post(
        f"/{code}/updates", to="ditolak", seen="diajukan", note="telp 081234567890"
    )
    assert answer.status_code == 422
    assert "Jangan tulis NIK" in answer.text
    assert 'value="telp 081234567890"' in answer.text
    assert re.search(r'value="ditolak"[^>]* checked', answer.text)
    late = await office.post(f"/{code}/updates", to="diproses", seen="diverifikasi")
    assert late.status_code == 409
    assert (await office.post(f"/{code}/updates", to="x")).status_code == 409
    assert (await office.post(f"/{code}/file", file="1801010203040005")).status_code == 422
    assert (await office.post("/0000-0000-0000/updates", to="diproses")).status_code == 404
    assert await office.state(code) == "diajukan"


async def test_the_list_and_its_figures(office: Office) -> None:
    """Late first; filters by agency, state, due time; a search by code or file number."""
    late, other = await office.registered(file="503/1"), await office.registered("paspor")
    office.place.clock.at += 3 * DAY
    await office.moved(other, "siap_diambil")
    fresh = await office.registered("kk")
    page = await office.get()
    found = re.findall(r"/admin/tracking/([0-9A-Z-]{14})", page)
    assert found == [late, fresh, other]
    assert "Terlambat 3 hari kerja" in page

    async def those(**query: str) -> list[str]:
        return re.findall(r"/admin/tracking/([0-9A-Z-]{14})", await office.get(**query))

    assert await those(due="late") == [late]
    assert await those(due="today") == [fresh]
    assert await those(agency="imigrasi") == [other]
    assert await those(state="siap_diambil") == [other]
    assert await those(q="503/1") == [late]
    assert await those(q=other.lower().replace("-", " ")) == [other]
    assert await those(state="any", page="99") == [late, fresh, other]
    assert await those(state="';--", due="<b>") == [late, fresh, other]


HEADER = ["Kode", "Instansi", "Nomor berkas", "Status", "Status baru", "Kekurangan", "Catatan"]


def table(*rows: list[str], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *rows])
    return text.getvalue().encode()


async def test_an_upload_is_shown_before_it_is_done(office: Office) -> None:
    """Every planted fault by its cell; good rows are done in one go, once; nothing before."""
    good = [await office.registered(file=f"A-{n}") for n in range(4)]
    ended = await office.registered()
    await office.moved(ended, "dibatalkan")
    unknown = codes.grouped("0" * 11 + codes.check("0" * 11))
    data = table(
        [good[0].lower(), "", "", "Diajukan", "siap diambil", "", ""],  # 2: through three states
        ["", "Dukcapil", "A-1", "", "Perlu perbaikan", "1", "foto buram"],  # 3: by file number
        [good[2], "", "", "", "", "", ""],  # 4: nothing asked
        [good[2], "", "", "", "Diajukan", "", ""],  # 5: is so already
        ["ABCD-1234-0000", "", "", "", "Diproses", "", ""],  # 6
        [unknown, "", "", "", "Diproses", "", ""],  # 7
        [good[3], "", "", "Disetujui", "Diproses", "", ""],  # 8: was seen in another state
        [good[3], "", "", "", "Terbit", "", ""],  # 9
        [good[3], "", "", "", "Ditolak", "", ""],  # 10: no reason
        [good[3], "", "", "", "Perlu perbaikan", "1, 9", ""],  # 11
        [good[3], "", "", "", "Perlu perbaikan", "satu", ""],  # 12
        [good[3], "", "", "", "Ditolak", "", "NIK 1801010203040005"],  # 13
        [ended, "", "", "", "Diproses", "", ""],  # 14: has ended
        ["", "", "A-1", "", "Diproses", "", ""],  # 15: whose file?
        [good[0], "", "", "", "Diproses", "", ""],  # 16: twice
    )
    answer = await office.uploaded(data)
    assert answer.status_code == 303
    path = answer.headers["location"].removeprefix(HERE)
    page = await office.get(path)
    cells = re.findall(r'<th scope="row" class="number">(\w+)</th>', page)
    assert cells == ["A6", "A7", "D8", "E9", "G10", "F11", "F12", "G13", "E14", "A15", "A16"]
    assert "1801010203040005" not in page
    assert "Simpan 2 perubahan" in page
    assert [await office.state(code) for code in good] == ["diajukan"] * 4
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    for _ in range(2):
        done = await office.post(path, seen=seen[1])
        assert (done.status_code, done.headers["location"]) == (303, HERE + path)
    assert "2 perubahan sudah disimpan" in await office.get(path)
    states = [await office.state(code) for code in good]
    assert states == ["siap_diambil", "perlu_perbaikan", "diajukan", "diajukan"]
    dossier = await office.room.find(good[1])
    assert dossier is not None
    assert (dossier.steps[-1].missing, dossier.steps[-1].note) == (("KTP-el asli",), "foto buram")


async def test_what_changed_meanwhile_is_shown_again(office: Office) -> None:
    """What is carried out is what was shown, or nothing."""
    one, other = await office.registered(), await office.registered()
    data = table(*([code, "", "", "", "diproses", "", ""] for code in (one, other)))
    path = (await office.uploaded(data)).headers["location"].removeprefix(HERE)
    seen = re.search(r'name="seen" value="(\w+)"', await office.get(path))
    assert seen is not None
    await office.moved(one, "dibatalkan")
    answer = await office.post(path, seen=seen[1])
    assert answer.status_code == 409
    assert "belum ada yang disimpan" in answer.text
    assert await office.state(other) == "diajukan"
    assert (await office.people["ani"].get(HERE + path)).status_code == 404  # another's upload


async def test_the_download_can_be_sent_back(office: Office) -> None:
    """XLSX and CSV hold the same rows, as text; filled in and uploaded they are understood."""
    code = await office.registered(file="503/7")
    await office.room.move(Change(code, "diverifikasi", note="=1+1 lengkap"), "u1")
    got = await office.people["chief"].get(f"{HERE}/export.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(got.content)).active
    assert sheet is not None
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    got = await office.people["chief"].get(f"{HERE}/export.csv", params={"lang": "en"})
    lines = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert rows[1][:3] == lines[1][:3] == [code, "503/7", "dukcapil"]
    assert rows[0][8:] == ["Status baru", "Kekurangan (nomor syarat)", "Catatan"]
    rows[1][8] = "Siap diambil"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    path = (await office.uploaded(data.getvalue(), "isi.xlsx")).headers["location"]
    assert "Simpan 1 perubahan" in await office.get(path.removeprefix(HERE))
    lines[1][8] = "Ready for pickup"
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(lines)
    path = (await office.uploaded(text.getvalue().encode("cp1252"))).headers["location"]
    assert "Simpan 1 perubahan" in await office.get(path.removeprefix(HERE))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "isinya kosong"), (b"a,b\n1,2\n", "Kolom belum lengkap"),
        (b"PK\x03\x04 no zip", "tidak dapat dibaca"), (b"\0\1\2", "tidak dapat dibaca"),
    ],
)  # fmt: skip
async def test_what_is_no_table_is_said(office: Office, data: bytes, said: str) -> None:
    """On the list's page, with what to do."""
    answer = await office.uploaded(data)
    assert answer.status_code == 422
    assert said in answer.text


async def test_a_long_list_can_be_uploaded(office: Office) -> None:
    """Larger than a form may be; five thousand and one changes are too many."""
    row = ["X" * 150, "", "", "", "diproses", "", ""]
    answer = await office.uploaded(table(*[row] * 5_000))
    assert answer.status_code == 303
    answer = await office.uploaded(table(*[row] * 5_001))
    assert (answer.status_code, "Terlalu banyak baris" in answer.text) == (422, True)
