"""A counter, its operator, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .kit import Desk, Hall

HELD = {"quick_serve", "help", "alarm"}
"""What can be done at an open counter whatever else is."""


def test_what_can_be_done_at_each_moment(desk: Desk) -> None:
    """The acts listed are those that lead somewhere, from opening to closing."""

    def acts() -> set[str]:
        return set(desk.now()["acts"]) - HELD

    other = desk.take()["id"]
    ticket = desk.take()["id"]
    assert acts() == {"call", "break", "close"}
    desk.call(ticket=ticket)
    called = {"start", "no_show", "return", "transfer", "defer", "cancel", "plan", "undo"}
    assert acts() == called  # a recall comes too soon
    desk.hall.pass_(11)
    assert acts() == (called | {"recall"}) - {"undo"}
    desk.do("starts", ticket=ticket)
    serving = {"call", "finish", "return", "park", "transfer", "defer", "plan", "undo"}
    assert acts() == serving
    desk.do("parks", ticket=ticket)
    assert acts() == {"call", "break", "close", "undo"}
    desk.do("breaks", reason="rapat")
    assert set(desk.now()["acts"]) == {"open", "close", "alarm"}
    desk.do("openings")
    desk.do("cancellations", ticket=other)
    assert acts() == {"break", "close"}
    desk.do("closings")
    assert set(desk.now()["acts"]) == {"open"}


def test_a_screen_that_is_out_of_date(desk: Desk) -> None:
    """Every act on who is not there any more is refused, and changes nothing."""
    first, second = desk.some(None, None)
    desk.serve()
    desk.call()
    for act in ("recalls", "starts", "finishes", "no-shows", "returns", "parks", "deferrals"):
        desk.no("stale", act, ticket=first)
    desk.no("stale", "transfers", ticket=first, service=desk.b)
    desk.no("stale", "visits", ticket=first, steps=[{"service": desk.b}])
    sentence = desk.no("stale", "calls", after=first)
    assert desk.now()["current"]["number"] in sentence
    desk.no("arrival_open", "calls", after=second)
    assert desk.now()["current"]["id"] == second


def test_the_same_key_is_the_same_act(desk: Desk) -> None:
    """Sent five times at once and once more later: one call, one answer; another body 422."""
    desk.some(None, None)
    client, path = desk.hall.client(desk.counter()), f"/counters/{desk.counter()}/calls"
    key = {"Idempotency-Key": f"press-{desk.number}"}

    def press(_: int) -> Any:
        return client.post(path, json={"after": None}, headers=key)

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(press, range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    desk.do("starts", ticket=answers[0].json()["ticket"])
    assert press(0).text == answers[0].text
    other = client.post(path, json={"after": 5}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    refused = {"Idempotency-Key": f"no-{desk.number}"}
    first = client.post(path, json={"after": None}, headers=refused)
    assert first.json()["code"] == "stale"
    assert client.post(path, json={"after": None}, headers=refused).text == first.text


def test_notes_and_numbers_are_idempotent_too(desk: Desk) -> None:
    """One note, one number, for one key; the same key of somebody else is another."""
    key = {"Idempotency-Key": "k1"}
    kiosk = desk.hall.client("kiosk")
    twice = [kiosk.post("/tickets", json={"service": desk.a}, headers=key).json() for _ in "12"]
    assert twice[0] == twice[1]
    ticket = desk.call()
    client, path = desk.hall.client(desk.counter()), f"/counters/{desk.counter()}/notes"
    body = {"ticket": ticket, "note": "Berkas di meja"}
    notes = [client.post(path, json=body, headers=key) for _ in "12"]
    assert notes[0].status_code == 201
    assert notes[0].json() == notes[1].json()
    other = client.post(path, json={**body, "note": "Lain"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert desk.now()["current"]["notes"] == 1


def test_one_operator_one_counter(desk: Desk) -> None:
    """Another's counter is not taken nor acted for; a supervisor releases it, and its ticket goes
    back to its place."""
    first, second = desk.some(None, None)
    desk.serve()
    other = desk.counter(2)
    refused = desk.hall.tell(other, f"/counters/{desk.counter()}/openings", 409)
    assert refused["code"] == "counter_held"
    refused = desk.hall.tell(other, f"/counters/{desk.counter()}/finishes", 409, ticket=first)
    assert refused["code"] == "not_your_counter"
    refused = desk.hall.tell(desk.counter(), f"/counters/{other}/openings", 409)
    assert refused["code"] in ("counter_held", "operator_elsewhere")
    desk.do("closings", by="supervisor")
    now = desk.now()
    assert (now["state"], now["operator"], now["current"]) == ("closed", None, None)
    assert desk.queue(2) == [first, second]


def test_a_break_and_an_early_end(desk: Desk) -> None:
    """With its reason and until when; not with somebody at the counter; calls wait for the end."""
    ticket = desk.take()["id"]
    desk.call()
    desk.no("ticket_open", "breaks", reason="rapat")
    desk.do("returns", ticket=ticket)
    desk.do("breaks", reason="rapat", until=desk.hall.at(900))
    now = desk.now()
    assert (now["state"], now["reason"]) == ("break", "rapat")
    assert now["until"] is not None
    desk.no("counter_on_break", "calls", after=None)
    assert desk.do("openings")["state"] == "open"
    assert desk.call() == ticket


def test_a_closing_that_ends_by_itself(desk: Desk) -> None:
    """It opens at its time, for the operator who held it."""
    operator = desk.now()["operator"]
    desk.do("closings", reason="rapat", reopens_at=desk.hall.at(1800))
    assert desk.now()["reopens_at"] is not None
    desk.hall.pass_(1799)
    assert desk.now()["state"] == "closed"
    desk.hall.pass_(2)
    now = desk.now()
    assert (now["state"], now["operator"]) == ("open", operator)


def test_an_emergency(desk: Desk) -> None:
    """Seen by supervisors until somebody clears it."""
    desk.do("alarms")
    assert desk.now()["alarm_since"]
    assert desk.do("alarms")["id"] is None
    desk.do("alarm-clearances", by=desk.counter(2))
    assert desk.now()["alarm_since"] is None


def test_intake_closed_and_other_services(desk: Desk) -> None:
    hall = desk.hall
    hall.tell("supervisor", f"/services/{desk.b}/intake-closings")
    refused = hall.tell("kiosk", "/tickets", 409, service=desk.b)
    assert refused["code"] == "intake_closed"
    hall.tell("supervisor", f"/services/{desk.b}/intake-openings")
    waiting = desk.take("b")["id"]
    assert desk.queue(2) == []
    desk.do("services", 2, by="supervisor", services=[desk.b])
    assert desk.queue(2) == [waiting]
    refused = desk.do("services", 1, 409, by="supervisor", services=[desk.b])
    assert refused["code"] == "nobody_left"


@pytest.mark.parametrize(
    ("act", "body", "fields"),
    [
        ("calls", {}, ["after"]),
        ("calls", {"after": "3"}, ["after"]),
        ("calls", {"after": None, "tiket": 3}, ["tiket"]),
        ("calls", {"after": True}, ["after"]),
        ("starts", {"ticket": 1.5}, ["ticket"]),
        ("starts", {"ticket": -1}, ["ticket"]),
        ("starts", {"ticket": 2**60}, ["ticket"]),
        ("transfers", {"ticket": 1, "service": "A B"}, ["service"]),
        ("transfers", {"ticket": 1, "keep_arrival": "yes"}, ["keep_arrival"]),
        ("finishes", {"ticket": 1, "delivered": [{"service": "x", "quantity": 0}]}, ["delivered"]),
        ("deferrals", {"ticket": 1, "until": "2026-11-23T10:00:00"}, ["until"]),
        ("helpers", {"helper": "wizard"}, ["helper"]),
        ("notes", {"ticket": 1}, ["note"]),
        ("breaks", {"reason": 7, "x": 1}, ["reason", "x"]),
    ],
)
def test_bad_input_names_its_fields(
    desk: Desk, act: str, body: dict[str, Any], fields: list[str]
) -> None:
    """422 with each field, in the language that was asked for."""
    said = []
    for language in ("id", "en"):
        answer = desk.hall.client(desk.counter()).post(
            f"/counters/{desk.counter()}/{act}", json=body, headers={"Accept-Language": language}
        )
        assert answer.headers["content-type"].startswith("application/problem+json")
        problem = answer.json()
        assert (answer.status_code, problem["status"]) == (422, 422)
        named = {error["field"].partition("[")[0] for error in problem["errors"]}
        assert named == set(fields)
        said.append(problem["detail"])
    assert said[0] != said[1]


def test_refusals_are_sentences_in_both_languages(desk: Desk) -> None:
    answers = [
        desk.hall.client(desk.counter()).post(
            f"/counters/{desk.counter()}/calls", json={"after": None},
            headers={"Accept-Language": language},
        ).json()
        for language in ("id", "en")
    ]  # fmt: skip
    assert {one["code"] for one in answers} == {"nobody_waiting"}
    assert answers[0]["detail"].startswith("Tidak ada yang menunggu untuk Loket")
    assert answers[1]["detail"].startswith("Nobody is waiting for Loket")


def test_who_may_not(hall: Hall, desk: Desk) -> None:
    """Nobody: 401 with a challenge; kiosks, boards and programs: 403; what isn't there: 404."""
    path = f"/counters/{desk.counter()}/calls"
    answer = hall.client().post(path, json={"after": None})
    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers
    for role in ("kiosk", "display", "integration"):
        assert hall.tell(role, path, 403, after=None)["code"] == "forbidden"
    assert hall.tell("supervisor", "/counters/none/calls", 404, after=None)["code"] == (
        "unknown_counter"
    )
    hall.ask("supervisor", "/floor/tickets/99999999", 404)
    desk.no("unknown_ticket", "calls", after=None, ticket=99999999)
