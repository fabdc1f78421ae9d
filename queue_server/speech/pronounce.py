"""Spelling that makes a speech engine say a sentence right. Pure.

The sentences of `words` are plain language; what a given engine mistakes is put right here, next
to the engine, so that clips, captions and other engines never see it.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_TEXT: Final = 600
"""Characters of one sentence; far above any call, it bounds what an engine is ever handed."""

# espeak-ng (1.51 and 1.52) guesses the Indonesian e by position. KBBI: enam, empat and belas have
# the schwa (espeak: @), loket the full e. Each value is in espeak's phoneme mnemonics.
_INDONESIAN: Final = {
    "enam": "@n'am",
    "empat": "@mp'at",
    "belas": "b@l'as",
    "sebelas": "s@b@l'as",
    "loket": "l'okEt",
}
# English "A zero" is read as the article; the letter's name has to be said in phonemes.
_ENGLISH: Final = {"A": "'eI"}
_LETTER_A: Final = re.compile(r"\bA\b(?!,)(?=\s)")
_LETTERS_SIDE_BY_SIDE: Final = re.compile(r"\b([A-Z]) (?=[A-Z]\b)")
_WORD: Final = re.compile(r"[^\W\d_]+")


def for_espeak(text: str, language: str) -> str:
    """The text for espeak-ng: phonemes in [[ ]] for the words that it would say wrong.

    Letters side by side get a short pause: "A A" would melt into one long vowel.
    """
    apart = _LETTERS_SIDE_BY_SIDE.sub(r"\1 [[_:]] ", _plain(text))
    if language == "en":
        return _WORD.sub(lambda word: _phonemes(word[0], word[0], _ENGLISH), apart)
    if language == "id":
        return _WORD.sub(lambda word: _phonemes(word[0], word[0].lower(), _INDONESIAN), apart)
    return apart


def for_command(text: str, language: str) -> str:
    """The text for an unknown engine: only punctuation may help; a comma makes "A" a letter."""
    plain = _plain(text)
    return _LETTER_A.sub("A,", plain) if language == "en" else plain


def _plain(text: str) -> str:
    """One line without control signs, and without what espeak takes for phonemes or markup."""
    return " ".join(re.sub(r"[\[\]<>\x00-\x1f\x7f]", " ", text[:LONGEST_TEXT]).split())


def _phonemes(word: str, key: str, table: dict[str, str]) -> str:
    return f"[[{table[key]}]]" if key in table else word
