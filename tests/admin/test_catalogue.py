"""The catalogue in administration, on the real application: forms, files, conflicts."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pytest

from queue_server import chores
from queue_server.adoption import adopt
from queue_server.catalogue.editing import Mark, Put, edit, form_cells, revision
from queue_server.changes import SYSTEM
from queue_server.core import commands as c
from queue_server.core.refusals import Refusal
from queue_server.folder import CATALOGUES
from queue_server.reception import Booker, Reception
from queue_server.tracking.intake import intake

from ..catalogue.test_files import planted
from ..hall import Running, frame, listening, running

AT = "/admin/catalogue"
CHIEF = c.Actor("chief", steward=True)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


async def admin(hall: Running, name: str = "kepala") -> httpx2.AsyncClient:
    client = await hall.client("admin", name)
    client.headers |= {"accept": "text/html", "accept-language": "id"}
    return client


def form(hall: Running, kind: str, id: str, **more: str) -> dict[str, Any]:
    """An item's form as a browser would send it untouched, and what somebody typed into it."""
    languages = ("jv",)
    shown = form_cells(hall.house.catalogue.document, kind, id, languages)
    cells: dict[str, Any] = {key: text for key, text in shown.items() if text != "tidak"}
    for key in ("services", "counters"):
        if key in cells:
            cells[key] = cells[key].split(", ")
    sent = {**cells, **more, "seen": revision(shown)}
    for key in ("popular", "quick", "duration.known", "cost.known", "services", "counters"):
        sent[f"has.{key}"] = "1"
    return sent


async def saved(hall: Running) -> list[tuple[str, str]]:
    """What was recorded of the catalogue: (what, act), oldest first."""
    found = await hall.house.rooms.changes.newest("catalogue.")
    return [(one.what, one.act) for one in sorted(found.values(), key=lambda one: one.id)]


async def take(hall: Running, service: str) -> Any:
    """Somebody takes a number."""
    kiosk = await hall.client("kiosk", f"kiosk {service}")
    return (await kiosk.post("/api/v1/tickets", json={"service": service})).json()


async def test_a_service_changes_everywhere_at_once(hall: Running) -> None:
    """A form saved: the API, the kiosk and a screen that is watching have it; the change is
    recorded field by field, and after a restart it is still there."""
    chief, public = await admin(hall), await hall.client()
    page = await chief.get(f"{AT}/services/items/paspor")
    assert page.status_code == 200
    async with listening(hall.url, "line:paspor") as socket:
        before = (await frame(socket))["version"]
        sent = form(hall, "services", "paspor", **{"name.id": "Paspor Dewasa", "quota": "40"})
        answer = await chief.post(f"{AT}/services/items/paspor", data=sent)
        assert answer.status_code == 303, answer.text
        assert (await frame(socket))["version"] > before
    shown = (await public.get("/api/v1/services/paspor?lang=id")).json()
    assert shown["name"] == "Paspor Dewasa"
    assert hall.house.hall.plan.services["paspor"].quota == 40
    assert hall.folder.catalogue().hash == hall.house.catalogue.hash  # type: ignore[union-attr]  # it is there
    (change,) = (await hall.house.rooms.changes.newest("catalogue.")).values()
    assert (change.what, change.act, change.name) == (
        "catalogue.service.paspor",
        "change",
        "kepala",
    )
    assert b"Paspor Dewasa" in bytes(change.after)
    assert b"Paspor Baru (Dewasa)" in bytes(change.before)


async def test_what_is_wrong_stays_in_the_form(hall: Running) -> None:
    """Each field says what is wrong; what was typed is still there, and nothing is kept."""
    chief, before = await admin(hall), hall.house.catalogue.hash
    sent = form(hall, "services", "paspor", **{"prefix": "abc", "quota": "banyak"})
    answer = await chief.post(f"{AT}/services/items/paspor", data=sent)
    assert answer.status_code == 422
    assert "bukan bilangan bulat" in answer.text
    assert 'value="banyak"' in answer.text
    sent = form(hall, "services", "paspor", prefix="abc", **{"name.en": ""})
    answer = await chief.post(f"{AT}/services/items/paspor", data=sent)
    assert "Wajib diisi" in answer.text
    assert 'value="abc"' in answer.text
    assert hall.house.catalogue.hash == before
    assert await saved(hall) == []


