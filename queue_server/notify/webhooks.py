"""Outgoing webhooks by the Standard Webhooks specification (standardwebhooks.com): a POST of JSON
`{type, timestamp, data}`, signed over id, time and body.

The signature's time is the machine's: receivers refuse what is minutes away from theirs. It goes
to the configured address and nowhere else: redirects are not followed.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import msgspec
from standardwebhooks import Webhook as Signer

from ..clock import SystemClock
from ..config import WebhookSection
from .messages import Message, Outcome, matches

ATTEMPT = 15.0
"""Seconds that one attempt may take as a whole."""
READ = 4096
"""Bytes of an answer that are read: a receiver has nothing to tell us."""
PATIENCE = 24 * 3_600_000
REFUSED = frozenset({400, 413, 415, 422})
"""The receiver understood and does not want this message: the next one may be right."""

Contact = Callable[[Message], Awaitable[dict[str, str]]]
"""The contact that a message needs, as far as it was given and is still of use."""


class WebhookChannel:
    """One configured endpoint. `zone` is the hall's time zone, for timestamps."""

    ordered = True
    patience = PATIENCE

    def __init__(
        self, id: str, section: WebhookSection, client: httpx2.AsyncClient, contact: Contact,
        zone: datetime.tzinfo,
    ) -> None:  # fmt: skip
        self.id = f"webhook:{id}"
        self.section = section
        self.url = section.url
        self.kinds = section.kinds
        self._signer = Signer(section.secret)
        self._client = client
        self._contact = contact
        self._zone = zone

    def wants(self, message: Message) -> bool:
        """By the kinds of its section: names, or patterns such as `ticket.*`."""
        return matches(self.kinds, message.kind)

    async def send(self, message: Message) -> Outcome:
        """One attempt."""
        data = message.data
        if contact := await self._contact(message):
            data = {**data, "contact": contact}
        body = _body(message, data, self._zone)
        headers = {"content-type": "application/json", **self._signed(message.id, body)}
        try:
            async with (
                asyncio.timeout(ATTEMPT),
                self._client.stream("POST", self.url, content=body, headers=headers) as answer,
            ):
                await _glance(answer)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            return Outcome("later", type(error).__name__)
        return judged(answer.status_code, answer.headers.get("retry-after", ""))

    def _signed(self, id: str, body: bytes) -> dict[str, str]:
        seconds = SystemClock().now() // 1000
        at = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        return {
            "webhook-id": id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": self._signer.sign(id, at, body.decode()),
        }


def judged(status: int, retry_after: str = "") -> Outcome:
    """What an HTTP status means for a message."""
    answer = f"HTTP {status}"
    if 200 <= status < 300:
        return Outcome("delivered", answer)
    if 300 <= status < 400:
        return Outcome("later", f"{answer}, not followed")
    plain = retry_after.isascii() and retry_after.isdecimal()
    after = min(int(retry_after[:6]), 3600) * 1000 if plain else 0
    return Outcome("never" if status in REFUSED else "later", answer, after)


def _body(message: Message, data: dict[str, Any], zone: datetime.tzinfo) -> bytes:
    at = datetime.datetime.fromtimestamp(message.at / 1000, zone)
    said = {"type": message.kind, "timestamp": at.isoformat(timespec="milliseconds"), "data": data}
    return msgspec.json.encode(said)


async def _glance(answer: httpx2.Response) -> None:
    """Read a little, so that an ordinary connection can be used again."""
    read = 0
    async for part in answer.aiter_raw():
        read += len(part)
        if read > READ:
            return
