"""Files to take away."""

from __future__ import annotations

from starlette.responses import Response

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "toml": "application/toml",
}


def download(data: bytes, name: str) -> Response:
    """A file under a name of ASCII letters, digits, dots and hyphens."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=headers, media_type=KINDS[name.rpartition(".")[2]])
