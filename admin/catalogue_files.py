"""The catalogue as a file: out as XLSX, CSV or TOML, in with a look before the deed."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict

from msgspec import Struct
from msgspec.structs import replace
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.adoption import adopt, left_standing
from queue_server.catalogue import CatalogueError, Document, files
from queue_server.catalogue.comparing import Difference, differences
from queue_server.catalogue.editing import Outcome, revision
from queue_server.catalogue.reading import Reading
from queue_server.core.refusals import Refusal
from queue_server.web.downloads import download
from queue_server.web.forms import read_form
from queue_server.web.identity import Identity
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of

from .catalogue import HERE, SHOWN, difference_lines, fault_lines
from .catalogue_frame import Frame
from .catalogue_lists import tiles

KEPT = 60 * 60_000
"""Milliseconds until an upload is forgotten."""
MOST = 10


class Pending(Struct, frozen=True):
    """Somebody's upload; `done`: how many changes it has made, -1: none yet."""

    by: str
    at: int
    name: str
    data: bytes
    done: int = -1


class Moved(Exception):
    """The changes are others than the look showed."""


class Counts(Struct, frozen=True):
    """What an upload would do, in figures."""

    added: int
    changed: int
    retired: int
    restored: int
    faults: int


class Files:
    """The handlers; uploads wait in memory only, each under a random id."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.house = frame.house
        self._pending: OrderedDict[str, Pending] = OrderedDict()

    def routes(self) -> list[Route]:
        """Under the section's path."""
        return [
            Route(f"{HERE}/export.{{kind}}", self.export),
            Route(f"{HERE}/imports", self.leave),
            Route(f"{HERE}/imports", self.upload, methods=["POST"]),
            Route(f"{HERE}/imports/{{upload}}", self.look),
            Route(f"{HERE}/imports/{{upload}}", self.carry_out, methods=["POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        """GET /admin/catalogue: the lists, and the file."""
        return await self._overview(request)

    async def export(self, request: Request) -> Response:
        """GET /admin/catalogue/export.xlsx, .zip (CSV), .toml"""
        await self.frame.who(request)
        kind = request.path_params["kind"]
        if kind not in ("xlsx", "zip", "toml"):
            raise Problem(404, "not_found")
        data = await asyncio.to_thread(
            files.write, self.house.catalogue.document, kind, "", language_of(request),
            self.frame.languages(),
        )  # fmt: skip
        return download(data, f"katalog-{self.house.hall.day}.{kind}")

    async def leave(self, request: Request) -> Response:
        """GET …/imports, as a reload asks for it."""
        await self.frame.who(request)
        return RedirectResponse(HERE, 303)

    async def upload(self, request: Request) -> Response:
        """POST …/imports: read it, then show what it would do."""
        identity = await self.frame.who(request)
        async with request.form(max_files=1, max_fields=4) as form:
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) else b""
            name = (file.filename or "")[:80] if isinstance(file, UploadFile) else ""
        try:
            await self._read(data, name)
        except files.FileError as error:
            said = error.sentence(language_of(request))
            return await self._overview(request, 422, name, said)
        id = secrets.token_urlsafe(16)
        self._pending[id] = Pending(identity.id, self.house.clock.now(), name, data)
        while len(self._pending) > MOST:
            self._pending.popitem(last=False)
        return RedirectResponse(f"{HERE}/imports/{id}", 303)

    async def look(self, request: Request) -> Response:
        """GET …/imports/{upload}: every change and every bad cell; nothing is kept yet."""
        identity = await self.frame.who(request)
        return await self._look(request, self._own(request, identity))

    async def carry_out(self, request: Request) -> Response:
        """POST …/imports/{upload}: what was shown, or the look again where it is another now."""
        identity = await self.frame.who(request)
        seen = (await read_form(request)).get("seen", "")
        id, pending = request.path_params["upload"], self._own(request, identity)
        if pending.done >= 0:
            return RedirectResponse(f"{HERE}/imports/{id}", 303)

        def change(document: Document) -> Outcome:
            reading = files.load(pending.data, pending.name, document)
            if reading.faults:
                return tuple(one.fault for one in reading.faults)
            if _seen(differences(document, reading.document)) != seen:
                raise Moved
            return reading.document

        try:
            changed = await adopt(
                self.house, change, identity, address_of(request), pending.name
            )  # fmt: skip
        except (CatalogueError, Refusal, Moved):
            return await self._look(request, pending, 409)
        self._pending[id] = replace(pending, data=b"", done=len(changed))
        return RedirectResponse(f"{HERE}/imports/{id}", 303)

    async def _overview(
        self, request: Request, status: int = 200, name: str = "", fault: str = ""
    ) -> Response:
        catalogue, language = self.house.catalogue, language_of(request)
        return await self.frame.page(
            request, "index", status, tiles=tiles(catalogue, language), called=name, fault=fault,
            hall=catalogue.name.of(language),
        )  # fmt: skip

    async def _look(self, request: Request, pending: Pending, status: int = 200) -> Response:
        if pending.done >= 0:
            return await self.frame.page(
                request, "imported", done=pending.done, called=pending.name
            )
        language = language_of(request)
        reading = await self._read(pending.data, pending.name)
        before = self.house.catalogue.document
        changed = await asyncio.to_thread(differences, before, reading.document)
        sound = not reading.faults
        left = left_standing(self.house, reading.document) if sound and changed else ()
        return await self.frame.page(
            request, "import", status, called=pending.name, counts=_counts(changed, reading),
            faults=fault_lines(reading.faults, language), most=SHOWN,
            lines=difference_lines(changed, language), total=len(changed),
            left=self.frame.obstacles(request, left), seen=_seen(changed), moved=status == 409,
            booked=await self.frame.booked(reading.document) if sound else 0,
        )  # fmt: skip

    async def _read(self, data: bytes, name: str) -> Reading:
        return await asyncio.to_thread(files.load, data, name, self.house.catalogue.document)

    def _own(self, request: Request, identity: Identity) -> Pending:
        """Raises Problem 404: it is forgotten, or another's."""
        found = self._pending.get(request.path_params["upload"])
        if found is None or found.by != identity.id or self.house.clock.now() - found.at > KEPT:
            raise Problem(404, "not_found")
        return found


def _counts(changed: tuple[Difference, ...], reading: Reading) -> Counts:
    acts = [one.act for one in changed]
    return Counts(
        acts.count("added"), acts.count("changed") + acts.count("moved"), acts.count("retired"),
        acts.count("restored"), len(reading.faults),
    )  # fmt: skip


def _seen(changed: tuple[Difference, ...]) -> str:
    """A name for exactly these changes: what is carried out is what was shown."""
    return revision({f"{x.kind}.{x.id}.{x.act}": repr(x.cells) for x in changed})
