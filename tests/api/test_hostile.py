"""Bodies and addresses that nobody means well with: an answer below 500, always a problem."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Checked

API = "/api/v1"
JSON = "application/json"
BODIES: list[tuple[bytes, str, int]] = [
    (b"", JSON, 422),
    (b"{", JSON, 422),
    (b"[" * 60_000, JSON, 422),
    (b'{"service":' * 5_000 + b"1" + b"}" * 5_000, JSON, 422),
    (b"\xff\xfe", JSON, 422),
    (b'{"service":"\xff"}', JSON, 422),
    (b'{"service":"\\ud800"}', JSON, 422),
    (b'{"service":"ktp\\u0000"}', JSON, 422),
    (b'{"service":1e999}', JSON, 422),
    (b'{"service":' + b"9" * 5_000 + b"}", JSON, 422),
    (b'{"service":["ktp"]}', JSON, 422),
    (b'{"service":null}', JSON, 422),
    (b"null", JSON, 422),
    (b"[]", JSON, 422),
    (b'"ktp"', JSON, 422),
    (b"NaN", JSON, 422),
    ('{"service":"١٢٣"}'.encode(), JSON, 422),
    (b'{"service":"' + b"a" * 60_000 + b'"}', JSON, 422),
    (b'{"service":"' + b"a" * 70_000 + b'"}', JSON, 413),
    (b'{"service":"ktp"}', "text/plain", 415),
    (b'{"service":"ktp"}', "", 415),
    (b"service=ktp", "application/x-www-form-urlencoded", 415),
    (b"<service/>", "application/xml", 415),
    (b'{"service":"ktp"}', "application/json; charset=utf-8", 201),
    (b'{"service":"nope","service":"ktp"}', JSON, 201),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES)
async def test_bodies(shared: Checked, body: bytes, kind: str, status: int) -> None:
    kiosk = await shared.role("kiosk")
    headers = {"Content-Type": kind} if kind else {}
    answer = await kiosk.post(f"{API}/tickets", content=body, headers=headers)
    assert answer.status_code == status
    assert len(answer.content) < 2_000, "nothing is sent back at length"


@pytest.mark.parametrize("number", [-1, 2**53, 2**63, 2**64, 10**400, 1.5, "1", True, [], {}])
@pytest.mark.parametrize("field", ["after", "ticket"])
async def test_numbers(shared: Checked, field: str, number: Any) -> None:
    """No integer reaches the rules or SQLite that they cannot hold."""
    operator = await shared.role("operator")
    body = {"after": None, field: number}
    answer = await operator.post(f"{API}/counters/1/calls", json=body)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("after=-1", ["after"]),
        ("after=99999999999999999999999", ["after"]),
        ("after=x&limit=0", ["after", "limit"]),
        ("limit=1001", ["limit"]),
        ("limit=²", ["limit"]),
        ("after=1_0", ["after"]),
        ("afer=1", ["afer"]),
        ("after=%00", ["after"]),
    ],
)
async def test_queries(shared: Checked, query: str, fields: list[str]) -> None:
    admin = await shared.role("admin")
    answer = await admin.get(f"{API}/journal?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text() | st.sampled_from(["ktp", "1", "lansia", 1, 2, 3]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
FIELDS = st.sampled_from(
    ["service", "priority", "language", "after", "ticket", "counter", "until", "missing"]
)
PATHS = st.sampled_from(
    ["/tickets", "/tickets/x/cancellations"]
    + [
        f"/counters/{counter}/{act}"
        for counter in ("1", "9")
        for act in (
            "openings", "breaks", "closings", "calls", "recalls", "starts", "finishes",
            "no-shows", "returns", "parks", "transfers", "deferrals",
        )
    ]
)  # fmt: skip


@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(PATHS, st.dictionaries(FIELDS | st.text(max_size=5), WILD, max_size=5))
async def test_no_body_breaks_anything(shared: Checked, path: str, body: Any) -> None:
    """Whatever is posted wherever: an answer that the document describes, and no 500."""
    admin = await shared.role("admin")
    answer = await admin.post(f"{API}{path}", json=body)
    assert answer.status_code in (201, 404, 409, 422)


@pytest.mark.parametrize("language", ["../../etc", "\x00", "e" * 9000, "en;q=" + "9" * 500])
async def test_languages(shared: Checked, language: str) -> None:
    client = await shared.role()
    answers = [await client.get(f"{API}/hall", params={"lang": language})]
    if language.isprintable():
        headers = {"Accept-Language": language}
        answers.append(await client.get(f"{API}/hall", headers=headers))
    assert {answer.headers["content-language"] for answer in answers} <= {"id", "en"}


@pytest.mark.parametrize("token", ["x" * 7000, "é", "a b c", ","])
async def test_tokens(shared: Checked, token: str) -> None:
    client = await shared.role()
    headers = [(b"Authorization", f"Bearer {token}".encode("latin-1"))]
    answer = await client.get(f"{API}/counters", headers=headers)
    assert answer.status_code == 401
