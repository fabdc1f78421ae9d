"""What the kiosk's screens are made of: values for the templates, which decide nothing."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .journey import Journey
from .kiosk_check_in import Came, Sorry
from .kiosk_paper import PaperChoice, PaperWay
from .kiosk_visit import Look, Other, Visit
from .offers import Details, Offer, Wait
from .opening import Opening
from .phone import PhoneView


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
    looks: tuple[Look, ...]
    basket: Basket | None = None


class Basket(Struct, frozen=True):
    """The services chosen so far for one number, and where they are looked at together."""

    names: tuple[str, ...]
    href: str


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


class Door(Struct, frozen=True):
    """A first step for a voice: one of a few, not one of all agencies. `count` stand behind it."""

    kind: Literal["packages", "popular", "regional", "vertical"]
    href: str
    count: int


class StartScreen(Struct, frozen=True):
    """Choose an agency, or search. `doors`: spoken guidance comes to the agencies in two steps."""

    bar: Bar
    search: str
    check_in: str
    packages: str
    doors: tuple[Door, ...]
    groups: tuple[Group, ...]
    pages: Pages


class AgencyScreen(Struct, frozen=True):
    """Choose a service of an agency, or, without a `name`, one that is asked for most."""

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
    paper: PaperChoice | None = None
    add: str = ""
    """Where it is put together with others for one number, or "": they are complete already."""


class PackagesScreen(Struct, frozen=True):
    """Choose several matters that belong together. `own`: where one's own are put together."""

    bar: Bar
    tiles: tuple[Tile, ...]
    own: str


class Stage(Struct, frozen=True):
    """A step of a visit before its number is taken. `after`: the steps (from 1) that come before
    it; `drop`: this screen without it, or ""."""

    offer: Offer
    zone: str
    after: tuple[int, ...] = ()
    drop: str = ""


class JourneyScreen(Struct, frozen=True):
    """Several services under one number: a package, or, without a `name`, one's own choice."""

    bar: Bar
    package: str
    name: str
    about: str
    stages: tuple[Stage, ...]
    free: bool
    """They can be done in any order."""
    requirements: tuple[str, ...]
    """What to bring for all of them, each paper once."""
    unpublished: tuple[str, ...]
    """The services whose requirements are not published."""
    wait: Wait
    """From now to the end of the last."""
    more: str
    """Where another service is chosen, or ""."""
    closed: tuple[str, ...]
    """Services for which no numbers are given any more today."""
    priorities: tuple[PriorityChoice, ...]
    key: str
    taken: str
    paper: PaperChoice | None


class TicketScreen(Struct, frozen=True):
    """The number, and how to follow it. `qr` is an inline SVG of `url`; `came`: by a code, and
    what that has done."""

    bar: Bar
    ticket: PhoneView
    url: str
    qr: str
    came: Came = ""
    paper: PaperWay | None = None
    journey: Journey | None = None
    """The way of a visit of several services."""


class CheckInScreen(Struct, frozen=True):
    """A code is asked for."""

    bar: Bar


class SorryScreen(Struct, frozen=True):
    """The code led nowhere. `instead`: where a number can be taken, or ""."""

    bar: Bar
    answer: Sorry
    instead: str


class TroubleScreen(Struct, frozen=True):
    """What went wrong, and the form again, with the same key, when it is worth another try."""

    bar: Bar
    sentence: str
    service: str = ""
    priority: str = ""
    key: str = ""
    paper: str = ""
    package: str = ""
