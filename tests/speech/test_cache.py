"""The folder of rendered announcements."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from queue_server.speech.cache import AudioCache


def name(number: int) -> str:
    """A file name of the cache's own form."""
    return f"{number:032x}.mp3"


def aged(path: Path, seconds: int) -> None:
    """As if it was last heard that long after the epoch."""
    os.utime(path, (seconds, seconds))


def test_the_file_heard_longest_ago_goes_first(tmp_path: Path) -> None:
    """Over the limit, the least recently used are removed, as many as needed and no more."""
    cache = AudioCache(tmp_path, limit=350)
    paths = [cache.store(name(number), b"x" * 100) for number in range(3)]
    for number, path in enumerate(paths):
        aged(path, 1000 + number)
    assert cache.find(name(0)) == paths[0]  # heard again: now the youngest
    cache.store(name(3), b"x" * 100)
    assert [path.exists() for path in paths] == [True, False, True]


def test_the_newest_file_stays_even_when_it_alone_is_too_large(tmp_path: Path) -> None:
    """What was just made for somebody is there when they fetch it."""
    cache = AudioCache(tmp_path, limit=10)
    cache.store(name(1), b"x" * 100)
    assert cache.store(name(2), b"x" * 100).exists()
    assert cache.find(name(1)) is None


def test_strangers_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    """Only the cache's own files are counted and removed."""
    (tmp_path / "README").write_bytes(b"x" * 1000)
    AudioCache(tmp_path, limit=150).store(name(1), b"x" * 100)
    assert (tmp_path / "README").exists()
    assert (tmp_path / name(1)).exists()


def test_half_written_files_of_a_killed_process_are_swept(tmp_path: Path) -> None:
    """A part that was never renamed goes at the next start; whole files stay."""
    (tmp_path / f"{name(1)}.0badcafe.part").write_bytes(b"half")
    (tmp_path / name(2)).write_bytes(b"whole")
    cache = AudioCache(tmp_path, limit=1000)
    assert [path.name for path in tmp_path.iterdir()] == [name(2)]
    assert cache.find(name(2))


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk raises OSError, and neither a file nor a part stays behind."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    cache = AudioCache(tmp_path, limit=1000)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        cache.store(name(1), b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    ["", ".", "..", "../secret", "/etc/passwd", "a.mp3", f"{1:032X}.mp3".replace("1", "A"),
     f"../{1:032x}.mp3", f"{1:032x}.mp3\n", f"{1:032x}.exe", f"{1:032x}.mp3/", "\0"],
)  # fmt: skip
def test_no_other_name_is_ever_looked_for(tmp_path: Path, wrong: str) -> None:
    """A name that isn't 32 hex digits and mp3 or wav is no file, whatever is on the disk."""
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "cache"
    folder.mkdir()
    assert not AudioCache.valid(wrong)
    assert AudioCache(folder, limit=1000).find(wrong) is None
