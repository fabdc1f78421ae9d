"""Reports that are made by themselves: which, when, what was made, and the files to take away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import anyio.to_thread
import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import ConfigError, ReportSection
from queue_server.house import House
from queue_server.reporting import files, last_runs
from queue_server.reports.document import GROUPED
from queue_server.web.downloads import download
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, require

from .sections import ADMINS, sections_of

PATH = "/admin/reports"
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FILE = re.compile(r"[a-z0-9-]+-\d{4}-\d\d-\d\d\.(xlsx|csv|pdf)")
SHOWN = 12
"""Files of a report that the page lists."""


class Form(Struct, frozen=True):
    """A schedule as the form has it."""

    id: str = ""
    every: str = "day"
    at: str = "05:00"
    by: str = "agency"
    format: str = "xlsx"
    to: str = "folder"
    language: str = "id"
    keep: str = "60"


class Schedule(Struct, frozen=True):
    """A scheduled report: its settings, when and of which days it ran last, its newest files.
    `own`: set here, not in the file, so that it can be taken away here."""

    form: Form
    by: str
    ran: int
    first: str
    last: str
    files: tuple[str, ...]


class Choice(Struct, frozen=True):
    """A line of a list."""

    value: str
    label: str


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Pages(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(PATH, pages.save, methods=["POST"]),
        Route(f"{PATH}/removals", pages.remove, methods=["POST"]),
        Route(f"{PATH}/files/{{file}}", pages.file, methods=["GET"]),
    ]


@dataclass(frozen=True)
class Pages:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        """GET /admin/reports"""
        return await self._page(request, Form())

    async def save(self, request: Request) -> Response:
        """A schedule is added, or set otherwise."""
        identity = await require(request, ADMINS)
        fields = await read_form(request)
        form = Form(**{name: fields.get(name, "").strip()[:64] for name in Form.__struct_fields__})
        if not ID.fullmatch(form.id):
            return await self._page(request, form, "name")
        values = msgspec.structs.asdict(form)
        del values["id"]
        values["keep"] = int(form.keep) if form.keep.isascii() and form.keep.isdecimal() else -1
        try:
            await self.house.settings.change(
                "reports", self._all() | {form.id: values}, identity, address_of(request),
            )  # fmt: skip
        except ConfigError as error:
            return await self._page(request, form, _named(str(error)))
        return RedirectResponse(f"{PATH}#report-{form.id}", 303)

    async def remove(self, request: Request) -> Response:
        """A schedule is taken away; its files stay."""
        identity = await require(request, ADMINS)
        id = (await read_form(request)).get("id", "")
        left = {name: one for name, one in self._all().items() if name != id}
        await self.house.settings.change("reports", left, identity, address_of(request))
        return RedirectResponse(PATH, 303)

    async def file(self, request: Request) -> Response:
        """A file that was made."""
        await require(request, ADMINS)
        name = request.path_params["file"]
        path = self._folder / name
        if not FILE.fullmatch(name) or not await anyio.to_thread.run_sync(path.is_file):
            raise Problem(404, "not_found")
        return download(await anyio.to_thread.run_sync(path.read_bytes), name)

    async def _page(self, request: Request, form: Form, fault: str = "") -> Response:
        identity = await require(request, ADMINS)
        language = language_of(request)
        return self.house.front.templates.page(
            request, "admin/schedules.html", 422 if fault else 200,
            sections=sections_of(identity), section=PATH, form=form, fault=fault,
            schedules=await self._schedules(language),
            groups=tuple(Choice(one, GROUPED[one].of(language)) for one in _groups()),
        )  # fmt: skip

    async def _schedules(self, language: str) -> tuple[Schedule, ...]:
        ran = await last_runs(self.house)

        def listed() -> dict[str, tuple[str, ...]]:
            names = self.house.config.reports
            return {id: tuple(x.name for x in files(self._folder, id)[:SHOWN]) for id in names}

        found = await anyio.to_thread.run_sync(listed)
        return tuple(
            Schedule(
                form=Form(id, one.every, one.at, one.by, one.format, one.to, one.language,
                          str(one.keep)),
                by=GROUPED[one.by].of(language),
                ran=ran.get(id, {}).get("at", 0), first=ran.get(id, {}).get("first", ""),
                last=ran.get(id, {}).get("last", ""), files=found[id],
            )
            for id, one in self.house.config.reports.items()
        )  # fmt: skip

    def _all(self) -> dict[str, Any]:
        sections = self.house.config.reports
        return {id: msgspec.to_builtins(one) for id, one in sections.items()}

    @property
    def _folder(self) -> Path:
        return self.house.folder.reports


def _groups() -> tuple[Any, ...]:
    return get_args(get_type_hints(ReportSection)["by"])


def _named(error: str) -> str:
    """The field that a configuration's error names: settings: reports.ID.KEY: expected ..."""
    found = re.search(r"reports\.[^:]*\.(\w+):", error)
    return found[1] if found else "name"
