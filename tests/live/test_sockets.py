"""The live room on real sockets: real uvicorn, real clients, hostile clients."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import shutil
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from queue_server.live.limits import Limits
from queue_server.live.protocol import LiveProtocol
from queue_server.live.route import Refused

from .serving import PATIENCE, Hall, Raw, Scenario, receive, serving
from .test_wire import HOSTILE, masked


def close_of(found: list[tuple[int, bytes]]) -> int:
    """The code of the one close frame that ends a stream."""
    assert [first for first, _ in found].count(0x88) == 1
    first, payload = found[-1]
    assert first == 0x88
    return int.from_bytes(payload[:2], "big")


async def handshaking(hall: Hall) -> LiveProtocol:
    """The protocol of the one connection whose handshake is not answered yet."""
    connections: set[Any] = hall.server.server_state.connections
    await hall.until(lambda: any(isinstance(c, LiveProtocol) for c in connections))
    (protocol,) = (c for c in connections if isinstance(c, LiveProtocol))
    return protocol


async def test_state_at_once_then_calls() -> None:
    """A client has the state with no further ado, and each call once, in order."""
    async with serving() as hall, hall.connect("topic=zone:hall&as=html") as client:
        first = await receive(client)
        assert (first["type"], first["calls"], first["html"]) == ("state", [], "<p>")
        for _ in range(3):
            hall.commit("zone:hall", call=True)
        assert [call["id"] for call in (await receive(client))["calls"]] == [1, 2, 3]
        hall.commit("zone:hall")
        assert (await receive(client))["calls"] == []


async def test_resuming() -> None:
    """A client that comes back with its cursor hears what it missed; with a foreign one not."""
    async with serving() as hall:
        for _ in range(4):
            hall.commit("zone:hall", call=True)
        for query, told in {
            "epoch=epoch-1&after=2": [3, 4],
            "epoch=other&after=2": [],
            "epoch=epoch-1&after=99": [],
            "after=2": [],
            "epoch=epoch-1": [],
        }.items():
            async with hall.connect(f"topic=zone:hall&{query}") as client:
                assert [call["id"] for call in (await receive(client))["calls"]] == told


async def test_five_hundred_clients() -> None:
    """500 clients, 50 calls: each hears every call exactly once, in order."""
    async with serving() as hall:
        line = "topic=line:paspor"
        clients = await asyncio.gather(
            *(hall.connect(line, compression=None).__aenter__() for _ in range(500))
        )
        for client in clients:
            await receive(client)

        async def listen(client: Any) -> list[int]:
            told: list[int] = []
            while len(told) < 50:
                told += [call["id"] for call in (await receive(client))["calls"]]
            return told

        heard = asyncio.gather(*(listen(client) for client in clients))
        for _ in range(50):
            hall.commit("line:paspor", call=True)
            await asyncio.sleep(0)
        assert await heard == [list(range(1, 51))] * 500
        statistics = hall.hub.statistics()
        assert statistics.calls_told == 500 * 50
        await asyncio.gather(*(client.close() for client in clients))
        await hall.until(lambda: hall.hub.connections() == 0)


async def test_nothing_of_the_handshake_remains() -> None:
    """Once it is handed over there is no ASGI task; uvicorn counts the socket as a connection."""
    async with serving() as hall, hall.connect("topic=zone:hall") as client:
        await receive(client)
        await hall.until(lambda: not hall.server.server_state.tasks)
        names = [type(c).__name__ for c in hall.server.server_state.connections]
        assert names == ["Subscriber"]
        await client.close()
        await hall.until(lambda: not hall.server.server_state.connections)
        assert hall.hub.statistics().connections == 0


async def test_ping_and_close() -> None:
    """A ping is answered with its payload; a close with the same code."""
    async with serving() as hall, hall.connect("topic=zone:hall") as client:
        await receive(client)
        async with asyncio.timeout(PATIENCE):
            await (await client.ping(b"are you there"))
        await client.send("ignored")
        await client.send([b"a", b"b", b"c"])
        hall.commit("zone:hall", call=True)
        assert (await receive(client))["calls"]
        await client.close(3001, "bye")
        assert client.close_code == 3001
        assert client.protocol.close_rcvd is not None
        assert client.protocol.close_rcvd.code == 3001


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_frames(name: str) -> None:
    """The client is told the code, once, and the connection ends; others go on."""
    code, data = HOSTILE[name]
    async with serving() as hall, hall.connect("topic=zone:hall") as healthy:
        await receive(healthy)
        raw = await Raw.open(hall)
        await raw.frame()
        raw.send(data)
        assert close_of(await raw.rest()) == code
        await raw.close()
        await hall.until(lambda: hall.hub.connections() == 1)
        hall.commit("zone:hall", call=True)
        assert (await receive(healthy))["calls"]


async def test_a_large_message_learns_why() -> None:
    """A real client that sends megabytes reads 1009, not a reset connection."""
    async with serving() as hall:
        client = await hall.connect("topic=zone:hall")
        await receive(client)
        with suppress(ConnectionClosed):  # depends on how much of it the sockets take
            await client.send("x" * 4_000_000)
        with pytest.raises(ConnectionClosed):
            await client.recv()
        await client.wait_closed()
        assert client.close_code == 1009


async def test_bytes_before_the_answer() -> None:
    """What a hasty client sends before it is accepted is read afterwards, by the subscriber."""
    decide = asyncio.Event()

    async def slowly(socket: WebSocket, topics: list[str]) -> Refused | None:
        await decide.wait()
        return None

    async with serving(authorize=slowly) as hall:
        raw = await Raw.open(hall, answer=False)
        protocol = await handshaking(hall)
        raw.send(masked(9, b"hasty") + masked(8, (1001).to_bytes(2, "big"))[:3])
        await hall.until(lambda: bool(protocol._early))
        decide.set()
        assert (await raw.head()).startswith(b"HTTP/1.1 101")
        raw.send(masked(9, b"x")[:1])  # garbage for a close: still one frame, cut in two
        assert (await raw.frame()) == (0x8A, b"hasty")
        await raw.close()


async def test_a_flood_before_the_answer() -> None:
    """Who sends megabytes before being accepted waits, and is then refused for its size."""
    decide = asyncio.Event()

    async def slowly(socket: WebSocket, topics: list[str]) -> Refused | None:
        await decide.wait()
        return None

    async with serving(authorize=slowly) as hall:
        raw = await Raw.open(hall, answer=False)
        protocol = await handshaking(hall)
        raw.send(masked(1, b"x" * 2_000_000))
        await hall.until(lambda: not protocol.transport.is_reading())
        assert len(protocol._early or b"") < 500_000
        decide.set()
        assert (await raw.head()).startswith(b"HTTP/1.1 101")
        assert close_of(await raw.rest()) == 1009
        await raw.close()


@pytest.mark.parametrize("http", ["h11", "httptools"])
async def test_handshake_and_frame_in_one_packet(http: str) -> None:
    """uvicorn drops what is in the handshake's packet; the connection lives and is told."""
    async with serving(http=http) as hall:
        raw = await Raw.open(hall, together_with=masked(10, b"early"))
        first, payload = await raw.frame()
        assert (first, json.loads(payload)["type"]) == (0x81, "state")
        raw.send(masked(9, b"alive"))
        assert await raw.frame() == (0x8A, b"alive")
        await raw.close()


