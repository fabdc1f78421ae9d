"""The tracking room on a real file: nothing lost, nothing twice, history untouched."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from queue_server.core.plan import MINUTE
from queue_server.order import KeyReused
from queue_server.tracking import codes
from queue_server.tracking.model import Change, Filter, New
from queue_server.tracking.outbox import Tell
from queue_server.tracking.promise import Promise
from queue_server.tracking.refusals import FIELDS, SENTENCES, WORDS, Refused
from queue_server.tracking.room import Tracking
from queue_server.tracking.states import STATES, WAY, State
from queue_server.web.problems import problem_of

from .test_rules import DAY, HOURS, ms


class Hands:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.at = ms("2026-11-23 09:00")

    def now(self) -> int:
        return self.at


@asynccontextmanager
async def opened(folder: Path, clock: Hands, tell: Tell | None = None) -> AsyncIterator[Tracking]:
    room = Tracking(folder / "tracking.db", clock, HOURS, tell)
    await room.open()
    try:
        yield room
    finally:
        await room.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def room(tmp_path: Path, clock: Hands) -> AsyncIterator[Tracking]:
    async with opened(tmp_path, clock) as room:
        yield room


def new(ticket: str = "", file: str = "", days: int = 2, agency: str = "dukcapil") -> New:
    return New("kk", agency, Promise(days), file, ticket)


async def registered(room: Tracking, **more: Any) -> str:
    return (await room.register(new(**more), "u1")).application.code


async def moved(room: Tracking, code: str, *states: State) -> None:
    for state in states:
        await room.move(Change(code, state, note="alasan"), "u2")


async def refused(what: Any) -> str:
    with pytest.raises(Refused) as found:
        await what
    return found.value.code


async def test_an_application_and_its_history_survive(tmp_path: Path, clock: Hands) -> None:
    """Registered, moved, corrected; read back by another process's eyes, word for word."""
    async with opened(tmp_path, clock) as room:
        code = await registered(room, ticket="t1", file="503/12")
        clock.at += DAY
        missing = ("KTP-el asli", "Foto 4 x 6")
        await room.move(Change(code, "perlu_perbaikan", "diajukan", missing, "buram"), "u2")
        before = await room.find(code)
    async with opened(tmp_path, clock) as room:
        found = await room.find(code)
        assert found == before
        assert found is not None
        assert [step.after for step in found.steps] == [
            "diajukan", "diverifikasi", "perlu_perbaikan",
        ]  # fmt: skip
        last = found.steps[-1]
        assert (last.by, last.before, last.missing, last.note) == (
            "u2", "diverifikasi", missing, "buram",
        )  # fmt: skip
        assert found.steps[-2].missing == ()
        assert (found.application.state, found.application.due) == ("perlu_perbaikan", 0)
        assert found.standing.left == 1
        assert codes.read(code) == code


