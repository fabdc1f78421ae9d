"""An application as whoever holds its code may see it: pure. Nobody is named on this page."""

from __future__ import annotations

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Hall
from queue_server.tracking.intake import pickup_service
from queue_server.tracking.model import Dossier
from queue_server.tracking.promise import Standing
from queue_server.tracking.states import WAY, State

from .offers import Spot, spots, zone_name


class Milestone(Struct, frozen=True):
    """A station of the way. `at` is epoch ms, 0 while it is still ahead."""

    state: State
    at: int
    now: bool


class Line(Struct, frozen=True):
    """A line of the history: when, which state, and why, where a reason was given."""

    state: State
    at: int
    missing: tuple[str, ...]
    note: str


class Place(Struct, frozen=True):
    """Where a document is fetched, or papers are brought."""

    service: str
    zone: str
    spots: tuple[Spot, ...]


class ApplicationView(Struct, frozen=True):
    """The page of an application. Times are epoch ms; `due` is the last good moment, 0: none.

    `by_day`: the due time is a day. `why` is the line that explains the present state.
    `ticket` is the address of the ticket that fetches the document, or "".
    """

    code: str
    version: int
    state: State
    service: str
    service_id: str
    agency: str
    complaints: str
    registered: int
    standing: Standing
    due: int
    by_day: bool
    why: Line
    way: tuple[Milestone, ...]
    lines: tuple[Line, ...]
    place: Place | None
    ticket: str


def application_view(
    hall: Hall, catalogue: Catalogue, chosen: dict[str, str], dossier: Dossier, language: str,
    ticket: str = "",
) -> ApplicationView:  # fmt: skip
    """The page in a language. `chosen`: agency -> its pickup service (configuration)."""
    application, standing = dossier.application, dossier.standing
    service = catalogue.named.services.get(application.service)
    agency = catalogue.named.agencies.get(application.agency)
    lines = _lines(catalogue, dossier, language)
    fetched = pickup_service(catalogue, application.service, application.agency, chosen)
    wanted = fetched if application.state == "siap_diambil" else application.service
    return ApplicationView(
        code=application.code,
        version=dossier.steps[-1].id,
        state=application.state,
        service=service.name.of(language) if service else application.service,
        service_id=service.id if service else "",
        agency=agency.name.of(language) if agency else application.agency,
        complaints=catalogue.phrase(service.complaints, language) if service else "",
        registered=application.registered,
        standing=standing,
        due=standing.due - 1 if standing.due else 0,
        by_day=application.promise.days > 0,
        why=lines[-1],
        way=_way(dossier),
        lines=tuple(reversed(lines)),
        place=_place(hall, catalogue, wanted, language),
        ticket=ticket,
    )


def _lines(catalogue: Catalogue, dossier: Dossier, language: str) -> tuple[Line, ...]:
    """What still holds, oldest first: a mistake that was taken back is the staff's own affair."""
    return tuple(
        Line(
            step.after, step.at,
            tuple(catalogue.phrase(one, language) for one in step.missing), step.note,
        )
        for step in dossier.valid
    )  # fmt: skip


def _way(dossier: Dossier) -> tuple[Milestone, ...]:
    """The main way with what has been reached; an end off the way takes the rest's place."""
    state = dossier.application.state
    reached: dict[State, int] = {}
    for step in dossier.valid:
        reached[step.after] = step.at
    if state in ("ditolak", "dibatalkan"):
        done = [one for one in WAY if one in reached]
        return (
            *(Milestone(one, reached[one], False) for one in done),
            Milestone(state, reached[state], True),
        )
    # Papers are asked for on the way: the station is the one that they came from.
    here: State = "diverifikasi" if state == "perlu_perbaikan" else state
    passed = WAY[: WAY.index(here) + 1]
    return tuple(
        Milestone(one, reached.get(one, 0) if one in passed else 0, one == here) for one in WAY
    )


def _place(hall: Hall, catalogue: Catalogue, service: str, language: str) -> Place | None:
    found = catalogue.services.get(service)
    if found is None:
        return None
    return Place(
        service=found.name.of(language),
        zone=zone_name(catalogue, catalogue.zone_of[service], language),
        spots=spots(hall, catalogue, service, language),
    )
