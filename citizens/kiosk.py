"""The kiosk's screens: pure views of hall and catalogue. Every link is made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from msgspec import Struct

from queue_server.catalogue import Agency, Catalogue, Service
from queue_server.core.model import Hall, Ticket

from . import search
from .journey import journey
from .kiosk_check_in import Came, Sorry
from .kiosk_paper import PaperChoice, PaperWay
from .kiosk_screens import (
    AgencyScreen,
    Bar,
    Basket,
    CheckInScreen,
    Door,
    Group,
    Pages,
    PriorityChoice,
    Row,
    SearchScreen,
    ServiceScreen,
    SorryScreen,
    StartScreen,
    TicketScreen,
    Tile,
    TroubleScreen,
)
from .kiosk_visit import Visit, Ways
from .offers import details, offer
from .opening import opening
from .phone import phone_view

Item = TypeVar("Item")
TILES, TILES_LARGE = 29, 16
"""Agencies on one screen: all that a mall has at ordinary size."""
ROWS, ROWS_LARGE = 16, 8
"""Services on one screen."""
HITS, HITS_LARGE = 8, 4
"""Search results above the keyboard."""


class View(Struct, frozen=True):
    """What the screens are made from."""

    hall: Hall
    catalogue: Catalogue
    name: str
    ways: Ways
    now: int
    visit: Visit

    def bar(self, path: str, back: str = "", **query: str | int) -> Bar:
        """The bar of the screen at `path`."""
        visit = self.visit
        return Bar(
            visit=visit,
            hall=self.name,
            opening=opening(self.now, self.hall.plan.hours, visit.language),
            back=back,
            start=visit.link(),
            fresh=visit.fresh.link(),
            others=self.ways.others(visit, path, **query),
            looks=self.ways.looks(visit, path, **query),
            basket=self._basket(path),
        )

    def _basket(self, path: str) -> Basket | None:
        """Shown while services are looked for, until their number is asked for."""
        visit = self.visit
        if not visit.chosen or path.startswith(("/journey", "/packages", "/tickets")):
            return None
        services = (self.catalogue.services[one] for one in visit.chosen)
        names = tuple(one.name.of(visit.language) for one in services)
        return Basket(names, visit.link("/journey"))

    def start(self, page: int = 1, group: str = "") -> StartScreen:
        """The first screen; for a voice, `group` is the kind of agencies behind a door."""
        visit = self.visit
        agencies = sorted(self.catalogue.agencies.values(), key=lambda one: one.kind)
        doors = self._doors(agencies) if visit.voice else ()
        behind = group if any(door.kind == group for door in doors) else ""
        if doors:
            agencies = [one for one in agencies if one.kind == behind]
        shown, pages = self._page(agencies, visit.room(TILES, TILES_LARGE), page)
        groups = tuple(
            Group(kind, tuple(self._agency(one) for one in shown if one.kind == kind))
            for kind in ("regional", "vertical")
        )
        back = visit.link() if behind else ""
        return StartScreen(
            bar=self.bar("", back, page=page if page > 1 else 0, group=behind),
            search=visit.link("/search"),
            check_in=visit.link("/check-in"),
            packages=visit.link("/packages"),
            doors=() if behind else doors,
            groups=tuple(group for group in groups if group.tiles),
            pages=pages,
        )

    def _doors(self, agencies: Sequence[Agency]) -> tuple[Door, ...]:
        popular = len(search.popular(self.catalogue))
        kinds = ("regional", "vertical")
        counts = {kind: sum(one.kind == kind for one in agencies) for kind in kinds}
        link = self.visit.link
        doors = (
            Door("popular", link("/popular"), popular),
            Door("regional", link(group="regional"), counts["regional"]),
            Door("vertical", link(group="vertical"), counts["vertical"]),
            Door("packages", link("/packages"), len(self.catalogue.packages)),
        )
        return tuple(door for door in doors if door.count)

    def popular(self) -> AgencyScreen:
        """The services that are asked for most."""
        rows = tuple(self._row(one) for one in search.popular(self.catalogue))
        return AgencyScreen(self.bar("/popular", self.visit.link()), "", rows, Pages())

    def agency(self, agency: Agency, page: int = 1) -> AgencyScreen:
        """The services of an agency."""
        path = f"/agencies/{agency.id}"
        own = [one for one in self.catalogue.services.values() if one.agency == agency.id]
        shown, pages = self._page(own, self.visit.room(ROWS, ROWS_LARGE), page, path)
        return AgencyScreen(
            bar=self.bar(path, self.visit.link(), page=page if page > 1 else 0),
            name=agency.name.of(self.visit.language),
            rows=tuple(self._row(one) for one in shown),
            pages=pages,
        )

    def search(self, query: str, page: int = 1) -> SearchScreen:
        """What was found for what was typed so far."""
        query = query.strip()[: search.LONGEST]
        found = search.find(self.catalogue, query)
        if not query:
            found = search.Found(services=search.popular(self.catalogue))
        per_screen = self.visit.room(HITS, HITS_LARGE)
        shown, pages = self._page(found.services, per_screen, page, "/search", q=query)
        return SearchScreen(
            bar=self.bar("/search", self.visit.link(), q=query),
            action=self.visit.link("/search"),
            query=query,
            suggested=not query,
            total=len(found.services),
            agencies=tuple(self._agency(one) for one in found.agencies[:2]),
            rows=tuple(self._row(one) for one in shown),
            pages=pages,
        )

    def service(
        self, service: Service, key: str, taken: str = "", paper: PaperChoice | None = None
    ) -> ServiceScreen:
        """What to bring for a service, and the button. `taken`: a token, or ""."""
        path = f"/services/{service.id}"
        language = self.visit.language
        found = details(self.hall, self.catalogue, service, language, self.now)
        return ServiceScreen(
            bar=self.bar(path, self.visit.link(f"/agencies/{service.agency}"), key=key),
            details=found,
            priorities=self.priorities(),
            key=key,
            taken=self.visit.link(f"/tickets/{quote(taken)}") if taken else "",
            paper=paper,
            add="" if taken or found.offer.shut else self._add(service),
        )

    def _add(self, service: Service) -> str:
        """On to choosing another, or, where one is added to others, to all of them."""
        visit = self.visit
        if not visit.chosen:
            return visit.adding(service.id).link()
        return "" if visit.full else visit.adding(service.id).link("/journey")

    def priorities(self) -> tuple[PriorityChoice, ...]:
        """The classes that a number may be taken in."""
        return tuple(
            PriorityChoice(one.id, one.name.of(self.visit.language), one.credit_minutes)
            for one in self.catalogue.priorities.values()
        )

    def ticket(
        self, ticket: Ticket, url: str, qr: str, came: Came = "", paper: PaperWay | None = None
    ) -> TicketScreen:
        """The number that was taken."""
        return TicketScreen(
            bar=self.bar(f"/tickets/{quote(ticket.token)}", came=came),
            ticket=phone_view(self.hall, self.catalogue, ticket, self.visit.language, self.now),
            url=url,
            qr=qr,
            came=came,
            paper=paper,
            journey=journey(self.hall, self.catalogue, ticket, self.visit.language, self.now),
        )

    def check_in(self) -> CheckInScreen:
        """The screen for codes."""
        return CheckInScreen(self.bar("/check-in", self.visit.link()))

    def sorry(self, answer: Sorry) -> SorryScreen:
        """What a code didn't lead to, and the way on."""
        instead = self.visit.link(f"/services/{answer.service}") if answer.service else ""
        return SorryScreen(self.bar("/check-in", self.visit.link("/check-in")), answer, instead)

    def trouble(
        self, sentence: str, form: Mapping[str, str] | None = None, key: str = ""
    ) -> TroubleScreen:
        """No number, and why; with the `form` it can be tried again."""
        asked = form or {}
        fields = (asked.get(name, "") for name in ("service", "priority", "paper", "package"))
        service, priority, paper, package = fields
        return TroubleScreen(self.bar(""), sentence, service, priority, key, paper, package)

    def _agency(self, agency: Agency) -> Tile:
        href = self.visit.link(f"/agencies/{agency.id}")
        return Tile(href, agency.short, agency.name.of(self.visit.language))

    def _row(self, service: Service) -> Row:
        shown = offer(self.hall, self.catalogue, service, self.visit.language, self.now)
        return Row(self.visit.link(f"/services/{service.id}"), shown)

    def _page(
        self, items: Sequence[Item], size: int, page: int, path: str = "", q: str = ""
    ) -> tuple[Sequence[Item], Pages]:
        """One screenful; a page that doesn't exist is the nearest that does."""
        count = max(1, -(-len(items) // size))
        page = min(max(page, 1), count)

        def to(number: int) -> str:
            return self.visit.link(path, q=q, page=number) if 1 <= number <= count else ""

        return items[(page - 1) * size : page * size], Pages(
            page, count, to(page - 1), to(page + 1)
        )
