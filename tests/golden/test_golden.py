"""What earlier releases wrote means what it meant then."""

from __future__ import annotations

import shutil
import typing
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from queue_server.core import commands as c
from queue_server.core.events import AnyEvent, Entry, Started
from queue_server.core.evolve import evolve
from queue_server.core.model import Hall
from queue_server.desk import Desk
from queue_server.journal.rows import from_rows
from queue_server.journal.sqlite import SqliteJournal, read_only, walk
from tests.desk.kit import ManualClock

from . import HERE, meaning

RELEASES = sorted(
    (path.stem for path in HERE.glob("*.db")), key=lambda name: [int(x) for x in name.split(".")]
)


@pytest.fixture
def journal(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of a release's journal: reading it leaves files beside it."""
    release = getattr(request, "param", RELEASES[-1])
    return Path(shutil.copy(HERE / f"{release}.db", tmp_path / "journal.db"))


def entries(journal: Path) -> Iterator[Entry]:
    with closing(read_only(journal)) as db:
        yield from from_rows(walk(db))


@pytest.mark.parametrize("journal", RELEASES, indirect=True, ids=str)
def test_every_entry_of_every_release_leads_where_it_led(
    journal: Path, request: pytest.FixtureRequest
) -> None:
    """After each entry the hall is what that release made of it; the first that differs is told."""
    release = request.node.callspec.params["journal"]
    written = [line.split() for line in (HERE / f"{release}.txt").read_text().splitlines()]
    hall = Hall()
    for entry, (id, kind, digest) in zip(entries(journal), written, strict=True):
        evolve(hall, entry)
        assert (entry.id, type(entry.event).__name__) == (int(id), kind)
        assert meaning(hall) == digest, f"entry {id} of {release}: {kind} means something else now"


@pytest.mark.parametrize("journal", RELEASES, indirect=True, ids=str)
async def test_a_day_that_an_earlier_release_began_goes_on(journal: Path) -> None:
    """Today's Desk starts on its journal in the middle of the day, and numbers count on."""
    *_, last = entries(journal)
    clock = ManualClock(last.at + 60_000)
    before = Hall()
    for entry in entries(journal):
        evolve(before, entry)
    desk = Desk(SqliteJournal(journal, reserve=0), clock, before.plan, lambda *_: None)
    await desk.start()
    assert desk.hall.tickets == before.tickets
    assert desk.hall.counters == before.counters
    taken, *_ = await desk.submit(c.IssueTicket(service="passport", token="new"))
    assert desk.hall.tickets[taken.id].number == f"A-{before.numbers['A'] + 1:03d}"
    await desk.close()


def test_the_newest_has_every_kind_of_event_and_every_field_of_it(journal: Path) -> None:
    """A kind or a field that came after it needs a journal of its own release."""
    said = set()
    for entry in entries(journal):
        kind = type(entry.event)
        said.add((kind.__name__, ""))
        for field in msgspec.structs.fields(kind):
            if getattr(entry.event, field.name) != field.default:
                said.add((kind.__name__, field.name))
    wanted = {
        (kind.__name__, name)
        for kind in typing.get_args(AnyEvent)
        for name in ("", *(field.name for field in msgspec.structs.fields(kind)))
    }
    assert wanted - said == set(), "python -m tests.golden.record, when this release is not out yet"


def test_the_digests_see_every_kind(journal: Path) -> None:
    """Were a kind read as if nothing had happened, some digest would differ; a start has no other
    meaning than its place."""
    seen, hall = set(), Hall()
    for entry in entries(journal):
        idle = hall.copy()
        evolve(idle, Entry(entry.id, entry.at, entry.by, Started(), entry.key))
        evolve(hall, entry)
        if meaning(idle) != meaning(hall):
            seen.add(type(entry.event))
    assert set(typing.get_args(AnyEvent)) - seen == {Started}
