"""What a change of an application has to satisfy: checks that raise Refused, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from .guard import NOTE, good_file, personal
from .refusals import Refused
from .states import REASONED, State, reachable


def check_seen(state: State, seen: str) -> None:
    """Whoever acts looked at the state as it is; "" looked at nothing."""
    if seen and seen != state:
        raise Refused("application_changed", state=state)


def check_reason(to: State, missing: Sequence[str], note: str) -> None:
    """A reason where one is owed, and none that names a person."""
    if to in REASONED and not missing and not note:
        raise Refused("reason_needed")
    if len(note) > NOTE:
        raise Refused("note_long", most=NOTE, now=len(note))
    if personal(note):
        raise Refused("personal_data")


def check_file(file: str) -> None:
    """An agency's file number, or none."""
    if file and not good_file(file):
        raise Refused("bad_file")


def requirements(numbers: Sequence[int], published: Sequence[str]) -> tuple[str, ...]:
    """The requirements of those numbers (from 1), as the service's standard words them."""
    for number in numbers:
        if not 1 <= number <= len(published):
            raise Refused("unknown_requirement", number=number, count=len(published))
    return tuple(published[number - 1] for number in sorted(set(numbers)))


def no_such_step(state: State) -> Refused:
    """No way leads there from this state."""
    return Refused("no_such_step", state=state, next=" ".join(reachable(state)))
