"""Panels over a real broker: the present retained, a will, and every way in which a broker goes."""

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from queue_server.config import PanelSection
from queue_server.core import commands as c
from tests.core.story import PLAN
from tests.hall import Process

from .broker import Broker, broker, client
from .kit import Place, lit, who
from .kit import pace as pace

FIVE, STATUS = "antrean/loket/1/tampil", "antrean/panel/utama/status"


def section(on: Broker, **more: Any) -> PanelSection:
    return PanelSection("mqtt", on.address, **more)


async def test_the_present_of_every_counter_is_retained(tmp_path: Path) -> None:
    """Whoever subscribes later gets it at once: state, number, text, whether it blinks."""
    place = Place()
    place.open("1")
    place.take()
    async with broker(tmp_path) as on, lit(place, section(on)) as hall:
        await hall.until(lambda now: not now.reason)
        place.call()
        async with client(on, "antrean/#") as seen:
            shown = json.loads(await seen.until(FIVE, "called"))
            assert (shown["number"], shown["text"], shown["blink"]) == ("A-001", "A-001", True)
            assert shown["at"] == "2026-11-23T09:00:00+07:00"
            assert json.loads(await seen.until("antrean/loket/2/tampil"))["state"] == "closed"
            await seen.until("antrean/loket/3/tampil")
            assert await seen.until(STATUS) == "hidup"
            place.start()
            shown = json.loads(await seen.until(FIVE, "serving"))
            assert (shown["number"], shown["blink"]) == ("A-001", False)
        async with client(on, FIVE) as late:
            assert "serving" in await late.until(FIVE)
            assert late.all[0][2], "retained"


async def test_a_recall_is_shown_anew(tmp_path: Path) -> None:
    """The same number with another call's id: a panel can beep again."""
    place = Place()
    place.open("1")
    place.take()
    place.call()
    async with broker(tmp_path) as on, lit(place, section(on)), client(on, FIVE) as seen:
        first = json.loads(await seen.until(FIVE, "A-001"))
        place.does(c.Recall(counter="1", ticket=place.current().id, by=who("1")))
        second = json.loads(await seen.until(FIVE, f'"call":{place.current().call}'))
        assert second["call"] > first["call"]


async def test_whoever_was_only_looked_at_is_not_shown(tmp_path: Path) -> None:
    """Two-step calling: the panel shows a number when it is called."""
    policy = msgspec.structs.replace(PLAN.policy, two_step=True)
    place = Place(msgspec.structs.replace(PLAN, policy=policy))
    place.open("1")
    place.take()
    place.call()
    assert not place.current().here
    async with broker(tmp_path) as on, lit(place, section(on)), client(on, FIVE) as seen:
        assert json.loads(await seen.until(FIVE))["state"] == "open"
        place.does(c.Recall(counter="1", ticket=place.current().id, by=who("1")))
        await seen.until(FIVE, "called", "A-001")


async def test_two_hundred_calls_in_one_breath(tmp_path: Path) -> None:
    """State, not events: what a panel is sent is few, and the last of it is the present."""
    place = Place()
    place.open("1")
    for _ in range(200):
        place.take()
    async with broker(tmp_path) as on, lit(place, section(on)) as hall:
        await hall.until(lambda now: not now.reason)
        async with client(on, FIVE) as seen:
            for _ in range(200):
                last = place.call()
            await seen.until(FIVE, last, "called")
            assert len(seen.all) < 10


async def test_the_broker_is_killed_and_started_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is seen at once; calls go on; afterwards the broker, which has forgotten everything, is
    given the present."""
    place = Place()
    place.open("1")
    place.take()
    place.take()
    async with broker(tmp_path) as on, lit(place, section(on)) as hall:
        await hall.until(lambda now: not now.reason)
        place.call()
        await on.kill()
        health = await hall.until(lambda now: now.reason == "offline")
        assert not health.connected
        assert health.error
        assert health.seen
        place.call()
        await on.start()
        await hall.until(lambda now: not now.reason)
        said = [one.message for one in caplog.records if one.message.startswith("panel utama: ")]
        assert [one.split()[2] for one in said] == ["shows", "offline", "shows"], "no flapping"
        async with client(on, FIVE, STATUS) as seen:
            await seen.until(FIVE, "A-002", "called")
            assert await seen.until(STATUS) == "hidup"


async def test_no_broker_at_the_start(tmp_path: Path) -> None:
    """The room starts all the same, says why nothing is shown, and shows it when there is one."""
    place, on = Place(), Broker(tmp_path)
    async with lit(place, section(on)) as hall:
        await hall.until(lambda now: now.reason == "offline")
        assert [face.reason for face in hall.health.faces] == ["offline"] * 3
        await on.start()
        try:
            await hall.until(lambda now: not now.reason)
        finally:
            await on.kill()


async def test_a_stop_says_farewell(tmp_path: Path) -> None:
    """The status is "mati", retained, and the panels keep what they show."""
    place = Place()
    async with broker(tmp_path) as on:
        async with lit(place, section(on)) as hall:
            await hall.until(lambda now: not now.reason)
        async with client(on, FIVE, STATUS) as seen:
            assert await seen.until(STATUS) == "mati"
            await seen.until(FIVE, "closed")


async def test_user_and_secret(tmp_path: Path) -> None:
    """With the right ones in; with wrong ones the broker's refusal is told as one."""
    place = Place()
    async with broker(tmp_path, "antrean") as on:
        wrong = section(on, user="antrean", secret="tebakan")
        async with lit(place, wrong) as hall:
            assert "uthor" in (await hall.until(lambda now: now.reason == "refused")).error
        right = section(on, user="antrean", secret="rahasia")
        async with lit(place, right) as hall, client(on, FIVE) as seen:
            await seen.until(FIVE, "closed")
            await hall.until(lambda now: not now.reason)


