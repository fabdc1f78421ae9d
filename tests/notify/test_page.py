"""/admin/webhooks on a real hall: what was sent, what failed, and sending it again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from tests.hall import Running, config, running

from .kit import hook, receiver
from .test_webhooks import take, until_tried

PASSWORD = "kuda laut ungu 7"


@asynccontextmanager
async def signed_in(hall: Running, role: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser of somebody with that role."""
    office = hall.house.office
    once = await office.add_user(f"the {role}", role)
    user = next(user for user in await office.users() if user.role == role)
    await office.change_password(user.id, once, PASSWORD)
    web = await hall.client()
    web.headers["origin"] = hall.url
    form = {"name": f"the {role}", "password": PASSWORD}
    assert (await web.post("/sign-in", data=form)).status_code == 303
    yield web


async def test_a_dead_letter_is_seen_and_sent_again(tmp_path: Path) -> None:
    """Refused by the receiver: named with its answer; a click delivers it."""
    async with receiver() as got, running(tmp_path, config(**hook(got.url, "ticket.*"))) as hall:
        got.answers = [422]
        await take(hall)
        await until_tried(hall.house.rooms.notify)
        async with signed_in(hall, "admin") as web:
            page = (await web.get("/admin/webhooks")).text
            assert "ticket.issued" in page
            assert "HTTP 422" in page
            assert "A-001" in page
            (dead,) = await hall.house.rooms.notify.outbox.log(dead=True)
            form = {"channel": "webhook:wa", "seq": str(dead.seq)}
            answer = await web.post("/admin/webhooks/retries", data=form)
            assert (answer.status_code, answer.headers["location"]) == (303, "/admin/webhooks")
            await got.until(lambda: len(got.came) == 1)
            assert (
                await web.post("/admin/webhooks/retries", data={"channel": "webhook:wa"})
            ).status_code == 303


async def test_a_test_message_goes_to_one_endpoint(tmp_path: Path) -> None:
    """Whatever kinds it wants; an endpoint that is not there is a 404."""
    async with receiver() as got, receiver() as other:
        settings = config(**hook(got.url, "ticket.called"), **hook(other.url, "*", name="SMS"))
        async with running(tmp_path, settings) as hall, signed_in(hall, "admin") as web:
            sent = await web.post("/admin/webhooks/tests", data={"channel": "webhook:wa"})
            assert sent.status_code == 303
            await got.until(lambda: bool(got.of("test")))
            assert not other.came
            for path in ("tests", "retries"):
                for channel in ("webhook:nobody", "", "push"):
                    answer = await web.post(f"/admin/webhooks/{path}", data={"channel": channel})
                    assert answer.status_code == 404


async def test_only_administrators_may(tmp_path: Path) -> None:
    """A supervisor is refused and sees no such line in the menu; nobody is sent to sign in."""
    async with running(tmp_path, config()) as hall:
        nobody = await hall.client()
        assert (await nobody.get("/admin/webhooks")).status_code in (303, 401)
        async with signed_in(hall, "supervisor") as web:
            assert (await web.get("/admin/webhooks")).status_code == 403
            assert "/admin/webhooks" not in (await web.get("/admin")).text
        async with signed_in(hall, "admin") as web:
            assert "/admin/webhooks" in (await web.get("/admin")).text
            empty = (await web.get("/admin/webhooks")).text
            assert "/admin/webhooks/settings/new" in empty
