"""Playlists in the browser: pictures and films sent to the hall's folder, their order, how long a
picture stays, how loud a film is."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio.to_thread
import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import ConfigError, PlaylistSection
from queue_server.house import House
from queue_server.playlists import Broken, Item, Refused, adopt, find, prepare, read
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem
from queue_server.web.uploads import receive
from queue_server.web.visit import address_of, require

from .sections import ADMINS, sections_of

PATH = "/admin/displays/playlists"
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OWN = "media"
"""The folder of those that are made here, in the data folder."""


class Shelf(Struct, frozen=True):
    """A playlist as the page shows it."""

    id: str
    section: PlaylistSection
    items: tuple[Item, ...]
    broken: tuple[Broken, ...]


def routes(house: House) -> list[Route]:
    """The page, and its forms."""
    pages = Playlists(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(PATH, pages.save, methods=["POST"]),
        Route(f"{PATH}/uploads", pages.upload, methods=["POST"]),
        Route(f"{PATH}/orders", pages.order, methods=["POST"]),
        Route(f"{PATH}/file-removals", pages.remove_file, methods=["POST"]),
        Route(f"{PATH}/removals", pages.remove, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Playlists:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, ADMINS)
        return await self._page(request)

    async def save(self, request: Request) -> Response:
        """A new one (`fresh`), or another pace and volume."""
        await require(request, ADMINS)
        form = await read_form(request)
        id, fresh = form.get("playlist", "").strip(), "fresh" in form
        if fresh and (not ID.fullmatch(id) or len(id) > 64 or id in self._all() or id == "none"):
            return await self._page(request, "name", id)
        if fresh:
            await self._change(request, id, {"folder": f"{OWN}/{id}"})
            return RedirectResponse(f"{PATH}#list-{id}", 303)
        self._section(id)
        values = {key: _number(form.get(key, "")) for key in ("picture_seconds", "volume")}
        try:
            await self._change(request, id, values)
        except ConfigError:
            return await self._page(request, "numbers", id)
        return RedirectResponse(f"{PATH}#list-{id}", 303)

    async def upload(self, request: Request) -> Response:
        """A file into the playlist's folder; which playlist, the address says."""
        identity = await require(request, ADMINS)
        id = request.query_params.get("playlist", "")
        section = self._section(id)
        size = _number(request.headers.get("content-length", ""))
        try:
            received = await anyio.to_thread.run_sync(prepare, section, size)
            try:
                given = await receive(request, "file", received)
                if not given:
                    return await self._page(request, "none", id)
                name = await anyio.to_thread.run_sync(adopt, received, given)
            finally:
                await anyio.to_thread.run_sync(lambda: received.unlink(missing_ok=True))
        except Refused as refused:
            return await self._page(request, refused.fault, id)
        except OSError:
            return await self._page(request, "unwritable", id)
        await self.house.rooms.changes.record(
            identity, address_of(request), f"playlist.{id}", "create", None, {"file": name}
        )
        if files := self._section(id).files:  # as they are now: a film takes minutes to arrive
            await self._change(request, id, {"files": [*files, name]})
        return RedirectResponse(f"{PATH}#list-{id}", 303)

    async def order(self, request: Request) -> Response:
        """A file one place earlier, or later."""
        await require(request, ADMINS)
        form = await read_form(request)
        id, name = form.get("playlist", ""), form.get("file", "")
        names = [item.name for item in (await self._read(id)).items]
        if name not in names:
            raise Problem(409, "changed_since")
        at = names.index(name)
        to = min(max(at + (1 if form.get("to") == "down" else -1), 0), len(names) - 1)
        names.insert(to, names.pop(at))
        await self._change(request, id, {"files": names})
        return RedirectResponse(f"{PATH}#list-{id}", 303)

    async def remove_file(self, request: Request) -> Response:
        """A file is deleted from the folder."""
        identity = await require(request, ADMINS)
        form = await read_form(request)
        id, name = form.get("playlist", ""), form.get("file", "")
        section = self._section(id)
        found = await anyio.to_thread.run_sync(find, section, name)
        if found is None:
            raise Problem(409, "changed_since")
        left = [one for one in section.files if one != name]
        if section.files and left != [*section.files]:
            await self._change(request, id, {"files": left})
        try:
            await anyio.to_thread.run_sync(lambda: found[0].unlink(missing_ok=True))
        except OSError:
            return await self._page(request, "unwritable", id)
        await self.house.rooms.changes.record(
            identity, address_of(request), f"playlist.{id}", "remove", {"file": name}, None
        )
        return RedirectResponse(f"{PATH}#list-{id}", 303)

    async def remove(self, request: Request) -> Response:
        """None of the hall's any more; what was sent here is deleted with it."""
        identity = await require(request, ADMINS)
        id = (await read_form(request)).get("playlist", "")
        section = self._section(id)
        left = {name: one for name, one in self._all().items() if name != id}
        try:
            await self.house.settings.change("playlists", left, identity, address_of(request))
        except ConfigError:  # a board plays it
            return await self._page(request, "used", id)
        own = self.house.folder.path.resolve() / OWN / id
        if Path(section.folder) == own:
            await anyio.to_thread.run_sync(lambda: shutil.rmtree(own, ignore_errors=True))
        return RedirectResponse(PATH, 303)

    async def _change(self, request: Request, id: str, values: dict[str, Any]) -> None:
        identity, table = await require(request, ADMINS), self._all()
        table[id] = table.get(id, {}) | values
        await self.house.settings.change("playlists", table, identity, address_of(request))

    def _all(self) -> dict[str, Any]:
        """As they are set: the folders of those that were made here, within the data folder."""
        own = self.house.settings.own("playlists")
        return own or msgspec.to_builtins(self.house.config.playlists)

    def _section(self, id: str) -> PlaylistSection:
        found = self.house.config.playlists.get(id)
        if found is None:
            raise Problem(404, "not_found")
        return found

    async def _read(self, id: str) -> Shelf:
        section = self._section(id)
        found = await anyio.to_thread.run_sync(read, section)
        return Shelf(id, section, found.items, found.broken)

    async def _page(self, request: Request, fault: str = "", at: str = "") -> Response:
        identity = await require(request, ADMINS)
        return self.house.front.templates.page(
            request, "admin/playlists.html", 422 if fault else 200,
            sections=sections_of(identity), section="/admin/displays", fault=fault, at=at,
            shelves=[await self._read(id) for id in self.house.config.playlists],
        )  # fmt: skip


def _number(text: str) -> int:
    """-1 where it is none: the configuration says what is expected."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1