async def test_two_administrators_lose_nothing(hall: Running) -> None:
    """Who saves second is told who was first and what is kept now; saved again, theirs holds."""
    first, second = await admin(hall, "ani"), await admin(hall, "budi")
    mine = form(hall, "services", "paspor", **{"name.en": "Passport for adults"})
    theirs = form(hall, "services", "paspor", product="Paspor 48 halaman")
    assert (await first.post(f"{AT}/services/items/paspor", data=theirs)).status_code == 303
    told = await second.post(f"{AT}/services/items/paspor", data=mine)
    assert told.status_code == 409
    assert "ani menyimpan perubahan lain" in told.text
    assert "Paspor 48 halaman" in told.text
    assert "Passport for adults" in told.text
    seen = re.search(r'name="seen" value="(\w+)"', told.text)
    assert seen
    again = {**mine, "seen": seen[1], "product": "Paspor 48 halaman"}
    assert (await second.post(f"{AT}/services/items/paspor", data=again)).status_code == 303
    kept = hall.house.catalogue.services["paspor"]
    assert (kept.name.en, kept.product) == ("Passport for adults", "Paspor 48 halaman")


async def test_a_counter_and_a_new_service(hall: Running) -> None:
    """Made, given to counters, retired for everybody, brought back: each in force at once."""
    chief, public = await admin(hall), await hall.client()
    new = {
        "id": "uji-coba", "agency": "disdukcapil", "prefix": "UJI", "name.id": "Uji coba",
        "name.en": "Trial", "requirements": "KTP", "procedure": "Datang", "product": "Surat",
        "complaints": "Loket", "duration.minutes": "10", "duration.known": "ya",
        "has.duration.known": "1", "cost.rupiah": "0", "cost.known": "ya", "has.cost.known": "1",
        "counters": ["1", "2"], "has.counters": "1", "requirements@en": "ID card",
    }  # fmt: skip
    assert (await chief.get(f"{AT}/services/new?like=paspor")).status_code == 200
    assert (await chief.post(f"{AT}/services/new", data=new)).status_code == 303
    assert "uji-coba" in hall.house.hall.plan.counters["2"].services
    shown = (await public.get("/api/v1/services/uji-coba?lang=en")).json()
    assert shown["requirements"] == ["ID card"]
    again = await chief.post(f"{AT}/services/new", data=new)
    assert again.status_code == 422
    assert (await chief.get(f"{AT}/services/items/uji-coba/retirement")).status_code == 200
    gone = await chief.post(f"{AT}/services/items/uji-coba/retirement", data={"why": "selesai"})
    assert gone.status_code == 303
    assert (await public.get("/api/v1/services/uji-coba")).status_code == 404
    assert "Uji coba" in (await chief.get(f"{AT}/services?retired=1")).text
    assert (await chief.post(f"{AT}/services/items/uji-coba/return")).status_code == 303
    assert (await public.get("/api/v1/services/uji-coba")).status_code == 200
    record = (await hall.house.rooms.changes.newest("catalogue.service.uji-coba")).popitem()[1]
    assert record.act == "change"


