"""The texts, topics and payloads that a configuration gives as templates: `{number}`. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from ..config import PanelState
from .showing import Showing

PLACE = ("panel", "counter", "address")
"""What a topic may name."""
SHOWN = (*PLACE, "name", "state", "number", "prefix", "value", "digits", "call", "blink")
"""What a text may name: A-012 has the prefix A, the digits 012, the value 12."""
ALL = (*SHOWN, "text")
"""What a payload may name."""
FIELD = re.compile(r"\{([a-z_]+)\}")
JSON = re.compile(r'\s*(\{\s*"|\[\s*("|\{\s*"))')
TEXTS: Mapping[PanelState, str] = {
    "closed": "", "break": "", "open": "", "called": "{number}", "serving": "{number}",
    "test": "{number}",
}  # fmt: skip
"""What stands on a panel in each state unless the configuration says otherwise."""


class Document(Struct, frozen=True):
    """The payload where no template is given. `blink`: the number was called and waits for its
    citizen; `call` changes with every recall."""

    counter: str
    name: str
    state: PanelState
    number: str
    text: str
    blink: bool
    call: int
    at: str


def unknown(template: str, known: tuple[str, ...]) -> str:
    """The first field that a template may not name, or ""."""
    return next((name for name in FIELD.findall(template) if name not in known), "")


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its fields put in; other braces stay as they are."""
    return FIELD.sub(lambda match: values.get(match[1], match[0]), template)


def values(showing: Showing, panel: str, address: str) -> dict[str, str]:
    """The fields of SHOWN for what is shown."""
    prefix, _, digits = showing.number.rpartition("-")
    return {
        "panel": panel, "counter": showing.counter, "address": address, "name": showing.name,
        "state": showing.state, "number": showing.number, "prefix": prefix, "digits": digits,
        "value": digits.lstrip("0"), "call": str(showing.call),
        "blink": str(int(showing.state == "called")),
    }  # fmt: skip


def fit(text: str, width: int, right: bool) -> str:
    """A text as wide as the panel (0: as it is); what is too long is cut at its far end."""
    if not width:
        return text
    return text[-width:].rjust(width) if right else text[:width].ljust(width)


def is_json(template: str) -> bool:
    """Whether values are escaped in it as JSON's strings are: it begins an object, or a list of
    texts or objects."""
    return JSON.match(template) is not None


def payload(template: str, showing: Showing, fields: Mapping[str, str], encoding: str) -> bytes:
    """What is published: the document, or the template with `fields` (those of ALL) put in."""
    if not template:
        blink, text = showing.state == "called", fields["text"]
        return msgspec.json.encode(
            Document(
                showing.counter, showing.name, showing.state, showing.number, text, blink,
                showing.call, showing.at,
            )
        )  # fmt: skip
    if is_json(template):
        escaped = {name: json.dumps(value)[1:-1] for name, value in fields.items()}
        return fill(template, escaped).encode()
    return fill(template, fields).encode(encoding, "replace")
