"""Bookings in a real hall, over HTTP: the race for the last place, check-in, crashes, from afar."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from queue_server.arrivals import Arrivals
from queue_server.booking.refusals import Refused
from queue_server.bookkeeping import Bookkeeper
from queue_server.config import Config, load
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.plan import MINUTE
from queue_server.core.refusals import Refusal
from queue_server.notify.contacts import subject_of
from queue_server.reception import Booker, Reception
from tests.citizens.hall import HandClock
from tests.core.story import clock
from tests.hall import ROOT, Process, Running, running

BEFORE = clock("2026-11-24 07:30")
"""A Tuesday, before the hall opens."""
KK = {"service": "kk-baru", "day": "2026-11-24", "start": "10:00"}
BY = c.Actor("k1")
WEBHOOK = (
    '{url = "http://127.0.0.1:9/", secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '
    'kinds = ["booking.*"]}'
)
"""A gateway that nobody answers for."""


def open_hours(**more: str) -> Config:
    """The mall with its real hours, and room for many clients from one address."""
    many = {"ANTREAN_BOOKING__PER_ADDRESS": "10000", "ANTREAN_SPEECH__ENABLED": "false"}
    return load(ROOT / "config.toml", {**many, **more})


async def book(client: httpx2.AsyncClient, status: int = 201, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/bookings", json={**KK, **more})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_two_hundred_want_the_last_place(tmp_path: Path) -> None:
    """One place is left in the session: of 200 clients one has it, 199 are told."""
    async with running(tmp_path, open_hours(), HandClock(BEFORE)) as hall:
        client = await hall.client()
        for _ in range(9):
            await book(client)
        answers = await asyncio.gather(
            *(
                client.post(
                    "/api/v1/bookings", json={**KK, "phone": f"0812{number:08d}"},
                    headers={"Idempotency-Key": f"client-{number}"},
                )
                for number in range(200)
            )
        )  # fmt: skip
        said = Counter(answer.json().get("code") for answer in answers if answer.status_code != 201)
        assert said == {"session_full": 199}
        (winner,) = [answer.json() for answer in answers if answer.status_code == 201]
        listed = (await client.get("/api/v1/services/kk-baru/sessions?day=2026-11-24")).json()
        (session,) = [one for one in listed["items"] if one["start"] == "10:00"]
        assert (session["free"], session["quota"], session["state"]) == (0, 10, "full")
        await client.post(f"/api/v1/bookings/{winner['token']}/cancellations", json={})
        await book(client)


async def test_the_same_key_books_once(tmp_path: Path) -> None:
    """A retry gets the first booking, also with the answer lost; another body is refused."""
    async with running(tmp_path, open_hours(), HandClock(BEFORE)) as hall:
        client = await hall.client()
        key = {"Idempotency-Key": "phone-7"}
        answers = await asyncio.gather(
            *(client.post("/api/v1/bookings", json=KK, headers=key) for _ in range(20))
        )
        assert len({answer.json()["token"] for answer in answers}) == 1
        other = {**KK, "start": "11:00"}
        again = await client.post("/api/v1/bookings", json=other, headers=key)
        assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_late_retry_moves_nothing_back(tmp_path: Path) -> None:
    """Moved to eleven, then to one; the first request comes once more: it stays at one. The same
    key with another session is refused."""
    async with running(tmp_path, open_hours(), HandClock(BEFORE)) as hall:
        client = await hall.client()
        made = await book(client)

        async def move(start: str, key: str) -> httpx2.Response:
            body = {"day": KK["day"], "start": start}
            url = f"/api/v1/bookings/{made['token']}/changes"
            return await client.post(url, json=body, headers={"Idempotency-Key": key})

        for start, key, then in (
            ("11:00", "first", "11:00"), ("13:00", "second", "13:00"), ("11:00", "first", "13:00"),
        ):  # fmt: skip
            answer = await move(start, key)
            assert (answer.status_code, answer.json()["start"]) == (201, then)
        again = await move("10:00", "second")
        assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")
        assert (await client.get(f"/api/v1/bookings/{made['token']}")).json()["start"] == "13:00"


async def test_a_package_is_one_booking_and_one_number(tmp_path: Path) -> None:
    """A session of its first service; at check-in the whole visit under one number, its first
    step first; by the pages and by programs."""
    hands = HandClock(BEFORE)
    async with running(tmp_path, open_hours(), hands) as hall:
        client, kiosk = await hall.client(), await hall.client("kiosk")
        for wrong in (
            {"package": "none"},
            {"package": "paket-bayi-lahir", "service": "kk-baru"},
            {},
        ):
            body = {"day": KK["day"], "start": "10:00", **wrong}
            answer = await client.post("/api/v1/bookings", json=body)
            assert answer.status_code == 422, wrong
        body = {"day": KK["day"], "start": "10:00", "package": "paket-bayi-lahir"}
        made = (await client.post("/api/v1/bookings", json=body)).json()
        assert (made["service"], made["package"]) == ("akta-kelahiran", "paket-bayi-lahir")
        start = (await client.get("/booking")).text
        assert "/booking/packages/paket-bayi-lahir" in start
        form = {"package": "paket-pindah-datang", "day": KK["day"], "start": "600", "key": "k" * 20}
        origin = {"Origin": hall.url}
        held = await client.post("/booking/holds", data=form, headers=origin)
        page = held.headers["location"]
        assert "Pindah datang sekeluarga" in (await client.get(page)).text
        await client.post(f"{page}/confirmations", data={}, headers=origin)
        shown = (await client.get(page)).text
        assert "Perubahan data Kartu Keluarga · Disdukcapil" in shown
        hands.time = clock("2026-11-24 10:05")
        token = page.rpartition("/")[2]
        for one, steps in ((made["token"], 3), (token, 3)):
            path = f"/api/v1/bookings/{one}/check-ins"
            ticket = (await kiosk.post(path, json={})).json()
            now = (await client.get(f"/api/v1/tickets/{ticket['token']}")).json()
            assert len(now["steps"]) == steps
            assert now["steps"][0]["here"]
            assert (await kiosk.post(path, json={})).json() == ticket


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"service": "sim-a-baru"}, 409, "not_bookable"),
        ({"service": "nothing"}, 422, "unknown_service"),
        ({"start": "10:01"}, 422, "no_such_session"),
        ({"day": "2026-02-30"}, 422, "no_such_session"),
        ({"day": "2026-12-24"}, 422, "no_such_session"),  # joint leave
        ({"day": "2026-12-14"}, 409, "session_far"),
        ({"start": "08:00"}, 409, "session_late"),
        ({"phone": "021-555"}, 422, "phone_needed"),
        ({"nik": "1801010101010001"}, 422, "invalid_input"),
    ],
)
async def test_what_cannot_be_booked(
    shared: Running, body: dict[str, str], status: int, code: str
) -> None:
    """Each with its code, and with the field where one is wrong. A NIK is not even a field."""
    client = await shared.client()
    answer = await client.post("/api/v1/bookings", json={**KK, **body})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("hall")
    async with running(folder, open_hours(), HandClock(BEFORE)) as hall:
        yield hall


async def test_strangers_are_slowed_down(tmp_path: Path) -> None:
    """After its attempts an address is told when to come back; staff is not counted."""
    few = open_hours(ANTREAN_BOOKING__PER_ADDRESS="2")
    async with running(tmp_path, few, HandClock(BEFORE)) as hall:
        client, staff = await hall.client(), await hall.client("operator")
        await book(client)
        await book(client)
        answer = await client.post("/api/v1/bookings", json=KK)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
        assert int(answer.headers["retry-after"]) > 0
        await book(staff)


async def test_the_way_of_a_booking(tmp_path: Path) -> None:
    """Booked, moved, too early, checked in by its code twice: one number, in its booked place
    between who came before that time and who came after."""
    time = HandClock(BEFORE)
    async with running(tmp_path, open_hours(), time) as hall:
        client, kiosk = await hall.client(), await hall.client("kiosk")
        made = await book(client, start="13:00")
        page = f"/api/v1/bookings/{made['token']}"
        moved = await client.post(f"{page}/changes", json={"day": KK["day"], "start": "10:00"})
        assert moved.json()["starts_at"] == "2026-11-24T10:00:00+07:00"
        check_in = f"/api/v1/bookings/{made['code']}/check-ins"
        assert (await client.post(check_in, json={})).status_code == 401
        time.time = clock("2026-11-24 09:15")
        early = await kiosk.post(check_in, json={})
        assert (early.json()["code"], "09.30" in early.json()["detail"]) == ("booking_early", True)
        before = await kiosk.post("/api/v1/tickets", json={"service": "kk-baru"})
        time.time = clock("2026-11-24 09:45")
        answers = await asyncio.gather(*(kiosk.post(check_in, json={}) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {201}
        ticket = answers[0].json()
        assert [answer.json() for answer in answers] == [ticket] * 10
        time.time = clock("2026-11-24 10:05")
        after = await kiosk.post("/api/v1/tickets", json={"service": "kk-baru"})
        line = hall.house.hall.lines["kk-baru"].ids()
        assert line == [before.json()["id"], ticket["id"], after.json()["id"]]
        booked = hall.house.hall.tickets[ticket["id"]]
        assert (booked.channel, booked.joined) == ("booking", clock("2026-11-24 10:00"))
        now = (await client.get(page)).json()
        assert (now["state"], now["ticket"]) == ("checked_in", ticket["id"])
        refused = await client.post(f"{page}/cancellations", json={})
        assert refused.json()["code"] == "booking_over"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("2026-11-24 11:16", "booking_late"),
        ("2026-11-23 10:00", "booking_ahead"),
        ("2026-11-25 10:00", "booking_past"),
    ],
)
async def test_too_late_and_on_another_day(tmp_path: Path, now: str, code: str) -> None:
    """Told which day or until when, also once it has expired."""
    time = HandClock(clock("2026-11-23 07:30"))
    async with running(tmp_path, open_hours(), time) as hall:
        client, kiosk = await hall.client(), await hall.client("kiosk")
        made = await book(client)
        time.time = clock(now)
        for _ in range(2):
            answer = await kiosk.post(f"/api/v1/bookings/{made['code']}/check-ins", json={})
            assert (answer.status_code, answer.json()["code"]) == (409, code)
            await hall.house.rooms.bookings.sweep()


async def test_a_booking_is_honoured_when_intake_is_closed(tmp_path: Path) -> None:
    """Scanned before the hall opens: too early, whatever the window. Then it gives a number, also
    while the service gives none to those who have not booked."""
    time = HandClock(BEFORE)
    hours = open_hours(ANTREAN_BOOKING__LEAD_MINUTES="0")
    async with running(tmp_path, hours, time) as hall:
        client, kiosk = await hall.client(), await hall.client("kiosk")
        chief = await hall.client("supervisor")
        made = await book(client, start="08:00")
        check_in = f"/api/v1/bookings/{made['token']}/check-ins"
        time.time = clock("2026-11-24 07:55")
        assert (await kiosk.post(check_in, json={})).json()["code"] == "booking_early"
        time.time = clock("2026-11-24 08:01")
        await chief.post("/api/v1/services/kk-baru/intake-closings", json={})
        walk_in = await kiosk.post("/api/v1/tickets", json={"service": "kk-baru"})
        assert walk_in.json()["code"] == "intake_closed"
        assert (await kiosk.post(check_in, json={})).status_code == 201


async def test_a_refused_number_leaves_the_booking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Desk refuses; scanned again when it doesn't: the number."""
    time = HandClock(BEFORE)
    async with running(tmp_path, open_hours(), time) as hall:
        client, kiosk = await hall.client(), await hall.client("kiosk")
        made = await book(client)
        time.time = clock("2026-11-24 10:01")
        check_in = f"/api/v1/bookings/{made['token']}/check-ins"
        submit = hall.house.desk.submit

        async def refuses(command: c.Command, **more: str) -> object:
            if isinstance(command, c.IssueTicket):
                raise Refusal("intake_closed", service=command.service)
            return await submit(command, **more)

        with monkeypatch.context() as patch:
            patch.setattr(hall.house.desk, "submit", refuses)
            assert (await kiosk.post(check_in, json={})).json()["code"] == "intake_closed"
        assert (await kiosk.post(check_in, json={})).status_code == 201


