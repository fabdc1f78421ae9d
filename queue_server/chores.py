"""What the command line does to a hall, beside a running server or without one.

A chore is a function of an open house. With a server running, the command asks it to do the
chore (`POST /local/...` with the secret of the folder's lock file, readable by its own user);
without one, the command opens the house itself. One code for both.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import sqlite3
from collections.abc import Awaitable, Callable, Container
from pathlib import Path

import httpx2
import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .adoption import adopt_file
from .backup import back_up
from .catalogue import CatalogueError, files
from .core.commands import Bounds
from .core.digest import digest
from .core.refusals import Refusal
from .folder import Folder, Holder
from .house import House
from .integrity import problems
from .order import Unavailable
from .reporting import for_programs, reported, written
from .reports.query import DIMENSIONS, FILTERS, Query
from .staff import PROGRAM, Staff, end_of
from .web.people import Terms, checked_scopes
from .web.problems import Problem


class ChoreFailed(Exception):
    """The chore could not be done; the message is one line for the person who asked."""


class Outcome(Struct, frozen=True):
    """What a chore prints; `wrong` when it found something that is not as it should be."""

    text: str
    wrong: bool = False


Chore = Callable[[House, Folder, dict[str, str]], Awaitable[Outcome]]


async def add_user(house: House, folder: Folder, given: dict[str, str]) -> Outcome:
    """A new user; prints the one-time password."""
    bounds = _bounds(house, given)
    _, password = await Staff(house).add_user(PROGRAM, given["name"], given["role"], bounds)
    return Outcome(password)


async def add_token(house: House, folder: Folder, given: dict[str, str]) -> Outcome:
    """A new API token; prints it."""
    expires = end_of(given.get("until", ""), house.config.hall.timezone)
    scopes = checked_scopes(given.get("scope", "").split())
    terms = Terms(_bounds(house, given), scopes, expires)
    return Outcome(await Staff(house).add_token(PROGRAM, given["name"], given["role"], terms))


def _bounds(house: House, given: dict[str, str]) -> Bounds:
    """The agencies and zones that were named. Raises ValueError: there is none of that id."""
    catalogue = house.catalogue
    named: dict[str, frozenset[str]] = {}
    for kind, known in (("agency", {*catalogue.agencies}), ("zone", {*catalogue.zones})):
        named[kind] = frozenset(given.get(kind, "").split())
        for unknown in sorted(named[kind] - known):
            raise ValueError(f"--{kind}: expected one of the catalogue's, found {unknown!r}")
    return Bounds(named["agency"], named["zone"])


async def import_catalogue(house: House, folder: Folder, given: dict[str, str]) -> Outcome:
    """Put another catalogue in force, at once where a server runs."""
    await adopt_file(house, base64.b64decode(given["data"]), given["name"])
    catalogue = house.catalogue
    counts = f"{len(catalogue.agencies)} agencies, {len(catalogue.services)} services"
    return Outcome(f"{counts}, {len(catalogue.counters)} counters")


async def export_catalogue(house: House, folder: Folder, given: dict[str, str]) -> Outcome:
    """The catalogue in force, as the file's name wants it; prints it in base64."""
    path = Path(given["name"])
    format = files.format_of(path.name)
    document, pages = house.catalogue.document, house.config.languages.pages
    languages = tuple(one for one in pages if one not in ("id", "en"))
    data = await asyncio.to_thread(files.write, document, format, path.stem, "id", languages)
    return Outcome(base64.b64encode(data).decode())


async def report(house: House, folder: Folder, given: dict[str, str]) -> Outcome:
    """A report of some days, as a file of the kind that its name says."""
    path = Path(given["file"])
    format = path.suffix.removeprefix(".").lower()
    if format not in ("xlsx", "csv", "pdf", "json"):
        raise ValueError(f"{path.name}: expected .xlsx, .csv, .pdf or .json")
    if given["by"] not in DIMENSIONS:
        raise ValueError(f"--by: expected one of {', '.join(filter(None, DIMENSIONS))}")
    only = _only(house, given.get("only", ""))
    query = Query(first=given["first"], last=given["last"], by=given["by"], only=only)
    if format == "json":
        data = await for_programs(house, query, given["language"])
    else:
        made = await reported(house, query, given["language"])
        data = await written(made, format)  # type: ignore[arg-type]  # one of them
    await asyncio.to_thread(path.write_bytes, data)
    return Outcome(f"{path}: {query.first} to {query.last}")


