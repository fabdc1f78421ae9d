"""The hall's rules set in the browser: in force at once, and no more set than was changed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from admin.rules import RULES
from queue_server.settings import SECTIONS
from tests.counters.kit import Place, place
from tests.counters.test_routes import colleague


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


def fields(page: str) -> dict[str, str]:
    """A form as a browser would send it untouched."""
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page):
        found[name] = re.findall(r"<option selected>([^<]+)<", body)[0]
    for name in re.findall(r'<input type="checkbox"[^>]*name="(\w+)" checked', page):
        found[name] = "on"
    return found


@pytest.mark.parametrize("kind", RULES, ids=[kind.section for kind in RULES])
async def test_a_form_sent_back_untouched_sets_nothing(hall: Place, kind) -> None:  # type: ignore[no-untyped-def]
    """The file goes on to decide what nobody has changed; every form is of a section that may be
    set."""
    assert kind.section in SECTIONS
    chief = await colleague(hall, "Chief", "admin")
    page = (await chief.client.get(kind.path)).text
    before = hall.house.config
    assert (await chief.client.post(kind.path, data=fields(page))).status_code == 303
    assert hall.house.settings.own(kind.section) == {}
    assert hall.house.config == before


async def test_a_rule_of_calling(hall: Place) -> None:
    """In force at once; alone in what was set; a wrong one is marked and sets nothing; taken back
    to the file's, nothing is set any more."""
    chief = await colleague(hall, "Chief", "admin")
    there = "/admin/rules/policy"
    sent = fields((await chief.client.get(there)).text)
    assert (await chief.client.post(there, data=sent | {"recalls": "3"})).status_code == 303
    assert hall.hall.plan.policy.recalls == 3
    assert hall.house.settings.own("policy") == {"recalls": 3}
    sent = fields((await chief.client.get(there)).text)
    wrong = await chief.client.post(there, data=sent | {"undo_seconds": "9999"})
    assert wrong.status_code == 422
    assert re.findall(r'id="f-(\w+)"[^>]*aria-invalid', wrong.text) == ["undo_seconds"]
    del sent["start_needed"]
    assert (await chief.client.post(there, data=sent | {"recalls": "0"})).status_code == 303
    assert hall.house.settings.own("policy") == {"start_needed": False}
    assert not hall.hall.plan.policy.start_needed
    rina = await colleague(hall, "Rina", "supervisor")
    assert (await rina.client.get(there)).status_code == 403
