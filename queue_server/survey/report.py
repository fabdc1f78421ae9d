"""The report of a period: what is published and frozen. Pure: cells of answers in, figures out.

Small groups say who answered what, so a group below the threshold is counted but not shown; and
when what is hidden would be found by subtraction, the next smallest group is hidden with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from ..catalogue import Text
from .index import Convention, Tally, Weights, half_up, index
from .periods import Period
from .sample import sample_size


class Cell(Struct, frozen=True):
    """Answers that share everything a report groups by. `month` is like 2026-11."""

    service: str
    agency: str
    counter: str
    month: str
    tally: Tally


@dataclass(frozen=True)
class Names:
    """How ids are called when the report is made."""

    agency: Callable[[str], Text]
    service: Callable[[str], Text]
    counter: Callable[[str], Text]


class ElementLine(Struct, frozen=True):
    """One element, as printed: `average` and `weighted` with four decimals, `weight` like 1/9."""

    code: str
    answers: int
    total: int
    average: str
    weight: str
    weighted: str
    index: str
    grade: str


class GroupLine(Struct, frozen=True):
    """A service, agency, counter or month. `index` and `grade` are "" where they are hidden."""

    id: str
    name: Text
    respondents: int
    index: str = ""
    grade: str = ""
    within: str = ""
    """A service's agency."""


class Share(Struct, frozen=True):
    """How many respondents said so of themselves."""

    trait: str
    choice: str
    count: int


class Voice(Struct, frozen=True):
    """A suggestion or complaint that may be read by all, with the hall's answer."""

    kind: str
    text: str
    answer: str = ""


class Report(Struct, frozen=True):
    """A period's survey. `index` is "" while fewer than `least` have answered."""

    period: Period
    hall: str
    least: int
    weights: Convention
    respondents: int
    population: int
    target: int
    index: str
    grade: str
    sum_weighted: str
    elements: tuple[ElementLine, ...]
    agencies: tuple[GroupLine, ...]
    services: tuple[GroupLine, ...]
    counters: tuple[GroupLine, ...]
    months: tuple[GroupLine, ...]
    profile: tuple[Share, ...] = ()
    voices: tuple[Voice, ...] = ()

    @property
    def progress(self) -> int:
        """Per cent of the wanted sample, 100 at the most."""
        return min(100, self.respondents * 100 // self.target) if self.target else 0

    @property
    def best(self) -> ElementLine | None:
        """The element with the highest average."""
        return max(self.elements, key=lambda line: float(line.average), default=None)

    @property
    def worst(self) -> ElementLine | None:
        """The element with the lowest average: what to mend first."""
        return min(self.elements, key=lambda line: float(line.average), default=None)


@dataclass(frozen=True)
class Rules:
    """How a hall counts: its weights, and the fewest answers that are shown together."""

    convention: Convention = "exact"
    own: Weights | None = None
    least: int = 5


def compose(
    period: Period,
    hall: str,
    rules: Rules,
    cells: Sequence[Cell],
    names: Names,
    *,
    population: int = 0,
    profile: Iterable[Share] = (),
    voices: Iterable[Voice] = (),
) -> Report:
    """The report of these cells."""
    whole = added(cell.tally for cell in cells)
    enough = whole.respondents >= rules.least
    result = index(whole, rules.convention, rules.own) if enough else None
    groups = _Groups(rules, cells)
    return Report(
        period=period,
        hall=hall,
        least=rules.least,
        weights=rules.convention,
        respondents=whole.respondents,
        population=population,
        target=sample_size(population),
        index=str(result.value) if result else "",
        grade=result.grade if result else "",
        sum_weighted=str(half_up(result.sum_weighted, 4)) if result else "",
        elements=tuple(
            ElementLine(
                line.code, line.count, line.total, str(half_up(line.average, 4)),
                said_weight(line.weight), str(half_up(line.weighted, 4)), str(line.index),
                line.grade,
            )
            for line in (result.lines if result else ())
        ),
        agencies=groups.agencies(names.agency),
        services=groups.services(names.service),
        counters=groups.counters(names.counter),
        months=groups.months(),
        profile=tuple(profile) if enough else (),
        voices=tuple(voices),
    )  # fmt: skip


def added(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    return sum(tallies, Tally())


def hidden(sizes: Mapping[str, int], least: int) -> set[str]:
    """The groups that may not be shown: the small ones, and enough more that what is hidden
    together is no small group either."""
    ranked = sorted((size, name) for name, size in sizes.items() if size)
    found: set[str] = set()
    together = 0
    for size, name in ranked:
        if size >= least and (not found or together >= least):
            break
        found.add(name)
        together += size
    return found


def said_weight(weight: Fraction) -> str:
    """A weight as a report prints it: 1/9, or decimals."""
    if weight.numerator == 1 and weight.denominator % 10:
        return f"1/{weight.denominator}"
    return f"{float(weight):.6g}"


class _Groups:
    """The lines of each kind of group, largest first; answers without that key stand in none."""

    def __init__(self, rules: Rules, cells: Sequence[Cell]) -> None:
        self._rules = rules
        self._cells = cells

    def agencies(self, name: Callable[[str], Text]) -> tuple[GroupLine, ...]:
        """Agencies."""
        found = self._grouped(self._cells, lambda cell: cell.agency)
        return self._lines(found, name, self._dark(found))

    def services(self, name: Callable[[str], Text]) -> tuple[GroupLine, ...]:
        """Services, hidden inside each agency: its shown sum must not give a part away."""
        agencies = self._grouped(self._cells, lambda cell: cell.agency)
        dark = self._dark(agencies)
        lines: list[GroupLine] = []
        for agency in agencies:
            cells = [cell for cell in self._cells if cell.agency == agency]
            found = self._grouped(cells, lambda cell: cell.service)
            hide = set(found) if agency in dark else self._dark(found)
            lines += self._lines(found, name, hide, agency)
        return tuple(sorted(lines, key=_largest))

    def counters(self, name: Callable[[str], Text]) -> tuple[GroupLine, ...]:
        """Counters."""
        found = self._grouped(self._cells, lambda cell: cell.counter)
        return self._lines(found, name, self._dark(found))

    def months(self) -> tuple[GroupLine, ...]:
        """The months in their order."""
        found = self._grouped(self._cells, lambda cell: cell.month)
        lines = self._lines(found, lambda month: Text(month, month), self._dark(found))
        return tuple(sorted(lines, key=lambda line: line.id))

    def _grouped(
        self, cells: Iterable[Cell], key: Callable[[Cell], str]
    ) -> dict[str, Tally]:  # fmt: skip
        found: dict[str, Tally] = {}
        for cell in cells:
            found[key(cell)] = found.get(key(cell), Tally()) + cell.tally
        return found

    def _dark(self, found: Mapping[str, Tally]) -> set[str]:
        sizes = {id: one.respondents for id, one in found.items()}
        return hidden(sizes, self._rules.least)

    def _lines(
        self,
        found: Mapping[str, Tally],
        name: Callable[[str], Text],
        dark: set[str],
        within: str = "",
    ) -> tuple[GroupLine, ...]:
        lines = []
        for id, one in found.items():
            if not id or not one.respondents:
                continue
            line = GroupLine(id, name(id), one.respondents, within=within)
            if id not in dark:
                result = index(one, self._rules.convention, self._rules.own)
                line = replace(line, index=str(result.value), grade=result.grade)
            lines.append(line)
        return tuple(sorted(lines, key=_largest))


def _largest(line: GroupLine) -> tuple[int, str]:
    return (-line.respondents, line.id)
