"""What administrators do to the catalogue: pure functions from a document to the next.

`edit` answers with the new document, or with all that would be wrong with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, product
from string import ascii_uppercase
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from .cells import write
from .checking import faults
from .columns import HALL, HallWords, columns
from .document import KINDS, Counter, Document, Item, Service, items, with_items
from .faults import Fault
from .rows import Cells, cells_of, item_from, plain_from, plain_of, stand_in
from .sheets import further, hall_of, with_hall

TRANSLATED = ("requirements", "procedure", "product", "complaints", "duration.text", "cost.text")
"""A service's published lines: form fields `requirements@en` hold their translations."""
LISTS = ("requirements", "procedure")
"""Those of them that are lists: a line each."""
GIVEN_BY = "counters"
"""A service's field that is written into the counters' lists."""


class Put(Struct, frozen=True):
    """An item as its form has it; `id` "" makes a new one, whose code is among the cells."""

    kind: str
    id: str
    cells: Mapping[str, str]


class Mark(Struct, frozen=True):
    """Retire items, or bring them back."""

    kind: str
    ids: tuple[str, ...]
    retired: bool


class Move(Struct, frozen=True):
    """One place up or down among those that are offered beside it."""

    kind: str
    id: str
    up: bool


class Assign(Struct, frozen=True):
    """The same cells for many items; what has no cell stays as it is."""

    kind: str
    ids: tuple[str, ...]
    cells: Mapping[str, str]


class Whole(Struct, frozen=True):
    """Another document, as an import made it."""

    document: Document


Change = Put | Mark | Move | Assign | Whole
Outcome = Document | tuple[Fault, ...]


def edit(document: Document, change: Change) -> Outcome:
    """The document after a change, or what is wrong with it. What it was stays untouched."""
    match change:
        case Put():
            outcome = _put(document, change)
        case Mark():
            outcome = _mark(document, change)
        case Move():
            return _move(document, change)
        case Assign():
            outcome = _assign(document, change)
        case Whole():
            outcome = change.document
    if isinstance(outcome, tuple):
        return outcome
    return tuple(faults(outcome)) or outcome


def form_cells(
    document: Document, kind: str, id: str, languages: tuple[str, ...]
) -> dict[str, str]:
    """All that an item's form shows of it: its cells, and of a service who gives it and how its
    lines are said in other languages. `languages`: those beyond Indonesian and English. `id` "":
    an empty form, or the hall's."""
    item = hall_of(document) if kind == HALL else found(document, kind, id)
    wanted = columns(kind, languages)
    cells = cells_of(wanted, plain_of(item) if item else {})
    if not isinstance(item, Service):
        return cells
    givers = (str(one.id) for one in document.counters if item.id in one.services)
    cells[GIVEN_BY] = ", ".join(givers)
    for tongue, said in (("en", document.english), *_said(document, languages)):
        for key in TRANSLATED:
            lines = [said.get(line, "") for line in published(item, key)]
            cells[f"{key}@{tongue}"] = "\n".join(lines).rstrip()
    return cells


def usual(kind: str) -> dict[str, str]:
    """What an empty form's fields stand for, written out: a box that is ticked otherwise is."""
    return {
        one.key: write(one, one.default)
        for one in columns(kind)
        if one.default is not None and not one.is_further and not one.within
    }


def suggested(document: Document, kind: str) -> dict[str, str]:
    """What a new item's form begins with in the place of another's names: what is free."""
    made = dict.fromkeys(("id", "name.id", "name.en"), "")
    if kind == "services":
        taken = {one.prefix for one in document.services if not one.retired}
        words = ("".join(x) for many in (1, 2, 3) for x in product(ascii_uppercase, repeat=many))
        made["prefix"] = next((word for word in words if word not in taken), "")
    elif kind == "counters":
        taken = {str(one.id) for one in document.counters}
        taken |= {str(one.number) for one in document.counters}
        number = next(str(at) for at in count(1) if str(at) not in taken)
        made |= {"id": number, "number": number}
        made |= {"name.id": f"Loket {number}", "name.en": f"Counter {number}"}
    return made


