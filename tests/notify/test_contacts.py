"""Contacts: sealed on disk, given back to who may ask, and gone in time, from every file."""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from queue_server import backup
from queue_server.core import commands as c
from queue_server.folder import Folder
from queue_server.notify import contacts as people
from queue_server.notify.addresses import Wrong, email, given, masked, phone
from queue_server.notify.contacts import Contacts, subject_of
from queue_server.store import Store
from tests.hall import PATIENCE, config, running

from .kit import Hands, hook
from .test_webhooks import CHIEF, call, take

HOUR = 3_600_000
NUMBER = "+6281234567890"
PUSH = "https://fcm.googleapis.com/fcm/send/a-phone-of-a-citizen"


@asynccontextmanager
async def contacts(folder: Path, key: bytes = b"k" * 32) -> AsyncIterator[Contacts]:
    store = Store(folder / "contacts.db", people.STEPS, private=True)
    await store.open()
    found = Contacts(store, key)
    await found.load()
    try:
        yield found
    finally:
        await store.close()


def all_bytes(folder: Path) -> bytes:
    """Every byte of every file in a data folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_a_contact_is_kept_sealed(tmp_path: Path) -> None:
    """Read back after a restart; neither number nor token stands in a file."""
    subject = subject_of("a-secret-token")
    async with contacts(tmp_path) as found:
        await found.give(subject, {"phone": NUMBER, "push": PUSH}, 9)
    for what in (NUMBER, "81234567890", PUSH, "a-secret-token"):
        assert what.encode() not in all_bytes(tmp_path)
    async with contacts(tmp_path) as found:
        assert await found.of(subject) == {"phone": NUMBER, "push": PUSH}
        assert found.has(subject, "push")
        assert await found.of(subject_of("another")) == {}


async def test_another_row_cannot_be_put_in_its_place(tmp_path: Path) -> None:
    """A sealed value is bound to its holder: moved to another, it is deleted unread."""
    one, other = subject_of("one"), subject_of("other")
    async with contacts(tmp_path) as found:
        await found.give(one, {"phone": NUMBER}, 9)
        await found._store.write(("UPDATE contacts SET subject = ?", (other,)))
    async with contacts(tmp_path) as found:
        assert await found.of(other) == {}
        assert found.kept == 0


async def test_a_lost_key_leaves_nothing(tmp_path: Path) -> None:
    """What nobody can read is deleted, not kept."""
    async with contacts(tmp_path) as found:
        await found.give(subject_of("one"), {"phone": NUMBER}, 9)
    async with contacts(tmp_path, key=b"x" * 32) as found:
        assert (found.kept, await found.of(subject_of("one"))) == (0, {})


async def test_a_day_later_no_file_holds_anything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """24 hours of the clock after the visit: number, mail and subscription are in no file of the
    data folder, sealed or plain; the log of it holds counts."""
    caplog.set_level(logging.INFO)
    clock = Hands()
    settings = config(**hook("http://127.0.0.1:9/x", "ticket.*"))
    async with running(tmp_path, settings, clock) as hall:
        notify = hall.house.rooms.notify
        web = await hall.client()
        ticket = await take(hall)
        body = {"consent": True, "phone": "0812-3456-7890", "email": "siti@Contoh.example"}
        answer = await web.post(f"/api/v1/tickets/{ticket.token}/contacts", json=body)
        assert answer.json() == {
            "phone": "+62812••••7890", "email": "s••••@contoh.example", "push": False,
        }  # fmt: skip
        await hall.house.desk.submit(c.OpenCounter(counter="1", by=CHIEF))
        await call(hall)
        start = c.StartService(counter="1", ticket=ticket.id, by=CHIEF)
        await hall.house.desk.submit(start)
        rows = await notify.contacts._store.read("SELECT sealed FROM contacts")
        sealed = [bytes(row[0]) for row in rows]
        assert len(sealed) == 2
        assert all(one in all_bytes(tmp_path) for one in sealed)  # the control: it is looked for
        finish = c.FinishService(counter="1", ticket=ticket.id, by=CHIEF)
        await hall.house.desk.submit(finish)
        clock.at += 24 * HOUR
        await _until_kept(notify.contacts, 0, clock)
        found = all_bytes(tmp_path) + caplog.text.encode()
        for one in (*sealed, b"81234567890", b"3456-7890", b"siti@", b"contoh.example"):
            assert one not in found
        (swept,) = await notify.contacts.sweeps()
        assert (swept.deleted, swept.kept) == (2, 0)
        assert "contacts: 2 deleted, 0 kept" in caplog.text


async def test_leaving_the_queue_deletes_at_once(tmp_path: Path) -> None:
    """As does the number's end; being served leaves `contact_hours`."""
    clock = Hands()
    settings = config(**hook("http://127.0.0.1:9/x", "ticket.*"))
    async with running(tmp_path, settings, clock) as hall:
        notify, desk = hall.house.rooms.notify, hall.house.desk
        left, stays = await take(hall), await take(hall)
        for ticket in (left, stays):
            subject = subject_of(ticket.token)
            await notify.contacts.give(subject, {"phone": NUMBER}, clock.at + 24 * HOUR)
        await desk.submit(c.CancelTicket(ticket=left.id))
        await _until_kept(notify.contacts, 1)
        await desk.submit(c.OpenCounter(counter="1", by=CHIEF))
        await call(hall)
        await desk.submit(c.StartService(counter="1", ticket=stays.id, by=CHIEF))
        await desk.submit(c.FinishService(counter="1", ticket=stays.id, by=CHIEF))
        clock.at += HOUR
        await notify.contacts.sweep(clock.now())
        assert notify.contacts.kept == 1
        clock.at += 2 * HOUR
        await _until_kept(notify.contacts, 0, clock)


