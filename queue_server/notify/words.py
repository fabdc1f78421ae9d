"""What a notification on a phone says: (title, body) for each kind and language."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "ticket.called": {
        "id": ("Giliran Anda: {counter}", "Nomor {number}. Silakan menuju {counter} sekarang."),
        "en": ("Your turn: {counter}", "Number {number}. Please go to {counter} now."),
    },
    "ticket.recalled": {
        "id": ("Dipanggil lagi: {counter}", "Nomor {number}. Silakan menuju {counter} sekarang."),
        "en": ("Called again: {counter}", "Number {number}. Please go to {counter} now."),
    },
    "ticket.near": {
        "id": ("Sebentar lagi giliran Anda", "Nomor {number}: urutan ke-{position}."),
        "en": ("Almost your turn", "Number {number}: place {position} in line."),
    },
    "ticket.go": {
        "id": ("Saatnya menuju ruang layanan", "Nomor {number}: urutan ke-{position}."),
        "en": ("Time to come to the hall", "Number {number}: place {position} in line."),
    },
}


def said(kind: str, data: dict[str, Any]) -> tuple[str, str]:
    """Title and body of a message to a ticket's holder, in the ticket's language."""
    language = "en" if data["language"] == "en" else "id"
    names = data.get("counter_name") or {}
    values = {
        "number": data["number"],
        "position": data.get("position", ""),
        "counter": names.get(language) or data.get("counter", ""),
    }
    title, body = WORDS[kind][language]
    return title.format(**values), body.format(**values)
