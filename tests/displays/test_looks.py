"""What a screen is set to, text by schedule, and how a configuration that can't be is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from displays.look import languages, look
from displays.schedule import Timed, in_force, texts
from displays.screen import screen
from queue_server.catalogue import Text
from queue_server.config import (
    DAYS,
    Config,
    ConfigError,
    DisplaysSection,
    LanguagesSection,
    PlaylistSection,
    RunningText,
    ScreenSection,
    ZoneSection,
    load,
)
from queue_server.config.boards import Weekday
from queue_server.core import commands as c

from .day import Day

MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+07:00")
HOUR = 60


def config(**zone: object) -> Config:
    return Config(
        displays=DisplaysSection(layout="big", theme="light", media="hall"),
        zones={"a": ZoneSection(**zone)},  # type: ignore[arg-type]  # one key at a time
        playlists={"hall": PlaylistSection("x"), "a": PlaylistSection("y")},
    )


def test_a_screen_takes_what_it_does_not_say_from_its_zone_and_the_hall() -> None:
    """Screen over zone over hall, each setting by itself."""
    assert look(ScreenSection(zone="b"), config(layout="split")).layout == "big"
    zone = look(ScreenSection(zone="a"), config(layout="split", media="a"))
    assert (zone.layout, zone.theme, zone.playlist) == ("split", "light", "a")
    own = look(ScreenSection(zone="a", layout="list", theme="dark", media="none"), config())
    assert (own.layout, own.theme, own.playlist) == ("list", "dark", "")


@pytest.mark.parametrize(
    ("screen", "speaks"),
    [
        (ScreenSection(layout="list"), True),
        (ScreenSection(layout="list", sound="off"), False),
        (ScreenSection(layout="split", part=1), True),
        (ScreenSection(layout="split", part=2), False),
        (ScreenSection(layout="split", part=2, sound="on"), True),
        (ScreenSection(layout="list", part=2), True),
        (ScreenSection(layout="door", counter="1"), False),
        (ScreenSection(layout="door", counter="1", sound="on"), True),
    ],
)
def test_one_of_two_screens_speaks(screen: ScreenSection, speaks: bool) -> None:
    """Second halves and doors are quiet unless told otherwise; a preview always is."""
    assert look(screen, Config()).speaks is speaks
    assert not look(screen, Config(), preview=True).speaks


def test_what_a_screen_follows() -> None:
    """A zone, a counter's door; a preview is not counted as a screen."""
    assert look(ScreenSection(zone="a"), Config()).topic == "zone:a"
    assert look(ScreenSection(zone="a"), Config(), preview=True).topic == "preview:a"
    assert look(ScreenSection(layout="door", counter="5"), Config()).topic == "door:5"


def test_languages_of_a_zone() -> None:
    """The zone's, else the hall's, else those of the pages that boards have words of."""
    hall = Config(languages=LanguagesSection(pages=("jv", "en", "id")))
    assert languages(hall, "a") == ("en", "id")
    one = Config(zones={"a": ZoneSection(languages=("en",))})
    assert (languages(one, "a"), languages(one, "b")) == (("en", ""), ("id", "en"))
    day = Day(config=one)
    shown = screen(day.board("a"), one)
    assert (shown.first, shown.second) == ("en", "")


def test_text_by_schedule() -> None:
    """On its days, in its hours, between its dates; the line that always runs comes first."""
    friday = RunningText("Jumat", "Friday", hours="11:00-13:00", days=("friday",))
    campaign = RunningText("Vaksin", since="2026-12-01", until="2026-12-02")
    hall = Config(displays=DisplaysSection(running_text="Halo", texts=(friday, campaign)))
    lines = texts(hall, "a")
    assert [line.text.id for line in lines] == ["Halo", "Jumat", "Vaksin"]
    assert lines[2].text.en == "Vaksin"

    def running(moment: str) -> list[str]:
        at = datetime.fromisoformat(f"{moment}:00+07:00")
        return [line.text.id for line in lines if in_force(line, at)]

    assert running("2026-11-27T10:59") == ["Halo"]
    assert running("2026-11-27T11:00") == ["Halo", "Jumat"]
    assert running("2026-11-27T13:00") == ["Halo"]
    assert running("2026-12-02T23:59") == ["Halo", "Vaksin"]
    assert running("2026-12-03T00:00") == ["Halo"]


