"""Static files under one hashed folder: `/static/<build>/css/base.css`.

The hash covers every static file, template and translation, so what one file names relatively
(fonts in CSS, modules in JS) is as immutable as itself, and a page of another build is known
by that name. Only files that were there at the start are served: no path leads anywhere else.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from .problems import Problem

FOREVER = "public, max-age=31536000, immutable"
TYPES = {".woff": "font/woff", ".woff2": "font/woff2", ".js": "text/javascript",
         ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}  # fmt: skip
"""What the machine's own table may not know, or not alike everywhere."""
PLAYED = ("audio/", "video/")
"""Players ask for ranges, which a file on disk answers."""


class File(NamedTuple):
    """A static file: its place, content, type and entity tag."""

    path: Path
    content: bytes
    type: str
    tag: str


class Assets:
    """The files under `root`; `hashed_too` (templates, translations) only count for `build`."""

    def __init__(self, root: Path, hashed_too: Iterable[Path] = ()) -> None:
        self._files = {file.relative_to(root).as_posix(): _load(file) for file in _files(root)}
        digest = hashlib.sha256()
        for name, file in self._files.items():
            digest.update(f"{name}\0{file.tag}\0".encode())
        for path in sorted(hashed_too):
            digest.update(path.read_bytes())
        self.build = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file in this build. Raises KeyError: there is no such file."""
        self._files[name]
        return f"/static/{self.build}/{name}"

    def routes(self) -> list[Route]:
        """`/static/<build>/<name>` for ever; `/static/<name>` and older builds ask each time."""
        return [
            Route("/static/{name:path}", self._serve, name="static"),
            Route("/favicon.ico", self._icon),
        ]

    async def _icon(self, request: Request) -> Response:
        """What browsers ask for unasked: an answer spares each console a red line."""
        file = self._files.get("favicon.ico")
        headers = {"Cache-Control": "public, max-age=86400"}
        if file is None:
            return Response(status_code=204, headers=headers)
        return Response(file.content, headers=headers, media_type=file.type)

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        build, _, rest = name.partition("/")
        file, lasting = self._files.get(name), False
        if file is None:
            # A page of the build before still finds its files; it is about to reload.
            file, lasting = self._files.get(rest), build == self.build
        if file is None:
            raise Problem(404, "not_found")
        headers = {"ETag": file.tag, "Cache-Control": FOREVER if lasting else "no-cache"}
        if _has(request.headers.get("if-none-match", ""), file.tag):
            return Response(status_code=304, headers=headers)
        if file.type.startswith(PLAYED):
            return FileResponse(file.path, headers=headers, media_type=file.type)
        return Response(file.content, headers=headers, media_type=file.type)


def _files(root: Path) -> list[Path]:
    hidden = (path for path in root.rglob("*") if path.is_file())
    return sorted(path for path in hidden if not path.name.startswith("."))


def _load(path: Path) -> File:
    content = path.read_bytes()
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    return File(path, content, kind or "application/octet-stream", tag)


def _has(sent: str, tag: str) -> bool:
    """Whether If-None-Match names the tag; a proxy that compresses marks it as weak."""
    return any(part.strip().removeprefix("W/") == tag for part in sent.split(","))
