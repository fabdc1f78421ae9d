"""The forms of the catalogue: which fields stand together, what they offer, what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from queue_server.catalogue import ORDINARY, Document, Fault, items
from queue_server.catalogue.columns import Column, columns
from queue_server.catalogue.document import Counter, Service
from queue_server.catalogue.editing import GIVEN_BY, LISTS, TRANSLATED
from queue_server.catalogue.words import word
from queue_server.core.language import Text
from queue_server.web.i18n import locale_of

from .catalogue_layout import CHOICES, GROUPS

Shape = Literal["text", "long", "lines", "number", "check", "tri", "select", "checks", "colour",
                "table"]  # fmt: skip
LONG = frozenset(("about", "product", "complaints", "duration.text", "cost.text"))
HINTED = frozenset(("text", "long", "lines", "number", "check"))
"""Shapes that don't say themselves what goes in them."""
SPARE = 2
"""Empty rows below those of a list in a list."""


class Option(Struct, frozen=True):
    """A choice; `chosen` as the form stands."""

    value: str
    label: str
    chosen: bool


class Options(Struct, frozen=True):
    """Choices that belong together; without a label they stand alone."""

    label: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        """How many are chosen."""
        return sum(one.chosen for one in self.options)


class Field(Struct, frozen=True):
    """A field. `beside`: the same in other languages; `rows`: those of a list in a list."""

    name: str
    label: str
    hint: str
    shape: Shape
    value: str = ""
    required: bool = False
    fault: str = ""
    lang: str = ""
    options: tuple[Options, ...] = ()
    beside: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()

    @property
    def is_on(self) -> bool:
        """Of a check: whether it is ticked."""
        return self.value == "ya"


class Group(Struct, frozen=True):
    """Fields that stand together."""

    title: str
    fields: tuple[Field, ...]
    open: bool


