"""A service that is shut while the hall is open: kiosk and pages say why, and when again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from citizens.promised import special_days
from queue_server.booking.places import Taken, day_of
from queue_server.booking.rules import terms_of
from queue_server.catalogue import Catalogue, Document
from queue_server.config import load
from queue_server.core import commands as c
from queue_server.core.calendar import local

from .hall import CATALOGUE, CHIEF, SERVICE, TUESDAY, Running, running


def with_own(**own: Any) -> Catalogue:
    """The catalogue with something of its own for the service."""
    document = msgspec.to_builtins(CATALOGUE.document)
    next(one for one in document["services"] if one["id"] == SERVICE).update(own)
    return Catalogue(msgspec.convert(document, Document))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


async def adopt(hall: Running, catalogue: Catalogue, **policy: Any) -> None:
    """Put a catalogue in force, with something of the policy."""
    house = hall.house
    house.catalogues[catalogue.hash] = catalogue
    plan = house.plan_for(catalogue)
    chosen = msgspec.structs.replace(plan.policy, **policy)
    await hall.do(c.ChangePlan(plan=msgspec.structs.replace(plan, policy=chosen)))


@pytest.mark.parametrize(
    ("own", "why", "listed", "english"),
    [
        (
            {"hours": {"tuesday": "10:00-11:00"}},
            "Layanan ini sedang tutup. Nomor dapat diambil lagi hari ini pukul 10.00.",
            "tutup, buka lagi hari ini pukul 10.00",
            "This service is closed now. Numbers can be taken again today at 10:00.",
        ),
        (
            {"quotas": {"08:00-13:00": 0}},
            "Kuota nomor untuk layanan ini sudah habis. Nomor dapat diambil lagi hari ini pukul",
            "kuota nomor sudah habis",
            "All the numbers for walk-ins of this service are taken.",
        ),
    ],
)
async def test_a_service_that_is_shut_says_why_and_when_again(
    hall: Running, own: dict[str, Any], why: str, listed: str, english: str
) -> None:
    """At the kiosk without a button, in its list, on the service's page, and in English; a
    number that is asked for all the same is refused."""
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as web:
        before = (await web.get(f"/kiosk/services/{SERVICE}?key={'k' * 20}")).text
        assert 'id="take-number"' in before
        await adopt(hall, with_own(**own))
        page = (await web.get(f"/kiosk/services/{SERVICE}?key={'k' * 20}")).text
        assert why in page
        assert 'id="take-number"' not in page
        assert listed in (await web.get("/kiosk/agencies/disdukcapil")).text
        public = (await web.get(f"/services/{SERVICE}")).text
        assert why in public
        assert ("Jam layanan ini" in public) == ("hours" in own)
        assert english in (await web.get(f"/services/{SERVICE}?lang=en")).text
        refused = await web.post("/kiosk/tickets", data={"service": SERVICE, "key": "k" * 20})
        assert refused.status_code == 409


async def test_the_last_intake_is_seen_at_the_kiosk(hall: Running) -> None:
    """Half an hour before closing, with nine waiting for one counter."""
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as web:
        for _ in range(9):
            await hall.do(c.IssueTicket(service=SERVICE, token=f"{_:032}", by=CHIEF))
        hall.clock.time = TUESDAY + (5 * 60 + 19) * 60_000
        await adopt(hall, with_own(), last_intake="pace")
        page = (await web.get(f"/kiosk/services/{SERVICE}?key={'k' * 20}")).text
        assert "diperkirakan baru selesai setelah jam tutup" in page
        assert "lagi besok, Rabu, 25 November, pukul 08.00" in page


def test_sessions_lie_in_the_services_own_hours() -> None:
    """A session is cut from the hall's hours and offered where the service is open; a date of its
    own counts, and a holiday that is worked is no holiday."""
    config = load(None, {"ANTREAN_BOOKING__OPEN": "true"})
    hours = config.rule_hours()
    own = {"hours": {"tuesday": "10:00-12:30"}, "exceptions": {"2026-12-01": ""}}
    terms = terms_of(with_own(**own), config.booking, SERVICE)
    assert terms.open
    tuesday = local(TUESDAY, hours).date()
    slots = day_of(terms, tuesday, hours, TUESDAY, Taken()).slots
    assert [one.session.key.start for one in slots] == [600, 630, 660, 690, 720]
    assert not day_of(terms, tuesday.replace(month=12, day=1), hours, TUESDAY, Taken()).slots
    worked = msgspec.structs.replace(
        hours, holidays={"2026-11-24": "Libur"}, exceptions={"2026-11-24": ((600, 720),)}
    )
    day = day_of(terms, tuesday, worked, TUESDAY, Taken())
    assert (len(day.slots), day.holiday) == (4, "")


def test_dates_that_differ_are_told_before() -> None:
    """A holiday on a working day, other hours, a weekend that is worked; not Christmas on a day
    that is closed anyway, and nothing of a hall that is always open."""
    hours = msgspec.structs.replace(
        load(None, {}).rule_hours(),
        holidays={"2026-11-25": "Libur", "2026-11-28": "Libur"},
        exceptions={"2026-11-26": ((480, 600),), "2026-11-29": ((480, 600),)},
    )
    found = [(one.day, one.spans, one.name) for one in special_days(hours, TUESDAY, "id", 8)]
    assert found == [
        ("Rabu, 25 November", (), "Libur"),
        ("Kamis, 26 November", ("08.00–10.00",), ""),
        ("Minggu, 29 November", ("08.00–10.00",), ""),
    ]
    assert not special_days(msgspec.structs.replace(hours, always=True), TUESDAY, "id", 8)


async def test_the_front_door_and_the_charter_tell_them(hall: Running) -> None:
    """Of the next week at the front door, of the next weeks beside the hours."""
    house = hall.house
    hours = msgspec.structs.replace(
        house.hall.plan.hours, exceptions={"2026-11-25": ((480, 600),), "2026-12-10": ()}
    )
    await hall.do(c.ChangePlan(plan=msgspec.structs.replace(house.hall.plan, hours=hours)))
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as web:
        home, charter = (await web.get("/")).text, (await web.get("/maklumat")).text
    for page in (home, charter):
        assert "<b>Rabu, 25 November</b>: buka 08.00–10.00" in page
    assert ("10 Desember" in home, "10 Desember" in charter) == (False, True)
