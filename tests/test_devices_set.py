"""Printers, panels and webhooks that are set in the browser: at work at once, without a restart;
who was not touched goes on; nothing that waits is lost; no secret on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from queue_server import app
from queue_server.changes import Search
from queue_server.config import ConfigError, PanelSection, PrinterSection
from queue_server.folder import Folder
from queue_server.panels import Panels
from queue_server.web.identity import Identity
from tests import hall as halls
from tests.notify.kit import SECRET, receiver
from tests.panels.kit import Place
from tests.printing.conftest import Hands, room
from tests.printing.printer import printing

SARI = Identity("u1", "Sari", "admin")


async def test_a_printer_is_added_moved_and_taken_away(tmp_path: Path) -> None:
    """What waits for one that is moved is printed at its new address, once; the other printer
    prints on; what waits for one that is gone fails with the reason."""
    async with printing() as first, printing() as second, printing() as other:
        one, two = PrinterSection(first.address), PrinterSection(second.address)
        async with room(tmp_path / "printing.db", Hands()) as made:
            aside = PrinterSection(other.address)
            await made.printing.configure({"depan": one, "samping": aside}, 10)
            await made.until_job((await made.print("A-001")).id, "printed")
            await first.stop()
            waits = await made.print("A-002")
            await made.until(lambda: made.printing.state("depan").reason == "offline")
            task = made.printing._tasks["samping"]
            await made.printing.configure({"depan": two, "samping": aside}, 10)
            await made.until_job(waits.id, "printed")
            assert made.printing._tasks["samping"] is task
            assert len(await second.printed(1)) == 1
            await second.stop()
            lost = await made.print("A-003")
            await made.printing.configure({"samping": aside}, 10)
            await made.until_job(lost.id, "failed", "removed")
            await made.until_job((await made.print("A-004", "samping")).id, "printed")


def opened(path: Path) -> Any:
    return app.open_house(halls.config(), Folder(path), halls.ROOT)


def left(path: Path, text: str) -> list[Path]:
    """The files in which a text stands."""
    files = [file for file in path.rglob("*") if file.is_file()]
    return [file for file in files if text.encode() in file.read_bytes()]


async def test_an_endpoint_is_added_with_its_secret(tmp_path: Path) -> None:
    """It is told what happens, rightly signed, now and after a restart; moved, it is told there;
    its secret is in no change and in no setting, and gone from its file when nobody names it."""
    async with receiver() as one, receiver() as two:
        entry = {"url": one.url, "kinds": ["test"], "secret": SECRET}
        async with opened(tmp_path) as house:
            await house.settings.change("webhooks", {"wa": entry}, SARI, "-")
            await house.rooms.notify.emit("test", {"n": 1})
            await one.until(lambda: one.of("test") == [{"n": 1}])
            assert SECRET not in msgspec.json.encode(house.settings.own("webhooks")).decode()
        async with opened(tmp_path) as house:
            assert house.config.webhooks["wa"].secret == SECRET
            moved = msgspec.to_builtins(house.config.webhooks["wa"]) | {"url": two.url}
            await house.settings.change("webhooks", {"wa": moved}, SARI, "-")
            await house.rooms.notify.emit("test", {"n": 2})
            await two.until(lambda: two.of("test") == [{"n": 2}])
            assert len(one.came) == 1
            changes = await house.rooms.changes.find(Search())
            assert SECRET not in msgspec.json.encode(changes).decode()
            await house.settings.change("webhooks", {}, SARI, "-")
            assert house.rooms.notify.webhooks == ()
            assert not house.rooms.notify.couriers
        assert not left(tmp_path, SECRET)


async def test_what_a_room_cannot_do_is_refused(tmp_path: Path) -> None:
    """Said with its key before anything is set: an address that is none, a profile that nobody
    knows, a panel without its port, a secret that is too short."""
    async with opened(tmp_path) as house:
        for section, values, said in (
            ("printers", {"depan": {"address": "a b"}}, "printers.depan.address"),
            (
                "printers",
                {"depan": {"address": "h:9100", "profile": "X"}},
                "printers.depan.profile",
            ),
            ("panels", {"p": {"kind": "serial", "address": "COM1"}}, "panels.p.address"),
            ("webhooks", {"w": {"url": "http://x", "kinds": ["*"], "secret": "x"}}, "webhooks.w"),
        ):
            with pytest.raises(ConfigError, match=said):
                await house.settings.change(section, values, SARI, "-")
        assert await house.rooms.changes.find(Search()) == []


async def test_a_panel_that_was_not_touched_stays(tmp_path: Path) -> None:
    """Another is added beside it and taken away: its wire is the same all the while."""
    place = Place()
    one = PanelSection(kind="serial", address=str(tmp_path / "a"), counters=("1",))
    two = PanelSection(kind="serial", address=str(tmp_path / "b"), counters=("2",))
    panels = Panels({"a": one}, place)  # type: ignore[arg-type]  # it has a clock's hand
    panels.start(lambda: place.hall)
    output = panels._outputs["a"]
    await panels.configure({"a": one, "b": two})
    assert [health.id for health in panels.health()] == ["a", "b"]
    await panels.configure({"a": one})
    assert [health.id for health in panels.health()] == ["a"]
    assert panels._outputs["a"] is output
    await panels.close()
