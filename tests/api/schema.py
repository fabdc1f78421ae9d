"""As much of JSON Schema 2020-12 as the API's document uses; anything else is an error."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
    "integer": int, "number": (int, float),
}  # fmt: skip
KNOWN = {
    "$ref", "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum",
    "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "title", "description",
    "default",
}  # fmt: skip


def wrong(value: Any, schema: Any, document: Any, at: str = "$") -> list[str]:
    """Where a value does not fit its schema."""
    unknown = set(schema) - KNOWN
    assert not unknown, f"{at}: the document uses {unknown}"
    if "$ref" in schema:
        return wrong(value, resolve(schema["$ref"], document), document, at)
    if "anyOf" in schema:
        tried = [wrong(value, option, document, at) for option in schema["anyOf"]]
        return [] if [] in tried else [f"{at}: fits none of {len(tried)}"]
    return [
        *_type(value, schema, at),
        *_parts(value, schema, document, at),
        *_bounds(value, schema, at),
    ]


def resolve(reference: str, document: Any) -> Any:
    """What a reference within the document points at. Raises KeyError."""
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _type(value: Any, schema: Any, at: str) -> list[str]:
    wanted = schema.get("type")
    types = [wanted] if isinstance(wanted, str) else wanted or []
    fits = [isinstance(value, TYPES[one]) for one in types]
    if isinstance(value, bool):
        fits = [one == "boolean" for one in types]
    found = [] if not types or any(fits) else [f"{at}: {value!r} is no {wanted}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is not in {schema['enum']}")
    return found


def _parts(value: Any, schema: Any, document: Any, at: str) -> list[str]:
    found: list[str] = []
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [
            f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value
        ]
        for name, part in value.items():
            if name in properties:
                found += wrong(part, properties[name], document, f"{at}.{name}")
            elif "properties" in schema:
                # Stricter than the standard: an answer has no member that is not described.
                found.append(f"{at}: {name} is not described")
    if isinstance(value, list) and "items" in schema:
        for index, part in enumerate(value):
            found += wrong(part, schema["items"], document, f"{at}[{index}]")
    return found


def _bounds(value: Any, schema: Any, at: str) -> list[str]:
    found: list[str] = []
    if isinstance(value, int | float) and not isinstance(value, bool):
        found += [f"{at}: {value} < minimum" for _ in range(value < schema.get("minimum", value))]
        found += [f"{at}: {value} > maximum" for _ in range(value > schema.get("maximum", value))]
    if isinstance(value, str):
        length = len(value)
        if not schema.get("minLength", 0) <= length <= schema.get("maxLength", length):
            found.append(f"{at}: length {length}")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{at}: {value!r} is not like {schema['pattern']}")
    return found
