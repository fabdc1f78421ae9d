"""The section of applications: the list, and one application with its acts."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from queue_server.core.bounds import agencies_within, demand, of_agency
from queue_server.house import House
from queue_server.order import KeyReused, Unavailable
from queue_server.tracking import codes
from queue_server.tracking.guard import NOTE, tidy
from queue_server.tracking.model import Change, Dossier, Tally
from queue_server.tracking.refusals import Refused
from queue_server.tracking.rules import requirements
from queue_server.tracking.states import STATES, State
from queue_server.web.forms import read_form
from queue_server.web.identity import STAFF, STEWARDS, Identity
from queue_server.web.problems import problem_of
from queue_server.web.visit import language_of, require

from .sections import sections_of
from .tracking import PAGE, list_page, one_page
from .tracking_imports import Sheets
from .tracking_query import query_of, wanted_of, whole

HERE = "/admin/tracking"


def routes(house: House) -> list[BaseRoute]:
    """`/admin/tracking`."""
    pages = Pages(house)
    return [
        Route(HERE, pages.some),
        *Sheets(pages).routes(HERE),
        Route(f"{HERE}/{{code}}", pages.one),
        Route(f"{HERE}/{{code}}/updates", pages.update, methods=["POST"]),
        Route(f"{HERE}/{{code}}/corrections", pages.correct, methods=["POST"]),
        Route(f"{HERE}/{{code}}/file", pages.set_file, methods=["POST"]),
    ]


class Draft(Struct, frozen=True):
    """What was typed into an application's form: shown again after a refusal."""

    to: str = ""
    note: str = ""
    file: str | None = None
    chosen: frozenset[int] = frozenset()


