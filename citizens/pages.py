"""What the handlers of this surface share: a page in a chosen language, and the reader's choice."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from queue_server.house import House


def rendered(
    house: House, name: str, language: str, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page in that language, whatever the browser prefers; it leaves no cookie behind.

    A kiosk speaks the language of who stands there, a phone that of its ticket.
    """
    content = house.front.templates.fragment(f"citizens/{name}", language, **values)
    return HTMLResponse(content, status, {"Content-Language": language})


def language_in(house: House, asked: str | None, otherwise: str = "") -> str:
    """The asked language if the hall has it, else `otherwise` if it has that, else its own."""
    languages = house.config.languages.pages
    return next((one for one in (asked, otherwise) if one in languages), languages[0])


def whole(request: Request, name: str) -> int:
    """A small whole number from the query; 1 when it is missing or none."""
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 1
