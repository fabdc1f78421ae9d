"""Rows of the room's tables as what they stand for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from .model import Application, Step
from .promise import Promise
from .refusals import Refused

Read = Callable[[str, Sequence[object]], Awaitable[list[Any]]]
"""`Store.read`, or a transaction's."""

CHUNK = 500
"""Values of one statement."""
T = TypeVar("T")

APPLICATION = (
    "SELECT id, code, service, agency, file, ticket, days, minutes, state, due, registered,"
    " changed FROM applications"
)
STEP = "SELECT id, at, by, before, after, missing, note, correction, due FROM steps"


async def applications(read: Read, rest: str, *values: object) -> list[Application]:
    """Those that the rest of the statement (WHERE …) picks; what was typed is a value."""
    return [_application(row) for row in await read(f"{APPLICATION} {rest}", values)]


async def one(read: Read, code: str) -> Application:
    """The application of that code. Raises Refused."""
    found = await applications(read, "WHERE code = ?", code)
    if not found:
        raise Refused("unknown_application")
    return found[0]


async def history(read: Read, application: int) -> tuple[Step, ...]:
    """An application's steps, oldest first."""
    rows = await read(f"{STEP} WHERE application = ? ORDER BY id", (application,))
    return tuple(map(_step, rows))


async def histories(read: Read, ids: Sequence[int]) -> dict[int, tuple[Step, ...]]:
    """The steps of many applications."""
    found: dict[int, list[Step]] = {id: [] for id in ids}
    for some in _chunks(ids):
        marks = ", ".join("?" * len(some))
        sql = STEP.replace("FROM", ", application FROM", 1)
        for row in await read(f"{sql} WHERE application IN ({marks}) ORDER BY id", some):
            found[row[-1]].append(_step(row[:-1]))
    return {id: tuple(steps) for id, steps in found.items()}


async def those(read: Read, column: str, values: Sequence[str]) -> list[Application]:
    """The applications whose code or file is among the values."""
    found: list[Application] = []
    for some in _chunks(values):
        marks = ", ".join("?" * len(some))
        found += await applications(read, f"WHERE {column} IN ({marks})", *some)
    return found


async def step(read: Read, id: int) -> Step:
    """A step."""
    return _step((await read(f"{STEP} WHERE id = ?", (id,)))[0])


def _chunks(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[at : at + CHUNK] for at in range(0, len(values), CHUNK)]


def _application(row: Sequence[Any]) -> Application:
    id, code, service, agency, file, ticket, days, minutes, state, due, registered, changed = row
    return Application(
        id, code, service, agency, file, ticket, Promise(days, minutes), state, due, registered,
        changed,
    )  # fmt: skip


def _step(row: Sequence[Any]) -> Step:
    id, at, by, before, after, missing, note, correction, due = row
    wanted = tuple(filter(None, missing.split("\n")))
    return Step(id, at, by, before, after, wanted, note, bool(correction), due)
