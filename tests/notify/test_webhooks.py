"""Webhooks from a real hall to a real receiver that verifies every signature."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

import pytest

from queue_server.config import ConfigError, load
from queue_server.core import commands as c
from queue_server.notify.contacts import subject_of
from queue_server.notify.webhooks import judged
from tests.hall import Running, config, running

from .kit import SECRET, hook, receiver

CHIEF = c.Actor("chief", steward=True)
SERVICE = "ktp-el-rekam"


async def take(hall: Running, **more: object) -> c.Command:
    token = secrets.token_urlsafe(16)
    (entry,) = await hall.house.desk.submit(
        c.IssueTicket(service=SERVICE, token=token, **more)  # type: ignore[arg-type]
    )
    return hall.house.hall.tickets[entry.id]  # type: ignore[return-value]


async def call(hall: Running, counter: str = "1") -> None:
    current = hall.house.hall.counters[counter].current
    if current and hall.house.hall.tickets[current].status == "called":
        await hall.house.desk.submit(c.StartService(counter=counter, ticket=current, by=CHIEF))
    await hall.house.desk.submit(c.CallNext(counter=counter, after=current, by=CHIEF))


async def test_what_happens_is_told_in_order_and_signed(tmp_path: Path) -> None:
    """Issued, called, started, served; number, counter, service and page, and no contact."""
    async with receiver() as got, running(tmp_path, config(**hook(got.url, "ticket.*"))) as hall:
        ticket = await take(hall)
        await hall.house.desk.submit(c.OpenCounter(counter="1", by=CHIEF))
        await call(hall)
        desk = hall.house.desk
        await desk.submit(c.StartService(counter="1", ticket=ticket.id, by=CHIEF))
        await desk.submit(c.FinishService(counter="1", ticket=ticket.id, by=CHIEF))
        await got.until(lambda: len(got.came) == 4)
        kinds = [body["type"].partition(".")[2] for _, body in got.came]
        assert kinds == ["issued", "called", "started", "served"]
        assert len({id for id, _ in got.came}) == 4
        (called,) = got.of("ticket.called")
        assert called == {
            "ticket": ticket.id, "number": "A-001", "service": SERVICE, "language": "id",
            "url": f"{hall.url}/t/{ticket.token}", "counter": "1",
            "counter_name": {"id": "Loket 1", "en": "Counter 1"},
            "call": hall.house.hall.tickets[ticket.id].call,
        }  # fmt: skip


async def test_a_restart_tells_what_was_missed_and_nothing_twice(tmp_path: Path) -> None:
    """What happened while the receiver was down comes after the restart, each id once."""
    async with receiver() as got:
        settings = config(**hook(got.url, "ticket.issued"))
        got.answers = [503]
        async with running(tmp_path, settings) as hall:
            await take(hall)
            await got.until(lambda: not got.answers)
            await take(hall)
        quiet = config()  # nobody to tell: the entry is followed all the same
        async with running(tmp_path, quiet) as hall:
            await take(hall)
        async with running(tmp_path, settings) as hall:
            await hall.house.rooms.notify.retry("webhook:wa")
            await take(hall)
            await got.until(lambda: len(got.of("ticket.issued")) >= 3)
        numbers = [data["number"] for data in got.of("ticket.issued")]
        assert numbers == ["A-001", "A-002", "A-004"]
        assert len({id for id, _ in got.came}) == 3


async def test_the_contact_goes_only_where_it_is_needed(tmp_path: Path) -> None:
    """With the call of a citizen who gave one, while the call is on; with nothing else."""
    kinds = ("ticket.called", "ticket.started", "ticket.issued")
    async with receiver() as got, running(tmp_path, config(**hook(got.url, *kinds))) as hall:
        notify, ticket = hall.house.rooms.notify, await take(hall)
        until = hall.house.clock.now() + 3_600_000
        await notify.contacts.give(subject_of(ticket.token), {"phone": "+6281234567890"}, until)
        await hall.house.desk.submit(c.OpenCounter(counter="1", by=CHIEF))
        await call(hall)
        await got.until(lambda: bool(got.of("ticket.called")))
        (called,) = got.of("ticket.called")
        assert called["contact"] == {"phone": "+6281234567890"}
        start = c.StartService(counter="1", ticket=ticket.id, by=CHIEF)
        await hall.house.desk.submit(start)
        await got.until(lambda: bool(got.of("ticket.started")))
        assert "contact" not in got.of("ticket.started")[0]
        assert "contact" not in got.of("ticket.issued")[0]
        seen = await notify.outbox.log()
        old = next(one.message for one in seen if one.message.kind == "ticket.called")
        assert await notify.contact(old) == {}  # late: nobody is sent to a counter in vain


async def test_who_comes_near_is_told_once(tmp_path: Path) -> None:
    """At the third place; who took a number there already is not; a restart tells nobody again."""
    async with receiver() as got:
        settings = config(**hook(got.url, "ticket.near"))
        async with running(tmp_path, settings) as hall:
            await hall.house.desk.submit(c.OpenCounter(counter="1", by=CHIEF))
            for _ in range(6):
                await take(hall)
            await call(hall)
            await got.until(lambda: len(got.of("ticket.near")) == 1)
            (near,) = got.of("ticket.near")
            assert (near["number"], near["position"]) == ("A-004", 3)
        async with running(tmp_path, settings) as hall:
            await call(hall)
            await got.until(lambda: len(got.of("ticket.near")) == 2)
        assert [one["number"] for one in got.of("ticket.near")] == ["A-004", "A-005"]


async def test_redirects_are_not_followed(tmp_path: Path) -> None:
    """A receiver can't send us anywhere else."""
    async with receiver() as got, running(tmp_path, config(**hook(got.url, "test"))) as hall:
        got.answers, got.headers = [302], {"location": got.url}
        notify = hall.house.rooms.notify
        await notify.emit("test", {})
        await got.until(lambda: not got.answers)
        await until_tried(notify)
        (one,) = await notify.outbox.log()
        assert (one.state, one.answer) == ("waiting", "HTTP 302, not followed")
        assert not got.came