class Pages:
    """Every handler of the section."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.room = house.rooms.tracking

    # The list -----------------------------------------------------------------------------

    async def some(self, request: Request) -> Response:
        """GET /admin/tracking"""
        identity = await require(request, STAFF)
        return await self.list(request, identity)

    async def list(
        self, request: Request, identity: Identity, fault: str = "", status: int = 200
    ) -> Response:
        within = agencies_within(self.house.hall, identity.bounds)
        wanted = wanted_of(request.query_params)
        mine = replace(wanted, within=within)
        count = await self.room.listing.count(mine)
        page = min(whole(request.query_params.get("page", "")), max(1, -(-count // PAGE)))
        found = await self.room.listing.some(mine, PAGE, (page - 1) * PAGE)
        view = list_page(
            self.house.catalogue, language_of(request), wanted, await self.room.dossiers(found),
            count, page, await self._tallies(within), query_of,
        )  # fmt: skip
        return self.page(request, identity, "list", status, p=view, fault=fault)

    async def _tallies(self, within: frozenset[str] | None) -> Sequence[Tally]:
        every = await self.room.listing.tallies()
        return [one for one in every if within is None or one.agency in within]

    # One application ----------------------------------------------------------------------

    async def one(self, request: Request) -> Response:
        """GET /admin/tracking/{code}"""
        identity = await require(request, STAFF)
        code = codes.read(request.path_params["code"])
        if code and code != request.path_params["code"]:
            return RedirectResponse(f"{HERE}/{code}", 303)
        return await self._one(request, identity, await self._find(code, identity))

    async def update(self, request: Request) -> Response:
        """POST /admin/tracking/{code}/updates"""
        identity = await require(request, STAFF)
        form, dossier = await read_form(request), await self._find_here(request, identity)
        application = dossier.application
        draft = Draft(form.get("to", ""), form.get("note", ""), chosen=ticked(form))
        try:
            to = state_of(draft.to)
            if to is None:
                raise Refused("no_such_step", state=application.state, next="")
            service = self.house.catalogue.named.services.get(application.service)
            published = service.requirements if service else ()
            missing = requirements(sorted(draft.chosen), published)
            change = Change(application.code, to, form.get("seen", ""), missing, tidy(draft.note))
            key, digest = keys(identity, form, change)
            await self.room.move(change, identity.id, key=key, digest=digest)
        except KeyReused:
            pass  # the page was sent twice with other words: the first counts
        except (Refused, Unavailable) as reason:
            return await self._refused(request, identity, reason, draft)
        return RedirectResponse(f"{HERE}/{application.code}", 303)

    async def correct(self, request: Request) -> Response:
        """POST /admin/tracking/{code}/corrections: supervisors take the last step back."""
        identity = await require(request, STEWARDS)
        form, dossier = await read_form(request), await self._find_here(request, identity)
        code, note = dossier.application.code, tidy(form.get("note", ""))
        try:
            await self.room.correct(code, form.get("seen", ""), note, identity.id)
        except (Refused, Unavailable) as reason:
            return await self._refused(request, identity, reason, Draft())
        return RedirectResponse(f"{HERE}/{code}", 303)

    async def set_file(self, request: Request) -> Response:
        """POST /admin/tracking/{code}/file: the agency's own number."""
        identity = await require(request, STAFF)
        form, dossier = await read_form(request), await self._find_here(request, identity)
        code, file = dossier.application.code, tidy(form.get("file", ""))
        try:
            await self.room.set_file(code, file)
        except (Refused, Unavailable) as reason:
            return await self._refused(request, identity, reason, Draft(file=file))
        return RedirectResponse(f"{HERE}/{code}", 303)

    async def _find_here(self, request: Request, identity: Identity) -> Dossier:
        return await self._find(codes.read(request.path_params["code"]), identity)

    async def _find(self, code: str, identity: Identity) -> Dossier:
        """Raises Refused, Refusal: another agency's."""
        dossier = await self.room.find(code)
        if dossier is None:
            raise Refused("unknown_application")
        demand(identity.bounds, of_agency(self.house.hall, dossier.application.agency))
        return dossier

    async def _one(
        self, request: Request, identity: Identity, dossier: Dossier, refusal: str = "",
        status: int = 200, draft: Draft | None = None,
    ) -> Response:  # fmt: skip
        draft = draft or Draft()
        view = one_page(
            self.house.catalogue, language_of(request), dossier, self.house.office.name_of,
            draft.chosen,
        )  # fmt: skip
        return self.page(
            request, identity, "one", status, p=view, refusal=refusal, draft=draft, longest=NOTE,
            nonce=secrets.token_hex(16), steward=identity.role in STEWARDS,
        )  # fmt: skip

    async def _refused(
        self, request: Request, identity: Identity, reason: Refused | Unavailable, draft: Draft
    ) -> Response:
        """The page as it is now, with the reason and what was typed."""
        sentence, status = reason.sentence(language_of(request)), problem_of(reason).status
        dossier = await self._find_here(request, identity)
        return await self._one(request, identity, dossier, sentence, status, draft)

    def page(
        self, request: Request, identity: Identity, name: str, status: int, **values: Any
    ) -> Response:
        return self.house.front.templates.page(
            request, f"admin/tracking_{name}.html", status, sections=sections_of(identity),
            section=HERE, **values,
        )  # fmt: skip


def state_of(text: str) -> State | None:
    """The state of that code."""
    return next((one for one in STATES if one == text), None)


def ticked(form: Mapping[str, str]) -> frozenset[int]:
    """The numbers of the requirements that were ticked: fields missing-1, missing-2, …"""
    found = (name.partition("-")[2] for name in form if name.startswith("missing-"))
    return frozenset(int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 4)


def keys(identity: Identity, form: Mapping[str, str], change: Change) -> tuple[str, str]:
    """One page's form is one change: (key, digest)."""
    nonce = form.get("nonce", "")[:64]
    said = repr((change.code, change.to, change.missing, change.note))
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    return (f"admin {identity.id} {nonce}" if nonce else ""), digest
