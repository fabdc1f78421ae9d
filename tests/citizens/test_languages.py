"""The third language on real pages of the hall as it is installed: Javanese, in part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from queue_server.web.i18n import BEGIN, END

from ..hall import Running, running

KEY = "a-key-of-one-form-0001"


async def taken(hall: Running) -> str:
    """The address of a ticket that somebody took in Javanese."""
    web = await hall.client("kiosk")
    form = {"service": "ktp-el-rekam", "key": KEY, "lang": "jv"}
    answer = await web.post("/kiosk/tickets", data=form)
    return "/t/" + answer.headers["location"].partition("/tickets/")[2].partition("?")[0]


async def test_kiosk_and_phone_speak_javanese(tmp_path: Path) -> None:
    """Page and phone say what is translated; what isn't is Indonesian and says so; the menus
    name every language in its own words."""
    async with running(tmp_path) as hall:
        web = await hall.client()
        kiosk = (await web.get("/kiosk?lang=jv")).text
        assert '<html lang="jv"' in kiosk
        assert "Pundhut nomer antrean" in kiosk
        assert '<span lang="id">Perangkat daerah</span>' in kiosk
        assert re.findall(r'hreflang="(\w+)" lang="(\w+)"', kiosk) == [("id", "id"), ("en", "en")]
        assert "Bahasa Indonesia" in kiosk
        phone = (await web.get(await taken(hall))).text
        assert "Nomer antrean panjenengan" in phone
        assert '<span lang="id">Pindai' not in phone
        assert "English" in phone
        assert "Your queue number" not in phone
        for page in (kiosk, phone):
            assert not {BEGIN, END} & set(page)


@pytest.mark.parametrize("path", ["/", "/services", "/sign-in", "/displays/hall", "/nowhere"])
async def test_every_page_can_be_asked_for_in_javanese(tmp_path: Path, path: str) -> None:
    """Also those that have no word of it: they are Indonesian then, and never English."""
    async with running(tmp_path) as hall:
        web = await hall.client()
        answer = await web.get(f"{path}?lang=jv", headers={"accept": "text/html"})
        assert answer.status_code in (200, 404)
        assert not {BEGIN, END} & set(answer.text)
        assert "There is nothing" not in answer.text


async def test_a_ticket_in_a_language_the_hall_lacks_is_refused(tmp_path: Path) -> None:
    """Through the API: with the field's name, and the languages that there are."""
    async with running(tmp_path) as hall:
        kiosk = await hall.client("kiosk")
        body = {"service": "ktp-el-rekam", "language": "su"}
        answer = await kiosk.post("/api/v1/tickets", json=body)
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["field"] == "language"
        assert "id, en, jv" in error["message"]
