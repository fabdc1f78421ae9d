"""What must hold, said a second time: a small hall that reads the journal's JSON and nothing of
the kernel. It sees an entry when the disk has synced it, and never before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from msgspec.json import decode


def steps_of(event: dict[str, Any]) -> tuple[tuple[str, tuple[int, ...], bool], ...]:
    """(service, after, done) of each step of a visit."""
    return tuple(
        (one["service"], tuple(one.get("after", ())), one.get("done", False))
        for one in event.get("steps", ())
    )


class Broken(AssertionError):
    """A claim that did not hold; its text begins with the claim's name."""


@dataclass(slots=True)
class Person:
    """A ticket, as the model sees it."""

    id: int
    number: str
    line: str
    joined: int
    priority: str
    status: str = "waiting"
    away: bool = False
    until: int = 0
    rests: int = 0
    service: str = ""
    calls: int = 0
    last: int = 0
    steps: tuple[tuple[str, tuple[int, ...], bool], ...] = ()
    step: int = -1
    issued: int = 0
    takes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Place:
    """A counter."""

    state: str = "closed"
    current: int = 0
    in_a_row: int = 0
    operator: str = ""
    assigned: tuple[str, ...] = ()


def minute(at: int) -> int:
    """Minutes after the hall's midnight."""
    return (at + ZONE) % DAY // 60_000


Summary = tuple[dict[str, int], dict[str, int], int]
"""At one version: whom each counter has, how many each could call, how many tickets there are."""

FROM = {
    "TicketCalled": ("waiting", "parked", "pending"),
    "TicketRecalled": ("called",),
    "ServiceStarted": ("called",),
    "ServiceFinished": ("serving",),
    "TicketMissed": ("called",),
    "TicketReturned": ("called", "serving"),
    "TicketParked": ("serving",),
    "TicketTransferred": ("called", "serving", "waiting", "parked", "pending"),
    "TicketCancelled": ("waiting", "called", "parked", "pending"),
    "TicketReinstated": ("no_show", "cancelled"),
    "TicketExpired": ("waiting", "called", "parked", "pending"),
    "TicketArrived": ("waiting",),
    "TicketPostponed": ("waiting",),
    "TicketRejoined": ("no_show", "cancelled"),
    "TicketDeferred": ("called", "serving"),
    "TicketResumed": ("pending",),
    "TicketPicked": ("waiting", "parked", "pending"),
    "TicketServed": ("waiting",),
    "TicketOffered": ("waiting",),
    "TicketReclassed": ("waiting", "parked", "pending"),
    "TicketUnbound": ("waiting", "parked", "pending", "no_show", "cancelled"),
    "StepFinished": ("serving",),
    "VisitPlanned": ("waiting", "called", "serving", "parked", "pending"),
    "VisitRerouted": ("waiting",),
}
TO = {
    "TicketCalled": "called", "TicketRecalled": "called", "ServiceStarted": "serving",
    "ServiceFinished": "served", "TicketMissed": "no_show", "TicketReturned": "waiting",
    "TicketParked": "parked", "TicketTransferred": "waiting", "TicketCancelled": "cancelled",
    "TicketReinstated": "waiting", "TicketExpired": "expired", "TicketArrived": "waiting",
    "TicketPostponed": "waiting", "TicketRejoined": "waiting", "TicketDeferred": "pending",
    "TicketResumed": "waiting", "TicketPicked": "called", "TicketServed": "served",
    "TicketOffered": "waiting", "TicketReclassed": "", "StepFinished": "waiting",
    "VisitPlanned": "", "VisitRerouted": "waiting", "TicketUnbound": "",
}  # fmt: skip
DAY = 24 * 60 * 60_000
ZONE = 7 * 60 * 60_000
"""Jakarta is that far ahead of UTC."""


