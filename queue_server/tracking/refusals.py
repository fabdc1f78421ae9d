"""Why something about an application was not done: a stable code, and sentences."""

from __future__ import annotations

from ..core.language import in_language
from ..core.refusals import Refusal

SENTENCES: dict[str, dict[str, str]] = {
    "unknown_application": {
        "id": "Tidak ada permohonan dengan kode itu: periksa kodenya, 12 huruf dan angka.",
        "en": "There is no application with that code: check it, 12 letters and digits.",
    },
    "still_open": {
        "id": "Permohonan ini belum selesai: instansinya masih memerlukannya. Hapus setelah "
        "diserahkan, ditolak, atau dibatalkan.",
        "en": "This application has not ended: its agency still needs it. Erase it once it was "
        "handed over, rejected or withdrawn.",
    },
    "no_such_step": {
        "id": "Permohonan berstatus {state}; berikutnya dapat: {next}.",
        "en": "The application is {state}; it can go on to: {next}.",
    },
    "application_changed": {
        "id": "Status permohonan sudah berubah menjadi {state}. Lihat keadaan terbaru, "
        "lalu ulangi.",
        "en": "The application's state has changed to {state}. Look at the present state and "
        "try again.",
    },
    "reason_needed": {
        "id": "Sebutkan alasannya: pilih persyaratan yang kurang atau tulis catatan singkat.",
        "en": "Give the reason: choose the missing requirements or write a short note.",
    },
    "personal_data": {
        "id": "Jangan tulis NIK, nomor KK, nomor telepon, nomor panjang, atau surel di sini.",
        "en": "Do not write NIK, family card, phone or other long numbers, or e-mail addresses "
        "here.",
    },
    "note_long": {
        "id": "Catatan paling banyak {most} karakter; kini {now}.",
        "en": "A note has at most {most} characters; this one has {now}.",
    },
    "bad_file": {
        "id": "Nomor berkas: 1 sampai 40 huruf, angka, spasi, atau ./_- dan bukan NIK atau "
        "nomor telepon.",
        "en": "File number: 1 to 40 letters, digits, spaces or ./_- and neither NIK nor phone "
        "number.",
    },
    "file_taken": {
        "id": "Nomor berkas {file} sudah dipakai instansi ini untuk permohonan {other}.",
        "en": "This agency already uses the file number {file} for application {other}.",
    },
    "unknown_requirement": {
        "id": "Layanan ini tidak mempunyai persyaratan nomor {number}; ada {count}.",
        "en": "This service has no requirement number {number}; it has {count}.",
    },
    "nothing_to_correct": {
        "id": "Permohonan baru didaftarkan: belum ada langkah yang dapat dibatalkan.",
        "en": "The application was only registered: there is no step to take back yet.",
    },
    "not_ready": {
        "id": "Dokumen belum siap diambil: status permohonan {state}.",
        "en": "The document is not ready for pickup: the application is {state}.",
    },
}
"""Every code with its sentences; docs/protocol.md lists them and a test holds the list."""

WORDS: dict[str, dict[str, str]] = {
    "id": {
        "diajukan": "diajukan", "diverifikasi": "diverifikasi",
        "perlu_perbaikan": "perlu perbaikan", "diproses": "diproses", "disetujui": "disetujui",
        "siap_diambil": "siap diambil", "diserahkan": "diserahkan", "ditolak": "ditolak",
        "dibatalkan": "dibatalkan", "": "tidak ada",
    },
    "en": {
        "diajukan": "submitted", "diverifikasi": "being verified",
        "perlu_perbaikan": "in need of correction", "diproses": "in process",
        "disetujui": "approved", "siap_diambil": "ready for pickup", "diserahkan": "handed over",
        "ditolak": "rejected", "dibatalkan": "withdrawn", "": "nothing",
    },
}  # fmt: skip

FIELDS = {
    "no_such_step": "state", "application_changed": "seen", "reason_needed": "note",
    "personal_data": "note", "note_long": "note", "bad_file": "file", "file_taken": "file",
    "unknown_requirement": "missing",
}  # fmt: skip
"""The field that a refusal is about."""


class Refused(Refusal):
    """`state` in the details is a state's code; `next` several, parted by spaces."""

    @property
    def field(self) -> str:
        """What it is about; "" for the application as a whole."""
        return FIELDS.get(self.code, "")

    def sentence(self, language: str) -> str:
        words, said = in_language(WORDS, language), dict(self.details)
        if "state" in said:
            said["state"] = words[str(said["state"])]
        if "next" in said:
            said["next"] = ", ".join(words[one] for one in str(said["next"]).split()) or words[""]
        return in_language(SENTENCES[self.code], language).format(**said)
