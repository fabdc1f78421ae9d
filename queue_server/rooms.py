"""The rooms that remember something besides the journal: opened together, closed together.

Each has a SQLite file of its own in the data folder (`Folder.room`). A room knows no surface and
no Desk; what it needs of the hall it is handed.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from msgspec import Struct

from .backups import Backups
from .booking.bookings import Bookings
from .booking.codes import Seal
from .booking.presence import Presence
from .changes import Changes
from .clock import Clock, SystemClock
from .config import Config, KioskSetting, ScreenSection
from .devices import Devices
from .floor.room import Floor, limits_of
from .folder import Folder
from .notes import Notes, open_notes
from .notify.keys import kept
from .notify.room import Notify, open_notify
from .panels import Panels, check_panels
from .printing import Printing, check_profiles, served
from .reports.room import Reports
from .settings import Settings
from .survey.room import Survey, open_survey
from .tracking.room import Tracking

S = TypeVar("S", bound=Struct)


@dataclass(slots=True)
class Rooms:
    """What `house.rooms` offers."""

    changes: Changes
    settings: Settings
    survey: Survey
    notify: Notify
    tracking: Tracking
    printing: Printing
    bookings: Bookings
    presence: Presence
    floor: Floor
    panels: Panels
    notes: Notes
    screens: Devices[ScreenSection]
    kiosks: Devices[KioskSetting]
    reports: Reports
    backups: Backups

    async def check(self, config: Config) -> None:
        """What only the rooms can say of settings that shall come into force. Raises
        ConfigError."""
        check_panels(config.panels)
        fresh = {id: one for id, one in served(config.printers).items()
                 if one != self.printing.printers.get(id)}  # fmt: skip
        if fresh:
            await asyncio.to_thread(check_profiles, fresh)

    async def configure(self, config: Config) -> None:
        """Follow settings that have changed: each room what it reads of them."""
        hours = config.rule_hours()
        self.survey.configure(config)
        await self.notify.configure(config)
        self.tracking.configure(hours)
        self.bookings.configure(config.booking)
        self.presence.configure(config.booking.presence_seconds)
        await self.printing.configure(config.printers, config.printing.expire_minutes)
        await self.panels.configure(config.panels)
        self.floor.watch.limits = limits_of(config.alarms)
        self.notes.configure(hours, config.notes.keep_hours)
        self.backups.configure(config.backup, hours)


@contextlib.asynccontextmanager
async def open_rooms(
    file: Config, folder: Folder, clock: Clock, environ: Mapping[str, str] = {}
) -> AsyncIterator[Rooms]:
    """Every room, ready, as the file and the settings over it have it.

    Raises sqlite3.Error, ValueError when a file cannot be used, ConfigError.
    """
    async with contextlib.AsyncExitStack() as stack:
        changes = Changes(folder.room("changes"), clock)
        stack.push_async_callback(changes.close)
        await changes.open()
        settings = Settings(file, environ, changes, folder.room("secrets"))
        stack.push_async_callback(settings.close)
        await settings.open()
        config = settings.config
        notify = await stack.enter_async_context(open_notify(config, folder.path, clock))
        yield Rooms(
            changes=changes,
            settings=settings,
            survey=await stack.enter_async_context(open_survey(config, folder.room, clock)),
            notify=notify,
            tracking=await _tracking(stack, config, folder, clock, notify),
            printing=await _printing(stack, config, folder, clock),
            bookings=await _bookings(stack, config, folder, clock),
            presence=Presence(config.booking.presence_seconds),
            floor=await _floor(stack, config, folder),
            panels=_panels(stack, config, clock),
            notes=await stack.enter_async_context(_notes(config, folder, clock)),
            screens=await _devices(stack, folder, "screens", ScreenSection),
            kiosks=await _devices(stack, folder, "kiosks", KioskSetting),
            reports=_reports(stack, folder),
            backups=_backups(stack, config, folder, changes, clock),
        )


async def _tracking(
    stack: contextlib.AsyncExitStack, config: Config, folder: Folder, clock: Clock, notify: Notify
) -> Tracking:
    tracking = Tracking(folder.room("tracking"), clock, config.rule_hours(), notify.emit)
    stack.push_async_callback(tracking.close)
    await tracking.open()
    return tracking


async def _printing(
    stack: contextlib.AsyncExitStack, config: Config, folder: Folder, clock: Clock
) -> Printing:
    printing = Printing(
        folder.room("printing"), config.printers, config.printing.expire_minutes, clock
    )
    stack.push_async_callback(printing.close)
    await printing.open()
    return printing


async def _devices(
    stack: contextlib.AsyncExitStack, folder: Folder, name: str, kind: type[S]
) -> Devices[S]:
    # By the machine's clock: devices report every minute, whatever a demo's day does.
    devices = Devices(folder.room(name), SystemClock(), kind)
    stack.push_async_callback(devices.close)
    await devices.open()
    return devices


def _panels(stack: contextlib.AsyncExitStack, config: Config, clock: Clock) -> Panels:
    panels = Panels(config.panels, clock)
    stack.push_async_callback(panels.close)
    return panels


def _reports(stack: contextlib.AsyncExitStack, folder: Folder) -> Reports:
    reports = Reports(folder.path / "reports.duckdb")  # no .db: a backup leaves it out
    stack.push_async_callback(reports.close)
    return reports


def _backups(
    stack: contextlib.AsyncExitStack, config: Config, folder: Folder, changes: Changes, clock: Clock
) -> Backups:
    backups = Backups(folder, config.backup, changes, clock, config.rule_hours())
    stack.push_async_callback(backups.close)
    return backups


async def _bookings(
    stack: contextlib.AsyncExitStack, config: Config, folder: Folder, clock: Clock
) -> Bookings:
    seal = Seal(kept(folder.path / "booking.key", lambda: secrets.token_bytes(32)))
    bookings = Bookings(folder.room("bookings"), config.booking, seal, clock)
    stack.push_async_callback(bookings.close)
    await bookings.open()
    return bookings


async def _floor(stack: contextlib.AsyncExitStack, config: Config, folder: Folder) -> Floor:
    floor = Floor(folder.room("floor"), limits_of(config.alarms))
    stack.push_async_callback(floor.close)
    await floor.open()
    return floor


def _notes(
    config: Config, folder: Folder, clock: Clock
) -> contextlib.AbstractAsyncContextManager[Notes]:
    return open_notes(folder.room("notes"), clock, config.rule_hours(), config.notes.keep_hours)
