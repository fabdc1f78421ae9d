"""What a hall promises in public: its service charter, and how complaints are dealt with.

Part of the catalogue's document. The built-in words are the usual ones, so that a hall which has
written nothing yet still shows what the law asks for; every hall puts its own in their place.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .core.language import Text


class Channel(Struct, frozen=True, omit_defaults=True):
    """A way to complain. `value` is a number, an address or a place; "" for a mere name."""

    kind: Literal["desk", "phone", "sms", "whatsapp", "email", "web", "post"]
    name: Text
    value: str = ""


class Clock(Struct, frozen=True):
    """How long an answer may take at most, in days (working days where `working`)."""

    what: Text
    days: int
    working: bool = False


class Charter(Struct, frozen=True, omit_defaults=True):
    """The service charter (maklumat pelayanan, UU 25/2009 Ps 22) in paragraphs.

    `signed`: who signs, as printed; "" leaves a line to sign on.
    """

    promise: tuple[Text, ...] = (
        Text(
            "Dengan ini kami menyatakan sanggup menyelenggarakan pelayanan sesuai dengan standar "
            "pelayanan yang telah ditetapkan.",
            "We hereby declare that we are able to give our services in accordance with the "
            "service standards that have been set.",
        ),
        Text(
            "Apabila kami tidak menepati janji ini, kami siap menerima sanksi sesuai dengan "
            "peraturan perundang-undangan yang berlaku.",
            "Should we not keep this promise, we are ready to accept sanctions under the laws and "
            "regulations in force.",
        ),
    )
    signed: str = ""
    place: str = ""
    date: str = ""


class Complaints(Struct, frozen=True, omit_defaults=True):
    """The hall's own channels and the clocks that answers run against."""

    channels: tuple[Channel, ...] = (
        Channel("desk", Text("Loket pengaduan di mal", "Complaints desk in the hall")),
        Channel("web", Text("SP4N-LAPOR!", "SP4N-LAPOR!"), "https://www.lapor.go.id"),
        Channel("sms", Text("SMS SP4N-LAPOR!", "SP4N-LAPOR! by SMS"), "1708"),
    )
    clocks: tuple[Clock, ...] = (
        Clock(Text("Tanggapan pertama", "First response"), 3),
        Clock(Text("Permintaan informasi", "Request for information"), 5),
        Clock(Text("Pengaduan tanpa pemeriksaan lapangan", "Complaint without a field check"), 14),
        Clock(
            Text("Pengaduan dengan pemeriksaan lapangan", "Complaint with a field check"), 60, True
        ),
    )
    source: str = "SP4N-LAPOR!"
