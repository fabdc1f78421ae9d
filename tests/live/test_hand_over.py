"""From the library's handshake to the subscriber: what is handed over, and what is not."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus

from queue_server.live.route import Refused

from .serving import Hall, Raw, close_of, handshaking, receive, serving
from .test_wire import masked


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
