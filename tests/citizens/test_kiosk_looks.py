"""What a visit carries: each look in every link and form, nothing of it to the next citizen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.aloud import Guide
from citizens.kiosk import View
from citizens.kiosk_visit import LOOKS, Visit, Ways
from citizens.offers import availability, back_at
from queue_server.config import Config, ConfigError, load
from queue_server.core import commands as c
from queue_server.speech.voice import Voice

from ..core.story import Story, clock, do, opens
from ..speech.sound import Tones
from .hall import CATALOGUE, CHIEF, SERVICE, TUESDAY, Running, running

PLAN = CATALOGUE.plan(Config().rule_hours(), Config().rule_policy())
FRIDAY = clock("2026-11-27 09:00")
BOTH = Ways(("id", "en"), ("id", "en"), services=CATALOGUE.services)
VISITS = st.builds(
    BOTH.visit,
    st.sampled_from(("id", "en")),
    st.one_of(
        st.dictionaries(st.sampled_from(LOOKS), st.sampled_from(("1", "0", "x"))),
        st.lists(st.sampled_from([*CATALOGUE.services, "nothing"]), max_size=9).map(
            lambda chosen: {"with": ".".join(chosen)}
        ),
    ),
)


@given(VISITS)
def test_an_address_carries_the_visit_that_made_it(visit: Visit) -> None:
    """Reading a visit's own link gives the visit again."""
    query = dict(re.findall(r"(\w+)=([\w.-]+)", visit.link("/search", q="ktp")))
    assert query.pop("q") == "ktp"
    assert BOTH.visit(query.pop("lang", "id"), query) == visit


@given(VISITS)
def test_a_look_turns_there_and_back(visit: Visit) -> None:
    """Each look's link leads to a screen whose link of that look leads back here."""
    for look in BOTH.looks(visit, ""):
        query = dict(re.findall(r"(\w+)=([\w.-]+)", look.href))
        turned = BOTH.visit(query.pop("lang", "id"), query)
        assert getattr(turned, look.name) != look.on
        back = next(one for one in BOTH.looks(turned, "") if one.name == look.name)
        assert back.href == visit.link()


def test_a_voice_speaks_a_language_that_it_can() -> None:
    """From Javanese into the hall's first spoken language; no voice, no such look."""
    ways = Ways(("jv", "id", "en"), ("id", "en"))
    visit = ways.visit("jv", {"voice": "1"})
    assert not visit.voice
    assert [one.href for one in ways.looks(visit, "") if one.name == "voice"] == [
        "/kiosk?lang=id&voice=1"
    ]
    spoken = ways.visit("id", {"voice": "1"})
    assert [one.language for one in ways.others(spoken, "")] == ["en"]
    assert [one.name for one in Ways().looks(Visit(), "")] == ["large", "contrast", "reach"]


def test_spoken_guidance_comes_to_every_agency_in_two_steps() -> None:
    """Few doors first; behind them all agencies, on one screen, once each."""
    story = Story(PLAN, TUESDAY)
    kiosk = View(story.hall, CATALOGUE, "MPP", BOTH, story.now, BOTH.visit("id", {"voice": "1"}))
    start = kiosk.start()
    assert [(door.kind, door.count) for door in start.doors] == [
        ("popular", 26), ("regional", 17), ("vertical", 12), ("packages", 3)
    ]  # fmt: skip
    assert not start.groups
    behind = [kiosk.start(1, kind) for kind in ("regional", "vertical")]
    tiles = [tile.href for screen in behind for group in screen.groups for tile in group.tiles]
    assert len(set(tiles)) == len(tiles) == len(CATALOGUE.agencies)
    assert all(screen.pages.count == 1 for screen in behind)
    assert kiosk.start(1, "nothing").doors
    assert len(kiosk.popular().rows) == 26
    assert kiosk.agency(CATALOGUE.agencies["disdukcapil"]).pages.count == 1


