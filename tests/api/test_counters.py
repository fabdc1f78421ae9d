"""Everything that an operator does at a counter."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from .conftest import Checked, Client

API = "/api/v1"
HERE = f"{API}/counters/1"
BESIDE = ("quick_serve", "help", "alarm")
AT_WORK = ("quick_serve", "plan", "help", "alarm")
"""What can be done beside everything else at an open counter; with somebody there."""


class Desk:
    """An operator at counter 1, and a kiosk."""

    def __init__(self, operator: Client, kiosk: Client) -> None:
        self.operator = operator
        self.kiosk = kiosk

    async def take(self, *services: str) -> list[int]:
        """Numbers for these services; their ids."""
        made = [await self.kiosk.post(f"{API}/tickets", json={"service": one}) for one in services]
        return [answer.json()["id"] for answer in made]

    async def do(self, act: str, **body: Any) -> httpx2.Response:
        return await self.operator.post(f"{HERE}/{act}", json=body)

    async def done(self, act: str, **body: Any) -> Any:
        answer = await self.do(act, **body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def now(self) -> Any:
        return (await self.operator.get(HERE)).json()


@pytest.fixture
async def desk(hall: Checked) -> Desk:
    return Desk(await hall.role("operator"), await hall.role("kiosk"))


async def refused(answer: httpx2.Response, code: str, status: int = 409) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_counter_opens_rests_and_closes(desk: Desk) -> None:
    """Its acts are those that the rules allow to who asks."""
    assert (await desk.now())["acts"] == ["open"]
    turned = await desk.done("openings")
    assert (turned["state"], turned["counter"]) == ("open", "1")
    now = await desk.now()
    assert (now["state"], now["acts"], now["queue"]) == ("open", ["break", "close", *BESIDE], [])
    assert now["services"] == ["ktp", "kk"]
    assert (await desk.done("breaks"))["state"] == "break"
    assert (await desk.now())["acts"] == ["open", "close", "alarm"]
    assert (await desk.done("openings"))["state"] == "open"
    assert (await desk.done("closings"))["state"] == "closed"


async def test_what_holds_already_is_no_error(desk: Desk) -> None:
    """Opening an open counter says so, without an entry."""
    first = await desk.done("openings")
    again = await desk.done("openings")
    assert again == {**first, "id": None}


async def test_next_takes_the_head_of_the_queue(desk: Desk) -> None:
    """What the console shows first is what is called, and a call has its own id."""
    ids = await desk.take("ktp", "kk", "paspor", "ktp")
    await desk.done("openings")
    now = await desk.now()
    assert [ticket["id"] for ticket in now["queue"]] == [ids[0], ids[1], ids[3]]
    assert "token" not in now["queue"][0]
    assert now["acts"] == ["call", "break", "close", *BESIDE]
    call = await desk.done("calls", after=None)
    assert (call["ticket"], call["number"], call["counter"]) == (ids[0], "A-001", "1")
    assert call["id"] not in ids
    now = await desk.now()
    assert now["current"]["id"] == ids[0]
    assert now["acts"] == [
        "recall", "start", "no_show", "return", "transfer", "cancel", "defer", *AT_WORK, "undo"
    ]  # fmt: skip


async def test_the_whole_service(desk: Desk) -> None:
    """Recall, start, finish; and next finishes what is being served."""
    first, second, third = await desk.take("ktp", "ktp", "ktp")
    await desk.done("openings")
    call = await desk.done("calls", after=0)
    again = await desk.done("recalls", ticket=first)
    assert again["id"] > call["id"]
    assert (await desk.done("starts", ticket=first))["status"] == "serving"
    assert (await desk.now())["acts"] == [
        "call",
        "finish",
        "return",
        "park",
        "transfer",
        "defer",
        *AT_WORK,
        "undo",
    ]
    call = await desk.done("calls", after=first)
    assert (call["ticket"], call["finished"]) == (second, first)
    assert (await desk.done("no-shows", ticket=second))["status"] == "no_show"
    await desk.done("calls", after=None)
    await desk.done("starts", ticket=third)
    done = await desk.done("finishes", ticket=third)
    assert (done["status"], done["number"]) == ("served", "A-003")


async def test_one_out_of_order_back_and_aside(desk: Desk) -> None:
    first, second = await desk.take("ktp", "ktp")
    await desk.done("openings")
    assert (await desk.done("calls", after=None, ticket=second))["ticket"] == second
    assert (await desk.done("returns", ticket=second))["status"] == "waiting"
    await desk.done("calls", after=None)
    await desk.done("starts", ticket=first)
    assert (await desk.done("parks", ticket=first))["status"] == "parked"
    assert (await desk.done("calls", after=None, ticket=first))["ticket"] == first


@pytest.mark.parametrize(
    ("to", "service", "counter"),
    [({"service": "paspor"}, "paspor", None), ({"counter": "2"}, None, "2")],
)
async def test_sent_on(
    desk: Desk, hall: Checked, to: dict[str, str], service: str | None, counter: str | None
) -> None:
    """To a service's line or to one counter; it waits there."""
    (ticket,) = await desk.take("ktp")
    await desk.done("openings")
    await desk.done("calls", after=None)
    sent = await desk.done("transfers", ticket=ticket, **to)
    assert (sent["status"], sent["service"], sent["counter"]) == ("waiting", service, counter)
    target = "5" if service else "2"
    seen = await (await hall.role("supervisor")).get(f"{API}/counters/{target}")
    assert [one["id"] for one in seen.json()["queue"]] == [ticket]