async def _until_kept(found: Contacts, count: int, clock: Hands | None = None) -> None:
    """Swept at the clock's time, if there is one, as the house does every minute."""
    async with asyncio.timeout(PATIENCE):
        while found.kept != count:
            await asyncio.sleep(0.01)  # the follower works beside the Desk
            if clock is not None:
                await found.sweep(clock.now())


async def test_the_end_of_a_visit_survives_a_crash(tmp_path: Path) -> None:
    """Cancelled while nobody followed the journal: deleted at the next start."""
    clock = Hands()
    settings = config(**hook("http://127.0.0.1:9/x", "ticket.*"))
    async with running(tmp_path, settings, clock) as hall:
        notify, ticket = hall.house.rooms.notify, await take(hall)
        subject = subject_of(ticket.token)
        await notify.contacts.give(subject, {"phone": NUMBER}, clock.at + 24 * HOUR)
        follower, notify.follower = notify.follower, None  # it hears nothing more
        assert follower is not None
        await hall.house.desk.submit(c.CancelTicket(ticket=ticket.id))
        notify.follower = follower
    async with running(tmp_path, settings, clock) as hall:
        await _until_kept(hall.house.rooms.notify.contacts, 0)


async def test_keys_and_contacts_are_private_and_in_no_backup(tmp_path: Path) -> None:
    """Files of the server's user alone; a backup holds neither contacts nor keys."""
    settings = config(ANTREAN_SERVER__URL="https://antrean.example")
    async with running(tmp_path, settings) as hall:
        ticket = await take(hall)
        subject = subject_of(ticket.token)
        until = hall.house.clock.now() + HOUR
        await hall.house.rooms.notify.contacts.give(subject, {"phone": NUMBER}, until)
        for name in ("contacts.db", "contacts.key", "vapid.pem"):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        target = tmp_path.parent / "backup.tar"
        await asyncio.to_thread(backup.back_up, Folder(tmp_path), target)
        key = (tmp_path / "contacts.key").read_bytes()
        packed = target.read_bytes()
        assert key not in packed
        assert b"contacts" not in packed
        assert b"PRIVATE KEY" not in packed
        assert b"notify.db" in packed


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"consent": True, "phone": "021 555 1234"}, "phone"),
        ({"consent": True, "email": "siti@nowhere"}, "email"),
        ({"consent": True}, "phone"),
        ({"phone": "081234567890"}, "consent"),
        ({"consent": False, "phone": "081234567890"}, "consent"),
        ({"consent": True, "push": {"endpoint": "https://x.example/",
                                    "keys": {"p256dh": "AA", "auth": "AA"}}}, "push"),
        ({"consent": True, "phone": "081234567890", "name": "Siti"}, "name"),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_named(tmp_path: Path, body: object, field: str) -> None:
    """422 with the field; nothing is kept."""
    settings = config(**hook("http://127.0.0.1:9/x", "ticket.*"))
    async with running(tmp_path, settings) as hall:
        ticket, web = await take(hall), await hall.client()
        answer = await web.post(f"/api/v1/tickets/{ticket.token}/contacts", json=body)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert hall.house.rooms.notify.contacts.kept == 0


