"""The supervisor's pages and forms over real HTTP, without a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from msgspec.structs import replace

from counters.floor_deeds import DEEDS
from queue_server.core import commands as c
from queue_server.core.policy import in_order
from queue_server.web.identity import actor

from .kit import Place, place
from .test_routes import Colleague, colleague

HERE = "/supervisor"
NIK = "1801234567890001"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path, ANTREAN_POLICY__CLOSING_APPROVAL="true") as found:
        yield found


async def chief(hall: Place) -> Colleague:
    return await colleague(hall, "Rina", "supervisor")


async def test_operators_are_kept_out(hall: Place) -> None:
    """Every page and every act: 403, and nothing has happened."""
    ann, (ticket,) = await colleague(hall), await hall.queue(1)
    version = hall.hall.version
    for page in ("tickets", f"tickets/{ticket.id}", "counters/5", "lines/ktp", "messages"):
        assert (await ann.get(f"{HERE}/{page}")).status_code == 403, page
    for path in DEEDS:
        of, _, act = path.partition("/")
        address = f"{HERE}/{of}/5/{act}" if act else f"{HERE}/{of}"
        answer = await ann.post(address, script=False, reason="Antrean panjang")
        assert answer.status_code == 403, path
    assert (await ann.post(f"{HERE}/displays/a/dismissals", script=False)).status_code == 403
    assert (await ann.get("/admin/audit")).status_code == 403
    assert (await ann.get("/admin/audit/export.csv")).status_code == 403
    assert hall.hall.version == version


async def test_another_class_with_a_reason(hall: Place) -> None:
    """It stands at its new place; who, when and why stand in its history."""
    rina = await chief(hall)
    first, second = await hall.take(), await hall.take()
    priority = next(iter(hall.house.catalogue.priorities))
    page = f"{HERE}/tickets/{second.id}"
    answer = await rina.post(
        f"{page}/priorities", script=False, priority=priority, reason="Diminta warga di tempat",
        nonce="n1",
    )  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?saved=1")
    assert hall.hall.tickets[second.id].priority == priority
    text = (await rina.get(f"{page}?saved=1&against={first.number}")).text
    assert "Tersimpan." in text
    assert "Golongan diubah" in text
    assert "Diminta warga di tempat" in text
    assert "Rina" in text
    assert "golongan prioritas: kedatangannya dihitung" in text


async def test_what_needs_a_reason_is_not_done_without(hall: Place) -> None:
    """Refused on the page where it was asked, in both languages; a NIK is no reason either."""
    rina, ticket = await chief(hall), await hall.take()
    page = f"{HERE}/tickets/{ticket.id}"
    for reason, said in (
        ("", "Sebutkan alasannya"), ("  x ", "Sebutkan alasannya"),
        (f"NIK {NIK}", "Jangan tulis NIK"), ("0812-3456-7890", "Jangan tulis NIK"),
    ):  # fmt: skip
        answer = await rina.post(f"{page}/cancellations", script=False, reason=reason)
        assert answer.status_code == 422
        assert said in answer.text
        assert ticket.number in answer.text
    answer = await rina.post(f"{page}/cancellations?lang=en", script=False)
    assert "Give the reason" in answer.text
    assert hall.hall.tickets[ticket.id].status == "waiting"
    journal = await hall.house.desk.read(0, 10_000)
    assert NIK not in str(journal)


async def test_moved_cancelled_and_back(hall: Place) -> None:
    """The number goes to a counter, is cancelled, and waits again in its old place."""
    rina, ticket = await chief(hall), await hall.take()
    page = f"{HERE}/tickets/{ticket.id}"
    why = {"script": False, "reason": "Layanan salah dipilih"}
    assert (await rina.post(f"{page}/moves", to="counter:7", **why)).status_code == 303
    assert hall.hall.tickets[ticket.id].line == "@7"
    assert (await rina.post(f"{page}/cancellations", **why)).status_code == 303
    listed = (await rina.get(f"{HERE}/tickets")).text
    assert f'href="{page}"' in listed
    assert (await rina.post(f"{page}/reinstatements", **why)).status_code == 303
    assert hall.hall.tickets[ticket.id].line == "@7"
    assert hall.hall.tickets[ticket.id].joined == ticket.joined
    answer = await rina.post(f"{page}/reinstatements", **why)
    assert answer.status_code == 409
    assert "menunggu" in answer.text


async def test_the_same_press_is_one_act_and_keeps_its_reason(hall: Place) -> None:
    """A form sent twice; and the reason of an act that was refused is not kept."""
    rina, ticket = await chief(hall), await hall.take()
    page, reasons = f"{HERE}/tickets/{ticket.id}", hall.house.rooms.floor.reasons
    for _ in range(2):
        answer = await rina.post(
            f"{page}/cancellations", script=False, reason="Warga pulang", nonce="n1"
        )
        assert answer.status_code == 303
    entry = (await hall.house.desk.read(hall.hall.version - 1, 1))[0]
    assert await reasons.of([entry.key]) == {entry.key: "Warga pulang"}
    assert "Warga pulang" not in str(await hall.house.desk.read(0, 10_000))
    await rina.post(f"{page}/cancellations", script=False, reason="Sekali lagi", nonce="n2")
    rows = await reasons._store.read("SELECT text FROM reasons")
    assert rows == [("Warga pulang",)]


async def test_a_number_is_found_as_it_is_typed(hall: Place) -> None:
    """With and without letters, hyphen, zeros; one match is gone to, none is said."""
    rina, ticket = await chief(hall), await hall.take()
    letters, _, digits = ticket.number.partition("-")
    for typed in (
        ticket.number,
        ticket.number.lower(),
        f"{letters}{int(digits)}",
        str(int(digits)),
    ):
        answer = await rina.get(f"{HERE}/tickets?q={typed}")
        assert answer.headers["location"] == f"{HERE}/tickets/{ticket.id}", typed
    for typed in (f"{letters}-999", "%00", "x' OR 1", "٣"):
        answer = await rina.get(f"{HERE}/tickets?q={typed}")
        assert (answer.status_code, "tidak ada dalam antrean" in answer.text) == (200, True), typed
    for wrong in ("0", "99999999999999999999", "abc"):
        assert (await rina.get(f"{HERE}/tickets/{wrong}")).status_code == 404


async def test_a_counter_gets_other_services(hall: Place) -> None:
    """For today; with nothing ticked it is as in the catalogue again."""
    rina = await chief(hall)
    usual = hall.hall.place("5").services
    answer = await rina.post(
        f"{HERE}/counters/5/services", script=False, **{"service-paspor": "on"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert hall.hall.place("5").services == ("paspor",)
    assert "diubah penyelia" in (await rina.get(f"{HERE}/counters/5")).text
    await rina.post(f"{HERE}/counters/5/services", script=False)
    assert hall.hall.place("5").services == usual
    answer = await rina.post(f"{HERE}/counters/5/services", script=False, **{"service-x": "on"})
    assert answer.status_code == 422
    assert (await rina.get(f"{HERE}/counters/none")).status_code == 404


async def test_a_closing_is_asked_for_denied_and_approved(hall: Place) -> None:
    """From the board: the form goes back to it; the alarm comes and goes with it."""
    rina, ann = await chief(hall), await colleague(hall)
    await hall.opened(ann.identity)
    await ann.post("/counters/5/closings", sure=1)
    board = (await rina.get(HERE)).text
    assert "minta tutup" in board
    form = {"back": HERE, "nonce": "n1", "script": False}
    answer = await rina.post(f"{HERE}/counters/5/denials", **form)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert "minta tutup" not in (await rina.get(HERE)).text
    await ann.post("/counters/5/closings", sure=1)
    await rina.post(f"{HERE}/counters/5/closings", **form)
    assert hall.hall.counters["5"].state == "closed"
    by_script = await rina.post(f"{HERE}/counters/5/alarm-clearings")
    assert (by_script.status_code, by_script.text) == (204, "")
    assert by_script.headers["antrean-version"] == str(hall.hall.version)


async def screen(kiosk: httpx2.AsyncClient) -> str:
    """A service on the kiosk."""
    answer = await kiosk.get(
        "/kiosk/services/paspor", headers={"Accept": "text/html"}, follow_redirects=True
    )
    assert answer.status_code == 200
    return answer.text


async def test_intake_closed_is_closed_everywhere(hall: Place) -> None:
    """The kiosk offers no button and says why, the API refuses; opened, it goes on."""
    rina, nobody = await chief(hall), await hall.running.client()
    kiosk = await hall.running.client("kiosk")
    line = f"{HERE}/lines/paspor"
    waiting = await hall.take("paspor")
    assert (await rina.post(f"{line}/intake-closings", script=False)).status_code == 303
    page = await screen(nobody)
    assert "Tutup untuk hari ini" in page or "ditutup untuk hari ini" in page
    assert 'id="take-number"' not in page
    answer = await kiosk.post("/api/v1/tickets", json={"service": "paspor"})
    assert (answer.status_code, answer.json()["code"]) == (409, "intake_closed")
    assert "Nomor ditutup" in (await rina.get(line)).text
    assert "Nomor ditutup" in (await rina.get(HERE)).text
    assert hall.hall.tickets[waiting.id].status == "waiting"
    assert (await rina.post(f"{line}/intake-openings", script=False)).status_code == 303
    page = await screen(nobody)
    assert 'id="take-number"' in page
    assert (await rina.get(f"{HERE}/lines/none")).status_code == 404


async def test_a_line_says_why_it_stands_so(hall: Place) -> None:
    """Each place with the reason against the next."""
    rina = await chief(hall)
    one = await hall.take("paspor")
    hall.clock.forward(1)
    two = await hall.take("paspor", next(iter(hall.house.catalogue.priorities)))
    text = (await rina.get(f"{HERE}/lines/paspor?lang=en")).text
    assert f"{two.number} is of a priority class" in text
    assert text.index(two.number) < text.index(f">{one.number}<")


async def test_messages(hall: Place) -> None:
    """Shown on boards in both languages as typed, until it is taken down; nobody's number."""
    rina, nobody = await chief(hall), await hall.running.client()
    bad = await rina.post(f"{HERE}/messages", script=False, text=f"Hubungi {NIK}", audience="all")
    assert bad.status_code == 422
    assert f"Hubungi {NIK}</textarea>" in bad.text, "what was typed is not lost"
    answer = await rina.post(
        f"{HERE}/messages", script=False, text="Listrik <padam>", text_en="Power cut",
        audience="boards", minutes=15,
    )  # fmt: skip
    assert answer.headers["location"] == f"{HERE}/messages?saved=1"
    board = (await nobody.get("/displays/hall", headers={"Accept": "text/html"})).text
    assert "Listrik &lt;padam&gt;" in board
    assert "Power cut" in board
    assert "is-message" in board
    assert "Listrik" in (await nobody.get("/displays/hall/plain")).text
    (message,) = hall.hall.messages
    assert hall.hall.messages[message].until == hall.clock.now() + 15 * 60_000
    assert "sampai" in (await rina.get(f"{HERE}/messages")).text
    await rina.post(f"{HERE}/messages/{message}/removals", script=False)
    board = (await nobody.get("/displays/hall", headers={"Accept": "text/html"})).text
    assert "is-message" not in board
    answer = await rina.client.post("/api/v1/messages", json={"text": f"Hubungi {NIK}"})
    assert (answer.status_code, answer.json()["code"]) == (422, "personal_text")
    empty = await rina.post(f"{HERE}/messages", script=False, text=" ", audience="all")
    assert empty.status_code == 422


