"""A hall's own recordings."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.speech import audio, clips
from queue_server.speech.clips import ClipSet, phrases, slug

from .sound import pauses, rms, samples_of, strongest, tone, wav

CALL = "Nomor antrean A nol dua belas, silakan menuju loket lima."
RECORDED = {
    "nomor-antrean": 300,
    "a": 400,
    "nol": 500,
    "dua-belas": 600,
    "dua": 650,
    "belas": 675,
    "silakan-menuju": 700,
    "loket": 800,
    "lima": 900,
}


def record(folder: Path, names: dict[str, int], language: str = "id") -> Path:
    """A clip for each name: 0.3 s of its tone, with silence around it."""
    (folder / language).mkdir(parents=True, exist_ok=True)
    for number, (name, hertz) in enumerate(names.items()):
        sound = [0] * 5000 + tone(hertz, 0.3, peak=2000 + 2000 * number) + [0] * 9000
        (folder / language / f"{name}.wav").write_bytes(wav(sound))
    return folder


def test_a_covered_sentence_is_joined_in_order(tmp_path: Path) -> None:
    """Each word's clip sounds in its place, trimmed, equally loud; the comma is a longer pause."""
    joined = ClipSet(record(tmp_path, RECORDED)).join(CALL, "id")
    assert joined is not None
    gaps = pauses(list(joined), 0.06)
    heard, pitches = [0.0, *(end for _, end in gaps)], []
    for start in heard:
        piece = list(joined)[round(start * 22_050) + 400 :]
        pitches.append(strongest(piece))
        assert rms(piece[:2048]) == pytest.approx(0.12, rel=0.1)
    expected = (300, 400, 500, 600, 700, 800, 900)
    assert pitches == [pytest.approx(hertz, abs=11) for hertz in expected]
    longest = max(gaps, key=lambda gap: gap[1] - gap[0])
    assert gaps.index(longest) == 3  # before "silakan"


def test_the_fewest_clips_win(tmp_path: Path) -> None:
    """The whole "dua-belas" goes before "dua" + "belas"; without it, the two are used."""
    with_both = ClipSet(record(tmp_path / "a", RECORDED))
    assert with_both.cover("dua belas", "id") == [["dua-belas"]]
    apart = {name: hertz for name, hertz in RECORDED.items() if name != "dua-belas"}
    assert ClipSet(record(tmp_path / "b", apart)).cover("dua belas", "id") == [["dua", "belas"]]


def test_a_greedy_choice_does_not_lose_the_sentence(tmp_path: Path) -> None:
    """A long clip that leaves an uncovered word is passed over for shorter ones that fit."""
    found = ClipSet(record(tmp_path, {"satu-dua": 300, "satu": 400, "dua-tiga": 500}))
    assert found.cover("satu dua tiga", "id") == [["satu", "dua-tiga"]]


def test_one_missing_word_leaves_the_sentence_to_the_engine(tmp_path: Path) -> None:
    """No sentence is said by two voices."""
    found = ClipSet(record(tmp_path, RECORDED))
    assert found.join(CALL.replace("lima", "enam"), "id") is None
    assert found.join(CALL, "en") is None
    assert found.join(" ,. ", "id") is None


def test_no_clip_reaches_over_a_comma(tmp_path: Path) -> None:
    """Words on both sides of a comma are two phrases."""
    assert ClipSet(record(tmp_path, {"nol-satu": 300})).cover("nol, satu", "id") is None
    assert phrases("A, nol satu. Ya!") == [["a"], ["nol", "satu"], ["ya"]]


def test_capital_letters_in_file_names_do_not_matter(tmp_path: Path) -> None:
    """A.wav and a.wav are the letter a."""
    assert ClipSet(record(tmp_path, {"A": 300})).cover("A", "id") == [["a"]]


@pytest.mark.parametrize("data", [b"RIFF", wav([0] * 9000)], ids=["broken", "silent"])
def test_an_unusable_clip_leaves_the_sentence_to_the_engine(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    """A clip that is broken or silent is logged by name, not played."""
    record(tmp_path, RECORDED)
    (tmp_path / "id" / "lima.wav").write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert ClipSet(tmp_path).join(CALL, "id") is None
    assert "loket lima" in caplog.text


def test_the_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    """Any change to the set makes other file names; the same set makes the same, anywhere."""
    first = ClipSet(record(tmp_path / "a", RECORDED))
    same = ClipSet(record(tmp_path / "b", RECORDED))
    louder = ClipSet(record(tmp_path / "c", RECORDED | {"lima": 901}))
    fewer = ClipSet(record(tmp_path / "d", {"nol": 500}))
    assert first.digest == same.digest
    assert len({first.digest, louder.digest, fewer.digest}) == 3
    assert (len(first), len(fewer)) == (9, 1)


def test_a_folder_that_is_not_there_holds_no_clips(tmp_path: Path) -> None:
    """A wrong path in the configuration means synthesis, not an error."""
    found = ClipSet(tmp_path / "gone")
    assert len(found) == 0
    assert found.join(CALL, "id") is None


def test_a_clip_that_can_not_be_read_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder in a clip's place is an OSError, and no more than a warning."""
    (tmp_path / "id" / "nol.wav").mkdir(parents=True)
    assert len(ClipSet(tmp_path)) == 0
    assert "can't be read" in caplog.text


@given(
    words=st.lists(st.sampled_from("abc"), min_size=1, max_size=10),
    known=st.sets(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(slug)),
)
def test_a_cover_says_the_words_and_nothing_else(words: list[str], known: set[str]) -> None:
    """Whatever is recorded: the clips read aloud in order are the words; none only if none is."""
    found = clips._fewest(words, known)
    reachable = {0}
    for at in range(len(words)):
        if at in reachable:
            reachable |= {
                end for end in range(at + 1, len(words) + 1) if slug(words[at:end]) in known
            }
    assert (found is not None) == (len(words) in reachable)
    if found is not None:
        assert "-".join(found) == "-".join(words)
        assert set(found) <= known


def test_a_joined_sentence_is_a_plain_wav(tmp_path: Path) -> None:
    """What comes out can be written like any other sound."""
    joined = ClipSet(record(tmp_path, RECORDED)).join(CALL, "id")
    assert joined is not None
    assert samples_of(audio.to_wav(joined)) == list(joined)
