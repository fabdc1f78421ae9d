"""What a form of the console asks for: its path and fields as a command of the core."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.checks import MOST
from queue_server.core.model import Delivered
from queue_server.core.refusals import Refusal
from queue_server.web.validation import parse

from . import kinds

Id = Annotated[int, Meta(ge=0, le=2**53)]
Nonce = Annotated[str, Meta(max_length=64)]
Place = Annotated[str, Meta(max_length=100)]
Text = Annotated[str, Meta(max_length=4000)]
BOX = re.compile(r"missing-(\d{1,3})")
AMOUNT = re.compile(r"deliver-([a-z0-9-]{1,64})")
DIGITS = re.compile(r"[0-9]{1,4}")


class Form(Struct, frozen=True):
    """All that the console's forms send. `nonce` names one press: the same again is the same
    act. `sure`: it was asked for twice. `back`: the page to go on to, without a script."""

    ticket: Id = 0
    after: Id = 0
    to: Place = ""
    service: Place = ""
    reason: Place = ""
    text: Text = ""
    nonce: Nonce = ""
    sure: bool = False
    back: Place = ""
    until: Id = 0
    quantity: Annotated[int, Meta(ge=1, le=MOST)] = 1
    afresh: bool = False
    finished: bool = False
    ends: bool = False
    missing: tuple[int, ...] = ()
    """The boxes `missing-0`, `missing-1`, … that were ticked."""
    delivered: tuple[Delivered, ...] = ()
    """The quantities `deliver-SERVICE`, but for those that are 0."""


Make = Callable[[str, Form, c.Actor], c.Command]


def _at(command: type[c.AtTicket]) -> Make:
    return lambda counter, form, by: command(counter=counter, ticket=form.ticket, by=by)


def _plain(command: type[c.AtCounter]) -> Make:
    return lambda counter, form, by: command(counter=counter, by=by)


def _of(command: type[c.OfTicket]) -> Make:
    return lambda counter, form, by: command(ticket=form.ticket, at=counter, by=by)


def _call(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.CallNext(
        counter=counter, after=form.after, ticket=form.ticket, service=form.service, by=by
    )


def _finish(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.FinishService(
        counter=counter, ticket=form.ticket, delivered=form.delivered, ends_visit=form.ends, by=by
    )


def _park(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.ParkTicket(counter=counter, ticket=form.ticket, reason=form.reason, by=by)


def _defer(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.DeferTicket(
        counter=counter, ticket=form.ticket, missing=form.missing, until=form.until, by=by
    )


def _transfer(counter: str, form: Form, by: c.Actor) -> c.Command:
    kind, _, name = form.to.partition(":")
    return c.TransferTicket(
        counter=counter, ticket=form.ticket, by=by,
        service=name if kind == "service" else "", to_counter=name if kind == "counter" else "",
        to_agency=name if kind == "agency" else "", to_operator=name if kind == "operator" else "",
        afresh=form.afresh, finished=form.finished,
        delivered=form.delivered if form.finished else (),
    )  # fmt: skip


def _pause(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.PauseCounter(counter=counter, reason=form.reason, until=form.until, by=by)


def _close(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.CloseCounter(counter=counter, reason=form.reason, reopens=form.until, by=by)


def _quick(counter: str, form: Form, by: c.Actor) -> c.Command:
    token = secrets.token_urlsafe(16)
    delivered = ((form.service, form.quantity),) if form.quantity > 1 else ()
    return c.QuickServe(
        counter=counter, service=form.service, token=token, delivered=delivered, by=by
    )


def _help(counter: str, form: Form, by: c.Actor) -> c.Command:
    return c.CallHelper(counter=counter, helper=form.to, by=by)


def _clear(counter: str, form: Form, by: c.Actor) -> c.Command:
    """A neighbour clears another counter's alarm, from the console of his own."""
    return c.ClearAlarm(counter=form.to or counter, by=by)


MAKE: Mapping[str, Make] = {
    kinds.CALL.path: _call,
    kinds.SKIP.path: _at(c.SkipTicket),
    kinds.RECALL.path: _at(c.Recall),
    kinds.START.path: _at(c.StartService),
    kinds.FINISH.path: _finish,
    kinds.NO_SHOW.path: _at(c.MarkNoShow),
    kinds.RETURN.path: _at(c.ReturnTicket),
    kinds.PARK.path: _park,
    kinds.TRANSFER.path: _transfer,
    kinds.DEFER.path: _defer,
    kinds.REGISTER.path: _at(c.FinishService),
    kinds.QUICK.path: _quick,
    kinds.UNDO.path: _plain(c.UndoAct),
    kinds.OPEN.path: _plain(c.OpenCounter),
    kinds.BREAK.path: _pause,
    kinds.CLOSE.path: _close,
    kinds.INTERPRETER.path: _help,
    kinds.ALARM.path: _plain(c.RaiseAlarm),
    kinds.CLEAR.path: _clear,
    kinds.CANCEL.path: _of(c.CancelTicket),
    kinds.REINSTATE.path: _of(c.ReinstateTicket),
    kinds.RESUME.path: _of(c.ResumeTicket),
}
"""Path of the form -> its command. (A note is none: see `routes`.)"""
TWICE = (
    kinds.NO_SHOW.path, kinds.CANCEL.path, kinds.CLOSE.path, kinds.REINSTATE.path, kinds.CLEAR.path,
)  # fmt: skip
"""Acts that are asked for twice."""


def read(values: Mapping[str, str]) -> Form:
    """The form's fields. Raises Invalid, Refusal (quantities that are none)."""
    boxes = {name: int(found[1]) for name in values if (found := BOX.fullmatch(name))}
    amounts = {name: found[1] for name in values if (found := AMOUNT.fullmatch(name))}
    rest = {k: v for k, v in values.items() if k not in boxes and k not in amounts}
    delivered = _delivered({amounts[name]: values[name] for name in amounts})
    form = parse(rest, Form, strict=False)
    return replace(form, missing=tuple(sorted(boxes.values())), delivered=delivered)


def _delivered(given: Mapping[str, str]) -> tuple[Delivered, ...]:
    """Services with quantities from 1 on; all of them 0 is no way to say what was delivered."""
    counts = []
    for service, text in given.items():
        digits = text.strip() or "0"
        if not DIGITS.fullmatch(digits) or int(digits) > MOST:
            raise Refusal("bad_quantity", service=service, most=MOST)
        if int(digits):
            counts.append((service, int(digits)))
    if given and not counts:
        raise Refusal("bad_quantity", service=next(iter(given)), most=MOST)
    return tuple(counts)


def command(path: str, counter: str, form: Form, by: c.Actor) -> c.Command:
    """The command that a form asks for."""
    return MAKE[path](counter, form, by)


def asks_twice(path: str, form: Form) -> bool:
    """Whether this form, without a script, has still to be confirmed on a page of its own."""
    chosen = path == kinds.CALL.path and form.ticket > 0
    return not form.sure and (chosen or path in TWICE)


def keys(path: str, counter: str, form: Form, by: c.Actor) -> tuple[str, str]:
    """The idempotency key and the request's digest; without a nonce there is no key.

    The digest is part of the key: one page's nonce may serve several acts, each one once.
    """
    said = f"{path} {counter} {replace(form, nonce='', sure=False, back='')}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    return (f"console {by.id} {form.nonce} {digest}" if form.nonce else ""), digest
