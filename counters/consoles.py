"""The consoles of a running hall: views with what they need from the house."""

from __future__ import annotations

from queue_server.core.bounds import covers, of_counter
from queue_server.core.calendar import local
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.core.model import Counter, Hall
from queue_server.core.plan import MINUTE
from queue_server.house import House
from queue_server.oversight import alarms
from queue_server.web.i18n import clock_text
from queue_server.web.identity import STAFF, STEWARDS, Identity

from . import views
from .chooser import Chooser, chooser
from .destinations import Transfer, transfer
from .floor import Floor, floor
from .order import Why, why
from .papers import Papers, papers
from .questions import Question, question
from .states import State, state
from .views import Beside, Document, SurveyCode


class Consoles:
    """What is shown now. One for each surface part: they share nothing but the house."""

    def __init__(self, house: House) -> None:
        self.house = house

    def known(self, counter: str) -> bool:
        """Whether the hall has such a counter."""
        return counter in self.house.hall.counters

    def console(self, counter: str, language: str) -> views.Console:
        """An operator's screen. Raises KeyError."""
        house = self.house
        return views.console(
            house.hall, house.catalogue, self.house.rooms.floor.days.of(house.hall), counter,
            house.clock.now(), language, self._beside(counter, language),
        )  # fmt: skip

    def state(self, counter: str) -> State:
        """A counter for programs. Raises KeyError."""
        house = self.house
        return state(house.hall, house.catalogue, counter, house.clock.now())

    def chooser(self, identity: Identity, language: str, search: str) -> Chooser:
        """The choice of a counter for somebody."""
        house = self.house
        return chooser(
            house.hall, house.catalogue, identity.id, house.office.name_of, house.clock.now(),
            language, search, identity.bounds,
        )  # fmt: skip

    def floor(self, language: str, bounds: Bounds = EVERYWHERE) -> Floor:
        """The supervisor's board, as far as the bounds reach."""
        house = self.house
        return floor(
            house.hall, house.catalogue, house.rooms.floor.days.of(house.hall),
            house.office.name_of, house.clock.now(), language, alarms(house, language, bounds),
            bounds,
        )  # fmt: skip

    def transfer(self, counter: str, language: str) -> Transfer | None:
        """Where the ticket at a counter can be sent; None when nobody is there."""
        house = self.house
        return transfer(house.hall, house.catalogue, house.office.name_of, counter, language)

    def papers(self, counter: str, language: str) -> Papers | None:
        """What the ticket at a counter can be sent for; None when nobody is there."""
        house = self.house
        return papers(house.hall, house.catalogue, counter, house.clock.now(), language)

    def question(self, path: str, counter: str, language: str) -> Question | None:
        """What the act at a path asks first; None when it is about nobody."""
        house = self.house
        beside = Beside(names=house.office.name_of, notes=house.rooms.notes.of)
        return question(
            house.hall, house.catalogue, path, counter, house.clock.now(), language, beside
        )

    def why(self, counter: str, ticket: int, language: str) -> Why:
        """The order of a counter's queue, explained."""
        house = self.house
        return why(house.hall, house.catalogue, counter, ticket, house.clock.now(), language)

    def holder(self, counter: Counter) -> str:
        """The display name of who holds a counter."""
        return self.house.office.name_of(counter.operator)

    def _beside(self, counter: str, language: str) -> Beside:
        """What the other rooms know of who is at a counter."""
        house = self.house
        return Beside(
            voice=self._voice(),
            names=house.office.name_of,
            notes=house.rooms.notes.of,
            pickup=self._pickup(counter, language),
            registered=self._registered(counter, language),
            survey=self._survey(counter, language),
        )

    def _pickup(self, counter: str, language: str) -> Document | None:
        """What the ticket at a counter came to fetch."""
        ticket = self.house.hall.tickets.get(self.house.hall.counters[counter].current)
        found = self.house.rooms.tracking.pickups.of(ticket.token) if ticket else None
        if ticket is None or found is None:
            return None
        name = self._service(found.service, language)
        return Document(ticket.number, found.code, found.file, name)

    def _registered(self, counter: str, language: str) -> Document | None:
        """The application that was registered last at a counter, while its ticket is of today."""
        found = self.house.rooms.tracking.last_at(counter)
        ticket = self.house.hall.ticket_by_token(found.ticket) if found else None
        if found is None or ticket is None:
            return None
        name = self._service(found.service, language)
        return Document(ticket.number, found.code, found.file, name)

    def _survey(self, counter: str, language: str) -> SurveyCode | None:
        """The survey code of the visit that a counter served last, while it is good."""
        house = self.house
        served = self.house.rooms.floor.days.of(house.hall).served.get(counter)
        last = served.last if served else None
        code = house.rooms.survey.code(last.id) if last else ""
        until = last.ended + house.config.survey.code_minutes * MINUTE if last else 0
        if last is None or not code or house.clock.now() > until:
            return None
        at = clock_text(local(until, house.hall.plan.hours), language)
        return SurveyCode(last.number, f"{code[:4]} {code[4:]}", at)

    def _service(self, id: str, language: str) -> str:
        found = self.house.catalogue.services.get(id)
        return found.name.of(language) if found else id

    def _voice(self) -> bool:
        return self.house.voice is not None and self.house.voice.status.available


def may_see(hall: Hall, identity: Identity, counter: Counter) -> bool:
    """A console is its holder's, or a steward's; a free one is anybody's of the staff; all within
    their bounds."""
    if identity.bounds and not covers(identity.bounds, of_counter(hall, counter.id)):
        return False
    if identity.role in STEWARDS:
        return True
    return identity.role in STAFF and counter.operator in ("", identity.id)
