"""HTML forms, as browsers send them without files."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from .problems import Problem

TYPE = "application/x-www-form-urlencoded"
MOST = 400
"""Fields of one form."""


async def read_form(request: Request) -> dict[str, str]:
    """A form's fields; of one that came twice, the last.

    Raises Problem 415 for another content type, 400 for what is no form.
    """
    return dict(await read_pairs(request))


async def read_pairs(request: Request, most: int = MOST) -> list[tuple[str, str]]:
    """A form's fields as they came, up to `most`: boxes of one name come several times.

    Raises as `read_form` does.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if not body:
        return []
    if kind != TYPE:
        raise Problem(415, "unsupported_media_type", wanted=TYPE)
    try:
        return parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=most, errors="strict"
        )
    except ValueError:
        raise Problem(400, "bad_request") from None


def same_site(path: str) -> str:
    """A path of this site to go on to, or "" when it leads anywhere else.

    Browsers drop tabs and newlines, and read `\\` as `/`: such a path could name a host.
    """
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else ""


def host_of(url: str) -> str:
    """Host and port of an absolute URL in lower case; "" for anything else ("null" included)."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
