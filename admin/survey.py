"""The survey in administration: what its pages show. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.plan import Hours
from queue_server.survey import labels
from queue_server.survey.archive import Filter, Paper, Remark
from queue_server.survey.clocks import KINDS, Clock, Kind, clock
from queue_server.survey.periods import Period, choices
from queue_server.survey.sheet import Sheet

SHOWN = 50
"""Faults of a file that are listed."""


def N_(text: str) -> str:
    """Marks a msgid; the template translates it."""
    return text


KIND_NAMES: dict[Kind, str] = {
    "information": N_("Informasi atau pengaduan biasa: 5 hari"),
    "dispute": N_("Sengketa tanpa pemeriksaan lapangan: 14 hari"),
    "field": N_("Dengan pemeriksaan lapangan: 60 hari kerja"),
}
TABS = (
    ("/admin/survey", N_("Laporan")),
    ("/admin/survey/remarks", N_("Saran dan keluhan")),
    ("/admin/survey/import", N_("Formulir kertas")),
)


Sees = Callable[[str, str], bool]
"""Whether a part of the hall, its kind and its id, is among what somebody may look at."""


class Choice(Struct, frozen=True):
    """A line of a select."""

    value: str
    label: str
    chosen: bool


class Selection(Struct, frozen=True):
    """What a report is asked for: its period and one part of the hall, "" for all of it."""

    period: Period
    agency: str = ""
    service: str = ""
    counter: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is the hall's: only that can be published."""
        return not (self.agency or self.service or self.counter)

    @property
    def filter(self) -> Filter:
        """The answers that it means."""
        return Filter(
            self.period.first, self.period.last, self.service, self.agency, self.counter
        )  # fmt: skip


class Selects(Struct, frozen=True):
    """The form above the report."""

    periods: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    services: tuple[Choice, ...]
    counters: tuple[Choice, ...]
    first: str
    last: str


class RemarkRow(Struct, frozen=True):
    """A remark to decide on. `clock` None: a suggestion has none."""

    remark: Remark
    day: str
    place: str
    clock: Clock | None
    respond: str
    close: str
    kinds: tuple[Choice, ...]

    @property
    def status(self) -> str:
        """How far the staff is with it."""
        if self.remark.closed:
            return "closed"
        return "responded" if self.remark.responded else "received"


class PaperRow(Struct, frozen=True):
    """A file that was taken in."""

    id: str
    name: str
    day: str
    count: int


class Brief(Struct, frozen=True):
    """A published report in the list."""

    id: str
    name: str
    day: str
    index: str
    grade: str


class Preview(Struct, frozen=True):
    """A file before it is taken in."""

    key: str
    name: str
    day: str
    place: str
    respondents: int
    empty: int
    index: str
    grade: str
    elements: tuple[tuple[str, int, str], ...]
    faults: tuple[str, ...]
    more: int


def selects(
    chosen: Selection, catalogue: Catalogue, today: date, language: str, sees: Sees
) -> Selects:
    """Every choice that somebody has, with the present one marked."""
    periods = [*choices(today)]
    if chosen.period.id not in {one.id for one in periods}:
        periods.insert(0, chosen.period)
    named = {
        "agency": ((a.id, a.name.of(language)) for a in catalogue.named.agencies.values()),
        "service": ((s.id, s.name.of(language)) for s in catalogue.named.services.values()),
        "counter": ((id, c.name.of(language)) for id, c in catalogue.named.counters.items()),
    }
    own = {
        kind: choice((one for one in parts if sees(kind, one[0])), getattr(chosen, kind))
        for kind, parts in named.items()
    }
    return Selects(
        tuple(Choice(p.id, p.name.of(language), p.id == chosen.period.id) for p in periods),
        own["agency"],
        own["service"],
        own["counter"],
        chosen.period.first,
        chosen.period.last,
    )


def choice(named: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """A select's lines."""
    return tuple(Choice(id, name, id == chosen) for id, name in named)


def remark_row(
    remark: Remark, catalogue: Catalogue, today: str, hours: Hours, language: str
) -> RemarkRow:  # fmt: skip
    """A remark with its clocks on a day."""
    service = catalogue.named.services.get(remark.service)
    agency = catalogue.named.agencies.get(remark.agency)
    names = (one.name.of(language) for one in (agency, service) if one)
    kind: Kind = next((one for one in KINDS if one == remark.clock), "information")
    running = None
    if remark.kind == "complaint":
        running = clock(kind, remark.date, remark.responded, remark.closed, today, hours)
    return RemarkRow(
        remark=remark,
        day=labels.day(remark.date, language),
        place=" · ".join(names),
        clock=running,
        respond=labels.day(running.respond, language) if running else "",
        close=labels.day(running.close, language) if running else "",
        kinds=tuple(Choice(one, KIND_NAMES[one], one == kind) for one in KINDS),
    )


def urgent(row: RemarkRow) -> tuple[bool, bool, str]:
    """Overdue first, then what is new, then the oldest."""
    overdue = bool(row.clock and row.clock.overdue and row.clock.next != "done")
    return (not overdue, row.remark.state != "new", row.remark.date)


def paper_row(paper: Paper, language: str) -> PaperRow:
    """A file in the list."""
    return PaperRow(paper.id, paper.name, labels.day(paper.date, language), paper.count)


def faults(sheet: Sheet, language: str) -> tuple[str, ...]:
    """The first faults in sentences."""
    return tuple(fault.sentence(language) for fault in sheet.faults[:SHOWN])