@pytest.mark.parametrize(
    ("to", "code", "field"),
    [
        ({}, "no_such_destination", "service"),
        ({"service": "ktp", "counter": "2"}, "no_such_destination", "service"),
        ({"service": "none"}, "unknown_service", "service"),
        ({"counter": "99"}, "unknown_counter", "counter"),
    ],
)
async def test_sent_nowhere(desk: Desk, to: dict[str, str], code: str, field: str) -> None:
    (ticket,) = await desk.take("ktp")
    await desk.done("openings")
    await desk.done("calls", after=None)
    answer = await desk.do("transfers", ticket=ticket, **to)
    await refused(answer, code, 422)
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_stale_screen_changes_nothing(desk: Desk) -> None:
    """A double click, and every act on a ticket that is no longer there."""
    first, second = await desk.take("ktp", "ktp")
    await desk.done("openings")
    await desk.done("calls", after=None)
    await refused(await desk.do("calls", after=None), "stale")
    await refused(await desk.do("calls", after=first), "arrival_open")
    for act in ("recalls", "starts", "finishes", "no-shows", "returns", "parks"):
        await refused(await desk.do(act, ticket=second), "stale")
    await refused(await desk.do("transfers", ticket=second, service="kk"), "stale")
    await refused(await desk.do("finishes", ticket=first), "not_allowed")
    await refused(await desk.do("breaks"), "ticket_open")


async def test_reasons_why_not(desk: Desk) -> None:
    (passport,) = await desk.take("paspor")
    await refused(await desk.do("calls", after=None), "not_your_counter")
    await desk.done("openings")
    await refused(await desk.do("calls", after=None), "nobody_waiting")
    await refused(await desk.do("calls", after=None, ticket=passport), "not_served_here")
    await refused(await desk.do("calls", after=None, ticket=10**9), "unknown_ticket")
    await desk.done("breaks")
    await refused(await desk.do("calls", after=None), "counter_on_break")
    await desk.done("closings")
    await refused(await desk.do("breaks"), "not_your_counter")


async def test_reasons_are_sentences_in_the_askers_language(desk: Desk) -> None:
    await desk.done("openings")
    for language, said in (("id", "Tidak ada yang menunggu"), ("en", "Nobody is waiting")):
        headers = {"Accept-Language": language}
        answer = await desk.operator.post(f"{HERE}/calls", json={"after": None}, headers=headers)
        assert answer.json()["detail"].startswith(said)


