"""What an operator can do: a name, a form's path, and a key for each act.

Whether an act is enabled is read off the core's lifecycle tables; nothing here knows a status
that the table doesn't.
"""

from __future__ import annotations

from msgspec import Struct

from queue_server.config import ConsoleKeys
from queue_server.core.lifecycle import COUNTER, counter_acts, ticket_acts
from queue_server.core.model import Counter, Hall, Ticket
from queue_server.core.policy import next_up


class Key(Struct, frozen=True):
    """A key by its place (`KeyboardEvent.code`), and what the legend shows for it."""

    code: str
    cap: str


class Kind(Struct, frozen=True):
    """An act as the console offers it. `label` is a msgid."""

    name: str
    path: str
    label: str
    numpad: Key
    letter: Key


def _kind(name: str, path: str, label: str, numpad: str, letter: str) -> Kind:
    code, _, cap = numpad.partition(" ")
    return Kind(name, path, label, Key(code, cap), Key(f"Key{letter}" if letter else "", letter))


def N_(text: str) -> str:
    """Marks a msgid; the template translates it."""
    return text


CALL = _kind("call", "calls", N_("Panggil berikutnya"), "NumpadEnter ⏎", "C")
OPEN = _kind("open", "openings", N_("Buka loket"), "NumpadEnter ⏎", "C")
RECALL = _kind("recall", "recalls", N_("Panggil ulang"), "Numpad0 0", "U")
START = _kind("start", "starts", N_("Mulai layani"), "NumpadAdd +", "M")
FINISH = _kind("finish", "finishes", N_("Selesai"), "NumpadDecimal .", "S")
NO_SHOW = _kind("no_show", "no-shows", N_("Tidak hadir"), "NumpadSubtract −", "T")
PARK = _kind("park", "parks", N_("Tunda"), "NumpadMultiply *", "D")
RETURN = _kind("return", "returns", N_("Kembalikan"), "NumpadDivide /", "K")
TRANSFER = _kind("transfer", "transfers", N_("Pindahkan"), "Numpad7 7", "P")
DEFER = _kind("defer", "deferrals", N_("Berkas kurang"), "Numpad6 6", "L")
CANCEL = _kind("cancel", "cancellations", N_("Batalkan"), "Numpad1 1", "B")
REGISTER = _kind("register", "applications", N_("Selesai & daftarkan"), "Numpad4 4", "R")
BREAK = _kind("break", "breaks", N_("Istirahat"), "Numpad3 3", "I")
CLOSE = _kind("close", "closings", N_("Tutup loket"), "Numpad9 9", "X")
REINSTATE = _kind("reinstate", "reinstatements", N_("Aktifkan lagi"), "", "")
RESUME = _kind("resume", "resumptions", N_("Antrekan lagi"), "", "")

CURRENT = (RECALL, START, FINISH, NO_SHOW, RETURN, PARK, TRANSFER, DEFER, CANCEL, REGISTER)
"""The acts on the ticket at the counter, in the order of their buttons: places never change."""
ASKS = (TRANSFER, DEFER)
"""Acts that ask for more: without a script, on a page of their own."""
TURNS = (BREAK, CLOSE)
"""The acts on the counter itself."""
SURE = {
    "call": N_("Tekan lagi untuk memanggil"),
    "no_show": N_("Tekan lagi: tidak hadir"),
    "cancel": N_("Tekan lagi untuk membatalkan"),
    "close": N_("Tekan lagi untuk menutup loket"),
    "reinstate": N_("Tekan lagi untuk mengaktifkan"),
    "release": N_("Tekan lagi untuk melepaskan"),
}
"""What is done only at a second press, and what the button says after the first. "call" is
asked for when it passes over others, not for "next"."""
KINDS = {kind.name: kind for kind in (CALL, OPEN, *CURRENT, *TURNS, REINSTATE, RESUME)}


