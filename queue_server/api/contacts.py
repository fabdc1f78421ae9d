"""How a ticket's holder is told: given, seen (masked) and taken back with the ticket's token."""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from ..core.model import Ticket
from ..core.refusals import Refusal
from ..house import House
from ..notify.addresses import Kind, Wrong, given, may_push
from ..notify.contacts import subject_of
from ..notify.giving import give, shown
from ..order import KeyReused
from ..web.endpoint import Ask, Endpoint
from ..web.problems import FieldError, Problem
from . import shapes as s

PATH = "/api/v1/tickets/{token}/contacts"
KEYS = 1000
"""Idempotency keys that are remembered: the same contact given twice is kept once anyway."""


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/tickets/{token}/contacts`."""
    contacts = TicketContacts(house)
    return [
        Endpoint("GET", PATH, None, contacts.show, s.ContactsNow, "What is kept of its holder"),
        Endpoint(
            "POST", PATH, None, contacts.give, s.ContactsNow, "Be told besides the page",
            body=s.NewContacts, status=201, refusals=("not_allowed",),
        ),
        Endpoint(
            "POST", f"{PATH}/removals", None, contacts.remove, s.Removed, "Delete what is kept",
            body=s.Empty, status=201,
        ),
    ]  # fmt: skip


class TicketContacts:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._keys: OrderedDict[str, str] = OrderedDict()

    async def show(self, ask: Ask[None]) -> s.ContactsNow:
        ticket = self._ticket(ask.path["token"])
        kept = await shown(self._house.rooms.notify.contacts, ticket)
        return s.ContactsNow(kept.get("phone"), kept.get("email"), "push" in kept)

    async def give(self, ask: Ask[s.NewContacts]) -> s.ContactsNow:
        ticket, house = self._ticket(ask.path["token"]), self._house
        self._remember(ask.key, ask.digest)
        found = self._given(ask)
        notify = house.rooms.notify
        await give(notify.contacts, house.hall, ticket, found, house.clock.now())
        kept = await shown(notify.contacts, ticket)
        return s.ContactsNow(kept.get("phone"), kept.get("email"), "push" in kept)

    async def remove(self, ask: Ask[s.Empty]) -> s.Removed:
        subject = subject_of(ask.path["token"])
        return s.Removed(await self._house.rooms.notify.contacts.forget(subject))

    def _ticket(self, token: str) -> Ticket:
        ticket = self._house.hall.ticket_by_token(token)
        if ticket is None:
            raise Refusal("unknown_ticket")
        return ticket

    def _given(self, ask: Ask[s.NewContacts]) -> dict[Kind, str]:
        """What may be kept. Raises Problem 422: no address, or one that nobody would write to."""
        body, notify = ask.body, self._house.rooms.notify
        found: dict[Kind, str] = {}
        if body.push is not None:
            hosts = self._house.config.push.hosts
            if notify.push is None or not may_push(body.push, hosts):
                raise _wrong("push", ask.language)
            found["push"] = msgspec.json.encode(body.push).decode()
        try:
            if not found or body.phone or body.email:
                found |= given(body.phone or "", body.email or "")
        except Wrong as wrong:
            raise _wrong(wrong.field, ask.language) from None
        if not notify.writes and set(found) - {"push"}:
            raise Problem(422, "nobody_writes")
        return found

    def _remember(self, key: str, digest: str) -> None:
        """Raises KeyReused when the key came with another body."""
        if not key:
            return
        if self._keys.setdefault(key, digest) != digest:
            raise KeyReused
        if len(self._keys) > KEYS:
            self._keys.popitem(last=False)


def _wrong(field: str, language: str) -> Problem:
    problem = Problem(422, f"wrong_{field or 'contact'}")
    problem.errors = (FieldError(field or "phone", problem.sentence(language)),)
    return problem
