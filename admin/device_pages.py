"""Printers, panels and webhooks set in the browser: added, changed, taken away; at work at once."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import ConfigError
from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, require

from .device_forms import KINDS, SECRET, WEBHOOKS, Kind, form, texts, values
from .sections import ADMINS, sections_of

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NEW = "new"
"""In an address: a device that is none yet. No device may be called so."""


def routes(house: House) -> list[Route]:
    """For each kind: a form for a new one and for each that there is, and the way to take one
    away."""
    found = []
    for kind in KINDS.values():
        pages = Pages(house, kind)
        found += [
            Route(f"{kind.path}/settings/{{id}}", pages.page, methods=["GET"]),
            Route(f"{kind.path}/settings/{{id}}", pages.save, methods=["POST"]),
            Route(f"{kind.path}/removals", pages.remove, methods=["POST"]),
        ]
    return found


@dataclass(frozen=True)
class Pages:
    """The handlers of a kind, for one house."""

    house: House
    kind: Kind

    async def page(self, request: Request) -> Response:
        """The form."""
        await require(request, ADMINS)
        id = request.path_params["id"]
        return await self._page(request, id, texts(self.kind, self._section(id)))

    async def save(self, request: Request) -> Response:
        """What the form says is checked as the file is, and in force when this answers."""
        identity = await require(request, ADMINS)
        id, given = request.path_params["id"], await read_form(request)
        section = self._section(id)
        name = given.get("id", "").strip() if id == NEW else id
        if id == NEW and (not ID.fullmatch(name) or name == NEW or name in self._all()):
            return await self._page(request, id, given, "short")
        entry = values(self.kind, given, section)
        shown = self._secret(entry, section)
        try:
            await self.house.settings.change(
                self.kind.section, self._all() | {name: entry}, identity, address_of(request),
                seen=number(given.get("seen", "")),
            )  # fmt: skip
        except ConfigError as error:
            return await self._page(request, id, given, _named(str(error)), told=said(str(error)))
        if shown:
            return await self._page(request, name, texts(self.kind, self._section(name)), key=shown)
        return RedirectResponse(self.kind.path, 303)

    async def remove(self, request: Request) -> Response:
        """None of the hall's any more."""
        identity = await require(request, ADMINS)
        id = (await read_form(request)).get("id", "")
        self._section(id)
        left = {name: one for name, one in self._all().items() if name != id}
        await self.house.settings.change(self.kind.section, left, identity, address_of(request))
        return RedirectResponse(self.kind.path, 303)

    def _secret(self, entry: dict[str, Any], section: Struct | None) -> str:
        """A webhook has one: ours, to be shown once, where nobody has given another."""
        if self.kind is not WEBHOOKS or entry.get(SECRET):
            return ""
        entry[SECRET] = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
        return str(entry[SECRET])

    async def _page(
        self, request: Request, id: str, given: dict[str, str], wrong: str = "", *, told: str = "",
        key: str = "",
    ) -> Response:  # fmt: skip
        identity = await require(request, ADMINS)
        return self.house.front.templates.page(
            request, "admin/device.html", 422 if wrong else 200, sections=sections_of(identity),
            section=self.kind.path, kind=self.kind, id="" if id == NEW else id, target=id,
            typed=given.get("id", ""), fields=form(self.kind, given, wrong), wrong=wrong, said=told,
            key=key, seen=self.house.settings.revision(self.kind.section),
        )  # fmt: skip

    def _section(self, id: str) -> Struct | None:
        """A device's settings; None of a new one. Raises Problem 404."""
        if id == NEW:
            return None
        found: Struct | None = getattr(self.house.config, self.kind.section).get(id)
        if found is None:
            raise Problem(404, "not_found")
        return found

    def _all(self) -> dict[str, Any]:
        sections = getattr(self.house.config, self.kind.section)
        return {id: msgspec.to_builtins(one) for id, one in sections.items()}


def number(text: str) -> int | None:
    """The revision that a form was made of; None where it says none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _named(error: str) -> str:
    """The field that an error of the configuration names: settings: printers.ID.KEY: ..."""
    found = re.search(r"(?:printers|panels|webhooks)\.[^.:]+\.(\w+)", error)
    return found[1] if found else "short"


def said(error: str) -> str:
    """What was expected, and found."""
    return error.rpartition(": expected")[2].strip() if ": expected" in error else error
