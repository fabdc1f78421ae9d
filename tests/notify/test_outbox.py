"""The outbox on a real file: durable, in order, at least once, and what can't be delivered is
kept."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from queue_server.notify.courier import Courier
from queue_server.notify.retry import LONGEST, pause

from .kit import Hands, Scripted, message, outbox

HOUR = 3_600_000


async def test_messages_survive_and_come_in_order(tmp_path: Path) -> None:
    """Written by one process, delivered by the next, oldest first."""
    clock, channel = Hands(), Scripted()
    async with outbox(tmp_path) as box:
        await box.put([(message(f"m{n}"), [channel.id]) for n in range(20)], clock.now())
    async with outbox(tmp_path) as box:
        await Courier(channel, box, clock).round()
        assert channel.sent == [f"m{n}" for n in range(20)]
        assert (await box.counts())[channel.id].delivered == 20


async def test_a_crash_between_sending_and_marking_sends_the_same_id(tmp_path: Path) -> None:
    """At least once: the receiver knows the id."""
    clock, channel = Hands(), Scripted()
    async with outbox(tmp_path) as box:
        await box.put([(message("m1"), [channel.id])], clock.now())
        delivery = await box.head(channel.id)
        assert delivery is not None
        await channel.send(delivery.message)  # and the process is killed here
    async with outbox(tmp_path) as box:
        await Courier(channel, box, clock).round()
        assert channel.sent == ["m1", "m1"]
        assert await box.head(channel.id) is None


async def test_the_same_message_is_queued_once(tmp_path: Path) -> None:
    """By its id, also when the cursor was lost."""
    async with outbox(tmp_path) as box:
        assert await box.put([(message("m1"), ["webhook:x"])], 0, ("e", 7)) == 1
        assert await box.put([(message("m1"), ["webhook:x"]), (message("m2"), ())], 1) == 1
        assert (await box.counts())["webhook:x"].waiting == 1
        assert await box.followed() == ("e", 7)


async def test_a_message_that_waits_is_not_overtaken(tmp_path: Path) -> None:
    """The receiver is away for a while: everything behind waits, then comes in order."""
    clock, channel = Hands(), Scripted(["delivered", "later", "later", "delivered"])
    async with outbox(tmp_path) as box:
        courier = Courier(channel, box, clock)
        await box.put([(message(f"m{n}"), [channel.id]) for n in range(4)], clock.now())
        assert await courier.round() > 0
        assert channel.sent == ["m0", "m1"]
        await courier.round()
        assert channel.sent == ["m0", "m1"]  # not due yet
        clock.at += HOUR
        await courier.round()
        clock.at += HOUR
        await courier.round()
        assert channel.sent == ["m0", "m1", "m1", "m1", "m2", "m3"]


async def test_an_unordered_channel_goes_on(tmp_path: Path) -> None:
    """One phone that can't be reached keeps no other from being told."""
    clock, channel = Hands(), Scripted(["later", "delivered"], ordered=False)
    async with outbox(tmp_path) as box:
        await box.put([(message(f"m{n}"), [channel.id]) for n in range(3)], clock.now())
        await Courier(channel, box, clock).round()
        assert sorted(channel.sent) == ["m0", "m1", "m2"]
        assert (await box.counts())[channel.id].waiting == 1


async def test_what_is_refused_is_a_dead_letter_and_the_next_one_goes(tmp_path: Path) -> None:
    """Kept with its reason; by hand it is sent again, under the same id."""
    clock, channel = Hands(), Scripted(["never", "delivered"])
    async with outbox(tmp_path) as box:
        courier = Courier(channel, box, clock)
        await box.put([(message("bad"), [channel.id]), (message("good"), [channel.id])], 0)
        await courier.round()
        assert channel.sent == ["bad", "good"]
        (dead,) = await box.log(dead=True)
        assert (dead.message.id, dead.answer, dead.tries) == ("bad", "never", 1)
        await box.revive(channel.id, clock.now(), dead.seq)
        await courier.round()
        assert channel.sent[-1] == "bad"
        assert not await box.log(dead=True)


async def test_patience_ends(tmp_path: Path) -> None:
    """After a day of attempts, ever further apart, a message is a dead letter."""
    clock, channel = Hands(), Scripted(["later"])
    async with outbox(tmp_path) as box:
        courier = Courier(channel, box, clock)
        await box.put([(message("m"), [channel.id])], clock.now())
        for _ in range(200):
            await courier.round()
            clock.at += 10 * 60_000
        assert 30 < len(channel.sent) < 60
        assert len(await box.log(dead=True)) == 1


async def test_an_endpoint_that_was_taken_away_leaves_dead_letters(tmp_path: Path) -> None:
    """Not lost, not tried."""
    async with outbox(tmp_path) as box:
        await box.put([(message("m"), ["webhook:old", "webhook:x"])], 0)
        await box.bury(["webhook:x"], 5)
        assert [one.channel for one in await box.log(dead=True)] == ["webhook:old"]
        assert (await box.counts())["webhook:x"].waiting == 1


async def test_the_log_ends(tmp_path: Path) -> None:
    """Delivered messages leave after a week, dead letters after a month."""
    clock, channel = Hands(), Scripted(["never", "delivered"])
    day = 24 * HOUR
    async with outbox(tmp_path) as box:
        pairs = [(message(id, at=clock.at), [channel.id]) for id in ("bad", "good")]
        await box.put(pairs, clock.now())
        await Courier(channel, box, clock).round()
        await box.forget_old(clock.at + 6 * day)
        assert len(await box.log()) == 2
        await box.forget_old(clock.at + 8 * day)
        assert [one.message.id for one in await box.log()] == ["bad"]
        await box.forget_old(clock.at + 31 * day)
        assert not await box.log()


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True), st.integers(0, 10**9))
def test_pauses_are_bounded_and_spread(tries: int, chance: float, asked: int) -> None:
    """Never under half, never over the longest; a receiver's own wish is kept."""
    wait = pause(tries, chance, asked)
    assert 2_500 <= wait <= LONGEST
    assert wait >= min(asked, LONGEST)
    assert pause(tries + 1, 0, 0) * 2 >= pause(tries, 0, 0)
