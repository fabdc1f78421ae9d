"""What people call the catalogue's lists and columns, in both languages, and what goes in them."""

from __future__ import annotations

from msgspec import Struct

from ..core.language import Text
from .columns import HALL

KIND_NAMES = {
    HALL: Text("Mal", "Hall"),
    "agencies": Text("Instansi", "Agencies"),
    "services": Text("Layanan", "Services"),
    "counters": Text("Loket", "Counters"),
    "zones": Text("Zona", "Zones"),
    "priorities": Text("Golongan prioritas", "Priority classes"),
    "reasons": Text("Alasan", "Reasons"),
    "packages": Text("Paket layanan", "Packages"),
    "translations": Text("Terjemahan", "Translations"),
}


class Word(Struct, frozen=True):
    """A column's name, and what is written into it."""

    name: Text
    hint: Text = Text("", "")


def _word(id: str, en: str, hint_id: str = "", hint_en: str = "") -> Word:
    return Word(Text(id, en), Text(hint_id, hint_en))


WORDS: dict[str, Word] = {
    "id": _word(
        "Kode", "Code", "Huruf kecil, angka, tanda hubung; tidak berubah lagi setelah disimpan.",
        "Small letters, digits, hyphens; it stays as it is once saved.",
    ),
    "name.id": _word("Nama (Indonesia)", "Name (Indonesian)"),
    "name.en": _word("Nama (Inggris)", "Name (English)"),
    "short": _word("Singkatan", "Short name", "Yang tampil di papan dan kiosk.",
                   "What boards and kiosks show."),
    "kind": _word("Jenis", "Kind"),
    "agencies:kind": _word("Jenis", "Kind", "regional: perangkat daerah; vertical: instansi "
                           "vertikal, BUMN, BUMD.", "regional or vertical."),
    "agency": _word("Instansi", "Agency", "Kode dari daftar instansi.",
                    "A code of the list of agencies."),
    "prefix": _word("Awalan nomor", "Number prefix", "Satu sampai tiga huruf besar: A menjadi "
                    "A-001.", "One to three capital letters: A gives A-001."),
    "requirements": _word("Persyaratan", "Requirements", "Satu per baris.", "One on each line."),
    "procedure": _word("Prosedur", "Procedure", "Satu langkah per baris.",
                       "One step on each line."),
    "duration.known": _word("Jangka waktu diketahui", "Duration is known"),
    "duration.minutes": _word("Menit", "Minutes"),
    "duration.working_days": _word("Hari kerja", "Working days"),
    "duration.text": _word("Jangka waktu dalam kata", "Duration in words"),
    "duration.source": _word("Sumber jangka waktu", "Source of the duration"),
    "cost.known": _word("Biaya diketahui", "Cost is known"),
    "cost.rupiah": _word("Biaya (rupiah)", "Cost (rupiah)", "0: gratis.", "0: free."),
    "cost.text": _word("Biaya dalam kata", "Cost in words"),
    "cost.source": _word("Sumber biaya", "Source of the cost"),
    "product": _word("Produk", "Product"),
    "complaints": _word("Pengaduan", "Complaints"),
    "keywords": _word("Kata kunci", "Keywords", "Kata yang diketik warga saat mencari, satu per "
                      "baris.", "What people type when they search, one on each line."),
    "popular": _word("Sering dicari", "Popular", "Tampil lebih dahulu di kiosk.",
                     "Kiosks show it first."),
    "digits": _word("Jumlah angka", "Digits", "3: A-001.", "3: A-001."),
    "first": _word("Nomor pertama", "First number"),
    "last": _word("Nomor terakhir", "Last number", "0: tanpa batas.", "0: no limit."),
    "quick": _word("Jalur cepat", "Quick lane"),
    "quota": _word("Kuota sehari", "Numbers a day", "Nomor untuk yang datang langsung; 0: tanpa "
                   "batas.", "Numbers for walk-ins; 0: no limit."),
    "quotas": _word("Kuota per bagian hari", "Numbers by part of the day",
                    "Satu per baris: 08:00-10:00 = 20.", "One on each line: 08:00-10:00 = 20."),
    "hours": _word("Jam sendiri", "Own hours", "Satu hari per baris: friday = 08:00-11:30; kosong "
                   "setelah = berarti tutup.", "A weekday on each line: friday = 08:00-11:30; "
                   "nothing after = is closed."),
    "exceptions": _word("Jam menurut tanggal", "Hours by date", "Satu tanggal per baris: "
                        "2026-12-24 = 08:00-12:00.", "A date on each line: 2026-12-24 = "
                        "08:00-12:00."),
    "booking.open": _word("Pesanan daring", "Online booking", "ya, tidak, atau kosong: seperti "
                          "tingkat di atasnya.", "ya, tidak, or nothing: as the level above."),
    "booking.remote": _word("Nomor dari rumah", "Numbers from afar"),
    "booking.sessions": _word("Sesi", "Sessions", "Misalnya 08:00-10:00, 10:00-11:30.",
                              "Such as 08:00-10:00, 10:00-11:30."),
    "booking.minutes": _word("Lama sesi (menit)", "Session length (minutes)"),
    "booking.quota": _word("Tempat per sesi", "Places in a session"),
    "booking.weekdays": _word("Hari pesanan", "Booking weekdays", "Misalnya monday, friday; "
                              "kosong: semua.", "Such as monday, friday; nothing: all."),
    "booking.closed": _word("Tanggal tanpa sesi", "Dates without sessions", "Misalnya 2026-12-24.",
                            "Such as 2026-12-24."),
    "booking.horizon_days": _word("Paling jauh (hari)", "Furthest ahead (days)"),
    "booking.lead_minutes": _word("Paling dekat (menit)", "Nearest (minutes)"),
    "booking.cutoff": _word("Batas pesan sehari sebelumnya", "Cut-off on the day before",
                            "Misalnya 16:00.", "Such as 16:00."),
    "retired": _word("Dipensiunkan", "Retired", "Tidak ditawarkan lagi; riwayatnya tetap bernama.",
                     "Offered no more; its history keeps its name."),
    "zone": _word("Zona", "Zone", "Kode dari daftar zona.", "A code of the list of zones."),
    "services": _word("Layanan", "Services", "Kode layanan yang dilayani.",
                      "Codes of the services that it gives."),
    "place": _word("Sebutan", "Called", "Kata yang diucapkan sebelum nomornya.",
                   "The word that is spoken before its number."),
    "number": _word("Nomor yang diucapkan", "Number that is spoken"),
    "classes": _word("Hanya golongan", "Only classes", "Kosong: semua; ordinary: tanpa golongan.",
                     "Nothing: all; ordinary: those without a class."),
    "favours": _word("Didahulukan (menit)", "Favours (minutes)", "Satu per baris: kode layanan = "
                     "menit.", "One on each line: service = minutes."),
    "shifts": _word("Giliran jaga", "Shifts"),
    "credit_minutes": _word("Kredit waktu (menit)", "Credit (minutes)", "Seolah datang sekian "
                            "menit lebih awal.", "As if it had come so many minutes earlier."),
    "weight": _word("Bobot", "Weight"),
    "colour": _word("Warna", "Colour", "Misalnya #0b4a7a.", "Such as #0b4a7a."),
    "icon": _word("Ikon", "Icon"),
    "acts": _word("Untuk", "For"),
    "about": _word("Keterangan", "About"),
    "about.id": _word("Keterangan (Indonesia)", "About (Indonesian)"),
    "about.en": _word("Keterangan (Inggris)", "About (English)"),
    "steps": _word("Langkah", "Steps"),
    "channels": _word("Saluran pengaduan", "Complaint channels"),
    "service": _word("Layanan", "Service"),
    "after": _word("Setelah langkah", "After steps", "Nomor langkah yang harus selesai dahulu, "
                   "dari 1.", "The steps that come before, counted from 1."),
    "value": _word("Nomor atau alamat", "Number or address"),
    "what.id": _word("Untuk apa (Indonesia)", "What (Indonesian)"),
    "what.en": _word("Untuk apa (Inggris)", "What (English)"),
    "days": _word("Hari", "Days"),
    "working": _word("Hari kerja", "Working days"),
    "en": _word("Inggris", "English"),
    "text": _word("Teks", "Text"),
    "charter.promise": _word("Isi maklumat", "What is promised"),
    "charter.promise:id": _word("Indonesia", "Indonesian"),
    "charter.signed": _word("Yang menandatangani", "Signed by"),
    "charter.place": _word("Tempat", "Place"),
    "charter.date": _word("Tanggal", "Date"),
    "complaints.channels": _word("Saluran pengaduan", "Complaint channels"),
    "complaints.clocks": _word("Batas waktu jawaban", "Time limits of answers"),
    "complaints.source": _word("Dasar batas waktu", "Source of the limits"),
    "counters": _word("Loket yang melayani", "Counters that give it"),
    "package": _word("Paket", "Package"),
}  # fmt: skip
"""Key of a column -> its word; `kind:key` where one list has another."""


def word(kind: str, key: str) -> Word:
    """The word of a column; one without any is called by its key."""
    last = key.rpartition(".")[2]
    for name in (f"{kind}:{key}", key, last):
        if name in WORDS:
            return WORDS[name]
    way = key.rpartition(".")[0]
    base = WORDS.get(f"{way}.id") if way else None
    if base is not None:  # a further language of a name
        id, en = (text.partition(" (")[0] for text in (base.name.id, base.name.en))
        return Word(Text(f"{id} ({last})", f"{en} ({last})"))
    return _word(key, key)
