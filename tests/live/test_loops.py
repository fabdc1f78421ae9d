"""The same on every loop and parser, plain and over TLS."""

from __future__ import annotations

import asyncio
import gc
import json
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
import uvloop
from websockets.exceptions import ConnectionClosed

from .serving import PATIENCE, Raw, Scenario, close_of, receive, serving
from .test_wire import HOSTILE


async def whole_life(**config: Any) -> None:
    """What is done differently by loops and by TLS: every way in, every way out."""
    tls = config.pop("client_tls", None)
    async with serving(**config) as hall:
        options = {"ssl": tls, "server_hostname": "localhost"} if tls else {}
        client = await hall.connect("topic=zone:hall", **options)
        await receive(client)
        hall.commit("zone:hall", call=True)
        assert [call["id"] for call in (await receive(client))["calls"]] == [1]
        async with asyncio.timeout(PATIENCE):
            await (await client.ping(b"x"))
        hostile = await Raw.open(hall, tls=tls)
        await hostile.frame()
        hostile.send(HOSTILE["unmasked text"][1])
        assert close_of(await hostile.rest()) == 1002
        await hostile.close()
        hall.source.filler = "x" * 300_000
        stuck = await Raw.open(hall, tls=tls, receive_buffer=4096)
        stuck.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        for _ in range(10):
            hall.commit("zone:hall", call=True)
            await receive(client)
        await hall.until(lambda: hall.hub.statistics().paused == 1)
        stuck.writer.transport.resume_reading()  # type: ignore[attr-defined]  # a reading transport
        told: list[int] = []
        while len(told) < 10:
            told += [call["id"] for call in json.loads((await stuck.frame())[1])["calls"]]
        assert told == list(range(2, 12))
        await stuck.close()
        polite = await hall.connect("topic=zone:hall", **options)
        await receive(polite)
        await polite.close()
        await hall.until(lambda: hall.hub.connections() == 1)
        stopped = asyncio.create_task(hall.stop())
        with pytest.raises(ConnectionClosed):
            await receive(client)
        assert client.close_code == 1012
        await stopped


def on_uvloop(scenario: Scenario) -> None:
    async def run() -> None:
        await scenario()
        gc.collect()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(certificate, key) of localhost."""
    folder = tmp_path_factory.mktemp("tls")
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2"
        " -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("http", ["h11", "httptools"])
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
async def test_loops_and_tls(
    loop: str, http: str, secure: bool, certificate: tuple[Path, Path]
) -> None:
    """The same on asyncio's loop and uvloop, with both HTTP parsers, plain and over TLS."""
    config: dict[str, Any] = {"http": http}
    if secure:
        cert, key = certificate
        config |= {"ssl_certfile": cert, "ssl_keyfile": key}
        config["client_tls"] = ssl.create_default_context(cafile=cert)

    async def scenario() -> None:
        await whole_life(**config)

    if loop == "uvloop":
        await asyncio.to_thread(on_uvloop, scenario)
    else:
        await scenario()
