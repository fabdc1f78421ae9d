"""Applications as those who work on them see them: pure views in one language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.tracking.model import Application, Dossier, Filter, Step, Tally
from queue_server.tracking.promise import Standing
from queue_server.tracking.states import NEXT, STATES, State, reachable

PAGE = 50
"""Applications on a page."""


class Choice(Struct, frozen=True):
    """An option of a menu."""

    value: str
    label: str
    chosen: bool


class Row(Struct, frozen=True):
    """An application in the list. `due` is its last good moment (epoch ms), 0: none."""

    code: str
    file: str
    service: str
    agency: str
    state: State
    standing: Standing
    due: int
    by_day: bool
    changed: int


class AgencyRow(Struct, frozen=True):
    """An agency's open applications in figures; `days` is how late its latest one is."""

    id: str
    name: str
    tally: Tally


class Total(Struct, frozen=True):
    """A figure of the whole hall, and the list behind it."""

    name: str
    count: int
    query: str
    chosen: bool


class ListPage(Struct, frozen=True):
    """The list with its filter. `query` is the filter as an address carries it."""

    totals: tuple[Total, ...]
    agencies: tuple[Choice, ...]
    states: tuple[Choice, ...]
    dues: tuple[Choice, ...]
    search: str
    rows: tuple[Row, ...]
    count: int
    page: int
    pages: int
    query: str
    by_agency: tuple[AgencyRow, ...]


class Line(Struct, frozen=True):
    """A line of the history. `taken_back`: a later correction undid it."""

    at: int
    who: str
    before: str
    after: State
    missing: tuple[str, ...]
    note: str
    correction: bool
    taken_back: bool


class Requirement(Struct, frozen=True):
    """A requirement of the service, by its number from 1."""

    number: int
    text: str
    chosen: bool


class OnePage(Struct, frozen=True):
    """An application with its acts and history, the newest line first."""

    row: Row
    registered: int
    next: tuple[State, ...]
    """States that may follow at once."""
    further: tuple[State, ...]
    """States behind those."""
    requirements: tuple[Requirement, ...]
    lines: tuple[Line, ...]
    correctable: bool


def list_page(
    catalogue: Catalogue, language: str, wanted: Filter, dossiers: Sequence[Dossier], count: int,
    page: int, tallies: Sequence[Tally], query: Callable[[Filter], str],
) -> ListPage:  # fmt: skip
    """The list. `query` makes an address's query of a filter."""
    agencies = sorted(catalogue.named.agencies.values(), key=lambda one: one.short.casefold())
    return ListPage(
        totals=_totals(wanted, tallies, query),
        agencies=tuple(Choice(one.id, one.short, one.id == wanted.agency) for one in agencies),
        states=tuple(
            Choice(one, one, one == wanted.state) for one in ("open", "any", *STATES)
        ),
        dues=tuple(Choice(one, one, one == wanted.due) for one in ("", "late", "today", "soon")),
        search=wanted.search,
        rows=tuple(row(catalogue, language, one) for one in dossiers),
        count=count,
        page=page,
        pages=max(1, -(-count // PAGE)),
        query=query(wanted),
        by_agency=tuple(
            AgencyRow(one.agency, _agency(catalogue, one.agency), one) for one in tallies
        ),
    )  # fmt: skip


def row(catalogue: Catalogue, language: str, dossier: Dossier) -> Row:
    """An application in the list."""
    one, standing = dossier.application, dossier.standing
    service = catalogue.named.services.get(one.service)
    return Row(
        code=one.code,
        file=one.file,
        service=service.name.of(language) if service else one.service,
        agency=_agency(catalogue, one.agency),
        state=one.state,
        standing=standing,
        due=standing.due - 1 if standing.due else 0,
        by_day=one.promise.days > 0,
        changed=one.changed,
    )


def one_page(
    catalogue: Catalogue, language: str, dossier: Dossier, name_of: Callable[[str], str],
    chosen: frozenset[int] = frozenset(),
) -> OnePage:  # fmt: skip
    """An application's page. `chosen`: requirements that were ticked before a refusal."""
    application = dossier.application
    held = {step.id for step in dossier.valid}
    return OnePage(
        row=row(catalogue, language, dossier),
        registered=application.registered,
        next=NEXT[application.state],
        further=reachable(application.state)[len(NEXT[application.state]) :],
        requirements=_requirements(catalogue, application, language, chosen),
        lines=tuple(_line(step, held, name_of) for step in reversed(dossier.steps)),
        correctable=len(dossier.valid) > 1,
    )


def _line(step: Step, held: set[int], name_of: Callable[[str], str]) -> Line:
    return Line(
        at=step.at,
        who=name_of(step.by),
        before=step.before,
        after=step.after,
        missing=step.missing,
        note=step.note,
        correction=step.correction,
        taken_back=not step.correction and step.id not in held,
    )


def _requirements(
    catalogue: Catalogue, application: Application, language: str, chosen: frozenset[int]
) -> tuple[Requirement, ...]:
    service = catalogue.named.services.get(application.service)
    texts = service.requirements if service else ()
    return tuple(
        Requirement(number, catalogue.phrase(text, language), number in chosen)
        for number, text in enumerate(texts, 1)
    )


def _totals(
    wanted: Filter, tallies: Sequence[Tally], query: Callable[[Filter], str]
) -> tuple[Total, ...]:
    figures = {
        "late": (sum(one.late for one in tallies), Filter(state="open", due="late")),
        "today": (sum(one.today for one in tallies), Filter(state="open", due="today")),
        "soon": (sum(one.soon for one in tallies), Filter(state="open", due="soon")),
        "waiting": (sum(one.waiting for one in tallies), Filter(state="perlu_perbaikan")),
        "ready": (sum(one.ready for one in tallies), Filter(state="siap_diambil")),
        "open": (sum(one.open for one in tallies), Filter(state="open")),
    }
    return tuple(
        Total(name, count, query(those), those == wanted)
        for name, (count, those) in figures.items()
    )


def _agency(catalogue: Catalogue, id: str) -> str:
    found = catalogue.named.agencies.get(id)
    return found.short if found else id