@pytest.mark.parametrize("numbered", [False, True])
async def test_a_crash_between_booking_and_ticket(tmp_path: Path, numbered: bool) -> None:
    """Killed after the claim, or after the number and before it was settled: at the next start
    the booking stands again, or has its number; scanning it gives one number in the end."""
    time = HandClock(BEFORE)
    async with running(tmp_path, open_hours(), time) as hall:
        made = await book(await hall.client())
        time.time = clock("2026-11-24 10:01")
        bookings = hall.house.rooms.bookings
        found = await bookings.find(made["code"])
        assert found is not None
        claimed = await bookings.claim(found.id)
        if numbered:  # what Arrivals does between claim and settle
            command = Arrivals(hall.house)._issue(claimed, BY, "", "")
            key = f"booking:{claimed.id}.{claimed.attempt}"
            await hall.house.desk.submit(command, key=key, digest=claimed.service)
    async with running(tmp_path, open_hours(), time) as hall:
        found = await hall.house.rooms.bookings.find(made["code"])
        assert found is not None
        assert (found.state, bool(found.ticket)) == (
            ("checked_in", True) if numbered else ("booked", False)
        )
        ticket = await Arrivals(hall.house).check_in(found, BY)
        assert [one.id for one in hall.house.hall.tickets.values()] == [ticket.id]
        assert ticket.booking == found.opaque