async def test_what_people_wait_for_is_not_retired(hall: Running) -> None:
    """Told with counts and where to go; when they are gone it can be."""
    chief = await admin(hall)
    tickets = [await take(hall, "paspor") for _ in range(2)]
    page = await chief.get(f"{AT}/agencies/items/imigrasi/retirement")
    assert "/supervisor/lines/paspor" in page.text
    assert "2 menunggu" in page.text
    refused = await chief.post(f"{AT}/agencies/items/imigrasi/retirement", data={})
    assert refused.status_code == 409
    assert "paspor" in hall.house.catalogue.services
    for one in tickets:
        await hall.house.desk.submit(c.CancelTicket(ticket=one["id"], by=CHIEF))
    done = await chief.post(f"{AT}/agencies/items/imigrasi/retirement", data={})
    assert done.status_code == 303
    assert "paspor" not in hall.house.hall.plan.services
    zone = await chief.post(f"{AT}/zones/items/a/retirement", data={})
    assert zone.status_code == 409
    assert "Loket 1" in zone.text


async def test_history_keeps_its_names(hall: Running) -> None:
    """Of an agency that left: its applications, tickets of today, survey and bookings are called
    as before, on every page that shows them."""
    chief, public, house = await admin(hall), await hall.client(), hall.house
    public.headers |= {"accept": "text/html", "accept-language": "id"}
    ticket = await take(hall, "skck")
    new = intake(house.catalogue, "skck", ticket="")
    application = (await house.rooms.tracking.register(new, "chief", counter="40")).application
    reception = Reception(house)
    days = await reception.days(reception.terms("skck"))
    slot = next(one.session for day in days for one in day.slots if one.state == "free").key
    booked = await reception.book("skck", slot.day, slot.start, Booker(), "", "")
    await house.desk.submit(c.CancelTicket(ticket=ticket["id"], by=CHIEF))
    package = await chief.post(f"{AT}/packages/items/paket-melamar-kerja/retirement", data={})
    assert package.status_code == 303
    gone = await chief.post(f"{AT}/agencies/items/polres/retirement", data={})
    assert gone.status_code == 303
    name = house.catalogue.named.services["skck"].name.id
    for path in (
        f"/tracking/{application.code}", f"/t/{ticket['token']}", f"/booking/{booked.token}",
    ):  # fmt: skip
        page = await public.get(path, follow_redirects=True)
        assert page.status_code == 200, path
        assert name in page.text, path
    for path in (
        f"/admin/tracking/{application.code}", "/admin/tracking", "/admin/survey",
        f"/supervisor/tickets/{ticket['id']}", f"/admin/bookings?day={slot.day}",
    ):  # fmt: skip
        page = await chief.get(path)
        assert page.status_code == 200, path
        assert name in page.text, path
    issued = await (await hall.client("kiosk")).post("/api/v1/tickets", json={"service": "skck"})
    assert issued.status_code == 422


async def test_who_has_booked_is_thought_of(hall: Running) -> None:
    """A service with bookings to come can be retired, and says how many they are."""
    chief, reception = await admin(hall), Reception(hall.house)
    days = await reception.days(reception.terms("ktp-el-rekam"))
    slot = next(one.session for day in days for one in day.slots if one.state == "free").key
    await reception.book("ktp-el-rekam", slot.day, slot.start, Booker(), "", "")
    page = await chief.get(f"{AT}/services/items/ktp-el-rekam/retirement")
    assert "1 pesanan mendatang" in page.text
    other = await chief.get(f"{AT}/services/items/paspor/retirement")
    assert "pesanan mendatang" not in other.text


async def test_the_command_line_says_which_cell_is_bad(hall: Running) -> None:
    """One line with file, sheet, cell and remedy, and how many more; a good file is in force."""
    data, _ = planted(hall.house.catalogue.document)
    given = {"name": "mal.xlsx", "data": base64.b64encode(data).decode()}
    with pytest.raises(chores.ChoreFailed, match=r"^mal\.xlsx: services!\w+\d+: .*and 9 more"):
        await chores.do(hall.house, hall.folder, "catalogue-import", given)
    for name in ("mal.xlsx", "mal.zip", "services.csv", "mal.toml"):
        out = await chores.do(hall.house, hall.folder, "catalogue-export", {"name": name})
        given = {"name": name, "data": out.text}
        done = await chores.do(hall.house, hall.folder, "catalogue-import", given)
        assert done.text == "29 agencies, 260 services, 66 counters"
    with pytest.raises(chores.ChoreFailed, match=r"\.toml, \.xlsx"):
        await chores.do(hall.house, hall.folder, "catalogue-export", {"name": "mal.doc"})
    assert await saved(hall) == []


