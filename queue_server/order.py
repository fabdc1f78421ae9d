"""A command on its way through the Desk, and what it can come to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import ClassVar

from .core import commands as c
from .core.events import Entry
from .core.language import in_language
from .core.model import Receipt


class Unavailable(Exception):
    """The command was not taken for a reason that passes. `retry_after` is in seconds."""

    SENTENCES: ClassVar[dict[str, dict[str, str]]] = {
        "journal_full": {
            "id": "Penyimpanan penuh: nomor baru belum dapat diambil. Hubungi petugas.",
            "en": "Storage is full: no new numbers for now. Please tell the staff.",
        },
        "journal_unavailable": {
            "id": "Perubahan belum dapat disimpan. Tunggu sebentar, lalu ulangi.",
            "en": "The change could not be stored. Wait a moment, then try again.",
        },
        "storage_unavailable": {
            "id": "Data belum dapat disimpan. Tunggu sebentar, lalu ulangi.",
            "en": "The data could not be stored. Wait a moment, then try again.",
        },
        "stopping": {
            "id": "Server sedang dihentikan. Ulangi sebentar lagi.",
            "en": "The server is stopping. Try again in a moment.",
        },
    }

    def __init__(self, code: str, retry_after: int = 2) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after

    def sentence(self, language: str) -> str:
        """The reason for a person."""
        return in_language(self.SENTENCES[self.code], language)


class KeyReused(Exception):
    """An idempotency key came again with another request."""


Outcome = tuple[Entry, ...] | Receipt | Exception
"""What a command came to: its new entries, the receipt of its first time, or a reason why not."""


@dataclass(slots=True, eq=False)
class Order:
    """A command on its way through the Desk."""

    command: c.Command
    key: str
    digest: str
    answer: asyncio.Future[Outcome]
    outcome: Outcome = field(default=())
