"""Who is next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from .kit import API, DESKS, Desk, Hall


def called(desk: Desk, count: int, place: int = 1) -> list[int]:
    """Call and serve so many; their ids in order."""
    return [desk.serve(place) for _ in range(count)]


def test_first_come_first_served(desk: Desk) -> None:
    """Of two services at one counter too; the queue says it beforehand."""
    ids = [desk.take(letter)["id"] for letter in "abab"]
    assert desk.queue() == ids
    assert called(desk, 4) == ids
    desk.no("nobody_waiting", "calls", after=ids[-1])


def test_a_class_counts_as_earlier_by_its_credit(desk: Desk) -> None:
    """Ten minutes pass nobody who came eleven before; the reason is a sentence."""
    early = desk.take()["id"]
    desk.hall.pass_(5 * 60)
    late = desk.take()["id"]
    desk.hall.pass_(6 * 60)
    elderly = desk.take(priority="lansia")["id"]
    assert desk.queue() == [early, elderly, late]
    path = f"/counters/{desk.counter()}/reasons"
    why = desk.hall.ask("supervisor", path, first=late, second=elderly)
    assert (why["code"], why["first"], why["second"]) == ("credit", elderly, late)
    assert why["sentence"]
    assert called(desk, 3) == [early, elderly, late]


def test_two_priority_calls_in_a_row_at_the_most(desk: Desk) -> None:
    """Then the oldest ordinary one, again and again: priority starves nobody."""
    ordinary = desk.some(None, None)
    priority = desk.some(*["disabilitas"] * 5)
    expected = [*priority[:2], ordinary[0], *priority[2:4], ordinary[1], priority[4]]
    assert desk.queue() == expected
    assert called(desk, 7) == expected


def test_the_heavier_credit_goes_first(desk: Desk) -> None:
    elderly, disabled = desk.some("lansia", "disabilitas")
    assert desk.queue() == [disabled, elderly]


def test_one_out_of_order_changes_nobody_elses_place(desk: Desk) -> None:
    first, second, third = desk.some(None, None, None)
    assert desk.call(ticket=third) == third
    assert desk.queue() == [first, second]
    desk.do("returns", ticket=third)
    assert desk.queue() == [first, second, third]


def test_the_first_of_a_service(desk: Desk) -> None:
    desk.take("a")
    wanted = desk.take("b")["id"]
    assert desk.call(service=desk.b) == wanted
    desk.no("not_served_here", "calls", place=2, after=None, ticket=desk.take("b")["id"])


def test_another_class_while_waiting(desk: Desk) -> None:
    """A supervisor's decision; an operator may not."""
    first, second = desk.some(None, None)
    path = f"/floor/tickets/{second}/priorities"
    refused = desk.hall.tell(desk.counter(), path, 403, priority="lansia")
    assert refused["code"] == "forbidden"
    desk.hall.tell("supervisor", path, priority="lansia")
    assert desk.queue() == [second, first]
    desk.hall.tell("supervisor", path, priority=None)
    assert desk.queue() == [first, second]
    desk.hall.tell("supervisor", path, 422, priority="vip")


def test_a_quick_lane_and_a_counter_for_some_classes(hall: Hall) -> None:
    """Short services a quarter of an hour earlier at the one; only those classes at the other."""
    desk = hall.desk(DESKS)
    long = desk.take("a")["id"]
    hall.pass_(10 * 60)
    quick = desk.take("b")["id"]
    assert desk.queue() == [quick, long]
    elderly = desk.take(priority="lansia")["id"]
    assert desk.queue(2) == [elderly]
    desk.no("not_served_here", "calls", place=2, after=None, ticket=long)


def test_two_counters_never_call_the_same(desk: Desk) -> None:
    """Both press at once, over and over: each of twenty is called once, none is left out."""
    ids = [desk.take()["id"] for _ in range(20)]

    def work(place: int) -> list[int]:
        found = []
        client = desk.hall.client(desk.counter(place))
        path = f"{API}/counters/{desk.counter(place)}".removeprefix(API)
        after = None
        while True:
            answer = client.post(f"{path}/calls", json={"after": after})
            if answer.json().get("code") == "nobody_waiting":
                return found
            assert answer.status_code == 201, answer.text
            after = answer.json()["ticket"]
            found.append(after)
            client.post(f"{path}/starts", json={"ticket": after})

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(work, (1, 2))
    assert sorted(one + two) == ids
    assert one == sorted(one)
    assert two == sorted(two)


def test_a_double_click_calls_nobody_twice(desk: Desk) -> None:
    """Eight presses that saw the same: one call, seven are told that their screen is old."""
    first, second = desk.some(None, None)
    client, path = desk.hall.client(desk.counter()), f"/counters/{desk.counter()}/calls"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(path, json={"after": None}), range(8)))
    codes = sorted(answer.json().get("code", "") for answer in answers)
    assert codes == ["", *["stale"] * 7]
    assert desk.now()["current"]["id"] == first
    assert desk.queue() == [second]


def test_the_last_calls_as_boards_show_them(desk: Desk) -> None:
    """The newest first; called again it is on top again; who waits again is not there."""
    first, second = desk.some(None, None)
    desk.call(1)
    desk.hall.pass_(11)
    desk.call(2)

    def shown(count: int) -> list[str]:
        items = desk.hall.ask("", "/zones/hall/calls", limit=count)["items"]
        return [one["number"] for one in items]

    numbers = [desk.past(one)["ticket"]["number"] for one in (first, second)]
    assert shown(2) == [numbers[1], numbers[0]]
    desk.do("recalls", ticket=first)
    assert shown(2) == numbers
    desk.do("returns", ticket=first)
    assert shown(1) == [numbers[1]]
    desk.hall.ask("", "/zones/none/calls", 404)


def test_an_operator_sees_a_service_earlier(desk: Desk) -> None:
    """At once, by as much as a supervisor says, at that operator's counter only."""
    first = desk.take("a")["id"]
    desk.hall.pass_(60)
    favoured = desk.take("b")["id"]
    operator = desk.now()["operator"]
    body = {"operator": operator, "favours": [{"service": desk.b, "minutes": 5}]}
    desk.hall.tell(desk.counter(), "/floor/favours", 403, **body)
    desk.hall.tell("supervisor", "/floor/favours", **body)
    assert desk.queue() == [favoured, first]
    path = f"/counters/{desk.counter()}/reasons"
    assert desk.hall.ask("supervisor", path, first=first, second=favoured)["code"] == "favour"
    (listed,) = desk.hall.ask("supervisor", "/floor/favours")["items"]
    assert (listed["operator"], listed["favours"]) == (operator, body["favours"])
    unknown = desk.hall.tell("supervisor", "/floor/favours", 422, operator="t99999")
    assert (unknown["code"], unknown["errors"][0]["field"]) == ("unknown_operator", "operator")
    desk.hall.tell("supervisor", "/floor/favours", operator=operator)
    assert desk.queue() == [first, favoured]