def test_a_service_says_why_nobody_is_called() -> None:
    """Not opened yet, open, on a break, closed for now, no more today: its best counter counts."""
    story = Story(PLAN, TUESDAY)
    seen = [availability(story.hall, SERVICE)]
    for step in (
        opens("1", CHIEF), do(c.PauseCounter(counter="1", by=CHIEF)), opens("2", CHIEF),
        do(c.CloseCounter(counter="2", by=CHIEF)), do(c.CloseCounter(counter="1", by=CHIEF)),
        do(c.CloseIntake(service=SERVICE, by=CHIEF)), do(c.OpenIntake(service=SERVICE, by=CHIEF)),
    ):  # fmt: skip
        story.given(step)
        seen.append(availability(story.hall, SERVICE))
    assert seen == [
        "unopened", "open", "break", "open", "break", "closed", "no_intake", "closed"
    ]  # fmt: skip


def test_a_service_says_when_its_counters_are_back() -> None:
    """The earliest time that an operator gave; nothing where nobody did."""
    story = Story(PLAN, TUESDAY).given(opens("1", CHIEF), opens("2", CHIEF))
    assert back_at(story.hall, SERVICE, "id") == ""
    pause = c.PauseCounter(counter="1", until=clock("2026-11-24 10:15"), by=CHIEF)
    close = c.CloseCounter(counter="2", reopens=clock("2026-11-24 10:05"), by=CHIEF)
    assert back_at(story.given(do(pause)).hall, SERVICE, "id") == "10.15"
    assert back_at(story.given(do(close)).hall, SERVICE, "en") == "10:05"


def test_no_more_numbers_today_says_when_again() -> None:
    """On Tuesday: Wednesday; on Friday: Monday, though the hall opens again after the prayers."""
    story = Story(PLAN, TUESDAY).given(do(c.CloseIntake(service=SERVICE, by=CHIEF)))
    for now, when in ((TUESDAY, "Rabu, 25 November"), (FRIDAY, "Senin, 30 November")):
        kiosk = View(story.hall, CATALOGUE, "MPP", Ways(), now, Visit())
        shut = kiosk.service(CATALOGUE.services[SERVICE], "k" * 20).details.offer.shut
        assert shut is not None
        assert (shut.why, shut.again.day, shut.again.time) == ("intake_closed", when, "08.00")


# The pages ----------------------------------------------------------------------------------


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


@pytest.fixture
async def web(hall: Running) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        yield client


PATHS = ("", "/agencies/polres", "/search?q=ktp", f"/services/{SERVICE}?key={'k' * 20}",
         "/check-in", "/popular")  # fmt: skip


async def test_every_link_and_form_keeps_the_looks(
    hall: Running, web: httpx2.AsyncClient, tmp_path: Path
) -> None:
    """All looks and a language on: whatever leads on carries them, but the fresh start none."""
    hall.house.voice = Voice(tmp_path, Tones())
    wanted = {"lang=en", "large=1", "contrast=1", "reach=1", "voice=1"}
    for path in PATHS:
        page = (await web.get(f"/kiosk{path}{'&' if '?' in path else '?'}{'&'.join(wanted)}")).text
        turns = set(
            re.findall(r'id="(?:large|contrast|reach|voice|language-id)" href="([^"]+)"', page)
        )
        links = set(re.findall(r'href="(/kiosk[^"]*)"', page)) - turns
        assert links
        for link in links:
            assert wanted <= set(link.replace("&amp;", "&").partition("?")[2].split("&")), link
        assert len(turns) == 5
        for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
            fields = set(re.findall(r'name="(\w+)" value="(\w+)"', form))
            assert {tuple(one.split("=")) for one in wanted} <= fields, path
        assert 'data-fresh="/kiosk"' in page


