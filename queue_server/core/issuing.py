"""What is decided about tickets wherever they are: numbers taken, left, taken up again, postponed,
and what supervisors change in them. Pure, as `decide` is."""

from __future__ import annotations

from msgspec.structs import replace

from . import checks, intake, journey
from . import commands as c
from . import events as e
from .checks import step, ticket_of
from .model import Hall, Step, Ticket
from .policy import own_line
from .refusals import Refusal


def issue(hall: Hall, command: c.IssueTicket, now: int) -> list[e.AnyEvent]:
    checks.known_service(hall, command.service)
    checks.known_priority(hall, command.priority)
    checks.hall_open(hall, now)
    checks.to_come(command.until, now)
    if not command.booking:  # a booked place was promised
        intake.check(hall, command.service, [one.service for one in command.steps], now)
    joined, step, first = command.joined or now, -1, command.service
    if command.steps:
        sound_steps(hall, command.steps)
        if command.service not in [one.service for one in command.steps]:
            raise Refusal("bad_visit", most=journey.MOST)
        step = journey.choose(hall, command.steps, command.priority, joined, now)
        first = command.steps[step].service
    issued = numbered(hall, command.service, command.token)
    ahead = hall.ahead_of(first, command.priority, (joined, hall.version + 1))
    return [
        replace(
            issued, ahead=ahead, priority=command.priority, language=command.language,
            channel=command.channel, joined=command.joined, booking=command.booking,
            remote=command.remote, until=command.until, steps=command.steps, step=step,
        )
    ]  # fmt: skip


def sound_steps(hall: Hall, steps: tuple[Step, ...]) -> None:
    """Services of the plan, as many as can be compared, each of them reachable."""
    for one in steps:
        checks.known_service(hall, one.service)
    left = sum(not one.done for one in steps)
    if not 1 <= left <= journey.MOST or not journey.is_sound(steps):
        raise Refusal("bad_visit", most=journey.MOST)


def plan_visit(hall: Hall, command: c.PlanVisit, now: int) -> list[e.AnyEvent]:
    """What is done stays done; the present step is the first of the new ones where a counter has
    the ticket already, and the best of them where it waits."""
    if command.at:
        seen = c.AtTicket(counter=command.at, ticket=command.ticket, by=command.by)
        ticket = checks.current_of(hall, seen)
    else:
        ticket = ticket_of(hall, command.ticket)
    done = tuple(one for one in ticket.steps if one.done)
    fresh = tuple(
        Step(one.service, tuple(len(done) + index for index in one.after)) for one in command.steps
    )
    here: tuple[Step, ...] = ()
    if ticket.status != "waiting":  # what it is here for goes on, and the rest comes after it
        here = (Step(ticket.service),)
        fresh = tuple(Step(x.service, tuple(i + 1 for i in x.after)) for x in fresh)
    steps = (*done, *here, *fresh)
    planned = step(ticket, e.VisitPlanned(ticket.id, steps, len(done)))
    sound_steps(hall, steps)
    if ticket.status == "waiting":
        kind = hall.kind(ticket)
        chosen = journey.choose(hall, steps, kind, ticket.joined, now, ticket.id)
        planned = replace(planned, step=chosen)
    return [planned]


def review_visits(hall: Hall, command: c.ReviewVisits, now: int) -> list[e.AnyEvent]:
    """Only for a clear gain, so that nobody is sent to and fro; who was sent elsewhere stays."""
    events: list[e.AnyEvent] = []
    for ticket in hall.tickets.values():
        if not journey.has_choice(ticket):
            continue
        kind = hall.kind(ticket)
        ends = journey.ends(hall, ticket.steps, kind, ticket.joined, now, ticket.id)
        best = min(ends, key=lambda step: (ends[step], step))
        if ends[ticket.step] - ends[best] >= max(1, hall.plan.policy.reroute_gain):
            events.append(e.VisitRerouted(ticket.id, best, ticket.steps[best].service))
    return events


def numbered(hall: Hall, service: str, token: str) -> e.TicketIssued:
    """The next number of a service."""
    plan = hall.plan.services[service]
    value = hall.numbers.get(plan.prefix, plan.first - 1) + 1
    number = f"{plan.prefix}-{value:0{plan.digits}d}"
    return e.TicketIssued(number, value, token, service)


def cancel(hall: Hall, command: c.CancelTicket, now: int) -> list[e.AnyEvent]:
    return [step(checks.concerned(hall, command), e.TicketCancelled(command.ticket))]


def reinstate(hall: Hall, command: c.ReinstateTicket, now: int) -> list[e.AnyEvent]:
    """A no-show rests first, where the plan says so; who had left is offered at once."""
    ticket = checks.concerned(hall, command)
    checks.has_line(hall, ticket)
    rests = hall.plan.policy.cooldown if ticket.status == "no_show" else 0
    return [step(ticket, e.TicketReinstated(ticket.id, now + rests if rests else 0))]