async def test_a_receiver_that_is_not_there_costs_nothing(tmp_path: Path) -> None:
    """The call is answered; the message waits."""
    closed = config(**hook("http://127.0.0.1:9/hook", "ticket.*"))
    async with running(tmp_path, closed) as hall:
        ticket = await take(hall)
        await until_tried(hall.house.rooms.notify)
        (one,) = await hall.house.rooms.notify.outbox.log()
        assert (one.state, one.answer, ticket.number) == ("waiting", "ConnectError", "A-001")


async def until_tried(notify: object) -> None:
    for _ in range(500):
        if await notify.outbox.log():  # type: ignore[attr-defined]
            return
        await asyncio.sleep(0.01)
    pytest.fail("nothing was tried")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, "delivered"), (204, "delivered"), (301, "later"), (400, "never"), (401, "later"),
        (404, "later"), (410, "later"), (413, "never"), (422, "never"), (429, "later"),
        (500, "later"), (503, "later"),
    ],
)  # fmt: skip
def test_what_a_status_means(status: int, kind: str) -> None:
    """A receiver that doesn't want this message gets the next; one in trouble gets time."""
    assert judged(status).kind == kind
    assert judged(503, "120").after == 120_000
    assert judged(503, "Wed, 21 Oct").after == 0


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("SECRET", "hunter2", "webhooks.wa.secret: expected whsec_ and base64"),
        ("SECRET", "whsec_AAAA", "webhooks.wa.secret: expected whsec_ and base64"),
        ("URL", "ftp://x/", "webhooks.wa.url"),
        ("URL", "https://user:pass@x/", "webhooks.wa.url"),
        ("KINDS", '"ticket.called"', "webhooks.wa.kinds"),
        ("URL", "", "webhooks.wa.url"),
        ("COLOUR", "red", "webhooks.wa.colour: expected one of url, kinds, secret, secret_file"),
    ],
)
def test_a_wrong_endpoint_is_one_line(key: str, value: str, says: str) -> None:
    """The key and what was expected; never the secret."""
    variables = hook("https://gateway.example/hook", "ticket.*")
    with pytest.raises(ConfigError) as caught:
        load(None, {**variables, f"ANTREAN_WEBHOOKS__WA__{key}": value})
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_an_endpoint_has_a_plain_name() -> None:
    """It stands in addresses."""
    with pytest.raises(ConfigError, match="webhooks: expected names such as wa-gateway, found a_b"):
        load(None, {"ANTREAN_WEBHOOKS__A_B__URL": "https://x.example/"})


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """Beside the configuration, where only the server reads it."""
    (tmp_path / "wa.secret").write_text(SECRET + "\n")
    (tmp_path / "config.toml").write_text(
        '[webhooks.wa]\nurl = "https://x.example/"\nkinds = ["*"]\nsecret_file = "wa.secret"\n'
    )
    assert load(tmp_path / "config.toml", {}).webhooks["wa"].secret == SECRET
    (tmp_path / "wa.secret").unlink()
    with pytest.raises(ConfigError, match=r"webhooks\.wa\.secret_file"):
        load(tmp_path / "config.toml", {})
