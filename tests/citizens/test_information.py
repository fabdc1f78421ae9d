"""Service information over HTTP, on the hall as it is installed: readable without JavaScript."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from citizens.promised import complaining, week
from citizens.structured import HIDDEN, service_ld
from queue_server.catalogue import Catalogue
from queue_server.core.language import Text
from queue_server.core.plan import Hours
from queue_server.promises import Channel

from ..hall import Running, catalogue, config, running

BUDGET = 30_000
"""Bytes, compressed, of a first view: page, style, scripts."""


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


async def page(hall: Running, path: str, language: str = "id") -> str:
    web = await hall.client()
    answer = await web.get(path, headers={"accept": "text/html", "accept-language": language})
    assert answer.status_code == 200, path
    return answer.text


async def test_a_service_says_all_that_its_standard_publishes(hall: Running) -> None:
    """The six components of UU 25/2009 Ps 21, the place, the line now, and the complaint clocks."""
    said = await page(hall, "/services/bpjs-kes-daftar")
    service = hall.house.catalogue.services["bpjs-kes-daftar"]
    for line in (*service.requirements, *service.procedure, service.product, service.complaints):
        assert line in said
    for words in ("Lama proses", "Biaya", "Hasil layanan", "Antrean sekarang", "Tempat"):
        assert words in said
    assert 'href="tel:165"' in said
    assert 'href="https://www.lapor.go.id"' in said
    assert re.findall(r"<td>(\d+) (hari|hari kerja)</td>", said) == [
        ("3", "hari"), ("5", "hari"), ("14", "hari"), ("60", "hari kerja"),
    ]  # fmt: skip


async def test_every_service_and_agency_has_its_page(hall: Running) -> None:
    """All 260 and 29 of them, and the sitemap leads to each."""
    listed = re.findall(r"<loc>([^<]+)</loc>", await page(hall, "/sitemap.xml"))
    found = hall.house.catalogue
    assert len(listed) == len(set(listed)) == 3 + len(found.services) + len(found.agencies)
    for address in [*listed[:40], *listed[40::9]]:
        assert address.startswith(hall.url)
        await page(hall, address.removeprefix(hall.url))


async def test_an_agency_shows_where_and_what(hall: Running) -> None:
    """Its counters by zone, its services, its own channels before the hall's."""
    said = await page(hall, "/agencies/polres")
    assert "Polres Lampung Selatan" in said
    assert 'href="/services/skck"' in said
    assert said.index("tel:110") < said.index("lapor.go.id")
    web = await hall.client()
    assert (await web.get("/agencies/nobody")).status_code == 404
    assert (await web.get("/services/nothing/now")).status_code == 404


async def test_the_charter(hall: Running) -> None:
    """In both languages, with the name of the hall and its hours."""
    assert "sanggup menyelenggarakan pelayanan" in await page(hall, "/maklumat")
    assert "Service charter" in await page(hall, "/maklumat", "en")


async def test_crawlers_are_shown_what_is_public(hall: Running) -> None:
    """No secret's address, no staff page; the sitemap names none of them either."""
    said = await page(hall, "/robots.txt")
    hidden = re.findall(r"^Disallow: (\S+)$", said, flags=re.MULTILINE)
    assert {"/t/", "/survey/", "/tracking/", "/admin", "/api/"} <= set(hidden) == set(HIDDEN)
    assert f"Sitemap: {hall.url}/sitemap.xml" in said
    assert not [path for path in hidden if f"{hall.url}{path}" in await page(hall, "/sitemap.xml")]


@pytest.mark.parametrize("language", ["id", "en", "jv"])
def test_linked_data_says_the_same(language: str) -> None:
    """For every service: valid JSON with the name, the agency and a price only where one is
    known; nothing that could end the script element."""
    found = catalogue()
    hours = config(ANTREAN_HOURS__ALWAYS="false").rule_hours()
    for service in found.services.values():
        text = service_ld(found, service, hours, language, "Jl. </script> 1", "https://mpp.example")
        assert "<" not in text
        told = json.loads(text)
        assert told["name"] == service.name.of(language)
        assert ("offers" in told) <= service.cost.known
        spans = told["availableChannel"]["serviceLocation"]["openingHoursSpecification"]
        assert len(spans) == 6  # Monday to Thursday, and Friday in two parts
        assert spans[0]["opens"] == "08:00"


def test_hours_as_a_week() -> None:
    """In the language's own names and marks; a day without any is empty."""
    hours = Hours(week=(((480, 690), (780, 930)), *((),) * 6))
    assert week(hours, "id")[0].spans == ("08.00–11.30", "13.00–15.30")
    assert week(hours, "en")[0].day == "Monday"
    assert week(hours, "jv")[6].day == "Ahad"
    assert week(hours, "id")[1].spans == ()


@pytest.mark.parametrize(
    ("kind", "value", "href"),
    [
        ("phone", "(0727) 322-005", "tel:0727322005"), ("sms", "1708", "sms:1708"),
        ("whatsapp", "+62 812-3456", "https://wa.me/628123456"),
        ("email", "aduan@example.go.id", "mailto:aduan@example.go.id"),
        ("web", "lapor.go.id", "https://lapor.go.id"), ("desk", "Loket 3", ""),
        ("post", "Jl. Uji 1", ""), ("phone", "", ""), ("web", "javascript:x", "https://javascript:x"),
    ],
)  # fmt: skip
def test_channels_are_links_where_a_phone_can_follow_them(kind: str, value: str, href: str) -> None:
    """And never to anything but a number, a mailbox or a site."""
    found = catalogue().document
    agency = found.agencies[0]
    channel = Channel(kind, Text("Aduan", "Complaints"), value)  # type: ignore[arg-type]  # any kind
    own = complaining(Catalogue(found), replace(agency, channels=(channel,)), "id").own
    assert own[0].href == href


@pytest.mark.parametrize(
    "path", ["/", "/services?q=ktp+hilang", "/services/paspor", "/agencies/polres", "/maklumat"]
)
async def test_a_first_view_is_small(hall: Running, path: str) -> None:
    """Page, style and scripts, compressed, without the fonts, which come later or never."""
    assert await weight(hall, path) < BUDGET


async def test_the_whole_list_is_small_enough(hall: Running) -> None:
    """260 services on one page, still within the same budget."""
    assert await weight(hall, "/services") < BUDGET


async def weight(hall: Running, path: str) -> int:
    web = await hall.client()
    said = await page(hall, path)
    bytes = len(gzip.compress(said.encode(), 6))
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', said):
        bytes += len(gzip.compress((await web.get(address)).content, 6))
    return bytes


async def test_the_list_is_for_everyone_without_javascript(hall: Running) -> None:
    """A search is a form, its answer a page; the present is in the page."""
    found = await page(hall, "/services?q=kartu+keluarga+hilang")
    assert found.index('href="/services/kk-hilang-rusak"') > 0
    first = re.search(r'<ul class="offers">.*?href="/services/([^"]+)"', found, flags=re.DOTALL)
    assert first is not None
    assert first[1] == "kk-hilang-rusak"
    now = await page(hall, "/services/paspor/now")
    assert now.strip().startswith('<div id="now">')