def revision(cells: Cells) -> str:
    """A name for exactly what a form shows: it carries it, so that nobody's work is overwritten."""
    shown = sorted((key, text) for key, text in cells.items() if text)
    return hashlib.sha256(msgspec.json.encode(shown)).hexdigest()[:16]


def found(document: Document, kind: str, id: str) -> Item | None:
    """An item by its id, retired or not."""
    return next((one for one in items(document, kind) if str(one.id) == id), None)


# Changes ----------------------------------------------------------------------------------------


def _put(document: Document, change: Put) -> Outcome:
    if change.kind == HALL:
        return _put_hall(document, change)
    kind, known = change.kind, found(document, change.kind, change.id)
    cells = dict(change.cells)
    id = change.id or cells.get("id", "").strip()
    wrong = _taken(document, kind, id) if not change.id else []
    cells["id"] = id
    languages = _languages(document, cells)
    plain, unread = plain_from(columns(kind, languages), cells, plain_of(known) if known else {})
    place = len(items(document, kind)) if known is None else items(document, kind).index(known)
    wrong += [Fault(kind, place, id, key, code, details) for key, code, details in unread]
    for key, _, _ in unread:
        for column in columns(kind, languages):
            if column.key == key:
                stand_in(plain, column)
    item, unread = item_from(KINDS[kind], plain)
    if item is None:
        wrong += [Fault(kind, place, id, key, code, more) for key, code, more in unread]
        return tuple(wrong)
    others = [one for one in items(document, kind) if str(one.id) != id]
    others.insert(place, item)
    outcome: Outcome = with_items(document, kind, tuple(others))
    if isinstance(item, Service) and isinstance(outcome, Document):
        outcome = _translated(_given_by(outcome, id, cells), place, item, cells)
    if not wrong:
        return outcome
    seen = {one.field for one in wrong}
    more = outcome if isinstance(outcome, tuple) else faults(outcome)
    own = [one for one in more if (one.kind, one.id) == (kind, id) and one.field not in seen]
    return (*wrong, *own)


def _put_hall(document: Document, change: Put) -> Outcome:
    languages = _languages(document, change.cells)
    plain, unread = plain_from(
        columns(HALL, languages), change.cells, plain_of(hall_of(document))
    )  # fmt: skip
    if not unread:
        hall, unread = item_from(HallWords, plain)
        if hall is not None:
            return with_hall(document, hall)
    return tuple(Fault(HALL, 0, "", key, code, details) for key, code, details in unread)


def _taken(document: Document, kind: str, id: str) -> list[Fault]:
    """A new item must not take another's place."""
    if found(document, kind, id) is None:
        return []
    return [Fault(kind, len(items(document, kind)), id, "id", "twice", {"found": id, "times": 2})]


def _mark(document: Document, change: Mark) -> Outcome:
    return with_items(document, change.kind, tuple(
        replace(one, retired=change.retired) if str(one.id) in change.ids else one
        for one in items(document, change.kind)
    ))  # fmt: skip


def _move(document: Document, change: Move) -> Document:
    order = list(items(document, change.kind))
    here = next((at for at, one in enumerate(order) if str(one.id) == change.id), None)
    if here is None:
        return document
    beside = [at for at, one in enumerate(order) if _is_beside(order[here], one) or at == here]
    place = beside.index(here) + (-1 if change.up else 1)
    if not 0 <= place < len(beside):
        return document
    order.insert(beside[place], order.pop(here))
    return with_items(document, change.kind, tuple(order))


def _is_beside(one: Item, other: Item) -> bool:
    """Whether people see the two in one list: services are seen within their agency."""
    if other.retired:
        return False
    if isinstance(one, Service) and isinstance(other, Service):
        return one.agency == other.agency
    return True


