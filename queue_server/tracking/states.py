"""The states of an application: one literal table, and what is read off it.

The codes are the Indonesian words that agencies write in their own lists; they are the same in
the API, in spreadsheets and in the database.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Literal, get_args

from msgspec import Struct

State = Literal[
    "diajukan", "diverifikasi", "perlu_perbaikan", "diproses", "disetujui",
    "siap_diambil", "diserahkan", "ditolak", "dibatalkan",
]  # fmt: skip
STATES: tuple[State, ...] = get_args(State)
FIRST: State = "diajukan"

NEXT: dict[State, tuple[State, ...]] = {
    "diajukan": ("diverifikasi", "dibatalkan"),
    "diverifikasi": ("diproses", "perlu_perbaikan", "ditolak", "dibatalkan"),
    "perlu_perbaikan": ("diverifikasi", "ditolak", "dibatalkan"),
    # A visit on site may find what the papers did not show.
    "diproses": ("disetujui", "perlu_perbaikan", "ditolak", "dibatalkan"),
    "disetujui": ("siap_diambil",),
    "siap_diambil": ("diserahkan",),
    "diserahkan": (),
    "ditolak": (),
    "dibatalkan": (),
}
"""For each state, those that may follow it at once."""

WAY: tuple[State, ...] = (
    "diajukan", "diverifikasi", "diproses", "disetujui", "siap_diambil", "diserahkan",
)  # fmt: skip
"""The way of an application that meets no obstacle."""
RUNNING: frozenset[State] = frozenset({"diajukan", "diverifikasi", "diproses", "disetujui"})
"""The agency's turn: its promised time runs."""
STOPPED: State = "perlu_perbaikan"
"""The citizen's turn: the promised time stands still."""
REASONED: frozenset[State] = frozenset({"perlu_perbaikan", "ditolak"})
"""States that nobody may be put into without being told why."""
OPEN: frozenset[State] = frozenset(state for state in STATES if NEXT[state])
"""States that something may still follow."""


class Passed(Struct, frozen=True):
    """A state that an application came to, and when (epoch ms)."""

    state: State
    at: int


def path(state: State, to: State) -> tuple[State, ...]:
    """The states to go through from one to another, the last included; () when there is no way.

    A list that is kept by hand skips what lies between: "diajukan" yesterday, "siap_diambil"
    today. What lies between is on the main way, so that nobody passes a rejection unawares.
    """
    found: deque[tuple[State, ...]] = deque((one,) for one in NEXT[state])
    seen: set[State] = {state}
    while found and to != state:
        way = found.popleft()
        if way[-1] == to:
            return way
        if way[-1] in WAY and way[-1] not in seen:
            seen.add(way[-1])
            found.extend((*way, one) for one in NEXT[way[-1]])
    return ()


def reachable(state: State) -> tuple[State, ...]:
    """Every state that may be asked for now: those that follow at once first."""
    further = (one for one in STATES if one not in NEXT[state] and path(state, one))
    return (*NEXT[state], *further)


def standing_of(steps: Sequence[tuple[State, int, bool]]) -> tuple[Passed, ...]:
    """What still holds of (state, at, is a correction): a correction takes the last step back."""
    holds: list[Passed] = []
    for state, at, correction in steps:
        if correction:
            holds.pop()
        else:
            holds.append(Passed(state, at))
    return tuple(holds)
