"""The hall's voice: an utterance in, the URL and the file of its announcement out."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import audio
from . import chime as made
from .background import Background
from .cache import AudioCache
from .clips import ClipSet
from .engine import Engine, VoiceUnavailable
from .words import LANGUAGES, Language, SpokenCall, call_sentence

URL: Final = "/audio/"
AFTER_CHIME: Final = 0.25
BETWEEN: Final = 0.55
"""Seconds of silence: chime to sentence, sentence to sentence."""
CACHE_BYTES: Final = 200 * 1024 * 1024
REMEMBERED: Final = 4096
"""Utterances that can still be rendered by name: a long day's calls."""
AT_ONCE: Final = 2
"""Renderings at a time; each takes about 0.3 s of one core."""
_FORMAT: Final = 1
"""Raised when the same utterance is to sound different: it makes every cached file another's."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is announced at once: (language, spoken text) in the order in which they are said.

    A `plain` one is for one person: without the chime, and once.
    """

    sentences: tuple[tuple[str, str], ...]
    plain: bool = False

    @classmethod
    def of_call(cls, call: SpokenCall, languages: tuple[Language, ...] = LANGUAGES) -> Utterance:
        """The call's sentence in each of the languages."""
        return cls(tuple((language, call_sentence(call, language)) for language in languages))


@dataclass(frozen=True, slots=True)
class VoiceStatus:
    """Whether the hall can speak now, by what, and in one sentence why (not)."""

    available: bool
    engine: str | None
    reason: str


