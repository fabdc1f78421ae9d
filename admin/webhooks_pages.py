"""Webhooks: what each endpoint was told, what could not be delivered, and trying it again."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.identity import Role
from queue_server.web.problems import Problem
from queue_server.web.visit import require

from .sections import sections_of
from .webhooks import WebhooksPage, attempts, row

PATH = "/admin/webhooks"
ROLES: frozenset[Role] = frozenset({"admin"})


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Webhooks(house)
    return [
        Route(PATH, pages.page),
        Route(f"{PATH}/tests", pages.test, methods=["POST"]),
        Route(f"{PATH}/retries", pages.retry, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Webhooks:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        identity = await require(request, ROLES)
        notify = self.house.rooms.notify
        counts = await notify.outbox.counts()
        rows = [row(one.id, one.url, one.kinds, counts, testable=True) for one in notify.webhooks]
        if notify.push is not None:
            rows.append(row(notify.push.id, "", notify.push.kinds, counts, testable=False))
        known = {one.id for one in rows}
        rows += [row(id, "", (), counts, testable=False) for id in sorted(set(counts) - known)]
        page = WebhooksPage(
            rows=tuple(rows),
            dead=attempts(await notify.outbox.log(dead=True)),
            log=attempts(await notify.outbox.log(limit=50)),
            contacts=notify.contacts.kept,
            sweeps=tuple(await notify.contacts.sweeps()),
        )
        return self.house.front.templates.page(
            request, "admin/webhooks.html", sections=sections_of(identity), section=PATH, page=page
        )

    async def test(self, request: Request) -> Response:
        """Send a `test` message to one endpoint."""
        await require(request, ROLES)
        channel = (await read_form(request)).get("channel", "")
        notify = self.house.rooms.notify
        if channel not in {one.id for one in notify.webhooks}:
            raise Problem(404, "not_found")
        await notify.test(channel)
        return RedirectResponse(f"{PATH}#log", 303)

    async def retry(self, request: Request) -> Response:
        """Send a channel's dead letters again: one (`seq`), or all."""
        await require(request, ROLES)
        form = await read_form(request)
        channel, seq = form.get("channel", ""), form.get("seq", "0")
        notify = self.house.rooms.notify
        if channel not in notify.couriers or not (
            seq.isascii() and seq.isdecimal() and len(seq) < 16
        ):
            raise Problem(404, "not_found")
        await notify.retry(channel, int(seq))
        return RedirectResponse(PATH, 303)