class Act(Struct, frozen=True):
    """A button. `ticket` and `after` are what its form sends; `hint` says whom it concerns;
    `sure`, when not "", is what it says before a second press."""

    kind: Kind
    label: str
    on: bool
    ticket: int | None = None
    after: int | None = None
    hint: str = ""
    sure: str = ""

    @property
    def asks(self) -> bool:
        """Whether more has to be said first."""
        return self.kind in ASKS


def by_code(keys: ConsoleKeys) -> dict[str, str]:
    """What else a key does, by its code: the hall's pedals and remotes."""
    acts = ((name, getattr(keys, name)) for name in keys.__struct_fields__)
    return {code: name for name, codes in acts for code in codes}


def act(kind: Kind, on: bool, ticket: int | None = None, hint: str = "") -> Act:
    """The button of a kind, with its second press where the kind asks for one."""
    sure = SURE.get(kind.name, "") if kind is not CALL else ""
    return Act(kind, kind.label, on, ticket=ticket, hint=hint, sure=sure)


def enabled(hall: Hall, counter: Counter) -> tuple[str, ...]:
    """The names of the acts that the rules would not refuse at this counter now."""
    current = hall.tickets.get(counter.current)
    names = list(ticket_acts(current.status)) if current else []
    if may_call(counter, current) and next_up(hall, counter):
        names.append(CALL.name)
    turns = counter_acts(counter.state)
    # Whoever stands at the counter is settled first.
    names += [name for name in turns if not current or name == OPEN.name]
    return tuple(names)


def with_register(names: tuple[str, ...], pickup: bool) -> tuple[str, ...]:
    """Whoever can be finished can be finished with an application; a pickup brings none."""
    return (*names, REGISTER.name) if FINISH.name in names and not pickup else names


def may_call(counter: Counter, current: Ticket | None) -> bool:
    """Whether anybody could be called: an open counter whose last call is settled."""
    return counter.state == "open" and (current is None or current.status != "called")


def primary(hall: Hall, counter: Counter, names: tuple[str, ...]) -> Act:
    """The one act that the big button does now."""
    current = hall.tickets.get(counter.current)
    following = hall.tickets.get(next_up(hall, counter))
    hint = following.number if following else ""
    if counter.state != "open":
        again = N_("Buka kembali") if counter.state == "break" else OPEN.label
        return Act(OPEN, again, OPEN.name in names)
    if current is None:
        return Act(CALL, CALL.label, CALL.name in names, after=0, hint=hint)
    if START.name in names:
        return Act(START, START.label, True, ticket=current.id, hint=current.number)
    if CALL.name in names:
        label = N_("Selesai & panggil berikutnya")
        return Act(CALL, label, True, after=current.id, hint=hint)
    return Act(FINISH, FINISH.label, True, ticket=current.id, hint=current.number)


def buttons(current: Ticket | None, names: tuple[str, ...]) -> tuple[Act, ...]:
    """The acts on the current ticket, on or off."""
    id, number = (current.id, current.number) if current else (None, "")
    return tuple(act(kind, kind.name in names, id, number) for kind in CURRENT)


def rows(counter: Counter, current: Ticket | None) -> tuple[Act, Act, Act, Act]:
    """What can be done with somebody in a list: call (out of order, or back), cancel, reinstate,
    resume.

    The ticket is the row's own.
    """
    held = counter.state != "closed"
    on = may_call(counter, current)
    chosen = Act(CALL, N_("Panggil"), on, after=counter.current, sure=SURE[CALL.name])
    return chosen, act(CANCEL, held), act(REINSTATE, held), act(RESUME, held)


def turns(counter: Counter, names: tuple[str, ...]) -> tuple[Act, ...]:
    """The acts on the counter itself: none while it is closed."""
    if not any(kind.name in counter_acts(counter.state) for kind in TURNS):
        return ()
    return tuple(act(kind, kind.name in names) for kind in TURNS)


assert {name for state in COUNTER for name in counter_acts(state)} <= set(KINDS)
