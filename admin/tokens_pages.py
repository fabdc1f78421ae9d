"""API tokens: what each may do, for whom, until when; its secret is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.core.commands import EVERYWHERE
from queue_server.house import House
from queue_server.staff import By, Staff, end_of
from queue_server.web.forms import read_form
from queue_server.web.office import now
from queue_server.web.people import Terms, checked_name, checked_scopes
from queue_server.web.visit import address_of, language_of, require

from .people import Form, choices, fault_of, form_of, tokens
from .sections import ADMINS, sections_of

PATH = "/admin/tokens"
USUAL_DAYS = 365
"""How long a token lasts unless somebody says otherwise."""


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Tokens(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(PATH, pages.add, methods=["POST"]),
        Route(f"{PATH}/{{token:int}}/removals", pages.remove, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Tokens:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, ADMINS)
        usual = (self._today() + timedelta(USUAL_DAYS)).isoformat()
        return await self._shown(request, Form(role="integration", expires=usual))

    async def add(self, request: Request) -> Response:
        """A new token: the answer is the only page that shows its secret."""
        by = By(await require(request, ADMINS), address_of(request))
        form = form_of(await read_form(request))
        terms, fault = self._terms(form)
        if not fault:
            try:
                secret = await Staff(self.house).add_token(by, form.name, form.role, terms)
            except ValueError:
                fault = "work"
            else:
                return self.house.front.templates.page(
                    request,
                    "admin/token_secret.html",
                    token=form.name,
                    secret=secret,
                    path=PATH,
                    example=f"{self.house.url}/api/v1/counters",
                )
        return await self._shown(request, form, fault)

    async def remove(self, request: Request) -> Response:
        """Revoke it: what it has opened is closed at once."""
        by = By(await require(request, ADMINS), address_of(request))
        await Staff(self.house).remove_token(by, int(request.path_params["token"]))
        return RedirectResponse(PATH, 303)

    async def _shown(self, request: Request, form: Form, fault: str = "") -> Response:
        identity, house = await require(request, ADMINS), self.house
        language = language_of(request)
        return house.front.templates.page(
            request, "admin/tokens.html", 422 if fault else 200, sections=sections_of(identity),
            section=PATH, form=form, fault=fault, today=self._today().isoformat(),
            rows=tokens(await house.office.tokens(), house.catalogue, language, now()),
            choices=choices(house.catalogue, language, form.bounds),
        )  # fmt: skip

    def _terms(self, form: Form) -> tuple[Terms, str]:
        """What the form narrows it to, or the field that is wrong."""
        try:
            checked_name(form.name)
        except ValueError:
            return Terms(), "name"
        if fault := fault_of(form, self.house.catalogue, EVERYWHERE):
            return Terms(), fault
        try:
            expires, scopes = end_of(form.expires, self._zone().key), checked_scopes(form.scopes)
        except ValueError:
            return Terms(), "expires"
        return Terms(form.bounds, scopes, expires), ""

    def _today(self) -> date:
        return datetime.fromtimestamp(now() / 1000, self._zone()).date()

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.house.config.hall.timezone)
