"""Why something was not done for want of the right words."""

from __future__ import annotations

from ..core.language import in_language
from ..core.refusals import Refusal

SENTENCES: dict[str, dict[str, str]] = {
    "unknown_operator": {
        "id": "Petugas itu tidak ada; lihat daftar petugas.",
        "en": "There is no such operator; see the list of operators.",
    },
    "personal_text": {
        "id": "Jangan tulis NIK, nomor KK, nomor telepon, nomor panjang, atau surel: "
        "teks ini dibaca orang lain.",
        "en": "Do not write NIK, family card, phone or other long numbers, or e-mail addresses: "
        "others read this text.",
    },
    "why_needed": {
        "id": "Sebutkan alasannya: pilih dari daftar atau tulis singkat, paling banyak {most} "
        "huruf.",
        "en": "Give the reason: choose one of the list or write a short one, {most} characters "
        "at most.",
    },
}
"""Every code with its sentences; docs/protocol.md lists them and a test holds the list."""


class Refused(Refusal):
    """A reason or message that will not do."""

    def sentence(self, language: str) -> str:
        return in_language(SENTENCES[self.code], language).format(**self.details)
