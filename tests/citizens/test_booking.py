"""Booking in a browser without scripts: every step is a page and a form."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from queue_server.core import commands as c
from tests.booking.test_hall import BEFORE, open_hours
from tests.booking.test_parts import unfolded
from tests.citizens.hall import HandClock
from tests.core.story import clock
from tests.hall import Running, running

DAY = "2026-11-24"


class Phone:
    """A browser that keeps its cookies, follows redirects and reads forms."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.path = ""
        self.text = ""
        self.status = 0

    async def open(self, path: str) -> str:
        return await self._at(await self.client.get(path))

    async def send(self, path: str, **fields: str) -> str:
        return await self._at(await self.client.post(path, data=fields))

    async def choose(self, service: str, start: str, day: str = DAY) -> str:
        """Hold a session: open the calendar, press a session's button."""
        await self.open(f"/booking/services/{service}?day={day}")
        fields = {"service": service, "day": self.field("day"), "key": self.field("key")}
        return await self.send("/booking/holds", **fields, start=start)

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, f"no field {name} in {self.path}"
        return found[1]

    async def _at(self, answer: httpx2.Response) -> str:
        while answer.is_redirect:
            answer = await self.client.get(answer.headers["location"])
        self.path, self.text, self.status = answer.url.path, answer.text, answer.status_code
        return self.text


@contextlib.asynccontextmanager
async def opened(folder: Path, now: int = BEFORE, **settings: str) -> AsyncIterator[Running]:
    async with running(folder, open_hours(**settings), HandClock(now)) as hall:
        yield hall


def phone(hall: Running) -> Phone:
    headers = {"Accept": "text/html", "Origin": hall.url}
    client = httpx2.AsyncClient(base_url=hall.url, trust_env=False, headers=headers, timeout=20)
    hall.clients.append(client)
    return Phone(client)


async def test_from_the_service_to_the_pass(tmp_path: Path) -> None:
    """Choose, hold, confirm; the pass has code, QR, calendar file; change it; cancel it."""
    async with opened(tmp_path) as hall:
        me = phone(hall)
        assert 'href="/booking/services/kk-baru"' in await me.open("/booking?q=kartu+keluarga")
        assert "Pesan antrean" in await me.open("/booking")
        await me.choose("kk-baru", "600")
        assert re.fullmatch(r"/booking/[\w-]{22}", me.path)
        mine = me.path
        assert "Tempat ini disimpan untuk Anda sampai pukul 07.40" in me.text
        await me.send(f"{mine}/confirmations", phone="0812 3456 7890")
        assert me.path == mine
        assert "<svg" in me.text
        assert "10.00–11.00" in me.text
        code = re.search(r'id="code">([A-Z0-9]{3}-[A-Z0-9]{3})<', me.text)
        assert code
        assert "antara pukul 09.30 dan 11.15" in me.text
        await me.send(f"{mine}/confirmations")  # pressed twice
        assert code[1] in me.text

        file = await me.client.get(f"{mine}/calendar.ics")
        assert file.headers["content-type"] == "text/calendar; charset=utf-8"
        event = dict(reversed(unfolded(file.text)))
        assert event["DTSTART"] == "20261124T030000Z"  # 10:00 in Jakarta
        assert code[1] in event["DESCRIPTION"]
        assert event["SEQUENCE"] == "0"

        await me.open(f"{mine}/sessions?day={DAY}")
        assert "jadwal Anda sekarang" in me.text
        await me.send(f"{mine}/changes", day=DAY, start="660")
        assert "11.00–12.00" in me.text
        assert code[1] in me.text
        event = dict(reversed(unfolded((await me.client.get(f"{mine}/calendar.ics")).text)))
        assert (event["DTSTART"], event["SEQUENCE"]) == ("20261124T040000Z", "1")

        assert "Pesanan di ponsel ini" in await me.open("/booking")
        await me.send(f"{mine}/cancellations")
        assert "Pesanan dibatalkan" in me.text
        assert 'id="code"' not in me.text
        assert "STATUS:CANCELLED" in (await me.client.get(f"{mine}/calendar.ics")).text
        assert "Pesanan di ponsel ini" not in await me.open("/booking")


