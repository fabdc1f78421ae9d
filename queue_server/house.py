"""What every surface is handed: the parts of a running hall, put together by `app`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .glance import Glance

if TYPE_CHECKING:
    from .backups import Replacement
    from .catalogue import Catalogue
    from .clock import Clock
    from .config import Config
    from .core.model import Hall
    from .core.plan import Plan
    from .desk import Desk
    from .folder import Folder
    from .live.hub import Hub
    from .rooms import Rooms
    from .settings import Settings
    from .speech.voice import Voice
    from .web.front import Front
    from .web.office import Office


@dataclass(slots=True)
class House:
    """A running hall."""

    clock: Clock
    desk: Desk
    office: Office
    hub: Hub
    rooms: Rooms
    voice: Voice | None
    newest: Catalogue
    """The catalogue that was read last; perhaps not in force yet."""
    front: Front
    """Templates, translations, static files: `front.templates.page(request, …)`."""
    folder: Folder
    url: str
    """The address that phones reach, without a slash at the end."""

    catalogues: dict[str, Catalogue] = field(default_factory=dict)
    """Others that were read, by their hash."""
    importing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a catalogue comes into force: one at a time."""
    replace: Callable[[Replacement], None] | None = None
    """Stops this hall in order and starts it again on other data; None: its process can't."""

    glance: Glance = field(default_factory=Glance)
    """What is found out of the day once a minute (see `glance`)."""

    @property
    def config(self) -> Config:
        """The configuration in force: the file's, with what was set in the browser over it."""
        return self.rooms.settings.config

    @property
    def settings(self) -> Settings:
        """What administrators set in the browser."""
        return self.rooms.settings

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force: the one that the durable plan names."""
        return self.catalogues.get(self.hall.plan.catalogue, self.newest)

    def plan_for(self, catalogue: Catalogue) -> Plan:
        """What the rules need, were this catalogue in force, as everything else is set now."""
        return catalogue.plan(self.config.rule_hours(), self.config.rule_policy())

    @property
    def hall(self) -> Hall:
        """The durable hall: read it, never change it."""
        return self.desk.hall
