"""What a supervisor's forms ask for: each path with its command and whether it needs a reason."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.plan import MINUTE
from queue_server.core.refusals import Refusal
from queue_server.core.turning import FAVOUR as MOST_FAVOUR
from queue_server.floor.refusals import Refused
from queue_server.reasoned import Needed
from queue_server.tracking.guard import personal, tidy
from queue_server.web.validation import parse

from .kinds import N_

TICK = "service-"
"""A ticked service's field is this and its id."""
FAVOUR = "favour-"
"""That of a service's minutes."""

Text = Annotated[str, Meta(max_length=300)]
Name = Annotated[str, Meta(max_length=100)]


class Form(Struct, frozen=True):
    """All that these forms send. `nonce` names one press; `back` is the page to go on to."""

    nonce: Annotated[str, Meta(max_length=64)] = ""
    sure: bool = False
    back: Name = ""
    reason: Text = ""
    priority: Name = ""
    to: Name = ""
    text: Text = ""
    text_en: Text = ""
    audience: Literal["consoles", "boards", "all"] = "boards"
    minutes: Annotated[int, Meta(ge=0, le=720)] = 0
    add: Name = ""
    services: tuple[str, ...] = ()
    """The boxes `service-ID` that were ticked."""
    favours: tuple[tuple[str, str], ...] = ()
    """The fields `favour-ID`, as they were typed."""


class Target(NamedTuple):
    """What the address names: a ticket or message id, a counter, a line; and the time."""

    id: int
    name: str
    now: int


class Deed(NamedTuple):
    """How a form becomes a command. `why`: whether a reason must be given, or may."""

    make: Callable[[Target, Form, c.Actor], c.Command]
    why: Needed = "may"


def _move(at: Target, form: Form, by: c.Actor) -> c.Command:
    kind, _, name = form.to.partition(":")
    return c.MoveTicket(
        ticket=at.id, by=by, service=name if kind == "service" else "",
        to_counter=name if kind == "counter" else "",
    )  # fmt: skip


def _favour(at: Target, form: Form, by: c.Actor) -> c.Command:
    """The minutes that stand there, and one service more."""
    given = (*form.favours, (form.add, str(form.minutes))) if form.add else form.favours
    favours = {service: _minutes(service, text) * MINUTE for service, text in given}
    return c.FavourServices(operator=at.name, favours=favours, by=by)


def _minutes(service: str, text: str) -> int:
    digits = text.strip() or "0"
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 4):
        raise Refusal("bad_favour", service=service, most=MOST_FAVOUR // MINUTE)
    return int(digits)


def _post(at: Target, form: Form, by: c.Actor) -> c.Command:
    text, english = tidy(form.text), tidy(form.text_en)
    if personal(f"{text} {english}"):
        raise Refused("personal_text")
    return c.PostMessage(
        text=text, text_en=english, to=form.audience, by=by,
        until=at.now + form.minutes * MINUTE if form.minutes else 0,
    )  # fmt: skip


DEEDS: Mapping[str, Deed] = {
    "tickets/priorities": Deed(
        lambda at, form, by: c.ReclassTicket(ticket=at.id, priority=form.priority, by=by), "must"
    ),
    "tickets/moves": Deed(_move, "must"),
    "tickets/cancellations": Deed(lambda at, form, by: c.CancelTicket(ticket=at.id, by=by), "must"),
    "tickets/reinstatements": Deed(
        lambda at, form, by: c.ReinstateTicket(ticket=at.id, by=by), "must"
    ),
    "counters/services": Deed(
        lambda at, form, by: c.AssignServices(counter=at.name, services=form.services, by=by)
    ),
    "counters/closings": Deed(lambda at, form, by: c.CloseCounter(counter=at.name, by=by)),
    "counters/denials": Deed(lambda at, form, by: c.DenyClosing(counter=at.name, by=by)),
    "counters/alarm-clearings": Deed(lambda at, form, by: c.ClearAlarm(counter=at.name, by=by)),
    "operators/favours": Deed(_favour),
    "lines/intake-closings": Deed(lambda at, form, by: c.CloseIntake(service=at.name, by=by)),
    "lines/intake-openings": Deed(lambda at, form, by: c.OpenIntake(service=at.name, by=by)),
    "messages": Deed(_post, "no"),
    "messages/removals": Deed(lambda at, form, by: c.TakeDownMessage(message=at.id, by=by), "no"),
}
"""What the address is of, and the act -> the deed."""
USUAL: Mapping[str, tuple[str, ...]] = {
    "priorities": (N_("Golongan salah dipilih di kios"), N_("Diminta warga di tempat")),
    "moves": (N_("Layanan salah dipilih"), N_("Antrean terlalu panjang"), N_("Loket tutup")),
    "cancellations": (N_("Warga pulang"), N_("Nomor ganda"), N_("Layanan tidak tersedia hari ini")),
    "reinstatements": (N_("Warga tidak mendengar panggilan"), N_("Dibatalkan keliru")),
    "closings": (N_("Petugas pulang tanpa menutup loket"), N_("Petugas dipindahkan")),
    "favours": (N_("Keahlian petugas"), N_("Antrean terlalu panjang")),
    "services": (N_("Antrean terlalu panjang"), N_("Petugas pengganti")),
    "intake": (
        N_("Kuota hari ini habis"), N_("Sistem instansi terganggu"), N_("Petugas tidak ada"),
    ),
}  # fmt: skip
"""The reasons that are proposed for an act; msgids."""


def read(values: Mapping[str, str]) -> Form:
    """The form's fields. Raises Problem."""
    ticked = tuple(name.removeprefix(TICK) for name in values if name.startswith(TICK))
    favours = tuple(
        (name.removeprefix(FAVOUR), text)
        for name, text in values.items()
        if name.startswith(FAVOUR)
    )
    rest = {name: value for name, value in values.items() if not name.startswith((TICK, FAVOUR))}
    return replace(parse(rest, Form, strict=False), services=ticked, favours=favours)


def keys(path: str, form: Form, by: c.Actor) -> tuple[str, str]:
    """One page's form is one act: (key, digest). Without a nonce every press is one."""
    said = repr((path, replace(form, nonce="", sure=False, back="")))
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    return f"floor {by.id} {form.nonce or secrets.token_hex(8)} {digest}", digest
