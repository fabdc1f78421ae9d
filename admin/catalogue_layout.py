"""How the catalogue's forms are laid out, and what the codes of their choices are called."""

from __future__ import annotations

from queue_server.catalogue import ORDINARY
from queue_server.catalogue.columns import HALL
from queue_server.catalogue.editing import GIVEN_BY
from queue_server.core.language import Text

GROUPS: dict[str, tuple[tuple[Text, tuple[str, ...], bool], ...]] = {
    "services": (
        (Text("Layanan", "Service"), ("id", "name.id", "agency", GIVEN_BY), True),
        (Text("Yang wajib diumumkan", "What must be published"), (
            "requirements", "procedure", "duration.known", "duration.minutes",
            "duration.working_days", "duration.text", "duration.source", "cost.known",
            "cost.rupiah", "cost.text", "cost.source", "product", "complaints",
        ), True),
        (Text("Ditemukan di kiosk", "Found at the kiosk"), ("keywords", "popular", "quick"), True),
        (Text("Nomor antrean", "Numbers"), (
            "prefix", "digits", "first", "last", "quota", "quotas",
        ), True),
        (Text("Pesanan daring", "Online booking"), ("booking",), False),
        (Text("Jam sendiri", "Hours of its own"), ("hours", "exceptions"), False),
    ),
    "agencies": (
        (Text("Instansi", "Agency"), ("id", "name.id", "short", "kind"), True),
        (Text("Saluran pengaduan sendiri", "Complaint channels of its own"), ("channels",), False),
        (Text("Pesanan daring", "Online booking"), ("booking",), False),
        (Text("Jam sendiri", "Hours of its own"), ("hours", "exceptions"), False),
    ),
    "counters": (
        (Text("Loket", "Counter"), ("id", "name.id", "place", "number", "zone"), True),
        (Text("Layanan", "Services"), ("services",), True),
        (Text("Siapa yang dilayani", "Whom it serves"), (
            "classes", "quick", "favours", "shifts",
        ), False),
    ),
    "packages": (
        (Text("Paket layanan", "Package"), ("id", "name.id", "about.id"), True),
        (Text("Langkah", "Steps"), ("steps",), True),
    ),
    HALL: (
        (Text("Mal", "Hall"), ("name.id", "about"), True),
        (Text("Maklumat pelayanan", "Service charter"), (
            "charter.promise", "charter.signed", "charter.place", "charter.date",
        ), True),
        (Text("Pengaduan", "Complaints"), (
            "complaints.channels", "complaints.clocks", "complaints.source",
        ), True),
    ),
}  # fmt: skip
"""Kind -> its groups: title, keys, whether it stands open. A key that no group names stands in
the last, so that a new field of the document is never out of reach."""
CHOICES: dict[str, Text] = {
    "regional": Text("Perangkat daerah", "Regional"),
    "vertical": Text("Instansi vertikal, BUMN, BUMD", "Vertical, state-owned"),
    "loket": Text("Loket", "Loket (counter)"), "ruang": Text("Ruang", "Ruang (room)"),
    "meja": Text("Meja", "Meja (desk)"),
    "park": Text("Menunda tiket", "Parking a ticket"), "break": Text("Istirahat", "A break"),
    "close": Text("Menutup loket", "Closing"),
    "monday": Text("Senin", "Monday"), "tuesday": Text("Selasa", "Tuesday"),
    "wednesday": Text("Rabu", "Wednesday"), "thursday": Text("Kamis", "Thursday"),
    "friday": Text("Jumat", "Friday"), "saturday": Text("Sabtu", "Saturday"),
    "sunday": Text("Minggu", "Sunday"),
    "desk": Text("Loket pengaduan", "Desk"), "phone": Text("Telepon", "Telephone"),
    "sms": Text("SMS", "SMS"), "whatsapp": Text("WhatsApp", "WhatsApp"),
    "email": Text("E-mail", "E-mail"), "web": Text("Situs web", "Web"),
    "post": Text("Surat", "Post"),
    "star": Text("Bintang", "Star"), "elder": Text("Lansia", "Elder"),
    "wheelchair": Text("Kursi roda", "Wheelchair"), "pregnant": Text("Ibu hamil", "Pregnant"),
    "nursing": Text("Menyusui", "Nursing"), "child": Text("Anak", "Child"),
    "heart": Text("Hati", "Heart"), "clock": Text("Jam", "Clock"),
    ORDINARY: Text("Tanpa golongan", "Ordinary"),
}  # fmt: skip
"""What the codes of a choice are called."""
