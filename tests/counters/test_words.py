"""Every word of the counters' pages has its English."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOM = Path(__file__).resolve().parents[2] / "counters"


def spoken() -> set[str]:
    """What templates and Python files mark as words."""
    found: set[str] = set()
    for file in ROOM.rglob("*.html"):
        with file.open("rb") as source:
            found.update(str(words) for _, _, words, _ in babel_extract(source, ["_"], [], {}))
    for file in ROOM.glob("*.py"):
        with file.open("rb") as source:
            found.update(str(words) for _, _, words, _ in extract_python(source, ["N_"], [], {}))
    return found - {"None"}  # _(act.label): its words are marked where they stand


def test_every_word_has_its_english() -> None:
    """None is missing, none is left over."""
    with (ROOM / "locale" / "en.po").open("rb") as source:
        catalogue = read_po(source, locale="en")
    assert {entry.id for entry in catalogue if entry.id and entry.string} == spoken()