async def test_nothing_is_asked_for_that_nobody_would_use(tmp_path: Path) -> None:
    """Without an endpoint for calls and reminders no number is kept, and no form shown."""
    async with running(tmp_path, config(**hook("http://127.0.0.1:9/x", "counter.*"))) as hall:
        ticket, web = await take(hall), await hall.client()
        body = {"consent": True, "phone": "081234567890"}
        answer = await web.post(f"/api/v1/tickets/{ticket.token}/contacts", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "nobody_writes")
        assert "/contacts" not in (await web.get(f"/t/{ticket.token}")).text


async def test_a_holder_takes_it_back(tmp_path: Path) -> None:
    """Deleted by API and by form, twice as once; a key reused for another body is refused; a
    finished visit keeps nothing new."""
    settings = config(**hook("http://127.0.0.1:9/x", "ticket.*"))
    async with running(tmp_path, settings) as hall:
        ticket, web = await take(hall), await hall.client()
        path = f"/api/v1/tickets/{ticket.token}/contacts"
        key = {"Idempotency-Key": "k1"}
        for _ in range(2):
            body = {"consent": True, "phone": "081234567890"}
            assert (await web.post(path, json=body, headers=key)).status_code == 201
        other = {"consent": True, "phone": "081299999999"}
        again = await web.post(path, json=other, headers=key)
        assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")
        assert (await web.post(f"{path}/removals", json={})).json() == {"removed": 1}
        assert (await web.post(f"{path}/removals", json={})).json() == {"removed": 0}
        assert (await web.get(path)).json() == {"phone": None, "email": None, "push": False}
        form = {"phone": "0812 3456 7890", "consent": "1"}
        page = f"/t/{ticket.token}"
        assert (await web.post(f"{page}/contacts", data=form)).status_code == 303
        assert "+62812••••7890" in (await web.get(page)).text
        assert (await web.post(f"{page}/contacts/removals")).status_code == 303
        refused = await web.post(f"{page}/contacts", data={"phone": "0812 3456 7890"})
        assert refused.status_code == 422
        assert "persetujuan" in refused.text
        wrong = await web.post(f"{page}/contacts", data={"phone": "12", "consent": "1"})
        assert wrong.status_code == 422
        assert "Nomor ponsel belum benar: tulis seperti 0812 3456 7890." in wrong.text
        assert 'value="12" aria-invalid="true" aria-describedby="wrong"' in wrong.text
        await hall.house.desk.submit(c.CancelTicket(ticket=ticket.id))
        late = await web.post(path, json={"consent": True, "phone": "081234567890"})
        assert (late.status_code, late.json()["code"]) == (409, "not_allowed")


# Ways of writing ----------------------------------------------------------------------------


@cases(st.from_regex(r"8[0-9]{8,11}", fullmatch=True), st.sampled_from(["0", "62", "+62", "+62 "]))
def test_every_way_of_writing_a_number_is_one(digits: str, start: str) -> None:
    """08…, 62…, +62…, with spaces, dots and hyphens."""
    spaced = start + "-".join([digits[:3], digits[3:7], digits[7:]])
    assert phone(spaced) == phone(start + digits) == f"+62{digits}"
    assert phone(phone(spaced) or "") == f"+62{digits}"


@cases(st.text(max_size=40))
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed: a number, an address, or none; what is masked hides most of it."""
    number, mail = phone(text), email(text)
    assert number is None or number.startswith("+628")
    assert mail is None or "@" in mail
    if number is not None:
        assert len(masked("phone", number).replace("•", "")) <= 10


@pytest.mark.parametrize("text", ["08²3456789", "0812345", "+1 555 123 4567", "08123456789012345"])
def test_no_number(text: str) -> None:
    """Foreign, too short, too long, or digits that are none."""
    assert phone(text) is None
    with pytest.raises(Wrong):
        given(text, "")
