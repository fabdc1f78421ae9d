"""First run: a new hall set up in the browser, step by step, left and taken up again at any time.

The code is the first administrator's one-time password, which the server prints at its start:
nobody on the network can take a fresh hall over without having seen that. Everything after it is
for administrators.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.adoption import Edit, adopt
from queue_server.catalogue import Catalogue, CatalogueError, Document, files
from queue_server.config import ConfigError
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.setting_up import (
    EXAMPLE,
    STEPS,
    Step,
    is_empty,
    note,
    renamed,
    states,
    with_agency,
)
from queue_server.web.forms import read_form
from queue_server.web.identity import Identity
from queue_server.web.problems import Problem
from queue_server.web.sign_in import keep
from queue_server.web.visit import address_of, language_of, require, visit_of

from . import setup
from .displays import form_of, places, setting
from .displays_pages import WHOLE, screens_of
from .sections import ADMINS
from .setup_call import TestCall

PATH = "/setup"
LARGEST = 8 * 1024 * 1024
"""Bytes of a catalogue's file."""
FIRST = "admin"
"""The first administrator's name."""
Values = dict[str, Any]


def routes(house: House) -> list[Route]:
    """The addresses."""
    pages = SetupPages(house)
    acts = {
        "hall": pages.hall, "files": pages.file, "examples": pages.example,
        "agencies": pages.agency, "display": pages.display, "printer": pages.printer,
        "call": pages.call, "skips": pages.skip,
    }  # fmt: skip
    return [
        Route(PATH, pages.front, methods=["GET"]),
        Route(f"{PATH}/codes", pages.code, methods=["POST"]),
        Route(f"{PATH}/steps/{{step}}", pages.step, methods=["GET"]),
        *(Route(f"{PATH}/{name}", act, methods=["POST"]) for name, act in acts.items()),
    ]