async def test_killed_while_many_check_in(tmp_path: Path) -> None:
    """kill -9 in the middle of thirty check-ins, then all of them again: thirty numbers."""
    server = Process(
        tmp_path, ANTREAN_HALL__TIMEZONE=zone_where_it_is_noon(),
        ANTREAN_BOOKING__EARLY_MINUTES="1440", ANTREAN_BOOKING__LEAD_MINUTES="0",
    )  # fmt: skip
    await server.start()
    headers = {"Authorization": f"Bearer {await server.secret('kiosk')}"}

    def client() -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=20)

    async def check_in(token: str) -> int:
        answer = await kiosk.post(f"/api/v1/bookings/{token}/check-ins", json={})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    async with client() as kiosk:
        listed = (await kiosk.get("/api/v1/services/kk-baru/sessions")).json()["items"]
        today = [one for one in listed if one["day"] == listed[0]["day"]]
        made = []
        for session in today[-3:]:
            for _ in range(10):
                answer = await book(kiosk, day=session["day"], start=session["start"])
                made.append(answer["token"])
        tasks = [asyncio.create_task(check_in(token)) for token in made]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        await server.kill()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    await server.start()
    async with client() as kiosk:
        again = [await check_in(token) for token in made]
    assert len(set(again)) == 30
    told = [one for one in done if isinstance(one, int)]
    assert told  # some were answered before
    assert set(told) <= set(again)  # a number that was answered is the booking's number
    assert await server.stop() == 0


