"""The counters' pages and sockets for those whose work is bound, and for those whose time ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import websockets

from counters.topic import floor_bounds, floor_name
from queue_server.core import commands as c
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.web.identity import actor
from queue_server.web.people import Terms

from .. import hall as halls
from .kit import Place, place
from .test_routes import Colleague


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def bound(hall: Place, role: str, bounds: Bounds = EVERYWHERE) -> tuple[Colleague, str]:
    """By token, with the secret."""
    secret = await hall.house.office.add_token("bound", role, Terms(bounds))
    identity = hall.house.office.bearer(secret)
    assert identity is not None
    client = await hall.running.client()
    client.headers["Authorization"] = f"Bearer {secret}"
    return Colleague(identity, client), secret


def elsewhere(hall: Place) -> tuple[str, Bounds]:
    """A counter of no agency of counter 5's, and bounds that reach 5 alone of the two."""
    plan = hall.hall.plan
    mine = {plan.services[one].agency for one in plan.counters["5"].services}
    for counter in plan.counters.values():
        if mine.isdisjoint(plan.services[one].agency for one in counter.services):
            return counter.id, Bounds(frozenset(mine))
    raise AssertionError("the example has several agencies")


def live(hall: Place, secret: str, topic: str) -> Any:
    address = f"{hall.url.replace('http', 'ws', 1)}/live?topic={topic}&as=html"
    headers = {"Authorization": f"Bearer {secret}"}
    return websockets.connect(address, additional_headers=headers, proxy=None)


def test_a_floor_is_named_by_its_bounds() -> None:
    for bounds in (
        EVERYWHERE, Bounds(frozenset({"a", "b-c"})), Bounds(zones=frozenset({"z"})),
        Bounds(frozenset({"a"}), frozenset({"y", "z"})),
    ):  # fmt: skip
        assert floor_bounds(floor_name(bounds)) == bounds


async def test_an_operator_chooses_among_the_own_counters(hall: Place) -> None:
    """The others are neither listed nor opened, whatever is posted."""
    other, bounds = elsewhere(hall)
    ann, _ = await bound(hall, "operator", bounds)
    chooser = (await ann.get("/counters")).text
    assert "/counters/5" in chooser
    assert f'"/counters/{other}"' not in chooser
    assert f"/counters/{other}/openings" not in chooser
    for answer in (
        await ann.get(f"/counters/{other}"),
        await ann.post(f"/counters/{other}/openings"),
        await ann.post(f"/counters/{other}/notes", ticket=1, text="x"),
    ):
        assert answer.status_code == 403
    assert (await ann.post("/counters/5/openings")).status_code == 204


async def test_a_supervisor_sees_the_own_part_of_the_floor(hall: Place) -> None:
    """Board, tickets, counters and lines; the rest is refused, page and act."""
    other, bounds = elsewhere(hall)
    chief, _ = await bound(hall, "supervisor", bounds)
    mine = await hall.take()
    theirs = await hall.take(hall.hall.plan.counters[other].services[0])
    board = await chief.get("/supervisor")
    assert f"/supervisor/lines/{mine.service}" in board.text
    assert f"/supervisor/lines/{theirs.service}" not in board.text
    assert f'"/supervisor/counters/{other}"' not in board.text
    assert (await chief.get(f"/supervisor/tickets/{mine.id}")).status_code == 200
    for path in (f"tickets/{theirs.id}", f"counters/{other}", f"lines/{theirs.service}"):
        assert (await chief.get(f"/supervisor/{path}")).status_code == 403, path
    found = await chief.get(f"/supervisor/tickets?q={theirs.number}")
    assert found.status_code == 200, "looked for, and not found"
    answer = await chief.post(f"/supervisor/tickets/{theirs.id}/cancellations", reason="x")
    assert answer.status_code == 403


async def test_the_floors_feed_is_as_wide_as_its_reader(hall: Place) -> None:
    """What happens beyond the bounds is not in it; the whole floor is not to be had."""
    other, bounds = elsewhere(hall)
    _, secret = await bound(hall, "supervisor", bounds)
    async with live(hall, secret, f"floor:{floor_name(bounds)}") as socket:
        assert (await halls.frame(socket))["state"]["waiting"] == 0
        await hall.take(hall.hall.plan.counters[other].services[0])
        await hall.queue(1)
        while (frame := await halls.frame(socket))["version"] < hall.hall.version:
            pass
        assert frame["state"]["waiting"] == 1
    for topic in ("floor:hall", f"counter:{other}"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with live(hall, secret, topic):
                pass
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("how", ["token", "session", "role", "counter"])
async def test_a_socket_ends_with_the_right_to_it(hall: Place, how: str) -> None:
    """A revoked token, an ended session, another role, a counter that somebody else opened: the
    socket that was open is closed at once, and hears nothing more."""
    office, sent = hall.house.office, hall.house.hub.statistics
    if how == "token":
        person, secret = await bound(hall, "operator")
        opened = live(hall, secret, "counter:5")
    else:
        identity, cookie = await hall.staff("ann", "supervisor" if how == "role" else "operator")
        topic = "floor:hall" if how == "role" else "counter:5"
        opened = halls.listening(hall.url, topic, cookie=f"session={cookie}")
    async with opened as socket:
        await halls.frame(socket)
        if how == "token":
            await office.remove_token(int(person.identity.id[1:]))
        elif how == "session":
            await office.end_session(office.sessions()[0].handle)
        elif how == "role":
            await office.set_role(int(identity.id[1:]), "operator")
        else:
            budi, _ = await bound(hall, "operator")
            await hall.does(c.OpenCounter(counter="5", by=actor(budi.identity)))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await halls.frame(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
    assert sent().connections == 0
