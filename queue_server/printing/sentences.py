"""What stands in a printer's way, in words: the reason and the remedy."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.language import in_language
from .status import Reason

SENTENCES: Mapping[Reason, Mapping[str, str]] = {
    "": {"id": "Siap mencetak.", "en": "Ready."},
    "offline": {
        "id": "Printer tidak terhubung: periksa daya, kabel, dan alamatnya.",
        "en": "The printer cannot be reached: check its power, cable and address.",
    },
    "mute": {
        "id": "Printer tersambung tetapi tidak menjawab: matikan lalu nyalakan lagi. "
        "Bila jenisnya memang tidak menjawab, atur status = false.",
        "en": "The printer is connected but does not answer: switch it off and on. "
        "If its kind never answers, set status = false.",
    },
    "paper_out": {
        "id": "Kertas habis: pasang gulungan baru; cetakan berlanjut sendiri.",
        "en": "Out of paper: put in a new roll; printing goes on by itself.",
    },
    "cover_open": {
        "id": "Penutup printer terbuka: tutup; cetakan berlanjut sendiri.",
        "en": "The printer's cover is open: close it; printing goes on by itself.",
    },
    "cutter": {
        "id": "Pemotong kertas macet: buka penutup, keluarkan kertas, lalu nyalakan ulang.",
        "en": "The paper cutter is stuck: open the cover, take the paper out, restart the printer.",
    },
    "error": {
        "id": "Printer melaporkan kesalahan: matikan lalu nyalakan lagi.",
        "en": "The printer reports an error: switch it off and on.",
    },
    "rejected": {
        "id": "Sistem cetak menolak: periksa nama antrean CUPS dan apakah menerima pekerjaan.",
        "en": "The print system refused: check the CUPS queue's name and that it accepts jobs.",
    },
    "bad_paper": {
        "id": "Isi kertas tidak dapat disusun: periksa tata letak pada printing.template.",
        "en": "The paper could not be set: check the layout in printing.template.",
    },
    "removed": {
        "id": "Printer ini sudah tidak ada di konfigurasi: cetak lagi di printer lain.",
        "en": "The configuration has no such printer any more: print again on another one.",
    },
}
"""Every reason with its sentences."""


def sentence(reason: Reason, language: str) -> str:
    """The reason and the remedy for staff."""
    return in_language(SENTENCES[reason], language)
