"""The nine elements of service, their standard questions and answers, and the respondent block.

Everything is keyed by the element's code. Never by position: the regulation's body has complaints
eighth and facilities ninth, its questionnaire has them the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from ..catalogue import Text


class Element(Struct, frozen=True):
    """An element: its name, its question, and what the scores 1 to 4 say."""

    code: str
    name: Text
    question: Text
    answers: tuple[Text, Text, Text, Text]


def _element(
    code: str, name: tuple[str, str], question: tuple[str, str], *answers: tuple[str, str]
) -> Element:
    one, two, three, four = (Text(*answer) for answer in answers)
    return Element(code, Text(*name), Text(*question), (one, two, three, four))


_ALL = (
    _element(
        "persyaratan",
        ("Persyaratan", "Requirements"),
        (
            "Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis "
            "pelayanannya?",
            "Do the requirements fit the kind of service?",
        ),
        ("Tidak sesuai", "They do not fit"), ("Kurang sesuai", "They hardly fit"),
        ("Sesuai", "They fit"), ("Sangat sesuai", "They fit very well"),
    ),
    _element(
        "prosedur",
        ("Sistem, mekanisme, dan prosedur", "System, mechanism and procedure"),
        (
            "Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?",
            "How easy is the procedure of the service here?",
        ),
        ("Tidak mudah", "Not easy"), ("Kurang mudah", "Not very easy"),
        ("Mudah", "Easy"), ("Sangat mudah", "Very easy"),
    ),
    _element(
        "waktu",
        ("Waktu penyelesaian", "Time to completion"),
        (
            "Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?",
            "How fast was the service given?",
        ),
        ("Tidak cepat", "Not fast"), ("Kurang cepat", "Not very fast"),
        ("Cepat", "Fast"), ("Sangat cepat", "Very fast"),
    ),
    _element(
        "biaya",
        ("Biaya/tarif", "Cost"),
        (
            "Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?",
            "How reasonable is the cost of the service?",
        ),
        ("Sangat mahal", "Very expensive"), ("Cukup mahal", "Rather expensive"),
        ("Murah", "Cheap"), ("Gratis", "Free of charge"),
    ),
    _element(
        "produk",
        ("Produk spesifikasi jenis pelayanan", "Product of the service"),
        (
            "Bagaimana pendapat Saudara tentang kesesuaian produk pelayanan antara yang tercantum "
            "dalam standar pelayanan dengan hasil yang diberikan?",
            "Is what you were given what the service standard promises?",
        ),
        ("Tidak sesuai", "It is not"), ("Kurang sesuai", "Hardly"),
        ("Sesuai", "It is"), ("Sangat sesuai", "Very much so"),
    ),
    _element(
        "kompetensi",
        ("Kompetensi pelaksana", "Competence of the staff"),
        (
            "Bagaimana pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan?",
            "How competent were the staff?",
        ),
        ("Tidak kompeten", "Not competent"), ("Kurang kompeten", "Not very competent"),
        ("Kompeten", "Competent"), ("Sangat kompeten", "Very competent"),
    ),
    _element(
        "perilaku",
        ("Perilaku pelaksana", "Conduct of the staff"),
        (
            "Bagaimana pendapat Saudara tentang perilaku petugas dalam pelayanan terkait "
            "kesopanan dan keramahan?",
            "How polite and friendly were the staff?",
        ),
        ("Tidak sopan dan ramah", "Not polite and friendly"),
        ("Kurang sopan dan ramah", "Not very polite and friendly"),
        ("Sopan dan ramah", "Polite and friendly"),
        ("Sangat sopan dan ramah", "Very polite and friendly"),
    ),
    _element(
        "pengaduan",
        ("Penanganan pengaduan, saran, dan masukan", "Handling of complaints and suggestions"),
        (
            "Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?",
            "How are complaints of users handled?",
        ),
        ("Tidak ada", "There is no handling"),
        ("Ada tetapi tidak berfungsi", "There is, but it does not work"),
        ("Berfungsi kurang maksimal", "It works, but not fully"),
        ("Dikelola dengan baik", "It is managed well"),
    ),
    _element(
        "sarana",
        ("Sarana dan prasarana", "Facilities"),
        (
            "Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?",
            "How good are the facilities?",
        ),
        ("Buruk", "Poor"), ("Cukup", "Fair"), ("Baik", "Good"), ("Sangat baik", "Very good"),
    ),
)  # fmt: skip

ELEMENTS: Mapping[str, Element] = MappingProxyType({one.code: one for one in _ALL})
"""By code, in the order of the regulation's body: the order of tables and files."""
CODES: tuple[str, ...] = tuple(ELEMENTS)
QUESTIONNAIRE: tuple[str, ...] = (*CODES[:7], "sarana", "pengaduan")
"""The order in which the annex's questionnaire asks."""


class Choice(Struct, frozen=True):
    """A line of a respondent's question."""

    code: str
    label: Text


class Trait(Struct, frozen=True):
    """A question about the respondent; answering is free."""

    code: str
    name: Text
    choices: tuple[Choice, ...]


def _trait(code: str, name: tuple[str, str], **choices: tuple[str, str]) -> Trait:
    return Trait(code, Text(*name), tuple(Choice(k, Text(*v)) for k, v in choices.items()))


TRAITS: Mapping[str, Trait] = MappingProxyType({
    one.code: one
    for one in (
        _trait(
            "kelamin", ("Jenis kelamin", "Sex"),
            l=("Laki-laki", "Male"), p=("Perempuan", "Female"),
        ),
        _trait(
            "usia", ("Usia", "Age"),
            u17=("Sampai 17 tahun", "Up to 17"), u25=("18–25 tahun", "18–25"),
            u40=("26–40 tahun", "26–40"), u59=("41–59 tahun", "41–59"),
            u60=("60 tahun ke atas", "60 and above"),
        ),
        _trait(
            "pendidikan", ("Pendidikan terakhir", "Education"),
            sd=("SD", "Primary school"), smp=("SMP", "Lower secondary school"),
            sma=("SMA", "Upper secondary school"), d3=("D-III", "Diploma"),
            s1=("S-1", "Bachelor"), s2=("S-2", "Master"), s3=("S-3", "Doctorate"),
        ),
        _trait(
            "pekerjaan", ("Pekerjaan utama", "Occupation"),
            pns=("PNS", "Civil servant"), tni=("TNI", "Armed forces"), polri=("Polri", "Police"),
            swasta=("Pegawai swasta", "Private employee"),
            wirausaha=("Wirausaha", "Self-employed"), lainnya=("Lainnya", "Other"),
        ),
    )
})  # fmt: skip
"""The respondent block, by code. No name, no NIK, no exact age."""
