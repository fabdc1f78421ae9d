"""The kiosk's requests about several matters under one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.house import House

from . import kiosk_journey, kiosk_paper
from .kiosk import View
from .kiosk_journey import OWN
from .kiosk_pages import Kiosk
from .kiosk_paper import PaperChoice
from .kiosk_screens import JourneyScreen

Make = Callable[[View, str, str, PaperChoice | None], JourneyScreen]
"""From a view, the form's key, the ticket that it has taken already ("" none), and the paper."""


def routes(house: House) -> list[Route]:
    """The addresses of packages and of one's own choice."""
    kiosk = Kiosk(house)
    pages = Journeys(kiosk)
    return [
        Route("/kiosk/packages", kiosk.only_for_kiosks(pages.packages)),
        Route("/kiosk/packages/{package}", kiosk.only_for_kiosks(pages.package)),
        Route(f"/kiosk{OWN}", kiosk.only_for_kiosks(pages.own)),
    ]


@dataclass(frozen=True)
class Journeys:
    """The handlers, for one kiosk."""

    kiosk: Kiosk

    async def packages(self, request: Request) -> Response:
        view = self.kiosk.view(request)
        return self.kiosk.screen(view, "kiosk_packages", kiosk_journey.packages_screen(view))

    async def package(self, request: Request) -> Response:
        """A package that has left the catalogue leads to the others."""
        view = self.kiosk.view(request)
        package = view.catalogue.packages.get(request.path_params["package"])
        if package is None:
            return self.kiosk.to(view, "/packages")

        def make(view: View, key: str, taken: str, paper: PaperChoice | None) -> JourneyScreen:
            return kiosk_journey.package_screen(view, package, key, taken, paper)

        return self._form(request, view, f"/packages/{package.id}", make)

    async def own(self, request: Request) -> Response:
        """What was put together; nothing: the first screen."""
        view = self.kiosk.view(request)
        if not view.visit.chosen:
            return self.kiosk.to(view)
        return self._form(request, view, OWN, kiosk_journey.own_screen)

    def _form(self, request: Request, view: View, path: str, make: Make) -> Response:
        """The key is part of the address, so that "back" finds the same form."""
        key = self.kiosk.key_of(request.query_params)
        if not key:
            return self.kiosk.to(view, path, key=self.kiosk.new_key())
        taken = self.kiosk.taken(key)
        paper = kiosk_paper.choice(self.kiosk.house, view.visit)
        screen = make(view, key, taken.token if taken else "", paper)
        return self.kiosk.screen(view, "kiosk_journey", screen)
