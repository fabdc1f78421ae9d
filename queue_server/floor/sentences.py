"""Alarms in words: what it is, and what to do. For staff."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.language import in_language
from .alarms import Kind

ALARMS: Mapping[Kind, Mapping[str, tuple[str, str]]] = {
    "emergency": {
        "id": ("Tombol darurat ditekan di {about}",
               "Datangi sekarang; setelah aman, tandai beres."),
        "en": ("Emergency button pressed at {about}", "Go there now; once it is safe, clear it."),
    },
    "journal": {
        "id": ("Jurnal tidak dapat ditulis: semua tindakan ditolak",
               "Periksa disk server; sistem mencoba lagi sendiri."),
        "en": ("The journal cannot be written: every act is refused",
               "Check the server's disk; the system tries again by itself."),
    },
    "full": {
        "id": ("Disk server hampir penuh: nomor baru ditolak",
               "Kosongkan ruang disk; panggilan tetap berjalan."),
        "en": ("The server's disk is nearly full: new numbers are refused",
               "Free some disk space; calls go on."),
    },
    "overrun": {
        "id": ("{about}: {count} menunggu, diperkirakan baru selesai setelah tutup",
               "Tambah loket, atau tutup pengambilan nomornya."),
        "en": ("{about}: {count} waiting, expected to last beyond closing",
               "Add a counter, or close its intake."),
    },
    "absent": {
        "id": ("{about} belum dibuka, padahal dijadwalkan pada giliran ini",
               "Cari petugas pengganti, atau ubah jadwal loketnya."),
        "en": ("{about} is not open, though it is planned for this shift",
               "Find somebody to open it, or change its shifts."),
    },
    "unserved": {
        "id": ("{count} menunggu {about}, tidak ada loket buka",
               "Buka loketnya, atau beri layanan ini ke loket lain."),
        "en": ("{count} wait for {about}, no counter is open",
               "Open its counter, or give the service to another one."),
    },
    "printer": {
        "id": ("Printer {about} tidak mencetak", "{remedy}"),
        "en": ("Printer {about} does not print", "{remedy}"),
    },
    "closing": {
        "id": ("{about} minta tutup", "Setujui bila antreannya dapat dilayani loket lain."),
        "en": ("{about} asks to close", "Approve if other counters can take its queue."),
    },
    "late": {
        "id": ("{about}: {count} menunggu, terlama melewati {limit} menit",
               "Tambah loket untuk layanan ini."),
        "en": ("{about}: {count} waiting, the longest beyond {limit} minutes",
               "Add a counter for this service."),
    },
    "unstarted": {
        "id": ("{about}: {number} dipanggil, belum mulai dilayani",
               "Tanyakan: mulai, atau nyatakan tidak hadir."),
        "en": ("{about}: {number} was called and not started",
               "Ask there: start it, or mark it a no-show."),
    },
    "idle": {
        "id": ("{about} kosong padahal ada yang menunggu",
               "Minta petugas memanggil {number}, atau lepaskan loketnya."),
        "en": ("{about} calls nobody while people wait",
               "Ask the operator to call {number}, or release the counter."),
    },
    "break": {
        "id": ("Istirahat {about} melewati waktunya", "Hubungi petugas, atau lepaskan loketnya."),
        "en": ("The break of {about} is overdue", "Call the operator, or release the counter."),
    },
    "display": {
        "id": ("Layar {about} terputus ({count})",
               "Periksa daya dan jaringan TV; bila memang dilepas, abaikan."),
        "en": ("The board of {about} is offline ({count})",
               "Check the TV's power and network; if it was taken down, ignore it."),
    },
    "panel": {
        "id": ("Panel loket {about} tidak menampilkan keadaan terkini", "{remedy}"),
        "en": ("Counter panel {about} does not show the present", "{remedy}"),
    },
    "backup": {
        "id": ("Cadangan data terakhir sudah terlalu lama",
               "Buat cadangan sekarang di Administrasi, lalu periksa jadwal dan disknya."),
        "en": ("The last backup is too old",
               "Make one now in Administration, then check its schedule and its disk."),
    },
    "paper": {
        "id": ("Kertas printer {about} hampir habis", "Siapkan gulungan baru."),
        "en": ("Printer {about} is low on paper", "Have a new roll ready."),
    },
}  # fmt: skip
"""Every kind with its headline and remedy."""


def told(kind: Kind, language: str, **values: str | int) -> tuple[str, str]:
    """(headline, remedy) of an alarm; `about`, `number`, … are names in the same language."""
    headline, remedy = in_language(ALARMS[kind], language)
    return headline.format(**values), remedy.format(**values)
