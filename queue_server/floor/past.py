"""What happened, in words: a journal's entry as a line that staff can read. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ..core import events as e
from ..core.events import Entry
from ..core.language import in_language
from ..core.plan import MINUTE
from ..core.policy import line_for
from .naming import Naming

KINDS: Mapping[str, Mapping[str, str]] = {
    "TicketIssued": {"id": "Nomor diambil", "en": "Number taken"},
    "TicketArrived": {"id": "Sudah di ruang layanan", "en": "Arrived in the hall"},
    "TicketPicked": {"id": "Dilihat petugas", "en": "Looked at"},
    "TicketCalled": {"id": "Dipanggil", "en": "Called"},
    "TicketRecalled": {"id": "Dipanggil ulang", "en": "Called again"},
    "ServiceStarted": {"id": "Mulai dilayani", "en": "Service started"},
    "ServiceFinished": {"id": "Selesai dilayani", "en": "Served"},
    "TicketServed": {"id": "Dilayani tanpa antre", "en": "Served without a queue"},
    "StepFinished": {"id": "Tahap selesai, lanjut", "en": "Step done, goes on"},
    "VisitPlanned": {"id": "Rangkaian kunjungan diatur", "en": "Visit planned"},
    "VisitRerouted": {"id": "Diarahkan dahulu", "en": "Sent there first"},
    "TicketMissed": {"id": "Tidak hadir", "en": "No-show"},
    "TicketReturned": {"id": "Dikembalikan ke antrean", "en": "Returned to the queue"},
    "TicketParked": {"id": "Ditunda", "en": "Parked"},
    "TicketDeferred": {"id": "Diminta melengkapi berkas", "en": "Sent for missing papers"},
    "TicketResumed": {"id": "Kembali dengan berkas", "en": "Back with the papers"},
    "TicketTransferred": {"id": "Dipindahkan", "en": "Transferred"},
    "TicketUnbound": {"id": "Petugas tujuan pergi", "en": "The operator that it waited for left"},
    "TicketReclassed": {"id": "Golongan diubah", "en": "Priority class changed"},
    "TicketPostponed": {"id": "Memberi jalan", "en": "Let others pass"},
    "TicketCancelled": {"id": "Dibatalkan", "en": "Cancelled"},
    "TicketReinstated": {"id": "Diaktifkan kembali", "en": "Reinstated"},
    "TicketOffered": {
        "id": "Masuk antrean lagi setelah jeda",
        "en": "In the queue again after its rest",
    },
    "TicketRejoined": {
        "id": "Diambil kembali oleh pemiliknya",
        "en": "Taken up again by its holder",
    },
    "TicketExpired": {"id": "Kedaluwarsa", "en": "Expired"},
    "ActUndone": {"id": "Tindakan terakhir diurungkan", "en": "Last act taken back"},
    "CounterOpened": {"id": "Loket dibuka", "en": "Counter opened"},
    "CounterPaused": {"id": "Istirahat", "en": "Break"},
    "CounterClosed": {"id": "Loket ditutup", "en": "Counter closed"},
    "ClosingAsked": {"id": "Minta tutup", "en": "Asked to close"},
    "ClosingDenied": {"id": "Permintaan tutup ditolak", "en": "Closing denied"},
    "AlarmRaised": {"id": "Tombol darurat ditekan", "en": "Emergency button pressed"},
    "AlarmCleared": {"id": "Darurat dinyatakan beres", "en": "Emergency cleared"},
    "HelperCalled": {"id": "Pendamping dipanggil", "en": "Helper called"},
    "ServicesAssigned": {"id": "Layanan loket diatur", "en": "Counter's services set"},
    "FavoursSet": {"id": "Layanan yang didahulukan petugas", "en": "Operator's favoured services"},
    "IntakeClosed": {"id": "Pengambilan nomor ditutup", "en": "Intake closed"},
    "IntakeOpened": {"id": "Pengambilan nomor dibuka", "en": "Intake opened"},
    "MessagePosted": {"id": "Pesan", "en": "Message"},
    "MessageTakenDown": {"id": "Pesan diturunkan", "en": "Message taken down"},
    "DayOpened": {"id": "Hari dibuka", "en": "Day opened"},
    "PlanChanged": {
        "id": "Katalog atau pengaturan berlaku",
        "en": "Catalogue or settings in force",
    },
    "Started": {"id": "Server dinyalakan", "en": "Server started"},
}
"""Every kind of event, in the order in which one is chosen from the list."""
USUAL = {"id": "seperti di katalog", "en": "as in the catalogue"}


class Told(Struct, frozen=True):
    """An entry in words. `at` is epoch ms; `why` is "" where no reason was given."""

    id: int
    at: int
    who: str
    kind: str
    what: str
    why: str
    ticket: int = 0
    number: str = ""
    counter: str = ""
    counter_name: str = ""


def told(
    entry: Entry, naming: Naming, *, why: str = "", number: str = "", ticket: int = 0,
    counter: str = "",
) -> Told:  # fmt: skip
    """A line; number and counter are what the archive knows of it, `why` a reason in words."""
    given = str(getattr(entry.event, "reason", ""))
    return Told(
        id=entry.id,
        at=entry.at,
        who=naming.person(entry.by),
        kind=type(entry.event).__name__,
        what=what(entry.event, naming),
        why=why or (naming.reason(given) if given else ""),
        ticket=ticket,
        number=number,
        counter=counter,
        counter_name=naming.counter(counter) if counter else "",
    )


def what(event: e.AnyEvent, naming: Naming) -> str:
    """What happened, and what it was about: "Dipindahkan: Loket 7"."""
    about = _about(event, naming)
    said = kind_of(type(event).__name__, naming.language)
    return f"{said}: {about}" if about else said


def kind_of(kind: str, language: str) -> str:
    """A kind by itself."""
    return in_language(KINDS[kind], language)


def _about(event: e.AnyEvent, naming: Naming) -> str:
    """What the columns beside it don't say."""
    match event:
        case e.TicketTransferred():
            line = line_for(event.service, event.counter, event.agency, event.operator)
            return naming.line(line)
        case e.TicketReclassed():
            return naming.priority(event.priority)
        case e.CounterOpened():
            return naming.person(event.operator)
        case e.ServicesAssigned():
            names = ", ".join(map(naming.service, event.services))
            return names or in_language(USUAL, naming.language)
        case e.FavoursSet():
            favours = (f"{naming.service(x)} {ms // MINUTE}′" for x, ms in event.favours.items())
            return ": ".join((naming.person(event.operator), ", ".join(favours) or "–"))
        case e.MessagePosted():
            return " / ".join(filter(None, (event.text, event.text_en)))
        case e.TicketIssued() | e.StepFinished() | e.VisitRerouted():
            return naming.service(event.service)
        case e.IntakeClosed() | e.IntakeOpened():
            return naming.service(event.service)
    return ""