async def test_history_is_append_only(room: Tracking, tmp_path: Path) -> None:
    """The file itself refuses to change or lose a step."""
    await registered(room)
    with sqlite3.connect(tmp_path / "tracking.db") as db:
        for sql in ("UPDATE steps SET by = 'x'", "DELETE FROM steps"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(sql)
    db.close()


async def test_one_visit_registers_once(room: Tracking) -> None:
    """Fifty presses at once: one application, one first step."""
    many = await asyncio.gather(*(room.register(new("visit"), "u1") for _ in range(50)))
    assert len({one.application.code for one in many}) == 1
    assert len({one.step.id for one in many}) == 1
    assert await room.listing.count(Filter()) == 1
    assert (await room.of_ticket("visit")) == many[0].application
    assert await room.of_ticket("") is None
    await registered(room)
    await registered(room)  # without a visit they are different ones
    assert await room.listing.count(Filter()) == 3


async def test_the_same_key_gets_the_first_answer(tmp_path: Path, clock: Hands) -> None:
    """Also after other steps and a restart; with another request it is refused."""
    async with opened(tmp_path, clock) as room:
        first = await room.register(new(), "t1", key="k1", digest="d1")
        code = first.application.code
        change = Change(code, "diproses")
        moves = await asyncio.gather(
            *(room.move(change, "t1", key="k2", digest="d2") for _ in range(20))
        )
        assert len({one.step for one in moves}) == 1
        await moved(room, code, "disetujui")
    async with opened(tmp_path, clock) as room:
        assert (await room.register(new(), "t1", key="k1", digest="d1")).step == first.step
        assert (await room.move(change, "t1", key="k2", digest="d2")).step == moves[0].step
        with pytest.raises(KeyReused):
            await room.move(change, "t1", key="k2", digest="other")
        found = await room.find(code)
        assert found is not None
        assert len(found.steps) == 4


async def test_two_who_looked_at_the_same_state(room: Tracking) -> None:
    """One of them is first; the other is told, and nothing happens twice."""
    code = await registered(room)
    both = await asyncio.gather(
        room.move(Change(code, "diverifikasi", "diajukan"), "u1"),
        room.move(Change(code, "dibatalkan", "diajukan"), "u2"),
        return_exceptions=True,
    )
    reasons = [one.code for one in both if isinstance(one, Refused)]
    assert reasons == ["application_changed"]
    found = await room.find(code)
    assert found is not None
    assert len(found.steps) == 2


async def test_what_is_refused_changes_nothing(room: Tracking) -> None:
    """Each with its own code."""
    code = await registered(room, file="F1")
    nik = "NIK 1801010203040005"
    cases: list[tuple[Any, str]] = [
        (room.move(Change("0000-0000-0000", "diproses"), "u"), "unknown_application"),
        (room.move(Change(code, "diajukan"), "u"), "no_such_step"),
        (room.move(Change(code, "diproses", "diverifikasi"), "u"), "application_changed"),
        (room.move(Change(code, "ditolak"), "u"), "reason_needed"),
        (room.move(Change(code, "ditolak", note=nik), "u"), "personal_data"),
        (room.move(Change(code, "diproses", note="x" * 201), "u"), "note_long"),
        (room.register(new(file="F1"), "u"), "file_taken"),
        (room.register(new(file="=1"), "u"), "bad_file"),
        (room.correct(code, "", "salah", "u"), "nothing_to_correct"),
        (room.correct(code, "", "", "u"), "reason_needed"),
        (room.pickups.token(code, lambda _: False), "not_ready"),
        (room.set_file("0000-0000-0000", "F2"), "unknown_application"),
    ]
    for what, reason in cases:
        assert await refused(what) == reason
    found = await room.find(code)
    assert found is not None
    assert len(found.steps) == 1
    assert await room.listing.count(Filter()) == 1
    assert (await room.register(new(file="F1", agency="imigrasi"), "u")).application.file == "F1"


async def test_several_changes_are_all_or_none(room: Tracking) -> None:
    """The third can't be done: the first two are not done either."""
    those = [await registered(room) for _ in range(3)]
    await moved(room, those[2], "dibatalkan")
    changes = [Change(code, "diproses") for code in those]
    assert await refused(room.move_all(changes, "u")) == "no_such_step"
    assert await room.listing.count(Filter(state="diproses")) == 0
    assert len(await room.move_all(changes[:2], "u")) == 2
    assert await room.listing.count(Filter(state="diproses")) == 2


async def test_a_mistake_is_taken_back(room: Tracking, clock: Hands) -> None:
    """The wrong step stays in the history, counts for nothing, and its clock runs on."""
    code = await registered(room)
    due = (await room.listing.some(Filter(), 1))[0].due
    await moved(room, code, "ditolak")
    assert await refused(room.correct(code, "diproses", "salah", "u3")) == "application_changed"
    clock.at += DAY
    await room.correct(code, "ditolak", "salah tekan", "u3")
    found = await room.find(code)
    assert found is not None
    assert (found.application.state, found.application.due) == ("diverifikasi", due)
    assert [step.after for step in found.steps][-2:] == ["ditolak", "diverifikasi"]
    assert found.steps[-1].correction
    assert [step.after for step in found.valid] == ["diajukan", "diverifikasi"]
    await moved(room, code, "siap_diambil")


async def test_lists_and_counts(room: Tracking, clock: Hands) -> None:
    """Late, due today, soon, waiting for the citizen, ready: by agency, the worst first."""
    late = await registered(room, days=1)
    clock.at = ms("2026-11-25 09:00")
    today = await registered(room, days=1, agency="imigrasi")
    later = await registered(room, days=3, file="F 7")
    clock.at = ms("2026-11-26 10:00")
    ready, stopped = await registered(room, days=1), await registered(room, days=9)
    await moved(room, ready, "siap_diambil")
    await moved(room, stopped, "perlu_perbaikan")
    never = await registered(room, days=0)

    async def those(**wanted: str) -> list[str]:
        found = [one.code for one in await room.listing.some(Filter(**wanted), 50)]
        assert await room.listing.count(Filter(**wanted)) == len(found)
        return found

    assert await those(due="late") == [late]
    assert await those(due="today") == [today]
    assert await those(due="soon") == [today, later]
    assert await those(agency="imigrasi") == [today]
    assert await those(state="siap_diambil") == [ready]
    assert await those(search="F 7") == [later]
    assert await those(search=late.replace("-", "").lower()) == [late]
    assert await those() == [late, today, later, ready, stopped, never]
    assert [one.code for one in await room.listing.after(Filter(), 4, 1)] == [stopped]
    first, second = await room.listing.tallies()
    assert (first.agency, first.open, first.late, first.soon, first.waiting, first.ready) == (
        "dukcapil", 5, 1, 1, 1, 1,
    )  # fmt: skip
    assert first.oldest == ms("2026-11-25 00:00")
    assert (second.agency, second.today, second.soon, second.late) == ("imigrasi", 1, 1, 0)


async def test_due_times_follow_the_holidays(tmp_path: Path, clock: Hands) -> None:
    """The decree of the year adds a holiday: after the next start everything is due later."""
    from msgspec.structs import replace

    async with opened(tmp_path, clock) as room:
        code = await registered(room)
    more = replace(HOURS, holidays={"2026-11-24": "Cuti bersama"})
    again = Tracking(tmp_path / "tracking.db", clock, more)
    await again.open()
    found = await again.find(code)
    await again.close()
    assert found is not None
    assert found.application.due == found.standing.due == ms("2026-11-27 00:00")


async def test_a_ready_document_has_one_ticket(room: Tracking, clock: Hands) -> None:
    """Asked twice at once, or while the ticket lives: the same. When it is over: a new one."""
    code = await registered(room, file="F1")
    await moved(room, code, "siap_diambil")
    alive: set[str] = set()

    async def token() -> str:
        return await room.pickups.token(code, alive.__contains__)

    one, other = await asyncio.gather(token(), token())
    assert one == other
    alive.add(one)
    clock.at += 60 * MINUTE
    assert await token() == one
    pickup = room.pickups.of(one)
    assert pickup is not None
    assert (pickup.code, pickup.file) == (code, "F1")
    alive.clear()
    second = await token()
    assert second != one
    assert await room.pickups.tokens(code) == [second, one]
    await room.set_file(code, "F2")
    assert getattr(room.pickups.of(second), "file", "") == "F2"


async def test_a_served_pickup_hands_over_once(tmp_path: Path, clock: Hands) -> None:
    """Twice told is once done; it survives a restart; a corrected state is left alone."""
    async with opened(tmp_path, clock) as room:
        code = await registered(room)
        await moved(room, code, "siap_diambil")
        token = await room.pickups.token(code, lambda _: False)
    async with opened(tmp_path, clock) as room:
        assert room.pickups.of(token) is not None
        await asyncio.gather(*(room.hand_over(token, "u5") for _ in range(5)))
        await room.hand_over("nobody's", "u5")
        found = await room.find(code)
        assert found is not None
        assert [step.after for step in found.steps] == list(WAY)
        assert found.steps[-1].by == "u5"
        assert room.pickups.of(token) is None
    async with opened(tmp_path, clock) as room:
        assert room.pickups.of(token) is None


async def test_every_step_is_told_at_least_once(tmp_path: Path, clock: Hands) -> None:
    """In order, with what it was about; what failed or was cut off is told after a restart."""
    told: list[tuple[str, int, str]] = []
    broken = asyncio.Event()
    done = asyncio.Event()

    async def tell(kind: str, data: dict[str, Any], *, id: str) -> None:
        assert id == f"application-{data['code']}-{data['step']}"
        if broken.is_set():
            done.set()
            raise RuntimeError("the notifier is down")
        told.append((kind, data["step"], data["to"]))
        done.set()

    async def until(count: int) -> None:
        async with asyncio.timeout(5):
            while len(told) < count:
                done.clear()
                await done.wait()

    async with opened(tmp_path, clock, tell) as room:
        code = await registered(room)
        await moved(room, code, "diproses")
        await until(3)
        broken.set()
        done.clear()
        await moved(room, code, "disetujui")
        await done.wait()
    broken.clear()
    async with opened(tmp_path, clock, tell):
        await until(4)
    kinds = [kind for kind, _, _ in told]
    assert kinds[0] == "application.registered"
    assert set(kinds[1:]) == {"application.updated"}
    states = list(dict.fromkeys(state for _, _, state in told))
    assert states == ["diajukan", "diverifikasi", "diproses", "disetujui"]
    assert [step for _, step, _ in told] == sorted(step for _, step, _ in told)


async def test_a_clock_set_back_keeps_the_order(room: Tracking, clock: Hands) -> None:
    """No step is older than the one before it."""
    code = await registered(room)
    clock.at -= DAY
    await moved(room, code, "diproses")
    found = await room.find(code)
    assert found is not None
    assert [step.at for step in found.steps] == sorted(step.at for step in found.steps)


def test_every_refusal_speaks() -> None:
    """In both languages, with its places filled; a status for each; every state has its word."""
    details: dict[str, Any] = {
        "state": "diproses", "next": "disetujui ditolak", "most": 200, "now": 201, "file": "F",
        "other": "C", "number": 3, "count": 2,
    }  # fmt: skip
    for code in SENTENCES:
        for language in ("id", "en", "jv"):
            said = Refused(code, **details).sentence(language)
            assert "{" not in said
            assert said[0].isupper()
        problem = problem_of(Refused(code, **details))
        assert problem.status in (404, 409, 422)
        fault = problem.body("en").errors
        assert (problem.status == 422) <= bool(fault)
    assert set(FIELDS) <= set(SENTENCES)
    assert {*STATES, ""} == set(WORDS["id"]) == set(WORDS["en"])
