"""The OpenAPI 3.1 document of a table of endpoints, from the types that validate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from .endpoint import Endpoint
from .identity import ROLES
from .problems import ProblemBody

PROBLEM_JSON = "application/problem+json"
REFERENCE = "#/components/schemas/{name}"
RETRY = {429, 503}
"""Statuses that say when to come again."""


def document(endpoints: Sequence[Endpoint], *, title: str, version: str, server: str) -> Any:
    """The document, ready to be encoded."""
    types: list[Any] = [ProblemBody]
    for row in endpoints:
        types += [kind for kind in (row.body, row.query, row.answer) if _is_schema(kind)]
    found, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    schemas = iter(found)
    problem = next(schemas)
    paths: dict[str, dict[str, Any]] = {}
    for row in endpoints:
        kinds = (row.body, row.query, row.answer)
        body, query, answer = (next(schemas) if _is_schema(kind) else None for kind in kinds)
        operation = _operation(row, body, answer, problem)
        if query is not None:
            operation["parameters"] += _query(components[query["$ref"].rpartition("/")[2]])
        paths.setdefault(row.path, {})[row.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": SCHEMES},
    }


SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "session"},
}


def _is_schema(kind: Any) -> bool:
    return kind is not None and kind is not str


def _operation(row: Endpoint, body: Any, answer: Any, problem: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(row),
        "summary": row.summary,
        "parameters": [_parameter(name, "path", {"type": "string"}, True) for name in row.names],
        "responses": {
            str(row.status): {
                "description": HTTPStatus(row.status).phrase,
                "content": {row.media: {"schema": answer or {"type": "string"}}},
            },
            **{str(status): _failure(row, status, problem) for status in statuses(row)},
        },
        "security": [],
    }
    if row.roles is not None:
        allowed = ", ".join(role for role in ROLES if role in row.roles)
        operation["description"] = f"Roles: {allowed}. Scope: {row.scope}."
        operation["security"] = [{name: []} for name in SCHEMES]
    if row.method == "POST":
        key = {"type": "string", "minLength": 1, "maxLength": 255}
        operation["parameters"].append(_parameter("Idempotency-Key", "header", key, False))
    if body is not None:
        content = {"application/json": {"schema": body}}
        operation["requestBody"] = {"content": content, "required": False}
    return operation


def statuses(row: Endpoint) -> list[int]:
    """Every status of a problem that an endpoint may answer with."""
    found = set(row.problems)
    if row.roles is not None:
        found |= {401, 403}
    if row.names:
        found.add(404)
    if row.refusals:
        found.add(409)
    if row.query is not None:
        found.add(422)
    if row.method == "POST":
        found |= {403, 413, 415, 422, 503}
    return sorted(found)


def _failure(row: Endpoint, status: int, problem: Any) -> dict[str, Any]:
    described = HTTPStatus(status).phrase
    if status == 409:
        described += ": " + ", ".join(row.refusals)
    response: dict[str, Any] = {
        "description": described,
        "content": {PROBLEM_JSON: {"schema": problem}},
    }
    if status in RETRY:
        seconds = {"schema": {"type": "integer"}, "description": "seconds"}
        response["headers"] = {"Retry-After": seconds}
    return response


def _parameter(name: str, place: str, schema: Any, required: bool) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _query(schema: Any) -> Iterable[dict[str, Any]]:
    required = schema.get("required", [])
    for name, kind in schema["properties"].items():
        yield _parameter(name, "query", kind, name in required)


def _operation_id(row: Endpoint) -> str:
    words = re.findall(r"[a-z0-9]+", row.path.removeprefix("/api/v1"))
    return "_".join([row.method.lower(), *words])
