"""What engines are really handed."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.speech.pronounce import LONGEST_TEXT, for_command, for_espeak

QUEUE = "Queue number A zero one two, please proceed to counter five."


def test_the_english_letter_a_is_said_by_its_name() -> None:
    """espeak gets /eɪ/ in phonemes, any other engine a comma: neither reads the article."""
    assert for_espeak(QUEUE, "en").startswith("Queue number [['eI]] zero one two,")
    assert for_command(QUEUE, "en").startswith("Queue number A, zero one two,")


def test_only_the_letter_alone_is_meant() -> None:
    """The article, other words and Indonesian keep their A."""
    assert for_espeak("a room, Apotek", "en") == "a room, Apotek"
    assert for_command("Nomor A satu", "id") == "Nomor A satu"
    assert for_command("A, one", "en") == "A, one"


def test_letters_side_by_side_are_kept_apart() -> None:
    """ "A A" gets a pause: it would be one long vowel, and sound like one letter."""
    assert for_espeak("A A B nol", "id") == "A [[_:]] A [[_:]] B nol"
    assert for_espeak("A A one", "en") == "[['eI]] [[_:]] [['eI]] one"


def test_indonesian_words_that_espeak_gets_wrong_are_put_right() -> None:
    """The schwa of enam, empat and belas, and the e of loket."""
    said = for_espeak("enam Empat dua belas sebelas loket enambelas", "id")
    assert said == "[[@n'am]] [[@mp'at]] dua [[b@l'as]] [[s@b@l'as]] [[l'okEt]] enambelas"


def test_an_unknown_language_goes_through() -> None:
    """An espeak voice that an admin adds is handed the words as they are."""
    assert for_espeak("Nomer A enem", "jv") == "Nomer A enem"


@given(st.text(max_size=900), st.sampled_from(("id", "en", "jv")))
def test_no_text_brings_its_own_phonemes_or_controls(text: str, language: str) -> None:
    """Only our own [[ ]] reach espeak, on one line of bounded length."""
    assert not re.search(r"[\[\]<>\x00-\x1f]", for_command(text, language))
    said = for_espeak(text, language)
    assert not re.search(r"[\[\]<>\x00-\x1f]", re.sub(r"\[\[[^\[\]]+\]\]", "", said))
    assert len(for_command("x" * 5000, language)) == LONGEST_TEXT


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="the program espeak-ng isn't on PATH")
def test_espeak_itself_says_the_phonemes() -> None:
    """espeak-ng's own transcription has the letter's name, and the schwas."""
    assert "n'Vmb3r- 'eI z" in _transcribed(QUEUE, "en")
    assert "_: 'a" in _transcribed("Nomor antrean A A nol", "id")
    assert "@n'am @mp'at d'ua b@l'as" in _transcribed("enam empat dua belas", "id")


def _transcribed(text: str, language: str) -> str:
    argv = ["espeak-ng", "-q", "-x", "-v", language, "--", for_espeak(text, language)]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout
