"""Web Push (RFC 8030, 8188, 8291, 8292): a call reaches a phone whose page is asleep.

What is sent is encrypted for the one browser; the push service sees a size and a time. Only known
push services are written to: the addresses come from strangers (`addresses.may_push`).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from urllib.parse import urlsplit

import http_ece
import httpx2
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from ..clock import SystemClock
from .addresses import Subscription, decoded
from .contacts import Contacts
from .kinds import TO_HOLDER
from .messages import Message, Outcome
from .webhooks import judged
from .words import said

ATTEMPT = 15.0
"""Seconds that one attempt may take as a whole."""
LIVES = {"ticket.near": 600, "ticket.go": 600, "ticket.step_served": 600, "ticket.rerouted": 600}
"""Seconds for which a push service keeps a message for a phone that is off; a call 120."""
SIGNED_FOR = 12 * 3600


class PushChannel:
    """`vapid` is the private key as PEM, `sender` whom push services may write to."""

    id = "push"
    ordered = False
    patience = 300_000
    kinds = tuple(sorted(TO_HOLDER))

    def __init__(
        self, vapid: bytes, sender: str, contacts: Contacts, client: httpx2.AsyncClient,
        current: Callable[[Message], bool],
    ) -> None:  # fmt: skip
        self._vapid = Vapid02.from_pem(vapid)
        self._sender = sender
        self._contacts = contacts
        self._client = client
        self._current = current

    @property
    def public_key(self) -> str:
        """What a browser subscribes with: `applicationServerKey`, base64url."""
        point = self._vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    def wants(self, message: Message) -> bool:
        """Of the holders who subscribed."""
        return message.kind in TO_HOLDER and self._contacts.has(message.subject, "push")

    async def send(self, message: Message) -> Outcome:
        """One attempt. A subscription that has ended is forgotten."""
        found = (await self._contacts.of(message.subject)).get("push")
        if found is None or not self._current(message):
            return Outcome("delivered", "not needed any more")
        to = msgspec.json.decode(found, type=Subscription)
        try:
            async with asyncio.timeout(ATTEMPT):
                answer = await self._client.post(
                    to.endpoint,
                    content=sealed(to, payload(message)),
                    headers=self._headers(to, message),
                )
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            return Outcome("later", type(error).__name__)
        if answer.status_code in (404, 410):
            await self._contacts.forget(message.subject, "push")
            return Outcome("never", f"HTTP {answer.status_code}, subscription ended")
        return judged(answer.status_code, answer.headers.get("retry-after", ""))

    def _headers(self, to: Subscription, message: Message) -> dict[str, str]:
        parts = urlsplit(to.endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "sub": self._sender,
            "exp": SystemClock().now() // 1000 + SIGNED_FOR,
        }
        topic = hashlib.sha256(message.subject.encode()).digest()[:18]
        return {
            **self._vapid.sign(claims),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(LIVES.get(message.kind, 120)),
            "urgency": "high",
            # A newer message takes an older one's place at the push service.
            "topic": base64.urlsafe_b64encode(topic).decode(),
        }


def new_vapid() -> bytes:
    """A private key for a hall, as PEM."""
    vapid = Vapid02()
    vapid.generate_keys()
    return bytes(vapid.private_pem())


def payload(message: Message) -> bytes:
    """What the service worker shows. The page's path, so that it opens on this site alone."""
    title, body = said(message.kind, message.data)
    path = urlsplit(message.data["url"]).path
    shown = {"kind": message.kind, "title": title, "body": body, "path": path}
    return msgspec.json.encode(shown)


def sealed(to: Subscription, content: bytes) -> bytes:
    """Encrypted for that browser alone, with a key pair that is used once (RFC 8291)."""
    return bytes(
        http_ece.encrypt(
            content,
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=decoded(to.keys.p256dh),
            auth_secret=decoded(to.keys.auth),
            version="aes128gcm",
        )
    )