async def test_many_services_at_once(hall: Running) -> None:
    """Chosen, given the same, looked at, kept: exactly what was shown, a record for each."""
    chief = await admin(hall)
    chosen = {"chosen": ["paspor", "skck"]}
    page = await chief.post(f"{AT}/services/bulk", data=chosen)
    assert "Ubah 2 layanan" in page.text
    every = {"all": "1", "in.agency": "imigrasi", "in.q": "paspor"}
    shown = (await chief.get(f"{AT}/services?q=paspor&agency=imigrasi")).text
    count = shown.count('name="chosen"')
    assert 1 < count < 13
    assert f"Ubah {count} layanan" in (await chief.post(f"{AT}/services/bulk", data=every)).text
    assert (await chief.post(f"{AT}/services/bulk", data={})).status_code == 303
    given = {**chosen, "popular": "tidak", "booking.quota": "7", "counters": "1"}
    look = await chief.post(f"{AT}/services/bulk/look", data=given)
    assert look.status_code == 200
    assert await saved(hall) == []
    seen = re.search(r'name="seen" value="(\w+)"', look.text)
    assert seen
    moved = await chief.post(f"{AT}/services/bulk/deed", data={**given, "seen": "0"})
    assert moved.status_code == 409
    done = await chief.post(f"{AT}/services/bulk/deed", data={**given, "seen": seen[1]})
    assert done.status_code == 303
    assert hall.house.catalogue.services["skck"].booking.quota == 7  # type: ignore[union-attr]  # just given
    assert {what for what, _ in await saved(hall)} == {
        "catalogue.service.paspor", "catalogue.service.skck", "catalogue.counter.1",
    }  # fmt: skip
    wrong = await chief.post(f"{AT}/services/bulk/look", data={**chosen, "quota": "x"})
    assert wrong.status_code == 422


async def test_a_thousand_edits_leave_neither_memory_nor_files_behind(hall: Running) -> None:
    """The catalogue in force is kept, and the newest documents; what was refused is not."""
    house, folder = hall.house, hall.folder.path / "catalogue"
    for at in range(CATALOGUES + 5):
        (folder / f"{at:016x}.json").write_bytes(b"{}")
        os.utime(folder / f"{at:016x}.json", (at, at))
    change = Put("services", "paspor", {"product": "Paspor"})
    await adopt(house, lambda document: edit(document, change), SYSTEM, "")
    assert list(house.catalogues) == [house.catalogue.hash]
    assert len(list(folder.glob("*.json"))) == CATALOGUES
    assert hall.folder.catalogue().hash == house.catalogue.hash  # type: ignore[union-attr]  # it is there
    await take(hall, "paspor")
    with pytest.raises(Refusal):
        await adopt(
            house, lambda document: edit(document, Mark("services", ("paspor",), True)), SYSTEM, ""
        )
    assert list(house.catalogues) == [house.catalogue.hash]


async def test_order_is_changed_and_seen(hall: Running) -> None:
    """One up in its agency's list: the order that kiosks and the API show."""
    chief = await admin(hall)
    listed = [s for s in hall.house.catalogue.services.values() if s.agency == "imigrasi"]
    moved = await chief.post(f"{AT}/services/order", data={"move": f"{listed[1].id}:up"})
    assert moved.status_code == 303
    now = [s.id for s in hall.house.catalogue.services.values() if s.agency == "imigrasi"]
    assert now[:2] == [listed[1].id, listed[0].id]
    assert await saved(hall) == [("catalogue.services.order", "change")]