class Voice:
    """Renders each utterance once, as one file: the chime, then `repeat` times its sentences.

    Used from one event loop. Nothing here is needed to call a ticket: it may fail, and says so.
    """

    def __init__(
        self,
        cache: Path,
        engine: Engine | None,
        *,
        clips: Path | None = None,
        chime: Path | None = None,
        repeat: int = 1,
        cache_bytes: int = CACHE_BYTES,
        no_engine: str = "no speech engine was found",
    ) -> None:
        """`clips` and `chime` are read now; one that can't be read is left out, and logged.

        The sentences are said `repeat` times; `no_engine` is the reason given without `engine`.
        """
        if repeat < 1:
            raise ValueError(f"a repeat of at least 1 was expected, found {repeat}")
        self._engine, self._no_engine, self._repeat = engine, no_engine, repeat
        self._clips = ClipSet(clips) if clips else None
        self._chime = _read_chime(chime)
        self._cache = AudioCache(cache, cache_bytes)
        self._mp3 = audio.has_mp3()
        self._sound = self._fingerprint()
        self._known: OrderedDict[str, Utterance] = OrderedDict()
        self._renderings: dict[str, asyncio.Task[Path]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._background = Background(self.render)
        self._failure: str | None = None
        self._closed = False

    def url(self, utterance: Utterance) -> str:
        """Where its file is, or will be once asked for; the same sound always has the same URL."""
        return URL + self._remember(utterance)

    async def render(self, utterance: Utterance) -> Path:
        """Its file, made if need be; callers at the same time share one rendering.

        Raises VoiceUnavailable.
        """
        name = self._remember(utterance)
        if found := self._cache.find(name):
            return found
        if self._closed:
            raise VoiceUnavailable("the voice is closed")
        task = self._renderings.get(name)
        if task is None:
            task = self._renderings[name] = asyncio.create_task(self._make(name, utterance))
            task.add_done_callback(lambda done: self._finished(name, done))
        # Shielded: one screen that hangs up must not silence the others that wait for the file.
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # by `close`, not by whoever waits here
                raise VoiceUnavailable("the voice is closed") from None
            raise

    def prepare(self, utterance: Utterance) -> None:
        """Have it rendered soon, in the background. Returns at once and never raises."""
        if self._closed or (self._engine is None and not self._clips):
            return
        try:
            self._background.add(self._remember(utterance), utterance)
        except Exception:  # stated above: speech is never in a call's way
            _log.exception("an utterance can't be prepared")

    async def path_for(self, name: str) -> Path | None:
        """The file behind a URL's last component, rendered if this process knows the utterance.

        None for anything else, and when it can't be rendered now (logged).
        """
        if not AudioCache.valid(name):
            return None
        if found := self._cache.find(name):
            return found
        utterance = self._known.get(name)
        if utterance is None:
            return None
        try:
            return await self.render(utterance)
        except VoiceUnavailable as error:
            _log.warning("%s can't be spoken: %s", name, error)
            return None

    @property
    def reads(self) -> bool:
        """Whether there is an engine, so that any text can be read, not only recorded words."""
        return self._engine is not None

    @property
    def status(self) -> VoiceStatus:
        """The state after the last attempt; an engine that failed counts again once it works."""
        recorded = f"{len(self._clips)} recorded clips" if self._clips else ""
        if self._engine is None:
            reason = self._failure or f"{recorded or 'silent'}: {self._no_engine}"
            return VoiceStatus(bool(recorded), "clips" if recorded else None, reason)
        if self._failure:
            return VoiceStatus(False, self._engine.name, self._failure)
        reason = " and ".join(filter(None, (f"speaks with {self._engine.name}", recorded)))
        return VoiceStatus(True, self._engine.name, reason)

    async def close(self) -> None:
        """Stop rendering and end the engine."""
        self._closed = True
        await self._background.close()
        renderings = list(self._renderings.values())
        for rendering in renderings:
            rendering.cancel()
        await asyncio.gather(*renderings, return_exceptions=True)
        if self._engine:
            await self._engine.close()

    def _remember(self, utterance: Utterance) -> str:
        name = self._name(utterance)
        self._known[name] = utterance
        self._known.move_to_end(name)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return name

    def _name(self, utterance: Utterance) -> str:
        plain = ("plain",) if utterance.plain else ()
        parts = json.dumps((self._sound, utterance.sentences, *plain)).encode()
        return f"{hashlib.sha256(parts).hexdigest()[:32]}.{'mp3' if self._mp3 else 'wav'}"

    def _fingerprint(self) -> list[object]:
        """All that changes how the same sentences sound."""
        return [
            _FORMAT,
            self._engine.identity if self._engine else None,
            self._clips.digest if self._clips else None,
            hashlib.sha256(self._chime.tobytes()).hexdigest(),
            self._repeat,
        ]

    async def _make(self, name: str, utterance: Utterance) -> Path:
        async with self._slots:
            try:
                spoken = [await self._say(*sentence) for sentence in utterance.sentences]
                path = await asyncio.to_thread(self._write, name, spoken, utterance.plain)
            except VoiceUnavailable as error:
                self._failure = str(error)
                raise
            except OSError as error:
                self._failure = f"the audio cache can't be written: {error}"
                raise VoiceUnavailable(self._failure) from error
        self._failure = None
        return path

    def _finished(self, name: str, task: asyncio.Task[Path]) -> None:
        del self._renderings[name]
        if not task.cancelled():
            task.exception()  # looked at, even if every caller has gone

    async def _say(self, language: str, text: str) -> array[int]:
        if self._clips and (joined := await asyncio.to_thread(self._clips.join, text, language)):
            return joined
        if self._engine is None:
            raise VoiceUnavailable(self._no_engine)
        return await asyncio.to_thread(_clean, await self._engine.synthesize(text, language))

    def _write(self, name: str, spoken: list[array[int]], plain: bool) -> Path:
        sound = array("h") if plain else self._chime[:]
        before = AFTER_CHIME if sound else 0
        for number, sentence in enumerate(spoken * (1 if plain else self._repeat)):
            sound += audio.silence(BETWEEN if number else before)
            sound += sentence
        return self._cache.store(name, audio.to_mp3(sound) if self._mp3 else audio.to_wav(sound))


def _clean(wav: bytes) -> array[int]:
    try:
        sound = audio.levelled(audio.trimmed(audio.read_wav(wav)))
    except audio.AudioError as error:
        raise VoiceUnavailable(f"the engine's answer can't be used: {error}") from error
    if not sound:
        raise VoiceUnavailable("the engine answered with silence")
    return sound


def _read_chime(path: Path | None) -> array[int]:
    if path is None:
        return array("h")
    try:
        return audio.levelled(audio.read_wav(path.read_bytes()), made.LOUDNESS)
    except (OSError, audio.AudioError) as error:
        _log.warning("the chime %s can't be used: %s", path, error)
        return array("h")
