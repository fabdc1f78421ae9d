"""Personal data: its limits, its erasure by time and at somebody's request, and the log of both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from admin.retention import wanted
from queue_server.notify.contacts import subject_of
from queue_server.reception import Booker, Reception
from queue_server.retention import PREFIX, RULES, Retention
from queue_server.survey.ballots import Ballot, Visit
from queue_server.tracking.intake import intake
from queue_server.tracking.model import Change
from tests.counters.kit import Place, place
from tests.counters.test_routes import Colleague, colleague

HERE = "/admin/retention"
DAY = 24 * 3_600_000
PHONE = "+6281234567890"
WORDS = "anaknya menunggu di luar"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


@pytest.fixture
async def chief(hall: Place) -> Colleague:
    return await colleague(hall, "Chief", "admin")


async def erase(chief: Colleague, code: str) -> str:
    form = {"code": code, "sure": "1"}
    answer = await chief.client.post(f"{HERE}/erasures?lang=en", data=form)
    return answer.text


async def recorded(hall: Place) -> list[object]:
    """What the log has of requests."""
    changes = await hall.house.rooms.changes.newest(PREFIX)
    return [msgspec.json.decode(one.after) for one in changes.values()]


async def test_a_ticket_s_contacts_and_notes_go_at_once(hall: Place, chief: Colleague) -> None:
    """Out of the files too; without a tick nothing goes; the log says how many, never whose."""
    rooms, (ticket, other) = hall.house.rooms, await hall.queue(2)
    contacts, subject = rooms.notify.contacts, subject_of(ticket.token)
    await contacts.give(subject, {"phone": PHONE}, hall.clock.time + DAY)
    await contacts.give(subject_of(other.token), {"phone": PHONE}, hall.clock.time + DAY)
    await rooms.notes.add(ticket.id, WORDS, "u1", "5")
    unsure = await chief.client.post(f"{HERE}/erasures", data={"code": ticket.number})
    assert (unsure.status_code, contacts.has(subject, "phone")) == (422, True)
    assert "No number of today" in await erase(chief, "Z-999")
    assert "Erased, and recorded." in await erase(chief, ticket.number.lower())
    assert not contacts.has(subject, "phone")
    assert contacts.has(subject_of(other.token), "phone")
    assert rooms.notes.of(ticket.id) == ()
    data = hall.running.folder.path
    assert not [path for path in data.glob("notes.db*") if WORDS.encode() in path.read_bytes()]
    (after,) = await recorded(hall)
    assert after == {
        "found_by": "ticket", "contacts": 1, "notes": 1, "rule": "at somebody's request",
    }  # fmt: skip
    assert ticket.number not in (await chief.client.get("/admin/changes?kind=erasure.")).text


async def test_a_booking_that_stands_keeps_its_place(hall: Place, chief: Colleague) -> None:
    """Without what it says of its holder; one that is over goes as a whole."""
    reception, bookings = Reception(hall.house), hall.house.rooms.bookings
    (day, *_) = (one for one in await reception.days(reception.terms("paspor")) if one.free)
    session = next(one.session.key for one in day.slots if one.state == "free")
    made = await reception.book("paspor", session.day, session.start, Booker(device="d"), "", "")
    before = await bookings.find(made.code)
    assert before is not None
    assert before.device
    assert "Erased" in await erase(chief, made.code)
    after = await bookings.find(made.code)
    assert after is not None
    assert (after.device, after.phone, after.state) == ("", "", "booked")
    hall.clock.time = after.ends + DAY
    await bookings.sweep()
    assert "Bookings: 1" in await erase(chief, made.code)
    assert await bookings.find(made.code) is None


async def test_an_application_goes_once_it_has_ended(hall: Place, chief: Colleague) -> None:
    """While its agency needs it, it is refused; then it goes with its history and its keys; the
    history of one that stays can't be deleted."""
    tracking = hall.house.rooms.tracking
    new = intake(hall.house.catalogue, "paspor", ticket="")
    mine = (await tracking.register(new, "u1", key="k", digest="d")).application
    other = (await tracking.register(new, "u1")).application
    assert "has not ended" in await erase(chief, mine.code)
    await tracking.move(Change(mine.code, "dibatalkan"), "u1")
    assert "Applications that have ended: 1" in await erase(chief, mine.code.lower())
    assert await tracking.find(mine.code) is None
    left = await tracking.find(other.code)
    assert left is not None
    assert left.steps


async def test_what_is_due_goes_and_is_counted(hall: Place) -> None:
    """Remarks, applications, contacts and notes, each by its own rule; what is not due stays; a
    second look finds nothing more."""
    house, rooms = hall.house, hall.house.rooms
    retention = Retention(house)
    (ticket,) = await hall.queue(1)
    await rooms.notify.contacts.give(subject_of(ticket.token), {"phone": PHONE}, hall.clock.time)
    await rooms.notify.contacts.sweep(hall.clock.time + 1)
    await rooms.notes.add(ticket.id, WORDS, "u1", "5")
    new = intake(house.catalogue, "paspor", ticket="")
    ended = (await rooms.tracking.register(new, "u1")).application
    stays = (await rooms.tracking.register(new, "u1")).application
    await rooms.tracking.move(Change(ended.code, "dibatalkan"), "u1")
    ballot = Ballot(Visit("paspor", "imigrasi", "5"), "2024-01-02", "morning", {}, {}, "Bagus", "")
    await rooms.survey.archive.add([(b"0123456789abcdef", ballot)])
    hall.clock.time += 731 * DAY
    await rooms.notes.sweep()
    await hall.queue(0)
    await retention.look()
    await retention.look()
    changes = await rooms.changes.newest(PREFIX)
    counts = {one.what.removeprefix(PREFIX): msgspec.json.decode(one.after)["count"]
              for one in changes.values()}  # fmt: skip
    assert counts == {"remarks": 1, "applications": 1, "notes": 1, "contacts": 1}
    assert len(await rooms.changes.newest(PREFIX)) == 4
    assert await rooms.tracking.find(ended.code) is None
    assert await rooms.tracking.find(stays.code) is not None
    assert await rooms.survey.archive.remarks() == []


async def test_limits_are_changed_within_their_bounds_or_not_at_all(
    hall: Place, chief: Colleague
) -> None:
    """One number outside: it is marked, and nothing is changed; supervisors may not."""
    form = {rule.name: str(rule.least) for rule in RULES}
    answer = await chief.client.post(f"{HERE}/settings", data=form | {"phone.contact_hours": "25"})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1
    assert hall.house.config.notes.keep_hours == 12
    assert (await chief.client.post(f"{HERE}/settings", data=form)).status_code == 303
    config = hall.house.config
    assert (config.notes.keep_hours, config.phone.contact_hours, config.booking.keep_days,
            config.retention.application_days) == (0, 0, 1, 30)  # fmt: skip
    rina = await colleague(hall, "Rina", "supervisor")
    assert (await rina.client.post(f"{HERE}/settings", data=form)).status_code == 403


@pytest.mark.parametrize("text", ["", "-1", "1.5", "999999", "x", "²"])
def test_what_is_no_number_within_the_bounds_is_refused(text: str) -> None:
    """Whatever was typed."""
    form = {rule.name: str(rule.most) for rule in RULES}
    assert wanted(form)["retention"] == {"remark_days": 1825, "application_days": 3650}
    with pytest.raises(ValueError, match="application_days"):
        wanted(form | {"retention.application_days": text})
