"""An outbox on disk, channels that do as they are told, and a real receiver of webhooks."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.notify import outbox as box
from queue_server.notify.messages import Message, Outcome
from queue_server.notify.outbox import Outbox
from queue_server.store import Store
from tests.hall import PATIENCE
from tests.web.house import Hands as Hands
from tests.web.house import serving

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@contextlib.asynccontextmanager
async def outbox(folder: Path) -> AsyncIterator[Outbox]:
    store = Store(folder / "notify.db", box.STEPS)
    await store.open()
    try:
        yield Outbox(store)
    finally:
        await store.close()


@dataclass
class Scripted:
    """A channel that answers as `script` says, last answer for ever; it keeps what it was sent."""

    script: list[str] = field(default_factory=lambda: ["delivered"])
    ordered: bool = True
    patience: int = 24 * 3_600_000
    id: str = "webhook:x"
    kinds: tuple[str, ...] = ("*",)
    sent: list[str] = field(default_factory=list)

    def wants(self, message: Message) -> bool:
        return True

    async def send(self, message: Message) -> Outcome:
        self.sent.append(message.id)
        kind = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return Outcome(kind, kind)  # type: ignore[arg-type]  # a script of outcomes


def message(id: str, kind: str = "test", at: int = 0, **data: Any) -> Message:
    return Message(id, kind, at, data)


@dataclass
class Receiver:
    """What came: each body verified by the library, with its id. `answers`: statuses to give."""

    url: str = ""
    came: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of a kind, each id once."""
        return [body["data"] for _, body in self.came if body["type"] == kind]

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something to come about."""
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110  # what comes over a socket has no event here
                await asyncio.sleep(0.01)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        said = Webhook(SECRET).verify(body, dict(request.headers))
        status = self.answers.pop(0) if self.answers else 204
        if status < 300:
            self.came.append((request.headers["webhook-id"], said))
        return Response(status_code=status, headers=self.headers)


@contextlib.asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A real server on loopback that refuses what is not rightly signed (a 500)."""
    found = Receiver()
    app = Starlette(routes=[Route("/hook", found.take, methods=["POST"])])
    async with serving(app) as url:
        found.url = f"{url}/hook"
        yield found


def hook(url: str, *kinds: str, name: str = "WA") -> dict[str, str]:
    """The variables that configure an endpoint."""
    listed = ", ".join(f'"{kind}"' for kind in kinds)
    return {
        f"ANTREAN_WEBHOOKS__{name}__URL": url,
        f"ANTREAN_WEBHOOKS__{name}__SECRET": SECRET,
        f"ANTREAN_WEBHOOKS__{name}__KINDS": f"[{listed}]",
    }