async def test_a_place_is_held_while_the_form_is_open(tmp_path: Path) -> None:
    """The last place: the second phone is told that it is full; given up, it is free again."""
    async with opened(tmp_path) as hall:
        staff = await hall.client("operator")
        body = {"service": "skck", "day": DAY, "start": "10:00"}
        for _ in range(2):
            assert (await staff.post("/api/v1/bookings", json=body)).status_code == 201
        first, second = phone(hall), phone(hall)
        await first.choose("skck", "600")
        await second.choose("skck", "600")
        assert second.status == 409
        assert "Sesi itu sudah penuh" in second.text
        assert 'value="600"' not in second.text  # no button for it
        await first.send(f"{first.path}/cancellations")
        assert first.path == "/booking/services/skck"
        await second.choose("skck", "600")
        assert second.status == 200
        hall.house.clock.time += 11 * 60_000  # type: ignore[attr-defined]  # tests' own clock
        await second.open(second.path)
        assert "Waktu simpan sudah habis" in second.text
        await second.send(f"{second.path}/confirmations")
        assert "Kode pesanan" in second.text


async def test_back_and_another_session_moves_the_hold(tmp_path: Path) -> None:
    """One form, one place: going back and choosing again leaves no place held behind."""
    async with opened(tmp_path) as hall:
        me = phone(hall)
        await me.open(f"/booking/services/kk-baru?day={DAY}")
        form = {"service": "kk-baru", "day": DAY, "key": me.field("key")}
        await me.send("/booking/holds", **form, start="600")
        held = me.path
        await me.send("/booking/holds", **form, start="660")
        assert me.path == held
        assert "11.00–12.00" in me.text
        taken = await hall.house.rooms.bookings.taken(DAY, DAY)
        assert {key.start: count for key, count in taken.items()} == {660: 1}


async def test_a_second_booking_leads_to_the_first(tmp_path: Path) -> None:
    """On the same phone with its link; on another one, with the same number, without it."""
    async with opened(tmp_path) as hall:
        me, stranger = phone(hall), phone(hall)
        await me.choose("kk-baru", "600")
        mine = me.path
        await me.send(f"{mine}/confirmations", phone="081234567890")
        for one in (me, stranger):
            await one.choose("kk-baru", "660")
            await one.send(f"{one.path}/confirmations", phone="+62 812-3456-7890")
            assert one.status == 409
            assert "Sudah ada pesanan untuk layanan ini" in one.text
        assert f'href="{mine}"' in me.text
        assert mine not in stranger.text