async def test_alarms_by_api(hall: Place) -> None:
    """For programs that page somebody: kinds, ids and sentences; not for operators."""
    ann = await colleague(hall)
    await hall.opened(ann.identity)
    await hall.does(c.RaiseAlarm(counter="5", by=actor(ann.identity)))
    program = await hall.running.client("integration")
    (alarm,) = (await program.get("/api/v1/floor/alarms?lang=en")).json()["items"]
    assert (alarm["kind"], alarm["about"], alarm["ticket"]) == ("emergency", "5", None)
    assert "Emergency button pressed" in alarm["headline"]
    assert (await ann.client.get("/api/v1/floor/alarms")).status_code == 403


async def test_a_board_taken_down_on_purpose(hall: Place) -> None:
    """An alarm that is dismissed stays away; the screens that are there are all there are."""
    rina, watch = await chief(hall), hall.house.rooms.floor.watch
    seen = {"a": 1}
    scene = watch.scene
    assert scene is not None
    watch.scene = lambda: replace(scene(), displays=seen)
    for minutes in (0, 6):
        hall.clock.forward(minutes)
        watch.tick()
    seen.clear()
    watch.tick()
    hall.clock.forward(3)
    assert [one.kind for one in watch.alarms()] == ["display"]
    answer = await rina.post(f"{HERE}/displays/a/dismissals", script=False)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    hall.clock.forward(60)
    assert watch.alarms() == ()


