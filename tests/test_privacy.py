"""No personal data in the journal, the databases, the log or the addresses: a whole day looked
through with what its people typed.

A new flow of citizens adds a step to `visit`, and what it lets people type to `TYPED`.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from queue_server.core import commands as c
from queue_server.tracking.intake import intake
from tests.hall import Running, config, running
from tests.notify.kit import hook, receiver
from tests.privacy import Watch, spellings

NIK, PHONE, EMAIL = "1801236505900003", "0812-7788-9900", "siti.aminah@contoh.example"
TYPED = (NIK, PHONE, EMAIL)
CHIEF = c.Actor("chief", steward=True)
SERVICE = "ktp-el-rekam"


def browser(hall: Running, watch: Watch) -> httpx2.AsyncClient:
    """A citizen's browser whose addresses are noted, those that it is sent to as well."""

    async def asked(request: httpx2.Request) -> None:
        watch.url(request.url)

    async def answered(response: httpx2.Response) -> None:
        watch.url(response.headers.get("location", ""))

    client = httpx2.AsyncClient(
        base_url=hall.url, trust_env=False, headers={"accept": "text/html"},
        event_hooks={"request": [asked], "response": [answered]},
    )  # fmt: skip
    hall.clients.append(client)
    return client


async def visit(hall: Running, watch: Watch) -> None:
    """From the kiosk to the survey and the tracked document, with everything a person may type."""
    web = browser(hall, watch)
    form = {"service": SERVICE, "key": "a-key-of-one-form-0001", "priority": "lansia"}
    taken = await web.post("/kiosk/tickets", data=form)
    token = taken.headers["location"].rpartition("/")[2]
    assert (await web.get(f"/t/{token}")).status_code == 200
    told = await web.post(
        f"/t/{token}/contacts", data={"phone": PHONE, "email": EMAIL, "consent": "1"}
    )
    assert told.status_code == 303
    assert watch.found(hall.folder.path, *TYPED) == [], "kept, and sealed"
    wrong = await web.post(
        f"/t/{token}/contacts", data={"phone": NIK, "email": EMAIL, "consent": "1"}
    )
    assert wrong.status_code == 422
    ticket = hall.house.hall.ticket_by_token(token)
    assert ticket is not None
    await serve(hall, ticket.id)
    await web.post(f"/t/{token}/contacts/removals")
    new = intake(hall.house.catalogue, SERVICE, ticket=token)
    recorded = await hall.house.rooms.tracking.register(new, "chief", counter="1")
    assert (await web.get(f"/tracking/{recorded.application.code}")).status_code == 200
    assert (await web.get(f"/survey/{token}")).status_code == 200
    await booked(hall, web)
    await lost(hall, web)


async def booked(hall: Running, web: httpx2.AsyncClient) -> None:
    """A place is booked with a number, refused with a NIK, and a number taken from home."""
    page = await web.get("/booking/services/kk-baru")
    fields = dict(re.findall(r'name="(service|day|key)" value="([^"]*)"', page.text))
    days = re.findall(r"day=([\d-]+)#", page.text)
    held = await web.post("/booking/holds", data={**fields, "day": days[-1], "start": "600"})
    mine = held.headers["location"]
    refused = await web.post(f"{mine}/confirmations", data={"phone": NIK})
    assert refused.status_code == 422
    assert (await web.post(f"{mine}/confirmations", data={"phone": PHONE})).status_code == 303
    assert (await web.get(mine)).status_code == 200
    assert (await web.get(f"{mine}/calendar.ics")).status_code == 200
    form = {"service": "kk-baru", "key": "a-key-of-one-form-0002"}
    assert (await web.post("/booking/now", data=form)).status_code == 303


async def serve(hall: Running, ticket: int) -> None:
    """The ticket is called and served, as the staff do it."""
    desk = hall.house.desk
    await desk.submit(c.OpenCounter(counter="1", by=CHIEF))
    await desk.submit(c.CallNext(counter="1", after=0, by=CHIEF))
    await desk.submit(c.StartService(counter="1", ticket=ticket, by=CHIEF))
    await desk.submit(c.FinishService(counter="1", ticket=ticket, by=CHIEF))


async def lost(hall: Running, web: httpx2.AsyncClient) -> None:
    """People type their number where it doesn't belong: sign-in, API, search, codes."""
    await web.post("/sign-in", data={"name": NIK, "password": PHONE})
    await web.post("/api/v1/tickets", json={"service": NIK, "language": EMAIL})
    quiet = await hall.client()  # what they put into an address themselves is theirs
    for path in ("/services", "/kiosk/search", "/tracking"):
        for typed in TYPED:
            await quiet.get(path, params={"q": typed, "code": typed})


async def test_a_whole_day_leaves_nothing_personal(tmp_path: Path) -> None:
    """Contacts only sealed, and gone at the end; nothing anywhere else."""
    async with receiver() as inbox:
        settings = config(**hook(inbox.url, "*"))
        with Watch() as watch:
            async with running(tmp_path, settings) as hall:
                await visit(hall, watch)
        assert len(watch.lines) > 20
        assert (tmp_path / "journal.db").exists()
        assert watch.found(tmp_path, *TYPED) == []


@pytest.mark.parametrize("typed", TYPED)
def test_the_watch_is_not_asleep(tmp_path: Path, typed: str) -> None:
    """It finds what is in a row, in a freed page, in the log, in an address."""
    with Watch() as watch, closing(sqlite3.connect(tmp_path / "x.db")) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("CREATE TABLE t (a)")
        db.execute("INSERT INTO t VALUES (?)", (f"von {typed} an",))
        db.commit()
        assert any("x.db: t.a" in one for one in watch.found(tmp_path, typed))
        db.execute("DELETE FROM t")
        db.commit()
        assert [one for one in watch.found(tmp_path, typed) if "bytes of x.db" in one]
        assert not watch.found(tmp_path)
        logging.getLogger("queue_server.x").info("gave %s", typed.replace("-", ""))
        watch.url(f"/t/x?who={typed.replace('@', '%40')}")
        found = watch.found(tmp_path / "none", typed)
    assert any(" in log: " in one for one in found)
    assert any(" in url: " in one for one in found)


def test_a_number_is_found_however_it_is_written() -> None:
    """With 0, 62, +62, spaces or hyphens."""
    for written in ("081277889900", "6281277889900", "+62 812-7788-9900", "0812 7788 9900"):
        assert "81277889900" in spellings(written)
