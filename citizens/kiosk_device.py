"""`/kiosk/device`: the one address of a registered kiosk. It shows a code until a supervisor has
entered it in administration, then goes to the kiosk as it was set.

Each of a registered kiosk's screens reports once a minute, and hears by the answer that it was set
otherwise or revoked; it follows from its first screen, so that nobody is interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import KioskSetting
from queue_server.enrolment import Enrolment
from queue_server.house import House

PATH = "/kiosk/device"
COOKIE = "kiosk"
"""Which revision of its settings a kiosk shows; its script reads it."""
YEAR = 365 * 24 * 3600


def routes(house: House) -> list[Route]:
    """The address, how a registration begins, and how a kiosk reports."""
    enrolment = Enrolment(
        house, house.rooms.kiosks, "kiosk", PATH, "/admin/kiosks", "citizens/kiosk_device.html"
    )
    pages = _Kiosk(enrolment)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/registrations", enrolment.begin, methods=["POST"]),
        Route(f"{PATH}/reports", pages.report, methods=["POST"]),
    ]


@dataclass(frozen=True)
class _Kiosk:
    enrolment: Enrolment[KioskSetting]

    async def page(self, request: Request) -> Response:
        """GET /kiosk/device: on to the kiosk, the code, or how to begin."""
        kiosk = self.enrolment.device(request)
        if kiosk is None:
            response = await self.enrolment.page(request)
            response.delete_cookie(COOKIE, path="/kiosk")
            return response
        asked = urlencode({"printer": kiosk.setting.printer} if kiosk.setting.printer else {})
        response = RedirectResponse(f"/kiosk?{asked}" if asked else "/kiosk", 303)
        response.set_cookie(
            COOKIE, str(kiosk.revision), max_age=YEAR, path="/kiosk", samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    async def report(self, request: Request) -> Response:
        """POST /kiosk/device/reports: the kiosk is there; the revision of its settings."""
        kiosk, response = await self.enrolment.report(request)
        answer = Response(
            msgspec.json.encode({"revision": kiosk.revision}), media_type="application/json"
        )
        for name, value in response.headers.items():
            if name == "set-cookie":
                answer.headers.append(name, value)
        return answer
