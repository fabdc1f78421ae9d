"""The web room put together: what `app` makes of it, and what surfaces are handed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from ..core.refusals import Refusal
from ..order import KeyReused, Unavailable
from .answers import Answers
from .assets import Assets
from .i18n import Translations
from .identity import Role
from .office import Office
from .problems import Problem
from .security import Security
from .sign_in import Changed, SignIn
from .templates import Templates

HERE = Path(__file__).parent
HOMES: Mapping[Role, str] = {
    "admin": "/admin", "supervisor": "/supervisor", "operator": "/counters",
    "kiosk": "/kiosk", "display": "/displays/hall",
}  # fmt: skip
LARGE: Mapping[str, int] = {
    "/local/": 16 * 1024 * 1024,
    "/admin/tracking/imports": 1024 * 1024,
    "/admin/survey/import": 5 * 1024 * 1024,
    "/admin/backup/uploads": 4 * 1024 * 1024 * 1024,
    "/setup/files": 8 * 1024 * 1024,
    "/admin/catalogue/imports": 8 * 1024 * 1024,
    "/admin/catalogue/": 256 * 1024,
    "/admin/displays/playlists/uploads": 512 * 1024 * 1024,
}
"""Where more than a form is sent: the command line's chores carry whole catalogues, staff send
spreadsheets."""


@dataclass(frozen=True, slots=True)
class Front:
    """Templates, translations and static files, and the layers around every request."""

    office: Office
    translations: Translations
    assets: Assets
    templates: Templates
    answers: Answers

    @classmethod
    def make(
        cls,
        *,
        office: Office,
        static: Path,
        surfaces: Sequence[Path],
        languages: Sequence[str],
        zone: str,
        hall: str,
        sso: str = "",
    ) -> Front:
        """`surfaces` are folders with `templates/` and `locale/`; `zone` an IANA name;
        `sso` what the identity provider is called ("": there is none)."""
        folders = [HERE, *surfaces]
        translations = Translations(folders, languages)
        templates = [folder / "templates" for folder in folders]
        counted = [file for folder in templates for file in folder.rglob("*") if file.is_file()]
        assets = Assets(static, [*counted, *translations.files])
        shown = Templates(templates, assets, translations, zone=zone, hall=hall, sso=sso)
        return cls(office, translations, assets, shown, Answers(shown))

    def routes(
        self, homes: Mapping[Role, str] = HOMES, changed: Changed | None = None
    ) -> list[BaseRoute]:
        """Static files and the sign-in; `changed` is told of passwords that people choose."""
        sign_in = SignIn(self.office, self.templates, homes, changed)
        return [*self.assets.routes(), *sign_in.routes()]

    def middleware(
        self,
        *,
        frame_ancestors: Sequence[str] = (),
        origins: Sequence[str] = (),
        bodies: Mapping[str, int] = LARGE,
    ) -> list[Middleware]:
        """The layer around every request; nothing that reads the request may stand outside it.

        `origins`: other addresses of this server, for proxies that rewrite Host.
        """
        return [
            Middleware(
                Security, office=self.office, answers=self.answers,
                languages=self.translations.languages, frame_ancestors=frame_ancestors,
                origins=origins, bodies=bodies,
            )
        ]  # fmt: skip

    def handlers(self) -> dict[Any, Any]:
        """Exception handlers for Starlette: every refusal is a problem."""
        kinds = (Problem, Refusal, Unavailable, KeyReused, HTTPException)
        return dict.fromkeys(kinds, self.answers.handle)
