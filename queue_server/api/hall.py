"""The hall and its catalogue, for everybody."""

from __future__ import annotations

from ..core.calendar import closes_at, local, next_opening
from ..core.standing import HALL, counters_in, last_called
from ..house import House
from ..web.endpoint import Ask, Endpoint
from ..web.problems import Problem
from . import shapes as s
from .views import View


def endpoints(house: House) -> list[Endpoint]:
    """What may be read without credentials."""
    hall = Public(house)
    agencies, services = s.Listed[s.Agency], s.Listed[s.ServiceNow]
    one = "/api/v1/services/{service}"
    return [
        Endpoint("GET", "/api/v1/hall", None, hall.hall, s.HallNow, "The hall now"),
        Endpoint("GET", "/api/v1/agencies", None, hall.agencies, agencies, "Agencies"),
        Endpoint("GET", "/api/v1/services", None, hall.services, services, "Services"),
        Endpoint("GET", one, None, hall.service, s.ServiceNow, "A service"),
        Endpoint(
            "GET",
            "/api/v1/zones/{zone}/calls",
            None,
            hall.calls,
            s.Listed[s.CallNow],
            "The last calls of a zone, or of the hall, the newest first",
            query=s.Newest,
        ),
    ]


class Public:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def hall(self, ask: Ask[None]) -> s.HallNow:
        house, view = self._house, View(self._house, ask.language)
        hours, now = house.hall.plan.hours, house.clock.now()
        closes, opens = closes_at(now, hours), next_opening(now, hours)
        catalogue = house.catalogue
        return s.HallNow(
            name=house.config.hall.name,
            place=house.config.hall.place,
            open=closes is not None,
            closes_at=closes.isoformat(timespec="seconds") if closes else None,
            opens_at=opens.isoformat(timespec="seconds") if opens else None,
            time=local(now, hours).isoformat(timespec="seconds"),
            timezone=hours.zone,
            day=house.hall.day,
            zones=[view.zone_place(zone) for zone in catalogue.zones],
            priorities=[
                s.Place(p.id, p.name.of(ask.language)) for p in catalogue.priorities.values()
            ],
            languages=list(house.config.languages.pages),
            epoch=house.desk.epoch,
            version=house.hall.version,
        )

    async def calls(self, ask: Ask[None]) -> s.Listed[s.CallNow]:
        """What its boards show; announcements come over the live feed."""
        zone, hall = ask.path["zone"], self._house.hall
        if zone != HALL and zone not in self._house.catalogue.zones:
            raise Problem(404, "not_found")
        wanted: s.Newest = ask.query
        view = View(self._house, ask.language)
        return s.Listed([
            s.CallNow(
                one.call, one.number, one.counter, view.counter_place(one.counter).name,
                one.service, one.status, one.calls, view.at(one.last_called),
            )
            for one in last_called(hall, counters_in(hall, zone), wanted.limit)
        ])  # fmt: skip

    async def agencies(self, ask: Ask[None]) -> s.Listed[s.Agency]:
        hall, services = self._house.hall, self._house.catalogue.services.values()
        given: dict[str, list[str]] = {}
        for service in services:
            given.setdefault(service.agency, []).append(service.id)
        return s.Listed([
            s.Agency(
                agency.id, agency.kind, agency.name.of(ask.language), agency.short,
                given.get(agency.id, []), sum(map(hall.waiting, given.get(agency.id, []))),
            )
            for agency in self._house.catalogue.agencies.values()
        ])  # fmt: skip

    async def services(self, ask: Ask[None]) -> s.Listed[s.ServiceNow]:
        view = View(self._house, ask.language)
        return s.Listed([view.service(one) for one in self._house.catalogue.services.values()])

    async def service(self, ask: Ask[None]) -> s.ServiceNow:
        name = ask.path["service"]
        found = self._house.catalogue.services.get(name)
        if found is None:
            raise Problem(404, "unknown_service", service=name[:64])
        return View(self._house, ask.language).service(found)
