"""What a screen says to somebody who can't see it.

A page names its own phrases: each becomes the address of a sound, and only what a page of this
server has named can be asked for. Nothing that a visitor typed is ever a phrase: this is no open
text-to-speech service.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from queue_server.house import House
from queue_server.speech.aloud import aloud
from queue_server.speech.voice import Utterance, Voice

MOST = 40
"""Phrases of one element: a list of requirements is read to its end, an endless one isn't."""


@dataclass(frozen=True)
class Guide:
    """The screens' voice in one language; without a `voice` it says nothing."""

    voice: Voice | None
    language: str

    def __call__(self, *phrases: str, language: str = "") -> Markup:
        """The attribute that gives an element its voice: ` data-say="/audio/… /audio/…"`.

        Empty phrases are left out; `language`: that of a phrase which is not in the screen's.
        """
        if self.voice is None:
            return Markup("")
        tongue = language or self.language
        said = (aloud(_plain(phrase), tongue) for phrase in phrases)
        utterances = [Utterance(((tongue, text),), plain=True) for text in said if text]
        sounds = [self.voice.url(utterance) for utterance in utterances[:MOST]]
        return Markup(' data-say="{}"').format(" ".join(sounds))


def _plain(phrase: str) -> str:
    """A macro's outcome is HTML, a catalogue's line is text."""
    return str(phrase.striptags()) if isinstance(phrase, Markup) else phrase


def readable(house: House) -> tuple[str, ...]:
    """The hall's languages in which the voice can read any text, the default first."""
    if house.voice is None or not house.voice.reads:
        return ()
    voices = house.config.speech.voices
    return tuple(one for one in house.config.languages.pages if one in voices)
