"""Who holds which place: the room over a real file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from queue_server.booking.model import Who
from queue_server.booking.refusals import Refused
from queue_server.booking.rules import Key, Session
from queue_server.core.plan import MINUTE
from queue_server.order import KeyReused

from .kit import SESSION, opened, other


async def test_a_hold_takes_a_place_until_it_ends(tmp_path: Path) -> None:
    """Two places: two holds, no third; ten minutes later both are free again."""
    async with opened(tmp_path) as desk:
        first, _ = await desk.hold(), await desk.hold()
        with pytest.raises(Refused, match="session_full"):
            await desk.hold()
        desk.later(10)
        assert (await desk.hold()).state == "held"
        assert await desk.room.sweep() == 2
        assert await desk.state(first) == "dropped"


async def test_a_hold_given_up_is_free_at_once(tmp_path: Path) -> None:
    """Cancelling a hold, twice, gives its place back; nobody is told of it."""
    async with opened(tmp_path) as desk:
        held, _ = await desk.hold(), await desk.hold()
        for _ in range(2):
            assert (await desk.room.cancel(held.token)).state == "dropped"
        await desk.hold()
        assert await desk.room.untold() == []


async def test_the_same_form_is_the_same_booking(tmp_path: Path) -> None:
    """A double click holds one place; another session with the same form moves it."""
    async with opened(tmp_path) as desk:
        held = await desk.hold(key="form")
        assert await desk.hold(key="form") == held
        moved = await desk.hold(other(60), key="form")
        assert (moved.id, moved.key.start) == (held.id, 600)
        taken = await desk.room.taken("2026-11-25", "2026-11-25", "dukcapil")
        assert taken == {moved.key: 1}


async def test_a_hold_that_ran_out_is_confirmed_while_there_is_room(tmp_path: Path) -> None:
    """Late by a minute, swept or not: booked if the place is free, else refused."""
    async with opened(tmp_path) as desk:
        slow, slower = await desk.hold(), await desk.hold()
        desk.later(11)
        await desk.room.sweep()
        assert (await desk.room.confirm(slow.token, SESSION, Who())).state == "booked"
        await desk.book()
        with pytest.raises(Refused, match="hold_over"):
            await desk.room.confirm(slower.token, SESSION, Who())
        with pytest.raises(Refused, match="hold_over"):
            await desk.room.confirm(slower.token, None, Who())


async def test_a_device_holds_one_place_a_service(tmp_path: Path) -> None:
    """The second form of a browser gives the first one's place back."""
    async with opened(tmp_path) as desk:
        first = await desk.hold(device="d1")
        await desk.hold(device="d1")
        assert await desk.state(first) == "dropped"


async def test_limits_of_number_and_device(tmp_path: Path) -> None:
    """One a service and day for a number, or else for a device; so many at once."""
    async with opened(tmp_path, per_phone=2, per_device=2) as desk:
        wide = [other(minutes, 99) for minutes in (0, 24 * 60, 48 * 60)]
        days = [
            _at(session, day)
            for session, day in zip(wide, ("2026-11-25", "2026-11-26", "2026-11-27"), strict=True)
        ]
        await desk.book(days[0], phone="p1", device="d1")
        with pytest.raises(Refused, match="already_booked"):
            await desk.book(days[0], phone="p1", device="d9")
        await desk.book(days[0], phone="p2", device="d1")  # somebody else of the family
        with pytest.raises(Refused, match="too_many_bookings"):
            await desk.book(days[1], device="d1")
        await desk.book(days[1], phone="p1")
        with pytest.raises(Refused, match="too_many_bookings"):
            await desk.book(days[2], phone="p1")
        await desk.book(days[2], device="d3")
        with pytest.raises(Refused, match="already_booked"):
            await desk.book(days[2], device="d3")


async def test_a_change_keeps_the_old_place_until_the_new_one_is_had(tmp_path: Path) -> None:
    """Refused for a full session with nothing lost; else moved, and the old place is free."""
    async with opened(tmp_path) as desk:
        mine = await desk.book()
        await desk.book(other(60, 1))
        with pytest.raises(Refused, match="session_full"):
            await desk.room.change(mine.token, other(60, 1))
        again = await desk.room.of_token(mine.token)
        assert again == mine
        moved = await desk.room.change(mine.token, other(120))
        assert (moved.key.start, moved.changes, moved.code) == (660, 1, mine.code)
        assert await desk.room.change(mine.token, other(120)) == moved  # twice is once
        taken = await desk.room.taken("2026-11-25", "2026-11-25", "dukcapil")
        assert taken[moved.key] == 1
        assert SESSION.key not in taken


