"""What a console shows: pure functions of Hall and Catalogue, in one language.

Times for the script are epoch milliseconds, 0 for none. Programs read `states`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Catalogue
from queue_server.core.model import CounterState, Hall, Ticket
from queue_server.core.policy import in_order, lines_of
from queue_server.floor.day import Day, Served
from queue_server.notes import Note

from . import acts
from .acts import Act, Undo
from .kinds import MORE, Kind
from .notices import Names, Notices, notices
from .papers import required
from .visits import Way, way
from .words import Moment as Moment
from .words import Person as Person
from .words import Words as Words
from .words import lasted as lasted
from .words import waiting as waiting

ROWS = 30
"""Rows of the queue that are drawn; the rest is a count."""
GONE = 5
"""The last no-shows and cancelled that can be brought back."""


class Document(Struct, frozen=True):
    """An application at a counter: the ticket's number, the tracking code, the agency's file."""

    number: str
    code: str
    file: str
    service: str


class Written(Struct, frozen=True):
    """A note on a ticket, and who wrote it where and when."""

    text: str
    by: str
    counter: str
    at: str


class Current(Struct, frozen=True):
    """Who is at the counter. `waited` is from joining to the first call, or until now.

    `looked`: not called yet. `missing` are the papers that it was sent for. `gives_up`: when it
    counts as a no-show by itself. `pickup` is what this ticket came to fetch.
    """

    person: Person
    calls: int
    waited: str
    called: Moment
    started: Moment
    looked: bool = False
    missing: tuple[str, ...] = ()
    notes: tuple[Written, ...] = ()
    gives_up: Moment = Moment(0)
    pickup: Document | None = None
    visit: Way = Way()


class SurveyCode(Struct, frozen=True):
    """What the citizen who was served last may type at a kiosk; `until` is a time of day."""

    number: str
    code: str
    until: str


class Beside(Struct, frozen=True):
    """What a console shows that the hall does not know: from the house's other rooms.

    `voice`: whether the hall speaks; without one the chime and the boards go on. `pickup`: what
    the current ticket fetches; `registered`: the last application from here. `names`: of actors;
    `notes`: on a ticket, oldest first.
    """

    voice: bool = True
    names: Names = str
    notes: Callable[[int], Sequence[Note]] = lambda ticket: ()
    pickup: Document | None = None
    registered: Document | None = None
    survey: SurveyCode | None = None


class Console(Struct, frozen=True):
    """Everything on an operator's screen that changes."""

    id: str
    name: str
    zone: str
    state: CounterState
    operator: str
    since: Moment
    now: int
    version: int
    current: Current | None
    primary: Act
    secondary: Act | None
    buttons: tuple[Act, ...]
    panel: tuple[tuple[str, tuple[Act, ...]], ...]
    turns: tuple[Act, ...]
    rows: tuple[Act, ...]
    """What a press on somebody in a list does, the same for all: see `acts.rows`."""
    undo: Undo | None
    notices: Notices
    queue: tuple[Person, ...]
    waiting: int
    parked: tuple[Person, ...]
    pending: tuple[Person, ...]
    gone: tuple[Person, ...]
    served: int
    mean: str
    voice: bool
    reason: str = ""
    """Why the counter is on a break, or closed."""
    until: Moment = Moment(0)
    """When its break should be over, or when it opens by itself."""
    registered: Document | None = None
    survey: SurveyCode | None = None

    @property
    def other(self) -> Kind:
        """What opens the panel of the second level."""
        return MORE

    @property
    def more(self) -> int:
        """How many wait beyond the rows drawn."""
        return self.waiting - len(self.queue)


def console(
    hall: Hall, catalogue: Catalogue, day: Day, id: str, now: int, language: str,
    beside: Beside = Beside(),
) -> Console:  # fmt: skip
    """A counter's screen at `now`. Raises KeyError when the hall has no such counter."""
    counter = hall.counters[id]
    offered = acts.offer(hall, id, now, language)
    lines = lines_of(hall, id)
    words = Words(hall, catalogue, now, language)
    people = People(words, beside)
    served = day.served.get(id, Served())
    head = [hall.tickets[ticket] for ticket in islice(in_order(hall, counter), ROWS)]
    return Console(
        id=id,
        name=words.counter(id),
        zone=words.zone(id),
        state=counter.state,
        operator=counter.operator,
        since=words.moment(counter.since),
        now=now,
        version=hall.version,
        current=people.current(offered.current) if offered.current else None,
        primary=acts.primary(offered),
        secondary=acts.secondary(offered),
        buttons=acts.buttons(offered, beside.pickup is not None),
        panel=acts.panel(offered),
        turns=acts.turns(offered),
        rows=acts.rows(offered),
        undo=acts.undo(offered),
        notices=notices(words, counter, beside.names),
        queue=tuple(map(people.person, head)),
        waiting=waiting(hall, lines),
        parked=tuple(people.parked(id, ticket) for ticket in day.parked_for(id, lines)),
        pending=tuple(people.pending(ticket) for ticket in day.pending_for(lines)),
        gone=tuple(map(people.person, day.gone_from(id, lines, GONE))),
        served=served.count,
        mean=lasted(served.mean),
        voice=beside.voice,
        reason=words.reason(counter.reason),
        until=words.moment(counter.until or counter.reopens),
        registered=beside.registered,
        survey=beside.survey,
    )


class People:
    """Tickets in words, with what the house's other rooms know of them."""

    def __init__(self, words: Words, beside: Beside) -> None:
        self.words, self.beside = words, beside

    def person(self, ticket: Ticket) -> Person:
        """In any list."""
        person, notes = self.words.person(ticket), self.beside.notes(ticket.id)
        return replace(person, notes=len(notes)) if notes else person

    def parked(self, counter: str, ticket: Ticket) -> Person:
        """In the list of the parked: where, if not here, and why."""
        elsewhere = "" if ticket.counter == counter else self.words.counter(ticket.counter)
        reason = self.words.reason(ticket.reason)
        return replace(self.person(ticket), elsewhere=elsewhere, reason=reason)

    def pending(self, ticket: Ticket) -> Person:
        """In the list of those who fetch papers."""
        until = self.words.moment(ticket.until).at
        return replace(self.person(ticket), missing=len(ticket.missing), until=until)

    def current(self, ticket: Ticket) -> Current:
        """At the counter."""
        words = self.words
        lines = required(words.catalogue, ticket, words.language)
        called = ticket.status == "called"
        return Current(
            person=self.person(ticket),
            calls=ticket.calls,
            waited=lasted((ticket.first_called or ticket.started or words.now) - ticket.joined),
            called=words.moment(ticket.last_called),
            started=words.moment(ticket.started),
            looked=ticket.looked,
            missing=tuple(lines[one] for one in ticket.missing if one < len(lines)),
            notes=tuple(map(self._written, self.beside.notes(ticket.id))),
            visit=way(words.hall, words.catalogue, ticket, words.now, words.language),
            gives_up=words.moment(words.hall.deadlines.get(ticket.id, 0) if called else 0),
            pickup=self.beside.pickup,
        )

    def _written(self, note: Note) -> Written:
        words = self.words
        by, counter = self.beside.names(note.by), words.counter(note.counter)
        return Written(note.text, by, counter, words.moment(note.at).at)
