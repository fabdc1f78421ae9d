"""The browser's own secret: a random cookie that limits what one phone may book. Names nobody."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "device"
SECRET = re.compile(r"[A-Za-z0-9_-]{20,64}")
YEAR = 365 * 24 * 3600


def device_of(request: Request) -> str:
    """The browser's secret, or ""."""
    found = request.cookies.get(COOKIE, "")
    return found if SECRET.fullmatch(found) else ""


def known_as(device: str, request: Request, response: Response) -> Response:
    """The response, with the secret for the next time. It is set only by who books something."""
    response.set_cookie(
        COOKIE, device, max_age=YEAR, samesite="lax", httponly=True,
        secure=request.url.scheme == "https", path="/booking",
    )  # fmt: skip
    return response