async def test_services_that_an_operator_sees_earlier(hall: Place) -> None:
    """Set on the operator's page, in force at the counter at once, in the journal and the trail;
    what cannot be is said on the page; taken away by a zero."""
    rina, ann = await chief(hall), await colleague(hall)
    await hall.opened(ann.identity)
    first, second = hall.services[:2]
    await hall.take(service=first)
    await hall.take(service=second)
    page = f"{HERE}/operators/{ann.identity.id}"
    assert ann.identity.name in (await rina.get(f"{HERE}/operators")).text
    fields = {"add": second, "minutes": 20, "reason": "Keahlian petugas", "nonce": "n1"}
    answer = await rina.post(f"{page}/favours", script=False, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?saved=1")
    queue = [hall.hall.tickets[id].service for id in in_order(hall.hall, hall.hall.counters["5"])]
    assert queue == [second, first]
    assert f'name="favour-{second}"' in (await rina.get(page)).text
    assert "Keahlian petugas" in (await rina.get("/admin/audit")).text
    refused = await rina.post(f"{page}/favours", script=False, **{f"favour-{second}": "61"})
    assert refused.status_code == 422
    assert "1 sampai 60 menit" in refused.text
    await rina.post(f"{page}/favours", script=False, **{f"favour-{second}": "0"})
    assert hall.hall.favours == {}
    nobody = await rina.post(f"{HERE}/operators/u999/favours", script=False, add=second, minutes=5)
    assert nobody.status_code == 404
