"""What administrators set: over the file, under the environment, in force at once and after a
restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queue_server import app
from queue_server.changes import Search
from queue_server.config import ConfigError
from queue_server.core.commands import Actor, IssueTicket
from queue_server.core.refusals import Refusal
from queue_server.folder import Folder
from queue_server.web.identity import Identity
from queue_server.web.problems import Problem
from tests import hall

SARI = Identity("u1", "Sari", "admin")
SHUT = dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), ""
)


def opened(path: Path, **environ: str) -> Any:
    return app.open_house(hall.config(), Folder(path), hall.ROOT, environ=environ)


async def test_a_setting_is_in_force_at_once_and_after_a_restart(tmp_path: Path) -> None:
    """New hours refuse a number from the next one on; the change is on record; a restart finds
    both; taken back, the file decides again."""
    take = IssueTicket(by=Actor("u1"), service="paspor-baru", token="t" * 22)
    async with opened(tmp_path) as house:
        assert house.config.hours.always
        service = next(iter(house.hall.plan.services))
        take = IssueTicket(by=Actor("u1"), service=service, token="t" * 22)
        await house.settings.change("hours", {"always": False, **SHUT}, SARI, "10.0.0.7")
        with pytest.raises(Refusal, match="hall_closed"):
            await house.desk.submit(take)
        [change] = await house.rooms.changes.find(Search())
        assert (change.what, change.by, change.address) == ("settings.hours", "u1", "10.0.0.7")
    async with opened(tmp_path) as house:
        assert house.hall.plan.hours.week == ((),) * 7
        await house.settings.change("hours", None, SARI, "10.0.0.7")
        assert house.config.hours.always
        assert await house.desk.submit(take)


async def test_the_environment_stands_above_the_settings(tmp_path: Path) -> None:
    """A key that it sets stays, and is said to be pinned; the section's others follow."""
    async with opened(tmp_path, ANTREAN_HALL__NAME="lain") as house:
        assert house.settings.pinned("hall") == {"name"}
        await house.settings.change("hall", {"name": "MPP Baru", "place": "Di sini"}, SARI, "-")
        assert (house.config.hall.name, house.config.hall.place) == (
            hall.config().hall.name,
            "Di sini",
        )


async def test_what_is_wrong_is_named_and_changes_nothing(tmp_path: Path) -> None:
    """A bad value, an unknown key, a key or section that isn't the browser's, an old form."""
    async with opened(tmp_path) as house:
        for section, values, said in (
            ("hours", {"monday": "8-9"}, "hours.monday"),
            ("policy", {"recalls": -1}, "policy.recalls"),
            ("policy", {"colour": 1}, "policy.colour"),
            ("hall", {"timezone": "Asia/Tokyo"}, "hall.timezone"),
            ("server", {"port": 1}, "server"),
        ):
            with pytest.raises(ConfigError, match=said):
                await house.settings.change(section, values, SARI, "-")
        await house.settings.change("policy", {"recalls": 3}, SARI, "-", seen=0)
        with pytest.raises(Problem, match="changed_since"):
            await house.settings.change("policy", {"recalls": 4}, SARI, "-", seen=0)
        await house.settings.change(
            "policy", {"recalls": 3}, SARI, "-", seen=house.settings.revision("policy")
        )
        assert house.hall.plan.policy.recalls == 3
        assert len(await house.rooms.changes.find(Search())) == 1, "the same again is no change"


async def test_a_table_of_tables_takes_the_place_of_the_files(tmp_path: Path) -> None:
    """What is left out of it is gone, so that it can be taken away."""
    async with opened(tmp_path) as house:
        await house.settings.change("zones", {"a": {"walk_minutes": 4}}, SARI, "-")
        assert house.rooms.notify.rule.walk["a"] == 4
        await house.settings.change("zones", {}, SARI, "-")
        assert house.config.zones == {}