async def test_one_operator_one_counter(desk: Desk, hall: Checked) -> None:
    """Another's counter is not taken; a supervisor's may be acted for and released."""
    await desk.done("openings")
    (ticket,) = await desk.take("ktp")
    await desk.done("calls", after=None)
    await refused(await desk.operator.post(f"{API}/counters/2/openings"), "operator_elsewhere")
    other = await hall.role(await hall.house.office.add_token("other", "operator"))
    await refused(await other.post(f"{HERE}/openings"), "counter_held")
    await refused(await other.post(f"{HERE}/starts", json={"ticket": ticket}), "not_your_counter")
    assert (await other.get(HERE)).json()["acts"] == []
    supervisor = await hall.role("supervisor")
    assert "close" in (await supervisor.get(HERE)).json()["acts"]
    assert (await supervisor.post(f"{HERE}/closings")).json()["state"] == "closed"
    assert [one["id"] for one in (await desk.now())["queue"]] == [ticket]


async def test_acts_are_exactly_what_is_accepted(desk: Desk) -> None:
    """In every state on the way an act that is not listed is refused, or changes nothing."""
    acts = {
        "open": "openings", "break": "breaks", "close": "closings", "call": "calls",
        "recall": "recalls", "start": "starts", "finish": "finishes", "no_show": "no-shows",
        "return": "returns", "park": "parks", "transfer": "transfers",
        "defer": "deferrals", "undo": "undos", "cancel": "cancellations", "plan": "visits",
        "quick_serve": "quick-serves", "help": "helpers", "alarm": "alarms",
    }  # fmt: skip
    await desk.take("ktp", "ktp", "ktp")
    for step in ("openings", "calls", "starts", "calls", "no-shows", "breaks", "closings"):
        now = await desk.now()
        current = now["current"]["id"] if now["current"] else None
        bodies: dict[str, Any] = {name: {"ticket": current or 1} for name in acts.values()}
        bodies |= {"openings": {}, "breaks": {}, "closings": {}, "calls": {"after": current}}
        bodies |= {"undos": {}, "alarms": {}, "quick-serves": {"service": "ktp"}}
        bodies |= {"helpers": {"helper": "companion"}}
        bodies["visits"] = {"ticket": current or 1, "steps": [{"service": "kk"}]}
        bodies["transfers"] = {"ticket": current or 1, "service": "ktp"}
        for act, path in acts.items():
            if act not in now["acts"]:
                answer = await desk.do(path, **bodies[path])
                assert answer.status_code in (404, 409) or answer.json()["id"] is None, (act, now)
        assert acts.keys() >= set(now["acts"])
        await desk.done(step, **bodies[step])


async def test_come_back_with_the_papers(desk: Desk) -> None:
    """Pending with what is missing, until a time with its offset; resumed at the kiosk."""
    issued = (await desk.kiosk.post(f"{API}/tickets", json={"service": "ktp"})).json()
    ticket = issued["id"]
    await desk.done("openings")
    await desk.done("calls", after=None)
    for wrong in ("2026-11-25T15:00:00", "soon", 5):
        answer = await desk.do("deferrals", ticket=ticket, until=wrong)
        assert answer.status_code == 422, wrong
    await refused(
        await desk.do("deferrals", ticket=ticket, until="2001-01-01T00:00:00Z"), "until_past"
    )
    done = await desk.done("deferrals", ticket=ticket, missing=[0], until="2099-01-01T00:00:00Z")
    assert done["status"] == "pending"
    back = await desk.kiosk.post(f"{API}/tickets/{issued['token']}/resumptions", json={})
    assert (back.status_code, back.json()["status"]) == (201, "waiting")
    assert [one["id"] for one in (await desk.now())["queue"]] == [ticket]


async def test_all_counters(desk: Desk) -> None:
    answer = (await desk.operator.get(f"{API}/counters")).json()
    assert [one["id"] for one in answer["items"]] == ["1", "2", "5"]
    assert answer["next"] is None


@pytest.mark.parametrize("counter", ["99", "x", "%00", "%2e%2e", "1%20", "١"])
async def test_a_counter_that_is_none(shared: Checked, counter: str) -> None:
    operator = await shared.role("operator")
    answers = [await operator.get(f"{API}/counters/{counter}")]
    for act, body in (("openings", {}), ("calls", {"after": None}), ("starts", {"ticket": 1}),
                      ("transfers", {"ticket": 1, "counter": "98"})):  # fmt: skip
        answers.append(await operator.post(f"{API}/counters/{counter}/{act}", json=body))
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["code"] for answer in answers} <= {"unknown_counter", "not_found"}
