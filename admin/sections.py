"""The sections of administration, in the order of their menu, and who may enter each."""

from __future__ import annotations

from msgspec import Struct

from queue_server.web.identity import STAFF, STEWARDS, Identity, Role, may


class Section(Struct, frozen=True):
    """A line of the menu. `label` and `about` are msgids."""

    path: str
    label: str
    about: str
    roles: frozenset[Role]


def N_(text: str) -> str:
    """Marks a msgid; the template translates it."""
    return text


SECTIONS: tuple[Section, ...] = (
    Section(
        "/admin/tracking", N_("Permohonan"), N_("Status, batas waktu, dan serah terima dokumen"),
        STAFF,
    ),
    Section(
        "/admin/bookings", N_("Pesanan"), N_("Sesi dan kuota per hari, pesanan menurut kode"),
        STEWARDS,
    ),
    Section(
        "/admin/webhooks", N_("Pemberitahuan keluar"),
        N_("Kiriman ke gateway WhatsApp, SMS, e-mail; yang gagal; kontak yang dihapus"),
        frozenset({"admin"}),
    ),
    Section(
        "/admin/audit", N_("Jejak audit"),
        N_("Siapa melakukan apa, kapan, dan mengapa"), STEWARDS,
    ),
    Section(
        "/admin/survey", N_("Survei kepuasan"),
        N_("Indeks, laporan, saran dan keluhan, formulir kertas"), STEWARDS,
    ),
    Section(
        "/admin/printers", N_("Printer tiket"),
        N_("Keadaan printer, cetakan yang gagal, cetak ulang"),
        STAFF,
    ),
    Section(
        "/admin/displays", N_("Layar antrean"),
        N_("Layar terdaftar: zona, tata letak, media; terakhir terlihat; pratinjau"), STEWARDS,
    ),
    Section(
        "/admin/panels", N_("Panel loket"),
        N_("Panel LED di loket: tersambung, yang ditampilkan, pola uji"), STEWARDS,
    ),
)  # fmt: skip


def sections_of(identity: Identity) -> tuple[Section, ...]:
    """What this person may enter."""
    return tuple(section for section in SECTIONS if may(identity, section.roles))
