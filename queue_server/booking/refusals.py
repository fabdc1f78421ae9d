"""Why a booking was refused: a stable code, and a sentence with the remedy in each language."""

from __future__ import annotations

from ..core.language import in_language
from ..core.refusals import Refusal

SENTENCES: dict[str, dict[str, str]] = {
    "not_bookable": {
        "id": "Layanan ini tidak dapat dipesan: datang langsung dan ambil nomor di kios.",
        "en": "This service cannot be booked: come by and take a number at the kiosk.",
    },
    "no_such_session": {
        "id": "Sesi itu tidak ada pada hari tersebut: pilih sesi lain dari daftar.",
        "en": "There is no such session on that day: choose another from the list.",
    },
    "session_far": {
        "id": "Hari itu belum dapat dipesan: pilih hari yang lebih dekat.",
        "en": "That day cannot be booked yet: choose an earlier one.",
    },
    "session_late": {
        "id": "Pemesanan untuk sesi itu sudah ditutup: pilih sesi lain, "
        "atau datang langsung dan ambil nomor di kios.",
        "en": "Booking for that session has closed: choose another one, "
        "or come by and take a number at the kiosk.",
    },
    "session_full": {
        "id": "Sesi itu sudah penuh: pilih sesi atau hari lain.",
        "en": "That session is full: choose another session or day.",
    },
    "sessions_too_small": {
        "id": "Sesi tujuan tinggal {free} tempat, sedangkan pesanan {wanted}: "
        "pilih sesi lain atau tambah kuotanya.",
        "en": "The other session has {free} places left for {wanted} bookings: "
        "choose another one or raise its quota.",
    },
    "hold_over": {
        "id": "Waktu mengisi sudah habis dan tempatnya sudah terisi: pilih sesi lain.",
        "en": "The time to fill in the form is over and the place is taken: choose another.",
    },
    "already_booked": {
        "id": "Sudah ada pesanan untuk layanan ini pada hari itu: ubah pesanan tersebut "
        "lewat tautan atau kodenya.",
        "en": "There is a booking for this service on that day already: "
        "change that one by its link or code.",
    },
    "too_many_bookings": {
        "id": "Paling banyak {most} pesanan yang belum dipakai: "
        "batalkan salah satu, atau tunggu sampai dipakai.",
        "en": "At most {most} bookings may be open at once: cancel one, or use it first.",
    },
    "phone_needed": {
        "id": "Isi nomor ponsel Indonesia, misalnya 0812-3456-7890.",
        "en": "Give an Indonesian mobile number, for example 0812-3456-7890.",
    },
    "unknown_booking": {
        "id": "Pesanan itu tidak ditemukan: periksa kode atau pindai QR sekali lagi.",
        "en": "There is no such booking: check the code, or scan the QR code again.",
    },
    "booking_over": {
        "id": "Pesanan ini {state} dan tidak dapat diubah lagi: buat pesanan baru.",
        "en": "This booking is {state} and cannot be changed any more: make a new one.",
    },
    "booking_early": {
        "id": "Terlalu awal: check-in untuk pesanan ini dibuka pukul {time}.",
        "en": "Too early: check-in for this booking opens at {time}.",
    },
    "booking_late": {
        "id": "Check-in untuk pesanan ini ditutup pukul {time}: ambil nomor baru di kios.",
        "en": "Check-in for this booking closed at {time}: take a new number at the kiosk.",
    },
    "booking_ahead": {
        "id": "Pesanan ini untuk {day} pukul {time}: datanglah pada hari itu, "
        "atau ambil nomor baru di kios.",
        "en": "This booking is for {day} at {time}: come on that day, "
        "or take a new number at the kiosk.",
    },
    "booking_past": {
        "id": "Pesanan ini untuk {day} dan sudah lewat: ambil nomor baru di kios.",
        "en": "This booking was for {day}: take a new number at the kiosk.",
    },
    "bad_quota": {
        "id": "Kuota berupa bilangan 0 sampai {most}; kosongkan untuk mengikuti aturan.",
        "en": "A quota is a number from 0 to {most}; leave it empty to follow the rules.",
    },
    "reason_missing": {
        "id": "Tulis alasannya: warga yang terkena membacanya.",
        "en": "Write why: the citizens concerned will read it.",
    },
    "remote_off": {
        "id": "Nomor layanan ini hanya dapat diambil di mal.",
        "en": "Numbers for this service are given in the hall only.",
    },
    "remote_late": {
        "id": "Mal tutup sebentar lagi: nomor dari jauh tidak diberikan lagi hari ini. "
        "Pesan untuk hari lain.",
        "en": "The hall closes soon: no more numbers from afar today. Book for another day.",
    },
    "too_many_remote": {
        "id": "Ponsel ini sudah mengambil {most} nomor dari jauh hari ini: "
        "nomor berikutnya diambil di kios.",
        "en": "This phone has taken {most} numbers from afar today: "
        "take the next one at the kiosk.",
    },
    "wrong_presence": {
        "id": "Kode hadir itu salah atau sudah berganti: pindai atau ketik kode "
        "yang sekarang tampil di layar mal.",
        "en": "That presence code is wrong or has changed: scan or type the one "
        "that the hall's screen shows now.",
    },
}  # fmt: skip
"""Every code with its sentences; docs/protocol.md lists them and a test holds the list complete."""

STATES = {
    "id": {"held": "belum dikonfirmasi", "booked": "aktif", "checked_in": "sudah dipakai",
           "cancelled": "dibatalkan", "expired": "kedaluwarsa", "dropped": "dilepas"},
    "en": {"held": "not confirmed yet", "booked": "active", "checked_in": "used",
           "cancelled": "cancelled", "expired": "expired", "dropped": "given up"},
}  # fmt: skip


class Refused(Refusal):
    """A booking, change or check-in that the rules do not allow. `details` fill the sentence."""

    def sentence(self, language: str) -> str:
        words = dict(self.details)
        if "state" in words:
            words["state"] = in_language(STATES, language)[str(words["state"])]
        return in_language(SENTENCES[self.code], language).format(**words)