def rejoin(hall: Hall, command: c.RejoinTicket, now: int) -> list[e.AnyEvent]:
    ticket = ticket_of(hall, command.ticket)
    rejoined = step(ticket, e.TicketRejoined(ticket.id))
    checks.has_line(hall, ticket)
    checks.hall_open(hall, now)
    intake.check_hours(hall, ticket.service, now)
    if now - ticket.ended > hall.plan.policy.rejoin:
        raise Refusal("rejoin_over", number=ticket.number)
    return [rejoined]


def arrive(hall: Hall, command: c.ConfirmPresence, now: int) -> list[e.AnyEvent]:
    ticket = ticket_of(hall, command.ticket)
    if not ticket.remote and ticket.status == "waiting":
        return []
    return [step(ticket, e.TicketArrived(ticket.id))]


def resume(hall: Hall, command: c.ResumeTicket, now: int) -> list[e.AnyEvent]:
    ticket = checks.concerned(hall, command)
    return [step(ticket, e.TicketResumed(ticket.id))]


def postpone(hall: Hall, command: c.PostponeTicket, now: int) -> list[e.AnyEvent]:
    """Behind the next few of its own line, or behind all where there are fewer.

    Those who took a number in the same millisecond as the last of the few count as one with it.
    """
    ticket, policy = ticket_of(hall, command.ticket), hall.plan.policy
    postponed = step(ticket, e.TicketPostponed(ticket.id, 0))
    if not policy.step_back or ticket.postponed >= policy.step_backs:
        raise Refusal("step_back_used", number=ticket.number)
    joined = _joined_behind(hall, ticket, policy.step_back)
    if joined <= ticket.joined:
        raise Refusal("nobody_behind", number=ticket.number)
    return [replace(postponed, joined=joined)]


def _joined_behind(hall: Hall, ticket: Ticket, count: int) -> int:
    """The arrival with which a ticket stands behind the next `count`; its own when none is."""
    rule, kind = hall.ranking, hall.kind(ticket)
    own = rule.key(kind, (ticket.joined, ticket.id))
    others = [hall.tickets[id] for id in hall.in_line(ticket.line) if id != ticket.id]
    if hall.plan.policy.order == "strict":  # another class is passed, or not, whatever the time
        others = [one for one in others if hall.kind(one) == kind]
    keys = [rule.key(hall.kind(one), (one.joined, one.id)) for one in others]
    behind = [key for key in keys if key > own][:count]
    return rule.behind(kind, ticket.id, behind[-1]) if behind else ticket.joined


# Supervisors --------------------------------------------------------------------------------


def reclass(hall: Hall, command: c.ReclassTicket, now: int) -> list[e.AnyEvent]:
    ticket = ticket_of(hall, command.ticket)
    checks.known_priority(hall, command.priority)
    reclassed = step(ticket, e.TicketReclassed(ticket.id, command.priority))
    return [] if ticket.priority == command.priority else [reclassed]


def move(hall: Hall, command: c.MoveTicket, now: int) -> list[e.AnyEvent]:
    ticket = ticket_of(hall, command.ticket)
    if bool(command.service) == bool(command.to_counter):
        raise Refusal("no_such_destination")
    if command.service:
        checks.known_service(hall, command.service)
    else:
        checks.counter_of(hall, command.to_counter)
    moved = e.TicketTransferred(ticket.id, ticket.service, command.service, command.to_counter)
    there = own_line(command.to_counter) if command.to_counter else command.service
    if ticket.status == "waiting" and ticket.line == there:
        return []
    if ticket.status in ("called", "serving"):  # the operator's, not the floor's
        raise Refusal("at_counter", number=ticket.number, counter=hall.place(ticket.counter).name)
    return [step(ticket, moved)]


def close_intake(hall: Hall, command: c.CloseIntake, now: int) -> list[e.AnyEvent]:
    checks.known_service(hall, command.service)
    return [] if command.service in hall.no_intake else [e.IntakeClosed(command.service)]


def open_intake(hall: Hall, command: c.OpenIntake, now: int) -> list[e.AnyEvent]:
    checks.known_service(hall, command.service)
    return [e.IntakeOpened(command.service)] if command.service in hall.no_intake else []


def post_message(hall: Hall, command: c.PostMessage, now: int) -> list[e.AnyEvent]:
    text, english = (" ".join(one.split()) for one in (command.text, command.text_en))
    if not 1 <= len(text) <= 300 or len(english) > 300:
        raise Refusal("bad_message", most=300)
    checks.to_come(command.until, now)
    return [e.MessagePosted(text, command.to, command.until, english)]


def take_down(hall: Hall, command: c.TakeDownMessage, now: int) -> list[e.AnyEvent]:
    return [e.MessageTakenDown(command.message)] if command.message in hall.messages else []
