"""The API's one table: from each `Endpoint` come its route, its authorisation, its validation,
its idempotency and its place in the OpenAPI document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.bounds import HALL, demand
from .identity import Identity, Role, Scope
from .problems import FieldError, Problem
from .scopes import heeds, scope_of
from .validation import parse
from .visit import identity_of, language_of, require

JSON = "application/json"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
"""What an Idempotency-Key may be."""

B = TypeVar("B")


class Nothing(Struct, frozen=True):
    """A body without fields: none at all, or {}."""


@dataclass(frozen=True, slots=True)
class Ask(Generic[B]):
    """A request that passed authorisation and validation.

    `identity` is None on public endpoints without credentials. `key` and `digest` are for
    `Desk.submit`; the key names its owner, so nobody gets another's first answer.
    """

    body: B
    query: Any
    path: Mapping[str, str]
    identity: Identity | None
    language: str
    key: str
    digest: str
    request: Request

    @property
    def who(self) -> Identity:
        """The identity, where the endpoint asks for a role."""
        assert self.identity is not None, "an endpoint with roles has an identity"
        return self.identity


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the table. `roles` None is public; `refusals` are the rules' codes for 409;
    `problems` are statuses beyond those that follow from the other columns."""

    method: str
    path: str
    roles: frozenset[Role] | None
    handler: Callable[[Ask[Any]], Awaitable[object]]
    answer: Any
    summary: str
    body: type[Struct] | None = None
    query: type[Struct] | None = None
    status: int = 200
    media: str = JSON
    refusals: tuple[str, ...] = ()
    problems: tuple[int, ...] = field(default=())

    @property
    def scope(self) -> Scope:
        """What of a role a narrowed token must have kept."""
        return scope_of(self.method, self.path)

    @property
    def names(self) -> list[str]:
        """The path's parameters."""
        return re.findall(r"{(\w+)}", self.path)


def routes(endpoints: Iterable[Endpoint]) -> list[Route]:
    """A Starlette route for each row."""
    return [Route(row.path, _serve(row), methods=[row.method]) for row in endpoints]


def _serve(row: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        # First who may, then what they sent: strangers learn nothing about the fields.
        identity = await _admit(request, row)
        answer = await row.handler(await _ask(request, row, identity))
        if isinstance(answer, Response):
            return answer
        headers = {"Content-Language": language_of(request)}
        return Response(msgspec.json.encode(answer), row.status, headers, media_type=row.media)

    return serve


async def _admit(request: Request, row: Endpoint) -> Identity | None:
    if row.roles is not None:
        identity = await require(request, row.roles, row.scope)
        if not heeds(row.path):
            demand(identity.bounds, HALL)
        return identity
    return await identity_of(request)


async def _ask(request: Request, row: Endpoint, identity: Identity | None) -> Ask[Any]:
    path = {name: str(value) for name, value in request.path_params.items()}
    query = parse(_query(request), row.query, strict=False) if row.query else None
    body = parse(await _body(request), row.body) if row.body else None
    given = request.headers.get("idempotency-key") if row.method == "POST" else None
    key = digest = ""
    if given is not None:
        key = _key(given, identity, request.url.path)
        digest = _digest(request, body)
    return Ask(body, query, path, identity, language_of(request), key, digest, request)


def _query(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if name != "lang"}


async def _body(request: Request) -> object:
    """The body as plain values; none is an empty object."""
    raw = await request.body()
    if not raw:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Problem(415, "unsupported_media_type", wanted=JSON)
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(422, "invalid_json") from None


def _key(given: str, identity: Identity | None, path: str) -> str:
    """The key as the journal keeps it: its owner, and a hash, for it may name a person.

    Without credentials the path is the owner: it holds a ticket's secret.
    """
    if not KEY.fullmatch(given):
        raise Problem(422, "invalid_key", errors=[FieldError("Idempotency-Key", "1-255 ASCII")])
    owner = identity.id if identity else path
    hashed = hashlib.sha256(f"{owner}\0{given}".encode()).hexdigest()[:32]
    return f"{identity.id if identity else '-'}:{hashed}"


def _digest(request: Request, body: object) -> str:
    """What makes a request the same: method, path, and the body's values."""
    values = msgspec.json.encode(body, order="deterministic")
    start = f"{request.method}\0{request.url.path}\0".encode("utf-8", "replace")
    return hashlib.sha256(start + values).hexdigest()[:32]