async def test_a_change_does_not_make_two_of_a_day(tmp_path: Path) -> None:
    """A number with bookings on two days can't bring both onto one."""
    async with opened(tmp_path) as desk:
        tomorrow = _at(other(24 * 60), "2026-11-26")
        await desk.book(phone="p1")
        mine = await desk.book(tomorrow, phone="p1")
        with pytest.raises(Refused, match="already_booked"):
            await desk.room.change(mine.token, other(60))


async def test_the_same_key_is_the_first_booking(tmp_path: Path) -> None:
    """Posted again: the same token; with another body: refused."""
    async with opened(tmp_path) as desk:
        first = await desk.book(key="k1")
        assert await desk.book(key="k1") == first
        with pytest.raises(KeyReused):
            await desk.room.book(other(60), "ktp", "dukcapil", Who(), "k1", "another digest")
        assert (await desk.book()).id != first.id


async def test_many_at_once_never_exceed_the_quota(tmp_path: Path) -> None:
    """60 want to hold, book or change into a session of two at once: two places are given."""
    async with opened(tmp_path) as desk:
        elsewhere = [await desk.book(other(60, 20)) for _ in range(20)]
        acts = [
            *(desk.hold() for _ in range(20)),
            *(desk.book() for _ in range(20)),
            *(desk.room.change(one.token, SESSION) for one in elsewhere),
        ]
        outcomes = await asyncio.gather(*acts, return_exceptions=True)
        refused = [one for one in outcomes if isinstance(one, Refused)]
        assert {one.code for one in refused} == {"session_full"}
        assert len(refused) == 58
        assert (await desk.room.taken("2026-11-25", "2026-11-25"))[SESSION.key] == 2


async def test_an_unused_booking_expires_with_a_row_of_the_audit(tmp_path: Path) -> None:
    """A quarter of an hour after the session's end, once; it counts as a no-show."""
    async with opened(tmp_path) as desk:
        mine = await desk.book(phone="p1")
        desk.time.time = SESSION.ends + 15 * MINUTE
        assert await desk.room.sweep() == 0
        desk.later(1)
        assert await desk.room.sweep() == 1
        assert await desk.room.sweep() == 0
        history = await desk.room.history(mine.id)
        assert [(row.what, row.who) for row in history] == [
            ("confirmed", "citizen"), ("expired", "system"),
        ]  # fmt: skip
        assert await desk.room.no_shows("p1") == 1
        with pytest.raises(Refused, match="booking_over"):
            await desk.room.cancel(mine.token)


async def test_a_claimed_booking_is_nobody_else_s(tmp_path: Path) -> None:
    """Claimed: no cancel, no change. Released: it stands, with another attempt. Settled: it has
    its number for good."""
    async with opened(tmp_path) as desk:
        mine = await desk.book()
        claimed = await desk.room.claim(mine.id)
        assert await desk.room.claim(mine.id) == claimed
        assert [one.id for one in await desk.room.unsettled()] == [mine.id]
        for act in (desk.room.cancel(mine.token), desk.room.change(mine.token, other(60))):
            with pytest.raises(Refused, match="booking_over"):
                await act
        await desk.room.release(mine.id, claimed.attempt)
        again = await desk.room.claim(mine.id)
        assert again.attempt == claimed.attempt + 1
        await desk.room.release(mine.id, claimed.attempt)  # of the first attempt: too late
        await desk.room.settle(mine.id, 4711, "k")
        await desk.room.settle(mine.id, 4712, "k")
        await desk.room.release(mine.id, again.attempt)
        done = await desk.room.claim(mine.id)
        assert (done.state, done.ticket) == ("checked_in", 4711)
        assert [row.what for row in await desk.room.history(mine.id)] == ["confirmed", "checked_in"]


