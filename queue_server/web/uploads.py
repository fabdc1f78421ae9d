"""One file of a form, written to disk as it comes: it may be larger than the memory."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import anyio.to_thread
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from .problems import Problem

TYPE = "multipart/form-data"
CHUNK = 1024 * 1024
"""Bytes that are written at once."""


async def receive(request: Request, field: str, target: Path) -> str:
    """Write the file of a form's field to `target`; its name as the browser gave it, "" when no
    file was chosen. Other fields count for nothing.

    Raises Problem 415 for another content type, 400 for what is no form or ends half-way;
    OSError. How much may come is the security layer's limit (`front.LARGE`).
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.decode("latin-1").lower() != TYPE or b"boundary" not in options:
        raise Problem(415, "unsupported_media_type", wanted=TYPE)
    with await anyio.to_thread.run_sync(open, target, "wb") as file:
        parts = _Parts(field)
        callbacks = {
            "on_part_begin": parts.begin, "on_header_field": parts.header_name,
            "on_header_value": parts.header_value, "on_header_end": parts.header,
            "on_headers_finished": parts.opened, "on_part_data": parts.data,
            "on_end": parts.end,
        }  # fmt: skip
        try:
            parser = MultipartParser(options[b"boundary"], callbacks)  # type: ignore[arg-type]  # its own names of the callbacks
            async for chunk in request.stream():
                parser.write(chunk)
                if len(parts.waiting) >= CHUNK:
                    await _write(file, parts)
            await _write(file, parts)
        except ValueError:  # the parser's errors are ValueErrors
            raise Problem(400, "bad_request") from None
    if not parts.ended:
        raise Problem(400, "bad_request")
    return parts.name


async def _write(file: BinaryIO, parts: _Parts) -> None:
    data, parts.waiting = bytes(parts.waiting), bytearray()
    await anyio.to_thread.run_sync(file.write, data)


class _Parts:
    """What the parser calls: the wanted part's bytes wait to be written."""

    def __init__(self, field: str) -> None:
        self.waiting = bytearray()
        self.name = ""
        self.ended = False
        self._field = field.encode()
        self._wanted = False
        self._header = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}

    def begin(self) -> None:
        self._wanted, self._headers = False, {}

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def header(self) -> None:
        name, value = map(bytes, self._header)
        self._headers[name.lower()] = value
        self._header = (bytearray(), bytearray())

    def opened(self) -> None:
        _, about = parse_options_header(self._headers.get(b"content-disposition", b""))
        if about.get(b"name") == self._field and not self.name:
            self.name = about.get(b"filename", b"").decode("utf-8", "replace")[:120]
            self._wanted = bool(self.name)

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._wanted:
            self.waiting += data[start:end]

    def end(self) -> None:
        self.ended = True
