"""Signing in with nothing but forms and cookies."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.web.forms import same_site

from .house import PASSWORD, Place


class Inputs(HTMLParser):
    """The fields of a page's forms, and what would need a script or a style of the page's own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.labels: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input":
            self.values[given.get("name") or ""] = given.get("value") or ""
        if tag == "label":
            self.labels.add(given.get("for") or "")
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag in ("script", "style") and not given.get("src"):
            self.inline.append(tag)


def browser(place: Place) -> httpx2.AsyncClient:
    return place.client(Accept="text/html", Origin=place.url)


async def post(client: httpx2.AsyncClient, path: str, **form: str) -> httpx2.Response:
    return await client.post(path, data=form)


async def test_the_whole_way_without_a_script(place: Place) -> None:
    """A page, the sign-in, the forced change, the page; the secret is another one each time."""
    once = await place.house.office.add_user("Budi", "operator")
    async with browser(place) as client:
        client.cookies.set("session", "planted", domain="127.0.0.1")
        to_sign_in = await client.get("/staff")
        page = await client.get(to_sign_in.headers["location"])
        fields = Inputs(page.text)
        assert fields.values == {"next": "/staff", "name": "", "password": ""}
        assert fields.labels == {"name", "password"}
        form = {**fields.values, "name": "Budi", "password": once}
        signed_in = await post(client, "/sign-in", **form)
        assert signed_in.headers["location"] == "/password?next=/staff"
        first = client.cookies["session"]
        assert first != "planted"

        refused = await client.get("/staff")
        assert refused.headers["location"] == "/password?next=/staff"
        page = await client.get("/password?next=/staff")
        assert "sekali pakai" in page.text
        form = {**Inputs(page.text).values, "old": once, "new": PASSWORD, "again": PASSWORD}
        changed = await post(client, "/password", **form)
        assert changed.headers["location"] == "/staff"
        assert client.cookies["session"] != first
        assert (await client.get("/staff")).text == "u1 operator"


async def test_until_the_change_nothing_else_opens(place: Place) -> None:
    """Neither pages nor the API nor sockets take a one-time password."""
    once = await place.house.office.add_user("Budi", "operator")
    async with browser(place) as client:
        await post(client, "/sign-in", name="Budi", password=once)
        answer = await client.get("/api/v1/counters", headers={"Accept": "*/*"})
        assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")
        assert (await client.get("/sign-in")).headers["location"] == "/password"


async def test_an_old_secret_is_worth_nothing(place: Place) -> None:
    """After another sign-in in the same browser, and after the sign-out."""
    await place.user("Budi", "supervisor")
    async with place.signed_in("Budi") as client:
        first = client.cookies["session"]
        again = await client.post("/sign-in", data={"name": "Budi", "password": PASSWORD})
        assert again.status_code == 303
        second = client.cookies["session"]
        for secret, status in ((first, 401), (second, 200)):
            async with place.client() as other:
                other.cookies.set("session", secret)
                assert (await other.get("/stewards")).status_code == status
        out = await client.post("/sign-out")
        assert out.headers["location"] == "/sign-in"
        async with place.client() as other:
            other.cookies.set("session", second)
            assert (await other.get("/stewards")).status_code == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(place: Place) -> None:
    await place.user("Budi", "operator")
    form = {"name": "Budi", "password": PASSWORD}
    for proto in ("http", "https"):
        async with place.client(**{"X-Forwarded-Proto": proto}) as client:
            cookie = (await client.post("/sign-in", data=form)).headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert ("Secure" in cookie) == (proto == "https")
        assert "Max-Age=43200" in cookie


async def test_a_failure_is_told_in_the_page(shared: Place) -> None:
    """With the name as it was typed, without the password, as text."""
    async with browser(shared) as client:
        answer = await post(
            client, "/sign-in?lang=en", name='"><script>x', password="secret-word", next="/staff"
        )
    assert answer.status_code == 403
    assert "The name or the password is not right." in answer.text
    assert 'role="alert"' in answer.text
    assert "secret-word" not in answer.text
    assert "<script>x" not in answer.text
    assert Inputs(answer.text).values == {"next": "/staff", "name": '"><script>x', "password": ""}