def _only(house: House, text: str) -> dict[str, tuple[str, ...]]:
    """A line for each: agency=imigrasi,dukcapil"""
    named = house.catalogue.named
    known: dict[str, Container[str]] = {
        "agency": named.agencies, "service": named.services, "zone": named.zones,
        "counter": named.counters,
    }  # fmt: skip
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        name, equals, values = line.partition("=")
        if not equals:
            raise ValueError(f"--only: expected {' or '.join(FILTERS)}=VALUE, found {line!r}")
        found[name] = (*found.get(name, ()), *values.split(","))
    for name, values_ in found.items():
        for value in values_:
            if value not in known.get(name, values_):
                raise ValueError(f"--only {name}: there was never any {value!r}")
    return found


async def verify(house: House, folder: Folder, given: dict[str, str]) -> Outcome:
    """Check the folder against the living hall."""
    live = (house.hall.version, digest(house.hall))
    found = await asyncio.to_thread(problems, folder, live)
    return Outcome("\n".join(found) or "sound", bool(found))


async def backup(house: House, folder: Folder, given: dict[str, str]) -> Outcome:
    """A verified copy of everything in one file."""
    size = await asyncio.to_thread(back_up, folder, Path(given["file"]))
    return Outcome(f"{given['file']}: {size} bytes, verified")


CHORES: dict[str, Chore] = {
    "user-add": add_user,
    "token-add": add_token,
    "catalogue-import": import_catalogue,
    "catalogue-export": export_catalogue,
    "report": report,
    "verify": verify,
    "backup": backup,
}


async def do(house: House, folder: Folder, chore: str, given: dict[str, str]) -> Outcome:
    """Do a chore. Raises ChoreFailed with one line."""
    try:
        return await CHORES[chore](house, folder, given)
    except (Refusal, Unavailable) as error:
        raise ChoreFailed(error.sentence("en")) from None
    except Problem as error:
        raise ChoreFailed(error.sentence("en")) from None
    except (CatalogueError, OSError, ValueError, sqlite3.Error) as error:
        raise ChoreFailed(str(error)) from None


def routes(house: House, folder: Folder) -> list[Route]:
    """The running server's side."""

    async def serve(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {folder.secret}".encode()):
            return JSONResponse({"error": "not the folder's own user"}, 403)
        chore = request.path_params["chore"]
        if chore not in CHORES:
            return JSONResponse({"error": f"there is no {chore}"}, 404)
        try:
            outcome = await do(house, folder, chore, await request.json())
        except ChoreFailed as error:
            return JSONResponse({"error": str(error)}, 409)
        return Response(msgspec.json.encode(outcome), media_type="application/json")

    return [Route("/local/{chore}", serve, methods=["POST"])]


async def ask(holder: Holder, chore: str, given: dict[str, str]) -> Outcome:
    """The command's side: have the running server do it. Raises ChoreFailed."""
    if not holder.url:
        raise ChoreFailed("the server is still starting; try again in a moment")
    headers = {"Authorization": f"Bearer {holder.secret}"}
    # No proxies from the environment: the holder is on this machine.
    async with httpx2.AsyncClient(timeout=600, trust_env=False, headers=headers) as client:
        try:
            answer = await client.post(f"{holder.url}/local/{chore}", json=given)
        except httpx2.HTTPError as error:
            raise ChoreFailed(f"the running server does not answer: {error}") from None
    if answer.status_code != 200:
        said = answer.json()
        raise ChoreFailed(said.get("error") or said["detail"])
    return msgspec.json.decode(answer.content, type=Outcome)
