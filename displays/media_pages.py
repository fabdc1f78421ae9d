"""`/displays/media`: a playlist as its screens read it, and its files."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

import anyio.to_thread
import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from queue_server.config import PlaylistSection
from queue_server.house import House
from queue_server.playlists import Item, find, read
from queue_server.web.assets import FOREVER
from queue_server.web.problems import Problem


class Shown(Struct, frozen=True):
    """An item for the script: `seconds` 0 for a film's own length, `volume` 0 to 100."""

    url: str
    kind: Literal["image", "video"]
    seconds: int
    volume: int


def routes(house: House) -> list[Route]:
    """The list, and each file with ranges, for films are asked for in pieces."""

    def section(request: Request) -> PlaylistSection:
        name = request.path_params["playlist"]
        found = house.config.playlists.get(name)
        if found is None:
            raise Problem(404, "not_found")
        return found

    async def playlist(request: Request) -> Response:
        found = await anyio.to_thread.run_sync(read, section(request))
        items = [_shown(request.path_params["playlist"], item) for item in found.items]
        return Response(msgspec.json.encode({"items": items}), media_type="application/json")

    async def file(request: Request) -> Response:
        name = request.path_params["file"]
        found = await anyio.to_thread.run_sync(find, section(request), name)
        if found is None:
            raise Problem(404, "not_found")
        path, item = found
        lasting = request.query_params.get("v") == item.version
        headers = {"Cache-Control": FOREVER if lasting else "no-cache"}
        return FileResponse(path, headers=headers, media_type=item.type)

    return [
        Route("/displays/media/{playlist}", playlist, methods=["GET"]),
        Route("/displays/media/{playlist}/{file}", file, methods=["GET"]),
    ]


def _shown(playlist: str, item: Item) -> Shown:
    address = f"/displays/media/{playlist}/{quote(item.name)}?v={item.version}"
    return Shown(address, item.kind, item.seconds, item.volume)
