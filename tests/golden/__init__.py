"""The journals of releases, kept for ever: what was written then must mean the same today.

`0.1.0.db` is a journal as that release's Desk wrote it, with every kind of event and every field
of each; `0.1.0.txt` has a line for each of its entries: id, kind, and the digest of the hall after
it. A later release adds a pair of its own (`python -m tests.golden.record`) and changes none.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from queue_server.core.model import Hall, Line

HERE = Path(__file__).parent
LATER: frozenset[tuple[str, str]] = frozenset()
"""(type, field) of what came after the first release with a default other than nothing: an old
entry doesn't have it, so it is no part of what that meant."""


def meaning(hall: Hall) -> str:
    """A digest of all that the hall holds, with defaults written out (changing a default changes
    what old entries mean), and without what is empty (a field that is added later)."""
    fields = _plain("Hall", vars(hall))
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]


def _plain(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    found = {name: _value(one) for name, one in fields.items() if (kind, name) not in LATER}
    return {name: one for name, one in found.items() if one}


def _value(value: Any) -> Any:
    match value:
        case msgspec.Struct():
            return _plain(type(value).__name__, msgspec.structs.asdict(value))
        case Line():
            return value.ids()
        case dict():
            empty = [key for key, one in value.items() if isinstance(one, Line) and not len(one)]
            return {str(key): _value(one) for key, one in value.items() if key not in empty}
        case list() | tuple():
            return [_value(one) for one in value]
        case frozenset() | set():
            return sorted(value)
    return value
