"""The sections of administration, in the order of their menu, and who may enter each."""

from __future__ import annotations

from msgspec import Struct

from queue_server.web.identity import STAFF, STEWARDS, Identity, Role, may

ADMINS: frozenset[Role] = frozenset({"admin"})


class Section(Struct, frozen=True):
    """A line of the menu. `label` and `about` are msgids."""

    path: str
    label: str
    about: str
    roles: frozenset[Role]
    bound: bool = False
    """Whether it is for those too whose work is bound to agencies or zones: it keeps them to
    those itself. What shows or sets the whole hall is not."""


class Group(Struct, frozen=True):
    """Sections that belong together; `label` is a msgid."""

    label: str
    sections: tuple[Section, ...]


def N_(text: str) -> str:
    """Marks a msgid; the template translates it."""
    return text


TODAY = (
    Section(
        "/dashboard", N_("Sekilas"), N_("Keadaan mal sekarang: antrean, instansi, gangguan"),
        STEWARDS, bound=True,
    ),
    Section(
        "/admin/tracking", N_("Permohonan"), N_("Status, batas waktu, dan serah terima dokumen"),
        STAFF, bound=True,
    ),
    Section(
        "/admin/bookings", N_("Pesanan"), N_("Sesi dan kuota per hari, pesanan menurut kode"),
        STEWARDS, bound=True,
    ),
)  # fmt: skip
HALL: tuple[Section, ...] = (
    Section(
        "/admin/catalogue", N_("Katalog"),
        N_("Instansi, layanan, loket, zona, paket; unduh dan unggah"), ADMINS,
    ),
    Section(
        "/admin/hours", N_("Jam layanan"),
        N_("Jam buka, libur, giliran petugas, kuota dan nomor terakhir"), STEWARDS,
    ),
    Section(
        "/admin/rules", N_("Aturan"),
        N_("Panggilan, peringatan, antrean online, ponsel, survei, masuk"), ADMINS,
    ),
)  # fmt: skip
DEVICES = (
    Section(
        "/admin/devices", N_("Semua perangkat"),
        N_("Kios, layar, printer, panel: yang bermasalah dahulu"), STAFF,
    ),
    Section(
        "/admin/kiosks", N_("Kios"),
        N_("Kios terdaftar: tempat, printer; terakhir terlihat"), STEWARDS,
    ),
    Section(
        "/admin/displays", N_("Layar antrean"),
        N_("Layar terdaftar: zona, tata letak, media; terakhir terlihat; pratinjau"), STEWARDS,
    ),
    Section(
        "/admin/printers", N_("Printer tiket"),
        N_("Keadaan printer, cetakan yang gagal, cetak ulang"),
        STAFF, bound=True,
    ),
    Section(
        "/admin/panels", N_("Panel loket"),
        N_("Panel LED di loket: tersambung, yang ditampilkan, pola uji"), STEWARDS,
    ),
    Section(
        "/admin/webhooks", N_("Pemberitahuan keluar"),
        N_("Kiriman ke gateway WhatsApp, SMS, e-mail; yang gagal; kontak yang dihapus"), ADMINS,
    ),
)  # fmt: skip
PEOPLE = (
    Section(
        "/admin/people", N_("Pengguna"),
        N_("Peran per instansi dan zona, kata sandi, siapa yang sedang masuk"), ADMINS,
    ),
    Section(
        "/admin/tokens", N_("Token API"),
        N_("Cakupan, masa berlaku, terakhir dipakai; untuk program lain"), ADMINS,
    ),
)  # fmt: skip
TRUTH = (
    Section(
        "/reports", N_("Laporan"),
        N_("Jumlah, waktu tunggu dan layanan per instansi, jam, loket; perbandingan"), STEWARDS,
        bound=True,
    ),
    Section(
        "/reports/mine", N_("Angka saya"), N_("Yang Anda layani, untuk Anda sendiri"), STAFF,
        bound=True,
    ),
    Section(
        "/admin/survey", N_("Survei kepuasan"),
        N_("Indeks, laporan, saran dan keluhan, formulir kertas"), STEWARDS,
        bound=True,
    ),
    Section(
        "/admin/reports", N_("Laporan terjadwal"),
        N_("Laporan yang dibuat sendiri: berkas, waktu, webhook"), ADMINS,
    ),
    Section(
        "/admin/audit", N_("Jejak audit"),
        N_("Siapa melakukan apa, kapan, dan mengapa"), STEWARDS,
    ),
    Section(
        "/admin/changes", N_("Jejak perubahan"),
        N_("Pengaturan, katalog, orang, perangkat: sebelum dan sesudah"), ADMINS,
    ),
)  # fmt: skip
SYSTEM = (
    Section(
        "/setup", N_("Penyiapan"), N_("Langkah pertama: nama, layanan, layar, kios, panggilan"),
        ADMINS,
    ),
    Section(
        "/admin/backup", N_("Cadangan data"),
        N_("Cadangan terakhir, jadwal, unduh, periksa, pulihkan"), ADMINS,
    ),
    Section(
        "/admin/retention", N_("Data pribadi"),
        N_("Berapa lama disimpan, hapus atas permintaan, catatan penghapusan"), ADMINS,
    ),
)  # fmt: skip
GROUPS = (
    Group(N_("Hari ini"), TODAY),
    Group(N_("Mal dan layanan"), HALL),
    Group(N_("Perangkat"), DEVICES),
    Group(N_("Orang"), PEOPLE),
    Group(N_("Laporan dan jejak"), TRUTH),
    Group(N_("Sistem"), SYSTEM),
)


def may_enter(identity: Identity, section: Section) -> bool:
    """Whether a section is for somebody."""
    return may(identity, section.roles) and (section.bound or not identity.bounds)


def section_of(path: str) -> Section | None:
    """The section that an address lies in."""
    every = (one for group in GROUPS for one in group.sections)
    return next((one for one in every if f"{path}/".startswith(f"{one.path}/")), None)


def sections_of(identity: Identity) -> tuple[Group, ...]:
    """What this person may enter; no group without any."""
    open_to = (
        Group(group.label, tuple(one for one in group.sections if may_enter(identity, one)))
        for group in GROUPS
    )
    return tuple(group for group in open_to if group.sections)
