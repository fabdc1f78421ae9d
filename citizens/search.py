"""Finding a service by the words that people use: pure, forgiving, in both languages.

Every word of the query must be found in a service's name, keywords or agency: as it stands, as
a beginning, or, when nothing in the catalogue has it so, with a typing error or two. When no
service has all the words, those with the most of them are the answer; what has happened to a
paper (lost, damaged, wrong, expired) then tells more than which paper it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from queue_server.catalogue import Agency, Catalogue, Service

LONGEST = 80
"""Characters of a query that are read; nobody types more at a kiosk."""

SPELLINGS = {
    "antri": "antre", "antrian": "antrean", "ijin": "izin", "akte": "akta", "pasport": "paspor",
    "passport": "paspor", "sertipikat": "sertifikat", "legalisir": "legalisasi",
    "npwb": "npwp", "photo": "foto", "telpon": "telepon", "ektp": "ktp", "epaspor": "paspor",
    "ilang": "hilang", "kehilangan": "hilang", "dicuri": "hilang", "kecurian": "hilang",
    "kecopetan": "hilang", "sobek": "rusak", "robek": "rusak", "patah": "rusak", "luntur": "rusak",
    "stolen": "lost", "broken": "damaged", "torn": "damaged",
    "kadaluarsa": "habis", "kedaluwarsa": "habis", "kadaluwarsa": "habis",
    "meninggal": "kematian", "wafat": "kematian", "nomer": "nomor",
    "rubah": "ubah", "merubah": "ubah", "mengubah": "ubah", "memperpanjang": "perpanjang",
    "diperpanjang": "perpanjang", "nikahan": "nikah", "menikah": "nikah", "lahiran": "lahir",
}  # fmt: skip
"""Spellings and words in use for the word that the catalogue has."""

SAYINGS = {"id card": "ktp", "identity card": "ktp", "driving license": "driving licence"}
"""What several words together mean."""

FILLERS = frozenset(
    re.findall(
        r"\w+",
        """antre antrean nomor loket layanan pelayanan urus mengurus ngurus bikin buat membuat mau
        ingin cara untuk saya di ke yang dan atau minta queue number counter service want to the
        a an my for get make apply i need how""",
    )
)
"""Words that say nothing about which service; they count only when they stand alone."""

MAKING = frozenset(["bikin", "buat", "membuat", "make", "get", "apply"])
"""Words of who wants a thing for the first time."""
FIRST = frozenset(["baru", "pertama", "rekam", "perekaman", "new", "first"])
"""Words of a service that gives it so."""
HAPPENED = frozenset(
    re.findall(
        r"\w+",
        """hilang rusak salah ubah perubahan ganti pembetulan perpanjang perpanjangan habis mati
        lost damaged change correction renewal expired""",
    )
)
"""Words that tell what has happened to a paper, or is to happen."""

NAME, KEYWORD, AGENCY = 3.0, 2.0, 1.0
"""What a word is worth by where it was found."""


class Found(Struct, frozen=True):
    """The answer, best first."""

    agencies: tuple[Agency, ...] = ()
    services: tuple[Service, ...] = ()


class Entry(Struct, frozen=True):
    """A service as the search sees it: the worth of each word, and its phrases."""

    service: Service
    words: dict[str, float]
    phrases: frozenset[str]


class Index(Struct, frozen=True):
    """A catalogue made ready for searching."""

    entries: tuple[Entry, ...]
    agencies: tuple[tuple[Agency, frozenset[str]], ...]
    vocabulary: frozenset[str]


def find(catalogue: Catalogue, query: str) -> Found:
    """Agencies and services for what somebody typed; a query without words finds nothing."""
    words = meaning(query)
    if not words:
        return Found()
    index = index_of(catalogue)
    near = [near_words(index.vocabulary, word) for word in words]
    if not any(near) and FILLERS.issuperset(words):
        return Found(services=popular(catalogue))
    phrase = " ".join(words)
    first = not MAKING.isdisjoint(plain_words(query[:LONGEST]))
    scored = [(score(entry, near, phrase, first), entry.service) for entry in index.entries]
    most = max((hits for (hits, _), _ in scored), default=0)
    best = sorted(
        ((worth, service) for (hits, worth), service in scored if hits and hits == most),
        key=lambda pair: (-pair[0], not pair[1].popular),
    )
    agencies = tuple(
        agency for agency, own in index.agencies if all(own & each.keys() for each in near)
    )
    return Found(agencies, tuple(service for _, service in best))


def popular(catalogue: Catalogue) -> tuple[Service, ...]:
    """What people mostly come for, in the catalogue's order."""
    return tuple(service for service in catalogue.services.values() if service.popular)