@pytest.mark.parametrize("asked", ["no", "optional", "required"])
async def test_a_number_is_asked_for_as_the_hall_wants(tmp_path: Path, asked: str) -> None:
    """Not at all, if given, or always; never a NIK."""
    async with opened(tmp_path, ANTREAN_BOOKING__PHONE=asked) as hall:
        me = phone(hall)
        await me.choose("kk-baru", "600")
        assert ('name="phone"' in me.text) == (asked != "no")
        assert ("required" in me.text) == (asked == "required")
        assert 'name="nik"' not in me.text
        await me.send(f"{me.path}/confirmations")
        assert me.status == (422 if asked == "required" else 200)
        if asked == "required":
            assert "Isi nomor ponsel Indonesia" in me.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/booking/services/sim-a-baru", 200, "tanpa pesanan"),
        ("/booking/services/nothing", 404, "tidak ada"),
        ("/booking/AAAAAAAAAAAAAAAAAAAAAA", 404, "Pesanan tidak ditemukan"),
        ("/booking/AAAAAAAAAAAAAAAAAAAAAA/sessions", 404, "Pesanan tidak ditemukan"),
        ("/booking/AAAAAAAAAAAAAAAAAAAAAA/calendar.ics", 404, "Tidak ditemukan"),
        ("/booking?service=paspor", 200, "Paspor"),
        ("/booking?q=zzzz", 200, "Tidak ada yang dapat dipesan"),
        ("/booking/now?service=paspor", 200, "hanya dapat diambil di mal"),
        ("/booking/holds", 200, "Pesan antrean"),
        ("/booking/here", 200, "tidak punya nomor dari rumah"),
        ("/booking/services/kk-baru?day=2026-12-25", 200, "Pilih hari"),
        ("/booking/services/kk-baru?day=nonsense", 200, "Pilih hari"),
    ],
)
async def test_what_else_can_be_opened(shared: Running, path: str, status: int, said: str) -> None:
    """Walk-in services, wrong links, old links: each says what is so."""
    me = phone(shared)
    await me.open(path)
    assert me.status == status
    assert said in me.text


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with opened(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


async def test_a_booking_s_pages_are_nobody_s_index(shared: Running) -> None:
    """Not for crawlers, not for caches; another site's form is refused."""
    me = phone(shared)
    await me.choose("kk-baru", "600")
    answer = await me.client.get(me.path)
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-store"
    foreign = await me.client.post(
        f"{me.path}/cancellations", headers={"Origin": "https://elsewhere.example"}
    )
    assert foreign.status_code == 403
    cookie = (await me.client.post("/booking/now", data={})).headers.get("set-cookie")
    assert cookie is None  # only who takes something is remembered


async def test_english_and_javanese(shared: Running) -> None:
    """The whole way can be read in English; a third language falls back to Indonesian."""
    me = phone(shared)
    await me.open("/booking?lang=en")
    assert "Book a place" in me.text
    await me.choose("kk-perubahan", "660")
    assert "This place is held for you until 07:40" in me.text
    await me.send(f"{me.path}/confirmations")
    assert "between 10:30 and 12:15" in me.text
    await me.open(f"{me.path}?lang=jv")
    assert "Kode pesanan" in me.text
    assert "Booking code" not in me.text


async def test_a_number_from_home(tmp_path: Path) -> None:
    """Taken once for a form; its page asks for the code; with the hall's code it is there."""
    async with opened(tmp_path, clock("2026-11-24 09:00")) as hall:
        me = phone(hall)
        assert "bpjs-kes-daftar" in await me.open("/booking/now")
        await me.open("/booking/now?service=kk-baru")
        assert "paling lambat pukul 10.30" in me.text
        form = {"service": "kk-baru", "key": me.field("key")}
        await me.send("/booking/now", **form)
        await me.send("/booking/now", **form)
        (ticket,) = hall.house.hall.tickets.values()
        assert me.path == f"/t/{ticket.token}"
        assert "Belum di mal" in me.text
        await me.send("/booking/here", ticket=ticket.token, code="000000")
        assert me.status == 409
        assert "Kode hadir itu salah" in me.text
        shown = hall.house.rooms.presence.shown(hall.house.clock.now())
        await me.open(f"/booking/here?code={shown.long}")
        assert ticket.number in me.text
        assert ticket.number not in await phone(hall).open(f"/booking/here?code={shown.long}")
        await me.open(f"/booking/here?code={shown.long}")
        await me.send("/booking/here", ticket=me.field("ticket"), code=me.field("code"))
        assert me.path == f"/t/{ticket.token}"
        assert "Belum di mal" not in me.text
        assert not hall.house.hall.tickets[ticket.id].remote


async def test_presence_codes_are_not_guessed(tmp_path: Path) -> None:
    """Five wrong codes for a number, then the next has to wait; the right one is not counted."""
    async with opened(tmp_path, clock("2026-11-24 09:00")) as hall:
        me = phone(hall)
        await me.open("/booking/now?service=kk-baru")
        await me.send("/booking/now", service="kk-baru", key=me.field("key"))
        token = me.path.rpartition("/")[2]
        wrong = []
        for _ in range(6):
            await me.send("/booking/here", ticket=token, code="nonsense")
            wrong.append(me.status)
        assert wrong == [409] * 5 + [429]
        await me.send("/booking/here", ticket="nobody's", code="1")
        assert me.status == 404


async def test_the_code_is_shown_inside_the_hall_only(tmp_path: Path) -> None:
    """To a signed-in set; a stranger is sent to sign in, a program is refused."""
    async with opened(tmp_path, clock("2026-11-24 09:00")) as hall:
        me = phone(hall)
        await me.open("/displays/presence")
        assert me.path == "/sign-in"
        shown = hall.house.rooms.presence.shown(hall.house.clock.now())
        code = f"{shown.short[:3]} {shown.short[3:]}"
        for path in ("/displays/presence", "/displays/presence/now"):
            assert code in (await (await hall.client("display")).get(path)).text
            refused = await (await hall.client("integration")).get(path)
            assert (refused.status_code, code in refused.text) == (403, False)


async def test_scanned_at_the_kiosk(tmp_path: Path) -> None:
    """The pass's address or code: the number, once; too early: why, and a number in one touch."""
    async with opened(tmp_path) as hall:
        me = phone(hall)
        await me.choose("kk-baru", "600")
        mine = me.path
        await me.send(f"{mine}/confirmations")
        found = await hall.house.rooms.bookings.of_token(mine.rpartition("/")[2])
        assert found is not None
        kiosk = phone(hall)
        await kiosk.send("/kiosk/check-in", code=found.code)
        assert "check-in untuk pesanan ini dibuka pukul 09.30" in kiosk.text
        assert "/kiosk/services/kk-baru" in kiosk.text
        hall.house.clock.time = clock("2026-11-24 09:40")  # type: ignore[attr-defined]  # tests' own
        for text in (f"https://antrean.example{mine}", found.code.lower(), mine[-22:].swapcase()):
            await kiosk.send("/kiosk/check-in", code=text)
            assert "Check-in berhasil" in kiosk.text
        (ticket,) = hall.house.hall.tickets.values()
        assert ticket.booking == found.opaque
        await me.open(mine)
        assert f'href="/t/{ticket.token}"' in me.text
        await hall.house.desk.submit(c.CancelTicket(ticket=ticket.id))
