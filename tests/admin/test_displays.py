"""A screen's way: its code, the supervisor who enters it, settings from afar, and the end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from queue_server.config import PlaylistSection, ScreenSection
from queue_server.devices import Device
from queue_server.web.visit import COOKIE
from tests.hall import Running, config, frame, listening, running

HERE, SCREEN = "/admin/displays", "/displays/screen"
JPEG = b"\xff\xd8\xff\xe0" + bytes(2000)
PASSWORD = "layar dan papan 2026"


@dataclass
class Place:
    """A hall with a supervisor in a browser."""

    hall: Running
    chief: httpx2.AsyncClient

    async def browser(self) -> httpx2.AsyncClient:
        """A set that nobody has signed in."""
        client = await self.hall.client()
        client.headers.update({"Origin": self.hall.url, "Accept": "text/html"})
        return client

    async def code(self, tv: httpx2.AsyncClient) -> str:
        """What the set shows after its button was pressed."""
        assert (await tv.post(f"{SCREEN}/registrations")).status_code == 303
        page = await tv.get(SCREEN)
        assert page.headers["refresh"] == "5"
        found = re.search(r'class="enrol-code">([^<]+)<', page.text)
        assert found is not None
        return found[1]

    async def registered(self, tv: httpx2.AsyncClient, **form: str) -> Device[ScreenSection]:
        """The set, after the supervisor has entered its code."""
        sent = {"code": await self.code(tv), "name": "Zona A kiri", "place": "zone:a", **form}
        answer = await self.chief.post(f"{HERE}/registrations", data=sent)
        assert answer.status_code == 303, answer.text
        assert (await tv.get(SCREEN)).headers["location"] == SCREEN
        return self.hall.house.rooms.screens.all()[-1]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    media = tmp_path / "media"
    media.mkdir()
    (media / "a b.jpg").write_bytes(JPEG)
    (media / "loop.gif").write_bytes(b"GIF89a")
    settings = msgspec.structs.replace(
        config(),
        playlists={"tv": PlaylistSection(str(media))},
        screens={"lobi": ScreenSection(zone="a", layout="big", theme="light")},
    )
    async with running(tmp_path / "data", settings) as hall:
        office = hall.house.office
        once = await office.add_user("chief", "supervisor")
        (user,) = await office.users()
        await office.change_password(user.id, once, PASSWORD)
        made = Place(hall, await hall.client())
        made.chief.headers.update({"Origin": hall.url, "Accept": "text/html"})
        await made.chief.post("/sign-in", data={"name": "chief", "password": PASSWORD})
        yield made


async def test_who_may_enter(place: Place) -> None:
    """Supervisors and administrators; not operators, not a screen itself."""
    for role, status in (("admin", 200), ("supervisor", 200), ("operator", 403), ("display", 403)):
        assert (await (await place.hall.client(role)).get(HERE)).status_code == status
    assert (await (await place.hall.client()).get(HERE)).status_code == 401


async def test_a_screen_from_its_code_to_its_board(place: Place) -> None:
    """Without a script: the code's page turns into the board that was chosen for it."""
    tv = await place.browser()
    screen = await place.registered(tv, layout="split-2", theme="light", media="tv")
    page = await tv.get(SCREEN)
    assert 'data-topic="zone:a"' in page.text
    assert f'data-screen="screen:{screen.id}" data-revision="1"' in page.text
    assert "theme-light layout-split part-2" in page.text
    assert 'data-media="/displays/media/tv"' in page.text
    identity = place.hall.house.office.session(tv.cookies[COOKIE])
    assert identity is not None
    assert identity.identity.role == "display"
    assert (await tv.get(HERE)).status_code == 403


async def test_a_wrong_code_and_a_wrong_form_lose_nothing(place: Place) -> None:
    """What was typed stays, the field is named, and no device is left in the office."""
    form = {"code": "ABC 234", "name": "Lobi", "place": "door:5", "theme": "light"}
    answer = await place.chief.post(f"{HERE}/registrations", data=form)
    assert answer.status_code == 422
    assert "Tidak ada layar yang menampilkan kode itu" in answer.text
    assert 'value="ABC 234"' in answer.text
    assert '<option value="door:5" selected>' in answer.text
    tv = await place.browser()
    code = await place.code(tv)
    for wrong in ({"name": "!"}, {"place": "zone:zz"}, {"layout": "grid"}, {"media": "nothing"}):
        sent = {"code": code, "name": "Lobi", "place": "zone:a", **wrong}
        assert (await place.chief.post(f"{HERE}/registrations", data=sent)).status_code == 422
    assert [user.name for user in await place.hall.house.office.users()] == ["chief"]
    assert place.hall.house.rooms.screens.knows(code)