def meaning(text: str) -> list[str]:
    """The words of a query that count, in the catalogue's spelling."""
    words = plain_words(text[:LONGEST])
    return [word for word in words if word not in FILLERS] or words


def plain_words(text: str) -> list[str]:
    """Small letters without accents; "e-KTP" and "KTP-el" are both "ktp"."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    flat = " ".join(re.findall(r"[a-z0-9]+", re.sub(r"\be-(?=\w)|-el\b", " ", flat)))
    for saying, meant in SAYINGS.items():
        flat = flat.replace(saying, meant)
    words = flat.split()
    return [SPELLINGS.get(word, word) for word in words]


@lru_cache(maxsize=1000)
def near_words(vocabulary: frozenset[str], word: str) -> dict[str, float]:
    """The words meant by `word`, with how well each fits (0 to 1)."""
    near = {known: 0.6 for known in vocabulary if len(word) > 1 and known.startswith(word)}
    if word in vocabulary:
        near[word] = 1.0
    slips = 0 if len(word) < 4 or word in FILLERS else 1 if len(word) < 6 else 2
    if near or not slips:
        return near
    letters = set(word)
    for known in vocabulary:
        if len(letters & set(known)) >= len(letters) - slips:
            slipped = min(
                distance(word, known, slips),
                # Still typing: the beginning of a longer word.
                distance(word, known[: len(word)], slips) + 0.5,
            )
            if slipped <= slips:
                near[known] = 0.7 - 0.2 * slipped
    return near


def score(
    entry: Entry, near: list[dict[str, float]], phrase: str, first: bool
) -> tuple[int, float]:
    """How many of the query's words a service has, and how much they are worth. `first`: who
    asks wants the thing for the first time."""
    worths = [
        max(
            (
                fit * entry.words[word] * (1.5 if word in HAPPENED else 1.0)
                for word, fit in each.items()
                if word in entry.words
            ),
            default=0,
        )
        for each in near
    ]
    hits = sum(worth > 0 for worth in worths)
    whole = 6.0 if phrase in entry.phrases else 0.0
    extra = 0.5 if entry.service.popular else 0.0
    extra += 1.5 if first and not FIRST.isdisjoint(entry.words) else 0.0
    return hits, sum(worths) + whole + extra


def distance(one: str, other: str, most: int) -> int:
    """Typing errors between two words (a letter more, less, other, or two swapped).

    Anything over `most` comes back as `most + 1`.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            step = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                step = min(step, before[j - 2] + 1)
            row.append(step)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


@lru_cache(maxsize=4)
def index_of(catalogue: Catalogue) -> Index:
    """The index of a catalogue, made once: catalogues don't change, they are replaced."""
    entries = tuple(_entry(catalogue, service) for service in catalogue.services.values())
    agencies = tuple((agency, _agency_words(agency)) for agency in catalogue.agencies.values())
    vocabulary = frozenset(word for entry in entries for word in entry.words)
    return Index(entries, agencies, vocabulary)


def _entry(catalogue: Catalogue, service: Service) -> Entry:
    words: dict[str, float] = dict.fromkeys(_agency_words(catalogue.agency_of(service.id)), AGENCY)
    for keyword in service.keywords:
        words |= dict.fromkeys(plain_words(keyword), KEYWORD)
    for name in (service.name.id, service.name.en):
        words |= dict.fromkeys(plain_words(name), NAME)
    names = (*service.keywords, service.name.id, service.name.en)
    phrases = frozenset(" ".join(meaning(name)) for name in names)
    return Entry(service, words, phrases)


def _agency_words(agency: Agency) -> frozenset[str]:
    texts = (agency.short, agency.name.id, agency.name.en)
    return frozenset(word for text in texts for word in plain_words(text)) - FILLERS
