"""What goes in and out of the API. Ids are integers; times RFC 3339 with the hall's offset."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import Meta, Struct

from ..config import Language
from ..core.model import CounterState, Status
from ..floor.alarms import Kind
from ..notify.addresses import Subscription

LARGEST = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly."""

Id = Annotated[int, Meta(ge=1, le=LARGEST)]
Version = Annotated[int, Meta(ge=0, le=LARGEST)]
Slug = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
Limit = Annotated[int, Meta(ge=1, le=1000)]

T = TypeVar("T")


class Input(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all bodies: an unknown field is refused."""


class VisitStep(Input, frozen=True):
    """A service of a visit, and the steps (by place, from 0) that come before it."""

    service: Slug
    after: list[Annotated[int, Meta(ge=0, le=9)]] = []


VisitSteps = Annotated[list[VisitStep], Meta(min_length=1, max_length=6)]


class NewTicket(Input, frozen=True):
    """A number for a service; with `package` (of the catalogue) or `steps`, one number for a
    visit of several, of which `service` starts the number."""

    service: Slug
    priority: Slug | None = None
    language: Language = "id"
    package: Slug | None = None
    steps: VisitSteps | None = None


class Empty(Input, frozen=True):
    """Nothing more to say."""


class Reasoned(Input, frozen=True, kw_only=True):
    """`reason`: why, for the audit trail; nothing that names a person."""

    reason: Annotated[str, Meta(max_length=300)] = ""


class Next(Input, frozen=True):
    """`after`: the ticket seen as current, null for none; `ticket`: one out of order; `service`:
    the first of that service."""

    after: Version | None
    ticket: Id | None = None
    service: Slug | None = None


class Delivery(Input, frozen=True):
    """A service and how many of it."""

    service: Slug
    quantity: Annotated[int, Meta(ge=1, le=999)] = 1


Deliveries = Annotated[list[Delivery], Meta(max_length=50)]


class Pause(Input, frozen=True):
    """Why, and until when (RFC 3339), if that is known."""

    reason: Slug | None = None
    until: datetime | None = None


class Closing(Input, frozen=True):
    """Why, and when it should open again by itself (RFC 3339), if it should."""

    reason: Slug | None = None
    reopens_at: datetime | None = None


class QuickServe(Input, frozen=True):
    """Served without a queue."""

    service: Slug
    delivered: Deliveries = []


class Helper(Input, frozen=True):
    """Whom the boards should ask for."""

    helper: Literal["interpreter", "companion"]


class Services(Input, frozen=True):
    """What the counter serves today; none: what the catalogue says."""

    services: list[Slug] = []


class Seen(Input, frozen=True):
    """`ticket`: the one that is acted on, as it was seen."""

    ticket: Id


class Finish(Seen, frozen=True):
    """`delivered`: services and quantities, when not just the ticket's own once. `ends_visit`:
    also when steps of the visit are left."""

    delivered: Deliveries = []
    ends_visit: bool = False


class Visit(Seen, frozen=True):
    """The steps that are still to be done."""

    steps: VisitSteps


class Park(Seen, frozen=True):
    """Why, if a reason is given."""

    reason: Slug | None = None


class Deferral(Seen, frozen=True):
    """Papers are missing. `missing`: indices of the service's requirements; `until`: how long
    the right of return holds (RFC 3339), null for the day's end."""

    missing: list[Annotated[int, Meta(ge=0, le=99)]] = []
    until: datetime | None = None


class Transfer(Seen, frozen=True):
    """Where to: a service, one counter, an agency (any of its counters), or an operator by id.

    `keep_arrival` false: behind those who wait there now. `finish`: what it was here for is done,
    with `delivered` as in a finish.
    """

    service: Slug | None = None
    counter: Slug | None = None
    agency: Slug | None = None
    operator: Annotated[str, Meta(max_length=64)] | None = None
    keep_arrival: bool = True
    finish: bool = False
    delivered: Deliveries = []


class Favour(Input, frozen=True):
    """A service, and by how many minutes it counts as earlier."""

    service: Slug
    minutes: Annotated[int, Meta(ge=0, le=60)]


class NewFavours(Reasoned, frozen=True):
    """What an operator (by id) favours from now on; none: nothing."""

    operator: Annotated[str, Meta(min_length=1, max_length=64)]
    favours: Annotated[list[Favour], Meta(max_length=100)] = []


class OperatorFavours(Struct, frozen=True):
    """What an operator favours, at whatever counter."""

    operator: str
    name: str
    favours: list[Favour]


class Reclass(Reasoned, frozen=True):
    """Another priority class; null: the ordinary one."""

    priority: Slug | None


class Move(Reasoned, frozen=True):
    """Where a waiting ticket goes: a service, or one counter."""

    service: Slug | None = None
    counter: Slug | None = None


class NewMessage(Input, frozen=True):
    """What consoles, boards or all are told, until a time (RFC 3339) if it ends by itself."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]
    text_en: Annotated[str, Meta(max_length=300)] = ""
    to: Literal["consoles", "boards", "all"] = "consoles"
    until: datetime | None = None


class Pair(Input, frozen=True):
    """Two tickets of a counter's queue."""

    first: Id
    second: Id


class After(Input, frozen=True):
    """A page of the journal."""

    after: Version = 0
    limit: Limit = 100


class Listed(Struct, Generic[T], frozen=True):
    """A list. `next` is the cursor of what follows, or null."""

    items: list[T]
    next: int | None = None


class Estimate(Struct, frozen=True, rename={"least": "from", "most": "to"}):
    """Minutes to wait: at least, at most."""

    least: int
    most: int


class Place(Struct, frozen=True):
    """A counter or zone by its name."""

    id: str
    name: str


class IssuedTicket(Struct, frozen=True):
    """A number that was taken. `token` is the secret of its phone page, `url` that page."""

    id: int
    number: str
    token: str
    service: str
    priority: str | None
    language: str
    status: Status
    position: int
    ahead: int
    issued_at: str
    url: str


class StepNow(Struct, frozen=True):
    """A step of a visit. `here`: the present one."""

    service: str
    service_name: str
    agency: str
    done: bool
    here: bool


class TicketNow(Struct, frozen=True):
    """A ticket for whoever holds its token. `calls` counts them, `call` is the last one's id;
    `steps` are a visit's, none for one service. `missing` are papers that it was sent for, `until`
    when the right of return, or a number from afar, ends. `acts`: what its holder can do now, of
    cancel, postpone, rejoin."""

    id: int
    number: str
    token: str
    service: str
    service_name: str
    priority: str | None
    language: str
    status: Status
    position: int | None
    ahead: int | None
    counter: Place | None
    zone: Place | None
    estimate: Estimate | None
    issued_at: str
    called_at: str | None
    call: int | None
    calls: int
    url: str
    version: int
    steps: list[StepNow] = []
    missing: list[str] = []
    until: str | None = None
    acts: list[str] = []


class Destination(Struct, frozen=True):
    """Where a ticket was sent: one of the four."""

    service: str | None = None
    counter: str | None = None
    agency: str | None = None
    operator: str | None = None


class NewContacts(Input, frozen=True):
    """How a ticket's holder wants to be told; what is given replaces what was. `consent` says
    that the holder agreed to be contacted about this turn alone."""

    consent: Literal[True]
    phone: Annotated[str, Meta(max_length=24)] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    push: Subscription | None = None


class ContactsNow(Struct, frozen=True):
    """What is kept, masked. The docs say when it is deleted."""

    phone: str | None
    email: str | None
    push: bool


class Removed(Struct, frozen=True):
    """How many contacts were deleted."""

    removed: int


class CounterTicket(Struct, frozen=True):
    """A ticket as a counter sees it: without its secret.

    `joined_at` is the arrival that its order counts from. `counter`: where it is, or was last
    called to. `looked`: where calling has two steps, shown there and not called yet. `sent`:
    whom it waits for, where that isn't its service's line. `reason` is why it was parked,
    `missing` the papers that it was sent for, `until` when its right of return ends, `notes` how
    many there are on it.
    """

    id: int
    number: str
    service: str
    priority: str | None
    status: Status
    issued_at: str
    called_at: str | None
    started_at: str | None
    calls: int
    service_name: str
    language: str
    joined_at: str
    counter: str | None
    looked: bool
    sent: Destination | None = None
    reason: str | None = None
    missing: list[str] = []
    until: str | None = None
    notes: int = 0
    steps: list[StepNow] = []


class CounterNow(Struct, frozen=True):
    """A counter. `queue` is in calling order; `acts` are what the asker can do there now.

    `parked`, `pending`, `gone` (no-shows and cancelled, the last first): who belongs here and
    stands in no line. `reopens_at`: a closed one opens by itself.
    """

    id: str
    name: str
    zone: str
    services: list[str]
    state: CounterState
    operator: str | None
    current: CounterTicket | None
    queue: list[CounterTicket]
    acts: list[str]
    version: int
    reason: str | None = None
    until: str | None = None
    closing_asked: bool = False
    closing_denied_at: str | None = None
    alarm_since: str | None = None
    reopens_at: str | None = None
    parked: list[CounterTicket] = []
    pending: list[CounterTicket] = []
    gone: list[CounterTicket] = []


class Called(Struct, frozen=True):
    """A call. `finished` is the ticket that was served there before and is done by it.

    `announced` false: where calling has two steps, the ticket is only shown to the operator;
    `recalls` calls it, `skips` shows the next.
    """

    id: int
    ticket: int
    number: str
    counter: str
    at: str
    finished: int | None = None
    announced: bool = True


class CallNow(Struct, frozen=True):
    """A number's last call, as boards show it: `call` is its id, `status` the ticket's now."""

    call: int
    number: str
    counter: str
    counter_name: str
    service: str
    status: Status
    calls: int
    at: str


class Newest(Input, frozen=True):
    """How many."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 10


class Acted(Struct, frozen=True):
    """What became of a ticket. `id` is the journal's entry; null: it was so already."""

    id: int | None
    ticket: int
    number: str
    status: Status
    at: str


class Transferred(Acted, frozen=True):
    """Where it was sent: a service's line, one counter's, an agency's, or an operator's."""

    service: str | None
    counter: str | None
    agency: str | None = None
    operator: str | None = None


class Undone(Struct, frozen=True):
    """What was taken back, newest first: each ticket is in `status` again."""

    id: int
    tickets: list[Acted]


class Done(Struct, frozen=True):
    """It holds now. `id` is the journal's entry; null: it held already."""

    id: int | None
    at: str


class Said(Struct, frozen=True):
    """A message. `id` is what takes it down."""

    id: int
    text: str
    text_en: str
    to: Literal["consoles", "boards", "all"]
    at: str
    until: str | None


class Warned(Struct, frozen=True):
    """An alarm of the floor. `about` is a counter, a line, a printer or a zone, by its kind;
    `headline` says what it is, `remedy` what to do."""

    kind: Kind
    about: str
    since: str | None
    ticket: int | None
    headline: str
    remedy: str


class Why(Struct, frozen=True):
    """Why `first` goes before `second` at a counter: the rule that decided, and a sentence."""

    code: str
    first: int
    second: int
    sentence: str


class Turned(Struct, frozen=True):
    """A counter's new state. `id` is the journal's entry; null: it was in that state already."""

    id: int | None
    counter: str
    state: CounterState
    at: str


class HallNow(Struct, frozen=True):
    """The hall. `open`: numbers are given now."""

    name: str
    place: str
    open: bool
    closes_at: str | None
    opens_at: str | None
    time: str
    timezone: str
    day: str
    zones: list[Place]
    priorities: list[Place]
    languages: list[str]
    epoch: str
    version: int


class Agency(Struct, frozen=True):
    """An agency in the hall."""

    id: str
    kind: Literal["regional", "vertical"]
    name: str
    short: str
    services: list[str]
    waiting: int


class Duration(Struct, frozen=True):
    """How long it takes by the standard; `known` false: not published."""

    known: bool
    minutes: int
    working_days: int
    text: str


class Cost(Struct, frozen=True):
    """What it costs in rupiah; `known` false: not published."""

    known: bool
    rupiah: int | None
    text: str


class ServiceNow(Struct, frozen=True):
    """A service with its published standard, and how long its line is now."""

    id: str
    agency: str
    name: str
    prefix: str
    zone: str
    counters: list[str]
    keywords: list[str]
    requirements: list[str]
    procedure: list[str]
    duration: Duration
    cost: Cost
    product: str
    complaints: str
    waiting: int
    counters_open: int
    estimate: Estimate | None
    shut: Shut | None


class Shut(Struct, frozen=True):
    """Why walk-ins get no number of a service now, though the hall is open: the code and sentence
    of the refusal, and when numbers are given again."""

    code: str
    detail: str
    opens_at: str | None


class JournalEntry(Struct, frozen=True):
    """An event. `event.type` names its kind; a ticket's secret is left out."""

    id: int
    at: str
    by: str
    event: dict[str, Any]


class Health(Struct, frozen=True):
    """`storage` "short": the disk is nearly full, new numbers are refused."""

    status: str
    build: str
    storage: Literal["ample", "short"] = "ample"
