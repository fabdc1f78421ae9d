"""What the printers' page shows: pure views of printers and jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from queue_server.core.model import Hall, Ticket
from queue_server.printing import Job, Printing, State
from queue_server.printing.sentences import sentence
from queue_server.printing.worker import AWAY

NUMBER = re.compile(r"([A-Z]{1,3})\s*-?\s*0*(\d{1,6})")
Mood = Literal["good", "warn", "bad"]


class Row(Struct, frozen=True):
    """A printer. `where`: address and width; `said`: how it is, and what to do. Times are epoch
    ms, 0 for never."""

    id: str
    name: str
    where: str
    width: int
    mood: Mood
    said: str
    low: bool
    since: int
    seen: int
    waiting: int
    failed: int


class Paper(Struct, frozen=True):
    """A job. `number` is "" for a test; `again`, `stop`: what staff can do with it."""

    id: int
    at: int
    printer: str
    number: str
    state: State
    said: str
    copy: bool
    again: bool
    stop: bool


class PrintersPage(Struct, frozen=True):
    """The page. `nonce` makes a form's paper one only; `refused` is the number that isn't."""

    rows: tuple[Row, ...]
    papers: tuple[Paper, ...]
    nonce: str
    refused: str = ""


def rows(printing: Printing, language: str) -> tuple[Row, ...]:
    """Every printer now."""
    return tuple(_row(printing, id, language) for id in printing.printers)


def papers(printing: Printing, jobs: Iterable[Job], language: str) -> tuple[Paper, ...]:
    """Jobs as the table shows them."""
    return tuple(
        Paper(
            id=job.id,
            at=job.created,
            printer=printing.name(job.printer),
            number=job.number,
            state=job.state,
            said=sentence(job.reason, language) if job.reason else "",
            copy=job.copy,
            again=job.state in ("failed", "expired", "cancelled")
            and job.printer in printing.printers,
            stop=job.state in ("queued", "printing"),
        )
        for job in jobs
    )


def find(hall: Hall, text: str) -> Ticket | None:
    """Today's ticket of a number as people write it: "A-012", "a12", "A 012"."""
    match = NUMBER.fullmatch(text.strip().upper())
    if match is None:
        return None
    for ticket in hall.tickets.values():
        prefix, _, value = ticket.number.rpartition("-")
        if (prefix, int(value)) == (match[1], int(match[2])):
            return ticket
    return None


def _row(printing: Printing, id: str, language: str) -> Row:
    section, state = printing.printers[id], printing.state(id)
    low = state.paper == "low" and not state.reason
    return Row(
        id=id,
        name=printing.name(id),
        where=section.address,
        width=section.width,
        mood="bad" if state.reason in AWAY else "warn" if state.reason or low else "good",
        said=sentence(state.reason, language),
        low=low,
        since=state.since,
        seen=state.seen,
        waiting=printing.count(id, "queued") + printing.count(id, "printing"),
        failed=printing.count(id, "failed") + printing.count(id, "expired"),
    )
