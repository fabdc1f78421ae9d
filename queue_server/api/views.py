"""The hall as the API shows it: functions of what is durable, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..catalogue import Service
from ..core import commands as c
from ..core.calendar import closes_at, local
from ..core.intake import shut
from ..core.lifecycle import AT_COUNTER
from ..core.model import Counter, Hall, Ticket
from ..core.policy import estimate, in_order, is_service, lines_of, serving_counters, zone_of
from ..core.possible import holders_acts, possible
from ..house import House
from . import shapes as s

GONE = 20
"""No-shows and cancelled tickets that a counter is shown."""


@dataclass(frozen=True, slots=True)
class View:
    """A house seen in a language."""

    house: House
    language: str

    @property
    def hall(self) -> Hall:
        return self.house.hall

    def at(self, moment: int) -> str:
        """Epoch ms as RFC 3339 with the hall's offset."""
        return local(moment, self.hall.plan.hours).isoformat(timespec="seconds")

    def at_or_none(self, moment: int) -> str | None:
        return self.at(moment) if moment else None

    def url(self, token: str) -> str:
        """A ticket's phone page."""
        return f"{self.house.url}/t/{token}"

    def ticket(self, ticket: Ticket) -> s.TicketNow:
        """A ticket for its holder."""
        looked = ticket.looked  # nothing has been announced: to its holder it waits
        ahead = 0 if looked else self.hall.ahead(ticket)
        called = ticket.status in AT_COUNTER and not looked
        own = ticket.line == ticket.service
        return s.TicketNow(
            id=ticket.id,
            number=ticket.number,
            token=ticket.token,
            service=ticket.service,
            service_name=self.service_name(ticket.service),
            priority=ticket.priority or None,
            language=ticket.language,
            status="waiting" if looked else ticket.status,
            position=None if ahead is None else ahead + 1,
            ahead=ahead,
            counter=self.counter_place(ticket.counter) if called else None,
            zone=self._where(ticket),
            estimate=None if ahead is None or not own else self.estimate(ticket.service, ahead),
            issued_at=self.at(ticket.issued),
            called_at=None if looked else self.at_or_none(ticket.last_called),
            call=ticket.call or None,
            calls=ticket.calls,
            url=self.url(ticket.token),
            version=self.hall.version,
            steps=[self._step(ticket, index) for index in range(len(ticket.steps))],
            missing=self._missing(ticket),
            until=self.at_or_none(ticket.until),
            acts=list(holders_acts(self.hall, ticket, self.house.clock.now())),
        )

    def _step(self, ticket: Ticket, index: int) -> s.StepNow:
        step = ticket.steps[index]
        named = self.house.catalogue.named
        known, name = step.service in named.services, self.service_name(step.service)
        agency = self.house.catalogue.agency_of(step.service).short if known else ""
        return s.StepNow(step.service, name, agency, step.done, index == ticket.step)

    def counter(self, counter: Counter, who: c.Actor) -> s.CounterNow:
        """A counter as `who` may use it."""
        hall, place = self.hall, self.hall.place(counter.id)
        current, day = hall.tickets.get(counter.current), self.house.rooms.floor.days.of(hall)
        lines = lines_of(hall, counter.id)
        return s.CounterNow(
            id=counter.id,
            name=self.counter_place(counter.id).name,
            zone=place.zone,
            services=list(place.services),
            state=counter.state,
            operator=counter.operator or None,
            current=self.at_counter(current) if current else None,
            queue=[self.at_counter(hall.tickets[id]) for id in in_order(hall, counter)],
            acts=list(possible(hall, counter, who, self.house.clock.now())),
            reason=counter.reason or None,
            until=self.at_or_none(counter.until),
            closing_asked=counter.closing is not None,
            closing_denied_at=self.at_or_none(counter.denied),
            alarm_since=self.at_or_none(counter.alarm),
            reopens_at=self.at_or_none(counter.reopens),
            parked=self._tickets(day.parked_for(counter.id, lines)),
            pending=self._tickets(day.pending_for(lines)),
            gone=self._tickets(day.gone_from(counter.id, lines, GONE)),
            version=hall.version,
        )

    def _tickets(self, tickets: Iterable[Ticket]) -> list[s.CounterTicket]:
        return [self.at_counter(ticket) for ticket in tickets]

    def at_counter(self, ticket: Ticket) -> s.CounterTicket:
        """A ticket for those who serve it."""
        looked = ticket.looked
        return s.CounterTicket(
            id=ticket.id,
            number=ticket.number,
            service=ticket.service,
            service_name=self.service_name(ticket.service),
            priority=ticket.priority or None,
            language=ticket.language,
            status=ticket.status,
            issued_at=self.at(ticket.issued),
            joined_at=self.at(ticket.joined),
            called_at=None if looked else self.at_or_none(ticket.last_called),
            started_at=self.at_or_none(ticket.started),
            calls=ticket.calls,
            counter=ticket.counter or None,
            looked=looked,
            sent=_sent(ticket),
            reason=ticket.reason or None if ticket.status == "parked" else None,
            missing=self._missing(ticket),
            until=self.at_or_none(ticket.until),
            notes=len(self.house.rooms.notes.of(ticket.id)),
            steps=[self._step(ticket, index) for index in range(len(ticket.steps))],
        )

    def _missing(self, ticket: Ticket) -> list[str]:
        """The papers that it was sent for."""
        service = self.house.catalogue.named.services.get(ticket.service)
        needed = service.requirements if service and ticket.status == "pending" else ()
        return [self._phrase(needed[one]) for one in ticket.missing if one < len(needed)]

    def service_name(self, service: str) -> str:
        """A service's name, its id where the catalogue has dropped it."""
        known = self.house.catalogue.named.services.get(service)
        return known.name.of(self.language) if known else service

    def counter_place(self, counter: str) -> s.Place:
        """A counter's name."""
        known = self.house.catalogue.named.counters.get(counter)
        name = known.name.of(self.language) if known else self.hall.place(counter).name
        return s.Place(counter, name)

    def zone_place(self, zone: str) -> s.Place:
        """A zone's name."""
        known = self.house.catalogue.named.zones.get(zone)
        return s.Place(zone, known.name.of(self.language) if known else zone)

    def service(self, service: Service) -> s.ServiceNow:
        """A service with its standard and its line."""
        hall, catalogue = self.hall, self.house.catalogue
        waiting = hall.waiting(service.id)
        duration, cost = service.duration, service.cost
        return s.ServiceNow(
            id=service.id,
            agency=service.agency,
            name=service.name.of(self.language),
            prefix=service.prefix,
            zone=catalogue.zone_of[service.id],
            counters=list(hall.givers.get(service.id, ())),
            keywords=list(service.keywords),
            requirements=self._phrases(service.requirements),
            procedure=self._phrases(service.procedure),
            duration=s.Duration(
                duration.known, duration.minutes, duration.working_days, self._phrase(duration.text)
            ),
            cost=s.Cost(cost.known, cost.rupiah, self._phrase(cost.text)),
            product=self._phrase(service.product),
            complaints=self._phrase(service.complaints),
            waiting=waiting,
            counters_open=len(serving_counters(hall, service.id)),
            estimate=self.estimate(service.id, waiting),
            shut=self._shut(service.id),
        )

    def _shut(self, service: str) -> s.Shut | None:
        now = self.house.clock.now()
        if closes_at(now, self.hall.plan.hours) is None or service not in self.hall.plan.services:
            return None
        found = shut(self.hall, service, now)
        if found is None:
            return None
        opens = found.opens.isoformat(timespec="seconds") if found.opens else None
        return s.Shut(found.code, found.refusal(service).sentence(self.language), opens)

    def estimate(self, service: str, ahead: int) -> s.Estimate | None:
        """How long somebody with so many before him will wait."""
        found = estimate(self.hall, service, ahead)
        return s.Estimate(*found) if found else None

    def _where(self, ticket: Ticket) -> s.Place | None:
        """The zone to wait in, or to go to."""
        zone = zone_of(self.hall, ticket)
        return self.zone_place(zone) if zone else None

    def _phrase(self, text: str) -> str:
        return self.house.catalogue.phrase(text, self.language)

    def _phrases(self, texts: tuple[str, ...]) -> list[str]:
        return [self._phrase(text) for text in texts]


def _sent(ticket: Ticket) -> s.Destination | None:
    """Whom it waits for, where that is not its service's line."""
    if is_service(ticket.line):
        return None
    kind, name = ticket.line[0], ticket.line[1:]
    return s.Destination(
        counter=name if kind == "@" else None,
        agency=name if kind == "+" else None,
        operator=name if kind == "~" else None,
    )
