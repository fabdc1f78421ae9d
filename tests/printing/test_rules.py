"""The pure parts: markup, text, and what a printer's bytes mean."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.printing.document import Copy, DocumentError, Line, Number, Qr, Row, parse
from queue_server.printing.sentences import SENTENCES
from queue_server.printing.status import Condition, Reason, condition, is_fence, is_reply
from queue_server.printing.text import ascii_only, rows, wrapped

READY = [0x12, 0x12, 0x12, 0x12]


def test_markup() -> None:
    """Every element, with white space as in prose and escapes undone."""
    parts = parse("""
      <paper>
        <copy>SALINAN</copy><line align="left" bold="yes" size="2">A
          &amp; B</line>
        <number>A-012</number><row label="Loket">1</row><qr>http://x/t/1</qr>
      </paper>""")
    assert parts == (
        Copy("SALINAN"), Line("A & B", "left", "yes", "2"), Number("A-012"), Row("1", "Loket"),
        Qr("http://x/t/1"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<paper>", "well-formed"),
        ("<html/>", "expected <paper>, found <html>"),
        ("<paper><table/></paper>", "<table>: expected one of <line>"),
        ("<paper><line><b>x</b></line></paper>", "<line> with <b> in it"),
        ('<paper><line align="middle">x</line></paper>', "<line>: Invalid enum value 'middle'"),
        ('<paper><line colour="red">x</line></paper>', "<line>: Object contains unknown field"),
        ("<paper><qr>&boom;</qr></paper>", "well-formed"),
    ],
)
def test_wrong_markup_says_what_is_wrong(markup: str, said: str) -> None:
    """The element, and what was expected."""
    with pytest.raises(DocumentError, match="(?s)" + said.replace("(", r"\(")):
        parse(markup)


def test_entities_do_not_grow_without_bound() -> None:
    """A billion laughs are refused, not told."""
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE p [<!ENTITY l0 "ha ha ha ha">{steps}]><paper><line>&l11;</line></paper>'
    with pytest.raises(DocumentError):
        parse(bomb)


@given(st.text(max_size=200))
def test_text_is_printable_ascii(text: str) -> None:
    """Whatever a catalogue holds: what cheap printers can't set is never sent."""
    assert all(" " <= one <= "~" for one in ascii_only(text))


def test_letters_keep_their_body() -> None:
    """Accents go, dashes and quotes become those of a typewriter."""
    assert ascii_only("Kantor “Pérsíl” – 10–20 menit…") == 'Kantor "Persil" - 10-20 menit...'


@given(st.text(st.characters(max_codepoint=0x17F), max_size=120), st.integers(8, 64))
def test_lines_fit_the_paper(text: str, columns: int) -> None:
    """No line is longer than the paper is wide, and no word is lost."""
    lines = wrapped(text, columns)
    assert all(len(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(ascii_only(text).split())


@given(
    st.lists(st.tuples(st.text("abc ", max_size=40), st.text("xyz ", max_size=80)), min_size=1),
    st.integers(16, 64),
)
def test_rows_fit_the_paper(pairs: list[tuple[str, str]], columns: int) -> None:
    """Labels at the left edge, texts at one column, nothing beyond the right edge."""
    lines = rows(pairs, columns)
    assert all(len(label) + len(text) <= columns for label, text in lines)
    assert len({len(label) for label, _ in lines}) == 1


@pytest.mark.parametrize(
    ("at", "bits", "reason", "paper"),
    [
        (0, 0x00, "", "ok"), (0, 0x08, "offline", "ok"), (1, 0x04, "cover_open", "ok"),
        (1, 0x20, "paper_out", "out"), (1, 0x40, "error", "ok"), (2, 0x08, "cutter", "ok"),
        (2, 0x20, "error", "ok"), (2, 0x40, "error", "ok"), (3, 0x0C, "", "low"),
        (3, 0x60, "paper_out", "out"),
    ],
)  # fmt: skip
def test_each_bit(at: int, bits: int, reason: str, paper: str) -> None:
    """As Epson's reference has them."""
    replies = READY.copy()
    replies[at] |= bits
    assert condition(replies) == Condition(reason, paper)  # type: ignore[arg-type]  # literals


def test_the_cause_that_a_person_can_mend_is_told_first() -> None:
    """An open cover makes a printer offline, without paper and in error: close it."""
    assert condition([0x1A, 0x36, 0x52, 0x72]).reason == "cover_open"


@given(st.integers(0, 255))
def test_a_byte_is_one_answer_at_most(byte: int) -> None:
    """Real-time answers and the fence's can't be taken for each other."""
    assert not (is_reply(byte) and is_fence(byte))


def test_every_reason_has_its_sentences() -> None:
    """In both languages."""
    assert set(SENTENCES) == set(get_args(Reason))
    assert all(set(said) == {"id", "en"} for said in SENTENCES.values())
