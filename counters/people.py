"""Names of actors for colleagues' screens. The journal knows ids only."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from queue_server.house import House

from .chooser import Names

T = TypeVar("T")


def names(house: House) -> Names:
    """A look-up of display names; an actor whom the office has dropped keeps its bare id."""
    known = {f"u{user.id}": user.name for user in _at_once(house.office.users())}
    known |= {f"t{token.id}": token.name for token in _at_once(house.office.tokens())}
    return lambda actor: known.get(actor, actor)


def _at_once(answer: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that only reads memory: live frames are rendered in no task."""
    try:
        answer.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]  # StopIteration carries Any
    answer.close()
    raise RuntimeError("the office answered a question of memory only later")
