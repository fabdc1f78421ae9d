"""Why one ticket goes before another at a counter, in a sentence for the person who asks.

The order itself is `policy.in_order`; a reason only tells which of its rules decided.
"""

from __future__ import annotations

from msgspec import Struct

from .calendar import local
from .model import Counter, Hall, Ticket
from .plan import MINUTE
from .policy import favour, in_order, limit_reached
from .ranking import weight

SENTENCES: dict[str, dict[str, str]] = {
    "not_waiting": {
        "id": "{second} tidak sedang menunggu di antrean loket ini.",
        "en": "{second} does not wait in this counter's queue.",
    },
    "arrival": {
        "id": "{first} datang lebih dahulu: {first_at}, sedangkan {second} {second_at}.",
        "en": "{first} came earlier: {first_at}, {second} {second_at}.",
    },
    "credit": {
        "id": "{first} golongan prioritas: kedatangannya dihitung {credit} menit lebih awal "
        "({first_at} menjadi {first_as}), sebelum {second} ({second_as}).",
        "en": "{first} is of a priority class: its arrival counts as {credit} minutes earlier "
        "({first_at} becomes {first_as}), before {second} ({second_as}).",
    },
    "beyond_credit": {
        "id": "{second} golongan prioritas, tetapi {first} datang lebih dari {credit} menit "
        "sebelumnya: {first_at}, sedangkan {second} {second_at}.",
        "en": "{second} is of a priority class, but {first} came more than {credit} minutes "
        "before it: {first_at}, {second} {second_at}.",
    },
    "limit": {
        "id": "Sudah {streak} panggilan prioritas berturut-turut: "
        "giliran {first}, antrean biasa yang paling lama menunggu.",
        "en": "After {streak} priority calls in a row it is the turn of {first}, "
        "the ordinary ticket that has waited longest.",
    },
    "turns": {
        "id": "Antrean biasa mendapat giliran setelah paling banyak {limit} panggilan prioritas: "
        "karena itu {first} sebelum {second}.",
        "en": "An ordinary ticket has its turn after at most {limit} priority calls: "
        "therefore {first} before {second}.",
    },
    "weight": {
        "id": "Golongan {first} didahulukan (bobot {first_weight}, {second} {second_weight}).",
        "en": "The class of {first} goes first (weight {first_weight}, {second} {second_weight}).",
    },
    "balance": {
        "id": "Bobot × lama menunggu: {first} {first_score}, {second} {second_score}.",
        "en": "Weight × time waited: {first} {first_score}, {second} {second_score}.",
    },
    "favour": {
        "id": "Loket ini mendahulukan layanan {first}: dihitung {favour} menit lebih awal.",
        "en": "This counter favours the service of {first}: it counts as {favour} minutes earlier.",
    },
}
"""Every reason with its sentences."""


class Reason(Struct, frozen=True):
    """Which rule decided between `first`, who goes earlier, and `second`; ticket ids."""

    code: str
    first: int
    second: int
    details: dict[str, str | int]

    def sentence(self, language: str) -> str:
        """For a person; any language but "id" reads English."""
        return SENTENCES[self.code]["id" if language == "id" else "en"].format(**self.details)


def explain(hall: Hall, counter: Counter, one: int, other: int) -> Reason:
    """Why two tickets stand as they do in a counter's queue; who goes first is found here."""
    queue = list(in_order(hall, counter))
    for id, against in ((one, other), (other, one)):
        if id not in queue:
            return _reason(hall, "not_waiting", against, id)
    first, second = sorted((one, other), key=queue.index)
    code = _code(hall, counter, hall.tickets[first], hall.tickets[second])
    return _reason(hall, code, first, second, **_figures(hall, counter, first, second))


def _code(hall: Hall, counter: Counter, first: Ticket, second: Ticket) -> str:
    """The first rule that decides, in the order in which `in_order` applies them."""
    kinds = hall.kind(first), hall.kind(second)
    if bool(kinds[0]) != bool(kinds[1]) and _earlier(hall, counter, second, first):
        # The key says the opposite: it was a matter of turns.
        now = limit_reached(hall, counter.streak, hall.streak)
        return "limit" if now and next(in_order(hall, counter)) == first.id else "turns"
    favoured = favour(hall, counter, first.line) - favour(hall, counter, second.line)
    later = (first.joined, first.id) > (second.joined, second.id)
    if kinds[0] == kinds[1]:
        return "favour" if favoured > 0 and later else "arrival"
    rule = hall.plan.policy.order
    if rule == "strict":
        same = weight(hall.plan, kinds[0]) == weight(hall.plan, kinds[1])
        return "arrival" if same else "weight"
    if rule == "balance":
        return "balance"
    if later:
        return "credit" if kinds[0] else "favour"
    return "beyond_credit" if kinds[1] else "arrival"


def _earlier(hall: Hall, counter: Counter, one: Ticket, other: Ticket) -> bool:
    return _key(hall, counter, one) < _key(hall, counter, other)


def _key(hall: Hall, counter: Counter, ticket: Ticket) -> tuple[int, int, int]:
    rank = ticket.joined, ticket.id
    return hall.ranking.key(hall.kind(ticket), rank, favour(hall, counter, ticket.line))


def _figures(hall: Hall, counter: Counter, first: int, second: int) -> dict[str, str | int]:
    policy, tickets = hall.plan.policy, (hall.tickets[first], hall.tickets[second])
    figures: dict[str, str | int] = {
        "streak": max(counter.streak, hall.streak if policy.consecutive_priority_hall else 0),
        "limit": policy.consecutive_priority,
        "favour": favour(hall, counter, tickets[0].line) // MINUTE,
    }
    credits = [_credit(hall, ticket) for ticket in tickets]
    figures["credit"] = max(credits) // MINUTE
    for name, ticket, credit in zip(("first", "second"), tickets, credits, strict=True):
        own = weight(hall.plan, hall.kind(ticket))
        figures[f"{name}_weight"] = own
        figures[f"{name}_at"] = _clock(hall, ticket.joined)
        figures[f"{name}_as"] = _clock(hall, ticket.joined - credit)
        figures[f"{name}_score"] = f"{own + 1} × {max(0, hall.now - ticket.joined) // MINUTE}"
    return figures


def _credit(hall: Hall, ticket: Ticket) -> int:
    known = hall.plan.priorities.get(hall.kind(ticket))
    return known.credit if known else 0


def _clock(hall: Hall, moment: int) -> str:
    return local(moment, hall.plan.hours).strftime("%H:%M:%S")


def _reason(hall: Hall, code: str, first: int, second: int, **details: str | int) -> Reason:
    numbers = {
        name: hall.tickets[id].number if id in hall.tickets else "?"
        for name, id in (("first", first), ("second", second))
    }
    return Reason(code, first, second, {**details, **numbers})