async def test_too_many_failures_say_when_to_come_again(place: Place) -> None:
    async with browser(place) as client:
        for _ in range(8):
            assert (await post(client, "/sign-in", name="x", password="y")).status_code == 403
        answer = await post(client, "/sign-in", name="x", password="y")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    assert re.search(r"coba lagi dalam \d+ detik", answer.text)


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"old": PASSWORD, "new": "a b c d e f g", "again": "x"}, 422, "tidak sama"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, 422, "terlalu pendek"),
        ({"old": "x", "new": "enam gajah biru", "again": "enam gajah biru"}, 403, "tidak cocok"),
        ({}, 422, "terlalu pendek"),
    ],
)
async def test_a_password_that_is_not_taken(
    place: Place, form: dict[str, str], status: int, said: str
) -> None:
    await place.user("Budi", "operator")
    async with place.signed_in("Budi") as client:
        answer = await client.post("/password", data=form)
        assert (answer.status_code, said in answer.text) == (status, True)
        assert (await client.get("/staff")).status_code == 200


async def test_the_password_page_needs_a_session(shared: Place) -> None:
    async with browser(shared) as client:
        assert (await client.get("/password")).headers["location"] == "/sign-in?next=/password"
    async with shared.client("operator") as client:
        assert (await client.post("/password", data={"old": "x"})).status_code == 401


@pytest.mark.parametrize(
    ("role", "home"),
    [("operator", "/counters"), ("supervisor", "/supervisor"), ("integration", "/")],
)
async def test_everybody_has_a_home(place: Place, role: str, home: str) -> None:
    await place.user("Budi", role)
    async with browser(place) as client:
        answer = await post(client, "/sign-in", name="Budi", password=PASSWORD)
        assert answer.headers["location"] == home
        assert (await client.get("/sign-in?next=/x")).headers["location"] == "/x"


@pytest.mark.parametrize(
    "going",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil",
     "javascript:alert(1)", "\\\\evil", "/ö", "/\x00", "/a\nb", ""],
)  # fmt: skip
async def test_the_way_on_leads_to_this_site(place: Place, going: str) -> None:
    await place.user("Budi", "operator")
    async with browser(place) as client:
        answer = await post(client, "/sign-in", name="Budi", password=PASSWORD, next=going)
    assert answer.headers["location"] == "/counters"


@given(st.text())
def test_a_same_site_path_is_one(path: str) -> None:
    """Whatever passes is a plain path under this host, as the URL standard reads it too."""
    found = same_site(path)
    assert found in (path, "")
    if found:
        url = httpx2.URL("http://here/page").join(found)
        assert url.host == "here"
        assert not set(found) & set("\\\t\r\n\0 ") or " " in found


@pytest.mark.parametrize("path", ["/sign-in", "/nothing"])
@pytest.mark.parametrize("language", ["id", "en"])
async def test_pages_obey_their_own_policy(shared: Place, path: str, language: str) -> None:
    """No script, no style, no handler in the page; the language is said and can be changed."""
    async with browser(shared) as client:
        answer = await client.get(f"{path}?lang={language}")
        assert Inputs(answer.text).inline == []
        assert f'<html lang="{language}">' in answer.text
        assert 'href="?lang=' in answer.text
        assert answer.headers["content-language"] == language
        kept = await client.get(path)
        assert f'<html lang="{language}">' in kept.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=1&" * 500, "application/x-www-form-urlencoded", 400),
        (b"name=\xff", "application/x-www-form-urlencoded", 400),
        (b"name=%ff", "application/x-www-form-urlencoded", 400),
        (b"", "", 403),
        (b"name=%00&password=%00", "application/x-www-form-urlencoded; charset=utf-8", 403),
        (b"name=" + b"a" * 60_000, "application/x-www-form-urlencoded", 403),
    ],
)
async def test_hostile_forms(shared: Place, content: bytes, kind: str, status: int) -> None:
    async with shared.client(**{"X-Forwarded-For": "10.9.9.9"}) as client:
        headers = {"Content-Type": kind} if kind else {}
        answer = await client.post("/sign-in", content=content, headers=headers)
    assert answer.status_code == status
