"""One document in the place of another: what is named no more is retired where it stood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from .document import KINDS, Document, Item, items, with_items

T = TypeVar("T")


def succeed(before: Document, after: Document) -> Document:
    """The new document, and retired what only the old one names."""
    for kind in KINDS:
        old: list[Item] = [replace(one, retired=True) for one in items(before, kind)]
        found = merged(list(items(after, kind)), old, lambda one: str(one.id))
        after = with_items(after, kind, tuple(found))
    return after


def merged(new: Sequence[T], old: Sequence[T], id: Callable[[T], str]) -> list[T]:
    """The new ones in their order, and each old one that isn't among them behind the nearest of
    those that stood before it."""
    found = list(new)
    there = {id(one) for one in new}
    before = ""
    for one in old:
        if id(one) not in there:
            names = [id(other) for other in found]
            found.insert(names.index(before) + 1 if before else 0, one)
        before = id(one)
    return found
