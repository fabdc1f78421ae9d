"""The forms that ask for more before an act: reasons and times, services and quantities, a note.
Pure. (Where to and which papers have forms of their own: `destinations`, `papers`.)"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import local, next_opening
from queue_server.core.model import Counter, Hall, Ticket
from queue_server.core.plan import MINUTE
from queue_server.core.policy import in_order

from . import kinds
from .kinds import N_, Kind
from .papers import epoch
from .views import Beside, People, Written
from .words import Words

BREAKS = (5, 10, 15, 30, 60)
"""Minutes that a break can be said to last."""
AMOUNTS = 60
"""Services that the quantities are asked of: what a form may send has an end."""
REOPENS = (15, 30, 60, 120)
"""Minutes after which a counter can be told to open by itself."""


class Option(Struct, frozen=True):
    """A choice: its name, or (a msgid) its label; `minutes` from now, which ends `at`; `key`
    chooses it."""

    value: str
    name: str = ""
    label: str = ""
    detail: str = ""
    waiting: int = 0
    minutes: int = 0
    at: str = ""
    key: str = ""
    checked: bool = False


class Group(Struct, frozen=True):
    """Choices of one thing, `field`; `sends`: a digit chooses and sends at once."""

    field: str
    legend: str
    options: tuple[Option, ...]
    sends: bool = False


class Amount(Struct, frozen=True):
    """How many of a service, by its name; or (a msgid) of what is chosen above."""

    field: str
    value: int
    name: str = ""
    label: str = ""
    least: int = 0


class Question(Struct, frozen=True):
    """A form. `subject` is the number that it is about, "" for the counter itself; `send`, `hint`
    and `none` are msgids: what its button and its foot say, and what stands where there is nothing
    to choose."""

    kind: Kind
    counter: str
    subject: str
    send: str
    ticket: int | None = None
    after: int | None = None
    groups: tuple[Group, ...] = ()
    amounts: tuple[Amount, ...] = ()
    writes: bool = False
    notes: tuple[Written, ...] = ()
    ends: bool = False
    """Whether a visit with steps left can be ended here."""
    hint: str = ""
    none: str = ""


class Asked(Struct, frozen=True):
    """What a form is made of: the counter, whom it has, and the words."""

    words: Words
    counter: Counter
    current: Ticket | None
    beside: Beside

    @property
    def hall(self) -> Hall:
        return self.words.hall


def question(
    hall: Hall, catalogue: Catalogue, path: str, counter: str, now: int, language: str,
    beside: Beside = Beside(),
) -> Question | None:  # fmt: skip
    """The form at `path` of a counter; None when it is about a ticket and nobody is there."""
    here = hall.counters[counter]
    words = Words(hall, catalogue, now, language)
    return MAKE[path](Asked(words, here, hall.tickets.get(here.current), beside))


def _break(asked: Asked) -> Question:
    reasons = _reasons(asked, "break")
    until = _times(asked, "until", N_("Sampai kapan?"), N_("belum tahu"), BREAKS)
    return Question(
        kinds.BREAK, asked.counter.id, "", N_("Istirahat"),
        groups=(*reasons, until),
    )  # fmt: skip


def _close(asked: Asked) -> Question:
    hall, words = asked.hall, asked.words
    reasons = _reasons(asked, "close")
    until = _times(asked, "until", N_("Buka lagi otomatis?"), N_("tidak"), REOPENS)
    session = next_opening(words.now, hall.plan.hours)
    if session and session.date() == local(words.now, hall.plan.hours).date():
        at = words.moment(epoch(session)).at
        option = Option(str(epoch(session)), label=N_("sesi berikutnya"), at=at)
        until = replace(until, options=(*until.options, option))
    approval = hall.plan.policy.closing_approval
    return Question(
        kinds.CLOSE, asked.counter.id, "",
        N_("Minta penutupan") if approval else N_("Tutup loket"), groups=(*reasons, until),
        hint=N_("Penyelia menyetujuinya dahulu.") if approval else "",
    )  # fmt: skip


def _park(asked: Asked) -> Question | None:
    if asked.current is None:
        return None
    return Question(
        kinds.PARK, asked.counter.id, asked.current.number, N_("Tunda"), ticket=asked.current.id,
        groups=_reasons(asked, "park", sends=True),
    )  # fmt: skip


def _finish(asked: Asked) -> Question | None:
    current, words = asked.current, asked.words
    if current is None:
        return None
    services = (current.service, *asked.hall.place(asked.counter.id).services)
    given = list(dict.fromkeys(services))[:AMOUNTS]
    left = [
        one for index, one in enumerate(current.steps) if index != current.step and not one.done
    ]
    return Question(
        kinds.FINISH_AS, asked.counter.id, current.number, N_("Selesai"), ticket=current.id,
        amounts=tuple(
            Amount(f"deliver-{id}", int(id == current.service), words.service(id)) for id in given
        ),
        ends=bool(left),
        hint=N_("Layanan yang diberikan dan jumlahnya; 0 berarti tidak diberikan."),
    )  # fmt: skip


def _call_of(asked: Asked) -> Question:
    hall, words = asked.hall, asked.words
    queue = [hall.tickets[id] for id in in_order(hall, asked.counter)]
    count = Tally(ticket.service for ticket in queue)
    first = {ticket.service: ticket.number for ticket in reversed(queue)}
    options = [
        Option(id, words.service(id), detail=first[id], waiting=count[id])
        for id in dict.fromkeys(ticket.service for ticket in queue)
    ]
    return Question(
        kinds.CALL_OF, asked.counter.id, "", N_("Panggil"),
        after=asked.counter.current, groups=_one_of("service", N_("Layanan"), options, sends=True),
        none=N_("Tidak ada yang menunggu."),
    )  # fmt: skip


def _quick(asked: Asked) -> Question:
    words = asked.words
    services = asked.hall.place(asked.counter.id).services
    options = [Option(id, words.service(id), detail=words.agency(id)) for id in services]
    return Question(
        kinds.QUICK, asked.counter.id, "", N_("Catat sudah dilayani"),
        groups=_one_of("service", N_("Layanan"), options, sends=False),
        amounts=(Amount("quantity", 1, label=N_("Jumlah"), least=1),) if options else (),
        hint=N_("Untuk yang langsung selesai di loket: tercatat dengan nomor, tidak dipanggil."),
        none=N_("Loket ini tidak memberi layanan."),
    )  # fmt: skip


def _note(asked: Asked) -> Question | None:
    if asked.current is None:
        return None
    person = People(asked.words, asked.beside).current(asked.current)
    return Question(
        kinds.NOTE, asked.counter.id, asked.current.number, N_("Simpan catatan"),
        ticket=asked.current.id, writes=True, notes=person.notes,
        hint=N_("Dibaca petugas di loket berikutnya, dihapus setelah hari ini. Jangan tulis nama, "
                "NIK, atau nomor telepon."),
    )  # fmt: skip


MAKE: dict[str, Callable[[Asked], Question | None]] = {
    kinds.BREAK.path: _break,
    kinds.CLOSE.path: _close,
    kinds.PARK.path: _park,
    kinds.FINISH_AS.path: _finish,
    kinds.CALL_OF.path: _call_of,
    kinds.QUICK.path: _quick,
    kinds.NOTE.path: _note,
}
"""Path of the form -> what makes it."""


# Parts --------------------------------------------------------------------------------------


def _reasons(asked: Asked, act: str, *, sends: bool = False) -> tuple[Group, ...]:
    """The catalogue's reasons for an act, "none" first; nothing where it has no reasons."""
    ids = asked.hall.plan.reasons.get(act, ())
    if not ids:
        return ()
    options = [Option(id, asked.words.reason(id)) for id in ids]
    none = Option("", label=N_("tanpa alasan"), key="0", checked=True)
    return (Group("reason", N_("Alasan"), (none, *_keyed(options)), sends=sends),)


def _one_of(field: str, legend: str, options: list[Option], *, sends: bool) -> tuple[Group, ...]:
    return (Group(field, legend, _keyed(options), sends=sends),) if options else ()


def _keyed(options: list[Option]) -> tuple[Option, ...]:
    """The first nine have digits."""
    keys = [*"123456789", *[""] * len(options)]
    return tuple(replace(option, key=key) for option, key in zip(options, keys, strict=False))


def _times(asked: Asked, field: str, legend: str, none: str, minutes: tuple[int, ...]) -> Group:
    """So many minutes from now, or no time at all."""
    now = asked.words.now
    options = [
        Option(str(now + one * MINUTE), minutes=one, at=asked.words.moment(now + one * MINUTE).at)
        for one in minutes
    ]
    return Group(field, legend, (Option("0", label=none, checked=True), *options))
