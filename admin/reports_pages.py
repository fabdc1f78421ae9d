"""Reports in the browser: what was, by whatever it is asked by; one's own figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_server.core.calendar import local
from queue_server.core.commands import Bounds
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.reporting import name, reported, written
from queue_server.reports.document import DEFINITIONS
from queue_server.reports.query import Dimension, Query
from queue_server.web.downloads import download
from queue_server.web.identity import STAFF, STEWARDS, Identity
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of, require

from .report_asked import Asked, Span, asked_of, compared, until, whole
from .report_choices import choices
from .report_list import PAGE, STATUSES, listing
from .report_names import NONE, Parts
from .reports import Found, report
from .sections import sections_of

HERE, MINE = "/reports", "/reports/mine"
FILES = ("xlsx", "csv", "pdf")
"""What figures can be taken away as."""
MODELLED = 31
"""Days for which "one counter more" is worked out: the model runs each of them again."""


def routes(house: House) -> list[BaseRoute]:
    """`/reports`."""
    pages = Pages(house)
    return [
        Route(HERE, pages.page, methods=["GET"]),
        Route(f"{HERE}/tickets", pages.tickets, methods=["GET"]),
        Route(f"{HERE}/figures.{{kind}}", pages.take, methods=["GET"]),
        Route(MINE, pages.mine, methods=["GET"]),
    ]


class Pages:
    """The handlers, for one house."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def page(self, request: Request) -> Response:
        """GET /reports"""
        identity = await require(request, STEWARDS, "reports")
        asked, parts = self._asked(request), self._parts(request)
        today = self._today()
        span, other = until(whole(asked), today), compared(asked, today)
        found = await self._found(asked, span, other, _only(asked, identity.bounds))
        return self._page(
            request, identity, "reports", HERE, asked=asked,
            p=report(asked, span, other, found, parts),
            choices=choices(asked, today, self.house.catalogue, parts, identity.bounds),
            meanings=[(term.of(parts.language), said.of(parts.language))
                      for term, said in DEFINITIONS],
        )  # fmt: skip

    async def tickets(self, request: Request) -> Response:
        """GET /reports/tickets: the numbers behind the figures, never people."""
        identity = await require(request, STEWARDS, "reports")
        asked, parts = self._asked(request), self._parts(request)
        given = request.query_params
        span = until(whole(asked), self._today())
        status = given.get("status", "") if given.get("status") in STATUSES else ""
        text = given.get("page", "")
        page = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
        rows = await self.house.rooms.reports.tickets(
            _query(span, "", _only(asked, identity.bounds)),
            status=status,
            limit=PAGE + 1,
            offset=page * PAGE,
        )
        shown = listing(asked, span, rows, parts, status, page)
        return self._page(request, identity, "reports_tickets", HERE, asked=asked, p=shown,
                          history=not identity.bounds)  # fmt: skip

    async def take(self, request: Request) -> Response:
        """GET /reports/figures.{kind}: the page's figures as xlsx, csv or pdf."""
        identity = await require(request, STEWARDS, "reports")
        kind: str = request.path_params["kind"]
        if kind not in FILES:
            raise Problem(404, "not_found")
        asked = self._asked(request)
        span = until(whole(asked), self._today())
        query = _query(span, asked.by, _only(asked, identity.bounds))
        table = await reported(self.house, query, language_of(request))
        data = await written(table, kind)  # type: ignore[arg-type]  # one of FILES
        return download(data, f"reports-{span.first}-{span.last}.{kind}")

    async def mine(self, request: Request) -> Response:
        """GET /reports/mine: what somebody did, for that person alone."""
        identity = await require(request, STAFF, "reports")
        asked, parts = self._asked(request), self._parts(request)
        asked = Asked(asked.period, asked.day, asked.since, asked.until, asked.by)
        today = self._today()
        span = until(whole(asked), today)
        figures = await self.house.rooms.reports.figures(
            _query(span, asked.by, {"operator": (identity.id,)})
        )
        shown = report(asked, span, None, Found(figures), parts)
        return self._page(
            request, identity, "reports_mine", MINE, asked=asked, p=shown,
            choices=choices(asked, today, self.house.catalogue, parts),
        )  # fmt: skip

    # Within -----------------------------------------------------------------------------------

    async def _found(
        self, asked: Asked, span: Span, other: Span | None, only: dict[str, tuple[str, ...]]
    ) -> Found:
        reports = self.house.rooms.reports
        query = _query(span, asked.by, only)
        narrow = any(name in only for name in ("agency", "service", "counter"))
        modelled = narrow and span.days <= MODELLED
        return Found(
            figures=await reports.figures(query),
            before=await reports.figures(_query(other, asked.by, only)) if other else None,
            heat=await reports.heat(query),
            used=await reports.occupancy(query),
            fewer=await reports.what_if(query, -1) if modelled else None,
            more=await reports.what_if(query, 1) if modelled else None,
        )

    def _asked(self, request: Request) -> Asked:
        return asked_of(lambda name: request.query_params.get(name, ""), self._today())

    def _today(self) -> date:
        return local(self.house.clock.now(), self.house.hall.plan.hours).date()

    def _parts(self, request: Request) -> Parts:
        language = language_of(request)
        return Parts(lambda by, key: name(self.house, by, key, language), language)

    def _page(
        self, request: Request, identity: Identity, template: str, section: str, **values: Any
    ) -> Response:
        return self.house.front.templates.page(
            request,
            f"admin/{template}.html",
            sections=sections_of(identity),
            section=section,
            **values,
        )


def _query(span: Span, by: Dimension, only: dict[str, tuple[str, ...]]) -> Query:
    return Query(first=span.first.isoformat(), last=span.last.isoformat(), by=by, only=only)


def _only(asked: Asked, bounds: Bounds) -> dict[str, tuple[str, ...]]:
    """The filters as the room is asked: "none" is no class, or no shift; who is bound to agencies
    or zones sees no others. Raises Refusal `not_your_agency`, `not_your_zone`."""
    only: dict[str, tuple[str, ...]] = {}
    for by, value in asked.filters:
        only[by] = ("" if value == NONE else value,)
    for of, mine in (("agency", bounds.agencies), ("zone", bounds.zones)):
        if mine and not mine.issuperset(only.setdefault(of, tuple(sorted(mine)))):
            raise Refusal(f"not_your_{of}")
    return only
