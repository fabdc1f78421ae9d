"""Every word of every page: English is complete, a third language never invents, none is stale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from queue_server.app import SURFACES, WORDS, translations
from queue_server.web.i18n import BEGIN, END, OWN_NAME

from .hall import ROOT, config

FOLDERS = (WORDS, *SURFACES)
KEYWORDS = {"_": None, "gettext": None, "pgettext": ((1, "c"), 2), "N_": None}
Entry = tuple[str | None, str]
"""Context and msgid."""
FOREIGN = [file for folder in FOLDERS for file in (folder / "locale").glob("*.po")]


def said(folder: Path) -> set[Entry]:
    """What templates say, and what Python files mark as words."""
    found: set[Entry] = {OWN_NAME} if folder == WORDS else set()
    for file in [file for end in ("html", "xml", "txt") for file in folder.rglob(f"*.{end}")]:
        with file.open("rb") as source:
            for _, name, words, _ in babel_extract(source, ["_", "gettext", "pgettext"], [], {}):
                found.update(entries(name, words))
    for file in folder.rglob("*.py"):
        with file.open("rb") as source:
            for _, name, words, _ in extract_python(source, ["N_"], [], {}):
                found.update(entries(name, words))
    return found


def entries(name: str, words: object) -> Iterator[Entry]:
    """A call as context and msgid; `_(act.label)` has its words marked where they stand."""
    texts = words if isinstance(words, tuple) else (words,)
    if name == "pgettext":
        yield texts[0], texts[1]
    elif texts[0] is not None:
        yield None, texts[0]


def translated(file: Path) -> dict[Entry, Message]:
    """The entries of a .po file; a fuzzy one is no translation."""
    with file.open("rb") as source:
        return {
            (one.context, str(one.id)): one
            for one in read_po(source, abort_invalid=True)
            if one.id and one.string and not one.fuzzy
        }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_english_is_complete(folder: Path) -> None:
    """Every word of a surface has its English, in its own file or in the shared one; none is
    left over."""
    own = set(translated(folder / "locale" / "en.po"))
    shared = set(translated(WORDS / "locale" / "en.po"))
    words = said(folder)
    assert words - own - shared == set()
    assert own - words == set()


@pytest.mark.parametrize("file", FOREIGN, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_translations_are_of_what_is_said(file: Path) -> None:
    """No stale entry, and the places that values fill are the same in both."""
    found = translated(file)
    assert set(found) <= said(file.parent.parent)
    for (_, msgid), one in found.items():
        places = re.findall(r"%\(\w+\)s", msgid)
        assert sorted(places) == sorted(re.findall(r"%\(\w+\)s", str(one.string))), msgid


def test_a_third_language_is_in_part_and_never_english() -> None:
    """Javanese as it is installed: what is said is said; what isn't stays Indonesian, marked."""
    words = translations(config())
    assert words.languages == ("id", "en", "jv")
    javanese = words.marking("jv")
    assert javanese.pgettext("citizens", "Giliran Anda") == "Giliran panjenengan"
    missing = [
        (context or "", msgid)
        for folder in FOLDERS
        for context, msgid in said(folder)
        if BEGIN in (javanese.pgettext(context, msgid) if context else javanese.gettext(msgid))
    ]
    assert missing, "if Javanese is complete now, this test is to be written anew"
    for context, msgid in missing:
        told = javanese.pgettext(context, msgid) if context else javanese.gettext(msgid)
        assert told == f"{BEGIN}{msgid}{END}"


def test_no_template_asks_for_a_language_by_name() -> None:
    """Two languages are not forever: nothing but the one rule compares with a code."""
    for folder in FOLDERS:
        for file in folder.rglob("*.html"):
            assert not re.search(r"""[=!]= ?["'](id|en)["']""", file.read_text()), file
    assert ROOT in WORDS.parents
