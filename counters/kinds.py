"""The acts of the console and their keys: buttons, panel, keyboard and help come from here."""

from __future__ import annotations

from msgspec import Struct


class Key(Struct, frozen=True):
    """A key by its place (`KeyboardEvent.code`), and what the legend shows for it."""

    code: str = ""
    cap: str = ""


class Kind(Struct, frozen=True):
    """An act as the console offers it. `label` is a msgid; `rule` is its name in the rules;
    `panel` is its key, after that of the panel, for an act of the second level."""

    name: str
    path: str
    label: str
    rule: str
    numpad: Key = Key()
    letter: Key = Key()
    panel: str = ""


def _kind(name: str, path: str, label: str, numpad: str, letter: str, rule: str = "") -> Kind:
    code, _, cap = numpad.partition(" ")
    return Kind(name, path, label, rule or name, Key(code, cap), _letter(letter))


def _second(name: str, path: str, label: str, panel: str, letter: str, rule: str = "") -> Kind:
    return Kind(name, path, label, rule or name, letter=_letter(letter), panel=panel)


def _letter(letter: str) -> Key:
    return Key(f"Key{letter}", letter) if letter else Key()


def N_(text: str) -> str:
    """Marks a msgid; the template translates it."""
    return text


CALL = _kind("call", "calls", N_("Panggil berikutnya"), "NumpadEnter ⏎", "C")
OPEN = _kind("open", "openings", N_("Buka loket"), "NumpadEnter ⏎", "C")
SKIP = _kind("skip", "skips", N_("Berikutnya, silakan"), "Numpad1 1", "N")
RECALL = _kind("recall", "recalls", N_("Panggil ulang"), "Numpad0 0", "U")
START = _kind("start", "starts", N_("Mulai layani"), "NumpadAdd +", "M")
FINISH = _kind("finish", "finishes", N_("Selesai"), "NumpadDecimal .", "S")
NO_SHOW = _kind("no_show", "no-shows", N_("Tidak hadir"), "NumpadSubtract −", "T")
RETURN = _kind("return", "returns", N_("Kembalikan"), "NumpadDivide /", "K")
PARK = _kind("park", "parks", N_("Tunda"), "NumpadMultiply *", "D")
TRANSFER = _kind("transfer", "transfers", N_("Pindahkan"), "Numpad7 7", "P")
DEFER = _kind("defer", "deferrals", N_("Berkas kurang"), "Numpad6 6", "L")
REGISTER = _kind("register", "applications", N_("Selesai & daftarkan"), "Numpad4 4", "R", "finish")
BREAK = _kind("break", "breaks", N_("Istirahat"), "Numpad3 3", "I")
MORE = _kind("more", "", N_("Lainnya"), "Numpad9 9", "Y")
"""Not an act: the panel of the second level."""

FINISH_AS = _second("finish_as", "finishes", N_("Selesai dengan rincian"), "1", "F", "finish")
NOTE = _second("note", "notes", N_("Catatan"), "2", "O")
CANCEL = _second("cancel", "cancellations", N_("Batalkan nomor"), "3", "B")
PLAN = _second("plan", "visits", N_("Langkah kunjungan"), "/", "V")
CALL_OF = _second("call_of", "calls", N_("Panggil per layanan"), "4", "G", "call")
QUICK = _second("quick_serve", "quick-serves", N_("Layani tanpa antre"), "5", "Q")
WHY = _second("why", "reasons", N_("Mengapa urutan ini?"), "6", "W")
INTERPRETER = _second("interpreter", "helpers", N_("Panggil penerjemah"), "7", "J", "help")
COMPANION = _second("companion", "helpers", N_("Panggil pendamping"), "8", "H", "help")
ALARM = _second("alarm", "alarms", N_("Darurat"), "+", "E")
UNDO = _second("undo", "undos", N_("Urungkan"), "0", "Z")
CLOSE = _second("close", "closings", N_("Tutup loket"), "−", "X")
CLEAR = _second("clear", "alarm-clearances", N_("Sudah aman"), ".", "A")

REINSTATE = _kind("reinstate", "reinstatements", N_("Aktifkan lagi"), "", "")
RESUME = _kind("resume", "resumptions", N_("Antrekan lagi"), "", "")

CURRENT = (RECALL, START, FINISH, NO_SHOW, RETURN, PARK, TRANSFER, DEFER, REGISTER)
"""The acts on the ticket at the counter, in the order of their buttons: places never change."""
PANEL: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    (N_("Nomor ini"), (FINISH_AS, NOTE, PLAN, CANCEL)),
    (N_("Antrean"), (CALL_OF, QUICK, WHY)),
    (N_("Bantuan"), (INTERPRETER, COMPANION, ALARM)),
    (N_("Loket"), (UNDO, CLOSE, CLEAR)),
)
"""The acts of the second level, under their headings."""
ASKS = (TRANSFER, DEFER, BREAK, CLOSE, FINISH_AS, NOTE, PLAN, CALL_OF, QUICK, WHY)
"""Acts that ask for more: without a script, on a page of their own. PARK does where the catalogue
has reasons for it."""
SURE = {
    "call": N_("Tekan lagi untuk memanggil"),
    "no_show": N_("Tekan lagi: tidak hadir"),
    "cancel": N_("Tekan lagi untuk membatalkan"),
    "close": N_("Tekan lagi untuk menutup loket"),
    "reinstate": N_("Tekan lagi untuk mengaktifkan"),
    "release": N_("Tekan lagi untuk melepaskan"),
    "alarm": N_("Tekan lagi: DARURAT"),
    "clear": N_("Tekan lagi: sudah aman"),
}
"""What is done only at a second press, and what the button says after the first. "call" is
asked for when it passes over others, not for "next"; "close" when no form asks."""
KINDS = {
    kind.name: kind
    for kind in (
        CALL, OPEN, SKIP, *CURRENT, BREAK, *(kind for _, listed in PANEL for kind in listed),
        REINSTATE, RESUME,
    )
}  # fmt: skip
HELPERS = {INTERPRETER.name: "interpreter", COMPANION.name: "companion"}
OF_TICKET = (*CURRENT, SKIP, FINISH_AS, NOTE, PLAN, CANCEL)
"""The acts that say which ticket was seen at the counter."""
