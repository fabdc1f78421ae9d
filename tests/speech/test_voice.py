"""The hall's voice as the server uses it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from queue_server.speech import audio, background
from queue_server.speech.engine import Engine, SpeechConfig, VoiceUnavailable
from queue_server.speech.loader import LoaderEngine
from queue_server.speech.voice import AFTER_CHIME, BETWEEN, Utterance, Voice
from queue_server.speech.words import SpokenCall

from .sound import Tones, band_share, mp3_seconds, pauses, rms, samples_of, tone, wav
from .test_clips import RECORDED, record

CALL = Utterance.of_call(SpokenCall("A", 12, 3, "loket", 5))
Open = Callable[..., Voice]


def other(number: int) -> Utterance:
    """Another number's call."""
    return Utterance.of_call(SpokenCall("A", number, 3, "loket", 5))


@pytest.fixture
async def speak(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens voices on one cache, and closes them."""
    opened: list[Voice] = []

    def opens(engine: Engine | None, cache: Path = tmp_path / "cache", **options: object) -> Voice:
        opened.append(Voice(cache, engine, **options))  # type: ignore[arg-type]  # passed on
        return opened[-1]

    yield opens
    for voice in opened:
        await voice.close()


@pytest.fixture
def as_wav(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the MP3 encoder isn't installed: the test can listen to the samples."""
    monkeypatch.setattr(audio, "has_mp3", lambda: False)


async def prepared_all(voice: Voice) -> None:
    """Once all that waits has been rendered."""
    assert voice._background._task
    await voice._background._task


def test_an_utterance_is_the_call_in_each_language() -> None:
    """Indonesian first, then English, unless the hall speaks otherwise."""
    assert [language for language, _ in CALL.sentences] == ["id", "en"]
    only = Utterance.of_call(SpokenCall("A", 12, 3, "loket", 5), ("en",))
    assert only.sentences == CALL.sentences[1:]


@pytest.mark.usefixtures("as_wav")
async def test_the_announcement_is_chime_pause_indonesian_pause_english(
    speak: Open, loader: LoaderEngine, chime: Path
) -> None:
    """The real thing, listened to: the chime first, then two sentences of speech, each with its
    comma's pause, all of it about as loud as the chime.
    """
    path = await speak(loader, chime=chime).render(CALL)
    sound = samples_of(path.read_bytes())
    assert 9 < len(sound) / 22_050 < 15
    chimed = 1.2
    after, _, between, _ = pauses(sound, 0.2)
    assert after[0] <= chimed <= after[1]
    assert after[1] - chimed == pytest.approx(AFTER_CHIME, abs=0.08)
    assert between[1] - between[0] == pytest.approx(BETWEEN, abs=0.15)
    bell = sound[: round(chimed * 22_050)]
    indonesian = sound[round(after[1] * 22_050) : round(between[0] * 22_050)]
    english = sound[round(between[1] * 22_050) :]
    assert band_share(bell, 350, 2100) > 0.97
    for speech in (indonesian, english):
        assert 3 < len(speech) / 22_050 < 7
        assert 0.05 < rms(speech) < 0.2
        assert band_share(speech, 150, 4000) > 0.8
        assert band_share(speech, 1500, 11_000) > 5 * band_share(bell, 2200, 11_000)
        assert 0.5 < rms(bell) / rms(speech) < 1.2
    assert max(map(abs, sound)) <= audio.PEAK * 32_767 + 1


@pytest.mark.usefixtures("as_wav")
async def test_sentences_can_be_said_twice_after_one_chime(speak: Open, chime: Path) -> None:
    """`repeat` says all sentences again, with the pause between, and synthesises each once."""
    engine = Tones()
    path = await speak(engine, chime=chime, repeat=2).render(CALL)
    assert len(pauses(samples_of(path.read_bytes()), 0.5)) == 3
    assert len(engine.said) == 2
    with pytest.raises(ValueError, match="repeat"):
        speak(engine, repeat=0)


@pytest.mark.usefixtures("as_wav")
async def test_what_one_person_hears_has_no_chime_and_is_said_once(
    speak: Open, chime: Path
) -> None:
    """A `plain` utterance is its sentence alone, under a name of its own."""
    voice = speak(Tones(), chime=chime, repeat=2)
    sentence = (("id", "Ambil nomor."),)
    plain, call = Utterance(sentence, plain=True), Utterance(sentence)
    assert voice.url(plain) != voice.url(call)
    samples = samples_of((await voice.render(plain)).read_bytes())
    assert 0.4 < len(samples) / 22_050 < 0.6
    assert not pauses(samples, 0.1)
    assert voice.reads
    assert not speak(None).reads


async def test_an_mp3_is_rendered_where_it_can_be(speak: Open, loader: LoaderEngine) -> None:
    """An announcement of both sentences is one small MP3, under the URL's name."""
    voice = speak(loader)
    path = await voice.render(CALL)
    assert path.suffix == ".mp3"
    assert voice.url(CALL) == f"/audio/{path.name}"
    assert 8 < mp3_seconds(path.read_bytes()) < 13
    assert path.stat().st_size < 120_000


@pytest.mark.usefixtures("as_wav")
async def test_without_the_encoder_it_is_a_wav(speak: Open) -> None:
    """The URL says .wav, and a WAV is what is there."""
    voice = speak(Tones())
    assert re.fullmatch(r"/audio/[0-9a-f]{32}\.wav", voice.url(CALL))
    assert samples_of((await voice.render(CALL)).read_bytes())


async def test_the_url_is_of_all_that_changes_the_sound(
    speak: Open, chime: Path, tmp_path: Path
) -> None:
    """Engine, chime, clips, repetition, words and their order each make another URL."""
    louder = tmp_path / "gong.wav"
    louder.write_bytes(wav(tone(300, 0.5)))
    clips = record(tmp_path / "clips", RECORDED)
    voices = [
        speak(Tones()),
        speak(Tones("tones at 200 words a minute")),
        speak(Tones(), chime=chime),
        speak(Tones(), chime=louder),
        speak(Tones(), clips=clips),
        speak(Tones(), repeat=2),
        speak(None),
    ]
    urls = [voice.url(CALL) for voice in voices]
    urls += [voices[0].url(other(13)), voices[0].url(Utterance(CALL.sentences[::-1]))]
    assert len(set(urls)) == 9
    assert speak(Tones()).url(CALL) == urls[0]


async def test_callers_at_the_same_time_share_one_rendering(speak: Open) -> None:
    """Twenty screens ask at once: each sentence is synthesised once."""
    engine = Tones()
    voice = speak(engine)
    paths = await asyncio.gather(*(voice.render(CALL) for _ in range(20)))
    assert len(set(paths)) == 1
    assert engine.said == list(CALL.sentences)


async def test_a_caller_that_leaves_does_not_take_the_rendering_along(speak: Open) -> None:
    """One screen hangs up; the other still gets the file, from the same rendering."""
    engine = Tones()
    engine.gate.clear()
    voice = speak(engine)
    leaves, stays = (asyncio.create_task(voice.render(CALL)) for _ in range(2))
    await engine.started.wait()
    leaves.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaves
    engine.gate.set()
    assert (await stays).exists()
    assert len(engine.said) == 2


async def test_a_file_outlives_the_server(speak: Open) -> None:
    """After a restart the same call is served from the cache, without an engine's help."""
    first = await speak(Tones()).render(CALL)
    engine = Tones()
    again = speak(engine)
    assert await again.render(CALL) == first
    assert await again.path_for(first.name) == first
    assert engine.said == []


async def test_the_cache_keeps_to_its_size(speak: Open) -> None:
    """Bounded in bytes: the announcement heard longest ago makes room."""
    voice = speak(Tones(), cache_bytes=1)
    first = await voice.render(other(1))
    second = await voice.render(other(2))
    assert not first.exists()
    assert second.exists()


async def test_a_file_is_found_by_the_urls_last_part(speak: Open) -> None:
    """A URL that was given out is rendered when it is fetched, and found from then on."""
    engine = Tones()
    voice = speak(engine)
    name = voice.url(CALL).rpartition("/")[2]
    path = await voice.path_for(name)
    assert path
    assert path.name == name
    assert await voice.path_for(name) == path
    assert len(engine.said) == 2


@pytest.mark.parametrize(
    "name",
    ["", "..", "../../etc/passwd", "/etc/passwd", "%2e%2e", "x.mp3", "a" * 32 + ".mp3", "\0.mp3"],
)
async def test_nothing_else_is_served(speak: Open, name: str) -> None:
    """A path, a stranger and a name that was never given out are all None, and say nothing."""
    engine = Tones()
    assert await speak(engine).path_for(name) is None
    assert engine.said == []


async def test_a_file_that_can_not_be_made_is_none(
    speak: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """A fetch during an engine's trouble finds nothing, and the log says why."""
    engine = Tones()
    engine.failure = "the engine is in trouble"
    voice = speak(engine)
    assert await voice.path_for(voice.url(CALL).rpartition("/")[2]) is None
    assert "in trouble" in caplog.text


async def test_prepare_returns_at_once_and_the_file_is_there_when_asked(speak: Open) -> None:
    """With an engine that hangs, prepare still returns; once it speaks, the file is made."""
    engine = Tones()
    engine.gate.clear()
    voice = speak(engine)
    voice.prepare(CALL)
    await engine.started.wait()
    engine.gate.set()
    await voice.render(CALL)
    assert len(engine.said) == 2


async def test_what_waits_to_be_prepared_is_bounded(speak: Open) -> None:
    """A thousand new numbers keep the newest few waiting; the oldest are dropped."""
    engine = Tones()
    voice = speak(engine)
    for number in range(1, 1000):
        voice.prepare(other(number))
        voice.prepare(other(number))
    await prepared_all(voice)
    prepared = [text for language, text in engine.said if language == "id"]
    assert len(prepared) == background.QUEUE
    assert prepared[-1] == other(999).sentences[0][1]


async def test_a_failure_while_preparing_does_not_stop_the_next(
    speak: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """The background goes on after VoiceUnavailable, and after what nobody expected."""
    engine = Tones()
    voice = speak(engine)
    good = engine.answer
    engine.answer = None  # type: ignore[assignment]  # a bug in an engine
    voice.prepare(CALL)
    await prepared_all(voice)
    assert "can't be prepared" in caplog.text
    engine.answer = good
    voice.prepare(CALL)
    await prepared_all(voice)
    assert await voice.path_for(voice.url(CALL).rpartition("/")[2])


def test_prepare_never_raises_not_even_without_a_loop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Called where no loop runs, it logs, and returns."""
    Voice(tmp_path, Tones()).prepare(CALL)
    assert "can't be prepared" in caplog.text


async def test_without_a_voice_the_hall_is_told_why(
    speak: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """No engine: VoiceUnavailable, a status with the reason, no file, and no line a call."""
    voice = speak(None, no_engine="espeak-ng isn't on PATH")
    with pytest.raises(VoiceUnavailable, match="isn't on PATH"):
        await voice.render(CALL)
    assert not voice.status.available
    assert voice.status.engine is None
    assert "isn't on PATH" in voice.status.reason
    with caplog.at_level(logging.DEBUG, "queue_server"):
        voice.prepare(CALL)
    assert caplog.text == ""


async def test_the_status_follows_the_engine(speak: Open) -> None:
    """Available, then not, with the engine's reason, then available again."""
    engine = Tones()
    voice = speak(engine)
    assert voice.status.available
    assert voice.status.engine == "tones"
    engine.failure = "the engine is in trouble"
    with pytest.raises(VoiceUnavailable, match="in trouble"):
        await voice.render(CALL)
    assert not voice.status.available
    assert "in trouble" in voice.status.reason
    engine.failure = None
    await voice.render(CALL)
    assert voice.status.available
    assert "tones" in voice.status.reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"junk", "WAV"), (wav([0] * 9000), "silence")],
    ids=["junk", "silence"],
)
async def test_an_answer_that_is_no_speech_is_not_cached(
    speak: Open, tmp_path: Path, answer: bytes, reason: str
) -> None:
    """Junk and silence are VoiceUnavailable; nothing is stored under the call's name."""
    engine = Tones()
    engine.answer = answer
    with pytest.raises(VoiceUnavailable, match=reason):
        await speak(engine).render(CALL)
    assert not (tmp_path / "cache").exists()


