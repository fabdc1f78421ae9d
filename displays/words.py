"""The board's fixed words and its dates, in both languages: a board shows them together."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from functools import lru_cache

from babel.dates import format_date

from queue_server.catalogue import Text

WHOLE_HALL = Text("Semua zona", "All zones")
NOW = Text("Panggilan sekarang", "Now calling")
LAST = Text("Panggilan terakhir", "Recent calls")
NO_CALLS = Text("Belum ada panggilan", "No calls yet")
NO_CALLS_HINT = Text("Nomor yang dipanggil tampil di sini", "Called numbers appear here")
WAITING = Text("Menunggu", "Waiting")
NOBODY = Text("Tidak ada yang menunggu", "Nobody is waiting")
CLOSED = Text("Layanan tutup", "The hall is closed")
LAST_ONES = Text("Pengambilan nomor sudah ditutup", "No new numbers are given")
DISCONNECTED = Text("Terputus sejak", "Disconnected since")
BLOCKED = Text("Suara diblokir peramban", "The browser blocks the sound")
ALLOW = Text("Aktifkan suara", "Turn the sound on")
PAUSE = Text("Jeda gambar dan teks", "Pause pictures and text")
COME_IN = Text("Silakan masuk", "Please come in")
AT_THE_COUNTER = Text("Sedang dilayani", "Now being served")
WAIT_HERE = Text("Silakan tunggu nomor Anda dipanggil", "Please wait until your number is called")
ON_BREAK = Text("Istirahat", "On a break")
COUNTER_CLOSED = Text("Tutup", "Closed")
PRESENCE = Text("Kode hadir", "Presence code")
PRESENCE_SCAN = Text(
    "Mengambil nomor dari rumah? Pindai dengan ponsel Anda agar dapat dipanggil.",
    "Took a number from home? Scan with your phone so that you can be called.",
)
PRESENCE_TYPE = Text("Atau ketik di halaman nomor Anda:", "Or type on your number's page:")
PRESENCE_OLD = Text(
    "Terputus: kode ini mungkin sudah berganti. Pindai tiket Anda di kios.",
    "Disconnected: this code may have changed. Scan your ticket at the kiosk.",
)

PLACES = {
    "loket": Text("Loket", "Counter"),
    "ruang": Text("Ruang", "Room"),
    "meja": Text("Meja", "Desk"),
}
COUNTER = PLACES["loket"]

DAYS = Text(
    "Minggu Senin Selasa Rabu Kamis Jumat Sabtu",
    "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
)
"""Sunday first, as scripts count them."""
MONTHS = Text(
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "January February March April May June July August September October November December",
)


def date(moment: datetime) -> Text:
    """ "Senin, 23 November 2026" and "Monday, 23 November 2026"."""
    return _date(moment.date())


@lru_cache(maxsize=16)
def _date(day: Date) -> Text:
    indonesian, english = (format_date(day, "EEEE, d MMMM y", locale=one) for one in ("id", "en"))
    return Text(indonesian, english)


def clock(moment: datetime) -> Text:
    """ "10.42" and "10:42"."""
    return Text(f"{moment:%H.%M}", f"{moment:%H:%M}")


def opens_again(moment: datetime | None) -> Text:
    """When a closed hall opens next; nothing when that is not known."""
    if moment is None:
        return Text("", "")
    day, time = date(moment), clock(moment)
    return Text(f"Buka lagi {day.id} pukul {time.id}", f"Opens again {day.en} at {time.en}")


def until(said: Text, time: Text | None) -> Text:
    """ "Istirahat sampai 13.00", or without the time where nobody said one."""
    if time is None:
        return said
    return Text(f"{said.id} sampai pukul {time.id}", f"{said.en} until {time.en}")


def reopens(said: Text, time: Text | None) -> Text:
    """ "Tutup. Buka lagi pukul 13.00"."""
    if time is None:
        return said
    return Text(f"{said.id}. Buka lagi pukul {time.id}", f"{said.en}. Opens again at {time.en}")
