"""The hall's rules as forms: each a section of the configuration, what it is called, its fields."""

from __future__ import annotations

from typing import Any

import msgspec

from queue_server.config import Config

from .device_forms import Kind
from .sections import N_

PATH = "/admin/rules"
OFF = N_("0: tidak")


def _kind(section: str, title: str, fields: dict[str, tuple[str, str]]) -> Kind:
    struct = type(getattr(Config(), section))
    return Kind(section, f"{PATH}/{section}", struct, title, title, fields)


RULES = (
    _kind("hall", N_("Mal"), {
        "name": (N_("Nama mal"), ""),
        "place": (N_("Alamat mal"), ""),
    }),
    _kind("policy", N_("Panggilan"), {
        "order": (N_("Urutan"), N_("credit, strict, atau balance: lihat dokumentasi")),
        "consecutive_priority": (N_("Prioritas berturut-turut di satu loket"), ""),
        "consecutive_priority_hall": (N_("Prioritas berturut-turut di seluruh mal"), OFF),
        "quick_favour_minutes": (N_("Kelonggaran jalur cepat (menit)"), ""),
        "announce_age_seconds": (N_("Umur panggilan yang masih disuarakan (detik)"), ""),
        "recalls": (N_("Panggil ulang paling banyak"), N_("0: tanpa batas")),
        "recall_pause_seconds": (N_("Jeda antara panggilan (detik)"), ""),
        "no_show_calls": (N_("Tidak hadir sendiri setelah panggilan ke-"), OFF),
        "no_show_wait_seconds": (N_("Tunggu setelah panggilan terakhir (detik)"), ""),
        "cooldown_minutes": (N_("Jeda setelah diaktifkan kembali (menit)"), ""),
        "two_step": (N_("Lihat dahulu, lalu panggil"), ""),
        "start_needed": (N_("Mulai dilayani harus ditekan"), ""),
        "undo_seconds": (N_("Batas membatalkan tindakan (detik)"), OFF),
        "closing_approval": (N_("Menutup loket menunggu persetujuan penyelia"), ""),
        "step_back": (N_("Memberi jalan: orang yang didahulukan"), OFF),
        "step_backs": (N_("Memberi jalan: berapa kali"), ""),
        "rejoin_minutes": (N_("Boleh antre lagi setelah terlewat (menit)"), ""),
        "reroute_gain_minutes": (N_("Pindah tahap bila selesai lebih cepat (menit)"), ""),
    }),
    _kind("alarms", N_("Peringatan penyelia"), {
        "wait_minutes": (N_("Menunggu terlalu lama (menit)"), OFF),
        "unstarted_minutes": (N_("Dipanggil, belum mulai (menit)"), OFF),
        "idle_minutes": (N_("Loket diam, antrean menunggu (menit)"), OFF),
        "unserved_minutes": (N_("Antrean tanpa loket buka (menit)"), OFF),
        "break_minutes": (N_("Istirahat terlalu lama (menit)"), OFF),
        "display_minutes": (N_("Layar terputus (menit)"), OFF),
    }),
    _kind("booking", N_("Antrean online"), {
        "enabled": (N_("Antrean online dipakai"), ""),
        "open": (N_("Semua instansi dapat dipesan"), N_("kecuali yang di katalog berkata lain")),
        "session_minutes": (N_("Panjang sesi (menit)"), ""),
        "quota": (N_("Kuota satu sesi"), ""),
        "horizon_days": (N_("Dapat dipesan berapa hari ke depan"), ""),
        "lead_minutes": (N_("Paling lambat sebelum sesi (menit)"), ""),
        "cutoff": (N_("Batas jam pada hari sebelumnya"), N_("kosong: tanpa batas")),
        "hold_minutes": (N_("Tempat ditahan selama mengisi (menit)"), ""),
        "phone": (N_("Nomor ponsel"), N_("no: tidak ditanya; optional; required: wajib")),
        "per_phone": (N_("Pesanan per nomor ponsel"), ""),
        "per_device": (N_("Pesanan per peramban"), ""),
        "early_minutes": (N_("Boleh datang lebih awal (menit)"), ""),
        "grace_minutes": (N_("Boleh terlambat (menit)"), ""),
        "counts_from": (N_("Dihitung tiba sejak"), N_("booked: waktu pesanan; arrival: datang")),
        "remote": (N_("Nomor dari jauh"), N_("kecuali yang di katalog berkata lain")),
        "remote_minutes": (N_("Nomor dari jauh berlaku (menit)"), ""),
        "remote_last_minutes": (N_("Nomor dari jauh berhenti sebelum tutup (menit)"), ""),
        "remote_per_device": (N_("Nomor dari jauh per peramban"), ""),
    }),
    _kind("phone", N_("Halaman ponsel"), {
        "remind_at": (N_("Ingatkan pada urutan ke-"), ""),
        "walk_minutes": (N_("Jalan kaki ke loket (menit)"), ""),
        "travel_minutes": (N_("Perjalanan dari rumah (menit)"), ""),
        "contacts": (N_("Tawarkan pesan ke ponsel"), ""),
    }),
    _kind("survey", N_("Survei"), {
        "least": (N_("Paling sedikit jawaban yang ditampilkan"), ""),
        "code_minutes": (N_("Kode survei berlaku (menit)"), ""),
        "signatory_place": (N_("Tempat penandatanganan"), ""),
        "signatory_title": (N_("Jabatan penanda tangan"), ""),
        "signatory": (N_("Nama penanda tangan"), ""),
        "signatory_id": (N_("NIP penanda tangan"), ""),
    }),
    _kind("sessions", N_("Masuk"), {
        "hours": (N_("Lama sesi masuk (jam)"), ""),
    }),
)  # fmt: skip
BY_NAME = {kind.section: kind for kind in RULES}


def overlay(
    kind: Kind, values: dict[str, Any], own: dict[str, Any], file: dict[str, Any]
) -> dict[str, Any]:
    """What has to be set so that a section is as the form says: what the file says already is not
    set, so that the file goes on to decide it."""
    kept = {key: one for key, one in own.items() if key not in kind.fields}
    said = {key: one for key, one in values.items() if key in kind.fields}
    plain = msgspec.to_builtins(file)
    return kept | {key: one for key, one in said.items() if one != plain.get(key)}
