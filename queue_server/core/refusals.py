"""Why a command was refused: a stable code, and a sentence for a person in each language."""

from __future__ import annotations

from .language import in_language, when
from .lifecycle import counter_acts, ticket_acts
from .model import Counter, Ticket

SENTENCES: dict[str, dict[str, str]] = {
    "stale": {
        "id": "Layar Anda belum mutakhir: {now}. Lihat keadaan terbaru, lalu ulangi.",
        "en": "Your screen was out of date: {now}. Look at the present state and try again.",
    },
    "nobody_waiting": {
        "id": "Tidak ada yang menunggu untuk {counter}.",
        "en": "Nobody is waiting for {counter}.",
    },
    "arrival_open": {
        "id": "{number} sudah dipanggil dan belum ditanggapi: "
        "mulai layani, nyatakan tidak hadir, atau kembalikan dahulu.",
        "en": "{number} has been called and is not settled: start it, mark it a no-show, "
        "or return it first.",
    },
    "not_allowed": {
        "id": "{subject} berstatus {status}; yang dapat dilakukan: {acts}.",
        "en": "{subject} is {status}; it can be: {acts}.",
    },
    "ticket_open": {
        "id": "{number} masih berada di {counter}: selesaikan atau kembalikan dahulu.",
        "en": "{number} is still at {counter}: finish or return it first.",
    },
    "counter_closed": {
        "id": "{counter} belum buka: buka loket dahulu.",
        "en": "{counter} is not open: open it first.",
    },
    "counter_on_break": {
        "id": "{counter} sedang istirahat: buka kembali dahulu.",
        "en": "{counter} is on a break: open it again first.",
    },
    "counter_held": {
        "id": "{counter} sedang dipakai petugas lain: pilih loket lain, "
        "atau minta penyelia melepaskannya.",
        "en": "{counter} is held by somebody else: choose another one, "
        "or ask a supervisor to release it.",
    },
    "operator_elsewhere": {
        "id": "Anda sedang memegang {counter}: tutup loket itu dahulu.",
        "en": "You hold {counter}: close it first.",
    },
    "not_your_counter": {
        "id": "{counter} tidak Anda pegang: buka loket itu dahulu.",
        "en": "You do not hold {counter}: open it first.",
    },
    "not_your_agency": {
        "id": "Ini di luar instansi Anda: minta petugas atau penyelia instansi itu.",
        "en": "This is beyond your agency: ask the staff or the supervisor of that one.",
    },
    "not_your_zone": {
        "id": "Ini di luar zona Anda: minta petugas atau penyelia zona itu.",
        "en": "This is beyond your zone: ask the staff or the supervisor of that one.",
    },
    "not_served_here": {
        "id": "{number} menunggu layanan yang tidak dilayani di {counter}.",
        "en": "{number} waits for a service that {counter} does not give.",
    },
    "not_here": {
        "id": "{number} diambil dari jauh dan pemiliknya belum tercatat hadir: "
        "minta memindai kode hadir di mal, lalu panggil.",
        "en": "{number} was taken from afar and its holder has not checked in yet: "
        "have the hall's code scanned, then call.",
    },
    "recall_limit": {
        "id": "{number} sudah dipanggil ulang {most} kali: nyatakan tidak hadir atau kembalikan.",
        "en": "{number} has been called again {most} times: mark it a no-show or return it.",
    },
    "recall_too_soon": {
        "id": "{number} baru saja dipanggil: tunggu {wait} detik lagi.",
        "en": "{number} was called just now: wait {wait} more seconds.",
    },
    "called_already": {
        "id": "{number} sudah dipanggil: kembalikan atau nyatakan tidak hadir.",
        "en": "{number} has been called already: return it or mark it a no-show.",
    },
    "not_called": {
        "id": "{number} baru dilihat dan belum dipanggil: panggil dahulu, atau lewati.",
        "en": "{number} was looked at and not called yet: call it first, or pass it over.",
    },
    "not_serving": {
        "id": "{number} belum mulai dilayani: mulai dahulu, atau pindahkan tanpa menyelesaikan.",
        "en": "{number} is not being served: start it first, or transfer it unfinished.",
    },
    "at_counter": {
        "id": "{number} sedang berada di {counter}: petugas di sana yang memindahkannya.",
        "en": "{number} is at {counter}: the operator there sends it on.",
    },
    "operator_away": {
        "id": "Petugas itu tidak sedang memegang loket: pilih loket atau layanan.",
        "en": "That operator holds no counter now: choose a counter or a service.",
    },
    "nothing_to_undo": {
        "id": "Tidak ada yang dapat diurungkan di {counter}: sudah terlalu lama, "
        "atau sudah ada yang menyusul.",
        "en": "There is nothing to take back at {counter}: it is too long ago, "
        "or something has followed it.",
    },
    "intake_closed": {
        "id": "Nomor untuk layanan {service} tidak diberikan lagi hari ini; tanyakan petugas.",
        "en": "No more numbers are given for {service} today; please ask the staff.",
    },
    "service_closed": {
        "id": "Layanan {service} sedang tutup; nomornya dapat diambil lagi {opens}.",
        "en": "{service} is closed now; its numbers can be taken again {opens}.",
    },
    "quota_used": {
        "id": "Kuota {quota} nomor untuk layanan {service} sudah habis; "
        "nomornya dapat diambil lagi {opens}.",
        "en": "The quota of {quota} numbers for {service} is used up; "
        "its numbers can be taken again {opens}.",
    },
    "numbers_used": {
        "id": "Nomor layanan {service} untuk hari ini sudah habis, sampai nomor {last}; "
        "dapat diambil lagi {opens}.",
        "en": "Today's numbers for {service} are used up, to number {last}; "
        "they can be taken again {opens}.",
    },
    "intake_over": {
        "id": "Antrean layanan {service} diperkirakan baru selesai setelah jam tutup, jadi nomor "
        "tidak diberikan lagi; dapat diambil lagi {opens}, atau tanyakan petugas.",
        "en": "The line for {service} is expected to last beyond closing time, so no more numbers "
        "are given; they can be taken again {opens}, or ask the staff.",
    },
    "nobody_left": {
        "id": "{counter} satu-satunya loket untuk layanan {service}: "
        "beri layanan itu kepada loket lain dahulu.",
        "en": "{counter} is the only counter for {service}: give it to another counter first.",
    },
    "bad_favour": {
        "id": "Layanan {service} dapat didahulukan 1 sampai {most} menit; 0 berarti tidak.",
        "en": "{service} can be favoured by 1 to {most} minutes; 0 means not at all.",
    },
    "stewards_only": {
        "id": "Ini wewenang penyelia: minta penyelia melakukannya.",
        "en": "This is a supervisor's decision: ask a supervisor to do it.",
    },
    "unknown_reason": {
        "id": "Alasan {reason} tidak ada dalam daftar; pilih salah satu dari daftar.",
        "en": "There is no reason {reason} in the list; choose one of the list.",
    },
    "unknown_helper": {
        "id": "Bantuan {helper} tidak dikenal: interpreter atau companion.",
        "en": "There is no helper {helper}: interpreter or companion.",
    },
    "unknown_agency": {
        "id": "Instansi {agency} tidak ada di mal ini; lihat daftar instansi.",
        "en": "There is no agency {agency} in this hall; see the list of agencies.",
    },
    "bad_quantity": {
        "id": "Jumlah layanan {service} harus 1 sampai {most}, dan tiap layanan disebut sekali.",
        "en": "The quantity of {service} must be 1 to {most}, and each service named once.",
    },
    "bad_visit": {
        "id": "Rangkaian layanan tidak dapat dijalankan: 1 sampai {most} layanan, "
        "dan tidak saling menunggu.",
        "en": "These steps cannot be done: 1 to {most} services, none waiting for itself.",
    },
    "bad_message": {
        "id": "Pesan harus berisi 1 sampai {most} huruf.",
        "en": "A message must have 1 to {most} characters.",
    },
    "step_back_used": {
        "id": "{number} tidak dapat mundur lagi: tunggu panggilan, atau keluar dari antrean.",
        "en": "{number} cannot let others pass any more: wait for the call, or leave the queue.",
    },
    "nobody_behind": {
        "id": "Tidak ada yang menunggu di belakang {number}: tempatnya tetap.",
        "en": "Nobody waits behind {number}: it keeps its place.",
    },
    "rejoin_over": {
        "id": "{number} sudah terlalu lama berakhir: ambil nomor baru.",
        "en": "{number} ended too long ago: please take a new number.",
    },
    "until_past": {
        "id": "Batas waktunya sudah lewat: pilih waktu yang akan datang.",
        "en": "The time limit has passed already: choose one to come.",
    },
    "hall_closed": {
        "id": "Pengambilan nomor sedang tutup; dibuka kembali {opens}.",
        "en": "Numbers cannot be taken now; the hall opens again {opens}.",
    },
    "unknown_service": {
        "id": "Layanan {service} tidak ada di mal ini; lihat daftar layanan.",
        "en": "There is no service {service} in this hall; see the list of services.",
    },
    "unknown_priority": {
        "id": "Golongan prioritas {priority} tidak dikenal; lihat daftar golongan.",
        "en": "There is no priority class {priority}; see the list of classes.",
    },
    "unknown_counter": {
        "id": "Loket {counter} tidak ada; lihat daftar loket.",
        "en": "There is no counter {counter}; see the list of counters.",
    },
    "unknown_ticket": {
        "id": "Nomor itu tidak ada dalam antrean hari ini.",
        "en": "That ticket is not in today's queue.",
    },
    "tickets_waiting": {
        "id": "Layanan {service} masih ditunggu {count} orang: layani atau pindahkan dahulu.",
        "en": "{count} people still wait for {service}: serve or transfer them first.",
    },
    "counter_in_use": {
        "id": "{counter} masih dipakai: tutup dahulu sebelum dihapus dari katalog.",
        "en": "{counter} is in use: close it before taking it out of the catalogue.",
    },
    "no_such_destination": {
        "id": "Tujuan pindah belum jelas: sebutkan satu layanan atau satu loket.",
        "en": "The destination is not clear: name one service or one counter.",
    },
}
"""Every code with its sentences; the docs list them and a test holds the list complete."""

