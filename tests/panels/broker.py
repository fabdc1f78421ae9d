"""A real mosquitto of our own on a loopback port: it can be killed, and started again."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.hall import PATIENCE

PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

LOOPBACK = ipaddress.ip_address("127.0.0.1")


class Broker:
    """The broker. `user`: it wants that name and the secret "rahasia". `tls`: it speaks TLS alone,
    with a certificate for 127.0.0.1 that stands in `authority` itself."""

    def __init__(self, folder: Path, user: str = "", tls: bool = False) -> None:
        self.user, self.tls = user, tls
        self.authority = folder / "authority.pem"
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._child: asyncio.subprocess.Process | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start, and wait until it listens."""
        assert PROGRAM, "make test installs mosquitto"
        lines = [f"listener {self.port} 127.0.0.1", "persistence false"]
        if self.user:
            passwords = self._folder / "passwords"
            if not passwords.exists():
                await self._password(passwords)
            lines += ["allow_anonymous false", f"password_file {passwords}"]
        else:
            lines.append("allow_anonymous true")
        if self.tls:
            key = certificate(self.authority)
            lines += [f"certfile {self.authority}", f"keyfile {key}"]
        settings = self._folder / "mosquitto.conf"
        settings.write_text("\n".join([*lines, f"user {os.environ.get('USER', 'root')}", ""]))
        self._child = await asyncio.create_subprocess_exec(
            PROGRAM, "-c", str(settings),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except ConnectionError:
                    assert self._child.returncode is None, "mosquitto ended"
                    await asyncio.sleep(0.01)
                else:
                    writer.close()
                    return

    async def kill(self) -> None:
        """kill -9: what it had retained is gone with it."""
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()

    async def _password(self, file: Path) -> None:
        child = await asyncio.create_subprocess_exec(
            shutil.which("mosquitto_passwd") or "", "-b", "-c", str(file), self.user, "rahasia",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert not await child.wait()


def certificate(file: Path) -> Path:
    """Write one for 127.0.0.1, signed by itself; its key's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hall")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(LOOPBACK)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kept = file.with_suffix(".key")
    kept.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return kept


class Seen:
    """What a second client is told: the last payload of each topic, and all of them in order."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}
        self.all: list[tuple[str, str, bool]] = []
        self._news = asyncio.Event()

    async def until(self, topic: str, *parts: str) -> str:
        """Wait until the topic's last payload has all these parts."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._news.clear()
                payload = self.last.get(topic)
                if payload is not None and all(part in payload for part in parts):
                    return payload
                await self._news.wait()

    async def follow(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            topic, payload = message.topic.value, message.payload.decode()
            self.last[topic] = payload
            self.all.append((topic, payload, message.retain))
            self._news.set()


@contextlib.asynccontextmanager
async def broker(folder: Path, user: str = "", tls: bool = False) -> AsyncIterator[Broker]:
    """A broker that runs."""
    made = Broker(folder, user, tls)
    await made.start()
    try:
        yield made
    finally:
        await made.kill()


@contextlib.asynccontextmanager
async def client(broker: Broker, *topics: str) -> AsyncIterator[Seen]:
    """A second client that has subscribed to these topics."""
    secret = "rahasia" if broker.user else None
    async with aiomqtt.Client(
        "127.0.0.1", broker.port, username=broker.user or None, password=secret
    ) as connected:
        seen = Seen()
        for topic in topics:
            await connected.subscribe(topic, qos=1)
        following = asyncio.create_task(seen.follow(connected))
        try:
            yield seen
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