@dataclass
class Model:
    """The durable past, and what follows from it."""

    log: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    summaries: list[Summary] = field(default_factory=lambda: [({}, {}, 0)])
    people: dict[int, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    favours: dict[str, dict[str, int]] = field(default_factory=dict)
    """Operator -> service -> by how many milliseconds it counts as earlier; they outlast days."""
    day: str = ""
    opened: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    keys: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """key: (first entry, count, time)"""
    calls: list[tuple[int, int]] = field(default_factory=list)
    """(call id, time), of all days"""
    in_a_row: int = 0
    """Priority calls in a row in the whole hall."""
    no_intake: set[str] = field(default_factory=set)
    chosen: dict[tuple[str, int], None] = field(default_factory=dict)
    """Calls out of order that somebody asked for."""

    past: dict[int, tuple[Person, dict[str, Place]]] = field(default_factory=dict)
    """What a person and the counters were before an entry: for what is taken back."""
    taken_back: dict[int, int] = field(default_factory=dict)
    """Entries that were taken back -> by which entry."""
    broken: Broken | None = None
    """The first claim that did not hold: whoever catches what is raised, it is not forgotten."""

    @property
    def version(self) -> int:
        return len(self.summaries) - 1

    def hold(self, claim: str, fact: object, detail: object = "") -> None:
        """A claim about the run: what breaks first ends it."""
        if not fact:
            self.broken = self.broken or Broken(f"{claim}: {detail}")
            raise self.broken

    def synced(self, rows: Any) -> None:
        for id, _, body, _ in rows:
            self.apply(id, body)

    def apply(self, id: int, body: bytes) -> None:
        entry = decode(body)
        self.hold(
            "dense", entry["id"] == id == self.version + 1, f"{entry['id']} after {self.version}"
        )
        before = self.log[-1]["at"] if self.log else 0
        self.hold("time", entry["at"] >= before, f"entry {id} is before {id - 1}")
        self.log.append(entry)
        self.bodies.append(body)
        event = entry["event"]
        kind = event.pop("type")
        entry["kind"] = kind
        if "key" in entry:
            key, at = entry["key"], entry["at"]
            known = self.keys.get(key)
            self.hold(
                "key once", known is None or at - known[2] >= DAY, f"{key} is carried out twice"
            )
            self.keys[key] = (id, entry["count"], at)
        if kind == "ActUndone":
            self.undone(event)
            self.taken_back[event["undone"]] = id
        elif kind in FROM:
            self.move(id, kind, entry)
        else:
            getattr(self, "on_" + kind)(id, entry["at"], event)
        self.summaries.append(self.summary())

    def summary(self) -> Summary:
        currents = {name: place.current for name, place in self.places.items()}
        waiting: dict[tuple[str, str], int] = {}
        for person in self.people.values():
            if person.status == "waiting" and not person.away and not person.rests:
                place = person.line, self.kind(person)
                waiting[place] = waiting.get(place, 0) + 1
        able = {
            name: sum(
                count for (line, kind), count in waiting.items()
                if line in self.lines(name) and kind in (classes or (kind,))
            )
            for name in self.places
            for classes in [self.plan["counters"][name].get("classes")]
        }  # fmt: skip
        return currents, able, len(self.people)

    def lines(self, counter: str) -> list[str]:
        place = self.places[counter]
        services = place.assigned or self.plan["counters"][counter].get("services", ())
        agencies = {self.plan["services"][one]["agency"] for one in services}
        holder = ["~" + place.operator] if place.operator else []
        return [*services, "@" + counter, *("+" + one for one in agencies), *holder]

    # Events -------------------------------------------------------------------------------

    def on_Started(self, id: int, at: int, event: dict[str, Any]) -> None:
        pass

    def on_DayOpened(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.hold("days", event["day"] > self.day, f"{event['day']} after {self.day}")
        live = [p.number for p in self.people.values() if p.status in
                ("waiting", "called", "serving", "parked", "pending")]  # fmt: skip
        self.hold("leftovers", not live, f"{live} are left over from {self.day}")
        self.day, self.people, self.numbers, self.opened = event["day"], {}, {}, at
        self.places, self.in_a_row, self.no_intake = {}, 0, set()
        self.on_PlanChanged(id, at, event)

    def on_PlanChanged(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.plan = event["plan"]
        for place in self.places.values():
            place.assigned = ()
        for name in list(self.places):
            if name not in self.plan["counters"]:
                self.hold("stranded", self.places.pop(name).state == "closed", f"counter {name}")
        for name in self.plan["counters"]:
            self.places.setdefault(name, Place())
        for person in self.people.values():
            if person.status in ("waiting", "parked", "pending"):
                line = person.line
                agencies = {one["agency"] for one in self.plan["services"].values()}
                there = line in self.plan["services"] or line[1:] in {
                    *self.plan["counters"], *agencies
                }  # fmt: skip
                there = there or line.startswith("~")
                self.hold("stranded", there, person)

    def on_TicketIssued(self, id: int, at: int, event: dict[str, Any]) -> None:
        service = event["service"]
        prefix = self.plan["services"][service]["prefix"]
        value = self.numbers.get(prefix, 0) + 1
        self.numbers[prefix] = value
        closed = service in self.no_intake and event.get("channel") != "counter"
        closed = closed and not event.get("booking")
        self.hold("intake", not closed, f"{event} while its intake is closed")
        self.hold(
            "number", event["number"] == f"{prefix}-{value:03}", f"{event['number']} is not next"
        )
        if not event.get("booking") and event.get("channel") != "counter":
            self.given(event, value, at)
        self.people[id] = Person(
            id, event["number"], service, event.get("joined") or at, event.get("priority", ""),
            away=event.get("remote", False), until=event.get("until", 0),
            steps=steps_of(event), step=event.get("step", -1), issued=at,
            takes=self.takes(event),
        )  # fmt: skip
        person = self.people[id]
        person.service = service
        if event.get("steps"):
            person.line = person.service = person.steps[person.step][0]
            self.hold("visit", not person.steps[person.step][1], person)

    def takes(self, event: dict[str, Any]) -> frozenset[str]:
        """The services whose quotas a number counts against."""
        if event.get("booking") or event.get("channel") == "counter":
            return frozenset()
        return frozenset({event["service"], *(one[0] for one in steps_of(event))})

    def given(self, event: dict[str, Any], value: int, at: int) -> None:
        """A walk-in has come in the service's hours, and there was a number left for him."""
        last = self.plan["services"][event["service"]].get("last", 0)
        self.hold("range", not last or value <= last, event)
        for service in self.takes(event):
            plan, now = self.plan["services"][service], minute(at)
            taken = [
                minute(one.issued) for one in self.people.values()
                if service in one.takes and one.status != "cancelled"
            ]  # fmt: skip
            quota = plan.get("quota", 0)
            self.hold("quota", not quota or len(taken) < quota, event)
            for part in plan.get("quotas", ()):
                if part["opens"] <= now < part["closes"]:
                    inside = sum(part["opens"] <= one < part["closes"] for one in taken)
                    self.hold("quota", inside < part["numbers"], event)
            week = plan.get("week")
            spans = week[(at + ZONE) // DAY % 7 - 4] if week else [(0, 1440)]  # 1970: a Thursday
            self.hold("hours", any(opens <= now < closes for opens, closes in spans), event)

    def on_CounterOpened(self, id: int, at: int, event: dict[str, Any]) -> None:
        place = self.places[event["counter"]]
        holds = [
            name for name, other in self.places.items()
            if other.operator == event["operator"] and name != event["counter"]
        ]  # fmt: skip
        self.hold("one operator", event["operator"] == "chief" or not holds, f"{event}: {holds}")
        place.state, place.operator = "open", event["operator"]

    def on_ServicesAssigned(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.places[event["counter"]].assigned = tuple(event.get("services", ()))
        served = {line for name in self.places for line in self.lines(name)}
        before = {one for x in self.plan["counters"].values() for one in x.get("services", ())}
        self.hold("unserved", before <= served, before - served)

    def on_ClosingAsked(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.hold("closing", self.places[event["counter"]].state != "closed", event)

    def on_ClosingDenied(self, id: int, at: int, event: dict[str, Any]) -> None:
        pass

    def on_FavoursSet(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.favours[event["operator"]] = event.get("favours", {})

    def on_IntakeClosed(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.no_intake.add(event["service"])

    def on_IntakeOpened(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.no_intake.discard(event["service"])

    on_AlarmRaised = on_AlarmCleared = on_HelperCalled = on_ClosingDenied

    def on_CounterPaused(self, id: int, at: int, event: dict[str, Any]) -> None:
        self.empty(event["counter"]).state = "break"

    def on_CounterClosed(self, id: int, at: int, event: dict[str, Any]) -> None:
        place = self.empty(event["counter"])
        place.state, place.operator = "closed", ""

    def empty(self, counter: str) -> Place:
        place = self.places[counter]
        self.hold("one current", not place.current, f"{counter} leaves with {place.current}")
        return place

    def move(self, id: int, kind: str, entry: dict[str, Any]) -> None:
        event = entry["event"]
        person = self.people[event["ticket"]]
        self.hold("lifecycle", person.status in FROM[kind], f"{kind} of {person}")
        holders = [place for place in self.places.values() if place.current == person.id]
        at_counter = person.status in ("called", "serving")
        self.hold(
            "one counter", len(holders) == at_counter, f"{person} is at {len(holders)} counters"
        )
        self.past = {
            **{key: old for key, old in self.past.items() if key > id - 50},
            id: (replace(person), {name: replace(x) for name, x in self.places.items()}),
        }
        if kind in ("TicketCalled", "TicketPicked"):
            self.reached(person, event["counter"], event.get("skipped", ()))
        if kind in ("TicketCalled", "TicketRecalled"):
            self.calls.append((id, entry["at"]))
            self.announced(person, event["counter"], entry["at"])
        if kind == "TicketExpired":
            self.expired(person, entry["at"])
        if kind == "TicketMissed" and entry["by"] == "system":
            self.missed(person, entry["at"])
        do = getattr(self, "do_" + kind, None)
        if do:
            do(person, entry)
        person.status = TO[kind] or person.status
        for place in holders:
            if person.status not in ("called", "serving"):
                place.current = 0

    def undone(self, event: dict[str, Any]) -> None:
        """Person and counter are exactly as before the entry that was taken back."""
        before, places = self.past[event["undone"]]
        now = self.people[event["ticket"]]
        self.hold("undo", before.status == event["status"] and before.id == now.id, event)
        for name, place in self.places.items():
            self.hold("undo", place.current != now.id or name == event["counter"], event)
        self.people[now.id] = replace(before)
        here = self.places[event["counter"]]
        here.current = places[event["counter"]].current
        here.in_a_row = places[event["counter"]].in_a_row

    def do_TicketTransferred(self, person: Person, entry: dict[str, Any]) -> None:
        event = entry["event"]
        for name, start in (("counter", "@"), ("agency", "+"), ("operator", "~")):
            if event.get(name):
                person.line = start + event[name]
        if event.get("service"):
            person.line = person.service = event["service"]
        person.joined = event.get("joined") or person.joined

    def do_StepFinished(self, person: Person, entry: dict[str, Any]) -> None:
        event = entry["event"]
        steps, now = person.steps, person.step
        self.hold("visit", now != event["next"] and not steps[event["next"]][2], person)
        steps = (*steps[:now], (*steps[now][:2], True), *steps[now + 1 :])
        person.steps = steps
        self.goes(person, event)

    def do_VisitRerouted(self, person: Person, entry: dict[str, Any]) -> None:
        self.goes(person, entry["event"])

    def goes(self, person: Person, event: dict[str, Any]) -> None:
        """To a step that is open: all that had to be done before it is done."""
        service, after, done = person.steps[event["next"]]
        ready = not done and all(person.steps[index][2] for index in after)
        self.hold("visit", ready and service == event["service"], f"{event} of {person}")
        person.step, person.line, person.service = event["next"], service, service

    def do_VisitPlanned(self, person: Person, entry: dict[str, Any]) -> None:
        event = entry["event"]
        before = [one for one in person.steps if one[2]]
        person.steps, person.step = steps_of(event), event["step"]
        self.hold("visit", [one for one in person.steps if one[2]] == before, event)
        person.service = person.steps[person.step][0]
        if person.status == "waiting":
            person.line = person.service

    def do_TicketReinstated(self, person: Person, entry: dict[str, Any]) -> None:
        person.rests = entry["event"].get("rests", 0)

    def do_TicketOffered(self, person: Person, entry: dict[str, Any]) -> None:
        self.hold("rest", 0 < person.rests <= entry["at"], person)
        person.rests = 0

    def do_TicketReclassed(self, person: Person, entry: dict[str, Any]) -> None:
        person.priority = entry["event"].get("priority", "")

    def do_TicketUnbound(self, person: Person, entry: dict[str, Any]) -> None:
        self.hold("sent", person.line.startswith("~"), person)
        person.line = person.service

    def do_TicketPostponed(self, person: Person, entry: dict[str, Any]) -> None:
        self.hold("order", entry["event"]["joined"] >= person.joined, f"{person} steps forward")
        person.joined = entry["event"]["joined"]

    def do_TicketArrived(self, person: Person, entry: dict[str, Any]) -> None:
        self.hold("in time", not person.until or entry["at"] < person.until, person)
        person.away, person.until = False, 0

    def do_TicketRejoined(self, person: Person, entry: dict[str, Any]) -> None:
        person.joined, person.away, person.until = entry["at"], False, 0

    def do_TicketDeferred(self, person: Person, entry: dict[str, Any]) -> None:
        person.until = entry["event"].get("until", 0)

    def expired(self, person: Person, at: int) -> None:
        """By its own deadline, or because the day is over."""
        timed = person.status == "pending" or (person.status == "waiting" and person.away)
        over = (at + ZONE) // DAY > (self.opened + ZONE) // DAY
        self.hold("in time", (timed and 0 < person.until <= at) or over, person)

    def overdue(self, at: int) -> list[Person]:
        """Whose deadline was over before the last thing that happened."""
        return [
            p for p in self.people.values()
            if 0 < p.until <= at
            and (p.status == "pending" or (p.status == "waiting" and p.away))
        ]  # fmt: skip

    def missed(self, person: Person, at: int) -> None:
        """By itself only after as many calls and as long a wait as the plan says."""
        policy = self.plan["policy"]
        enough = 0 < policy.get("no_show_calls", 0) <= person.calls
        waited = at - person.last >= policy.get("no_show_wait", 60_000)
        self.hold("in time", enough and waited, person)

    def reached(self, person: Person, counter: str, skipped: Any) -> None:
        """It is at a counter: by the order, unless somebody chose it."""
        place = self.places[counter]
        self.hold("one current", not place.current, f"{counter} has {place.current} already")
        self.hold("one current", place.state == "open", f"{counter} is {place.state}")
        self.hold("not there", not (person.away and person.status == "waiting"), person)
        if (counter, person.id) not in self.chosen:
            self.fair(person, counter, place, {*skipped, self.sent_on()})
        place.current, person.calls, person.until, person.rests = person.id, 0, 0, 0

    def sent_on(self) -> int:
        """Whom the same press sent to the next step of the visit: the list that was shown did
        not have it yet."""
        last, now = self.log[-2], self.log[-1]
        same = (last["kind"], last["at"], last["by"]) == ("StepFinished", now["at"], now["by"])
        if not same:
            return 0
        # A press with a key says how much it led to; without one, two presses look like one.
        sent = int(last["event"]["ticket"])
        count = 1 if now.get("key") else last.get("count", 0)
        alone = count == 1 or (not count and sent == now["event"]["ticket"])
        return 0 if alone else sent

    def announced(self, person: Person, counter: str, at: int) -> None:
        place, priority = self.places[counter], self.credit(person) is not None
        if not person.calls:
            place.in_a_row = place.in_a_row + 1 if priority else 0
            self.in_a_row = self.in_a_row + 1 if priority else 0
        person.calls, person.last = person.calls + 1, at

    def credit(self, person: Person) -> int | None:
        found = self.plan.get("priorities", {}).get(person.priority)
        return found["credit"] if found else None

    def shown_at(self) -> int:
        """When the list that was shown was made: at the last thing before this press, which may
        have finished somebody first."""
        last, now = self.log[-2], self.log[-1]
        finishes = last["kind"] in ("ServiceFinished", "StepFinished")
        same = finishes and (last["at"], last["by"]) == (now["at"], now["by"])
        return int(self.log[-3 if same and len(self.log) > 2 else -2]["at"])

    def key(self, person: Person, counter: str) -> tuple[int, ...]:
        """What the plan's rule compares by; smaller goes first."""
        plan = self.plan
        favours = (
            plan["counters"][counter].get("favours", {}),
            self.favours.get(self.places[counter].operator, {}),
        )
        joined = person.joined - sum(one.get(person.line, 0) for one in favours)
        known = plan.get("priorities", {}).get(person.priority)
        weight = known.get("weight", 1) if known else 0
        rule = plan["policy"].get("order", "credit")
        if rule == "strict":
            return -weight, joined, person.id
        if rule == "balance":
            return -(weight + 1) * (self.shown_at() - joined), person.id
        return joined - (known["credit"] if known else 0), person.id

    def fair(self, person: Person, counter: str, place: Place, skipped: Any) -> None:
        """First come first served in a class; a class ahead by the rule, and for a while."""
        self.hold("order", person.status == "waiting", f"next called {person}")
        lines = self.lines(counter)
        classes = self.plan["counters"][counter].get("classes")
        others = [
            p for p in self.people.values()
            if p.status == "waiting" and p.line in lines and not p.away and not p.rests
            and (not classes or self.kind(p) in classes) and p.id not in skipped
        ]  # fmt: skip
        self.hold("order", person in others, f"{person} is not in {counter}'s queue")
        policy = self.plan["policy"]
        limit, all_over = policy.get("consecutive_priority", 2), self.in_a_row
        in_hall = policy.get("consecutive_priority_hall", 0)
        over = place.in_a_row >= limit or bool(in_hall and all_over >= in_hall)
        key, mine = self.key(person, counter), self.kind(person)
        # Who was passed over stands in the list that was shown, and has had a turn there.
        listed = [self.people[id] for id in {*skipped} - {self.sent_on()} if id in self.people]
        turns = {bool(self.kind(passed)) for passed in listed}
        for other in others:
            first, theirs = self.key(other, counter) < key, self.kind(other)
            if bool(theirs) == bool(mine):
                self.hold("order", not first, f"{other} was before {person}")
            elif mine:
                starves = over and False not in turns
                self.hold("starved", not starves, f"{other} waits behind the {limit}th")
                self.hold("order", not first, f"{other} was before {person} in spite of its class")
            else:
                late = first and not over and True not in turns
                self.hold("order", not late, f"{other} goes before {person}")

    def kind(self, person: Person) -> str:
        return person.priority if self.credit(person) is not None else ""
