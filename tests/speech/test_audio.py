"""Sound: reading what others recorded, levelling, trimming, writing."""

from __future__ import annotations

import struct

import pytest

from queue_server.speech import audio

from .sound import as_array, mp3_seconds, pauses, rms, samples_of, strongest, tone, wav


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_pcm_wav_is_read_as_the_same_tone(rate: int, width: int, channels: int) -> None:
    """Rate, width and channels of a recording change neither pitch, length nor level."""
    read = audio.read_wav(wav(tone(500, 0.3, rate=rate), rate, width, channels))
    assert len(read) == pytest.approx(0.3 * 22_050, abs=2)
    assert strongest(list(read)) == pytest.approx(500, abs=12)
    assert rms(list(read)) == pytest.approx(12_000 / 2**0.5 / 32_768, rel=0.06)


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"not a sound at all, but long enough to be one" * 4, wav([])],
    ids=["empty", "cut short", "text", "no samples"],
)
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    """Junk is an AudioError with a reason, never another exception."""
    with pytest.raises(audio.AudioError, match="WAV"):
        audio.read_wav(data)


def test_a_float_wav_is_refused() -> None:
    """A WAV that isn't PCM is told apart, not played as noise."""
    data = bytearray(wav(tone(500, 0.1), width=4))
    struct.pack_into("<H", data, 20, 3)
    with pytest.raises(audio.AudioError, match="PCM"):
        audio.read_wav(bytes(data))


@pytest.mark.parametrize("peak", [40, 900, 12_000, 32_767])
def test_quiet_and_loud_recordings_come_out_equal(peak: int) -> None:
    """Levelling brings every tone to the common loudness, and never near clipping."""
    level = audio.levelled(as_array(tone(500, 0.5, peak)))
    assert rms(list(level)) == pytest.approx(audio.TARGET_RMS, rel=0.05)
    assert max(map(abs, level)) <= audio.PEAK * 32_767


def test_a_click_keeps_its_peak_below_the_limit() -> None:
    """Where loudness would clip, the peak limit wins."""
    level = audio.levelled(as_array([*tone(500, 0.5, 100), 32_000, -32_768]))
    assert max(map(abs, level)) <= round(audio.PEAK * 32_767)


def test_silence_stays_silence() -> None:
    """Nothing is made louder than nothing, and nothing is left of it when trimmed."""
    quiet = audio.silence(0.2)
    assert audio.levelled(quiet) == quiet
    assert len(audio.trimmed(quiet)) == 0
    assert audio.active_rms(quiet) == 0


def test_silence_at_the_ends_goes_and_in_the_middle_stays() -> None:
    """Trimming keeps the sound, its inner pause, and a breath of 20 to 40 ms around it."""
    still, sound = [0] * 22_050, tone(500, 0.3)
    left = list(audio.trimmed(as_array(still + sound + still + sound + still)))
    assert len(left) / 22_050 == pytest.approx(1.6, abs=0.08)
    assert len(pauses(left, 0.9)) == 1


def test_pauses_do_not_count_as_quiet_speech() -> None:
    """The loudness is that of what sounds, however long the sentence's pauses are."""
    sound = tone(500, 0.4)
    alone, spaced = as_array(sound), as_array(sound + [0] * 40_000)
    assert audio.active_rms(spaced) == pytest.approx(audio.active_rms(alone), rel=0.02)


def test_a_written_wav_is_read_back() -> None:
    """to_wav writes 22 050 Hz mono 16-bit with the samples unchanged."""
    sound = tone(500, 0.1)
    assert samples_of(audio.to_wav(as_array(sound))) == sound


def test_an_mp3_has_the_length_of_its_sound() -> None:
    """Every frame of the MP3 is whole, and together they last as long as the sound."""
    data = audio.to_mp3(as_array(tone(500, 3.0)))
    assert mp3_seconds(data) == pytest.approx(3.0, abs=0.15)
    assert len(data) < 40_000
