"""What the table of endpoints promises: who may, and what the document says."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, get_args

import pytest

from queue_server import notes
from queue_server.booking import refusals as booking
from queue_server.core.refusals import SENTENCES
from queue_server.tracking import refusals as tracking
from queue_server.web.identity import ROLES, Role

from .conftest import Checked
from .schema import resolve

API = "/api/v1"
STAFF = {"operator", "supervisor", "admin"}
RULES: dict[str, set[str] | None] = {
    "GET /hall": None,
    "GET /agencies": None,
    "GET /services": None,
    "GET /services/{service}": None,
    "GET /zones/{zone}/calls": None,
    "GET /services/{service}/sessions": None,
    "POST /bookings": None,
    "GET /bookings/{token}": None,
    "POST /bookings/{token}/changes": None,
    "POST /bookings/{token}/cancellations": None,
    "POST /bookings/{token}/check-ins": STAFF | {"kiosk"},
    "POST /tickets": STAFF | {"kiosk"},
    "GET /tickets/{token}": None,
    "POST /tickets/{token}/cancellations": None,
    "POST /tickets/{token}/postponements": None,
    "POST /tickets/{token}/rejoins": None,
    "POST /tickets/{token}/arrivals": STAFF | {"kiosk"},
    "GET /tickets/{token}/contacts": None,
    "POST /tickets/{token}/contacts": None,
    "POST /tickets/{token}/contacts/removals": None,
    "POST /tickets/{token}/resumptions": STAFF | {"kiosk"},
    "GET /printers": STAFF | {"integration", "kiosk"},
    "GET /tickets/{token}/prints": STAFF | {"kiosk"},
    "POST /tickets/{token}/prints": STAFF | {"kiosk"},
    "GET /counters": STAFF | {"integration"},
    "GET /counters/{counter}": STAFF | {"integration"},
    **{
        f"POST /counters/{{counter}}/{act}": STAFF
        for act in (
            "openings", "breaks", "closings", "calls", "recalls", "starts", "finishes",
            "no-shows", "returns", "parks", "transfers", "deferrals", "skips", "undos",
            "quick-serves", "alarms", "alarm-clearances", "closing-denials", "helpers", "services",
            "visits", "notes", "cancellations", "reinstatements", "resumptions",
        )
    },
    "POST /applications": {"integration", "supervisor", "admin"},
    "GET /applications": STAFF | {"integration"},
    "GET /applications/{code}": STAFF | {"integration"},
    "POST /applications/{code}/updates": STAFF | {"integration"},
    "GET /counters/{counter}/reasons": STAFF | {"integration"},
    "GET /floor/favours": STAFF | {"integration"},
    "POST /floor/favours": {"supervisor", "admin"},
    "GET /floor/alarms": {"supervisor", "admin", "integration"},
    "GET /floor/tickets": STAFF | {"integration"},
    "GET /floor/tickets/{ticket}": STAFF | {"integration"},
    "GET /floor/tickets/{ticket}/notes": STAFF,
    **{
        f"POST /floor/tickets/{{ticket}}/{act}": {"supervisor", "admin"}
        for act in ("priorities", "moves", "cancellations", "reinstatements")
    },
    "POST /services/{service}/intake-closings": {"supervisor", "admin"},
    "POST /services/{service}/intake-openings": {"supervisor", "admin"},
    "GET /messages": STAFF | {"integration"},
    "POST /messages": {"supervisor", "admin"},
    "POST /messages/{message}/removals": {"supervisor", "admin"},
    "GET /journal": {"integration", "admin"},
    "GET /survey/periods": None,
    "GET /survey/periods/{period}": None,
    "GET /openapi.json": None,
    "GET /healthz": None,
    "GET /readyz": None,
    "GET /metrics": None,
}  # fmt: skip
"""Every endpoint with its roles (None: public), written down once more, by hand."""


def operations(hall: Checked) -> dict[str, Any]:
    return {
        f"{method.upper()} {path.removeprefix(API)}": operation
        for path, methods in hall.document["paths"].items()
        for method, operation in methods.items()
    }


async def test_every_endpoint_has_a_rule(shared: Checked) -> None:
    """A new one without a rule here fails."""
    assert set(operations(shared)) == set(RULES)


@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("endpoint", RULES)
async def test_who_may(shared: Checked, endpoint: str, role: str) -> None:
    """401 for nobody, 403 for the wrong role, and the handler's own answer for the right one.

    The body is empty: who may gets to hear what is wrong with it, who may not does not.
    """
    method, path = endpoint.split()
    path = path if path in ("/healthz", "/readyz", "/metrics") else API + path
    path = re.sub(r"{\w+}", "5", path)
    client = await shared.role(role)
    answer = await client.request(method, path, json={} if method == "POST" else None)
    needed = RULES[endpoint]
    if needed is None or role in needed:
        assert answer.status_code not in (401, 403) or answer.json()["code"] == "not_your_counter"
    else:
        code, status = ("forbidden", 403) if role else ("unauthenticated", 401)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_the_page_session_counts_too(shared: Checked) -> None:
    """With its origin; from another site it does not."""
    await shared.place.user("Ani", "operator")
    async with shared.place.signed_in("Ani") as client:
        assert (await client.get(f"{API}/counters")).status_code == 200
        body = {"service": "paspor"}
        own = {"Origin": shared.place.url}
        taken = await client.post(f"{API}/tickets", json=body, headers=own)
        assert taken.status_code == 201
        foreign = await client.post(f"{API}/tickets", json=body, headers={"Origin": "http://x.y"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site")


async def test_the_document_is_served(shared: Checked) -> None:
    """Equal to what the table makes, to everybody."""
    served = (await (await shared.role()).get(f"{API}/openapi.json")).json()
    assert served["paths"] == shared.document["paths"]
    assert served["components"] == shared.document["components"]
    assert served["servers"] == [{"url": "http://antrean.test"}]


async def test_the_document_is_valid(shared: Checked) -> None:
    """OpenAPI 3.1: what is required is there, names are allowed and unique, references lead on."""
    document = shared.document
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert document["info"]["version"]
    names: list[str] = []
    for path, methods in document["paths"].items():
        assert path.startswith("/")
        for method, operation in methods.items():
            assert method in ("get", "post")
            names.append(operation["operationId"])
            check_operation(path, operation)
    assert len(names) == len(set(names))
    for name in document["components"]["schemas"]:
        assert re.fullmatch(r"[a-zA-Z0-9._-]+", name)
    check_references(document, document)


def check_operation(path: str, operation: Any) -> None:
    assert operation["summary"]
    given = [(one["name"], one["in"]) for one in operation["parameters"]]
    assert len(given) == len(set(given))
    assert {name for name, place in given if place == "path"} == set(re.findall(r"{(\w+)}", path))
    assert all(one["required"] for one in operation["parameters"] if one["in"] == "path")
    assert any(status.startswith("2") for status in operation["responses"])
    for status, response in operation["responses"].items():
        assert HTTPStatus(int(status))
        assert response["description"]
        kind = "application/problem+json"
        assert (kind in response["content"]) == (int(status) >= 400)


def check_references(part: Any, document: Any) -> None:
    if isinstance(part, dict):
        if "$ref" in part:
            assert resolve(part["$ref"], document)
        for one in part.values():
            check_references(one, document)
    elif isinstance(part, list):
        for one in part:
            check_references(one, document)


async def test_every_integer_is_bounded(shared: Checked) -> None:
    """Of what comes in: SQLite's integers end where JSON's do not."""

    def integers(schema: Any) -> list[Any]:
        if isinstance(schema, list):
            return [found for one in schema for found in integers(one)]
        if not isinstance(schema, dict):
            return []
        mine = [schema] if schema.get("type") == "integer" else []
        return [*mine, *(found for one in schema.values() for found in integers(one))]

    inputs = []
    for operation in operations(shared).values():
        inputs += [one["schema"] for one in operation["parameters"]]
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            inputs.append(resolve(schema["$ref"], shared.document))
    found = integers(inputs)
    assert len(found) >= 6
    assert all("minimum" in one and "maximum" in one for one in found)


async def test_refusals_are_the_rules_own(shared: Checked) -> None:
    """Each 409 names codes that the rules have."""
    for operation in operations(shared).values():
        described = operation["responses"].get("409", {"description": "Conflict"})["description"]
        codes = described.removeprefix("Conflict").removeprefix(": ")
        assert set(filter(None, codes.split(", "))) <= {
            *SENTENCES,
            *tracking.SENTENCES,
            *booking.SENTENCES,
            *notes.SENTENCES,
        }


def test_roles_are_the_contracts() -> None:
    assert get_args(Role) == ROLES
    assert set(ROLES) == {"admin", "supervisor", "operator", "kiosk", "display", "integration"}
