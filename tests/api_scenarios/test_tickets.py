"""What happens to a ticket at counters: its acts, its history, its times."""

from __future__ import annotations

import pytest

from .kit import Desk


def test_a_ticket_served_and_its_times(desk: Desk) -> None:
    """Waiting to the first call, walking from the last, service, visit: to the second."""
    hall, ticket = desk.hall, desk.take()["id"]
    hall.pass_(300)
    assert desk.call() == ticket
    hall.pass_(40)
    desk.do("recalls", ticket=ticket)
    hall.pass_(25)
    desk.do("starts", ticket=ticket)
    hall.pass_(600)
    desk.do("finishes", ticket=ticket)
    past = desk.past(ticket)
    assert past["times"] == {"waiting": 300, "walking": 25, "service": 600, "visit": 965}
    told = [(one["act"], one["status"], one["counter"]) for one in past["history"]]
    here = desk.counter()
    assert told == [
        ("issue", "waiting", None), ("call", "called", here), ("recall", "called", here),
        ("start", "serving", here), ("finish", "served", here),
    ]  # fmt: skip
    stamps = [one["at"] for one in past["history"]]
    assert stamps == sorted(stamps)
    assert all(stamp.endswith("+07:00") for stamp in stamps)
    assert {one["by"][0] for one in past["history"]} == {"t"}
    stay = past["stays"][0]
    assert (stay["calls"], stay["waiting"], stay["walking"], stay["serving"]) == (2, 300, 25, 600)
    assert stay["outcome"] == "served"


def test_parked_and_called_back(desk: Desk) -> None:
    """Both spans of service count; the pause between is neither waiting nor service."""
    hall, (ticket, other) = desk.hall, desk.some(None, None)
    hall.pass_(60)
    desk.serve()
    hall.pass_(120)
    desk.no("unknown_reason", "parks", status=422, ticket=ticket, reason="none")
    desk.do("parks", ticket=ticket, reason="fotokopi")
    now = desk.now()
    assert [(one["id"], one["reason"]) for one in now["parked"]] == [(ticket, "fotokopi")]
    assert desk.queue() == [other]
    hall.pass_(900)
    assert desk.call(ticket=ticket) == ticket
    hall.pass_(10)
    desk.do("starts", ticket=ticket)
    hall.pass_(30)
    desk.do("finishes", ticket=ticket)
    past = desk.past(ticket)
    assert past["times"]["service"] == 150
    assert past["times"]["waiting"] == 62
    assert [one["outcome"] for one in past["stays"]] == ["parked", "served"]
    assert desk.acts(ticket) == ["issue", "call", "start", "park", "call", "start", "finish"]


def test_what_its_holder_is_told(desk: Desk) -> None:
    """Place, counter, papers and until when, and what can be done: by the token alone."""
    hall, taken = desk.hall, desk.take()
    path = f"/tickets/{taken['token']}"
    later = desk.take()
    now = hall.ask("", path)
    assert (now["status"], now["ahead"], now["acts"]) == ("waiting", 0, ["cancel", "postpone"])
    assert hall.ask("", f"/tickets/{later['token']}")["acts"] == ["cancel"]  # nobody is behind
    desk.call()
    now = hall.ask("", path)
    assert (now["status"], now["counter"]["id"], now["acts"]) == (
        "called", desk.counter(), ["cancel"]
    )  # fmt: skip
    desk.do("deferrals", ticket=taken["id"], missing=[0], until=hall.at(900))
    now = hall.ask("", path)
    assert (now["status"], now["missing"], bool(now["until"])) == ("pending", ["KTP-el asli"], True)
    hall.tell("", f"{path}/cancellations")
    assert hall.ask("", path)["acts"] == ["rejoin"]


def test_why_a_supervisor_did_it(desk: Desk) -> None:
    """In words, for supervisors only; nothing that names a person."""
    hall, ticket = desk.hall, desk.take()["id"]
    path = f"/floor/tickets/{ticket}"
    refused = hall.tell("supervisor", f"{path}/moves", 422, service=desk.b, reason="0812 3456 7890")
    assert refused["code"] == "personal_text"
    hall.tell("supervisor", f"{path}/moves", service=desk.b, reason="Salah pilih di kios")
    told = [hall.ask(who, path)["history"][-1]["why"] for who in ("supervisor", "integration")]
    assert told == ["Salah pilih di kios", None]


def test_papers_are_missing(desk: Desk) -> None:
    """Pending with what is missing; back at the old place; too late is too late."""
    hall, (first, second, third) = desk.hall, desk.some(None, None, None)
    desk.call()
    desk.no("until_past", "deferrals", ticket=first, until=hall.at(-60))
    desk.no("unknown_requirement", "deferrals", status=422, ticket=first, missing=[2])
    desk.do("deferrals", ticket=first, missing=[1], until=hall.at(3600))
    (pending,) = desk.now()["pending"]
    assert (pending["id"], pending["missing"]) == (first, ["Foto"])
    desk.do("resumptions", ticket=first)
    assert desk.queue() == [first, second, third]
    desk.call()
    desk.do("deferrals", ticket=first, until=hall.at(600))
    hall.pass_(601)
    assert desk.status(first) == "expired"
    desk.no("not_allowed", "resumptions", ticket=first)