WORDS: dict[str, dict[str, str]] = {
    "id": {
        "waiting": "menunggu", "called": "dipanggil", "serving": "dilayani",
        "parked": "ditunda", "pending": "menunggu berkas", "no_show": "tidak hadir",
        "served": "selesai", "cancelled": "dibatalkan", "expired": "kedaluwarsa",
        "closed": "tutup", "open": "buka", "break": "istirahat",
        "call": "dipanggil", "recall": "dipanggil ulang", "start": "mulai dilayani",
        "finish": "diselesaikan", "return": "dikembalikan", "park": "ditunda",
        "transfer": "dipindahkan", "cancel": "dibatalkan", "reinstate": "diaktifkan kembali",
        "arrive": "dicatat hadir", "postpone": "dimundurkan", "rejoin": "diambil kembali",
        "defer": "diminta kembali dengan berkas", "resume": "dilanjutkan", "look": "dilihat",
        "reclass": "diubah golongannya",
        "close": "ditutup", "nothing": "tidak ada", "none": "kini tidak ada nomor di loket",
        "here": "nomor di loket sekarang {number}", "act_open": "dibuka",
        "act_break": "diistirahatkan", "act_no_show": "dinyatakan tidak hadir",
    },
    "en": {
        "waiting": "waiting", "called": "called", "serving": "being served",
        "parked": "parked", "pending": "pending", "no_show": "a no-show",
        "served": "served", "cancelled": "cancelled", "expired": "expired",
        "closed": "closed", "open": "open", "break": "on a break",
        "call": "called", "recall": "called again", "start": "started",
        "finish": "finished", "return": "returned", "park": "parked",
        "transfer": "transferred", "cancel": "cancelled", "reinstate": "reinstated",
        "arrive": "marked present", "postpone": "postponed", "rejoin": "taken up again",
        "defer": "sent for papers", "resume": "resumed", "look": "looked at",
        "reclass": "given another class",
        "close": "closed", "nothing": "nothing", "none": "no ticket is at the counter",
        "here": "the ticket at the counter is {number}", "act_open": "opened",
        "act_break": "put on a break", "act_no_show": "marked a no-show",
    },
}  # fmt: skip


