"""The journal for programs that keep a copy: every event, without the tickets' secrets."""

from __future__ import annotations

from typing import Any

import msgspec

from ..core.events import Entry
from ..house import House
from ..web.endpoint import Ask, Endpoint
from ..web.identity import Role
from . import shapes as s
from .views import View

READERS: frozenset[Role] = frozenset({"integration", "admin"})
SECRET = ("token", "receipts")
"""Members of events that only the hall itself may know."""


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/journal`."""

    async def read(ask: Ask[None]) -> s.Listed[s.JournalEntry]:
        """Oldest first; `next` while there may be more at once."""
        after: s.After = ask.query
        entries = await house.desk.read(after.after, after.limit)
        view = View(house, ask.language)
        more = entries[-1].id if len(entries) == after.limit else None
        return s.Listed([_shown(view, entry) for entry in entries], more)

    return [
        Endpoint(
            "GET", "/api/v1/journal", READERS, read, s.Listed[s.JournalEntry],
            "Events after a version", query=s.After, problems=(503,),
        )
    ]  # fmt: skip


def _shown(view: View, entry: Entry) -> s.JournalEntry:
    event: dict[str, Any] = msgspec.to_builtins(entry.event)
    for name in SECRET:
        event.pop(name, None)
    return s.JournalEntry(entry.id, view.at(entry.at), entry.by, event)
