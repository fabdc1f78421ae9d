"""What a code leads to at the kiosk: scanned off paper or a phone, or typed.

`RESOLVERS` is the table: each knows one kind of code, and says None to all others.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from queue_server.arrivals import Arrivals
from queue_server.core import commands as c
from queue_server.core.model import Hall, Ticket
from queue_server.core.refusals import Refusal
from queue_server.desk import Desk
from queue_server.house import House
from queue_server.tracking import codes

from .offers import worded
from .pickup import take_pickup

LONGEST = 300
"""Characters of a code that are read: the longest is a ticket's address."""
CODE = re.compile(r"[A-Za-z0-9_.-]{4,100}")

Came = Literal["", "here", "present", "resumed", "rejoined", "booked", "fetches"]
"""Why a ticket is shown: nothing to do but wait, presence noted, back with the papers, taken up
again, a booking checked in, a document to be fetched."""


class Scan(Struct, frozen=True):
    """A code, and the first part of the address in which it stood: "t", "booking"; "" for none."""

    place: str
    code: str


class Asked(Struct, frozen=True):
    """A code at a kiosk. `by` takes what it leads to; `again`: a missed number is taken up."""

    house: House
    scan: Scan
    by: c.Actor
    language: str
    again: bool = False


class Ready(Struct, frozen=True):
    """A ticket to show, and why."""

    token: str
    came: Came


class Sorry(Struct, frozen=True):
    """Nothing to show, and what to do instead.

    `sentence` is the reason where `kind` is "refused". `again` is the code with which a missed
    number can be taken up; `service` one whose number can be taken instead.
    """

    kind: Literal["unknown", "often", "missed", "cancelled", "served", "expired", "refused"]
    sentence: str = ""
    number: str = ""
    again: str = ""
    service: str = ""


Answer: TypeAlias = Ready | Sorry
Resolver: TypeAlias = Callable[[Asked], Awaitable[Answer | None]]


def scan_of(text: str) -> Scan | None:
    """What a scanner or fingers sent: an address of any name that this hall has, or a bare code.

    None for what can't be a code.
    """
    text = "".join(text[:LONGEST].split())
    place = ""
    if re.match(r"https?://", text, re.IGNORECASE):
        try:
            place, _, rest = urlsplit(text).path.strip("/").partition("/")
        except ValueError:
            return None
        text = rest.partition("/")[0]
    return Scan(place.lower(), text) if CODE.fullmatch(text) else None


async def resolve(asked: Asked) -> Answer:
    """What the code leads to. Raises Unavailable."""
    for resolver in RESOLVERS:
        try:
            answer = await resolver(asked)
        except Refusal as refusal:
            return Sorry("refused", refusal.sentence(asked.language))
        if answer is not None:
            return answer
    return Sorry("unknown")


async def ticket_of_today(asked: Asked) -> Answer | None:
    """A ticket's own address: its holder is here, is back, or wants to see the number."""
    hall, desk = asked.house.hall, asked.house.desk
    ticket = found(hall, asked.scan)
    if ticket is None:
        return None
    if ticket.status in ("no_show", "cancelled"):
        return await _missed(desk, ticket, asked)
    if ticket.status == "served" or ticket.status == "expired":
        service = ticket.service if ticket.service in asked.house.catalogue.services else ""
        return Sorry(ticket.status, number=ticket.number, service=service)
    came: Came = "here"
    if ticket.status == "pending":
        await desk.submit(c.ResumeTicket(ticket=ticket.id, by=asked.by))
        came = "resumed"
    elif ticket.status == "waiting" and ticket.remote:
        await desk.submit(c.ConfirmPresence(ticket=ticket.id, by=asked.by))
        came = "present"
    return Ready(ticket.token, came)


def found(hall: Hall, scan: Scan) -> Ticket | None:
    """The ticket of that token; also from a scanner that has turned capitals and small letters."""
    if scan.place not in ("", "t"):
        return None
    return hall.ticket_by_token(scan.code) or hall.ticket_by_token(scan.code.swapcase())


async def _missed(desk: Desk, ticket: Ticket, asked: Asked) -> Answer:
    """Who was called and not there, or had left, may stand at the end of the line, if he asks."""
    hall = asked.house.hall
    if asked.again:
        await desk.submit(c.RejoinTicket(ticket=ticket.id, by=asked.by))
        return Ready(ticket.token, "rejoined")
    in_time = asked.house.clock.now() - ticket.ended <= hall.plan.policy.rejoin
    return Sorry(
        "missed" if ticket.status == "no_show" else "cancelled",
        number=ticket.number,
        again=ticket.token if in_time else "",
        service=ticket.service if ticket.service in asked.house.catalogue.services else "",
    )


async def document(asked: Asked) -> Answer | None:
    """A tracking code: whose document is ready gets a number for fetching it."""
    if asked.scan.place not in ("", "tracking"):
        return None
    code = codes.read(asked.scan.code)
    dossier = await asked.house.rooms.tracking.find(code) if code else None
    if dossier is None:
        return None
    ticket = await take_pickup(
        asked.house, dossier.application, by=asked.by, language=asked.language, channel="kiosk",
        here=True,
    )  # fmt: skip
    return Ready(ticket.token, "fetches")


async def booking(asked: Asked) -> Answer | None:
    """A booking's QR code or short code. Scanned twice, or before a crash: the same number."""
    if asked.scan.place not in ("", "booking"):
        return None
    bookings, code = asked.house.rooms.bookings, asked.scan.code
    booked = await bookings.find(code) or await bookings.find(code.swapcase())
    if booked is None:
        return None
    try:
        ticket = await Arrivals(asked.house).check_in(booked, asked.by, language=asked.language)
    except Refusal as refusal:
        # Too early, too late, another day, cancelled: a number without the booking is offered.
        service = booked.service if booked.service in asked.house.catalogue.services else ""
        said = worded(refusal, asked.house.catalogue, asked.language)
        return Sorry("refused", said, service=service)
    return Ready(ticket.token, "booked")


RESOLVERS: tuple[Resolver, ...] = (ticket_of_today, booking, document)
"""Asked in this order; the first that knows the code answers."""
