"""Opening hours: the week, shifts, the last intake, holidays and exceptions, each looked at before
it is saved, and in force at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import DAYS, Config, ConfigError, relaid
from queue_server.core.calendar import local
from queue_server.house import House
from queue_server.settings import TABLES
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS, Identity
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, require

from .hours import PATH, calendar, date_rows, holidays_page, shift_rows, today_of, week_rows
from .hours_check import lines
from .hours_effects import booked_outside, effects
from .hours_forms import READERS, SHIFTS, Draft, Fault
from .sections import ADMINS, sections_of

DATES = frozenset({"exceptions", "exceptions-off", "holidays", "holidays-add", "holidays-off"})
"""The forms that stand on the page of holidays."""


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = HoursPages(house)
    return [
        Route(PATH, pages.page),
        Route(f"{PATH}/dates", pages.dates),
        Route(f"{PATH}/changes/{{kind}}", pages.save, methods=["POST"]),
    ]


@dataclass(frozen=True)
class HoursPages:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, STEWARDS)
        return await self._page(request)

    async def dates(self, request: Request) -> Response:
        await require(request, STEWARDS)
        return await self._dates(request)

    async def save(self, request: Request) -> Response:
        """A form: read, shown with what it means, and with `sure` in force."""
        identity = await require(request, ADMINS)
        kind, form = request.path_params["kind"], await read_form(request)
        if kind not in READERS:
            raise Problem(404, "not_found")
        try:
            draft = READERS[kind](form, self.house.config)
            after = self._with(draft)
        except Fault as fault:
            return await self._again(request, kind, form, fault)
        except ConfigError as error:
            return await self._again(request, kind, form, None, str(error))
        if "sure" not in form:
            return await self._check(request, kind, form, draft, after)
        try:
            await self._change(draft, identity, address_of(request), _number(form, "seen"))
        except Problem as problem:
            if problem.code != "changed_since":
                raise
            said = problem.sentence(language_of(request))
            return await self._again(request, kind, form, None, said, 409)
        return RedirectResponse(f"{_back(kind, form)}saved=1", 303)

    # Changing -----------------------------------------------------------------------------

    def _with(self, draft: Draft) -> Config:
        """The configuration with a draft in it. Raises ConfigError."""
        table: dict[str, Any] = msgspec.to_builtins(self.house.config)
        pinned = self.house.settings.pinned(draft.section)
        values = {key: one for key, one in draft.values.items() if key not in pinned}
        if draft.section in TABLES:
            table[draft.section] = values
        else:
            table[draft.section] |= values
        return relaid(table, draft.section)

    async def _change(self, draft: Draft, by: Identity, address: str, seen: int) -> None:
        own = {} if draft.section in TABLES else self.house.settings.own(draft.section)
        await self.house.settings.change(draft.section, own | draft.values, by, address, seen=seen)

    # Pages --------------------------------------------------------------------------------

    async def _check(
        self, request: Request, kind: str, form: dict[str, str], draft: Draft, after: Config
    ) -> Response:
        """What would change, and what that means for those who are here or have booked."""
        house, language = self.house, language_of(request)
        changed = lines(house.config, after, language)
        if not changed:
            return RedirectResponse(f"{_back(kind, form)}same=1", 303)
        plan = house.catalogue.plan(after.rule_hours(), after.rule_policy())
        identity = await require(request, ADMINS)
        return house.front.templates.page(
            request, "admin/hours_check.html",
            sections=sections_of(identity), section=PATH, kind=kind, lines=changed,
            effects=effects(house.hall, plan, house.clock.now()),
            bookings=await booked_outside(house, plan), names=self._names(language),
            fields=tuple((name, text) for name, text in form.items() if name != "seen"),
            seen=house.settings.revision(draft.section), back=_back(kind, form)[:-1],
        )  # fmt: skip

    async def _again(
        self, request: Request, kind: str, form: dict[str, str], fault: Fault | None,
        said: str = "", status: int = 422,
    ) -> Response:  # fmt: skip
        """The page with what was typed, and what is wrong with it."""
        shown = self._dates if kind in DATES else self._page
        return await shown(request, kind, form, fault, said, status)

    async def _page(
        self, request: Request, kind: str = "", form: dict[str, str] | None = None,
        fault: Fault | None = None, said: str = "", status: int = 200,
    ) -> Response:  # fmt: skip
        identity = await require(request, STEWARDS)
        house, language, now = self.house, language_of(request), self.house.clock.now()
        config, hall = house.config, house.hall
        typed = form if form and kind == "week" else {}
        texts = {day: typed.get(day, getattr(config.hours, day)) for day in DAYS}
        names = {id: one.name.of(language) for id, one in house.catalogue.counters.items()}
        return house.front.templates.page(
            request, "admin/hours.html", status,
            sections=sections_of(identity), section=PATH, editor=identity.role == "admin",
            today=today_of(hall, names, now, language),
            week=week_rows(texts, config.rule_hours().week, language),
            always=config.hours.always, pinned=house.settings.pinned("hours"),
            shifts=shift_rows(config, hall, names, now, language), more=SHIFTS,
            policy=config.policy, cells=calendar(hall.plan.hours, now, language),
            own=sum(bool(one.week or one.exceptions) for one in hall.plan.services.values()),
            kind=kind, form=form or {}, fault=fault, said=said, told=_told(request),
        )  # fmt: skip

    async def _dates(
        self, request: Request, kind: str = "", form: dict[str, str] | None = None,
        fault: Fault | None = None, said: str = "", status: int = 200,
    ) -> Response:  # fmt: skip
        identity = await require(request, STEWARDS)
        house, language, now = self.house, language_of(request), self.house.clock.now()
        hours = house.config.rule_hours()
        this = local(now, hours).date().year
        asked = (form or {}).get("year") or request.query_params.get("year", "")
        year = int(asked) if asked in (str(this), str(this + 1), str(this + 2)) else this
        return house.front.templates.page(
            request, "admin/hours_dates.html", status,
            sections=sections_of(identity), section=PATH, editor=identity.role == "admin",
            page=holidays_page(house.config.holidays, hours, year, now, language),
            exceptions=date_rows(hours, now, language),
            first=local(now, hours).date().isoformat(),
            kind=kind, form=form or {}, fault=fault, said=said, told=_told(request),
        )  # fmt: skip

    def _names(self, language: str) -> dict[str, str]:
        return {
            id: one.name.of(language) for id, one in self.house.catalogue.named.services.items()
        }


def _told(request: Request) -> str:
    """What the form before has led to: "saved", "same" or ""."""
    return next((one for one in ("saved", "same") if one in request.query_params), "")


def _number(form: dict[str, str], name: str) -> int:
    """A form's number; -1 for anything else."""
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


def _back(kind: str, form: dict[str, str]) -> str:
    """Where a form stands, ready for one more parameter."""
    if kind not in DATES:
        return f"{PATH}?"
    year = form.get("year", "")
    return f"{PATH}/dates?year={year}&" if year.isascii() and year.isdigit() else f"{PATH}/dates?"
