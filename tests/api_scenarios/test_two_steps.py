"""A hall where next only shows who it is, nothing is started, and supervisors close counters."""

from __future__ import annotations

from .kit import Hall


def test_look_then_call_or_pass_over(looking: Hall) -> None:
    """Nothing is announced by looking, and the holder still waits, as next."""
    desk = looking.desk()
    tickets = [desk.take() for _ in range(3)]
    first, second, third = [one["id"] for one in tickets]
    looking.pass_(60)
    look = desk.do("calls", after=None)
    assert (look["ticket"], look["announced"]) == (first, False)
    current = desk.now()["current"]
    assert (current["looked"], current["called_at"], current["calls"]) == (True, None, 0)
    assert {"recall", "skip"} <= set(desk.now()["acts"])
    held = looking.ask("", f"/tickets/{tickets[0]['token']}")
    assert (held["status"], held["position"], held["counter"]) == ("waiting", 1, None)
    desk.no("not_called", "no-shows", ticket=first)
    passed = desk.do("skips", ticket=first)
    assert (passed["ticket"], passed["announced"]) == (second, False)
    assert desk.queue() == [first, third]
    looking.pass_(30)
    call = desk.do("recalls", ticket=second)
    assert (call["ticket"], call["announced"]) == (second, True)
    desk.no("called_already", "skips", ticket=second)
    held = looking.ask("", f"/tickets/{tickets[1]['token']}")
    assert (held["status"], held["counter"]["id"]) == ("called", desk.counter())
    past = desk.past(second)
    assert [one["act"] for one in past["history"]] == ["issue", "look", "recall"]
    assert past["times"]["waiting"] == 90
    assert (desk.past(first)["times"]["waiting"], desk.past(first)["stays"]) == (None, [])


def test_finished_without_a_start(looking: Hall) -> None:
    """Next finishes who is there; the answer says whom."""
    desk = looking.desk()
    first, second = desk.take()["id"], desk.take()["id"]
    desk.call()
    desk.do("recalls", ticket=first)
    looking.pass_(45)
    look = desk.do("calls", after=first)
    assert (look["ticket"], look["finished"]) == (second, first)
    assert desk.acts(first) == ["issue", "look", "recall", "start", "finish"]
    assert desk.past(first)["times"]["walking"] == 45


def test_a_closing_waits_for_a_supervisor(looking: Hall) -> None:
    """Asked for, denied, asked for again, approved."""
    desk = looking.desk()
    asked = desk.do("closings", reason="rapat")
    assert (asked["state"], desk.now()["closing_asked"]) == ("open", True)
    assert desk.do("closings")["id"] is None
    desk.no("stewards_only", "closing-denials")
    desk.do("closing-denials", by="supervisor")
    now = desk.now()
    assert (now["closing_asked"], now["state"]) == (False, "open")
    desk.do("closings")
    assert desk.do("closings", by="supervisor")["state"] == "closed"


def test_started_without_a_call(looking: Hall) -> None:
    """Somebody stood there already: no call, no walk, and the service counts all the same."""
    desk = looking.desk()
    ticket = desk.take()["id"]
    looking.pass_(40)
    desk.call()
    looking.pass_(5)
    desk.do("starts", ticket=ticket)
    looking.pass_(60)
    desk.do("finishes", ticket=ticket)
    past = desk.past(ticket)
    assert past["times"] == {"waiting": 45, "walking": 0, "service": 60, "visit": 105}
    assert [(one["calls"], one["outcome"]) for one in past["stays"]] == [(0, "served")]