def zone_where_it_is_noon() -> str:
    """A time zone in which the test's day is far from its ends."""
    hour = datetime.now(UTC).hour  # Etc's names have the sign the other way round
    return f"Etc/GMT{hour - 12:+d}"


async def test_a_number_from_afar(tmp_path: Path) -> None:
    """It has a place and is not called; the hall's code makes it callable, in that place."""
    time = HandClock(clock("2026-11-24 09:00"))
    async with running(tmp_path, open_hours(), time) as hall:
        house, arrivals = hall.house, Arrivals(hall.house)
        booker = Booker(device="a phone")
        with pytest.raises(Refused, match="remote_off"):
            await arrivals.take_from_afar("paspor", booker, "form-0")
        first, again = await asyncio.gather(
            *(arrivals.take_from_afar("kk-baru", booker, "form-1") for _ in range(2))
        )
        assert first == again
        assert first.until == time.time + 90 * MINUTE
        walked_in = await house.desk.submit(c.IssueTicket(service="kk-baru", token="t" * 22))
        assert house.hall.lines["kk-baru"].ids() == [walked_in[0].id]
        assert [one.id for one in await arrivals.absent("a phone")] == [first.id]
        assert await arrivals.absent("another") == []
        with pytest.raises(Refused, match="wrong_presence"):
            await arrivals.confirm_presence(first, "123456")
        shown = house.rooms.presence.shown(time.time)
        await arrivals.confirm_presence(first, shown.short)
        await arrivals.confirm_presence(house.hall.tickets[first.id], shown.long)
        assert house.hall.lines["kk-baru"].ids() == [first.id, walked_in[0].id]
        assert await arrivals.absent("a phone") == []


