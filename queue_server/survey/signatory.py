"""Who signs a report."""

from __future__ import annotations

from msgspec import Struct


class Signatory(Struct, frozen=True):
    """Who signs, and where; "" leaves a line to fill in."""

    place: str = ""
    title: str = ""
    name: str = ""
    id: str = ""
