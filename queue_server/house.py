"""What every surface is handed: the parts of a running hall, put together by `app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .clock import Clock
    from .config import Config
    from .core.model import Hall
    from .desk import Desk
    from .live.hub import Hub
    from .speech.voice import Voice
    from .web.front import Front
    from .web.office import Office


@dataclass(slots=True)
class House:
    """A running hall. `catalogue` is replaced when another one comes into force."""

    config: Config
    clock: Clock
    desk: Desk
    office: Office
    hub: Hub
    voice: Voice | None
    catalogue: Catalogue
    front: Front
    """Templates, translations, static files: `front.templates.page(request, …)`."""
    url: str
    """The address that phones reach, without a slash at the end."""

    @property
    def hall(self) -> Hall:
        """The durable hall: read it, never change it."""
        return self.desk.hall
