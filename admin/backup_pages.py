"""Backups: made and taken away, kept every night, rehearsed, and put in place of the data.

A restore stops the hall as at a stop and starts it as at a start, in the same process and on the
same socket (`process.Lives`): memory is folded from the restored files alone, and who calls in
between waits. Putting files under a running Desk could not be made safe.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from queue_server.backup_worker import BackupFailed
from queue_server.backups import Kept, Replacement, Staged, report_of
from queue_server.config import ConfigError
from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.identity import Identity
from queue_server.web.problems import Problem
from queue_server.web.uploads import receive
from queue_server.web.visit import address_of, language_of, require

from . import backup
from .sections import ADMINS, sections_of

PATH = "/admin/backup"
PATIENCE = 4.0
"""Seconds that an answer waits for a backup; a large one is then made behind the page."""


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = BackupPages(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/runs", pages.make, methods=["POST"]),
        Route(f"{PATH}/files/{{name}}", pages.download, methods=["GET"]),
        Route(f"{PATH}/files/{{name}}/rehearsals", pages.rehearse, methods=["POST"]),
        Route(f"{PATH}/uploads", pages.upload, methods=["POST"]),
        Route(f"{PATH}/settings", pages.change, methods=["POST"]),
        Route(f"{PATH}/restores", pages.restore, methods=["POST"]),
        Route(f"{PATH}/dismissals", pages.dismiss, methods=["POST"]),
    ]


@dataclass(frozen=True)
class BackupPages:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, ADMINS)
        return await self._page(request)

    async def make(self, request: Request) -> Response:
        """Make one now; one that takes long is waited for on the page."""
        identity = await require(request, ADMINS)
        if self.house.rooms.backups.busy:
            return RedirectResponse(PATH, 303)
        making = asyncio.ensure_future(self.house.rooms.backups.make(identity, address_of(request)))
        making.add_done_callback(_looked_at)
        await asyncio.wait({making}, timeout=PATIENCE)
        return RedirectResponse(PATH, 303)

    async def download(self, request: Request) -> Response:
        """A kept file, which was verified before it had its name; who took it is recorded."""
        identity = await require(request, ADMINS)
        name = request.path_params["name"]
        path = self.house.rooms.backups.path(name)
        await self.house.rooms.changes.record(
            identity, address_of(request), f"backup.{name}", "export"
        )
        # As it is, not packed on the way: its length is said, so that a part of it is known as one.
        headers = {"Content-Encoding": "identity"}
        return FileResponse(path, filename=name, media_type="application/x-tar", headers=headers)

    async def rehearse(self, request: Request) -> Response:
        """Look at a kept file as if it were to be restored."""
        identity = await require(request, ADMINS)
        name = request.path_params["name"]
        path = self.house.rooms.backups.path(name)
        staged = await self.house.rooms.backups.rehearse(path, name, ours=True)
        await self._note(identity, request, staged)
        return RedirectResponse(f"{PATH}#trial", 303)

    async def upload(self, request: Request) -> Response:
        """Take a file in and look at it; whatever it is, the hall goes on."""
        identity = await require(request, ADMINS)
        backups = self.house.rooms.backups
        length = request.headers.get("content-length", "0")
        if not backups.has_room(int(length) if length.isdecimal() else 0):
            return await self._page(request, 422, wrong="disk")
        with backups.receiving() as target:
            try:
                name = await receive(request, "file", target)
            except OSError as error:
                return await self._page(request, 422, wrong="disk", said=str(error))
            if not name:
                return await self._page(request, 422, wrong="file")
            staged = await backups.rehearse(target, name, ours=False)
        await self._note(identity, request, staged)
        return RedirectResponse(f"{PATH}#trial", 303)

    async def change(self, request: Request) -> Response:
        """Another schedule."""
        identity = await require(request, ADMINS)
        form = await read_form(request)
        settings = self.house.settings
        seen = form.get("seen", "")
        try:
            await settings.change(
                "backup", settings.own("backup") | backup.values_of(form), identity,
                address_of(request), seen=int(seen) if seen.isascii() and seen.isdecimal() else -1,
            )  # fmt: skip
        except ConfigError as error:
            return await self._page(request, 422, form, "setting", str(error))
        except Problem as problem:
            if problem.code != "changed_since":
                raise
            said = problem.sentence(language_of(request))
            return await self._page(request, 409, form, "changed", said)
        return RedirectResponse(f"{PATH}#schedule", 303)

    async def restore(self, request: Request) -> Response:
        """Put what was rehearsed in place of the data."""
        identity = await require(request, ADMINS)
        form = await read_form(request)
        staged = self._staged(form.get("key", ""))
        if self.house.replace is None:
            raise Problem(409, "restore_elsewhere")
        if not backup.same_name(form.get("name", ""), self.house.config.hall.name):
            return await self._page(request, 422, form, "name")
        epoch = self.house.desk.epoch
        self.house.replace(
            Replacement(
                staged.copy, identity, address_of(request),
                {"entry": self.house.hall.version}, report_of(staged),
            )
        )  # fmt: skip
        return self.house.front.templates.page(
            request, "admin/backup_restoring.html", 202, epoch=epoch, back=PATH
        )

    async def dismiss(self, request: Request) -> Response:
        """Throw away what was rehearsed."""
        await require(request, ADMINS)
        form = await read_form(request)
        self._staged(form.get("key", ""), sound=False)
        self.house.rooms.backups.forget()
        return RedirectResponse(PATH, 303)

    # Within -------------------------------------------------------------------------------

    def _staged(self, key: str, *, sound: bool = True) -> Staged:
        """What was rehearsed and shown. Raises Problem 409: it is another one by now, or gone."""
        staged = self.house.rooms.backups.staged
        if staged is None or staged.key != key or (sound and staged.report.fault):
            raise Problem(409, "rehearsal_gone")
        return staged

    async def _note(self, identity: Identity, request: Request, staged: Staged) -> None:
        fault = staged.report.fault
        await self.house.rooms.changes.record(
            identity, address_of(request), "backup.rehearsal", "run", None,
            {"file": staged.name, "sound": not fault, "fault": fault},
        )  # fmt: skip

    async def _page(
        self, request: Request, status: int = 200, form: dict[str, str] | None = None,
        wrong: str = "", said: str = "",
    ) -> Response:  # fmt: skip
        identity = await require(request, ADMINS)
        house, backups, language = self.house, self.house.rooms.backups, language_of(request)
        config, now = house.config, house.clock.now()
        return house.front.templates.page(
            request, "admin/backup.html", status,
            sections=sections_of(identity), section=PATH,
            rows=backup.rows(await asyncio.to_thread(backups.kept), now, language),
            busy=backups.busy, late=backups.late, failure=backups.failure,
            fields=backup.schedule(config.backup, house.settings.pinned("backup"), form or {}),
            seen=house.settings.revision("backup"), folder=str(config.backup.folder),
            trial=backup.trial(backups.staged), able=house.replace is not None,
            hall=config.hall.name, typed=(form or {}).get("name", ""), wrong=wrong, said=said,
        )  # fmt: skip


def _looked_at(making: asyncio.Future[Kept]) -> None:
    """The page shows what went wrong: nobody else asks."""
    with suppress(BackupFailed, asyncio.CancelledError):
        making.result()