async def test_a_disk_that_can_not_be_written_is_a_reason_too(speak: Open, tmp_path: Path) -> None:
    """The cache's OSError is VoiceUnavailable, and the status says so."""
    (tmp_path / "file").write_bytes(b"")
    voice = speak(Tones(), cache=tmp_path / "file")
    with pytest.raises(VoiceUnavailable, match="can't be written"):
        await voice.render(CALL)
    assert "can't be written" in voice.status.reason


async def test_clips_go_before_the_engine_sentence_by_sentence(speak: Open, tmp_path: Path) -> None:
    """Indonesian is recorded, so only English is synthesised."""
    engine = Tones()
    recorded = {"nomor-antrean": 300, "a-nol-satu-dua": 400, "silakan-menuju-loket-lima": 500}
    voice = speak(engine, clips=record(tmp_path / "clips", recorded))
    await voice.render(CALL)
    assert [language for language, _ in engine.said] == ["en"]
    assert "3 recorded clips" in voice.status.reason


async def test_clips_alone_are_a_voice(speak: Open, tmp_path: Path) -> None:
    """Without any engine the recorded sentences are spoken, the others refused."""
    recorded = {"nomor-antrean": 300, "a-nol-satu-dua": 400, "silakan-menuju-loket-lima": 500}
    voice = speak(None, clips=record(tmp_path / "clips", recorded))
    assert voice.status.available
    assert voice.status.engine == "clips"
    assert (await voice.render(Utterance(CALL.sentences[:1]))).exists()
    with pytest.raises(VoiceUnavailable):
        await voice.render(CALL)