async def test_pings_of_a_client_that_does_not_read() -> None:
    """A flood of pings is not answered into the memory of the server."""
    async with serving() as hall:
        raw = await Raw.open(hall, receive_buffer=4096)
        await raw.frame()
        (subscriber,) = hall.server.server_state.connections
        transport = subscriber._transport  # type: ignore[union-attr]  # uvicorn types its own
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        for _ in range(200):
            raw.send(masked(9, b"p" * 125) * 1000)
            await raw.writer.drain()
        assert transport.get_write_buffer_size() < 70_000
        await raw.close()


async def test_clients_that_never_read() -> None:
    """20 of them delay nobody, are skipped, and get the newest with all calls once they read."""
    async with serving() as hall:
        hall.source.filler = "x" * 20_000
        stuck = [await Raw.open(hall, receive_buffer=4096) for _ in range(20)]
        for raw in stuck:
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        async with hall.connect("topic=zone:hall", compression=None) as healthy:
            await receive(healthy)
            for number in range(1, 101):
                hall.commit("zone:hall", call=True)
                assert [c["id"] for c in (await receive(healthy))["calls"]] == [number]
        statistics = hall.hub.statistics()
        assert statistics.paused == 20
        assert statistics.messages_written < 20 * 60
        for raw in stuck:
            raw.writer.transport.resume_reading()  # type: ignore[attr-defined]  # a reading transport
            told: list[int] = []
            version = -1
            while version < 100:
                state = json.loads((await raw.frame())[1])
                assert state["version"] > version
                version = state["version"]
                told += [call["id"] for call in state["calls"]]
            assert told == list(range(1, 101))
            await raw.close()


