"""For those who watch the server: liveness, readiness, metrics, the API's own description."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from ipaddress import ip_address
from typing import Any

from prometheus_client.exposition import generate_latest
from starlette.requests import Request
from starlette.responses import Response

from ..house import House
from ..web.endpoint import Ask, Endpoint
from ..web.identity import STEWARDS, Role
from ..web.openapi import document
from ..web.problems import Problem
from ..web.visit import require
from . import shapes as s
from .metrics import registry

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
WATCHERS: frozenset[Role] = STEWARDS | {"integration"}
"""Those who may read the metrics from another machine."""


def endpoints(house: House, table: Sequence[Endpoint]) -> list[Endpoint]:
    """`/healthz`, `/readyz`, `/metrics`, and the document of `table`."""
    watched = registry(house)
    build = house.front.assets.build

    async def healthz(ask: Ask[None]) -> s.Health:
        return s.Health("ok", build, _storage(house))

    async def readyz(ask: Ask[None]) -> s.Health:
        if not house.desk.ready:
            raise Problem(503, "not_ready", headers={"Retry-After": "2"})
        return s.Health("ready", build, _storage(house))

    async def metrics(ask: Ask[None]) -> Response:
        if not _is_local(ask.request):
            await require(ask.request, WATCHERS)
        return Response(generate_latest(watched), headers={"Content-Type": METRICS_TYPE})

    rows = [
        Endpoint("GET", "/healthz", None, healthz, s.Health, "Alive"),
        Endpoint("GET", "/readyz", None, readyz, s.Health, "Able to write", problems=(503,)),
        Endpoint(
            "GET", "/metrics", None, metrics, str, "Prometheus text, for this machine",
            media="text/plain", problems=(401, 403),
        ),
    ]  # fmt: skip

    @cache
    def described() -> Any:
        return document([*table, *rows, row], title="Antrean", version="1", server=house.url)

    async def openapi(ask: Ask[None]) -> Any:
        return described()

    row = Endpoint("GET", "/api/v1/openapi.json", None, openapi, dict[str, Any], "This document")
    return [*rows, row]


def _storage(house: House) -> Any:
    return "short" if house.desk.short else "ample"


def _is_local(request: Request) -> bool:
    """Whether this machine asks, by the address that the proxy in front vouches for."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
