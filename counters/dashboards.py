"""The dashboard of a running hall: its page at `/dashboard`, and the topic `dashboard:hall`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from queue_server.core.bounds import agencies_within
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.core.model import Call
from queue_server.feed import Touched
from queue_server.glance import Glance
from queue_server.house import House
from queue_server.oversight import alarms, naming
from queue_server.topics import topic_name
from queue_server.web.identity import STEWARDS
from queue_server.web.visit import language_of, require

from .dashboard import Dashboard, Part, Tallies, dashboard
from .topic import floor_bounds, floor_name, floor_names, split

HERE = "/dashboard"
NO_STORE = {"Cache-Control": "no-store"}


class Look(Struct, frozen=True):
    """How the page is looked at, out of its address: on a wall or in the hand, dark or light
    ("": as the device has it)."""

    wall: bool
    theme: Literal["", "dark", "light"]


class Dashboards:
    """What is shown now."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._tallies = Tallies()

    def now(self, language: str, bounds: Bounds = EVERYWHERE) -> Dashboard:
        """The dashboard at this moment, as far as the bounds reach."""
        house = self.house
        return dashboard(
            house.hall, house.catalogue, naming(house, language), self._tallies.of(house.hall),
            house.clock.now(), alarms(house, language, bounds), tuple(_parts(house)),
            Glance() if bounds else house.glance, agencies_within(house.hall, bounds),
        )  # fmt: skip


class DashboardTopic:
    """`dashboard:hall`. Implements `feed.TopicKind`."""

    kind = "dashboard"

    def __init__(self, house: House) -> None:
        self._house = house
        self._dashboards = Dashboards(house)

    def knows(self, name: str) -> bool:
        """The whole hall's, and that of every supervisor's bounds, in each language."""
        of, language = split(self._house, name)
        named = map(floor_name, self._house.office.bounds())
        return of in named and language in self._house.config.languages.pages

    def touched(self, what: Touched) -> Iterable[str] | None:
        """Whatever happens shows in its figures."""
        return None if what.everything else floor_names(self._house)

    def state(self, name: str) -> Dashboard:
        """The dashboard now."""
        of, language = split(self._house, name)
        return self._dashboards.now(language, floor_bounds(of))

    def html(self, name: str) -> str:
        """Its fragment now."""
        of, language = split(self._house, name)
        return _fragment(self._house, self._dashboards.now(language, floor_bounds(of)), language)

    def wants(self, name: str, call: Call) -> bool:
        """It announces nothing."""
        return False


def topics(house: House) -> list[str]:
    """The dashboard's topics, for what changes it without an entry in the journal."""
    return [f"{DashboardTopic.kind}:{name}" for name in floor_names(house)]


def routes(house: House) -> list[BaseRoute]:
    """`/dashboard`."""
    dashboards = Dashboards(house)

    async def page(request: Request) -> Response:
        """GET /dashboard; with `?part=1` only what changes."""
        bounds = (await require(request, STEWARDS, "read")).bounds
        language = language_of(request)
        shown = dashboards.now(language, bounds)
        if "part" in request.query_params:
            return HTMLResponse(_fragment(house, shown, language), headers=NO_STORE)
        return house.front.templates.page(
            request, "counters/dashboard.html", d=shown, look=look_of(request),
            topic=topic_name(house, floor_name(bounds), language),
        )  # fmt: skip

    return [Route(HERE, page)]


def look_of(request: Request) -> Look:
    """What the address asks for; a wall is dark unless it asks for light."""
    wall = request.query_params.get("view") == "wall"
    asked = request.query_params.get("theme")
    if asked in ("dark", "light"):
        return Look(wall, "dark" if asked == "dark" else "light")
    return Look(wall, "dark" if wall else "")


def _parts(house: House) -> Iterable[Part]:
    """The system's parts; of what the hall has none of, nothing is said."""
    rooms = house.rooms
    yield Part("journal", int(house.desk.ready and not house.desk.short), 1)
    printers = [rooms.printing.state(id) for id in rooms.printing.printers]
    screens = [rooms.screens.is_online(one) for one in rooms.screens.all()]
    panels = rooms.panels.health()
    if printers:
        yield Part("printers", sum(not one.reason for one in printers), len(printers))
    if screens:
        yield Part("screens", sum(screens), len(screens))
    if panels:
        yield Part("panels", sum(not one.reason for one in panels), len(panels))


def _fragment(house: House, shown: Dashboard, language: str) -> str:
    return house.front.templates.fragment("counters/_dashboard.html", language, d=shown)