async def test_a_broken_chime_is_left_out(
    speak: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A chime that can't be read costs the chime, not the call."""
    (tmp_path / "chime.wav").write_bytes(b"junk")
    assert (await speak(Tones(), chime=tmp_path / "chime.wav").render(CALL)).exists()
    assert "chime" in caplog.text


async def test_close_lets_nobody_wait(speak: Open) -> None:
    """Whoever waits is told; nothing is rendered or prepared afterwards; the engine is closed."""
    engine = Tones()
    engine.gate.clear()
    voice = speak(engine)
    voice.prepare(other(13))
    waits = asyncio.create_task(voice.render(CALL))
    await engine.started.wait()
    await voice.close()
    with pytest.raises(VoiceUnavailable, match="closed"):
        await waits
    with pytest.raises(VoiceUnavailable, match="closed"):
        await voice.render(CALL)
    voice.prepare(CALL)
    assert engine.closed
    assert await voice.path_for(voice.url(CALL).rpartition("/")[2]) is None


async def test_only_so_many_utterances_are_remembered(
    speak: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """URLs of long ago are forgotten, the newest can still be rendered."""
    monkeypatch.setattr("queue_server.speech.voice.REMEMBERED", 2)
    voice = speak(Tones())
    names = [voice.url(other(number)).rpartition("/")[2] for number in (1, 2, 3)]
    assert await voice.path_for(names[0]) is None
    assert await voice.path_for(names[1])
    assert await voice.path_for(names[2])


async def test_rendering_does_not_hold_up_the_hall(speak: Open, loader: LoaderEngine) -> None:
    """While an announcement is made, the loop goes on turning: the work is on other threads."""
    rendering = asyncio.create_task(speak(loader).render(CALL))
    turns = 0
    while not rendering.done():
        await asyncio.sleep(0)
        turns += 1
    assert (await rendering).exists()
    assert turns > 100


def test_a_default_configuration_finds_a_voice_here() -> None:
    """With the package installed, as it always is, a hall is never mute out of the box."""
    from queue_server.speech.engine import find_engine

    assert find_engine(SpeechConfig()) is not None
