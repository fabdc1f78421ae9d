"""Web Push against a push service that does what real ones do: checks the sender's signature and
decrypts with the browser's key. Over TLS on loopback."""

from __future__ import annotations

import asyncio
import base64
import datetime
import ipaddress
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import http_ece
import httpx2
import msgspec
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from py_vapid import Vapid02
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.config import PushSection
from queue_server.notify.addresses import Keys, Subscription, may_push
from queue_server.notify.contacts import subject_of
from queue_server.notify.messages import Message
from queue_server.notify.room import Notify, open_notify
from tests.hall import config

from .kit import Hands

HOSTS = PushSection().hosts
ISSUED = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass
class Browser:
    """A browser's side of a subscription: the private key stays here."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"sixteen bytes ok"

    def subscription(self, endpoint: str) -> Subscription:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return Subscription(endpoint, Keys(plain(point), plain(self.auth)))

    def read(self, body: bytes) -> dict[str, Any]:
        clear = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return dict(json.loads(clear))


@dataclass
class Service:
    """A push service: what came to it, headers and body."""

    url: str = ""
    status: int = 201
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        self.came.append((dict(request.headers), await request.body()))
        return Response(status_code=self.status)


def plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that nobody else trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push service")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ISSUED).not_valid_after(ISSUED + datetime.timedelta(days=36_500))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return cert, private


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    found = Service()
    cert, key = certificate(tmp_path)
    app = Starlette(routes=[Route("/send/{id}", found.take, methods=["POST"])])
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        how = uvicorn.Config(
            app, lifespan="off", log_config=None, ssl_certfile=cert, ssl_keyfile=key
        )
        server = uvicorn.Server(how)
        server.config.load()
        task = asyncio.create_task(server._serve([sock]))
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.005)
        found.url = f"https://127.0.0.1:{sock.getsockname()[1]}/send/abc"
        yield found
        server.should_exit = True
        await task


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Notify]:
    """The room of a hall with https, whose client trusts the service's certificate."""
    folder.joinpath("data").mkdir(exist_ok=True)
    trust = ssl.create_default_context(cafile=folder / "cert.pem")
    settings = config(ANTREAN_SERVER__URL="https://antrean.example")

    def client() -> httpx2.AsyncClient:
        return httpx2.AsyncClient(verify=trust, trust_env=False, timeout=10)

    async with open_notify(settings, folder / "data", Hands(), client) as notify:
        yield notify


def called(token: str, language: str = "id") -> Message:
    data = {
        "ticket": 1, "number": "A-012", "language": language, "counter": "5", "call": 9,
        "counter_name": {"id": "Loket 5", "en": "Counter 5"},
        "url": f"https://antrean.example/t/{token}",
    }  # fmt: skip
    return Message("e-9", "ticket.called", 0, data, subject_of(token))


async def give(notify: Notify, token: str, to: Subscription) -> None:
    await notify.contacts.give(subject_of(token), {"push": msgspec.json.encode(to).decode()}, 9**18)


async def test_only_the_browser_can_read_it(tmp_path: Path, service: Service) -> None:
    """Encrypted by RFC 8291, signed by RFC 8292 for that service; number and counter are in it,
    and nothing of it is in the clear."""
    phone = Browser()
    async with room(tmp_path) as notify:
        assert notify.push is not None
        await give(notify, "tok", phone.subscription(service.url))
        outcome = await notify.push.send(called("tok", "en"))
        key = notify.push.public_key
    assert (outcome.kind, outcome.answer) == ("delivered", "HTTP 201")
    ((headers, body),) = service.came
    assert phone.read(body) == {
        "kind": "ticket.called", "title": "Your turn: Counter 5", "path": "/t/tok",
        "body": "Number A-012. Please go to Counter 5 now.",
    }  # fmt: skip
    assert b"A-012" not in body
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["urgency"]) == ("120", "high")
    assert len(headers["topic"]) <= 32
    assert Vapid02.verify(headers["authorization"])
    token, used = re.fullmatch(r"vapid t=([^,]+),k=(.+)", headers["authorization"]).groups()  # type: ignore[union-attr]  # asserted by the line above
    assert used == key
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    origin = service.url.partition("/send")[0]
    assert (claims["aud"], claims["sub"]) == (origin, "https://antrean.example")
    with pytest.raises(http_ece.ECEException):
        Browser().read(body)


async def test_the_key_of_the_hall_stays(tmp_path: Path, service: Service) -> None:
    """Subscriptions of before a restart still work after it."""
    async with room(tmp_path) as notify:
        assert notify.push is not None
        before = notify.push.public_key
    async with room(tmp_path) as notify:
        assert notify.push is not None
        assert notify.push.public_key == before
        assert len(base64.urlsafe_b64decode(before + "=")) == 65


async def test_a_subscription_that_ended_is_forgotten(tmp_path: Path, service: Service) -> None:
    """410 by the push service: deleted, and never tried again."""
    service.status = 410
    async with room(tmp_path) as notify:
        assert notify.push is not None
        await give(notify, "tok", Browser().subscription(service.url))
        assert notify.push.wants(called("tok"))
        assert (await notify.push.send(called("tok"))).kind == "never"
        assert not notify.push.wants(called("tok"))
        assert notify.contacts.kept == 0


async def test_a_stranger_certificate_is_not_trusted(tmp_path: Path, service: Service) -> None:
    """Without the service's certificate nothing is sent: the way is checked."""
    async with room(tmp_path) as notify:
        assert notify.push is not None
        await give(notify, "tok", Browser().subscription(service.url))
        async with httpx2.AsyncClient(trust_env=False) as other:
            notify.push._client = other
            outcome = await notify.push.send(called("tok"))
    assert outcome.kind == "later"
    assert not service.came


@pytest.mark.parametrize(
    ("endpoint", "good"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evil.example/fcm.googleapis.com", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://127.0.0.1/x", False),
        ("https://169.254.169.254/latest", False),
        ("https://[::1]/x", False),
        ("https://push.apple.com/x", False),
        ("https://[fcm.googleapis.com/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_known_push_services_are_written_to(endpoint: str, good: bool) -> None:
    """The address comes from a stranger: no other host, port or scheme."""
    assert may_push(Browser().subscription(endpoint), HOSTS) is good


def test_keys_must_be_keys() -> None:
    """A point that is not on the curve, or a short secret, is refused when it is given."""
    good = Browser().subscription("https://web.push.apple.com/x")
    for keys in (
        Keys("AAAA", good.keys.auth), Keys(good.keys.p256dh, "AAAA"), Keys("!", "!"),
        Keys(plain(b"\x04" + b"\x01" * 64), good.keys.auth),
    ):  # fmt: skip
        assert not may_push(Subscription(good.endpoint, keys), HOSTS)
