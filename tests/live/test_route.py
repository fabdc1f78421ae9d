"""The handshake of /live: who gets in, and what the others are told."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus

from queue_server.live.hub import Hub
from queue_server.live.route import SENTENCES, LiveRoute, Refused

from .fakes import FakeSource
from .serving import everyone, receive, serving

REFUSED = {
    "": (422, "no_topic", "topic"),
    "topic=": (422, "no_topic", "topic"),
    "topic=zone:hall&topic=": (422, "no_topic", "topic"),
    "&".join(f"topic=line:{n}" for n in range(17)): (422, "too_many_topics", "topic"),
    "topic=zone:hall&as=xml": (422, "bad_form", "as"),
    "topic=zone:hall&as=": (422, "bad_form", "as"),
    "topic=zone:hall&as=json&as=html": (422, "bad_form", "as"),
    "topic=zone:hall&epoch=e&after=-1": (422, "bad_cursor", "after"),
    "topic=zone:hall&epoch=e&after=": (422, "bad_cursor", "after"),
    "topic=zone:hall&epoch=e&after=1_0": (422, "bad_cursor", "after"),
    "topic=zone:hall&epoch=e&after=%D9%A3": (422, "bad_cursor", "after"),
    "topic=zone:hall&epoch=e&after=" + "9" * 5000: (422, "bad_cursor", "after"),
    "topic=zone:hall&epoch=e&after=1&after=2": (422, "bad_cursor", "after"),
    "topic=zone:hall&topic=zone:moon": (404, "unknown_topic", "topic"),
}


@pytest.mark.parametrize("query", REFUSED, ids=lambda q: q[:40] or "nothing")
async def test_bad_requests(query: str) -> None:
    """Each is refused before the handshake, as a problem with code and sentence."""
    status, code, field = REFUSED[query]
    async with serving() as hall:
        hall.source.unknown.add("zone:moon")
        with pytest.raises(InvalidStatus) as refused:
            await hall.connect(query, additional_headers={"Accept-Language": "en-GB"})
        response = refused.value.response
        assert response.headers["content-type"] == "application/problem+json"
        problem = json.loads(response.body)
        assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
        assert problem["errors"] == [{"field": field, "message": problem["detail"]}]
        assert problem["title"]
        assert hall.hub.connections() == 0


async def test_in_the_language_of_the_request() -> None:
    """Indonesian, unless English is asked for."""
    async with serving() as hall:
        found = []
        for headers in ({}, {"Accept-Language": "id"}, {"Accept-Language": "en"}):
            with pytest.raises(InvalidStatus) as refused:
                await hall.connect("", additional_headers=headers)
            found.append(json.loads(refused.value.response.body)["detail"])
    words = SENTENCES["no_topic"]
    assert found == [words["id"], words["id"], words["en"]]


async def test_permission_comes_first() -> None:
    """Who may not ask does not learn what there is; the handshake carries the reason."""
    asked: list[list[str]] = []

    async def nobody(socket: WebSocket, topics: list[str]) -> Refused | None:
        asked.append(topics)
        return Refused(401, "unauthorized", "Sign in first.")

    async with serving(authorize=nobody) as hall:
        hall.source.unknown.add("counter:99")
        with pytest.raises(InvalidStatus) as refused:
            await hall.connect("topic=counter:99&topic=zone:hall&topic=counter:99")
    response = refused.value.response
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert json.loads(response.body) == {
        "status": 401,
        "title": "Unauthorized",
        "detail": "Sign in first.",
        "code": "unauthorized",
    }
    assert asked == [["counter:99", "zone:hall"]]


async def test_a_topic_named_twice() -> None:
    """It is told once."""
    twice = "topic=zone:hall&topic=zone:hall&topic=line:1"
    async with serving() as hall, hall.connect(twice) as client:
        topics = [(await receive(client))["topic"] for _ in range(2)]
        assert topics == ["zone:hall", "line:1"]
        assert hall.hub.statistics().by_kind == {"zone": 1, "line": 1}


def test_another_server() -> None:
    """Under a server that cannot hand over, the answer is 500, not a slower imitation."""
    app = Starlette(routes=[WebSocketRoute("/live", LiveRoute(Hub(FakeSource()), everyone))])
    with (
        TestClient(app) as client,
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/live?topic=zone:hall"),
    ):
        pass
    assert refused.value.status_code == 500
    assert refused.value.json()["code"] == "no_live_feed"
