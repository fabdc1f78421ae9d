"""Printers, panels and webhooks set in the browser: a form says what the file could say."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from admin.device_forms import KINDS, form, texts, values
from queue_server.changes import Search
from queue_server.config import PrinterSection
from tests.counters.kit import Place, place
from tests.counters.test_routes import colleague


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_form_sent_back_changes_nothing(kind) -> None:  # type: ignore[no-untyped-def]
    """What a section says as texts is read as the same section, what the form hides included; and
    every field of the form is one of the section's."""
    needed = {
        "panels": {"kind": "mqtt", "address": "h:1883", "addresses": {"1": 7}},
        "webhooks": {"url": "https://x", "kinds": ["ticket.*", "test"], "secret": "kept"},
    }
    section = msgspec.convert(needed.get(kind.section, {}), kind.struct)
    sent = {one.name: one.value for one in form(kind, texts(kind, section))}
    assert msgspec.convert(values(kind, sent, section), kind.struct) == section
    assert "kept" not in str(sent)


async def test_a_printer_by_the_form(hall: Place) -> None:
    """Added, wrong, changed and taken away; each at work at once and on record; only for
    administrators."""
    chief = await colleague(hall, "Chief", "admin")
    sent = {"id": "depan", "kind": "network", "address": "192.0.2.1:9100", "width": "58",
            "qr": "auto", "cut": "auto", "status": "on", "timeout_seconds": "3"}  # fmt: skip
    there = "/admin/printers/settings"
    for wrong, field in (({"id": "A b"}, "id"), ({"address": "a b"}, "f-address"),
                         ({"timeout_seconds": "900"}, "f-timeout_seconds")):  # fmt: skip
        answer = await chief.client.post(f"{there}/new", data=sent | wrong)
        assert answer.status_code == 422
        marked = re.findall(r'id="([\w-]+)"[^>]*aria-invalid', answer.text)
        assert marked == [field]
        assert "192.0.2.1" in answer.text or field == "f-address", "what was typed stays"
    assert (await chief.client.post(f"{there}/new", data=sent)).status_code == 303
    printing = hall.house.rooms.printing
    assert printing.printers["depan"] == PrinterSection(
        "192.0.2.1:9100", width=58, timeout_seconds=3
    )
    assert (await chief.client.post(f"{there}/new", data=sent)).status_code == 422, "it is taken"
    seen = str(hall.house.settings.revision("printers"))
    changed = sent | {"name": "Depan", "seen": seen}
    assert (await chief.client.post(f"{there}/depan", data=changed)).status_code == 303
    assert printing.name("depan") == "Depan"
    assert (
        await chief.client.post(f"{there}/depan", data=sent | {"seen": seen})
    ).status_code == 409
    page = (await chief.client.get(f"{there}/depan")).text
    assert 'value="192.0.2.1:9100"' in page
    answer = await chief.client.post("/admin/printers/removals", data={"id": "depan"})
    assert answer.status_code == 303
    assert printing.printers == {}
    assert len(await hall.house.rooms.changes.find(Search(what="settings.printers"))) == 3
    rina = await colleague(hall, "Rina", "supervisor")
    assert (await rina.client.get(f"{there}/new")).status_code == 403


async def test_a_webhook_gets_a_secret_that_is_shown_once(hall: Place) -> None:
    """Made by us where nobody gave one; kept when the form comes back without it."""
    chief = await colleague(hall, "Chief", "admin")
    there, sent = "/admin/webhooks/settings", {"url": "https://192.0.2.1/hook", "kinds": "ticket.*"}
    page = (await chief.client.post(f"{there}/new", data=sent | {"id": "wa"})).text
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", page)
    assert hall.house.config.webhooks["wa"].secret == secret
    assert secret not in (await chief.client.get(f"{there}/wa")).text
    changed = sent | {"kinds": "ticket.*, test"}
    assert (await chief.client.post(f"{there}/wa", data=changed)).status_code == 303
    assert hall.house.config.webhooks["wa"].kinds == ("ticket.*", "test")
    assert hall.house.config.webhooks["wa"].secret == secret
