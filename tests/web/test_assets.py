"""Static files: by a hash for ever, otherwise asked for each time, and never anything else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.web.assets import Assets

from .house import ROOT, Place, open_place


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """A house with static files of its own, and a secret beside them."""
    folder = tmp_path_factory.mktemp("house")
    static = folder / "static"
    for name, content in {
        "css/tokens.css": b"a{}", "css/base.css": b"b{}", "js/x.mjs": b"export {}",
        "audio/c.wav": b"0123456789", "fonts/a.woff2": b"f", ".hidden": b"h",
    }.items():  # fmt: skip
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_bytes(content)
    (folder / "secret").write_bytes(b"s")
    async with open_place(folder, static=static) as place:
        yield place


async def test_a_hashed_file_never_changes(served: Place) -> None:
    url = served.house.front.assets.url("css/base.css")
    async with served.client() as client:
        answer = await client.get(url)
    assert answer.content == b"b{}"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize("url", ["/static/css/base.css", "/static/0123456789ab/css/base.css"])
async def test_any_other_address_is_asked_again(served: Place, url: str) -> None:
    """The bare one, and that of the build before, whose pages are still open."""
    async with served.client() as client:
        answer = await client.get(url)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        tag = answer.headers["etag"]
        for sent in (tag, f"W/{tag}", f'"x", {tag}'):
            again = await client.get(url, headers={"If-None-Match": sent})
            assert (again.status_code, again.content) == (304, b"")
        assert (await client.get(url, headers={"If-None-Match": '"x"'})).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["../secret", "%2e%2e/secret", "css/../../secret", "..%2fsecret", "/etc/passwd", ".hidden",
     "css", "", "css/%00", "css/base.css/"],
)  # fmt: skip
async def test_no_path_leads_out(served: Place, path: str) -> None:
    async with served.client() as client:
        request = client.build_request("GET", "/static/x")
        request.url = request.url.copy_with(raw_path=f"/static/{path}".encode())
        assert (await client.send(request)).status_code == 404


@pytest.mark.parametrize(
    ("name", "type"),
    [("js/x.mjs", "text/javascript"), ("audio/c.wav", "audio/"), ("fonts/a.woff2", "font/woff2")],
)
async def test_types_are_right_on_every_machine(served: Place, name: str, type: str) -> None:
    async with served.client() as client:
        answer = await client.get(served.house.front.assets.url(name))
    assert answer.headers["content-type"].startswith(type)


async def test_players_get_their_ranges(served: Place) -> None:
    async with served.client(Range="bytes=2-4") as client:
        answer = await client.get(served.house.front.assets.url("audio/c.wav"))
    assert (answer.status_code, answer.content) == (206, b"234")


def test_the_build_knows_every_file(tmp_path: Path) -> None:
    """A static file, its name, a template: each makes another build; nothing else does."""
    root, template = tmp_path / "static", tmp_path / "x.html"
    root.mkdir()
    (root / "a.css").write_text("a")
    template.write_text("t")
    first = Assets(root, [template]).build
    assert Assets(root, [template]).build == first
    template.write_text("u")
    second = Assets(root, [template]).build
    (root / "a.css").rename(root / "b.css")
    third = Assets(root, [template]).build
    (root / "b.css").write_text("b")
    assert len({first, second, third, Assets(root, [template]).build}) == 4


def test_a_file_that_is_missing_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Assets(ROOT / "static").url("css/none.css")


async def test_browsers_that_ask_for_an_icon_get_an_answer(served: Place) -> None:
    async with served.client() as client:
        assert (await client.get("/favicon.ico")).status_code == 204
