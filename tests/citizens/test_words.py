"""Every sentence of these pages has its English, and the file holds no other."""

from __future__ import annotations

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from .hall import ROOT

SURFACE = ROOT / "citizens"
METHOD = [("**.html", "jinja2.ext:babel_extract")]


def test_english_is_complete() -> None:
    """Extracted from the templates, compared with locale/en.po, context and all."""
    found = extract_from_dir(str(SURFACE / "templates"), method_map=METHOD)
    said = {(context, message) for _, _, message, _, context in found}
    with (SURFACE / "locale" / "en.po").open("rb") as file:
        english = {(one.context, one.id): one.string for one in read_po(file) if one.id}
    assert set(english) == said
    assert all(english.values())
