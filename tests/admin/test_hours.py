"""The hours' pages: looked at before they are saved, in force at once, and who is concerned."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import msgspec
import pytest

from admin import hours_forms as forms
from admin.hours import calendar, today_of
from admin.hours_own import own_lines, timed, times_of
from queue_server.catalogue import Catalogue
from queue_server.config import Config, ShiftSection, load
from queue_server.core import commands as c
from queue_server.core.refusals import Refusal
from queue_server.reception import Booker, Reception
from tests.core.story import BUDI, CHIEF, PLAN, clock, closes, do, given, opens
from tests.counters.kit import HandClock, Place
from tests.hall import ROOT, running

HERE = "/admin/hours"
CHANGES = f"{HERE}/changes"
MONDAY = clock("2026-11-23 09:00")
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00-15:30") | {
    "friday": "08:00-11:30, 13:00-15:30", "saturday": "", "sunday": ""
}  # fmt: skip


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    """A hall with real hours, on a Monday at nine."""
    config = load(ROOT / "config.toml", {"ANTREAN_SPEECH__ENABLED": "false"})
    config = msgspec.structs.replace(config, shifts={})
    hands = HandClock(MONDAY)
    async with running(tmp_path, config, hands) as found:
        yield Place(found, hands)


async def signed_in(place: Place, role: str) -> httpx2.AsyncClient:
    _, secret = await place.staff(role, role)  # type: ignore[arg-type]  # a role
    client = await place.running.client()
    client.cookies.set(place.cookie(secret)["name"], secret)
    client.headers.update({"Origin": place.url, "Accept": "text/html"})
    return client


def sure(page: str) -> dict[str, str]:
    """What the second form, of the page that asks, would send."""
    form = page.partition('<form method="post" action="/admin/hours/changes/')[2]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {**dict(fields), "sure": "1"}


async def test_who_may_enter(hall: Place) -> None:
    """Supervisors look, administrators change, operators do neither."""
    for role, look, act in (("operator", 403, 403), ("supervisor", 200, 403), ("admin", 200, 200)):
        client = await signed_in(hall, role)
        assert (await client.get(HERE)).status_code == look
        assert (await client.get(f"{HERE}/dates")).status_code == look
        posted = await client.post(f"{CHANGES}/week", data=WEEK | {"monday": ""})
        assert posted.status_code == act
        if role == "supervisor":
            assert "Periksa dan simpan" not in (await client.get(HERE)).text


async def test_a_change_is_looked_at_then_in_force_at_once(hall: Place) -> None:
    """Monday closes at 08:30 while three wait: it is said before, nothing is saved until it is
    confirmed, and then kiosk, refusal, settings and the trail all have it."""
    client, house = await signed_in(hall, "admin"), hall.house
    service = hall.services[0]
    for _ in range(3):
        await hall.take(service)
    asked = await client.post(f"{CHANGES}/week", data=WEEK | {"monday": "8.00 - 08.30"})
    assert asked.status_code == 200
    for said in ("08.00–15.30", "08.00–08.30", "Mal tutup seketika", "3 orang masih menunggu"):
        assert said in asked.text
    assert house.config.hours.monday == "08:00-15:30"
    assert "Ambil nomor" in (await client.get(f"/kiosk/services/{service}?key={'k' * 20}")).text
    saved = await client.post(f"{CHANGES}/week", data=sure(asked.text))
    assert (saved.status_code, saved.headers["location"]) == (303, f"{HERE}?saved=1")
    assert house.config.hours.monday == "08:00-08:30"
    page = (await client.get(f"/kiosk/services/{service}?key={'k' * 20}")).text
    assert "besok, Selasa, 24 November, pukul 08.00" in page
    assert 'id="take-number"' not in page
    with pytest.raises(Refusal) as refused:
        await house.desk.submit(c.IssueTicket(service=service, token="t" * 22))
    assert refused.value.code == "hall_closed"
    change = (await house.rooms.changes.newest("settings.hours"))["settings.hours"]
    assert msgspec.json.decode(change.after)["monday"] == "08:00-08:30"
    assert change.name == "admin"


async def test_who_was_slower_is_told(hall: Place) -> None:
    """Two look at the same hours; the second to save is shown what is in force now, and keeps
    what was typed."""
    client = await signed_in(hall, "admin")
    one = await client.post(f"{CHANGES}/week", data=WEEK | {"tuesday": "09:00-10:00"})
    other = await client.post(f"{CHANGES}/week", data=WEEK | {"tuesday": "10:00-11:00"})
    assert (await client.post(f"{CHANGES}/week", data=sure(one.text))).status_code == 303
    late = await client.post(f"{CHANGES}/week", data=sure(other.text))
    assert late.status_code == 409
    assert "Sudah ada yang mengubahnya" in late.text
    assert 'value="10:00-11:00"' in late.text
    assert hall.house.config.hours.tuesday == "09:00-10:00"


async def test_what_cannot_be_read_is_said_in_its_place(hall: Place) -> None:
    """The field, what was found, how to write it; the rest of the form is kept."""
    client = await signed_in(hall, "admin")
    page = await client.post(f"{CHANGES}/week", data=WEEK | {"monday": "8-12", "tuesday": ""})
    assert page.status_code == 422
    assert "“8-12” bukan jam." in page.text
    assert re.search(r'id="monday" name="monday" value="8-12"[^>]* aria-invalid', page.text)
    assert 'id="tuesday" name="tuesday" value=""' in page.text
    same = await client.post(f"{CHANGES}/week", data=WEEK)
    assert same.headers["location"] == f"{HERE}?same=1"


async def test_a_holiday_of_the_decree_and_a_date_with_other_hours(hall: Place) -> None:
    """Added, it closes the hall on that date and names the booking that lies there; a date with
    hours of its own opens on it all the same; both go away again."""
    client, house = await signed_in(hall, "admin"), hall.house
    reception = Reception(house)
    days = await reception.days(reception.terms("paspor"))
    day = next(one for one in days if one.free and one.date.isoformat() > "2026-11-23")
    key = next(one.session.key for one in day.slots if one.state == "free")
    await reception.book("paspor", key.day, key.start, Booker(), "", "")
    added = {"year": "2026", "day": key.day, "name": "Cuti bersama"}
    asked = await client.post(f"{CHANGES}/holidays-add", data=added)
    assert "1 pesanan pada" in asked.text
    await client.post(f"{CHANGES}/holidays-add", data=sure(asked.text))
    assert house.config.holidays.extra == {key.day: "Cuti bersama"}
    assert house.hall.plan.hours.holidays[key.day] == "Cuti bersama"
    special = {"year": "2026", "day": key.day, "until": key.day, "hours": "08:00-10:00"}
    asked = await client.post(f"{CHANGES}/exceptions", data=special)
    await client.post(f"{CHANGES}/exceptions", data=sure(asked.text))
    assert house.hall.plan.hours.exceptions == {key.day: ((480, 600),)}
    page = (await client.get(f"{HERE}/dates?year=2026")).text
    assert "08.00–10.00" in page
    assert "Cuti bersama" in page
    for kind in ("exceptions-off", "holidays-off"):
        asked = await client.post(f"{CHANGES}/{kind}", data={"year": "2026", "day": key.day})
        await client.post(f"{CHANGES}/{kind}", data=sure(asked.text))
    assert key.day not in house.hall.plan.hours.holidays
    assert not house.hall.plan.hours.exceptions


async def test_shifts_keep_their_ids_and_the_last_intake_is_a_policy(hall: Place) -> None:
    """A shift that is renamed is the same shift; one without a name is gone."""
    client, house = await signed_in(hall, "admin"), hall.house
    first = {"name-0": "Pagi", "name_en-0": "Morning", "hours-0": "08:00-12:00",
             "name-1": "Siang", "hours-1": "12:00-15:30"}  # fmt: skip
    asked = await client.post(f"{CHANGES}/shifts", data=first)
    await client.post(f"{CHANGES}/shifts", data=sure(asked.text))
    assert house.hall.plan.hours.shifts == {"pagi": ((480, 720),), "siang": ((720, 930),)}
    second = {"id-0": "pagi", "name-0": "Giliran 1", "hours-0": "07:30-12:00",
              "id-1": "siang", "name-1": "", "hours-1": "12:00-15:30"}  # fmt: skip
    asked = await client.post(f"{CHANGES}/shifts", data=second)
    await client.post(f"{CHANGES}/shifts", data=sure(asked.text))
    assert list(house.config.shifts) == ["pagi"]
    assert house.config.shifts["pagi"].name == "Giliran 1"
    wanted = {"last_intake": "pace", "intake_margin_minutes": "10"}
    asked = await client.post(f"{CHANGES}/intake", data=wanted)
    await client.post(f"{CHANGES}/intake", data=sure(asked.text))
    assert house.hall.plan.policy.last_intake == "pace"
    assert house.hall.plan.policy.intake_margin == 600_000


# The forms, by themselves -------------------------------------------------------------------

CONFIG = load(None, {})


@pytest.mark.parametrize(
    ("read", "form", "field", "code"),
    [
        (forms.week, WEEK | {"sunday": "25:00-26:00"}, "sunday", "spans"),
        (forms.exception, {"day": "2026-02-30"}, "day", "date"),
        (forms.exception, {"day": "2026-12-24", "until": "2026-12-23"}, "until", "order"),
        (forms.exception, {"day": "2026-12-24", "until": "2027-12-24"}, "until", "long"),
        (forms.holiday, {"day": "2026-12-24", "name": " "}, "name", "name"),
        (forms.holidays, {"year": "x"}, "year", "choice"),
        (forms.shifts, {"name-0": "Pagi", "hours-0": ""}, "hours-0", "spans"),
        (forms.intake, {"last_intake": "x", "intake_margin_minutes": "5"}, "last_intake", "choice"),
        (forms.intake, {"last_intake": "off", "intake_margin_minutes": "999"},
         "intake_margin_minutes", "number"),
    ],
)  # fmt: skip
def test_a_fault_names_its_field(
    read: forms.Reader, form: dict[str, str], field: str, code: str
) -> None:
    """Which field, and which kind of fault."""
    with pytest.raises(forms.Fault) as fault:
        read(form, CONFIG)
    assert (fault.value.field, fault.value.code) == (field, code)


def test_a_ticked_year_is_what_is_ticked() -> None:
    """What is unticked is worked, what is ticked again is not; other years stay as they are."""
    work = ("2026-12-25", "2027-01-01")
    config = Config(holidays=msgspec.structs.replace(CONFIG.holidays, work=work))
    every = {f"on-{day}": "1" for day in forms.closed_days(forms.HolidaysSection(), (2026,))}
    draft = forms.holidays({"year": "2026"} | every, config)
    assert draft.values == {"extra": {}, "work": ["2027-01-01"]}
    without = {name: one for name, one in every.items() if name != "on-2026-12-25"}
    assert "2026-12-25" in forms.holidays({"year": "2026"} | without, CONFIG).values["work"]


def test_a_date_that_the_library_did_not_close_gets_its_name() -> None:
    """Joint leave that is switched off in the file can be ticked date by date."""
    section = msgspec.structs.replace(CONFIG.holidays, joint_leave=False)
    joint = forms.closed_days(forms.HolidaysSection(national=False), (2026,))
    form = {"year": "2026"} | {f"on-{day}": "1" for day in joint}
    draft = forms.holidays(form, Config(holidays=section))
    assert draft.values["extra"] == joint


def test_today_names_who_asks_to_close_and_who_opens_again() -> None:
    """Beside the door and how many counters serve."""
    policy = msgspec.structs.replace(PLAN.policy, closing_approval=True)
    story = given(opens("1"), opens("2", BUDI), closes("1"),
                  plan=msgspec.structs.replace(PLAN, policy=policy))  # fmt: skip
    back = clock("2026-11-23 13:00")
    story.given(do(c.CloseCounter(counter="2", reopens=back, by=CHIEF)))
    today = today_of(story.hall, {"1": "Loket A"}, story.now, "id")
    assert (today.open, today.sum.text, today.standing) == (True, "08.00–16.00", 1)
    assert [(one.id, one.name, f"{one.at:%H:%M}") for one in today.asked] == [
        ("1", "Loket A", "09:00")
    ]
    assert [(one.id, f"{one.at:%H:%M}") for one in today.back] == [("2", "13:00")]


def test_the_calendar_has_sixty_days() -> None:
    """Weekends closed, Friday in two parts, Christmas named, a special date marked."""
    hours = msgspec.structs.replace(CONFIG.rule_hours(), exceptions={"2026-12-24": ((480, 600),)})
    cells = {cell.iso: cell for cell in calendar(hours, MONDAY, "id")}
    assert len(cells) == 60
    assert cells["2026-11-28"].kind == "closed"
    assert cells["2026-11-27"].sum.text == "08.00–11.30, 13.00–15.30"
    assert (cells["2026-12-25"].kind, "Natal" in cells["2026-12-25"].why) == ("holiday", True)
    assert cells["2026-12-24"].kind == "exception"


# Agencies, services, counters ---------------------------------------------------------------


async def test_the_same_hours_for_many_services(hall: Place) -> None:
    """Ticked together, looked at, in force at once: the kiosk says when again, the record has
    each of them; who was slower is told."""
    client, house = await signed_in(hall, "admin"), hall.house
    chosen = [one.id for one in house.catalogue.services.values() if one.agency == "disdukcapil"]
    chosen = chosen[:2]
    form = {f"pick-{id}": "1" for id in chosen} | {
        "kind": "services", "agency": "disdukcapil", "mode": "set", "hours": "10:00-12:00",
        "day-monday": "1", "quota": "30", "quotas": "10:00-11:00 = 20", "last": "150",
    }  # fmt: skip
    asked = await client.post(f"{CHANGES}/own", data=form)
    assert asked.status_code == 200, asked.text
    assert "2 layanan berhenti memberi nomor sekarang" in asked.text
    late = await client.post(f"{CHANGES}/own", data=form | {"last": "99"})
    saved = await client.post(f"{CHANGES}/own", data=sure(asked.text))
    assert saved.headers["location"] == f"{HERE}/services?agency=disdukcapil&saved=1"
    for id in chosen:
        service = house.catalogue.services[id]
        assert (service.hours, service.quota) == ({"monday": "10:00-12:00"}, 30)
        assert (service.quotas, service.last) == ({"10:00-11:00": 20}, 150)
        page = (await client.get(f"/kiosk/services/{id}?key={'k' * 20}")).text
        assert "Layanan ini sedang tutup. Nomor dapat diambil lagi hari ini pukul 10.00." in page
    changes = await house.rooms.changes.newest("catalogue.service.")
    assert set(changes) == {f"catalogue.service.{id}" for id in chosen}
    assert (await client.post(f"{CHANGES}/own", data=sure(late.text))).status_code == 409
    page = (await client.get(f"{HERE}/services?agency=disdukcapil")).text
    assert "0 dari 30 hari ini" in page
    level = form | {"mode": "level", "quota": "0", "quotas": "-", "last": "0"}
    asked = await client.post(f"{CHANGES}/own", data=level)
    await client.post(f"{CHANGES}/own", data=sure(asked.text))
    assert not house.catalogue.services[chosen[0]].hours
    assert not house.catalogue.services[chosen[0]].quotas


async def test_an_agency_on_its_own_day_and_counters_by_shift(hall: Place) -> None:
    """An agency that is away on a date is closed with all its services; counters get shifts."""
    client, house = await signed_in(hall, "admin"), hall.house
    agency = {"kind": "agencies", "pick-imigrasi": "1", "day": "2026-11-24", "special": ""}
    asked = await client.post(f"{CHANGES}/own", data=agency)
    await client.post(f"{CHANGES}/own", data=sure(asked.text))
    assert house.catalogue.agencies["imigrasi"].exceptions == {"2026-11-24": ""}
    assert house.hall.plan.services["paspor"].exceptions == {"2026-11-24": ()}
    shifts = await client.post(
        f"{CHANGES}/shifts", data={"name-0": "Pagi", "hours-0": "08:00-12:00"}
    )
    await client.post(f"{CHANGES}/shifts", data=sure(shifts.text))
    asked = await client.post(
        f"{CHANGES}/own", data={"kind": "counters", "pick-5": "1", "shift-pagi": "1"}
    )
    await client.post(f"{CHANGES}/own", data=sure(asked.text))
    assert house.hall.plan.counters["5"].shifts == ("pagi",)
    page = (await client.get(HERE)).text
    assert "Loket 5" in page
    assert "belum buka" in page
    assert (await client.get(f"{HERE}/services?kind=counters")).status_code == 200


@pytest.mark.parametrize(
    ("form", "field", "code"),
    [
        ({"kind": "x", "pick-a": "1"}, "kind", "choice"),
        ({"kind": "services"}, "pick", "pick"),
        ({"kind": "services", "pick-a": "1"}, "what", "nothing"),
        ({"kind": "services", "pick-a": "1", "quota": "many"}, "quota", "number"),
        ({"kind": "services", "pick-a": "1", "quotas": "08:00-10:00"}, "quotas", "quotas"),
        ({"kind": "services", "pick-a": "1", "quotas": "08:00-10:00=1, 09:00-11:00=1"},
         "quotas", "quotas"),
        ({"kind": "agencies", "pick-a": "1", "day-monday": "1", "hours": "8"}, "hours", "spans"),
    ],
)  # fmt: skip
def test_a_fault_of_many_names_its_field(form: dict[str, str], field: str, code: str) -> None:
    """Before anything is looked at."""
    with pytest.raises(forms.Fault) as fault:
        times_of(form, {})
    assert (fault.value.field, fault.value.code) == (field, code)


def test_a_shift_may_stand_for_its_hours() -> None:
    """By its name or its id, in whatever case."""
    shifts = {
        "pagi": ShiftSection("Pagi", "08:00-12:00"),
        "sore": ShiftSection("Sore", "12:00-15:00"),
    }
    form = {"kind": "services", "pick-a": "1", "quotas": "PAGI = 20; sore=10"}
    assert times_of(form, shifts).quotas == {"08:00-12:00": 20, "12:00-15:00": 10}


def test_the_same_for_many_touches_only_those_and_only_what_is_said() -> None:
    """Set twice is set once; what is taken away leaves the rest; others stay as they were."""
    document = Catalogue.load(ROOT / "catalogues" / "mpp-lampung-selatan.toml").document
    ids = tuple(one.id for one in document.services[:3])
    form = {f"pick-{id}": "1" for id in ids} | {
        "kind": "services", "day-friday": "1", "hours": "08:00-10:00", "day": "2026-12-24",
        "until": "2026-12-26", "special": "", "quota": "5",
    }  # fmt: skip
    times = times_of(form, {})
    once = timed(document, times)
    assert timed(once, times) == once
    assert once.services[3:] == document.services[3:]
    assert once.services[0].hours == {"friday": "08:00-10:00"}
    assert list(once.services[0].exceptions) == ["2026-12-24", "2026-12-25", "2026-12-26"]
    assert len(own_lines(document, once, "id")) == 3 * (1 + 3 + 1)
    gone = {f"pick-{ids[0]}": "1", "kind": "services", "day": "2026-12-25", "special_off": "1"}
    less = timed(once, times_of(gone, {}))
    assert list(less.services[0].exceptions) == ["2026-12-24", "2026-12-26"]
    assert (less.services[0].quota, less.services[0].hours) == (5, {"friday": "08:00-10:00"})
    back = {f"pick-{ids[0]}": "1", "kind": "services", "day-friday": "1", "mode": "level"}
    assert timed(less, times_of(back, {})).services[0].hours == {}