async def test_changes_reach_the_screen(place: Place) -> None:
    """Its own topic tells the new revision at once; nobody else may follow it."""
    tv = await place.browser()
    screen = await place.registered(tv)
    topic = f"screen:{screen.id}"
    chief = dict(place.chief.cookies)[COOKIE]
    for stranger in ("", f"{COOKIE}={chief}"):
        with pytest.raises(InvalidStatus) as refused:
            async with listening(place.hall.url, topic, cookie=stranger):
                pass
        assert refused.value.response.status_code == (403 if stranger else 401)
    async with listening(place.hall.url, topic, cookie=f"{COOKIE}={tv.cookies[COOKIE]}") as socket:
        assert (await frame(socket))["state"] == {"revision": 1}
        form = {"name": "Pintu 5", "place": "door:5"}
        changed = await place.chief.post(f"{HERE}/{screen.id}/settings", data=form)
        assert changed.status_code == 303
        assert (await frame(socket))["state"] == {"revision": 2}
        assert 'data-topic="door:5"' in (await tv.get(SCREEN)).text
        await place.chief.post(f"{HERE}/{screen.id}/removals")
        assert (await frame(socket))["state"] == {"revision": 0}
    assert "Tampilkan kode" in (await tv.get(SCREEN)).text
    script = {"Accept": "*/*"}  # a person's page would be sent to sign in
    report = await tv.post(f"{SCREEN}/reports", json={}, headers=script)
    assert report.status_code == 401
    assert (await place.chief.post(f"{HERE}/{screen.id}/removals")).status_code == 404


async def test_a_report_is_seen_in_administration(place: Place) -> None:
    """Away until it has reported; then its sound, its size and what it could not play."""
    tv = await place.browser()
    await place.registered(tv)
    assert "Tidak terlihat" in (await place.chief.get(HERE)).text
    build = place.hall.house.front.assets.build
    report = {"build": build, "sound": "blocked", "width": 1080, "height": 1920, "broken": ["x"]}
    assert (await tv.post(f"{SCREEN}/reports", json=report)).status_code == 204
    page = (await place.chief.get(HERE)).text
    assert "Menyala" in page
    assert "Suara diblokir" in page
    assert "1080 × 1920" in page
    assert "preview is-upright" in page
    assert "Sedang memperbarui" not in page
    tv.headers["Accept"] = "application/json"
    wrong = await tv.post(f"{SCREEN}/reports", json={"sound": "loud", "width": -1})
    assert {one["field"] for one in wrong.json()["errors"]} == {"sound", "width"}
    assert (await tv.post(f"{SCREEN}/reports", content=b"{")).status_code == 422
    strange = await place.hall.client("display")
    assert (await strange.post(f"{SCREEN}/reports", json={})).status_code == 404


async def test_a_person_keeps_the_own_session(place: Place) -> None:
    """A supervisor who opens the address is told to do it on the set."""
    page = await place.chief.get(SCREEN)
    assert "Peramban ini dipakai chief" in page.text
    assert "registrations" not in page.text


async def test_codes_are_not_handed_out_without_end(place: Place) -> None:
    """429 and when to come again."""
    tv = await place.browser()
    answers = [await tv.post(f"{SCREEN}/registrations") for _ in range(11)]
    assert [one.status_code for one in answers] == [303] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_playlists_in_administration_and_on_the_wire(place: Place) -> None:
    """What is left out is told; a file comes whole, in pieces, and under its own type."""
    page = (await (await place.hall.client("admin")).get(f"{HERE}/playlists")).text
    assert "loop.gif: gambar bergerak: jadikan video" in page
    tv = await place.browser()
    (item,) = (await tv.get("/displays/media/tv")).json()["items"]
    assert (item["kind"], item["seconds"], item["volume"]) == ("image", 12, 0)
    whole = await tv.get(item["url"])
    assert (whole.content, whole.headers["content-type"]) == (JPEG, "image/jpeg")
    assert "immutable" in whole.headers["cache-control"]
    piece = await tv.get(item["url"], headers={"Range": "bytes=0-3"})
    assert (piece.status_code, piece.content) == (206, JPEG[:4])
    assert piece.headers["content-range"] == f"bytes 0-3/{len(JPEG)}"
    for path in ("tv/loop.gif", "tv/..%2F..%2Fdata%2Foffice.db", "other", "other/a.jpg"):
        assert (await tv.get(f"/displays/media/{path}")).status_code == 404


async def test_screens_of_the_configuration_and_of_an_address(place: Place) -> None:
    """By name; by what the address says; what it can't say is refused with what there is."""
    tv = await place.browser()
    assert "theme-light layout-big" in (await tv.get("/displays/screens/lobi")).text
    assert (await tv.get("/displays/screens/none")).status_code == 404
    page = await tv.get("/displays/a?layout=split&part=2&theme=light&sound=on")
    assert "theme-light layout-split part-2" in page.text
    assert 'data-sound="on"' in page.text
    tv.headers["Accept"] = "application/json"
    wrong = await tv.get("/displays/a?layout=grid&part=3")
    assert wrong.status_code == 422
    errors = {one["field"]: one["message"] for one in wrong.json()["errors"]}
    assert errors["layout"] == "diharapkan salah satu dari big, door, list, portrait, split"
    door = (await tv.get("/displays/a?layout=door")).json()["errors"]
    assert door[0]["message"] == "diharapkan salah satu dari big, list, portrait, split"
    assert "part" in errors
    assert (await tv.get("/displays/doors/5")).status_code == 200
    assert (await tv.get("/displays/doors/none")).json()["code"] == "unknown_counter_here"


async def test_a_preview_is_mute_and_not_counted(place: Place) -> None:
    """What administration looks at is no screen of the hall, and has nothing to press."""
    tv = await place.browser()
    page = (await tv.get("/displays/a?preview=1&sound=on")).text
    assert 'data-topic="preview:a"' in page
    assert 'data-sound="off"' in page
    assert "<button" not in page
    async with listening(place.hall.url, "preview:a", form="html"):
        assert place.hall.house.hub.screens("zone:") == {}
