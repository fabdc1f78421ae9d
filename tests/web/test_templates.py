"""Templates and their words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from queue_server.config import ConfigError
from queue_server.web.assets import Assets
from queue_server.web.i18n import BEGIN, END, Calendar, Translations, plain, spans
from queue_server.web.templates import Templates, capitalized

from .house import ROOT, START

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
    """In macros of other folders too; what is not sure is said in Indonesian, and marked so."""
    if language != "id":
        said = said.replace("Keluar", '<span lang="id">Keluar</span>')
    assert made.fragment("x.html", language, value=1) == f"{said} 1"


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("<p>[a]</p>", '<p><span lang="id">a</span></p>'),
        ('<p title="[a]" id=x>b</p>', '<p title="a" id=x>b</p>'),
        ('<a title="x > [a]">[b]</a>', '<a title="x > a"><span lang="id">b</span></a>'),
        ("<title>[a] · b</title>[c]", '<title>a · b</title><span lang="id">c</span>'),
        ("<OPTION>[a]</OPTION>[c]", '<OPTION>a</OPTION><span lang="id">c</span>'),
        ("<p>[a <b>1</b> c]</p>", '<p><span lang="id">a <b>1</b> c</span></p>'),
        ("<p>a < [b]", '<p>a < <span lang="id">b</span>'),
    ],
)
def test_a_screen_reader_is_told_of_indonesian(marked: str, said: str) -> None:
    """Where an element can stand; attributes and elements of text alone stay bare."""
    assert spans(marked.replace("[", BEGIN).replace("]", END)) == said
    assert plain(f"{BEGIN}a{END}") == "a"


def test_a_language_without_words_is_refused(tmp_path: Path) -> None:
    """At the start, with the remedy."""
    with pytest.raises(ConfigError, match=r"languages\.pages: .* found 'su'; add locale/su\.po"):
        Translations([tmp_path], ("id", "su"))


def test_languages_name_themselves(made: Templates) -> None:
    """By their own file, else as CLDR knows them."""
    known = Translations([ROOT / "queue_server/web"], ("id", "en", "jv"))
    assert [known.name(one) for one in known.languages] == [
        "Bahasa Indonesia", "English", "Basa Jawa"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [("tidak ada KTP", "Tidak ada KTP"), ("5 orang", "5 orang"), (f"{BEGIN}ya", f"{BEGIN}Ya")],
)
def test_capitals_leave_the_rest(text: str, said: str) -> None:
    assert capitalized(text) == said
    assert isinstance(capitalized(Markup(text)), Markup)


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
