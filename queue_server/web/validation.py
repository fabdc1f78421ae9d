"""Strict validation that names every wrong field, in the request's language.

msgspec stops at the first error, so each field is converted by itself; what was expected is
said from the field's type, not from the library's English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec import inspect as kinds

from ..core.language import in_language
from .problems import FieldError, Problem

S = TypeVar("S", bound=Struct)
SHOWN = 64
"""Characters of an unknown field's name that are repeated in the answer."""
MOST = 20
"""Unknown fields that are named."""

WORDS = {
    "id": {
        "object": "diharapkan objek JSON", "missing": "wajib diisi",
        "unknown": "tidak dikenal; yang ada: {known}", "wanted": "diharapkan {what}",
        "int": "bilangan bulat", "str": "teks", "bool": "true atau false", "null": "null",
        "one_of": "salah satu dari {choices}", "from": "mulai {low}", "to": "sampai {high}",
        "at_least": "paling sedikit {low} karakter", "at_most": "paling banyak {high} karakter",
        "like": "berpola {pattern}", "or": " atau ", "value": "nilai yang sesuai",
    },
    "en": {
        "object": "expected a JSON object", "missing": "is required",
        "unknown": "is not known; there are: {known}", "wanted": "expected {what}",
        "int": "a whole number", "str": "text", "bool": "true or false", "null": "null",
        "one_of": "one of {choices}", "from": "from {low}", "to": "to {high}",
        "at_least": "at least {low} characters", "at_most": "at most {high} characters",
        "like": "matching {pattern}", "or": " or ", "value": "a fitting value",
    },
}  # fmt: skip


class Fault(NamedTuple):
    """What is wrong with a field; `what` is the type that it should have, or a list of names."""

    field: str
    kind: Literal["object", "missing", "unknown", "wanted"]
    what: Any = None

    def message(self, language: str) -> str:
        """For a person."""
        words = in_language(WORDS, language)
        known = ", ".join(self.what) if self.kind == "unknown" else ""
        what = _expected(self.what, words) if self.kind == "wanted" else ""
        return words[self.kind].format(known=known, what=what)


class Invalid(Problem):
    """A 422 with every fault."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(422, "invalid_input")
        self.faults = faults

    def errors_in(self, language: str) -> tuple[FieldError, ...]:
        """Each fault with its sentence."""
        return tuple(FieldError(fault.field, fault.message(language)) for fault in self.faults)

    def body(self, language: str) -> Any:
        self.errors = self.errors_in(language)
        return super().body(language)


def parse(values: object, kind: type[S], *, strict: bool = True) -> S:
    """The values as that Struct. `strict=False` reads numbers and booleans from text (forms).

    Raises Invalid with all that is wrong.
    """
    if not isinstance(values, Mapping):
        raise Invalid([Fault("", "object")])
    fields = _fields(kind)
    unknown = [str(name) for name in values if name not in fields][:MOST]
    faults = [Fault(name[:SHOWN], "unknown", list(fields)) for name in unknown]
    found: dict[str, Any] = {}
    for name, (type, required) in fields.items():
        if name not in values:
            if required:
                faults.append(Fault(name, "missing"))
            continue
        try:
            found[name] = msgspec.convert(values[name], type, strict=strict)
        except msgspec.ValidationError:
            faults.append(Fault(name, "wanted", type))
    if faults:
        raise Invalid(faults)
    return kind(**found)


@lru_cache(maxsize=256)
def _fields(kind: type[Struct]) -> dict[str, tuple[Any, bool]]:
    """Name -> (type with its bounds, whether it must be given)."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        field.encode_name: (
            hints[field.name],
            field.default is NODEFAULT and field.default_factory is NODEFAULT,
        )
        for field in msgspec.structs.fields(kind)
    }


def _expected(type: Any, words: Mapping[str, str]) -> str:
    return _say(kinds.type_info(type), words)


def _say(info: kinds.Type, words: Mapping[str, str]) -> str:
    """A type in words."""
    match info:
        case kinds.IntType(ge=low, le=high):
            return " ".join([words["int"], *_bounds(low, high, "from", "to", words)])
        case kinds.StrType(min_length=low, max_length=high, pattern=pattern):
            like = [words["like"].format(pattern=pattern)] if pattern else []
            return ", ".join(
                [words["str"], *_bounds(low, high, "at_least", "at_most", words), *like]
            )
        case kinds.LiteralType(values=values):
            named = [str(value) for value in values if value != ""]  # "" is to leave it out
            return words["one_of"].format(choices=", ".join(named))
        case kinds.BoolType():
            return words["bool"]
        case kinds.NoneType():
            return words["null"]
        case kinds.UnionType(types=types):
            return words["or"].join(_say(each, words) for each in types)
        case kinds.Metadata(type=inner):
            return _say(inner, words)
    return words["value"]


def _bounds(
    low: int | None, high: int | None, least: str, most: str, words: Mapping[str, str]
) -> list[str]:
    found = [words[least].format(low=low)] if low is not None else []
    return [*found, words[most].format(high=high)] if high is not None else found
