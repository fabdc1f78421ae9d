"""A device's settings as a form: made of the configuration's own types, so that neither can have
what the other hasn't. Pure."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from queue_server.config import PanelSection, PrinterSection, WebhookSection

from .sections import N_

Shape = Literal["text", "number", "choice", "check", "list", "secret"]
LONGEST = 500
"""Characters of a field."""
SECRET = "secret"  # noqa: S105 - the name of a field


class Field(Struct, frozen=True):
    """A line of the form. `label` and `hint` are msgids; `choices` of a choice; `least` and `most`
    of a number."""

    name: str
    shape: Shape
    label: str
    hint: str = ""
    value: str = ""
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    wrong: bool = False


class Kind(Struct, frozen=True):
    """A table of devices: its section of the configuration, where its page is, what its form is
    called, and the fields that the form has, in their order."""

    section: str
    path: str
    struct: type[Struct]
    title: str
    fresh: str
    fields: Mapping[str, tuple[str, str]]


PRINTERS = Kind(
    "printers", "/admin/printers", PrinterSection, N_("Pengaturan printer"), N_("Printer baru"),
    {
        "name": (N_("Nama untuk orang"), ""),
        "kind": (N_("Sambungan"), N_("network, usb, cups; browser: peramban kios mencetak")),
        "address": (N_("Alamat"), N_("192.168.1.50:9100, 04b8:0e15 (usb), nama antrean (cups)")),
        "width": (N_("Lebar kertas (mm)"), ""),
        "profile": (N_("Profil printer"), N_("kosong bila tidak tahu")),
        "qr": (N_("Kode QR"), N_("auto: printer menggambarnya bila bisa")),
        "cut": (N_("Potong kertas"), ""),
        "status": (N_("Printer menjawab keadaannya"), N_("matikan bila tidak pernah menjawab")),
        "timeout_seconds": (N_("Batas jawaban (detik)"), ""),
    },
)  # fmt: skip
PANELS = Kind(
    "panels", "/admin/panels", PanelSection, N_("Pengaturan panel"), N_("Panel baru"),
    {
        "name": (N_("Nama untuk orang"), ""),
        "kind": (N_("Sambungan"), N_("mqtt: lewat broker; serial: kabel RS-232 atau RS-485")),
        "address": (N_("Alamat"), N_("mqtt: 192.168.1.20:1883; serial: /dev/ttyUSB0")),
        "counters": (N_("Loket"), N_("id loket, dipisah koma; kosong: semua (mqtt)")),
        "width": (N_("Lebar teks"), N_("0: apa adanya")),
        "align": (N_("Rata"), ""),
        "encoding": (N_("Pengodean"), ""),
        "topic": (N_("Topik MQTT"), N_("{counter} diganti id loket")),
        "status": (N_("Topik keadaan MQTT"), ""),
        "payload": (N_("Isi pesan MQTT"), N_("kosong: JSON baku")),
        "user": (N_("Nama pengguna MQTT"), ""),
        "secret": (N_("Kata sandi MQTT"), ""),
        "tls": (N_("MQTT lewat TLS"), ""),
        "baud": (N_("Kecepatan serial (baud)"), ""),
        "mode": (N_("Mode serial"), N_("misalnya 8N1")),
        "frame": (N_("Bingkai serial"), N_("lihat dokumentasi perangkat")),
        "check": (N_("Pemeriksa bingkai"), ""),
        "ack": (N_("Jawaban panel"), N_("kosong: panel tidak menjawab")),
    },
)  # fmt: skip
WEBHOOKS = Kind(
    "webhooks", "/admin/webhooks", WebhookSection, N_("Pengaturan webhook"), N_("Webhook baru"),
    {
        "url": (N_("Alamat penerima"), N_("https://...; http hanya di jaringan mal")),
        "kinds": (N_("Jenis pesan"), N_("dipisah koma, misalnya ticket.*, report.ready; *: semua")),
        "secret": (N_("Rahasia"), N_("kosong: dibuatkan, dan ditampilkan sekali")),
    },
)  # fmt: skip
KINDS = {kind.section: kind for kind in (PRINTERS, PANELS, WEBHOOKS)}


def form(kind: Kind, values: Mapping[str, str], wrong: str = "") -> tuple[Field, ...]:
    """The form with these texts in it; `wrong` is the field that was refused."""
    hints = get_type_hints(kind.struct, include_extras=True)
    fields = []
    for name, (label, hint) in kind.fields.items():
        shape, choices, least, most = _shape(name, hints[name])
        fields.append(
            Field(name, shape, label, hint, values.get(name, ""), choices, least, most,
                  name == wrong)
        )  # fmt: skip
    return tuple(fields)


def texts(kind: Kind, section: Struct | None) -> dict[str, str]:
    """What a section's fields say as texts; None: what a fresh one would have. No secret."""
    found = {}
    for one in msgspec.structs.fields(kind.struct):
        value = one.default if section is None else getattr(section, one.name)
        if value is msgspec.NODEFAULT:
            value = ""
        if one.name == SECRET:
            value = ""
        found[one.name] = _text(value)
    return found


def values(kind: Kind, given: Mapping[str, str], before: Struct | None) -> dict[str, Any]:
    """A form's texts as the configuration has them; what the form doesn't show stays as it is, and
    so does a secret that was left empty."""
    hints = get_type_hints(kind.struct, include_extras=True)
    kept = {} if before is None else dict(msgspec.to_builtins(before))
    for name in kind.fields:
        shape = _shape(name, hints[name])[0]
        text = given.get(name, "").strip()[:LONGEST]
        if shape == "check":
            kept[name] = bool(text)
        elif shape == "number" or (shape == "choice" and _numeric(hints[name])):
            kept[name] = int(text) if text.isascii() and text.isdecimal() else text
        elif shape == "list":
            kept[name] = [part.strip() for part in text.split(",") if part.strip()]
        elif shape != "secret" or text:
            kept[name] = text
    return kept


def _shape(name: str, hint: Any) -> tuple[Shape, tuple[str, ...], int | None, int | None]:
    least = most = None
    if get_origin(hint) is Annotated:
        hint, meta = get_args(hint)[:2]
        least, most = getattr(meta, "ge", None), getattr(meta, "le", None)
    if name == SECRET:
        return "secret", (), None, None
    if get_origin(hint) is Literal:
        return "choice", tuple(str(one) for one in get_args(hint)), None, None
    if hint is bool:
        return "check", (), None, None
    if hint is int:
        return "number", (), least, most
    if get_origin(hint) is tuple:
        return "list", (), None, None
    assert hint is str or get_origin(hint) in (Union, types.UnionType), f"{name}: {hint}"
    return "text", (), None, None


def _numeric(hint: Any) -> bool:
    return all(isinstance(one, int) for one in get_args(hint))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return str(value)