async def test_a_stuck_client_is_cut_off() -> None:
    """It is gone after the limit, from the hub and from uvicorn."""
    async with serving(Limits(stalled_seconds=0.05)) as hall:
        hall.source.filler = "x" * 400_000
        raw = await Raw.open(hall, receive_buffer=4096)
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        await hall.until(lambda: hall.hub.statistics().paused == 1)
        await hall.until(lambda: not hall.server.server_state.connections)
        assert hall.hub.statistics().dropped_stalled == 1
        await raw.close()


async def test_heartbeats_and_pings() -> None:
    """Heartbeats come with a ping; a client that answers stays, one that does not is dropped."""
    limits = Limits(heartbeat_seconds=0.02, silent_heartbeats=5)
    async with serving(limits) as hall, hall.connect("topic=zone:hall") as client:
        await receive(client)
        mute = await Raw.open(hall)
        found = await mute.rest()
        assert found.count((0x89, b"")) == 5
        await mute.close()
        for _ in range(10):
            assert await receive(client) == {"type": "heartbeat", "version": 0}
        assert hall.hub.statistics().dropped_silent == 1


async def test_shutdown(caplog: pytest.LogCaptureFixture) -> None:
    """uvicorn's graceful end: 1012 for all, once, and no error in the log."""
    caplog.set_level(logging.INFO)
    async with serving() as hall:
        client = await hall.connect("topic=zone:hall")
        raw = await Raw.open(hall)
        await receive(client)
        await raw.frame()
        stopped = asyncio.create_task(hall.stop())
        with pytest.raises(ConnectionClosed):
            await receive(client)
        assert client.close_code == 1012
        assert close_of(await raw.rest()) == 1012
        await raw.close()
        await stopped
        assert hall.hub.connections() == 0
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING], caplog.text


async def test_shutdown_with_a_client_that_never_reads() -> None:
    """It cannot hold up the end."""
    async with serving() as hall:
        hall.source.filler = "x" * 400_000
        raw = await Raw.open(hall, receive_buffer=4096)
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        await hall.until(lambda: hall.hub.statistics().paused == 1)
        await hall.stop()
        await raw.close()


async def test_the_hub_closes_first() -> None:
    """1012 from the hub is the only close, also when uvicorn stops behind it."""
    async with serving() as hall:
        raw = await Raw.open(hall)
        await raw.frame()
        await hall.hub.close()
        with pytest.raises(InvalidStatus) as refused:
            await hall.connect("topic=zone:hall")
        assert refused.value.response.status_code == 503
        assert refused.value.response.headers["retry-after"] == "2"
        await hall.stop()
        assert close_of(await raw.rest()) == 1012
        await raw.close()


async def test_an_abrupt_end() -> None:
    """A client that vanishes leaves nothing behind."""
    async with serving() as hall:
        for _ in range(3):
            raw = await Raw.open(hall)
            await raw.frame()
            await raw.close()
        half = await Raw.open(hall)
        await half.frame()
        half.writer.write_eof()
        await half.rest()
        await half.close()
        await hall.until(lambda: not hall.server.server_state.connections)
        assert hall.hub.connections() == 0