async def test_a_number_keeps_the_looks(hall: Running, web: httpx2.AsyncClient) -> None:
    """From the form to the ticket, through the redirect."""
    form = {"service": SERVICE, "key": "k" * 20, "contrast": "1", "reach": "1"}
    answer = await web.post("/kiosk/tickets", data=form)
    assert answer.headers["location"].endswith("?contrast=1&reach=1")


async def test_without_a_voice_nothing_of_it_is_there(web: httpx2.AsyncClient) -> None:
    """No key that does nothing, no attribute, whatever the address says."""
    for path in PATHS:
        page = (await web.get(f"/kiosk{path}{'&' if '?' in path else '?'}voice=1")).text
        assert "data-say" not in page
        assert 'id="voice"' not in page


async def test_a_service_without_intake_has_no_button(
    hall: Running, web: httpx2.AsyncClient
) -> None:
    """Why, when again, and all the information; the list says so too."""
    await hall.do(c.CloseIntake(service=SERVICE, by=CHIEF))
    page = (await web.get(f"/kiosk/services/{SERVICE}?key={'k' * 20}")).text
    assert (
        "sudah ditutup hari ini. Nomor dapat diambil lagi besok, Rabu, 25 November, pukul 08.00."
        in page
    )
    assert 'id="take-number"' not in page
    assert "Yang perlu dibawa" in page
    assert "pengambilan nomor ditutup" in (await web.get("/kiosk/agencies/disdukcapil")).text
    refused = await web.post("/kiosk/tickets", data={"service": SERVICE, "key": "k" * 20})
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('{halp = ["F13"]}', r"kiosk\.keys\.halp: expected one of next, previous, .* unknown key"),
        ('{help = ["F 13"]}', r"kiosk\.keys\.help\[0\]: expected .* found 'F 13'"),
        ('{help = "F13"}', r"kiosk\.keys\.help: expected `array`, found 'F13'"),
    ],
)
def test_a_wrong_key_of_a_keypad_is_named(keys: str, said: str) -> None:
    """One line: the place, what was expected, what was found."""
    with pytest.raises(ConfigError, match=said):
        load(None, {"ANTREAN_KIOSK__KEYS": keys})


# The voice ----------------------------------------------------------------------------------


async def test_nothing_that_was_typed_is_ever_said(
    hall: Running, web: httpx2.AsyncClient, tmp_path: Path
) -> None:
    """Neither a query nor a code becomes a sound: this is no text-to-speech service."""
    voice = hall.house.voice = Voice(tmp_path, Tones())
    word = "zzyzxword"
    await web.get(f"/kiosk/search?voice=1&q={word}")
    await web.post("/kiosk/check-in", data={"code": word, "voice": "1"})
    said = [text for one in voice._known.values() for _, text in one.sentences]
    assert len(said) > 40
    assert not [text for text in said if word in text.lower()]


def test_a_guide_says_what_a_page_hands_it(tmp_path: Path) -> None:
    """Macros' HTML as text, empty phrases left out, another language where it is named."""
    voice = Voice(tmp_path, Tones())
    guide = Guide(voice, "id")
    attribute = guide("B-001", "", "Hukum & HAM")
    urls = re.findall(r"/audio/\S+\.(?:mp3|wav)", attribute)
    assert attribute == f' data-say="{" ".join(urls)}"'
    said = [voice._known[url.rpartition("/")[2]] for url in urls]
    assert [one.sentences for one in said] == [
        (("id", "B, nol nol satu."),), (("id", "Hukum & HAM."),)
    ]  # fmt: skip
    assert all(one.plain for one in said)
    assert guide("English") != guide("English", language="en")
    assert Guide(None, "id")("anything") == ""


def test_looks_are_worth_a_class_each() -> None:
    """All combinations stand in the page's own order, so that a style can rely on them."""
    for on in product((True, False), repeat=len(LOOKS)):
        visit = Visit(**dict(zip(LOOKS, on, strict=True)))
        assert visit.looks == tuple(name for name, one in zip(LOOKS, on, strict=True) if one)
