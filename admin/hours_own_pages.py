"""What agencies, services and counters have of their own in time: seen, and set for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.adoption import adopt
from queue_server.catalogue import Catalogue, CatalogueError, Document
from queue_server.config import DAYS
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, require

from .hours import PATH, day_names
from .hours_effects import booked_outside, effects
from .hours_forms import Fault
from .hours_own import (
    KINDS,
    agency_rows,
    counter_rows,
    own_lines,
    service_rows,
    timed,
    times_of,
)
from .sections import ADMINS, sections_of

OWN = f"{PATH}/services"


def routes(house: House) -> list[Route]:
    """The addresses of this part."""
    pages = OwnPages(house)
    return [
        Route(OWN, pages.page),
        Route(f"{PATH}/changes/own", pages.save, methods=["POST"]),
    ]


@dataclass(frozen=True)
class OwnPages:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, STEWARDS)
        return await self._page(request, request.query_params)

    async def save(self, request: Request) -> Response:
        """The same for all that are ticked: shown with what it means, then in force."""
        identity = await require(request, ADMINS)
        form, language = await read_form(request), language_of(request)
        try:
            times = times_of(form, self.house.config.shifts)
            document = timed(self.house.catalogue.document, times)
            if "sure" not in form:
                return await self._check(request, form, document)
            if form.get("seen") != self.house.catalogue.hash:
                raise Problem(409, "changed_since")
            await adopt(self.house, lambda now: timed(now, times), identity, address_of(request))
        except Fault as fault:
            return await self._page(request, form, fault)
        except CatalogueError as error:
            said = " ".join(one.sentence(language) for one in error.faults) or str(error)
            return await self._page(request, form, None, said, 422)
        except (Refusal, Unavailable) as reason:
            return await self._page(request, form, None, reason.sentence(language), 409)
        except Problem as problem:
            if problem.code != "changed_since":
                raise
            return await self._page(request, form, None, problem.sentence(language), 409)
        return RedirectResponse(f"{_back(form)}saved=1", 303)

    async def _check(self, request: Request, form: dict[str, str], document: Document) -> Response:
        house, language = self.house, language_of(request)
        identity = await require(request, ADMINS)
        changed = own_lines(house.catalogue.document, document, language)
        if not changed:
            return RedirectResponse(f"{_back(form)}same=1", 303)
        plan = house.plan_for(Catalogue(document))
        named = house.catalogue.named.services
        return house.front.templates.page(
            request, "admin/hours_check.html",
            sections=sections_of(identity), section=PATH, kind="own", lines=changed,
            effects=effects(house.hall, plan, house.clock.now()),
            bookings=await booked_outside(house, plan),
            names={id: one.name.of(language) for id, one in named.items()},
            fields=tuple((name, text) for name, text in form.items() if name != "seen"),
            seen=house.catalogue.hash, back=_back(form)[:-1],
        )  # fmt: skip

    async def _page(
        self, request: Request, form: Mapping[str, str], fault: Fault | None = None,
        said: str = "", status: int = 0,
    ) -> Response:  # fmt: skip
        identity = await require(request, STEWARDS)
        house, language, now = self.house, language_of(request), self.house.clock.now()
        catalogue, hall = house.catalogue, house.hall
        kind = form.get("kind", "agencies")
        agency = catalogue.agencies.get(form.get("agency", "")[:64])
        kind = "services" if agency else kind if kind in KINDS else "agencies"
        kind = "agencies" if kind == "services" and agency is None else kind
        shifts = {id: one.name for id, one in house.config.shifts.items()}
        if kind == "services" and agency:
            rows = service_rows(catalogue, hall, agency.id, now, language, form)
        elif kind == "counters":
            rows = counter_rows(catalogue, shifts, language, form)
        else:
            rows = agency_rows(catalogue, hall, now, language, form)
        return house.front.templates.page(
            request, "admin/hours_own.html", status or (422 if fault else 200),
            sections=sections_of(identity), section=PATH, editor=identity.role == "admin",
            kind=kind, rows=rows, agency=agency.id if agency else "",
            agency_name=agency.name.of(language) if agency else "", shifts=shifts,
            days=_days(language), form=form if fault or said else {}, fault=fault, said=said,
            told=next((one for one in ("saved", "same") if one in request.query_params), ""),
        )  # fmt: skip


def _days(language: str) -> tuple[tuple[str, str], ...]:
    """(key, name) of the weekdays."""
    return tuple(zip(DAYS, day_names(language), strict=True))


def _back(form: Mapping[str, str]) -> str:
    """The list in which something was ticked, ready for one more parameter."""
    agency = form.get("agency", "")
    if agency and agency.replace("-", "").isalnum() and agency.isascii():
        return f"{OWN}?agency={agency[:64]}&"
    return f"{OWN}?kind=counters&" if form.get("kind") == "counters" else f"{OWN}?"
