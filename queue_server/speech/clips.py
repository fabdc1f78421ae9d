"""Recorded clips: a hall's own announcer, in place of the synthetic voice.

A folder holds one folder a language, and in it one PCM WAV for each word or run of words. The
file's name is those words in lower case, joined by hyphens:

    id/nomor-antrean.wav   id/a.wav        id/nol.wav    id/silakan-menuju.wav   id/loket.wav
    en/queue-number.wav    en/a.wav        en/zero.wav   en/please-proceed-to.wav

A sentence is joined from clips when every word of it is covered (the fewest clips win, so that
`dua-belas.wav` goes before `dua.wav` + `belas.wav`); otherwise it is synthesised whole: two
voices in one sentence are worse than either.
"""

from __future__ import annotations

import hashlib
import logging
import re
from array import array
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Final

from . import audio

LONGEST_RUN: Final = 8
"""Words that one clip may hold."""
GAP: Final = 0.05
"""Seconds between two clips."""
COMMA: Final = 0.30
"""Seconds at a comma or another stop."""

_log = logging.getLogger(__name__)


def slug(words: Sequence[str]) -> str:
    """The name, without ".wav", of the clip that says these words."""
    return "-".join(words)


def phrases(text: str) -> list[list[str]]:
    """The words of a sentence, lower case, apart at its commas and stops."""
    parts = (re.findall(r"[\w']+", part.lower()) for part in re.split(r"[,.;:!?]", text))
    return [words for words in parts if words]


class ClipSet:
    """The clips of one folder, as they were when it was read."""

    def __init__(self, folder: Path) -> None:
        """Reads the folder once; a folder that can't be read holds no clips, and is logged."""
        self._files: dict[str, dict[str, bytes]] = {}
        self._sounds: dict[tuple[str, str], array[int]] = {}
        digest = hashlib.sha256()
        try:
            for path in sorted(folder.glob("*/*.wav")):
                language, name, data = path.parent.name, path.stem.lower(), path.read_bytes()
                digest.update(f"{language}/{name}\0".encode() + hashlib.sha256(data).digest())
                self._files.setdefault(language, {})[name] = data
        except OSError as error:
            _log.warning("clips in %s can't be read: %s", folder, error)
        self.digest = digest.hexdigest()

    def __len__(self) -> int:
        return sum(map(len, self._files.values()))

    def cover(self, text: str, language: str) -> list[list[str]] | None:
        """The clips that say the sentence, one list a phrase; None when a word has none."""
        known = self._files.get(language, {})
        covered = [_fewest(words, known) for words in phrases(text)]
        whole = [names for names in covered if names]
        return whole if whole and len(whole) == len(covered) else None

    def join(self, text: str, language: str) -> array[int] | None:
        """The sentence from clips, levelled; None when it can't be said by them."""
        covered = self.cover(text, language)
        if covered is None:
            return None
        try:
            return _joined([[self._sound(language, name) for name in names] for names in covered])
        except audio.AudioError as error:
            _log.warning("a clip for %r can't be used: %s", text, error)
            return None

    def _sound(self, language: str, name: str) -> array[int]:
        if (language, name) not in self._sounds:
            sound = audio.trimmed(audio.read_wav(self._files[language][name]))
            if not sound:
                raise audio.AudioError(f"{language}/{name}.wav is silent")
            self._sounds[language, name] = audio.levelled(sound)
        return self._sounds[language, name]


def _fewest(words: list[str], known: Container[str]) -> list[str] | None:
    """The shortest list of clips for the words, found from the last word backwards."""
    best: list[list[str] | None] = [[]]  # for the words from `at` on; the next ones after it
    for at in reversed(range(len(words))):
        choices = []
        for count in range(1, min(LONGEST_RUN, len(words) - at) + 1):
            name, rest = slug(words[at : at + count]), best[count - 1]
            if name in known and rest is not None:
                choices.append([name, *rest])
        best.insert(0, min(choices, key=len, default=None))
    return best[0]


def _joined(sounds: list[list[array[int]]]) -> array[int]:
    joined = array("h")
    for number, phrase in enumerate(sounds):
        joined += audio.silence(COMMA if number else 0)
        for place, sound in enumerate(phrase):
            joined += audio.silence(GAP if place else 0) + sound
    return joined