class Maker:
    """Makes the fields of one form. `languages`: those beyond Indonesian and English that the
    hall's pages or its document have; `shifts`: those that the hall has set."""

    def __init__(
        self, document: Document, kind: str, cells: Mapping[str, str], language: str,
        languages: tuple[str, ...], faults: Iterable[Fault] = (), shifts: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.document = document
        self.kind = kind
        self.cells = cells
        self.language = language
        self.languages = languages
        self.shifts = tuple(shifts)
        self.columns = {one.key: one for one in columns(kind, languages)}
        self.said: dict[str, str] = {}
        for one in faults:
            self.said.setdefault(self._key_of(one.field), one.told(language))

    def _key_of(self, field: str) -> str:
        """A fault of a part of a value stands at the value."""
        known = {*self.columns, GIVEN_BY, *self.cells}
        key = field
        while key and key not in known:
            key = key.rpartition(".")[0]
        return key or field

    def groups(self, is_new: bool) -> tuple[Group, ...]:
        """The whole form."""
        taken: set[str] = {"retired"} if is_new else {"retired", "id"}
        plan = GROUPS.get(self.kind) or ((Text("", ""), (), True),)
        made: list[Group] = []
        for at, (title, keys, is_open) in enumerate(plan):
            wanted = [one for key in keys for one in self._expanded(key) if one not in taken]
            if at == len(plan) - 1:
                named = {*taken, *wanted, *(x for _, ks, _ in plan for k in ks for x in
                                            self._expanded(k))}  # fmt: skip
                wanted += [key for key in self.columns if self._stands(key) and key not in named]
            fields = tuple(self.field(key) for key in wanted)
            taken |= {*wanted}
            wrong = any(_wrong(one) for one in fields)
            made.append(Group(title.of(self.language), fields, is_open or is_new or wrong))
        return tuple(made)

    def _expanded(self, key: str) -> list[str]:
        """`booking`: all that stands in it."""
        inside = [one for one in self.columns if one.startswith(f"{key}.")]
        return inside if key not in self.columns and inside else [key]

    def _stands(self, key: str) -> bool:
        """Whether a key has a field of its own: a name's other languages stand beside it."""
        way, dot, last = key.rpartition(".")
        return f"{way}{dot}en" not in self.columns or last == "id" or not way

    def field(self, key: str) -> Field:
        """A field, with what stands beside it."""
        if key == GIVEN_BY:
            return self._checks(key, "counters")
        column = self.columns[key]
        if column.shape == "rows":
            return self._table(column)
        made = self._one(column, key)
        way, _, last = key.rpartition(".")
        if last == "id" and f"{way}.en" in self.columns:
            tongues = ("en", *self.languages)
            more = tuple(self._one(self.columns[f"{way}.{one}"], f"{way}.{one}", one)
                         for one in tongues)  # fmt: skip
            return _with(made, more)
        if self.kind == "services" and key in TRANSLATED:
            more = tuple(self._translation(key, one) for one in ("en", *self.languages))
            return _with(made, more)
        return made

    def _one(self, column: Column, name: str, lang: str = "id") -> Field:
        label, hint = self._words(self.kind, column)
        shape = _shape(column)
        options: tuple[Options, ...] = ()
        value = self.cells.get(name, "")
        if shape == "select" or shape == "checks":
            options = self._options(column, value)
        if not name.startswith("name.") and not name.startswith("about."):
            lang = ""
        return Field(
            name, label, hint if shape in HINTED else "", shape, value, column.required,
            self.said.get(name, ""), lang, options,
        )  # fmt: skip

    def _translation(self, key: str, tongue: str) -> Field:
        name = f"{key}@{tongue}"
        label = f"{word(self.kind, key).name.of(self.language)} ({self._tongue(tongue)})"
        shape: Shape = "lines" if key in LISTS else "long"
        return Field(name, label, "", shape, self.cells.get(name, ""),
                     fault=self.said.get(name, ""), lang=tongue)  # fmt: skip

    def _checks(self, key: str, of: str) -> Field:
        named = word(self.kind, key)
        chosen = _codes(self.cells.get(key, ""))
        return Field(
            key, named.name.of(self.language), named.hint.of(self.language), "checks",
            fault=self.said.get(key, "") or self.said.get("", ""), options=self._of(of, chosen),
        )  # fmt: skip

    def _options(self, column: Column, value: str) -> tuple[Options, ...]:
        chosen = _codes(value)
        if column.of:
            found = self._of(column.of, chosen)
            if column.key == "classes":
                label = CHOICES[ORDINARY].of(self.language)
                found = (Options("", (Option(ORDINARY, label, ORDINARY in chosen),)), *found)
            return found
        known = self.shifts if column.key == "shifts" else column.known
        names = {one: CHOICES[one].of(self.language) for one in known if one in CHOICES}
        made = tuple(Option(one, names.get(one, one), one in chosen) for one in known)
        return (Options("", made),)

    def _of(self, kind: str, chosen: frozenset[str]) -> tuple[Options, ...]:
        """The items of a list that are offered, and those chosen that aren't any more; services by
        their agencies, counters by their zones."""
        found = [
            one for one in items(self.document, kind) if not one.retired or str(one.id) in chosen
        ]
        agencies = {one.id: one.short for one in self.document.agencies}
        zones = {one.id: one.name.of(self.language) for one in self.document.zones}
        groups: dict[str, list[Option]] = {}
        for one in found:
            under = agencies.get(one.agency, one.agency) if isinstance(one, Service) else ""
            under = zones.get(one.zone, one.zone) if isinstance(one, Counter) else under
            id = str(one.id)
            groups.setdefault(under, []).append(
                Option(id, one.name.of(self.language), id in chosen)
            )
        return tuple(Options(label, tuple(options)) for label, options in groups.items())

    def _table(self, column: Column) -> Field:
        named = word(self.kind, column.key)
        numbers = [
            int(key.removeprefix(f"{column.key}.").partition(".")[0])
            for key in self.cells if key.startswith(f"{column.key}.")
        ]  # fmt: skip
        count = max(numbers, default=-1) + 1 + SPARE
        rows = tuple(
            tuple(self._cell(column, at, one) for one in column.rows) for at in range(count)
        )
        return Field(
            column.key, named.name.of(self.language), named.hint.of(self.language), "table",
            fault=self.said.get(column.key, ""), rows=rows,
        )  # fmt: skip

    def _cell(self, list: Column, at: int, column: Column) -> Field:
        name = f"{list.key}.{at}.{column.key}"
        label, hint = self._words(list.key, column)
        shape, value = _shape(column), self.cells.get(name, "")
        if list.key == "charter.promise":
            shape = "long"
        options = self._options(column, value) if shape == "select" else ()
        return Field(
            name, label, hint, shape, value, fault=self.said.get(name, ""), options=options
        )

    def _words(self, kind: str, column: Column) -> tuple[str, str]:
        """A column's label and hint; a further language is called by its name."""
        if column.is_further and "." not in column.key:
            return self._tongue(column.key), ""
        named = word(kind, column.key)
        label = named.name.of(self.language)
        if column.is_further:
            label = f"{label.partition(' (')[0]} ({self._tongue(column.key.rpartition('.')[2])})"
        return label, named.hint.of(self.language)

    def _tongue(self, tongue: str) -> str:
        """What a language is called: "Jawa"."""
        return str(locale_of(self.language).languages.get(tongue, tongue))


def _shape(column: Column) -> Shape:
    match column.shape:
        case "flag":
            return "tri" if column.within or column.default is None else "check"
        case "number":
            return "number"
        case "choice":
            return "select"
        case "lines" | "pairs" | "amounts":
            return "lines"
        case "codes":
            return "checks" if column.of or column.known or column.key == "shifts" else "text"
        case _:
            if column.of:
                return "select"
            if column.key == "colour":
                return "colour"
            return "long" if column.key in LONG or column.key.startswith("about.") else "text"


def _with(made: Field, beside: tuple[Field, ...]) -> Field:
    return Field(
        made.name, made.label, made.hint, made.shape, made.value, made.required, made.fault, "id",
        made.options, beside,
    )  # fmt: skip


def _wrong(field: Field) -> bool:
    rows = (one for row in field.rows for one in row)
    return bool(field.fault) or any(_wrong(one) for one in (*field.beside, *rows))


def _codes(value: str) -> frozenset[str]:
    return frozenset(value.replace(",", " ").split())


def cells_sent(kind: str, pairs: Sequence[tuple[str, str]], languages: tuple[str, ...]) -> dict[
    str, str
]:  # fmt: skip
    """What a form says: a box that isn't ticked sends nothing, boxes of one name send several."""
    given: dict[str, list[str]] = {}
    for key, text in pairs:
        given.setdefault(key, []).append(text.replace("\r\n", "\n"))
    cells: dict[str, str] = {}
    for column in columns(kind, languages):
        if column.key == "retired" or not {column.key, f"has.{column.key}"} & given.keys():
            continue
        if _shape(column) == "check":
            cells[column.key] = "ya" if column.key in given else "tidak"
        else:
            cells[column.key] = "\n".join(given.get(column.key, ()))
    if f"has.{GIVEN_BY}" in given:
        cells[GIVEN_BY] = "\n".join(given.get(GIVEN_BY, ()))
    for key, texts in given.items():
        at = key.partition("@")[0] in TRANSLATED and "@" in key
        row = any(key.startswith(f"{one.key}.") for one in columns(kind) if one.shape == "rows")
        if at or row:
            cells[key] = texts[-1]
    return cells
