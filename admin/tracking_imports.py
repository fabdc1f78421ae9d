"""Spreadsheets of applications: out as the list is filtered, in with a look before the deed."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server import tables
from queue_server.core.bounds import agencies_within
from queue_server.house import House
from queue_server.tracking import codes
from queue_server.tracking.refusals import Refused
from queue_server.tracking.states import State
from queue_server.web.forms import read_form
from queue_server.web.identity import STAFF, Identity
from queue_server.web.visit import language_of, require

from . import tracking_sheet as sheet
from .tracking_query import wanted_of
from .tracking_uploads import Pending, Uploads

EXPORTED = 10_000
"""Applications of one spreadsheet."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Frame(Protocol):
    """The section's pages around this part."""

    house: House

    async def list(
        self, request: Request, identity: Identity, fault: str = "", status: int = 200
    ) -> Response:
        """The list, with what was wrong with an upload."""

    def page(
        self, request: Request, identity: Identity, name: str, status: int, **values: Any
    ) -> Response:
        """A page of the section."""


class ChangeRow(Struct, frozen=True):
    """A change as it is shown before it is made."""

    row: int
    code: str
    service: str
    before: State
    between: tuple[State, ...]
    after: State
    missing: tuple[str, ...]
    note: str


class FaultRow(Struct, frozen=True):
    """A cell that can't be done; `sentence` where the rules say why."""

    row: int
    cell: str
    column: str
    kind: str
    found: str
    sentence: str


class Preview(Struct, frozen=True):
    """What an upload would do. `seen` names exactly these changes; `done`: how many were made,
    -1 before."""

    name: str
    changes: tuple[ChangeRow, ...]
    faults: tuple[FaultRow, ...]
    same: int
    silent: int
    seen: str
    done: int


class Sheets:
    """The handlers."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.house = frame.house
        self.room = frame.house.rooms.tracking
        self.uploads = Uploads()
        self._carrying = asyncio.Lock()

    def routes(self, here: str) -> list[Route]:
        """Under the section's path."""
        return [
            Route(f"{here}/export.{{kind}}", self.export),
            Route(f"{here}/imports", self.upload, methods=["POST"]),
            Route(f"{here}/imports/{{id}}", self.preview),
            Route(f"{here}/imports/{{id}}", self.carry_out, methods=["POST"]),
        ]

    async def export(self, request: Request) -> Response:
        """GET /admin/tracking/export.csv, .xlsx: the list as filtered, to be filled in."""
        identity = await require(request, STAFF)
        kind = request.path_params["kind"]
        if kind not in ("csv", "xlsx"):
            return RedirectResponse("/admin/tracking", 303)
        within = agencies_within(self.house.hall, identity.bounds)
        wanted = replace(wanted_of(request.query_params), within=within)
        found = await self.room.listing.some(wanted, EXPORTED)
        english = language_of(request) == "en"
        rows = sheet.table(
            await self.room.dossiers(found), self.house.catalogue, self.house.hall.plan.hours,
            english,
        )  # fmt: skip
        if kind == "csv":
            data, media = tables.to_csv(rows), "text/csv; charset=utf-8"
        else:
            widths = [width for *_, width in sheet.COLUMNS.values()]
            data = await asyncio.to_thread(tables.to_xlsx, "Permohonan", rows, widths)
            media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        name = f"attachment; filename=permohonan-{self.house.hall.day}.{kind}"
        return Response(data, media_type=media, headers={"Content-Disposition": name})

    async def upload(self, request: Request) -> Response:
        """POST /admin/tracking/imports: read it, then show what it would do."""
        identity = await require(request, STAFF)
        async with request.form(max_files=1, max_fields=4) as form:
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) else b""
            name = (file.filename or "") if isinstance(file, UploadFile) else ""
        try:
            rows = await asyncio.to_thread(tables.read, data)
            upload = sheet.read(rows)
        except (tables.TableError, sheet.SheetError) as error:
            return await self.frame.list(request, identity, error.code, 422)
        id = self.uploads.keep(identity.id, self.house.clock.now(), name[:80], upload)
        return RedirectResponse(f"{request.url.path}/{id}", 303)

    async def preview(self, request: Request) -> Response:
        """GET /admin/tracking/imports/{id}: every change and every bad cell, nothing written."""
        identity = await require(request, STAFF)
        pending = self._pending(request, identity)
        if pending is None:
            return await self.frame.list(request, identity, "forgotten", 404)
        return await self._preview(request, identity, pending)

    async def carry_out(self, request: Request) -> Response:
        """POST /admin/tracking/imports/{id}: all the changes that were shown, or none."""
        identity = await require(request, STAFF)
        form = await read_form(request)
        here, id = request.url.path, request.path_params["id"]
        async with self._carrying:
            pending = self._pending(request, identity)
            if pending is None:
                return await self.frame.list(request, identity, "forgotten", 404)
            if pending.done >= 0:
                return RedirectResponse(here, 303)
            plan = await self._plan(pending, identity)
            if form.get("seen") != seen(plan):
                return await self._preview(request, identity, pending, changed=True)
            try:
                await self.room.move_all([one.change for one in plan.planned], identity.id)
            except Refused:
                return await self._preview(request, identity, pending, changed=True)
            self.uploads.finish(id, len(plan.planned))
        return RedirectResponse(here, 303)

    def _pending(self, request: Request, identity: Identity) -> Pending | None:
        return self.uploads.of(request.path_params["id"], identity.id, self.house.clock.now())

    async def _plan(self, pending: Pending, identity: Identity) -> sheet.Plan:
        """As far as the bounds reach: other agencies' applications are unknown here."""
        rows, within = pending.upload.rows, agencies_within(self.house.hall, identity.bounds)
        known = await self.room.of_codes([codes.read(row["code"]) for row in rows if row["code"]])
        files = await self.room.of_files([row["file"] for row in rows if not row["code"]])
        if within is not None:
            known = {code: one for code, one in known.items() if one.agency in within}
            files = {key: one for key, one in files.items() if one.agency in within}
        return sheet.plan(pending.upload, self.house.catalogue, known, files)

    async def _preview(
        self, request: Request, identity: Identity, pending: Pending, changed: bool = False
    ) -> Response:
        plan, language = await self._plan(pending, identity), language_of(request)
        view = Preview(
            name=pending.name,
            changes=tuple(self._change(one, language) for one in plan.planned),
            faults=tuple(_fault(one, language) for one in plan.faults),
            same=plan.same,
            silent=pending.upload.silent,
            seen=seen(plan),
            done=pending.done,
        )
        status = 409 if changed else 200
        return self.frame.page(request, identity, "import", status, p=view, changed=changed)

    def _change(self, one: sheet.Planned, language: str) -> ChangeRow:
        service = self.house.catalogue.named.services.get(one.application.service)
        return ChangeRow(
            one.row, one.application.code,
            service.name.of(language) if service else one.application.service,
            one.application.state, one.between, one.change.to, one.change.missing,
            one.change.note,
        )  # fmt: skip


def _fault(one: sheet.Fault, language: str) -> FaultRow:
    indonesian, english, _ = sheet.COLUMNS[one.column]
    said = one.refusal.sentence(language) if one.refusal else ""
    name = english if language == "en" else indonesian
    return FaultRow(one.row, one.cell, name, one.kind, one.found, said)


def seen(plan: sheet.Plan) -> str:
    """A name for exactly these changes: what is carried out is what was shown."""
    said = repr([(one.change, one.between) for one in plan.planned])
    return hashlib.sha256(said.encode()).hexdigest()[:32]
