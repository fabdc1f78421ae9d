"""The kiosk's screens: pure views of hall and catalogue. Every link is made here.

A visit carries its language and type size in its addresses, and nothing else: a fresh `/kiosk`
is the hall's own language at ordinary size, whoever stood there before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar
from urllib.parse import quote, urlencode

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Agency, Catalogue, Service
from queue_server.core.model import Hall, Ticket

from . import search
from .offers import Details, Offer, details, offer
from .opening import Opening, opening
from .phone import PhoneView, phone_view

Item = TypeVar("Item")
TILES, TILES_LARGE = 29, 16
"""Agencies on one screen: all that a mall has at ordinary size."""
ROWS, ROWS_LARGE = 16, 8
"""Services on one screen."""
HITS, HITS_LARGE = 8, 4
"""Search results above the keyboard."""


class Visit(Struct, frozen=True):
    """How this citizen reads: what every link of the visit carries on."""

    language: str = "id"
    large: bool = False
    default: str = "id"
    """The hall's own language, which needs no mention."""

    def link(self, path: str = "", **query: str | int) -> str:
        """An address of the kiosk that keeps language and size; empty values are left out."""
        kept: dict[str, str | int] = {}
        if self.language != self.default:
            kept["lang"] = self.language
        if self.large:
            kept["large"] = "1"
        kept |= {name: value for name, value in query.items() if value}
        return f"/kiosk{path}" + (f"?{urlencode(kept)}" if kept else "")


class Other(Struct, frozen=True):
    """The same screen in another language."""

    language: str
    href: str


class Bar(Struct, frozen=True):
    """What stands on every screen: where it leads, in which hands, and the hall's door."""

    visit: Visit
    hall: str
    opening: Opening
    back: str
    """The step before, or "" on the first screen."""
    start: str
    fresh: str
    """The first screen as the next citizen finds it."""
    others: tuple[Other, ...]
    """This screen in the hall's other languages."""
    other_size: str


class Tile(Struct, frozen=True):
    """Something to touch that leads on."""

    href: str
    title: str
    text: str = ""


class Group(Struct, frozen=True):
    """Agencies of one kind."""

    kind: Literal["regional", "vertical"]
    tiles: tuple[Tile, ...]


class Pages(Struct, frozen=True):
    """Where in a long list the screen is; `before` and `after` are "" at its ends."""

    number: int = 1
    count: int = 1
    before: str = ""
    after: str = ""


class Row(Struct, frozen=True):
    """A service to touch."""

    href: str
    offer: Offer


class StartScreen(Struct, frozen=True):
    """Choose an agency, or search."""

    bar: Bar
    search: str
    groups: tuple[Group, ...]
    popular: tuple[Tile, ...]
    pages: Pages


class AgencyScreen(Struct, frozen=True):
    """Choose a service of an agency."""

    bar: Bar
    name: str
    rows: tuple[Row, ...]
    pages: Pages


class SearchScreen(Struct, frozen=True):
    """What was found for `query`; `suggested`: nothing was typed, these are asked for most."""

    bar: Bar
    action: str
    query: str
    suggested: bool
    total: int
    agencies: tuple[Tile, ...]
    rows: tuple[Row, ...]
    pages: Pages


class PriorityChoice(Struct, frozen=True):
    """A priority class; `minutes`: by how much its arrival counts as earlier."""

    id: str
    name: str
    minutes: int


class ServiceScreen(Struct, frozen=True):
    """What to bring, before a number is taken. `key` makes the form's ticket one only."""

    bar: Bar
    details: Details
    priorities: tuple[PriorityChoice, ...]
    key: str
    taken: str
    """The ticket that this very form has already taken: where it is shown, or ""."""


class TicketScreen(Struct, frozen=True):
    """The number, and how to follow it. `qr` is an inline SVG of `url`."""

    bar: Bar
    ticket: PhoneView
    url: str
    qr: str


class TroubleScreen(Struct, frozen=True):
    """What went wrong, and the form again, with the same key, when it is worth another try."""

    bar: Bar
    sentence: str
    service: str = ""
    priority: str = ""
    key: str = ""


class View(Struct, frozen=True):
    """What the screens are made from. `languages`: the hall's, the default first."""

    hall: Hall
    catalogue: Catalogue
    name: str
    languages: tuple[str, ...]
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
            fresh=Visit(visit.default, default=visit.default).link(),
            others=tuple(
                Other(one, replace(visit, language=one).link(path, **query))
                for one in self.languages
                if one != visit.language
            ),
            other_size=replace(visit, large=not visit.large).link(path, **query),
        )

    def start(self, page: int = 1) -> StartScreen:
        """The first screen."""
        visit, language = self.visit, self.visit.language
        agencies = sorted(self.catalogue.agencies.values(), key=lambda one: one.kind)
        shown, pages = self._page(agencies, TILES_LARGE if visit.large else TILES, page)
        groups = tuple(
            Group(kind, tuple(self._agency(one) for one in shown if one.kind == kind))
            for kind in ("regional", "vertical")
        )
        popular = tuple(
            Tile(visit.link(f"/services/{one.id}"), one.name.of(language))
            for one in search.popular(self.catalogue)
        )
        return StartScreen(
            bar=self.bar("", page=page if page > 1 else 0),
            search=visit.link("/search"),
            groups=tuple(group for group in groups if group.tiles),
            popular=popular,
            pages=pages,
        )

    def agency(self, agency: Agency, page: int = 1) -> AgencyScreen:
        """The services of an agency."""
        path = f"/agencies/{agency.id}"
        own = [one for one in self.catalogue.services.values() if one.agency == agency.id]
        shown, pages = self._page(own, ROWS_LARGE if self.visit.large else ROWS, page, path)
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
        per_page = HITS_LARGE if self.visit.large else HITS
        shown, pages = self._page(found.services, per_page, page, "/search", q=query)
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

    def service(self, service: Service, key: str, taken: str = "") -> ServiceScreen:
        """What to bring for a service, and the button. `taken`: a token, or ""."""
        path = f"/services/{service.id}"
        language = self.visit.language
        priorities = tuple(
            PriorityChoice(one.id, one.name.of(language), one.credit_minutes)
            for one in self.catalogue.priorities.values()
        )
        return ServiceScreen(
            bar=self.bar(path, self.visit.link(f"/agencies/{service.agency}"), key=key),
            details=details(self.hall, self.catalogue, service, language),
            priorities=priorities,
            key=key,
            taken=self.visit.link(f"/tickets/{quote(taken)}") if taken else "",
        )

    def ticket(self, ticket: Ticket, url: str, qr: str) -> TicketScreen:
        """The number that was taken."""
        return TicketScreen(
            bar=self.bar(f"/tickets/{quote(ticket.token)}"),
            ticket=phone_view(self.hall, self.catalogue, ticket, self.visit.language, self.now),
            url=url,
            qr=qr,
        )

    def trouble(
        self, sentence: str, service: str = "", priority: str = "", key: str = ""
    ) -> TroubleScreen:
        """No number, and why."""
        return TroubleScreen(self.bar(""), sentence, service, priority, key)

    def _agency(self, agency: Agency) -> Tile:
        href = self.visit.link(f"/agencies/{agency.id}")
        return Tile(href, agency.short, agency.name.of(self.visit.language))

    def _row(self, service: Service) -> Row:
        shown = offer(self.hall, self.catalogue, service, self.visit.language)
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
