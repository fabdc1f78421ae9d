"""Applications, for agencies' own systems: registering, moving on, looking."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..core.bounds import agencies_within, demand, of_agency, of_service
from ..core.calendar import local
from ..house import House
from ..tracking import codes
from ..tracking.guard import tidy
from ..tracking.intake import intake
from ..tracking.model import Application, Change, Dossier, Filter, Recorded, Step
from ..tracking.refusals import Refused
from ..tracking.rules import requirements
from ..tracking.states import State, reachable
from ..web.endpoint import Ask, Endpoint
from ..web.identity import DESK_READERS, STEWARDS, Identity, Role
from .shapes import Input, Limit, Listed, Slug, Version

REGISTRARS: frozenset[Role] = STEWARDS | {"integration"}
"""Those who may register without a visit: at a counter, an operator finishes one."""
HERE = "/api/v1/applications"
File = Annotated[str, Meta(min_length=1, max_length=40)]
Note = Annotated[str, Meta(max_length=400)]
Numbers = Annotated[list[Annotated[int, Meta(ge=1, le=99)]], Meta(max_length=99)]


class NewApplication(Input, frozen=True):
    """`file`: the agency's own file number, seen by staff only."""

    service: Slug
    file: File | None = None


class Update(Input, frozen=True):
    """The state to go to; `seen` is the one that was looked at (409 when it is another by now);
    `missing` are numbers of the service's requirements, from 1."""

    state: State
    seen: State | None = None
    missing: Numbers = field(default_factory=list)
    note: Note = ""


class Wanted(Input, frozen=True):
    """Which applications, in the order of their registration."""

    agency: Slug | None = None
    state: State | Literal["open"] | None = None
    due: Literal["late", "today", "soon"] | None = None
    file: File | None = None
    after: Version = 0
    limit: Limit = 100


class RegisteredApplication(Struct, frozen=True):
    """An application that was registered; `url` is its public page."""

    code: str
    service: str
    agency: str
    state: State
    registered_at: str
    due_before: str | None
    url: str
    step: int


class Updated(Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """The step that was made: the last of several, when states lay between."""

    code: str
    step: int
    before: State
    after: State
    at: str
    due_before: str | None


class HistoryStep(Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """A line of the history. A correction takes the step before it back."""

    step: int
    at: str
    by: str
    before: State | None
    after: State
    missing: list[str]
    note: str
    correction: bool


class ApplicationRow(Struct, frozen=True):
    """An application in a list. `due_before` is the first moment that is too late, while the
    agency's time runs; `id` is the list's cursor."""

    id: int
    code: str
    service: str
    agency: str
    file: str | None
    state: State
    registered_at: str
    changed_at: str
    due_before: str | None


class ApplicationNow(ApplicationRow, frozen=True):
    """An application. `clock`: whether its promised time runs, stands still (papers are
    missing), has ended, or none was published; `next`: the states that it can go to."""

    service_name: str
    clock: Literal["none", "running", "stopped", "ended"]
    late: bool
    late_days: int
    next: list[State]
    history: list[HistoryStep]
    url: str


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/applications`."""
    api = Applications(house)
    return [
        Endpoint(
            "POST", HERE, REGISTRARS, api.register, RegisteredApplication,
            "Register an application", body=NewApplication, status=201, refusals=("file_taken",),
        ),
        Endpoint(
            "GET", HERE, DESK_READERS, api.some, Listed[ApplicationRow],
            "Applications, oldest first", query=Wanted,
        ),
        Endpoint(
            "GET", f"{HERE}/{{code}}", DESK_READERS, api.one, ApplicationNow, "An application now"
        ),
        Endpoint(
            "POST", f"{HERE}/{{code}}/updates", DESK_READERS, api.update, Updated,
            "Move an application on", body=Update, status=201,
            refusals=("no_such_step", "application_changed"),
        ),
    ]  # fmt: skip


class Applications:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._room = house.rooms.tracking

    async def register(self, ask: Ask[NewApplication]) -> RegisteredApplication:
        demand(ask.who.bounds, of_service(self._house.hall, ask.body.service))
        new = intake(self._house.catalogue, ask.body.service, file=tidy(ask.body.file or ""))
        made = await self._room.register(new, ask.who.id, key=ask.key, digest=ask.digest)
        application, step = made.application, made.step
        return RegisteredApplication(
            application.code, application.service, application.agency, step.after,
            self._at(step.at), self._at_or_none(step.due), self._url(application.code), step.id,
        )  # fmt: skip

    async def some(self, ask: Ask[None]) -> Listed[ApplicationRow]:
        wanted: Wanted = ask.query
        some = Filter(
            wanted.agency or "", wanted.state or "", wanted.due or "", wanted.file or "",
            agencies_within(self._house.hall, ask.who.bounds),
        )  # fmt: skip
        found = await self._room.listing.after(some, wanted.after, wanted.limit)
        more = found[-1].id if len(found) == wanted.limit else None
        return Listed([ApplicationRow(*self._row(one)) for one in found], more)

    async def one(self, ask: Ask[None]) -> ApplicationNow:
        dossier = await self._find(ask.path["code"], ask.who)
        application, stands = dossier.application, dossier.standing
        service = self._house.catalogue.named.services.get(application.service)
        return ApplicationNow(
            *self._row(application),
            service.name.of(ask.language) if service else application.service,
            stands.clock, stands.late, stands.late_days, list(reachable(application.state)),
            [self._step(step) for step in dossier.steps], self._url(application.code),
        )  # fmt: skip

    async def update(self, ask: Ask[Update]) -> Updated:
        body, code = ask.body, codes.read(ask.path["code"])
        dossier = await self._find(code, ask.who)
        service = self._house.catalogue.named.services.get(dossier.application.service)
        missing = requirements(body.missing, service.requirements if service else ())
        change = Change(code, body.state, body.seen or "", missing, tidy(body.note))
        made = await self._room.move(change, ask.who.id, key=ask.key, digest=ask.digest)
        return self._updated(made)

    async def _find(self, code: str, who: Identity) -> Dossier:
        dossier = await self._room.find(codes.read(code))
        if dossier is None:
            raise Refused("unknown_application")
        demand(who.bounds, of_agency(self._house.hall, dossier.application.agency))
        return dossier

    def _updated(self, made: Recorded) -> Updated:
        step = made.step
        assert step.before != "", "an update has a state before it"
        return Updated(
            made.application.code, step.id, step.before, step.after, self._at(step.at),
            self._at_or_none(step.due),
        )  # fmt: skip

    def _row(
        self, one: Application
    ) -> tuple[int, str, str, str, str | None, State, str, str, str | None]:
        return (
            one.id, one.code, one.service, one.agency, one.file or None, one.state,
            self._at(one.registered), self._at(one.changed), self._at_or_none(one.due),
        )  # fmt: skip

    def _step(self, step: Step) -> HistoryStep:
        return HistoryStep(
            step.id, self._at(step.at), step.by, step.before or None, step.after,
            list(step.missing), step.note, step.correction,
        )  # fmt: skip

    def _url(self, code: str) -> str:
        return f"{self._house.url}/tracking/{code}"

    def _at(self, moment: int) -> str:
        return local(moment, self._house.hall.plan.hours).isoformat(timespec="seconds")

    def _at_or_none(self, moment: int) -> str | None:
        return self._at(moment) if moment else None
