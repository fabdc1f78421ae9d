"""Notes on a ticket: kept beside the journal, guarded, read at the next counter, erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.core import commands as c
from queue_server.core.plan import Hours
from queue_server.notes import LONGEST, MOST, NoteRefused, Notes, checked
from queue_server.web.identity import actor

from ..core.story import HOURS, MONDAY, clock
from .kit import HandClock, Place, place
from .test_questions import served
from .test_routes import colleague

SECRET = "Fotokopi akta menyusul besok"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


def holding(folder: Path) -> set[str]:
    """The names, without their endings, of the files that hold the note's words."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    return {file.name.partition(".")[0] for file in files if SECRET.encode() in file.read_bytes()}


async def room(path: Path, now: HandClock, keep: int = 12, hours: Hours = HOURS) -> Notes:
    notes = Notes(path / "notes.db", now, hours, keep)
    await notes.open()
    return notes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "note_empty"), ("x" * (LONGEST + 1), "note_long"),
        ("NIK 1801010203040005", "personal_data"), ("telp 0812 3456 7890", "personal_data"),
        ("surel ani@contoh.id", "personal_data"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_note(text: str, code: str) -> None:
    """Refused with a sentence in both languages that says what to do instead."""
    with pytest.raises(NoteRefused) as refused:
        checked(text)
    assert refused.value.code == code
    assert len({refused.value.sentence(language) for language in ("id", "en")}) == 2


async def test_a_note_is_read_at_the_next_counter(hall: Place) -> None:
    """After a transfer, with who wrote it where; the row in the queue says that there is one."""
    ann, (ticket,) = await served(hall)
    for _ in range(2):  # the answer of the first was lost
        answer = await ann.post("/counters/5/notes", ticket=ticket.id, text=SECRET, nonce="n")
        assert answer.status_code == 204
    assert SECRET in (await ann.get("/counters/5")).text
    await ann.post("/counters/5/transfers", ticket=ticket.id, to="counter:7")
    budi = await colleague(hall, "budi")
    await hall.opened(budi.identity, "7")
    assert ">catatan<" in (await budi.get("/counters/7")).text
    await hall.does(c.CallNext(counter="7", after=0, by=actor(budi.identity)))
    page = (await budi.get("/counters/7")).text
    assert page.count(SECRET) == 1
    assert "Loket 5</b> · ann" in page


async def test_a_note_of_somebody_elses_number_is_refused(hall: Place) -> None:
    """Without a script on the page; a ticket that is not there any more, another's counter too."""
    ann, (ticket,) = await served(hall)
    answer = await ann.post(
        "/counters/5/notes", script=False, ticket=ticket.id, text="NIK 1801010203040005"
    )
    assert answer.status_code == 422
    assert "Jangan tulis NIK" in answer.text
    assert hall.house.rooms.notes.of(ticket.id) == ()
    answer = await ann.post("/counters/5/notes", ticket=ticket.id + 1, text=SECRET)
    assert answer.json()["code"] == "stale"
    budi = await colleague(hall, "budi")
    answer = await budi.post("/counters/5/notes", ticket=ticket.id, text=SECRET)
    assert answer.json()["code"] == "not_your_counter"


async def test_nothing_of_a_note_enters_the_journal(hall: Place, tmp_path: Path) -> None:
    """Its words are in its own file alone."""
    ann, (ticket,) = await served(hall)
    await ann.post("/counters/5/notes", ticket=ticket.id, text=SECRET, nonce="n")
    assert holding(tmp_path) == {"notes"}


async def test_notes_survive_a_restart_and_are_erased_after_their_day(tmp_path: Path) -> None:
    """So many hours after midnight: from memory, the file and its write-ahead log."""
    now = HandClock()
    notes = await room(tmp_path, now)
    await notes.add(5, SECRET, "u1", "5", "k1")
    await notes.add(5, SECRET, "u1", "5", "k1")
    await notes.close()
    notes = await room(tmp_path, now)
    assert [note.text for note in notes.of(5)] == [SECRET]
    now.time = clock("2026-11-24 11:59")
    await notes.sweep()
    assert notes.of(5)
    now.time = clock("2026-11-24 12:00")
    assert notes.of(5) == ()
    await notes.sweep()
    assert holding(tmp_path) == set()
    await notes.close()


async def test_a_ticket_has_room_for_so_many(tmp_path: Path) -> None:
    """Then the room says so."""
    notes = await room(tmp_path, HandClock(MONDAY))
    for index in range(MOST):
        await notes.add(5, f"catatan {index}", "u1", "5")
    with pytest.raises(NoteRefused) as refused:
        await notes.add(5, "satu lagi", "u1", "5")
    assert refused.value.code == "note_full"
    assert str(MOST) in refused.value.sentence("id")
    await notes.close()
