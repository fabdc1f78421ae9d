"""Bookings of a day: quotas, closures, cancelling or moving a session, one booking by its code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.booking.model import Booking
from queue_server.booking.places import Taken
from queue_server.booking.refusals import Refused
from queue_server.booking.rules import Key
from queue_server.core.bounds import Site, covers, demand, of_agency, of_service
from queue_server.core.calendar import local
from queue_server.core.model import Hall
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.reception import Reception
from queue_server.tracking.guard import NOTE, personal, tidy
from queue_server.tracking.refusals import Refused as Noted
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS, Identity
from queue_server.web.problems import problem_of
from queue_server.web.visit import language_of, require

from .bookings import PATH, Found, PoolTable, anchor_of, found_of, page_of, tables_of
from .sections import sections_of

MOST = 1000
"""Places of a session."""
Act = Callable[[dict[str, str], Identity], Awaitable[object]]
"""From a form and who sent it."""


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Bookings(house)
    return [
        Route(PATH, pages.page),
        Route(f"{PATH}/quotas", pages.act(pages.set_quota), methods=["POST"]),
        Route(f"{PATH}/closures", pages.act(pages.close), methods=["POST"]),
        Route(f"{PATH}/moves", pages.act(pages.move), methods=["POST"]),
        Route(f"{PATH}/cancellations", pages.act(pages.cancel), methods=["POST"]),
    ]


@dataclass(frozen=True)
class Bookings:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, STEWARDS)
        return await self._page(request, request.query_params.get("day", ""))

    def act(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """A form's act, and back to its day; what was refused is said there."""

        async def handle(request: Request) -> Response:
            identity = await require(request, STEWARDS)
            form = await read_form(request)
            try:
                await act(form, identity)
            except (Refusal, Unavailable) as reason:
                return await self._page(request, form.get("day", ""), reason, form.get("pool", ""))
            return RedirectResponse(_back(form), 303)

        return handle

    # Acts ---------------------------------------------------------------------------------

    async def set_quota(self, form: dict[str, str], who: Identity) -> None:
        """Another number of places; nothing: as the rules have it."""
        key, given = await self._key(form, who), form.get("quota", "").strip()
        whole = given.isascii() and given.isdigit() and len(given) < 5
        if given and not (whole and int(given) <= MOST):
            raise Refused("bad_quota", most=MOST)
        await self.house.rooms.bookings.set_quota(key, int(given) if given else None, who.id)

    async def close(self, form: dict[str, str], who: Identity) -> None:
        """No more bookings for a session; with `cancel`, those that it has are cancelled too."""
        key, reason = await self._key(form, who), _reason(form, needed="cancel" in form)
        if "cancel" in form:
            await self.house.rooms.bookings.cancel_session(key, who.id, reason)
        else:
            await self.house.rooms.bookings.set_quota(key, 0, who.id, reason)

    async def move(self, form: dict[str, str], who: Identity) -> None:
        """Move all bookings of a session to another one of the same pool."""
        key, reason = await self._key(form, who), _reason(form, needed=True)
        day, _, start = form.get("to", "").partition(" ")
        minute = int(start) if start.isascii() and start.isdigit() and len(start) < 5 else -1
        reception = Reception(self.house)
        for terms in reception.every_terms():
            if terms.pool == key.pool and terms.open:
                to = reception.session(terms, day, minute)
                await self.house.rooms.bookings.move_session(key, to, who.id, reason)
                return
        raise Refused("no_such_session")

    async def cancel(self, form: dict[str, str], who: Identity) -> None:
        """Cancel one booking."""
        found = await self.house.rooms.bookings.find(form.get("code", ""))
        if found is None:
            raise Refused("unknown_booking")
        demand(who.bounds, of_service(self.house.hall, found.service))
        await self.house.rooms.bookings.cancel(found.token, who.id, _reason(form, needed=True))

    async def _key(self, form: dict[str, str], who: Identity) -> Key:
        """The session that a form is about: one of the rules, or one with bookings.

        Raises Refused, Refusal: another agency's.
        """
        demand(who.bounds, _site(self.house.hall, form.get("pool", "")))
        day, start = form.get("day", ""), form.get("start", "")
        wanted = (form.get("pool", ""), day, start)
        for table in await self._tables(_date(day, date.min), "id"):
            for row in table.rows:
                if (row.pool, row.day, str(row.start)) == wanted:
                    return Key(row.pool, row.day, row.start)
        raise Refused("no_such_session")

    # The page -----------------------------------------------------------------------------

    async def _page(
        self, request: Request, asked: str, reason: Refusal | Unavailable | None = None,
        pool: str = "",
    ) -> Response:  # fmt: skip
        identity = await require(request, STEWARDS)
        language = language_of(request)
        today = local(self.house.clock.now(), self.house.hall.plan.hours).date()
        day, query = _date(asked, today), request.query_params.get("q", "").strip()[:64]
        found = await self.house.rooms.bookings.find(query) if query else None
        pool = pool or request.query_params.get("pool", "")
        hall, bounds = self.house.hall, identity.bounds
        if found and not covers(bounds, of_service(hall, found.service)):
            found = None
        tables = [
            one
            for one in await self._tables(day, language, pool)
            if covers(bounds, _site(hall, one.rows[0].pool))
        ]
        page = page_of(
            language, day, today, tuple(tables), query,
            await self._found(found, language) if found else None,
            reason.sentence(language) if reason else "",
        )  # fmt: skip
        status = problem_of(reason).status if reason else 200
        return self.house.front.templates.page(
            request, "admin/bookings.html", status, sections=sections_of(identity), section=PATH,
            page=page,
        )  # fmt: skip

    async def _tables(self, day: date, language: str, pool: str = "") -> tuple[PoolTable, ...]:
        reception, bookings = Reception(self.house), self.house.rooms.bookings
        iso = day.isoformat()
        booked = await bookings.of_day(iso)
        taken = Taken(await bookings.taken(iso, iso), await bookings.quotas(iso, iso))
        every = reception.every_terms()
        ahead = {}
        for terms in every:
            standing = any(key.pool == terms.pool for key in taken.places)
            if terms.open and standing and terms.pool not in ahead:
                ahead[terms.pool] = await reception.days(terms)
        return tables_of(
            self.house.catalogue, language, day, every, reception.hours, self.house.clock.now(),
            booked, taken, ahead, pool,
        )  # fmt: skip

    async def _found(self, found: Booking, language: str) -> Found:
        bookings, office = self.house.rooms.bookings, self.house.office
        history = await bookings.history(found.id)
        ticket = self.house.hall.tickets.get(found.ticket)
        missed = await bookings.no_shows(found.phone)
        return found_of(
            self.house.catalogue, language, found, history,
            {row.who: office.name_of(row.who) for row in history},
            missed - (found.state == "expired" and bool(found.phone)),
            ticket.number if ticket else "",
        )  # fmt: skip


def _site(hall: Hall, pool: str) -> Site:
    """Where those are who share a pool: an agency, or one of its services."""
    agency, _, service = pool.partition("/")
    return of_service(hall, service) if service else of_agency(hall, agency)


def _reason(form: dict[str, str], *, needed: bool) -> str:
    """Why, in words that everybody may read. Raises Refusal."""
    reason = tidy(form.get("reason", ""))
    if needed and not reason:
        raise Refused("reason_missing")
    if len(reason) > NOTE:
        raise Noted("note_long", most=NOTE, now=len(reason))
    if personal(reason):
        raise Noted("personal_data")
    return reason


def _back(form: dict[str, str]) -> str:
    """The day on which a form stood, at its pool, or with the booking that was looked for."""
    asked = {name: form[name][:64] for name in ("day", "pool", "q") if form.get(name)}
    anchor = f"#{anchor_of(asked['pool'])}" if "pool" in asked else ""
    return f"{PATH}?{urlencode(asked)}{anchor}"


def _date(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return otherwise