async def test_what_the_staff_decides_of_a_session(tmp_path: Path) -> None:
    """Closed, widened, as the rules have it; who has booked keeps the place."""
    async with opened(tmp_path) as desk:
        mine = await desk.book()
        await desk.room.set_quota(SESSION.key, 0, "u1", "dinas luar")
        with pytest.raises(Refused, match="session_full"):
            await desk.book()
        assert await desk.state(mine) == "booked"
        assert await desk.room.quotas("2026-11-25", "2026-11-25") == {SESSION.key: 0}
        await desk.room.set_quota(SESSION.key, 3, "u1")
        await desk.book()
        await desk.book()
        await desk.room.set_quota(SESSION.key, None, "u1")
        with pytest.raises(Refused, match="session_full"):
            await desk.book()
        assert await desk.room.quotas("2026-11-25", "2026-11-25") == {}


async def test_a_whole_session_is_moved_or_cancelled(tmp_path: Path) -> None:
    """Moved all or none; the session is closed; every one of them is to be told, with why."""
    async with opened(tmp_path) as desk:
        mine = [await desk.book(), await desk.book()]
        with pytest.raises(Refused) as refused:
            await desk.room.move_session(SESSION.key, other(60, 1), "u1", "petugas sakit")
        assert refused.value.details == {"free": 1, "wanted": 2}
        moved = await desk.room.move_session(SESSION.key, other(60), "u1", "petugas sakit")
        assert [(one.id, one.key.start) for one in moved] == [(one.id, 600) for one in mine]
        with pytest.raises(Refused, match="session_full"):
            await desk.book()
        cancelled = await desk.room.cancel_session(other(60).key, "u1", "listrik padam")
        assert {one.reason for one in cancelled} == {"listrik padam"}
        told = [(row.what, row.booking, row.detail) for row, _ in await desk.room.untold()]
        assert told[2:] == [
            *(("changed", one.id, "petugas sakit") for one in mine),
            *(("cancelled", one.id, "listrik padam") for one in mine),
        ]
        await desk.room.told([row.id for row, _ in await desk.room.untold()])
        assert await desk.room.untold() == []


async def test_found_by_code_token_and_address_but_not_while_held(tmp_path: Path) -> None:
    """What a scanner or a person types; a mere hold has no code yet."""
    async with opened(tmp_path) as desk:
        mine, held = await desk.book(), await desk.hold()
        for text in (mine.code.lower(), mine.token, f"https://x.example/booking/{mine.token}?a=1"):
            assert await desk.room.find(text) == mine
        assert await desk.room.find(held.code) is None
        assert await desk.room.find("") is None


async def test_old_bookings_are_gone_from_the_file(tmp_path: Path) -> None:
    """After `keep_days` neither hash nor token is left in the database or its log."""
    async with opened(tmp_path, keep_days=2) as desk:
        mine = await desk.book(phone="hash-of-a-number", device="hash-of-a-device")
        desk.later(3 * 24 * 60)
        await desk.room.sweep()
        assert await desk.room.forget() == 0
        desk.later(24 * 60)
        assert await desk.room.forget() == 1
        for secret in ("hash-of-a-number", "hash-of-a-device", mine.token):
            assert secret not in all_bytes(tmp_path)


async def test_numbers_from_afar_are_counted_by_device_and_day(tmp_path: Path) -> None:
    """The same form is the same token; two a day; one that was refused counts for nothing."""
    async with opened(tmp_path, remote_per_device=2) as desk:
        room = desk.room
        assert await room.reserve_remote("f1", "d", "2026-11-24", "t1") == "t1"
        assert await room.reserve_remote("f1", "d", "2026-11-24", "t9") == "t1"
        await room.reserve_remote("f2", "d", "2026-11-24", "t2")
        with pytest.raises(Refused, match="too_many_remote"):
            await room.reserve_remote("f3", "d", "2026-11-24", "t3")
        await room.free_remote("f2")
        await room.reserve_remote("f3", "d", "2026-11-24", "t3")
        await room.reserve_remote("f4", "d", "2026-11-25", "t4")
        assert await room.remote_of("d", "2026-11-24") == ["t1", "t3"]
        assert await room.remote_of("", "2026-11-24") == []


def all_bytes(folder: Path) -> str:
    return "".join(file.read_bytes().decode("latin-1") for file in folder.iterdir())


def _at(session: Session, day: str) -> Session:
    return replace(session, key=Key(session.key.pool, day, SESSION.key.start))