def test_a_zones_texts_replace_the_halls() -> None:
    """A zone with lines of its own doesn't run the hall's."""
    own = ZoneSection(running_text="A", texts=(RunningText("B"),))
    hall = DisplaysSection(running_text="H", texts=(RunningText("I"),))
    found = Config(displays=hall, zones={"a": own})
    assert [line.text.id for line in texts(found, "a")] == ["A", "B"]
    assert [line.text.id for line in texts(found, "b")] == ["H", "I"]
    assert Day(config=found).board("a").running_text.id == "A B"


@given(
    days=st.sets(st.sampled_from("1234567")).map(lambda found: "".join(sorted(found))),
    start=st.integers(0, 1439), length=st.integers(1, 600), minutes=st.integers(0, 60 * 24 * 14),
)  # fmt: skip
def test_a_line_runs_only_within_every_limit(
    days: str, start: int, length: int, minutes: int
) -> None:
    """In force means: on one of the days, and within the span."""
    end = min(1440, start + length)
    line = Timed(Text("x", "x"), days=days, hours=((start, end),))
    at = MONDAY.replace(hour=0) + timedelta(minutes=minutes)
    within = start <= at.hour * HOUR + at.minute < end
    assert in_force(line, at) is (within and (not days or str(at.isoweekday()) in days))


def test_messages_come_before_every_schedule() -> None:
    """What a supervisor says now is shown alone."""
    day = Day(config=Config(displays=DisplaysSection(texts=(RunningText("Besok libur"),))))
    assert len(screen(day.board("a"), day.config).slides) == 2
    chief = c.Actor("chief", steward=True)
    day.do(c.PostMessage(by=chief, text="Loket 3 tutup.", to="boards", text_en="Counter 3 closes."))
    (slide,) = screen(day.board("a"), day.config).slides
    assert (slide.text, slide.shown) == (Text("Loket 3 tutup.", "Counter 3 closes."), True)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DISPLAYS__LAYOUT", "grid", r"displays\.layout: expected one of 'list', 'big', 'split', "),
        ("ZONES__A__THEME", "blue", r"zones\.a\.theme: expected one of '', 'dark', 'light'"),
        ("DISPLAYS__MEDIA", "tv", r"displays\.media: expected one of none, found 'tv'"),
        ("SCREENS__X__MEDIA", "tv", r"screens\.x\.media: expected one of none"),
        ("SCREENS__X__LAYOUT", "door", r"screens\.x\.counter: expected the id of the door's"),
        ("SCREENS__X__LAYOUT", "wall", r"screens\.x\.layout: expected one of .*'door', found"),
        ("PLAYLISTS__P__FOLDER", "", r"playlists\.p"),
        ("DISPLAYS__TEXTS", '[{text="a", days=["senin"]}]', r"texts\[0\]\.days\[0\]: .*'monday'"),
        ("DISPLAYS__TEXTS", '[{text="a", hours="9-10"}]', r"displays\.texts\[0\]\.hours: expec"),
        ("DISPLAYS__TEXTS", '[{days=["monday"]}]', r"texts\[0\]\.text: expected a text in one"),
        ("DISPLAYS__TEXTS", '[{tekst="a"}]', r"texts\[0\]\.tekst: expected one of text, text_en"),
        ("ZONES__A__TEXTS", '[{text="a", since="2026-12-02", until="2026-12-01"}]',
         r"zones\.a\.texts\[0\]\.until: expected no day before 2026-12-02"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_the_start(variable: str, value: str, said: str) -> None:
    """One line with file, key, what was expected and what was found."""
    with pytest.raises(ConfigError, match=said):
        load(None, {f"ANTREAN_{variable}": value})


def test_a_playlists_folder_stands_beside_the_file(tmp_path: Path) -> None:
    """Wherever the server is started from."""
    file = tmp_path / "config.toml"
    file.write_text('[playlists.p]\nfolder = "media"\n')
    assert load(file, {}).playlists["p"].folder == str(tmp_path / "media")


def test_the_days_are_all_there() -> None:
    """As schedules name them, Monday first."""
    assert get_args(Weekday) == DAYS
