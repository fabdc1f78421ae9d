"""The phone page as a web app: its manifest, and the worker that shows the last state offline and
a call though the page is closed. Both need https; without it the page is as good as before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.house import House

from .phone_holder import Holder

WORKER = Path(__file__).parent.parent / "static" / "js" / "phone-worker.js"
SHELL = ("css/phone.css", "js/live.js", "js/phone.js", "js/phone-app.js")
"""What the page needs besides itself."""
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


def routes(house: House) -> list[Route]:
    """Before the tickets' own addresses: `worker.js` is no token."""
    app = PhoneApp(house, WORKER.read_text(encoding="utf-8"))
    return [
        Route("/t/worker.js", app.worker),
        Route("/t/{token}/app.webmanifest", app.manifest),
    ]


@dataclass(frozen=True)
class PhoneApp:
    """The handlers, for one house."""

    house: House
    script: str

    async def worker(self, request: Request) -> Response:
        """The service worker. It names the build, so that another build is another worker."""
        assets = self.house.front.assets
        shell = msgspec.json.encode([assets.url(name) for name in SHELL]).decode()
        icon = assets.url("icons/phone-192.png")
        head = f'var BUILD = "{assets.build}", SHELL = {shell}, ICON = "{icon}";\n'
        headers = {"Cache-Control": "no-cache"}
        return Response(head + self.script, headers=headers, media_type="text/javascript")

    async def manifest(self, request: Request) -> Response:
        """Starts at this ticket: an app on the home screen has a memory of its own (iOS)."""
        holder, url = Holder(self.house, request), self.house.front.assets.url
        said = {
            "id": "/t/", "scope": "/t/", "start_url": holder.address, "display": "standalone",
            "name": f"Antrean {self.house.config.hall.name}", "short_name": "Antrean",
            "lang": holder.language, "background_color": "#ffffff", "theme_color": "#0b4a7a",
            "icons": [
                {
                    "src": url(f"icons/phone-{'maskable' if use == 'maskable' else size}.png"),
                    "sizes": f"{size}x{size}", "type": "image/png", "purpose": use,
                }
                for size, use in ICONS
            ],
        }  # fmt: skip
        return Response(msgspec.json.encode(said), media_type="application/manifest+json")