class Refusal(Exception):
    """A command that the rules do not allow. `code` is stable; `sentence()` is for people."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def sentence(self, language: str) -> str:
        """The reason and the remedy, in a language that there are sentences of."""
        words = {name: _worded(name, value, language) for name, value in self.details.items()}
        return in_language(SENTENCES[self.code], language).format(**words)


def _worded(name: str, value: str | int, language: str) -> str:
    words = in_language(WORDS, language)
    if name == "acts":
        acts = [words.get(f"act_{act}", words.get(act, act)) for act in str(value).split()]
        return ", ".join(acts) or words["nothing"]
    if name == "opens":
        return when(str(value), language)
    if name == "now":
        return words["here"].format(number=value) if value else words["none"]
    return words[str(value)] if name == "status" else str(value)


def ticket_refused(ticket: Ticket) -> Refusal:
    """The lifecycle table has no such step from the ticket's status."""
    acts = " ".join(ticket_acts(ticket.status))
    return Refusal("not_allowed", subject=ticket.number, status=ticket.status, acts=acts)


def counter_refused(counter: Counter, name: str) -> Refusal:
    """The counter's table has no such step from its state."""
    acts = " ".join(counter_acts(counter.state))
    return Refusal("not_allowed", subject=name, status=counter.state, acts=acts)