async def test_tls_with_an_authority_of_the_hall(tmp_path: Path) -> None:
    """In with its file; without it the certificate is not believed, and the page says so."""
    async with broker(tmp_path, tls=True) as on:
        with warnings.catch_warnings():
            # paho leaves the socket of a failed handshake to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            async with lit(Place(), section(on, tls=True)) as hall:
                health = await hall.until(lambda now: now.reason == "offline")
            assert "certificate verify failed" in health.error
            gc.collect()
        told = section(on, tls=True, ca_file=str(on.authority))
        async with lit(Place(), told) as hall:
            await hall.until(lambda now: now.connected and not now.reason)
            assert [face.text for face in hall.health.faces] == ["", "", ""]


async def test_a_listener_that_never_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something else behind the port: offline, and no socket is left behind with each try."""
    monkeypatch.setattr("queue_server.panels.mqtt.PATIENCE", 0.1)
    ended = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # to the end: the other side has closed it
        writer.close()
        ended.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, lit(Place(), PanelSection("mqtt", f"127.0.0.1:{port}")) as hall:
        await hall.until(lambda now: now.reason == "offline")
        async with asyncio.timeout(10):
            await ended.wait()


async def test_one_counter_in_words_of_its_own(tmp_path: Path) -> None:
    """Its topic, its payload, its texts and width are the configuration's."""
    place = Place()
    place.take()
    told = section(
        on := Broker(tmp_path), counters=("1",), topic="hall/{panel}/{counter}", status="hall/up",
        payload='{"t": "{text}", "b": {blink}, "n": "{name}"}', width=6, align="right",
        show={"closed": "TUTUP", "called": "{prefix}{digits}"},
    )  # fmt: skip
    await on.start()
    try:
        async with lit(place, told), client(on, "#") as seen:
            assert json.loads(await seen.until("hall/utama/1")) == {
                "t": " TUTUP", "b": 0, "n": "Loket 1",
            }  # fmt: skip
            place.open("1")
            place.call()
            assert json.loads(await seen.until("hall/utama/1", "001"))["t"] == "  A001"
            assert seen.last["hall/up"] == "hidup"
            assert set(seen.last) == {"hall/utama/1", "hall/up"}
    finally:
        await on.kill()


async def test_a_test_pattern(tmp_path: Path) -> None:
    """For a while, except where somebody is called; a call during it goes before it."""
    place = Place()
    place.open("1", "2")
    place.take()
    place.take()
    place.call("1")
    async with broker(tmp_path) as on, lit(place, section(on)) as hall, client(on, "#") as seen:
        await hall.until(lambda now: not now.reason)
        hall.panels.test("utama")
        assert hall.health.testing
        await seen.until("antrean/loket/2/tampil", "test", "A-888")
        place.call("2")
        await seen.until("antrean/loket/2/tampil", "called", "A-002")
        await seen.until("antrean/loket/3/tampil", "closed")
        assert not hall.health.testing
        assert all("test" not in payload for topic, payload, _ in seen.all if topic == FIVE)


async def test_a_counter_that_is_not(tmp_path: Path) -> None:
    """The others are shown; health says which counter the catalogue hasn't."""
    async with broker(tmp_path) as on, lit(Place(), section(on, counters=("1", "99"))) as hall:
        health = await hall.until(lambda now: now.reason == "unknown")
        assert [(face.counter, face.reason) for face in health.faces] == [
            ("1", ""), ("99", "unknown"),
        ]  # fmt: skip


async def test_a_killed_server_leaves_its_will_and_comes_back_with_the_present(
    tmp_path: Path,
) -> None:
    """kill -9 of a real `antrean serve`: "mati" stands there, and after the restart "hidup", and
    on the panel the number that was called."""
    async with broker(tmp_path / "broker") as on, client(on, "#") as seen:
        told = {
            "ANTREAN_PANELS__UTAMA__KIND": "mqtt", "ANTREAN_PANELS__UTAMA__ADDRESS": on.address,
        }  # fmt: skip
        hall = Process(tmp_path / "data", **told)
        await hall.start()
        try:
            await _a_call(hall)
            await seen.until("antrean/loket/5/tampil", "called", "-001")
            await hall.kill()
            assert await seen.until(STATUS, "mati") == "mati"
            seen.last.clear()
            await hall.start()
            await seen.until("antrean/loket/5/tampil", "called", "-001")
            assert await seen.until(STATUS, "hidup") == "hidup"
            assert not await hall.stop()
            await seen.until(STATUS, "mati")
        finally:
            await hall.stop()


async def _a_call(hall: Process) -> None:
    """A citizen of counter 5 is called there, through the API."""
    headers = {"Authorization": f"Bearer {await hall.secret('supervisor')}"}
    async with httpx2.AsyncClient(
        base_url=f"{hall.url}/api/v1", headers=headers, trust_env=False
    ) as api:
        counter = (await api.get("/counters/5")).json()
        await api.post("/tickets", json={"service": counter["services"][0]})
        assert (await api.post("/counters/5/openings", json={})).status_code == 201
        answer = await api.post("/counters/5/calls", json={"after": None})
        assert answer.status_code == 201, answer.text
