"""What the pages of people and tokens show, and what their forms say: pure views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.commands import Bounds
from queue_server.web.identity import ROLES, SCOPES, Role, Scope
from queue_server.web.people import ApiToken, Session, Source, User

STAFFED: tuple[Role, ...] = ("admin", "supervisor", "operator", "integration")
"""Roles of people; the others are devices', though a kiosk may have a password too."""
AGENCY, ZONE, SCOPE = "agency-", "zone-", "scope-"
"""What the names of the boxes begin with."""


class Box(Struct, frozen=True):
    """A box to tick: what it stands for, and its name in words."""

    name: str
    label: str


class Choices(Struct, frozen=True):
    """What can be chosen. Labels of roles and scopes are the template's."""

    agencies: tuple[Box, ...]
    zones: tuple[Box, ...]
    roles: tuple[Role, ...] = ROLES
    scopes: tuple[Scope, ...] = SCOPES


class Form(Struct, frozen=True):
    """A form as it was filled in; boxes by what they stand for. `expires` is an ISO date."""

    name: str = ""
    role: str = "operator"
    agencies: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    expires: str = ""

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.agencies, self.zones)


class Work(Struct, frozen=True):
    """Role and bounds in words; no agencies and zones: the whole hall."""

    role: Role
    agencies: tuple[str, ...]
    zones: tuple[str, ...]


class Person(Struct, frozen=True):
    """A user in the list. `seen` is epoch ms (0: is not signed in); `waits`: the one-time
    password has not been used yet."""

    id: int
    name: str
    work: Work
    waits: bool
    source: Source
    sessions: int
    seen: int


class Opened(Struct, frozen=True):
    """A session. Times are epoch ms; `own`: this very one."""

    handle: str
    user: int
    name: str
    role: Role
    device: str
    since: int
    seen: int
    own: bool


class Token(Struct, frozen=True):
    """An API token in the list. Times are epoch ms; `expires` and `used` 0: never."""

    id: int
    name: str
    work: Work
    scopes: tuple[Scope, ...]
    created: int
    expires: int
    used: int
    over: bool


def form_of(fields: Mapping[str, str]) -> Form:
    """What was sent."""
    return Form(
        name=fields.get("name", "")[:100],
        role=fields.get("role", "")[:20],
        agencies=_ticked(fields, AGENCY),
        zones=_ticked(fields, ZONE),
        scopes=_ticked(fields, SCOPE),
        expires=fields.get("expires", "")[:10],
    )


def form_for(user: User) -> Form:
    """A user's work, to be changed."""
    return Form(user.name, user.role, user.bounds.agencies, user.bounds.zones)


def choices(catalogue: Catalogue, language: str, kept: Bounds) -> Choices:
    """The catalogue's agencies and zones, and those of `kept` that it has dropped since."""
    agencies = {one.id: one.short for one in catalogue.agencies.values()}
    zones = {one.id: one.name.of(language) for one in catalogue.zones.values()}
    return Choices(_boxes(agencies, kept.agencies), _boxes(zones, kept.zones))


def fault_of(form: Form, catalogue: Catalogue, kept: Bounds) -> str:
    """The field that names what there is not; "" when none does."""
    if form.agencies - kept.agencies - set(catalogue.agencies):
        return "bounds"
    return "bounds" if form.zones - kept.zones - set(catalogue.zones) else ""


def people(
    users: Iterable[User], sessions: Sequence[Session], catalogue: Catalogue, language: str
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """People, and devices."""
    every = [_person(user, sessions, catalogue, language) for user in users]
    return (
        tuple(one for one in every if one.work.role in STAFFED),
        tuple(one for one in every if one.work.role not in STAFFED),
    )


def opened(sessions: Iterable[Session], own: str) -> tuple[Opened, ...]:
    """Sessions; `own` is the handle of the one who looks."""
    return tuple(
        Opened(
            one.handle, one.user.id, one.user.name, one.user.role, one.device, one.created,
            one.seen, one.handle == own,
        )
        for one in sessions
    )  # fmt: skip


def tokens(
    found: Iterable[ApiToken], catalogue: Catalogue, language: str, now: int
) -> tuple[Token, ...]:
    """Tokens, the newest first; `now` is epoch ms."""
    return tuple(
        Token(
            one.id, one.name, _work(one.role, one.terms.bounds, catalogue, language),
            tuple(scope for scope in SCOPES if scope in one.terms.scopes), one.created,
            one.terms.expires, one.used, 0 < one.terms.expires <= now,
        )
        for one in sorted(found, key=lambda one: -one.id)
    )  # fmt: skip


def _person(user: User, sessions: Sequence[Session], catalogue: Catalogue, language: str) -> Person:
    own = [one for one in sessions if one.user.id == user.id]
    return Person(
        user.id, user.name, _work(user.role, user.bounds, catalogue, language), user.must_change,
        user.source, len(own), max((one.seen for one in own), default=0),
    )  # fmt: skip


def _work(role: Role, bounds: Bounds, catalogue: Catalogue, language: str) -> Work:
    known = choices(catalogue, language, bounds)
    return Work(
        role,
        tuple(one.label for one in known.agencies if one.name in bounds.agencies),
        tuple(one.label for one in known.zones if one.name in bounds.zones),
    )


def _boxes(known: Mapping[str, str], kept: Iterable[str]) -> tuple[Box, ...]:
    dropped = {id: id for id in sorted(kept) if id not in known}
    return tuple(Box(id, label) for id, label in {**known, **dropped}.items())


def _ticked(fields: Mapping[str, str], prefix: str) -> frozenset[str]:
    return frozenset(name.removeprefix(prefix)[:64] for name in fields if name.startswith(prefix))
