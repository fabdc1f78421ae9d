"""What the catalogue's pages share: the frame around each, the languages, and how a change that
is refused is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from queue_server.catalogue import KINDS, Document, Fault, in_force
from queue_server.catalogue.sheets import further
from queue_server.core.calendar import local
from queue_server.core.stranding import Stranded
from queue_server.house import House
from queue_server.web.identity import Identity
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of, require

from .catalogue import HERE, Obstacle, Said, obstacles, said
from .sections import ADMINS, sections_of

LOOKED = 365
"""Days ahead for which bookings are looked at: as far as any can be made."""


class Frame:
    """The section's frame, for one house."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def who(self, request: Request) -> Identity:
        """Who is asking: an administrator."""
        return await require(request, ADMINS)

    async def page(
        self, request: Request, template: str, status: int = 200, /, **values: Any
    ) -> Response:
        """A page of the section."""
        identity = await self.who(request)
        return self.house.front.templates.page(
            request, f"admin/catalogue/{template}.html", status, sections=sections_of(identity),
            section=HERE, **values,
        )  # fmt: skip

    def kind(self, request: Request) -> str:
        """The list that the address names. Raises Problem 404."""
        kind: str = request.path_params["list"]
        if kind not in KINDS:
            raise Problem(404, "not_found")
        return kind

    def languages(self) -> tuple[str, ...]:
        """Those beyond Indonesian and English: of the hall's pages, and of the document."""
        pages = [one for one in self.house.config.languages.pages if one not in ("id", "en")]
        return tuple(sorted({*pages, *further(self.house.catalogue.document)}))

    def obstacles(self, request: Request, found: Sequence[Stranded]) -> tuple[Obstacle, ...]:
        """Who would be left standing."""
        house = self.house
        return obstacles(found, house.catalogue, house.hall, language_of(request))

    async def booked(self, document: Document) -> int:
        """How many bookings that still stand are for services that the document offers no more."""
        house = self.house
        gone = set(house.catalogue.services) - {one.id for one in in_force(document)}
        if not gone:
            return 0
        today = local(house.clock.now(), house.hall.plan.hours).date()
        last = today + timedelta(days=LOOKED)
        taken = await house.rooms.bookings.taken(today.isoformat(), last.isoformat())
        count = 0
        for day in sorted({key.day for key in taken}):
            found = await house.rooms.bookings.of_day(day)
            count += sum(one.state == "booked" and one.service in gone for one in found)
        return count

    def said(self, request: Request, faults: Sequence[Fault]) -> tuple[Said, ...]:
        """Faults as a page lists them."""
        return said(faults, self.house.catalogue, language_of(request))
