"""What keeps a panel from showing the present, in words: the reason and the remedy."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.language import in_language
from .link import Reason

SENTENCES: Mapping[Reason, Mapping[str, str]] = {
    "": {"id": "Menampilkan keadaan terkini.", "en": "Shows the present."},
    "starting": {"id": "Sedang menyambung.", "en": "Connecting."},
    "offline": {
        "id": "Tidak tersambung: periksa kabel, alamat, dan apakah perangkatnya menyala.",
        "en": "Not connected: check the cable, the address, and whether the device is on.",
    },
    "refused": {
        "id": "Broker menolak: periksa user dan kata sandi pada konfigurasi serta izin di broker.",
        "en": "The broker refused: check user and secret in the configuration, and its rules.",
    },
    "mute": {
        "id": "Panel tidak menjawab: periksa daya, kabel, alamat bus, dan baud.",
        "en": "The panel does not answer: check its power, cable, bus address and baud rate.",
    },
    "unknown": {
        "id": "Loket ini tidak ada di katalog: perbaiki counters pada konfigurasi.",
        "en": "The catalogue has no such counter: correct counters in the configuration.",
    },
}
"""Every reason with its sentences."""


def sentence(reason: Reason, language: str) -> str:
    """The reason and the remedy for staff."""
    return in_language(SENTENCES[reason], language)