def _assign(document: Document, change: Assign) -> Outcome:
    wrong: list[Fault] = []
    made: list[Item] = []
    wanted = columns(change.kind, _languages(document, change.cells))
    cells = {key: text for key, text in change.cells.items() if key != "id"}
    for at, one in enumerate(items(document, change.kind)):
        if str(one.id) not in change.ids:
            made.append(one)
            continue
        plain, unread = plain_from(wanted, cells, plain_of(one))
        item, more = item_from(KINDS[change.kind], plain) if not unread else (None, unread)
        wrong += [Fault(change.kind, at, str(one.id), *each) for each in more]
        made.append(item or one)
    if wrong:
        return tuple(wrong)
    document = with_items(document, change.kind, tuple(made))
    counters = change.cells.get(GIVEN_BY, "") if change.kind == "services" else ""
    return _also_given_by(document, change.ids, counters.split())


# What a service's form says of other lists ------------------------------------------------------


def _given_by(document: Document, service: str, cells: Cells) -> Document:
    """Exactly the counters that the form names give the service."""
    if GIVEN_BY not in cells:
        return document
    wanted = set(cells[GIVEN_BY].replace(",", " ").split())
    return _with_counters(document, {
        str(one.id): _with(one.services, service, str(one.id) in wanted)
        for one in document.counters
    })  # fmt: skip


def _also_given_by(document: Document, ids: Sequence[str], counters: Sequence[str]) -> Document:
    """These counters give the services too."""
    changed = {}
    for one in document.counters:
        if str(one.id) in counters:
            changed[str(one.id)] = tuple(dict.fromkeys([*one.services, *ids]))
    return _with_counters(document, changed)


def _with_counters(document: Document, services: Mapping[str, tuple[str, ...]]) -> Document:
    def changed(one: Counter) -> Counter:
        given = services.get(str(one.id), one.services)
        favours = {name: minutes for name, minutes in one.favours.items() if name in given}
        return one if given == one.services else replace(one, services=given, favours=favours)

    return with_items(document, "counters", tuple(changed(one) for one in document.counters))


def _with(names: tuple[str, ...], name: str, wanted: bool) -> tuple[str, ...]:
    if wanted == (name in names):
        return names
    return (*names, name) if wanted else tuple(one for one in names if one != name)


def _translated(document: Document, place: int, item: Service, cells: Cells) -> Outcome:
    """The lines' translations, side by side with them: an empty line is none."""
    wrong: list[Fault] = []
    said: dict[str, dict[str, str]] = {"en": document.english, **document.phrases}
    for field, text in cells.items():
        key, at, tongue = field.partition("@")
        if not at or key not in TRANSLATED:
            continue
        lines = published(item, key)
        whole = [text.strip()] if text.strip() else []
        given = [x.strip() for x in text.rstrip().splitlines()] if key in LISTS else whole
        if len(given) > len(lines):
            details = {"found": len(given), "most": len(lines)}
            wrong.append(Fault("services", place, item.id, field, "lines", details))
        pairs = dict(zip(lines, [*given, *[""] * len(lines)], strict=False))
        kept = {line: one for line, one in said.get(tongue, {}).items() if line not in pairs}
        old = said.get(tongue, {})
        same = all(old.get(line, "") == one for line, one in pairs.items())
        if not same:
            said[tongue] = kept | {line: one for line, one in pairs.items() if one}
    if wrong:
        return tuple(wrong)
    english = said.pop("en")
    return replace(document, english=english, phrases={k: v for k, v in said.items() if v})


def _said(
    document: Document, languages: tuple[str, ...]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for tongue in languages:
        yield tongue, document.phrases.get(tongue, {})


def published(item: Service, key: str) -> list[str]:
    """A service's lines of a kind, as they are published."""
    value: Any = plain_of(item)
    for step in key.split("."):
        value = value[step]
    return [*value] if isinstance(value, list) else [value] if value else []


def _languages(document: Document, cells: Cells) -> tuple[str, ...]:
    """Those of the document, and those that the form has a field for."""
    asked = {key.removeprefix("name.") for key in cells if key.startswith("name.")}
    return tuple(sorted({*further(document), *asked} - {"id", "en"}))