@dataclass(frozen=True)
class SetupPages:
    """The handlers, for one house."""

    house: House

    # The door -----------------------------------------------------------------------------

    async def front(self, request: Request) -> Response:
        """The code's page for a hall that nobody has; else how far it is."""
        if visit_of(request).identity is None and await self._is_new():
            return self._door(request)
        await require(request, ADMINS)
        return await self._page(request, "")

    async def code(self, request: Request) -> Response:
        """The code that the server printed, and the administrator's own password."""
        form = await read_form(request)
        office, new = self.house.office, form.get("new", "")
        try:
            if new != form.get("again", ""):
                raise Problem(422, "password_differs")
            given = "".join(form.get("code", "").split()).casefold()
            first = await office.sign_in(FIRST, given, address_of(request))
            try:
                signed_in = await office.change_password(first.session.user.id, given, new)
            except BaseException:
                await office.sign_out(first.secret)
                raise
        except Problem as problem:
            return self._door(request, problem)
        response = RedirectResponse(f"{PATH}/steps/{STEPS[0]}", 303)
        keep(request, response, signed_in.secret, signed_in.seconds)
        return response

    async def _is_new(self) -> bool:
        users = await self.house.office.users()
        people = [user for user in users if user.role == "admin"]
        return len(people) == 1 and people[0].name == FIRST and people[0].must_change

    def _door(self, request: Request, problem: Problem | None = None) -> Response:
        status, headers = (problem.status, problem.headers) if problem else (200, {})
        said = problem.sentence(language_of(request)) if problem else ""
        wrong_code = problem is not None and problem.code == "wrong_credentials"
        return self.house.front.templates.page(
            request, "admin/setup_door.html", status, headers, said=said, wrong_code=wrong_code
        )

    # The steps ----------------------------------------------------------------------------

    async def step(self, request: Request) -> Response:
        await require(request, ADMINS)
        return await self._page(request, self._step(request.path_params["step"]))

    async def hall(self, request: Request) -> Response:
        """Name, place and hours: settings like any other, and the name in the catalogue."""
        identity = await require(request, ADMINS)
        form = setup.hall_of(await read_form(request))
        settings, address = self.house.settings, address_of(request)
        if not form.name:
            return await self._page(request, "hall", 422, form=form, fault="name")
        try:
            hours = settings.own("hours") | form.hours()
            await settings.change("hours", hours, identity, address)
            hall = settings.own("hall") | {"name": form.name, "place": form.place}
            await settings.change("hall", hall, identity, address)
        except ConfigError as error:
            return await self._page(request, "hall", 422, form=form, fault="spans", said=str(error))
        await adopt(self.house, lambda document: renamed(document, form.name), identity, address)
        await note(self.house, "hall", "done", identity, address)
        return await self._onward("hall")

    async def file(self, request: Request) -> Response:
        """A catalogue's file in the place of what there is."""
        identity = await require(request, ADMINS)
        async with request.form(max_files=1, max_fields=5, max_part_size=4096) as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile) or not sent.filename:
                return await self._page(request, "services", 422, fault="file")
            data, name = await sent.read(), sent.filename[:120]
        try:
            reading = await asyncio.to_thread(files.load, data, name, self.house.catalogue.document)
        except files.FileError as error:
            said = error.sentence(language_of(request))
            return await self._page(request, "services", 422, fault="file", said=said)
        except CatalogueError as error:
            return await self._page(request, "services", 422, fault="file", said=str(error))
        if reading.faults:
            cells = tuple((one.sheet, one.cell, one.fault.line()) for one in reading.faults)
            return await self._page(request, "services", 422, fault="cells", cells=cells)
        return await self._adopted(request, identity, lambda before: reading.document, name)

    async def example(self, request: Request) -> Response:
        """The example that comes with the program, under this hall's own name."""
        identity = await require(request, ADMINS)
        name = self.house.config.hall.name
        found = await asyncio.to_thread(Catalogue.load, EXAMPLE)
        return await self._adopted(
            request, identity, lambda before: renamed(found.document, name), EXAMPLE.name
        )

    async def agency(self, request: Request) -> Response:
        """An agency more, by the short form; the page stays for the next."""
        identity = await require(request, ADMINS)
        form = setup.agency_of(await read_form(request))
        given, fault = setup.simple_of(form)
        if given is None:
            return await self._page(request, "services", 422, agency=form, fault=fault)
        return await self._adopted(
            request, identity, lambda before: with_agency(before, given), "", stays=True
        )

    async def display(self, request: Request) -> Response:
        """The screen that shows the code is the hall's first."""
        identity = await require(request, ADMINS)
        fields = await read_form(request)
        form, language = form_of(fields), language_of(request)
        code, name = fields.get("code", "")[:20], form.name or "Layar 1"
        there = places(
            self.house.catalogue, self.house.config, language, WHOLE.get(language, WHOLE["id"])
        )
        chosen = setting(form, there)
        if chosen is None or not self.house.rooms.screens.knows(code):
            return await self._page(request, "display", 422, fault="code", code=code)
        await screens_of(self.house).add(code, name, chosen, identity, address_of(request))
        return await self._onward("display")

    async def printer(self, request: Request) -> Response:
        """A paper that shows that a printer prints; or that it came out."""
        identity = await require(request, ADMINS)
        form = await read_form(request)
        if "heard" in form:
            await note(self.house, "printer", "done", identity, address_of(request))
            return await self._onward("printer")
        printing, printer = self.house.rooms.printing, form.get("printer", "")
        if printer not in printing.printers:
            raise Problem(422, "unknown_printer", printer=printer[:64])
        key = f"setup:{secrets.token_urlsafe(12)}"
        await printing.print_test(printer, key=key, by=identity.id)
        return RedirectResponse(f"{PATH}/steps/printer?sent=1", 303)

    async def call(self, request: Request) -> Response:
        """Call somebody for a trial, call again, and clear it away."""
        identity = await require(request, ADMINS)
        form, trial = await read_form(request), TestCall(self.house, identity)
        try:
            if "heard" in form:
                await trial.clear()
                await note(self.house, "call", "done", identity, address_of(request))
                return await self._onward("call")
            counter = form.get("counter", "")
            if counter not in self.house.catalogue.counters:
                raise Problem(404, "unknown_counter", counter=counter[:64])
            await trial.call(counter)
        except (Refusal, Unavailable) as reason:
            said = reason.sentence(language_of(request))
            return await self._page(request, "call", 409, said=said)
        return RedirectResponse(f"{PATH}/steps/call", 303)

    async def skip(self, request: Request) -> Response:
        """A step that is left out for now; it can be taken up at any time."""
        identity = await require(request, ADMINS)
        step = self._step((await read_form(request)).get("step", ""))
        if (await states(self.house))[step] == "todo":
            await note(self.house, step, "skipped", identity, address_of(request))
        return await self._onward(step)

    # Within -------------------------------------------------------------------------------

    def _step(self, name: str) -> Step:
        for step in STEPS:
            if step == name:
                return step
        raise Problem(404, "not_found")

    async def _onward(self, after: Step) -> Response:
        following = setup.next_of(await states(self.house), after)
        return RedirectResponse(f"{PATH}/steps/{following}" if following else PATH, 303)

    async def _adopted(
        self, request: Request, by: Identity, edit: Edit, why: str, *, stays: bool = False
    ) -> Response:
        try:
            await adopt(self.house, edit, by, address_of(request), why)
        except CatalogueError as error:
            return await self._page(request, "services", 422, fault="file", said=str(error))
        except Refusal as reason:
            said = reason.sentence(language_of(request))
            return await self._page(request, "services", 409, fault="file", said=said)
        if stays:
            return RedirectResponse(f"{PATH}/steps/services#agency", 303)
        return await self._onward("services")

    async def _page(
        self, request: Request, step: Step | Literal[""], status: int = 200, **given: Any
    ) -> Response:
        identity = await require(request, ADMINS)
        house, language = self.house, language_of(request)
        trial = TestCall(house, identity)
        found = await states(house)
        values: Values = {
            "said": "", "fault": "", "cells": (), "code": "", "agency": setup.AgencyForm(),
            "form": setup.hall_form(house.config.hall.name, house.config.hall.place,
                                    house.config.hours),
        }  # fmt: skip
        document: Document = house.catalogue.document
        return house.front.templates.page(
            request, "admin/setup.html", status, step=step, rows=setup.rows(found),
            next=setup.next_of(found, step), state=found[step] if step else "",
            empty=is_empty(house), document=document, url=house.url, language=language,
            printers=tuple((id, house.rooms.printing.name(id))
                           for id in house.rooms.printing.printers),
            sent="sent" in request.query_params,
            trial=trial.shown(language), counters=trial.places(language),
            local=house.url.startswith(("http://127.", "http://localhost", "http://[::1]")),
            **(values | given),
        )  # fmt: skip
