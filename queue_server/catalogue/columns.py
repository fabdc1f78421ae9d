"""The catalogue's values as columns: what a spreadsheet's cells and a form's fields hold alike.

Columns follow from the document's types, so that a field that is added to a Struct has its column,
its form field and its line in a comparison at once. A column's key is where its value stands:
`duration.minutes`, `name.en`; a further language of a name is `name.jv`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import msgspec
import msgspec.inspect as shapes
from msgspec import Struct

from ..core.language import Text
from ..promises import Charter, Complaints
from .document import KINDS

Shape = Literal[
    "text", "number", "flag", "choice", "lines", "codes", "places", "pairs", "amounts", "rows"
]
HALL = "hall"
"""The kind of what the document says of the hall itself."""
MOST_NUMBER = 1_000_000_000
CODES = frozenset(("services", "classes", "shifts", "sessions", "weekdays", "acts", "closed"))
"""Lists of codes, times and dates; other lists are lines of text."""
OF = {
    "agency": "agencies", "zone": "zones", "services": "services", "service": "services",
    "classes": "priorities", "favours": "services", "counters": "counters",
}  # fmt: skip
"""Key -> the list that its codes are of."""
EXAMPLES = {"booking.cutoff": "16:00", "colour": "#0b4a7a"}
"""What a value with a pattern looks like."""


class HallWords(Struct, frozen=True, omit_defaults=True):
    """What the document says of the hall itself."""

    name: Text
    about: str = ""
    charter: Charter = Charter()
    complaints: Complaints = Complaints()


class Column(Struct, frozen=True):
    """A column. `required`: an empty cell is a fault; `default`: what it means else, where it
    isn't simply nothing. `known` are a choice's codes; `within`: the optional part that it belongs
    to (`booking`); `rows`: the columns of a list in a list."""

    key: str
    shape: Shape
    required: bool = False
    default: Any = None
    known: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    within: str = ""
    rows: tuple[Column, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The same as the way to the value: `name.jv` stands in `name`, `more`, `jv`."""
        *way, last = self.key.split(".")
        if self.is_further:
            return (*way, "more", last)
        return (*way, last)

    @property
    def is_further(self) -> bool:
        """Whether it is a name in a language beyond Indonesian and English."""
        return self.default is FURTHER

    @property
    def of(self) -> str:
        """The list that its codes are of, or ""."""
        return OF.get(self.key.rpartition(".")[2], "")

    @property
    def example(self) -> str:
        """What a value looks like, where it has a form."""
        return EXAMPLES.get(self.key, "")


FURTHER = "further"
"""Marks a column of a further language."""


@cache
def columns(kind: str, languages: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """The columns of a kind. `languages`: those of names beyond Indonesian and English."""
    found = shapes.type_info(HallWords if kind == HALL else KINDS[kind])
    assert isinstance(found, shapes.StructType)
    return tuple(_of_struct(found, "", "", languages))


@cache
def cells_of_rows(kind: str, languages: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Those that have a cell in the kind's own sheet: lists of lists have a sheet of their own."""
    return tuple(one for one in columns(kind, languages) if one.shape != "rows")


def _of_struct(
    found: shapes.StructType, prefix: str, within: str, languages: tuple[str, ...]
) -> list[Column]:
    made: list[Column] = []
    for field in found.fields:
        key = f"{prefix}{field.name}"
        kind, optional = _bare(field.type)
        if isinstance(kind, shapes.StructType):
            inside = key if optional else within
            if kind.cls is Text:
                made += _names(key, inside, languages)
            else:
                made += _of_struct(kind, f"{key}.", inside, languages)
            continue
        default = None if field.default is msgspec.NODEFAULT else field.default
        made.append(_leaf(key, kind, field.required, default, within, languages))
    return made


def _names(key: str, within: str, languages: tuple[str, ...]) -> list[Column]:
    prefix = f"{key}." if key else ""
    return [
        Column(f"{prefix}id", "text", required=True, within=within),
        Column(f"{prefix}en", "text", required=True, within=within),
        *(Column(f"{prefix}{one}", "text", default=FURTHER, within=within) for one in languages),
    ]


def _leaf(
    key: str, kind: shapes.Type, required: bool, default: Any, within: str,
    languages: tuple[str, ...],
) -> Column:  # fmt: skip
    required = required and not isinstance(kind, shapes.VarTupleType)
    match kind:
        case shapes.BoolType():
            return Column(key, "flag", required, default, within=within)
        case shapes.IntType():
            least = 0 if kind.ge is None else kind.ge
            most = MOST_NUMBER if kind.le is None else kind.le
            return Column(key, "number", required, default, (), least, most, within=within)
        case shapes.LiteralType():
            return Column(key, "choice", required, default, _known(kind), within=within)
        case shapes.VarTupleType():
            return _list(key, kind, within, languages)
        case shapes.DictType():
            shape: Shape = "amounts" if isinstance(kind.value_type, shapes.IntType) else "pairs"
            most = getattr(kind.value_type, "le", None) or MOST_NUMBER
            return Column(key, shape, least=0, most=most, within=within)
        case _:
            pattern = getattr(kind, "pattern", None) or ""
            return Column(key, "text", required, default, pattern=pattern, within=within)


def _list(key: str, kind: shapes.VarTupleType, within: str, languages: tuple[str, ...]) -> Column:
    item, _ = _bare(kind.item_type)
    if isinstance(item, shapes.StructType):
        inner = (
            _names("", "", languages) if item.cls is Text else _of_struct(item, "", "", languages)
        )
        return Column(key, "rows", rows=tuple(inner), within=within)
    if isinstance(item, shapes.IntType):
        return Column(key, "places", within=within)
    if isinstance(item, shapes.LiteralType):
        return Column(key, "codes", known=_known(item), within=within)
    codes = key.rpartition(".")[2] in CODES
    return Column(key, "codes" if codes else "lines", within=within)


def _bare(kind: shapes.Type) -> tuple[shapes.Type, bool]:
    """A type without its None and its notes, and whether it may be None."""
    optional = False
    while isinstance(kind, shapes.Metadata):
        kind = kind.type
    if isinstance(kind, shapes.UnionType):
        optional = any(isinstance(one, shapes.NoneType) for one in kind.types)
        kind = next(one for one in kind.types if not isinstance(one, shapes.NoneType))
        kind, _ = _bare(kind)
    return kind, optional


def _known(kind: shapes.LiteralType) -> tuple[str, ...]:
    names = tuple(str(one) for one in kind.values)
    return tuple(sorted(names, key=_order))


def _order(name: str) -> tuple[int, str]:
    """Weekdays in the order of the week, anything else by its letters."""
    return (WEEK.index(name) if name in WEEK else len(WEEK), name)


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
