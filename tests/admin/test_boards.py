"""Boards and playlists set in the browser: in force at once, on record, and told when wrong."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from admin.boards import board, board_values, field_of, line_of, line_values
from displays.topic import ZoneTopic
from queue_server.changes import Search
from queue_server.config import RunningText, ZoneSection
from tests.counters.kit import Place, place
from tests.counters.test_routes import PAGE, Colleague, colleague
from tests.hall import config

HERE = "/admin/displays/boards"
LISTS = "/admin/displays/playlists"
JPEG = b"\xff\xd8\xff\xe0" + bytes(2000)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def sent(chief: Colleague, path: str, status: int = 303, **form: str) -> str:
    """A form; what came back."""
    answer = await chief.client.post(path, data=form, headers=PAGE)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_form_sent_back_changes_nothing() -> None:
    """What a zone has of its own, through its form and back."""
    zone = ZoneSection(layout="big", languages=("en", "id"), running_text="Tes", walk_minutes=2)
    before = msgspec.structs.replace(config(), zones={"a": zone})
    shown = msgspec.structs.asdict(board(before, "a"))
    laid = msgspec.to_builtins(zone) | board_values(shown, before, "a")
    assert msgspec.convert(laid, ZoneSection) == zone
    line = {"text": "Halo  semua", "hours": "08:00-09:00", "day-friday": "1"}
    assert line_of(line).days == ("friday",)
    (made,) = line_values(line, before, "a", None)["texts"]
    assert msgspec.convert(made, RunningText) == RunningText(
        "Halo semua", hours="08:00-09:00", days=("friday",)
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [("settings: displays.texts[0].hours: expected HH:MM, found x: y", "hours"),
     ("settings: zones.a.layout: expected", "layout"), ("no such thing", "")],
)  # fmt: skip
def test_the_field_that_is_wrong(said: str, field: str) -> None:
    """As the configuration's errors name it."""
    assert field_of(said) == field


async def test_boards_follow_at_once(hall: Place) -> None:
    """Layout and colour begin the screens anew; running text and languages come by the feed; each
    zone over the hall's; only for administrators."""
    chief, topic = await colleague(hall, "Chief", "admin"), ZoneTopic(hall.house)
    before = topic.screen("a").look
    await sent(chief, HERE, place="hall", layout="list", theme="light", media="none", first="en",
               second="", running_text="Selamat pagi", running_text_en="Good morning")  # fmt: skip
    after = topic.screen("a")
    assert (before, after.look) == ("list dark none id en", "list light none en ")
    assert f'data-look="{after.look}"' in topic.html("a")
    assert "Good morning" in topic.html("hall")
    await sent(chief, HERE, place="a", layout="big", theme="", media="", first="id", second="en",
               running_text="Zona ini", running_text_en="")  # fmt: skip
    assert topic.screen("a").look == "big light none id en"
    assert topic.screen("hall").look == "list light none en "
    assert "Zona ini" in (await chief.get(f"{HERE}?place=a")).text
    records = await hall.house.rooms.changes.find(Search(what="settings.zones"))
    assert len(records) == 1
    assert (await (await colleague(hall, "Rina", "supervisor")).get(HERE)).status_code == 403
    assert (await chief.get(f"{HERE}?place=nowhere")).status_code == 404


async def test_lines_by_schedule(hall: Place) -> None:
    """Added, wrong, changed by one of two who were looking, taken away."""
    chief, lines = await colleague(hall, "Chief", "admin"), f"{HERE}/lines"
    line = {"place": "hall", "text": "Loket pajak tutup pukul 12", "hours": "11:00-12:00"}
    page = await sent(chief, lines, 422, **(line | {"hours": "25:00"}))
    assert 'value="25:00" aria-invalid="true"' in page
    assert "Tulis jam seperti 08:00-12:00" in page
    assert "Loket pajak tutup pukul 12" in page
    await sent(chief, lines, 422, place="hall", hours="11:00-12:00")
    await sent(chief, lines, **line)
    seen = str(hall.house.settings.revision("displays"))
    await sent(chief, lines, **line | {"index": "0", "seen": seen, "until": "2026-12-31"})
    await sent(chief, lines, 409, **line | {"index": "0", "seen": seen})
    await sent(chief, lines, 409, **line | {"index": "7"})
    (text,) = hall.house.config.displays.texts
    assert (text.hours, text.until) == ("11:00-12:00", "2026-12-31")
    assert text.text in ZoneTopic(hall.house).html("hall")
    await sent(chief, f"{HERE}/line-removals", 422, place="hall", index="-1")
    await sent(chief, f"{HERE}/line-removals", place="hall", index="0")
    assert hall.house.config.displays.texts == ()


async def test_a_playlist_from_its_name_to_its_end(hall: Place) -> None:
    """Made in the data folder, filled, put in order, played, and deleted with its files; what is
    no picture or film is refused and leaves nothing."""
    chief = await colleague(hall, "Chief", "admin")
    await sent(chief, LISTS, 422, fresh="1", playlist="../x")
    await sent(chief, LISTS, fresh="1", playlist="lobi")
    folder = Path(hall.house.config.playlists["lobi"].folder)
    assert folder.is_absolute()
    assert folder.is_relative_to(hall.house.folder.path.resolve())
    assert hall.house.settings.own("playlists") == {"lobi": {"folder": "media/lobi"}}

    async def upload(name: str, data: bytes) -> int:
        answer = await chief.client.post(
            f"{LISTS}/uploads?playlist=lobi", files={"file": (name, data)}, headers=PAGE
        )
        return answer.status_code

    assert [await upload(name, JPEG) for name in ("b é.png", "a.jpg", "a.jpg")] == [303] * 3
    assert [await upload("x.jpg", data) for data in (b"GIF89a", b"<svg/>", b"")] == [422] * 3
    assert sorted(os.listdir(folder)) == ["a-2.jpg", "a.jpg", "b e.jpg"]
    await sent(chief, f"{LISTS}/orders", playlist="lobi", file="b e.jpg", to="up")
    items = (await chief.get("/displays/media/lobi")).json()["items"]
    assert [one["url"].split("/")[-1].split("?")[0] for one in items] == [
        "a-2.jpg", "b%20e.jpg", "a.jpg",
    ]  # fmt: skip
    await sent(chief, LISTS, 422, playlist="lobi", picture_seconds="1", volume="0")
    await sent(chief, LISTS, playlist="lobi", picture_seconds="20", volume="50")
    await sent(chief, f"{LISTS}/file-removals", playlist="lobi", file="a.jpg")
    await sent(chief, HERE, place="hall", layout="list", theme="dark", media="lobi")
    await sent(chief, f"{LISTS}/removals", 422, playlist="lobi")
    await sent(chief, HERE, place="hall", layout="list", theme="dark", media="none")
    assert "b e.jpg" in (await chief.get(LISTS)).text
    await sent(chief, f"{LISTS}/removals", playlist="lobi")
    assert "lobi" not in os.listdir(folder.parent)
    assert len(await hall.house.rooms.changes.find(Search(what="playlist.lobi"))) == 4
