"""A playlist's folder: what is shown, what is left out and why, and that nothing else is served."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.config import PlaylistSection
from queue_server.playlists import Broken, find, read, sniff

JPEG = b"\xff\xd8\xff\xe0" + bytes(32)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + bytes(17)
MOVING_PNG = PNG + b"\0\0\0\x08acTL" + bytes(12) + b"\0\0\0\0IDAT"
STILL_PNG = PNG + b"\0\0\0\0IDAT" + bytes(4) + b"\0\0\0\x08acTL"
WEBP = b"RIFF\0\0\0\0WEBPVP8 " + bytes(16)
MOVING_WEBP = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\x0a\x02" + bytes(9)
MP4 = b"\0\0\0\x18ftypisom" + bytes(16)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(16)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (JPEG, "image/jpeg"), (STILL_PNG, "image/png"), (WEBP, "image/webp"), (MP4, "video/mp4"),
        (WEBM, "video/webm"), (MOVING_PNG, "moves"), (MOVING_WEBP, "moves"), (b"GIF89a", "moves"),
        (b"\0\0\0\x18ftypheic", "type"), (b"<svg onload=alert(1)>", "type"), (b"", "type"),
        (b"\x1a\x45\xdf\xa3 matroska", "type"), (b"MZ\x90", "type"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_say(head: bytes, found: str) -> None:
    """Also pictures that move, which nobody could stop."""
    assert sniff(head) == found


@given(st.binary(max_size=200))
def test_any_bytes_are_read(head: bytes) -> None:
    """Whatever lies in the folder, the list is made."""
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"):
        assert isinstance(sniff(start + head), str)


def test_a_folder_by_name_with_what_is_left_out(tmp_path: Path) -> None:
    """Notes beside the pictures are passed over in silence; what somebody meant to show is told."""
    for name, head in {
        "b.jpg": JPEG, "A.png": STILL_PNG, "film.jpg": MP4, "loop.gif": b"GIF89a",
        "bad;name.jpg": JPEG, "notes.txt": b"call Budi", ".hidden.jpg": JPEG,
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(head)
    found = read(PlaylistSection(str(tmp_path), seconds={"b.jpg": 30}, volume=40))
    assert [(one.name, one.kind, one.seconds, one.volume) for one in found.items] == [
        ("A.png", "image", 12, 0), ("b.jpg", "image", 30, 0), ("film.jpg", "video", 0, 40),
    ]  # fmt: skip
    assert found.broken == (Broken("bad;name.jpg", "name"), Broken("loop.gif", "moves"))


def test_named_files_keep_their_order(tmp_path: Path) -> None:
    """One that is not there is told, and the others are shown."""
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(JPEG)
    found = read(PlaylistSection(str(tmp_path), files=("b.jpg", "c.jpg", "a.jpg")))
    assert [one.name for one in found.items] == ["b.jpg", "a.jpg"]
    assert found.broken == (Broken("c.jpg", "missing"),)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A stick that was pulled out is told, and stops nothing."""
    assert read(PlaylistSection(str(tmp_path / "stick"))).broken == (Broken("", "missing"),)


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    """Neither by dots nor by a link."""
    inside = tmp_path / "media"
    inside.mkdir()
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "sub").mkdir()
    section = PlaylistSection(str(inside))
    assert read(section).items == ()
    for name in ("../secret.jpg", str(tmp_path / "secret.jpg"), "link.jpg", "sub", "", "."):
        assert find(section, name) is None


def test_a_files_version_changes_with_it(tmp_path: Path) -> None:
    """Another picture under the same name is another address."""
    section = PlaylistSection(str(tmp_path))
    (tmp_path / "a.jpg").write_bytes(JPEG)
    first = read(section).items[0].version
    (tmp_path / "a.jpg").write_bytes(JPEG + b"more")
    assert read(section).items[0].version != first
