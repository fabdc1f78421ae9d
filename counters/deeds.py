"""What a form of the console asks for: its path and fields as a command of the core."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.model import Hall
from queue_server.core.policy import lines_of
from queue_server.core.refusals import Refusal
from queue_server.web.validation import parse

from . import acts

Id = Annotated[int, Meta(ge=0, le=2**53)]
Nonce = Annotated[str, Meta(max_length=64)]
Place = Annotated[str, Meta(max_length=100)]
BOX = re.compile(r"missing-(\d{1,3})")


class Form(Struct, frozen=True):
    """All that the console's forms send. `nonce` names one press: the same again is the same
    act. `sure`: it was asked for twice. `back`: the page to go on to, without a script."""

    ticket: Id = 0
    after: Id = 0
    to: Place = ""
    nonce: Nonce = ""
    sure: bool = False
    back: Place = ""
    until: Id = 0
    missing: tuple[int, ...] = ()
    """The boxes `missing-0`, `missing-1`, … that were ticked."""


Make = Callable[[str, Form, c.Actor], c.Command]


def _at(command: type[c.AtTicket]) -> Make:
    return lambda counter, form, by: command(counter=counter, ticket=form.ticket, by=by)


def _call(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.CallNext(counter=counter, after=form.after, ticket=form.ticket, by=by)


def _defer(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.DeferTicket(
        counter=counter, ticket=form.ticket, missing=form.missing, until=form.until, by=by
    )


def _transfer(counter: str, form: Form, by: c.Actor) -> c.Command:
    kind, _, name = form.to.partition(":")
    return c.TransferTicket(
        counter=counter, ticket=form.ticket, by=by,
        service=name if kind == "service" else "", to_counter=name if kind == "counter" else "",
    )  # fmt: skip


MAKE: Mapping[str, Make] = {
    acts.CALL.path: _call,
    acts.RECALL.path: _at(c.Recall),
    acts.START.path: _at(c.StartService),
    acts.FINISH.path: _at(c.FinishService),
    acts.NO_SHOW.path: _at(c.MarkNoShow),
    acts.RETURN.path: _at(c.ReturnTicket),
    acts.PARK.path: _at(c.ParkTicket),
    acts.TRANSFER.path: _transfer,
    acts.DEFER.path: _defer,
    acts.REGISTER.path: _at(c.FinishService),
    acts.OPEN.path: lambda counter, form, by: c.OpenCounter(counter=counter, by=by),
    acts.BREAK.path: lambda counter, form, by: c.PauseCounter(counter=counter, by=by),
    acts.CLOSE.path: lambda counter, form, by: c.CloseCounter(counter=counter, by=by),
    acts.CANCEL.path: lambda counter, form, by: c.CancelTicket(ticket=form.ticket, by=by),
    acts.REINSTATE.path: lambda counter, form, by: c.ReinstateTicket(ticket=form.ticket, by=by),
    acts.RESUME.path: lambda counter, form, by: c.ResumeTicket(ticket=form.ticket, by=by),
}
"""Path of the form -> its command."""
TWICE = (acts.NO_SHOW.path, acts.CANCEL.path, acts.CLOSE.path, acts.REINSTATE.path)
"""Acts that are asked for twice."""
OF_TICKET = (acts.CANCEL.path, acts.REINSTATE.path, acts.RESUME.path)
"""Acts whose command names no counter: whether they are this counter's is checked here."""


def read(values: Mapping[str, str]) -> Form:
    """The form's fields. Raises Invalid."""
    boxes = {name: int(found[1]) for name in values if (found := BOX.fullmatch(name))}
    rest = {name: value for name, value in values.items() if name not in boxes}
    return replace(parse(rest, Form, strict=False), missing=tuple(sorted(boxes.values())))


def command(hall: Hall, path: str, counter: str, form: Form, by: c.Actor) -> c.Command:
    """The command that a form asks for. Raises Refusal."""
    if path in OF_TICKET:
        _check_concerned(hall, counter, form.ticket, by)
    return MAKE[path](counter, form, by)


def _check_concerned(hall: Hall, counter: str, ticket: int, by: c.Actor) -> None:
    """An operator settles the tickets of the counter that he holds, and no others."""
    found = hall.tickets.get(ticket)
    name = hall.place(counter).name
    if hall.counters[counter].operator != by.id and not by.steward:
        raise Refusal("not_your_counter", counter=name)
    if found is None:
        raise Refusal("unknown_ticket")
    if found.line not in lines_of(hall, counter) and found.counter != counter:
        raise Refusal("not_served_here", number=found.number, counter=name)


def asks_twice(path: str, form: Form) -> bool:
    """Whether this form, without a script, has still to be confirmed on a page of its own."""
    chosen = path == acts.CALL.path and form.ticket > 0
    return not form.sure and (chosen or path in TWICE)


def keys(path: str, counter: str, form: Form, by: c.Actor) -> tuple[str, str]:
    """The idempotency key and the request's digest; without a nonce there is no key.

    The digest is part of the key: one page's nonce may serve several acts, each one once.
    """
    said = f"{path} {counter} {form.ticket} {form.after} {form.to} {form.until} {form.missing}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    return (f"console {by.id} {form.nonce} {digest}" if form.nonce else ""), digest