async def test_a_workbook_with_ten_faults_and_its_correction(hall: Running) -> None:
    """All ten named by sheet and cell, nothing kept; the corrected file shows its one change and
    makes it, once."""
    chief, before = await admin(hall), hall.house.catalogue.hash
    out = await chief.get(f"{AT}/export.xlsx")
    assert "katalog-" in out.headers["content-disposition"]
    data, cells = planted(hall.house.catalogue.document)
    chief.follow_redirects = True
    page = await chief.post(f"{AT}/imports", files={"file": ("mal.xlsx", data)})
    assert page.status_code == 200, page.text[:500]
    rows = re.findall(r'<th scope="row">(\w+)</th><td class="number">([A-Z]+\d+)</td>', page.text)
    assert set(rows) == set(cells)
    assert "Simpan semua" not in page.text
    book = openpyxl.load_workbook(io.BytesIO(out.content))
    sheet = book["services"]
    column = [cell.value for cell in sheet[1]].index("name.id")
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "paspor")
    row[column].value = "Paspor baru"
    mended = io.BytesIO()
    book.save(mended)
    page = await chief.post(f"{AT}/imports", files={"file": ("mal.xlsx", mended.getvalue())})
    assert "1 perubahan" in page.text
    assert hall.house.catalogue.hash == before
    assert await saved(hall) == []
    seen = re.search(r'name="seen" value="(\w+)"', page.text)
    assert seen
    done = await chief.post(str(page.url), data={"seen": seen[1]})
    assert "1 perubahan sudah disimpan" in done.text
    assert hall.house.catalogue.services["paspor"].name.id == "Paspor baru"
    await chief.post(str(page.url), data={"seen": seen[1]})
    assert await saved(hall) == [("catalogue.service.paspor", "change")]
    nonsense = await chief.post(f"{AT}/imports", files={"file": ("x.pdf", b"%PDF-1.7")})
    assert nonsense.status_code == 422


async def test_the_lists_are_light_and_searched(hall: Running) -> None:
    """260 rows in one answer of a moderate size, found by word, prefix and agency; every list and
    every form opens."""
    chief = await admin(hall)
    page = await chief.get(f"{AT}/services")
    assert len(page.content) < 250_000
    assert page.text.count('name="chosen"') == 260
    assert (await chief.get(f"{AT}/services?q=paspor+anak")).text.count('name="chosen"') == 1
    assert (await chief.get(f"{AT}/services?agency=polres")).text.count('name="chosen"') > 5
    assert (await chief.get(f"{AT}/nothing")).status_code == 404
    assert (await chief.get(f"{AT}/services/items/nothing")).status_code == 404
    pages = [f"{AT}", f"{AT}/hall", f"{AT}/services/new"]
    for kind in ("agencies", "counters", "zones", "priorities", "reasons", "packages"):
        listed = (await chief.get(f"{AT}/{kind}")).text
        href = re.search(rf'href="({AT}/{kind}/items/[^"]+)"', listed)
        assert href
        pages += [href[1], f"{href[1]}/retirement", f"{AT}/{kind}/new"]
    answers = await asyncio.gather(*(chief.get(path) for path in pages))
    assert {answer.status_code for answer in answers} == {200}


async def test_the_charter_is_the_halls_own(hall: Running) -> None:
    """Paragraphs, who signs, channels and clocks: rows of a form, seen at /maklumat."""
    chief, public = await admin(hall), await hall.client()
    sent = form(hall, "hall", "", **{
        "charter.promise.0.id": "Kami melayani tepat waktu.", "charter.signed": "Kepala DPMPTSP",
        "has.charter.promise": "1", "has.complaints.channels": "1", "has.complaints.clocks": "1",
    })  # fmt: skip
    assert (await chief.post(f"{AT}/hall", data=sent)).status_code == 303
    page = await public.get("/maklumat", headers={"accept": "text/html"})
    assert "Kami melayani tepat waktu." in page.text
    assert "Kepala DPMPTSP" in page.text
    assert await saved(hall) == [("catalogue.hall", "change")]
