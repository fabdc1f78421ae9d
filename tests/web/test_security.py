"""The layer around every request: headers, same origin, sizes, whose request it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from .conftest import EXTRA
from .house import Place, open_place

FRAMED = "https://panel.example"


@pytest.fixture(scope="module")
async def framed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """A house whose boards another site may frame."""
    async with open_place(
        tmp_path_factory.mktemp("framed"), extra=EXTRA, frame_ancestors=(FRAMED,)
    ) as place:
        yield place


@pytest.fixture(scope="module")
async def cookies(shared: Place) -> dict[str, str]:
    """The cookies of a signed-in operator."""
    await shared.user("Origin", "operator")
    async with shared.signed_in("Origin") as client:
        return dict(client.cookies)


PATHS = ["/language", "/sign-in", "/nothing", "/broken", "/api/v1/hall", "/static/css/base.css"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_headers(shared: Place, path: str) -> None:
    """Also errors, also the last wall's."""
    async with shared.client() as client:
        answer = await client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    host = shared.url.removeprefix("http://")
    assert f"connect-src 'self' ws://{host} wss://{host};" in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "autoplay" not in answer.headers["permissions-policy"], "boards have to speak"


@pytest.mark.parametrize("host", ["evil; script-src *", "a b", "x'y"])
async def test_a_host_header_writes_no_policy(shared: Place, host: str) -> None:
    async with shared.client(Host=host) as client:
        answer = await client.get("/language")
    assert "evil" not in answer.headers["content-security-policy"]
    assert "connect-src 'self';" in answer.headers["content-security-policy"]


async def test_only_boards_may_be_framed(framed: Place) -> None:
    async with framed.client() as client:
        board, other = await client.get("/displays/a"), await client.get("/language")
    assert f"frame-ancestors 'self' {FRAMED}" in board.headers["content-security-policy"]
    assert "x-frame-options" not in board.headers
    assert "frame-ancestors 'none'" in other.headers["content-security-policy"]


async def test_pages_are_not_kept_by_caches(shared: Place) -> None:
    async with shared.client() as client:
        assert (await client.get("/sign-in")).headers["cache-control"] == "no-store"


SAME = "http://ours"
ORIGINS = [
    ({}, True),
    ({"Origin": SAME}, True),
    ({"Origin": "https://antrean.example"}, True),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "http://["}, False),
    ({"Referer": f"{SAME}/sign-in"}, True),
    ({"Referer": "https://evil.example/x"}, False),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site", "Origin": "http://x.test"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": SAME}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, False),
]
"""What a request says about where it comes from, and whether it is let in."""


def told(place: Place, headers: dict[str, str]) -> dict[str, str]:
    return {name: value.replace(SAME, place.url) for name, value in headers.items()}


@pytest.mark.parametrize(("headers", "welcome"), ORIGINS)
async def test_other_sites_cannot_act(
    shared: Place, cookies: dict[str, str], headers: dict[str, str], welcome: bool
) -> None:
    """By a form that a signed-in browser is made to send."""
    headers = told(shared, headers)
    async with shared.client(**headers) as client:
        client.cookies.update(cookies)
        answer = await client.post("/staff", data={"x": "1"})
    assert (answer.status_code, "cross_site" in answer.text) == (
        (200, False) if welcome else (403, True)
    )


@pytest.mark.parametrize(("headers", "welcome"), ORIGINS)
async def test_other_sites_may_read_nothing_by_sockets(
    shared: Place, cookies: dict[str, str], headers: dict[str, str], welcome: bool
) -> None:
    """A handshake carries cookies across sites, and no browser asks before it."""
    given = told(shared, headers)
    given["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    url = shared.url.replace("http", "ws") + "/listen"
    if welcome:
        async with connect(url, additional_headers=given, proxy=None) as socket:
            assert str(await socket.recv()).startswith("u")
    else:
        with pytest.raises(InvalidStatus) as caught:
            await connect(url, additional_headers=given, proxy=None)
        assert caught.value.response.status_code == 403


async def test_a_token_comes_from_anywhere(shared: Place) -> None:
    """No browser adds one by itself; and with one, cookies count for nothing."""
    async with shared.client("supervisor", Origin="https://evil.example") as client:
        assert (await client.post("/staff", data={"x": "1"})).status_code == 200


async def test_a_wrong_token_is_not_helped_by_a_cookie(
    shared: Place, cookies: dict[str, str]
) -> None:
    async with shared.client("not-a-token") as client:
        client.cookies.update(cookies)
        answer = await client.get("/staff")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_reading_is_free_of_origin(shared: Place) -> None:
    """A link on another site leads here."""
    async with shared.client(**{"Sec-Fetch-Site": "cross-site"}) as client:
        assert (await client.get("/language")).status_code == 200


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/size", 64 * 1024, 200), ("/size", 64 * 1024 + 1, 413), ("/large/size", 900_000, 200),
     ("/large/size", 1_000_001, 413)],
)  # fmt: skip
@pytest.mark.parametrize("chunked", [False, True])
async def test_bodies_have_a_size(
    shared: Place, path: str, size: int, status: int, chunked: bool
) -> None:
    """Said beforehand or counted as it comes."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 10_000):
            yield b"x" * min(10_000, size - start)

    async with shared.client() as client:
        answer = await client.post(path, content=pieces() if chunked else b"x" * size)
    assert answer.status_code == status
    if status == 413:
        assert answer.json()["code"] == "too_large"
    else:
        assert answer.text == str(size)


@pytest.mark.parametrize("said", ["99999999999999999999999999", "-1", "x"])
async def test_a_length_that_is_no_length(shared: Place, said: str) -> None:
    """Whatever the server in front makes of it, nothing breaks."""
    host, _, port = shared.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: {said}\r\n\r\n"
    writer.write(head.encode())
    status = (await reader.readline()).split()[1]
    assert status in (b"400", b"413")
    writer.close()
    await writer.wait_closed()


async def test_https_is_known_from_the_proxy(shared: Place) -> None:
    async with shared.client(**{"X-Forwarded-Proto": "https"}) as client:
        answer = await client.get("/language?lang=en")
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
