"""What stands on a paper, whatever the printer: parsed from the markup that a template makes.

<paper>
  <line align="center" bold="yes" size="2">MPP Lampung Selatan</line>
  <number>A-012</number>
  <row label="Tunggu di">Zona A</row>
  <qr>https://…</qr>
  <rule/> <space/>
  <copy>SALINAN / COPY</copy>     only printed when another paper may exist
</paper>
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from xml.etree import ElementTree as Xml

import msgspec
from msgspec import Struct

Align = Literal["left", "center", "right"]
YesNo = Literal["yes", "no"]


class DocumentError(ValueError):
    """The markup is no paper; the message names the element and what was expected."""


class Part(Struct, frozen=True, forbid_unknown_fields=True, tag_field="element", tag=str.lower):
    """Base of what a paper is made of. `text` is what stands between an element's tags."""

    text: str = ""


class Line(Part, frozen=True):
    """A paragraph. `size` 2 is twice as wide and high; `small` is the printer's second font."""

    align: Align = "center"
    bold: YesNo = "no"
    size: Literal["1", "2"] = "1"
    small: YesNo = "no"


class Row(Part, frozen=True):
    """A label, and what it says beside it."""

    label: str = ""


class Number(Part, frozen=True):
    """The ticket's number, as large as the paper is wide."""


class Qr(Part, frozen=True):
    """A QR code of the text."""


class Rule(Part, frozen=True):
    """A line from edge to edge."""


class Space(Part, frozen=True):
    """An empty line."""


class Copy(Part, frozen=True):
    """A mark for a paper that may be a second one."""


KINDS: Mapping[str, type[Part]] = {
    kind.__name__.lower(): kind for kind in (Line, Row, Number, Qr, Rule, Space, Copy)
}


def parse(markup: str) -> tuple[Part, ...]:
    """The parts of a paper, top to bottom. Raises DocumentError."""
    try:
        # Our own template's output; expat itself stops entities that grow without bound.
        root = Xml.fromstring(markup.strip())  # noqa: S314
    except Xml.ParseError as error:
        raise DocumentError(f"the paper is not well-formed: {error}") from None
    if root.tag != "paper":
        raise DocumentError(f"expected <paper>, found <{root.tag}>")
    return tuple(_part(element) for element in root)


def _part(element: Xml.Element) -> Part:
    kind = KINDS.get(element.tag)
    if kind is None or len(element):
        known = ", ".join(f"<{name}>" for name in KINDS)
        inner = f" with <{element[0].tag}> in it" if len(element) else ""
        raise DocumentError(f"<{element.tag}>{inner}: expected one of {known} with text only")
    values = {**element.attrib, "text": " ".join((element.text or "").split())}
    try:
        return msgspec.convert(values | {"element": element.tag}, kind)
    except msgspec.ValidationError as error:
        raise DocumentError(f"<{element.tag}>: {error}") from None
