"""Codes, hashes, the presence code, and the calendar file."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.booking import codes
from queue_server.booking.ics import Event, calendar
from queue_server.booking.model import LIFE
from queue_server.booking.presence import KEPT, Presence
from queue_server.booking.refusals import SENTENCES, STATES, Refused

NOW = 1_795_488_060_000
EVENT = Event(
    uid="b7@antrean.example", summary="Perekaman KTP-el; MPP, Kalianda",
    description="Kode K7M-2QX\nBawa: Kartu Keluarga — asli", location="Jl. Trans Sumatra, Kalianda",
    url="https://antrean.example/booking/" + "x" * 60,
    begins=NOW, ends=NOW + 3_600_000, stamp=NOW, sequence=2,
)  # fmt: skip


def unfolded(text: str) -> list[tuple[str, str]]:
    """An independent reading: content lines of RFC 5545 as (name, value)."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75
    whole = re.sub(r"\r\n[ \t]", "", text)
    return [(line.partition(":")[0], line.partition(":")[2]) for line in whole.split("\r\n")[:-1]]


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_the_calendar_file_is_read_back() -> None:
    """CRLF, lines of at most 75 octets, UTC times, one event with all that RFC 5545 asks for."""
    lines = unfolded(calendar(EVENT, "id"))
    names = [name for name, _ in lines]
    values = dict(lines)
    assert names[0] == names.pop() == "BEGIN" or lines[-1] == ("END", "VCALENDAR")
    assert (values["VERSION"], values["UID"]) == ("2.0", "b7@antrean.example")
    start = datetime.strptime(values["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert start.timestamp() * 1000 == NOW
    assert values["SEQUENCE"] == "2"
    assert plain(values["SUMMARY"]) == EVENT.summary
    assert values["URL"] == EVENT.url
    assert [value for name, value in lines if name in ("BEGIN", "END")] == [
        "VCALENDAR", "VEVENT", "VALARM", "VALARM", "VEVENT", "VCALENDAR",
    ]  # fmt: skip


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=300))
def test_any_text_comes_back_from_the_calendar(text: str) -> None:
    """Escaped and folded within octets, never within a character."""
    written = calendar(Event("u", text, text, "", "", NOW, NOW, NOW, cancelled=True), "en")
    values = dict(unfolded(written))
    assert plain(values["SUMMARY"]) == text.replace("\r", "\n")
    assert values["STATUS"] == "CANCELLED"
    assert "VALARM" not in written


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("k7m-2qx", "K7M2QX"),
        (" K7M 2QX\n", "K7M2QX"),
        ("https://antrean.example/booking/kz0UKlVc5ZFm3jHRJPFi0Q", "kz0UKlVc5ZFm3jHRJPFi0Q"),
        ("https://a.example/booking/kz0UKlVc5ZFm3jHRJPFi0Q?lang=en", "kz0UKlVc5ZFm3jHRJPFi0Q"),
        ("kz0UKlVc5ZFm3jHRJPFi0Q", "kz0UKlVc5ZFm3jHRJPFi0Q"),
    ],
)  # fmt: skip
def test_what_is_typed_or_scanned(text: str, wanted: str) -> None:
    """Codes in any case and spacing, tokens, whole addresses."""
    assert codes.typed(text) == wanted


def test_codes_and_tokens() -> None:
    """A code has six letters that nobody misreads; a token has 128 bits."""
    made = {codes.new_code() for _ in range(200)}
    assert len(made) > 190
    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{6}", code) for code in made)
    assert len(codes.new_token()) == 22
    assert codes.spelled("K7M2QX") == "K7M-2QX"


def test_the_seal_says_nothing() -> None:
    """The same key gives the same hash; another key or kind another; "" stays ""."""
    seal = codes.Seal(b"k" * 32)
    first = seal.of("phone", "+6281234567890")
    assert first == codes.Seal(b"k" * 32).of("phone", "+6281234567890")
    assert "81234567890" not in first
    assert first != seal.of("device", "+6281234567890")
    assert first != codes.Seal(b"x" * 32).of("phone", "+6281234567890")
    assert seal.of("phone", "") == ""


@given(at=st.integers(0, 2**42), later=st.integers(0, 10 * 30_000))
def test_the_presence_code_holds_for_a_short_while(at: int, later: int) -> None:
    """Both forms hold for the turn in which they are shown and a few more, then never."""
    presence = Presence(30, b"k" * 32)
    shown = presence.shown(at)
    turns = (at + later) // 30_000 - at // 30_000
    for code in (shown.long, shown.short, f" {shown.short[:3]} {shown.short[3:]} "):
        assert presence.holds(code, at + later) == (turns < KEPT)
    assert at < shown.until <= at + 30_000
    assert not presence.holds("", at)
    assert not Presence(30, b"other" * 8).holds(shown.long, at)


def test_every_refusal_speaks_both_languages() -> None:
    """Each sentence can be filled, and the states in it are words."""
    details = {"free": 1, "wanted": 2, "most": 3, "time": "09.00", "day": "Selasa"}
    for code in SENTENCES:
        for state in LIFE:
            refused = Refused(code, state=state, **details)
            assert refused.sentence("id") != refused.sentence("en")
    assert set(STATES["id"]) == set(STATES["en"]) == set(LIFE)
