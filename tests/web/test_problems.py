"""What goes wrong is told as a problem: to programs as JSON, to people as a page."""

from __future__ import annotations

import logging
import string

import pytest

from queue_server.core.refusals import SENTENCES as RULES
from queue_server.core.refusals import Refusal
from queue_server.order import KeyReused, Unavailable
from queue_server.web.problems import Problem, problem_of
from queue_server.web.sentences import OF_STATUS, SENTENCES, TITLES

from .house import Place


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_stands_in_both_languages(code: str) -> None:
    """With the same places to fill, and ended as a sentence."""
    said = SENTENCES[code]
    assert set(said) == {"id", "en"}
    places = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in said.values()
    ]
    assert places[0] == places[1]
    assert all(text.endswith(".") for text in said.values())


def test_every_status_has_a_title() -> None:
    assert all(set(titles) == {"id", "en"} for titles in TITLES.values())
    assert set(OF_STATUS) <= set(TITLES)
    assert set(OF_STATUS.values()) <= set(SENTENCES)


@pytest.mark.parametrize("code", RULES)
def test_every_refusal_has_a_status(code: str) -> None:
    """409, unless a path or a body names what there is not."""
    wanted = {
        "unknown_ticket": 404, "unknown_counter": 404, "unknown_service": 422,
        "unknown_priority": 422, "no_such_destination": 422, "unknown_reason": 422,
        "unknown_helper": 422, "unknown_agency": 422, "bad_quantity": 422, "bad_message": 422,
        "bad_visit": 422, "bad_favour": 422, "not_your_agency": 403, "not_your_zone": 403,
    }  # fmt: skip
    names = {name for _, name, _, _ in string.Formatter().parse(RULES[code]["id"]) if name}
    known = {"status": "waiting", "acts": "call", "opens": "2026-11-24 08:00"}
    words = {name: known.get(name, "A-001") for name in names}
    problem = problem_of(Refusal(code, **words))
    assert problem.status == wanted.get(code, 409)
    body = problem.body("id")
    assert (body.code, body.detail) == (code, Refusal(code, **words).sentence("id"))
    assert bool(body.errors) == (problem.status == 422)


def test_the_desks_failures() -> None:
    unavailable = problem_of(Unavailable("journal_full", retry_after=30))
    assert (unavailable.status, unavailable.code) == (503, "journal_full")
    assert unavailable.headers == {"Retry-After": "30"}
    assert "Storage is full" in unavailable.sentence("en")
    assert problem_of(KeyReused()).code == "idempotency_key_reused"


def test_a_problem_without_its_sentence_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Problem(409, "no_such_code").sentence("id")


async def test_nothing_unforeseen_is_bare(shared: Place, caplog: pytest.LogCaptureFixture) -> None:
    """A 500 is a problem like others, and its trace is in the log."""
    with caplog.at_level(logging.ERROR):
        async with shared.client() as client:
            answer = await client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "server_error"
    assert "ZeroDivisionError" not in answer.text
    assert "nobody foresaw this" in caplog.text


async def test_logs_hold_no_path(shared: Place, caplog: pytest.LogCaptureFixture) -> None:
    """A path may hold a ticket's secret; its pattern does not."""
    with caplog.at_level(logging.ERROR):
        async with shared.client() as client:
            await client.get("/api/v1/broken?secret=1")
    assert "/api/v1/broken failed" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/nothing", 404, "not_found"), ("/api/v1/nothing", 404, "not_found"),
     ("/language/", 405, None), ("/api/v1/tickets", 405, "method_not_allowed")],
)  # fmt: skip
async def test_what_there_is_not(shared: Place, path: str, status: int, code: str | None) -> None:
    async with shared.client() as client:
        answer = await client.get(path)
    if code is None:
        assert answer.status_code == 307
        return
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if status == 405:
        assert answer.headers["allow"] == "POST"


async def test_people_get_a_page(shared: Place) -> None:
    """In their language; but never from the API."""
    async with shared.client(Accept="text/html,*/*", **{"Accept-Language": "en"}) as client:
        page, data = await client.get("/nothing"), await client.get("/api/v1/nothing")
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="en">' in page.text
    assert "There is nothing at this address" in page.text
    assert data.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "referer", "goes"),
    [
        ("GET", "", "/sign-in?next=/staff%3Fx%3D1%26y%3D%252F"),
        ("POST", "/counters/5?z=1", "/sign-in?next=/counters/5"),
        ("POST", "", "/sign-in?next=/"),
    ],
)
async def test_strangers_are_sent_to_sign_in(
    shared: Place, method: str, referer: str, goes: str
) -> None:
    """And come back to where they were; programs are told 401."""
    async with shared.client(Accept="text/html") as client:
        headers = {"Referer": shared.url + referer} if referer else {}
        answer = await client.request(method, "/staff?x=1&y=%2F", headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, goes)
    async with shared.client() as client:
        answer = await client.request(method, "/staff")
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_the_wrong_role_is_told_so(shared: Place) -> None:
    async with shared.client("operator") as client:
        answer = await client.get("/stewards")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "operator" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "language"),
    [
        ("", "", "", "id"),
        ("", "", "en-GB,en;q=0.9", "en"),
        ("", "", "in-ID, en;q=0.5", "id"),
        ("", "", "jv, su;q=0.9", "id"),
        ("", "", "en;q=0, id;q=0.1", "id"),
        ("", "", "en;q=x,,;;;q=", "id"),
        ("", "id", "en", "id"),
        ("", "xx", "en", "en"),
        ("?lang=en", "id", "id", "en"),
        ("?lang=xx", "en", "id", "en"),
        ("?lang=../..", "", "", "id"),
    ],
)
async def test_the_language_that_was_asked_for(
    shared: Place, query: str, cookie: str, accepted: str, language: str
) -> None:
    """Address, then cookie, then browser, then the hall's own."""
    async with shared.client(**{"Accept-Language": accepted}) as client:
        if cookie:
            client.cookies.set("lang", cookie)
        assert (await client.get(f"/language{query}")).text == language
        answer = await client.get(f"/api/v1/nothing{query}")
        assert answer.headers["content-language"] == language
        assert answer.json()["detail"] == SENTENCES["not_found"][language]
