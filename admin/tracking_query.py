"""The list's filter as an address carries it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from queue_server.tracking.model import Filter
from queue_server.tracking.states import STATES


def wanted_of(query: Mapping[str, str]) -> Filter:
    """The filter that an address carries; unless it says otherwise, what is open."""
    state = query.get("state", "open")
    known = state in ("open", "any") or state in STATES
    due = query.get("due", "")
    search = query.get("q", "").strip()[:64]
    if search:  # who looks for one application finds it in whatever state
        return Filter(search=search)
    return Filter(
        agency=query.get("agency", "")[:64],
        state="" if state == "any" else state if known else "open",
        due=due if due in ("late", "today", "soon") else "",
    )


def query_of(wanted: Filter) -> str:
    """The inverse of `wanted_of`."""
    if wanted.search:
        return urlencode({"q": wanted.search})
    found = {"agency": wanted.agency, "state": wanted.state or "any", "due": wanted.due}
    return urlencode({name: value for name, value in found.items() if value})


def whole(text: str) -> int:
    """A page's number; 1 for anything else."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
