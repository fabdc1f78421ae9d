"""Telling agencies' systems what happened: every step, in order, by the notifier's outbox.

Steps are durable before anybody is told; `told` is how far it came, so that a crash in between
tells the same step again, with the same id, and leaves none out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, Protocol

from ..order import Unavailable
from ..store import Store

log = logging.getLogger(__name__)


class Tell(Protocol):
    """`notify.emit`: the kind of what happened, its data, and an id that makes a repetition
    harmless."""

    def __call__(self, kind: str, data: dict[str, Any], *, id: str) -> Awaitable[object]:
        """Durable when it returns. Raises Unavailable."""


GROUP = 100
"""Steps that are told between two notes of how far it came."""
PAUSE = 5.0
"""Seconds until the next try after a failure."""

SQL = (
    "SELECT steps.id, code, service, agency, file, before, after, steps.at, steps.due, missing,"
    " note, correction FROM steps JOIN applications ON applications.id = application"
    " WHERE steps.id > (SELECT step FROM told) ORDER BY steps.id LIMIT ?"
)


class Outbox:
    """`start` once, `touch` after every change."""

    def __init__(self, store: Store, tell: Tell | None) -> None:
        self._store = store
        self._tell = tell
        self._new = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Tell what a crash left untold, then what comes."""
        if self._tell is not None:
            self._new.set()
            self._task = asyncio.create_task(self._run(self._tell), name="tracking outbox")

    def touch(self) -> None:
        """There is something new."""
        self._new.set()

    async def close(self) -> None:
        """Stop; what is untold is told after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, tell: Tell) -> None:
        while True:
            await self._new.wait()
            self._new.clear()
            try:
                while await self._tell_some(tell):
                    pass
            except Unavailable as reason:
                log.warning("applications: not told yet: %s", reason.code)
                asyncio.get_running_loop().call_later(PAUSE, self._new.set)
            except Exception:
                log.exception("applications: telling failed; it is tried again")
                asyncio.get_running_loop().call_later(PAUSE, self._new.set)

    async def _tell_some(self, tell: Tell) -> bool:
        rows = await self._store.read(SQL, (GROUP,))
        for row in rows:
            kind = "application.updated" if row[5] else "application.registered"
            # Steps count from 1 in every data folder; codes are nobody else's.
            await tell(kind, _data(row), id=f"application-{row[1]}-{row[0]}")
        if rows:
            await self._store.write(("UPDATE told SET step = ?", (rows[-1][0],)))
        return len(rows) == GROUP


def _data(row: Any) -> dict[str, Any]:
    """What an agency's system is told. Times are epoch milliseconds."""
    step, code, service, agency, file, before, after, at, due, missing, note, correction = row
    return {
        "step": step, "code": code, "service": service, "agency": agency, "file": file or None,
        "from": before or None, "to": after, "at": at, "due": due or None,
        "missing": list(filter(None, missing.split("\n"))), "note": note or None,
        "correction": bool(correction),
    }  # fmt: skip
