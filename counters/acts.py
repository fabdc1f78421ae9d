"""What an operator can do now: the buttons of the console, on and off.

Whether an act is on is asked of the rules themselves (`core.possible`); nothing here knows a
status that they don't.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.calling import undoable
from queue_server.core.lifecycle import COUNTER, counter_acts
from queue_server.core.model import Counter, Hall, Ticket
from queue_server.core.policy import neighbours, next_up
from queue_server.core.possible import possible, verdicts
from queue_server.core.refusals import Refusal

from . import kinds
from .kinds import N_, Kind

WORTH_SAYING = ("recall_limit", "not_allowed", "not_called", "arrival_open", "ticket_open")
"""Refusals whose sentence tells an operator why a button is off; the others only say that nobody
is there."""


class Act(Struct, frozen=True):
    """A button. `ticket`, `after` and `to` are what its form sends; `hint` says whom it concerns;
    `sure`, when not "", is what it says before a second press; `asks`: its form is asked first.

    `why`: the rules' own sentence while it is off; `nobody`: it is off because nobody is there.
    `ready` (epoch ms): the rules refuse it until
    then, `wait` seconds from now. `left`: how often it can still be done; -1: as often as one
    likes.
    """

    kind: Kind
    label: str
    on: bool
    ticket: int | None = None
    after: int | None = None
    to: str = ""
    hint: str = ""
    sure: str = ""
    asks: bool = False
    why: str = ""
    nobody: bool = False
    ready: int = 0
    wait: int = 0
    left: int = -1


class Offer(Struct, frozen=True):
    """What the rules say of every act at a counter at a moment, and whom it has."""

    hall: Hall
    counter: Counter
    current: Ticket | None
    verdicts: Mapping[str, Refusal | None]
    now: int
    language: str

    def on(self, name: str) -> bool:
        """Whether the rules would carry it out now."""
        return name in self.verdicts and self.verdicts[name] is None

    def why(self, name: str) -> str:
        """Why not, where that says more than that nobody is there."""
        no = self.verdicts.get(name)
        return no.sentence(self.language) if no and no.code in WORTH_SAYING else ""


def offer(hall: Hall, id: str, now: int, language: str) -> Offer:
    """Every act at a counter by who holds it, or would."""
    counter = hall.counters[id]
    said = verdicts(hall, counter, _holder(counter), now)
    current = hall.tickets.get(counter.current)
    beside = {
        kinds.NOTE: current is not None,
        kinds.WHY: bool(next_up(hall, counter)),
        kinds.CLEAR: bool(in_alarm(hall, id)),
    }
    more = {kind.name: None for kind, on in beside.items() if on}
    return Offer(hall, counter, current, {**said, **more}, now, language)


def enabled(hall: Hall, counter: Counter, now: int) -> tuple[str, ...]:
    """The names of the acts that lead to something now, for programs."""
    return possible(hall, counter, _holder(counter), now)


def _holder(counter: Counter) -> c.Actor:
    return c.Actor(counter.operator or "somebody new")


# Buttons ------------------------------------------------------------------------------------


def act(kind: Kind, on: bool, ticket: int | None = None, hint: str = "") -> Act:
    """The button of a kind, with its second press where the kind asks for one."""
    asks = kind in kinds.ASKS
    sure = kinds.SURE.get(kind.name, "") if kind is not kinds.CALL and not asks else ""
    to = kinds.HELPERS.get(kind.name, "")
    return Act(kind, kind.label, on, ticket=ticket, hint=hint, sure=sure, asks=asks, to=to)


def primary(offered: Offer) -> Act:
    """The one act that the big button does now."""
    hall, counter, current = offered.hall, offered.counter, offered.current
    following = hall.tickets.get(next_up(hall, counter))
    hint = following.number if following else ""
    if counter.state != "open":
        again = N_("Buka kembali") if counter.state == "break" else kinds.OPEN.label
        return Act(kinds.OPEN, again, offered.on("open"))
    if current is None:
        return Act(kinds.CALL, kinds.CALL.label, offered.on("call"), after=0, hint=hint)
    if current.looked:
        on = offered.on("recall")
        return Act(kinds.RECALL, N_("Panggil"), on, ticket=current.id, hint=current.number)
    if offered.on("start") and hall.plan.policy.start_needed:
        return Act(kinds.START, kinds.START.label, True, ticket=current.id, hint=current.number)
    if offered.on("call"):
        label = N_("Selesai & panggil berikutnya")
        return Act(kinds.CALL, label, True, after=current.id, hint=hint)
    return Act(kinds.FINISH, kinds.FINISH.label, True, ticket=current.id, hint=current.number)


def secondary(offered: Offer) -> Act | None:
    """Beside the big button, while somebody is only looked at: not this one."""
    current = offered.current
    if current is None or not current.looked:
        return None
    return act(kinds.SKIP, offered.on("skip"), current.id)


def buttons(offered: Offer, pickup: bool = False) -> tuple[Act, ...]:
    """The acts on the current ticket, on or off. A pickup brings no application."""
    made = (_button(offered, kind) for kind in kinds.CURRENT)
    return tuple(
        replace(one, on=False) if pickup and one.kind is kinds.REGISTER else one for one in made
    )


def _button(offered: Offer, kind: Kind) -> Act:
    """The button of an act, as the rules say of it."""
    current = offered.current if kind in kinds.OF_TICKET else None
    on = offered.on(kind.rule)
    made = act(kind, on, current.id if current else None, current.number if current else "")
    ready = offered.counter.state == "open" and offered.current is None
    changes: dict[str, object] = {
        "why": "" if on else offered.why(kind.rule),
        "nobody": ready and kind in kinds.OF_TICKET,
    }
    if kind is kinds.PARK:
        changes["asks"] = bool(offered.hall.plan.reasons.get("park"))
    if kind is kinds.CLEAR:
        changes |= _clearing(offered)
    if kind is kinds.RECALL and current is not None:
        looked = current.looked
        changes |= {"label": N_("Panggil")} if looked else _recalling(offered, current)
    return replace(made, **changes)


def _recalling(offered: Offer, current: Ticket) -> dict[str, object]:
    """A call again has a limit, and a pause that passes by itself: the button counts it down."""
    policy = offered.hall.plan.policy
    no = offered.verdicts.get("recall")
    waits = no is not None and no.code == "recall_too_soon"
    left = max(0, policy.recalls + 1 - current.here) if policy.recalls else -1
    ready = current.last_called + policy.recall_pause if waits else 0
    wait = _seconds(ready - offered.now)
    return {"on": waits or offered.on("recall"), "ready": ready, "wait": wait, "left": left}


def in_alarm(hall: Hall, counter: str) -> str:
    """The counter whose emergency is cleared first: this one, else the neighbour's that has lasted
    longest; "" when there is none."""
    near = [hall.counters[id] for id in (counter, *neighbours(hall, counter))]
    alarms = [(one.id != counter, one.alarm, one.id) for one in near if one.alarm]
    return min(alarms)[2] if alarms else ""


def _clearing(offered: Offer) -> dict[str, object]:
    to = in_alarm(offered.hall, offered.counter.id)
    return {"to": to, "hint": offered.hall.place(to).name if to else ""}


def _seconds(ms: int) -> int:
    """Whole seconds to wait."""
    return max(0, -(-ms // 1000))


def panel(offered: Offer) -> tuple[tuple[str, tuple[Act, ...]], ...]:
    """The acts of the second level, under their headings."""
    return tuple(
        (heading, tuple(_button(offered, kind) for kind in listed))
        for heading, listed in kinds.PANEL
    )


def rows(offered: Offer) -> tuple[Act, ...]:
    """What can be done with somebody in a list: call (out of order, or back), cancel, reinstate,
    resume, and ask why.

    The ticket is the row's own.
    """
    held = offered.counter.state != "closed"
    chosen = act(kinds.CALL, may_call(offered))
    chosen = replace(
        chosen, label=N_("Panggil"), after=offered.counter.current, sure=kinds.SURE["call"]
    )
    return (
        chosen,
        act(kinds.CANCEL, held),
        act(kinds.REINSTATE, held),
        act(kinds.RESUME, held),
        act(kinds.WHY, True),
    )


def may_call(offered: Offer) -> bool:
    """Whether anybody could be called: an open counter whose last call is settled."""
    no = offered.verdicts.get("call")
    return offered.on("call") or (no is not None and no.code == "nobody_waiting")


def turns(offered: Offer) -> tuple[Act, ...]:
    """The acts on the counter itself: none while it is closed."""
    counter = offered.counter
    if not counter_acts(counter.state) or counter.state == "closed":
        return ()
    turn = (kinds.BREAK,) if counter.state == "open" else ()
    shown = (*turn, kinds.CLOSE, kinds.ALARM)
    return tuple(_button(offered, kind) for kind in shown)


class Undo(Struct, frozen=True):
    """The last act, to be taken back until `until` (epoch ms), for `wait` seconds more: the button,
    and for each ticket concerned its number and (a msgid) what happened to it, oldest first."""

    act: Act
    what: tuple[tuple[str, str], ...]
    until: int
    wait: int


def undo(offered: Offer) -> Undo | None:
    """What a press on "undo" would take back; None when the rules take nothing back."""
    if not offered.on("undo"):
        return None
    hall, counter = offered.hall, offered.counter
    traces = undoable(hall, counter, offered.now)
    until = traces[0].at + hall.plan.policy.undo
    what = tuple((one.ticket_after.number, _happened(one.ticket_before, one.ticket_after))
                 for one in reversed(traces))  # fmt: skip
    return Undo(act(kinds.UNDO, True), what, until, _seconds(until - offered.now))


HAPPENED = {
    "called": N_("dipanggil"),
    "serving": N_("mulai dilayani"),
    "served": N_("selesai"),
    "no_show": N_("dinyatakan tidak hadir"),
    "parked": N_("ditunda"),
    "pending": N_("diminta melengkapi berkas"),
    "cancelled": N_("dibatalkan"),
}


def _happened(before: Ticket, after: Ticket) -> str:
    if after.status == "called" and not after.here:
        return N_("dilihat")
    if after.status == "waiting":
        if after.step != before.step:
            return N_("selesai satu langkah")
        return N_("dipindahkan") if after.line != before.line else N_("dikembalikan")
    return HAPPENED[after.status]


assert {name for state in COUNTER for name in counter_acts(state)} <= set(kinds.KINDS)