def test_a_no_show_and_back_after_its_rest(desk: Desk) -> None:
    """Reinstated: offered to nobody for five minutes, then at its old place."""
    hall, (first, second) = desk.hall, desk.some(None, None)
    desk.call()
    desk.do("no-shows", ticket=first)
    assert [one["id"] for one in desk.now()["gone"]] == [first]
    desk.do("reinstatements", ticket=first)
    assert desk.queue() == [second]
    hall.pass_(299)
    assert desk.queue() == [second]
    hall.pass_(2)
    assert desk.queue() == [first, second]
    assert desk.acts(first) == ["issue", "call", "no_show", "reinstate", "offer"]


def test_a_no_show_by_itself(desk: Desk) -> None:
    """After three calls and a minute; the system did it, and the counter is free."""
    ticket = desk.take()["id"]
    desk.call()
    sentence = desk.no("recall_too_soon", "recalls", ticket=ticket)
    assert "10" in sentence
    for _ in range(2):
        desk.hall.pass_(11)
        desk.do("recalls", ticket=ticket)
    desk.hall.pass_(11)
    desk.no("recall_limit", "recalls", ticket=ticket)
    desk.hall.pass_(50)
    last = desk.past(ticket)["history"][-1]
    assert (last["act"], last["by"], last["status"]) == ("no_show", "system", "no_show")
    assert desk.now()["current"] is None


def test_called_in_error(desk: Desk) -> None:
    first, second = desk.some(None, None)
    desk.call()
    desk.do("returns", ticket=first)
    assert desk.queue() == [first, second]
    assert desk.now()["current"] is None


def test_the_last_act_taken_back(desk: Desk) -> None:
    """Finished and called at one press comes back at one; for ten seconds, and while nothing
    followed. The history tells both."""
    first, second = desk.some(None, None)
    desk.serve()
    desk.hall.pass_(60)
    desk.call()
    undone = desk.do("undos")
    assert [(one["ticket"], one["status"]) for one in undone["tickets"]] == [
        (second, "waiting"), (first, "serving")
    ]  # fmt: skip
    assert desk.now()["current"]["id"] == first
    assert desk.acts(first)[-2:] == ["finish", "undo"]
    assert desk.past(first)["times"]["service"] is None
    desk.do("finishes", ticket=first)
    desk.hall.pass_(11)
    desk.no("nothing_to_undo", "undos")
    assert "undo" not in desk.now()["acts"]


@pytest.mark.parametrize("way", ["service", "counter", "agency", "operator"])
def test_sent_on(desk: Desk, way: str) -> None:
    """By each way, with its number and arrival: it goes before who came later, and the counter
    that it was sent to sees why."""
    hall, ticket = desk.hall, desk.take("b")["id"]
    hall.pass_(60)
    later = desk.take("a")["id"]
    operator = desk.now(2)["operator"]
    to = {"service": desk.a, "counter": desk.counter(2), "agency": desk.agency,
          "operator": operator}[way]  # fmt: skip
    desk.call(ticket=ticket)
    sent = desk.do("transfers", ticket=ticket, **{way: to})
    assert (sent["status"], sent[way]) == ("waiting", to)
    assert desk.queue(2) == [ticket, later]
    head = desk.now(2)["queue"][0]
    assert head["sent"] == (None if way == "service" else {**NOWHERE, way: to})
    assert desk.past(ticket)["history"][-1]["to"] == {**NOWHERE, way: to}
    assert desk.serve(2) == ticket


NOWHERE = dict.fromkeys(("service", "counter", "agency", "operator"))


def test_sent_on_behind_those_who_wait_there(desk: Desk) -> None:
    hall, ticket = desk.hall, desk.take("b")["id"]
    hall.pass_(60)
    later = desk.take("a")["id"]
    desk.call(ticket=ticket)
    hall.pass_(1)
    desk.do("transfers", ticket=ticket, service=desk.a, keep_arrival=False)
    assert desk.queue() == [later, ticket]


def test_finished_and_sent_on_in_one_act(desk: Desk) -> None:
    """What was delivered stays counted; the times are the sums of both stays."""
    hall, ticket = desk.hall, desk.take("b")["id"]
    hall.pass_(100)
    desk.call()
    desk.no("not_serving", "transfers", ticket=ticket, service=desk.a, finish=True)
    desk.do("starts", ticket=ticket)
    hall.pass_(200)
    delivered = [{"service": desk.b, "quantity": 3}]
    desk.do("transfers", ticket=ticket, service=desk.a, finish=True, delivered=delivered)
    hall.pass_(50)
    desk.serve(2)
    hall.pass_(20)
    desk.do("finishes", 2, ticket=ticket)
    past = desk.past(ticket)
    assert past["times"] == {"waiting": 150, "walking": 0, "service": 220, "visit": 370}
    assert [(one["service"], one["counter"], one["serving"]) for one in past["stays"]] == [
        (desk.b, desk.counter(1), 200), (desk.a, desk.counter(2), 20)
    ]  # fmt: skip
    assert past["history"][3]["delivered"] == delivered