async def test_a_number_from_afar_expires_in_the_journal(tmp_path: Path) -> None:
    """Nobody came within `remote_minutes`: an entry says so."""
    time = HandClock(clock("2026-11-24 09:00"))
    async with running(tmp_path, open_hours(), time) as hall:
        ticket = await Arrivals(hall.house).take_from_afar("kk-baru", Booker(device="d"), "f")
        time.time += 90 * MINUTE
        await hall.house.desk.submit(c.IssueTicket(service="ktp-el-rekam", token="t" * 22))
        entries = await hall.house.desk.read(0, 100)
        expired = [one for one in entries if isinstance(one.event, e.TicketExpired)]
        assert [(one.event.ticket, one.by) for one in expired] == [(ticket.id, "system")]


async def test_no_number_from_afar_when_the_hall_closes_soon(tmp_path: Path) -> None:
    """Not in the last hour, not when it is closed; the Friday break does not count as the end."""
    time = HandClock(clock("2026-11-24 14:29"))
    async with running(tmp_path, open_hours(), time) as hall:
        arrivals = Arrivals(hall.house)
        arrivals.check_remote("kk-baru")
        time.time = clock("2026-11-24 14:31")
        with pytest.raises(Refused, match="remote_late"):
            arrivals.check_remote("kk-baru")
        time.time = clock("2026-11-27 11:15")
        arrivals.check_remote("kk-baru")
        time.time = clock("2026-11-27 12:15")
        with pytest.raises(Refusal, match="hall_closed"):
            arrivals.check_remote("kk-baru")


async def test_the_outside_is_told_with_the_contact_while_it_is_needed(tmp_path: Path) -> None:
    """With a webhook for bookings the number is kept, sealed, and goes over to the ticket;
    without one it isn't kept at all. Nothing of it is in the room's file."""
    with_one = open_hours(ANTREAN_WEBHOOKS__WA=WEBHOOK)
    time = HandClock(BEFORE)
    async with running(tmp_path / "with", with_one, time) as hall:
        made = await book(await hall.client(), phone="0812-3456-7890")
        house = hall.house
        assert house.rooms.notify.contacts.kept == 1
        time.time = clock("2026-11-24 10:00")
        found = await house.rooms.bookings.find(made["code"])
        assert found is not None
        assert len(found.phone) == 32
        ticket = await Arrivals(house).check_in(found, BY)
        passed_on = await house.rooms.notify.contacts.of(subject_of(ticket.token))
        assert passed_on == {"phone": "+6281234567890"}
    async with running(tmp_path / "without", open_hours(), HandClock(BEFORE)) as hall:
        await book(await hall.client(), phone="0812-3456-7890")
        assert hall.house.rooms.notify.contacts.kept == 0
        assert not Reception(hall.house).sends


async def test_every_step_is_told_once_with_a_stable_id(tmp_path: Path) -> None:
    """Booked, moved, cancelled: each is queued for the webhook, also when it is told twice; a
    hold that was given up is nobody's news; nothing in a message names a person."""
    with_one = open_hours(ANTREAN_WEBHOOKS__WA=WEBHOOK)
    async with running(tmp_path, with_one, HandClock(BEFORE)) as hall:
        client, house = await hall.client(), hall.house
        made = await book(client, phone="0812-3456-7890")
        page = f"/api/v1/bookings/{made['token']}"
        await client.post(f"{page}/changes", json={"day": KK["day"], "start": "11:00"})
        held = await Reception(house).hold("kk-baru", KK["day"], 600, Booker(), "a form's key")
        await house.rooms.bookings.cancel(held.token)
        await client.post(f"{page}/cancellations", json={})
        keeper = Bookkeeper(house)
        await keeper.tell()
        await keeper.tell()
        assert await house.rooms.bookings.untold() == []
        queued = await house.rooms.notify.outbox.due("webhook:wa", 2**62, 10)
        sent = [one.message for one in queued]
        assert [one.kind for one in sent] == [
            "booking.confirmed", "booking.changed", "booking.cancelled",
        ]  # fmt: skip
        assert len({one.id for one in sent}) == 3
        assert sent[1].data["starts_at"] == "2026-11-24T11:00:00+07:00"
        assert all("81234567890" not in str(one.data) for one in sent)
