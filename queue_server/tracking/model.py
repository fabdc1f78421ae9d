"""What the room keeps and hands out. Times are epoch milliseconds, 0 for none."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .promise import Promise, Standing
from .states import Passed, State, standing_of


class New(Struct, frozen=True):
    """An application to be registered: what is known of it at the counter or by the agency.

    `file` is the agency's own file number, seen by staff only. `ticket` is the token of the
    visit that it came from: one visit registers one application.
    """

    service: str
    agency: str
    promise: Promise = Promise()
    file: str = ""
    ticket: str = ""


class Application(Struct, frozen=True):
    """An application now. `due` is as `Standing` has it while the agency's time runs, else 0."""

    id: int
    code: str
    service: str
    agency: str
    file: str
    ticket: str
    promise: Promise
    state: State
    due: int
    registered: int
    changed: int


class Step(Struct, frozen=True):
    """A line of the history. `missing` are requirements as the service's standard words them;
    a correction takes the step before it back."""

    id: int
    at: int
    by: str
    before: State | Literal[""]
    after: State
    missing: tuple[str, ...] = ()
    note: str = ""
    correction: bool = False
    due: int = 0


class Dossier(Struct, frozen=True):
    """An application with its history, oldest first, and how it stands to its promise."""

    application: Application
    steps: tuple[Step, ...]
    standing: Standing

    @property
    def valid(self) -> tuple[Step, ...]:
        """The steps that no correction took back."""
        holds: list[Step] = []
        for step in self.steps:
            if step.correction:
                holds.pop()
            else:
                holds.append(step)
        return tuple(holds)


class Change(Struct, frozen=True):
    """What somebody wants to be recorded. `seen` is the state that they looked at ("": any)."""

    code: str
    to: State
    seen: str = ""
    missing: tuple[str, ...] = ()
    note: str = ""


class Recorded(Struct, frozen=True):
    """What came of a registration or change: the application's fixed part, and the step made
    last. The same key brings the same one again."""

    application: Application
    step: Step


class Filter(Struct, frozen=True):
    """Which applications: "" is any. `due`: late, today, soon (with today), or any; `within`:
    only these agencies' (None: all)."""

    agency: str = ""
    state: str = ""
    due: str = ""
    search: str = ""
    within: frozenset[str] | None = None


class Tally(Struct, frozen=True):
    """Counts of an agency's open applications; `oldest` is the earliest due time missed."""

    agency: str
    open: int
    late: int
    today: int
    soon: int
    waiting: int
    ready: int
    oldest: int


def passed(steps: tuple[Step, ...]) -> tuple[Passed, ...]:
    """The states that still hold, for the rules."""
    return standing_of([(step.after, step.at, step.correction) for step in steps])