def test_sent_to_a_colleague_who_goes(desk: Desk) -> None:
    """Nobody waits for somebody who is not there: back to the service's line, at once."""
    ticket = desk.take("a")["id"]
    operator = desk.now(2)["operator"]
    desk.call()
    desk.do("transfers", ticket=ticket, operator=operator)
    assert desk.queue() == []
    desk.do("closings", 2)
    assert desk.queue() == [ticket]
    assert desk.now()["queue"][0]["sent"] is None
    desk.no("operator_away", "transfers", ticket=desk.call(), operator=operator)


def test_leaving_by_everybody_who_may(desk: Desk) -> None:
    """The holder, the operator of its counter, a supervisor; not the operator of another."""
    one, two, three = desk.take(), desk.take(), desk.take()
    hall = desk.hall
    assert hall.tell("", f"/tickets/{one['token']}/cancellations")["status"] == "cancelled"
    far = hall.desk()
    far.no("not_served_here", "cancellations", ticket=two["id"])
    assert desk.do("cancellations", ticket=two["id"])["status"] == "cancelled"
    path = f"/floor/tickets/{three['id']}/cancellations"
    assert hall.tell("supervisor", path)["status"] == "cancelled"
    assert desk.queue() == []
    desk.do("reinstatements", ticket=two["id"])
    assert desk.queue() == [two["id"]]


def test_served_without_a_queue(desk: Desk) -> None:
    """Counted with what was delivered, and never called."""
    delivered = [{"service": desk.a, "quantity": 2}, {"service": desk.b, "quantity": 1}]
    served = desk.do("quick-serves", service=desk.a, delivered=delivered)
    assert served["status"] == "served"
    past = desk.past(served["ticket"])
    assert [one["act"] for one in past["history"]] == ["issue", "quick_serve"]
    assert past["history"][1]["delivered"] == delivered
    assert past["times"]["waiting"] == 0


def test_notes_for_the_next_counter(desk: Desk) -> None:
    """Written by who has the ticket, read where it goes, refused with somebody's number in it."""
    ticket = desk.take("b")["id"]
    desk.call()
    note = desk.do("notes", ticket=ticket, note="Fotokopi  menyusul")
    assert (note["note"], note["counter"]) == ("Fotokopi menyusul", desk.counter())
    refused = desk.do("notes", 1, 422, ticket=ticket, note="telp 0812 3456 7890")
    assert (refused["code"], refused["errors"][0]["field"]) == ("personal_data", "note")
    desk.do("transfers", ticket=ticket, service=desk.a)
    assert desk.now(2)["queue"][0]["notes"] == 1
    notes = desk.hall.ask(desk.counter(2), f"/floor/tickets/{ticket}/notes")["items"]
    assert [one["note"] for one in notes] == ["Fotokopi menyusul"]
    desk.hall.desk().no("not_served_here", "notes", ticket=ticket, note="saya")


def test_a_visit_of_two_steps(desk: Desk) -> None:
    """One number, sent on at the finish; each step is a stay."""
    steps = [{"service": desk.b}, {"service": desk.a, "after": [0]}]
    taken = desk.take("b", steps=steps)
    ticket = desk.serve()
    desk.hall.pass_(30)
    finished = desk.do("finishes", ticket=ticket)
    assert (finished["ticket"], finished["status"]) == (taken["id"], "waiting")
    desk.serve(2)
    assert desk.do("finishes", 2, ticket=ticket)["status"] == "served"
    assert [(one["service"], one["outcome"]) for one in desk.past(ticket)["stays"]] == [
        (desk.b, "waiting"), (desk.a, "served")
    ]  # fmt: skip


def test_the_days_tickets_are_found(desk: Desk) -> None:
    """By number as it is typed, by service and status, a page at a time."""
    ids = [desk.take()["id"] for _ in range(3)]
    number = desk.past(ids[1])["ticket"]["number"]
    typed = number.lower().replace("-0", "")
    found = desk.hall.ask("supervisor", "/floor/tickets", number=typed)["items"]
    assert [one["id"] for one in found] == [ids[1]]
    desk.call()
    query = {"service": desk.a, "status": "waiting", "limit": 1}
    page = desk.hall.ask("supervisor", "/floor/tickets", **query)
    assert [one["id"] for one in page["items"]] == [ids[1]]
    page = desk.hall.ask("supervisor", "/floor/tickets", **query, after=page["next"])
    assert ([one["id"] for one in page["items"]], page["next"]) == ([ids[2]], None)
