"""The receiver of the docs as a process of its own, behind a real hall and before a gateway."""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.core import commands as c
from queue_server.notify.contacts import subject_of
from tests.hall import PATIENCE, ROOT, config, running
from tests.web.house import serving

from .kit import SECRET, hook
from .test_webhooks import CHIEF, call, take

PROGRAM = ROOT / "docs" / "examples" / "webhook_receiver.py"


@asynccontextmanager
async def receiver(gateway: str) -> AsyncIterator[str]:
    """The program, started as its docstring says; its address."""
    environ = {**os.environ, "ANTREAN_SECRET": SECRET, "GATEWAY_URL": gateway, "no_proxy": "*"}
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), "--port", "0", env=environ, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            said = (await child.stdout.readline()).decode()
        yield said.split()[-1]
    finally:
        child.kill()
        await child.wait()


async def test_a_call_reaches_the_gateway_once(tmp_path: Path) -> None:
    """Number, counter and page, to the telephone that was given; a repetition is dropped."""
    texts: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def take_text(request: Request) -> Response:
        texts.put_nowait(await request.json())
        return Response()

    gateway = Starlette(routes=[Route("/", take_text, methods=["POST"])])
    async with serving(gateway) as to, receiver(f"{to}/") as url:
        async with running(tmp_path, config(**hook(url, "ticket.*"))) as hall:
            ticket, notify = await take(hall, language="en"), hall.house.rooms.notify
            until = hall.house.clock.now() + 3_600_000
            await notify.contacts.give(subject_of(ticket.token), {"phone": "+6281234567890"}, until)
            await hall.house.desk.submit(c.OpenCounter(counter="1", by=CHIEF))
            await call(hall)
            async with asyncio.timeout(PATIENCE):
                sent = await texts.get()
            page = f"{hall.url}/t/{ticket.token}"
            assert sent == {
                "to": "+6281234567890",
                "text": f"Number A-001: please go to Counter 1 now. {page}",
            }
            done = await notify.outbox.log()
            while not all(one.state == "delivered" for one in done) or len(done) < 2:
                done = await notify.outbox.log()
        one = next(one for one in done if one.message.kind == "ticket.called")
        async with httpx2.AsyncClient(trust_env=False) as web:
            body = b'{"type": "ticket.called", "data": {}}'
            forged = {
                "webhook-id": one.message.id, "webhook-timestamp": "1795399200",
                "webhook-signature": "v1,AAAA",
            }  # fmt: skip
            assert (await web.post(url, content=body, headers=forged)).status_code == 401
            assert (await web.post(url, content=body)).status_code == 401
        assert texts.empty()


async def test_the_same_message_again_is_dropped() -> None:
    """Signed rightly, but seen already: accepted and not sent on."""
    texts: list[bytes] = []

    async def take_text(request: Request) -> Response:
        texts.append(await request.body())
        return Response()

    gateway = Starlette(routes=[Route("/", take_text, methods=["POST"])])
    async with serving(gateway) as to, receiver(f"{to}/") as url:
        async with httpx2.AsyncClient(trust_env=False) as web:
            for number in ("A-001", "A-001", "A-002"):
                answer = await web.post(url, **signed(number))
                assert answer.status_code == 204
        async with asyncio.timeout(PATIENCE):
            while not any(b"A-002" in text for text in texts):  # noqa: ASYNC110  # over sockets
                await asyncio.sleep(0.01)
    assert sum(b"A-001" in text for text in texts) == 1


def signed(number: str) -> dict[str, object]:
    """A call as the hall sends it."""
    data = {
        "number": number, "language": "id", "url": "https://x.example/t/1", "counter": "1",
        "counter_name": None, "contact": {"email": "siti@contoh.example"},
    }  # fmt: skip
    body = json.dumps({"type": "ticket.called", "timestamp": "", "data": data})
    at = datetime.datetime.now(datetime.UTC)
    return {
        "content": body.encode(),
        "headers": {
            "webhook-id": f"id-{number}",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(f"id-{number}", at, body),
        },
    }
