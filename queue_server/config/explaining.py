"""What is wrong with a configuration, in one line: file, key, expected, found."""

from __future__ import annotations

import re
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from .whole import Config


def explain(name: str, table: dict[str, Any], message: str, within: tuple[str, ...] = ()) -> str:
    """msgspec's message as: file: section.key: expected ..., found ..."""
    at_key = " - at `key` in `$." in message
    reason, _, place = message.partition(" - at `key` in `$" if at_key else " - at `$")
    section = place.partition("[...]")[0].lstrip(".")
    if (
        "[...]" in place and not within and "." not in section
    ):  # of a table of tables: msgspec doesn't say of which
        return _explain_one_of(name, table, section)
    if at_key:
        return _explain_key(name, table, reason, [*within, *place.strip(".`").split(".")])
    named = place.rstrip("`").replace("[...]", "")
    keys = [*within, *(key for key in named.split(".") if key)]
    unknown = re.search(r"unknown field `(\w+)`", reason)
    if unknown:
        known = ", ".join(_fields(keys))
        where = ".".join([*keys, unknown[1]])
        return f"{name}: {where}: expected one of {known}; found an unknown key"
    found: Any = table
    for key in re.findall(r"[^.\[\]]+", ".".join(keys)):
        if isinstance(found, dict):
            found = found.get(key, "nothing")
        elif isinstance(found, list) and key.isdecimal():
            found = found[int(key)]
    reason = re.sub(r", got .*", "", reason)
    reason = reason[:1].lower() + reason[1:]
    choices = _choices(keys)
    if choices:
        reason = f"expected one of {', '.join(map(repr, choices))}"
    if keys[-1:] == ["secret"]:
        found = type(found).__name__  # whatever it is, it is not to be shown
    return f"{name}: {'.'.join(keys)}: {reason}, found {found!r}"


def _explain_key(name: str, table: dict[str, Any], reason: str, keys: list[str]) -> str:
    """A name that a table may not have."""
    chosen: Any = table
    for key in keys:
        chosen = chosen[key]
    names = get_args(_kind(keys))[:1]
    choices = get_args(names[0]) if names and get_origin(names[0]) is Literal else ()
    wanted = reason[:1].lower() + reason[1:]
    if choices:
        wanted = f"expected one of {', '.join(choices)}"
    elif keys == ["webhooks"]:
        wanted = "expected names such as wa-gateway"
    return f"{name}: {'.'.join(keys)}: {wanted}, found {', '.join(chosen)}"


def _explain_one_of(name: str, table: dict[str, Any], section: str) -> str:
    kind = get_args(get_type_hints(Config)[section])[1]
    for id, value in table[section].items():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            return explain(name, table, str(error), (section, id))
    return f"{name}: {section}: expected tables of keys"


def _fields(keys: list[str]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(_kind(keys))]


def _choices(keys: list[str]) -> tuple[Any, ...]:
    """What a key of a fixed set may be; () for any other key."""
    kind = _kind(keys)
    return get_args(kind) if get_origin(kind) is Literal else ()


def _kind(keys: list[str]) -> Any:
    """The type at a place of the configuration."""
    kind: Any = Config
    for key in keys:
        if get_origin(kind) is dict:  # a table of tables, such as zones
            kind = get_args(kind)[1]
        else:
            hints = get_type_hints(kind) if isinstance(kind, type) else {}
            kind = hints.get(key.partition("[")[0])
        if "[" in key and get_origin(kind) is tuple:  # one of a list, such as texts[0]
            kind = get_args(kind)[0]
    return kind
