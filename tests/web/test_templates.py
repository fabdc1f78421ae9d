"""Templates and their words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import UndefinedError

from queue_server.web.assets import Assets
from queue_server.web.i18n import Calendar, Translations
from queue_server.web.templates import Templates

from .house import ROOT, START

FOLDERS = [
    folder
    for folder in (
        ROOT / "queue_server/web",
        ROOT / "displays",
        ROOT / "counters",
        ROOT / "citizens",
    )
    if (folder / "templates").is_dir()
]
PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Masuk"
msgstr "{}"

#, fuzzy
msgid "Keluar"
msgstr "not sure"
"""


@pytest.fixture
def made(tmp_path: Path) -> Templates:
    """Templates of two folders, in three languages."""
    for surface in ("one", "two"):
        (tmp_path / surface / "templates").mkdir(parents=True)
        (tmp_path / surface / "locale").mkdir()
    one, two = tmp_path / "one/templates", tmp_path / "two/templates"
    (one / "x.html").write_text('{% from "_m.html" import m %}{{ m() }} {{ value }}')
    (two / "_m.html").write_text('{% macro m() %}{{ _("Masuk") }} {{ _("Keluar") }}{% endmacro %}')
    (one / "x.svg").write_text("<svg>{{ value }}</svg>")
    (one / "x.txt").write_text("{{ value }} {{ clock(at) }} {{ date(at) }}")
    (tmp_path / "one/locale/en.po").write_text(PO.format("Sign in"))
    (tmp_path / "two/locale/jv.po").write_text(PO.format("Mlebu"))
    folders = [tmp_path / "one", tmp_path / "two"]
    (tmp_path / "static").mkdir()
    return Templates(
        [folder / "templates" for folder in folders],
        Assets(tmp_path / "static"),
        Translations(folders, ("id", "en", "jv")),
        zone="Asia/Makassar",
        hall="Uji",
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "Masuk Keluar"), ("en", "Sign in Keluar"), ("jv", "Mlebu Keluar")],
)
def test_a_language_is_a_file(made: Templates, language: str, said: str) -> None:
    """In macros of other folders too; what is not sure is not translated."""
    assert made.fragment("x.html", language, value=1) == f"{said} 1"


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.txt"])
def test_everything_is_escaped(made: Templates, name: str) -> None:
    """Whatever a template's name ends in."""
    said = made.fragment(name, "id", value='<b a="1">&', at=START)
    assert "&lt;b a=&#34;1&#34;&gt;&amp;" in said


def test_a_missing_value_is_a_bug(made: Templates) -> None:
    with pytest.raises(UndefinedError):
        made.fragment("x.html", "id")


def test_times_are_the_halls(made: Templates) -> None:
    said = made.fragment("x.txt", "id", value="", at=START)
    assert said.split(maxsplit=1) == ["10.00", "Senin, 23 November 2026"]


@pytest.mark.parametrize(
    ("language", "zone", "date", "short", "time"),
    [
        ("id", "Asia/Jakarta", "Senin, 23 November 2026", "23 Nov 2026", "09.15 WIB"),
        ("en", "Asia/Jakarta", "Monday, 23 November 2026", "23 Nov 2026", "09:15 WIB"),
        ("id", "Asia/Jayapura", "Senin, 23 November 2026", "23 Nov 2026", "11.15 WIT"),
        ("en", "Europe/Berlin", "Monday, 23 November 2026", "23 Nov 2026", "03:15 CET"),
    ],
)
def test_dates_as_people_write_them(
    language: str, zone: str, date: str, short: str, time: str
) -> None:
    calendar = Calendar(language, zone)
    at = START + 15 * 60_000
    for moment in (at, datetime.fromtimestamp(at / 1000, UTC)):
        assert calendar.date(moment) == date
        assert calendar.short_date(moment) == short
        said = calendar.time(moment)
        assert said == time or (zone.startswith("Europe") and said.startswith("03:15 "))


def extracted(folder: Path) -> Iterator[str]:
    """Everything that a folder's templates say."""
    options = {"**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
    found = extract_from_dir(
        str(folder / "templates"), [("**.html", "jinja2")], options_map=options
    )
    for _, _, message, _, _ in found:
        yield from [message] if isinstance(message, str) else message


@pytest.mark.parametrize("folder", FOLDERS[:1], ids=lambda folder: folder.name)
def test_english_is_complete(folder: Path) -> None:
    """Every sentence of this room's templates has its translation, and none is left over."""
    with (folder / "locale/en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    translated = {str(message.id) for message in catalogue if message.id and message.string}
    assert translated == set(extracted(folder))