async def test_other_endpoints_stay_with_the_library() -> None:
    """A WebSocket endpoint that does not hand over works as ever, also for hasty clients."""

    decide = asyncio.Event()

    async def echo(socket: WebSocket) -> None:
        await decide.wait()
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text)

    async with serving(routes=[WebSocketRoute("/echo", echo)]) as hall:
        raw = await Raw.open(hall, path="/echo", answer=False)
        protocol = await handshaking(hall)
        raw.send(masked(1, b"one"))
        await hall.until(lambda: bool(protocol._early))
        decide.set()
        assert (await raw.head()).startswith(b"HTTP/1.1 101")
        raw.send(masked(1, b"two"))
        assert [await raw.frame(), await raw.frame()] == [(0x81, b"one"), (0x81, b"two")]
        raw.send(masked(8, (1000).to_bytes(2, "big")))
        assert close_of(await raw.rest()) == 1000
        await raw.close()


async def test_hand_over_has_its_moment() -> None:
    """Before accept, and after another turn of the loop, it is refused; twice it is False."""
    found: list[object] = []

    async def endpoint(socket: WebSocket) -> None:
        handle = socket.scope["extensions"]["antrean.live"]
        try:
            handle.hand_over(None)
        except RuntimeError as error:
            found.append(error)
        await socket.accept()
        for _ in range(2):
            await asyncio.sleep(0)
        try:
            handle.hand_over(None)
        except RuntimeError as error:
            found.append(error)

    async def twice(socket: WebSocket) -> None:
        hall: Hall = socket.app.state.hall
        handle = socket.scope["extensions"]["antrean.live"]
        await socket.accept()
        for _ in range(2):
            found.append(handle.hand_over(lambda t: hall.hub.join(t, ["zone:hall"])))
        found.append((await socket.receive())["type"])

    routes = [WebSocketRoute("/endpoint", endpoint), WebSocketRoute("/twice", twice)]
    async with serving(routes=list(routes)) as hall:
        hall.server.config.loaded_app.app.state.hall = hall
        raw = await Raw.open(hall, path="/endpoint")
        await raw.rest()
        await raw.close()
        assert [type(x) for x in found] == [RuntimeError, RuntimeError]
        found.clear()
        raw = await Raw.open(hall, path="/twice")
        await raw.frame()
        await hall.until(lambda: len(found) == 3)
        assert found == [True, False, "websocket.disconnect"]
        hall.commit("zone:hall")
        assert (await raw.frame())[0] == 0x81
        await raw.close()


async def test_a_receiver_that_cannot_be_made(caplog: pytest.LogCaptureFixture) -> None:
    """The error is logged and the connection ends; nothing hangs."""

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        socket.scope["extensions"]["antrean.live"].hand_over(None)

    async with serving(routes=[WebSocketRoute("/endpoint", endpoint)]) as hall:
        raw = await Raw.open(hall, path="/endpoint")
        assert await raw.rest() == []
        await raw.close()
        await hall.until(lambda: not hall.server.server_state.connections)
    assert "Exception in ASGI application" in caplog.text


async def test_no_token_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """The handshake is logged without its query: a ticket's token is a secret."""
    caplog.set_level(logging.INFO)
    async with serving() as hall, hall.connect("topic=ticket:s3cret") as client:
        assert (await receive(client))["topic"] == "ticket:s3cret"
        with pytest.raises(InvalidStatus):
            await hall.connect("topic=ticket:s3cret&as=xml")
    handshakes = [r.getMessage() for r in caplog.records if "WebSocket /live" in r.getMessage()]
    assert [line.rpartition('"')[2] for line in handshakes] == [" [accepted]", " 422"]
    assert not [
        r for r in caplog.records if r.name != "websockets.client" and "s3cret" in r.getMessage()
    ]


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
