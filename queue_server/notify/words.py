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
    "ticket.step_served": {
        "id": ("Lanjut ke {zone}", "Nomor {number} tetap sama. Berikutnya: {service}."),
        "en": ("Go on to {zone}", "Number {number} stays the same. Next: {service}."),
    },
    "ticket.rerouted": {
        "id": ("Lebih cepat di {zone}", "Nomor {number} sekarang antre untuk {service}."),
        "en": ("Faster at {zone}", "Number {number} now waits for {service}."),
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

    def name(what: str) -> str:
        names: dict[str, str] = data.get(f"{what}_name") or {}
        return names.get(language) or str(data.get(what, ""))

    values = {
        "number": data["number"],
        "position": data.get("position", ""),
        "counter": name("counter"),
        "service": name("service"),
        "zone": name("zone") or name("service"),
    }
    title, body = WORDS[kind][language]
    return title.format(**values), body.format(**values)
