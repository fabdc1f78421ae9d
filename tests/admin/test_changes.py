"""The trail of changes: every one with what was before and after, found by whatever is known."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from admin.changes import line, wanted_of
from queue_server.changes import Change
from queue_server.web.identity import Identity
from tests.counters.kit import Place, place
from tests.counters.test_routes import colleague

HERE = "/admin/changes"
SARI = Identity("u9", "Sari", "admin")


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def test_a_setting_is_on_the_page_and_in_the_file(hall: Place) -> None:
    """With who, from where, each field before and after; no cell of the file is a formula; the
    older page goes on where the newer ends; supervisors don't see it."""
    chief = await colleague(hall, "Chief", "admin")
    settings = hall.house.settings
    await settings.change("hall", {"name": "MPP", "place": "=Lama"}, SARI, "10.0.0.7")
    await settings.change("hall", {"name": "MPP", "place": "Baru"}, SARI, "10.0.0.7", why="pindah")
    page = (await chief.client.get(f"{HERE}?lang=en&text=pindah")).text
    assert "<del>=Lama</del> → <ins>Baru</ins>" in page
    assert "10.0.0.7" in page
    answer = await chief.client.get(f"{HERE}/export.csv?lang=en&kind=settings.")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Field"], row["Before"], row["After"]) for row in rows] == [
        ("name", "", "MPP"), ("place", "", "'=Lama"), ("place", "'=Lama", "Baru"),
    ]  # fmt: skip
    for at in range(51):
        await hall.house.rooms.changes.record(SARI, "-", f"user.{at}", "create")
    newer = (await chief.client.get(f"{HERE}?kind=user.")).text
    assert 'id="change-53"' in newer
    assert 'id="change-3"' not in newer
    older = (await chief.client.get(f"{HERE}?kind=user.&before=4")).text
    assert 'id="change-3"' in older
    assert 'id="change-4"' not in older
    rina = await colleague(hall, "Rina", "supervisor")
    assert (await rina.client.get(HERE)).status_code == 403


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=6,
)


@given(JSON, JSON)
def test_differences_are_what_differs(before: object, after: object) -> None:
    """Two values that are equal have none, others have some, and none of them is equal on both
    sides."""
    raw = [Raw(msgspec.json.encode(one)) for one in (before, after)]
    shown = line(Change(1, 0, "u1", "", "", "x", "change", *raw), 10_000).differences
    assert bool(shown) == (_bare(before) != _bare(after))
    assert all(one.before != one.after for one in shown)


def _bare(value: object) -> object:
    """What isn't there, and what is there as nothing, look the same."""
    if isinstance(value, dict):
        kept = {name: _bare(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None} or None
    return value


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_query_is_a_search(day: str, before: str) -> None:
    """Nonsense is anything; what made sense comes back in the page's own links."""
    given = {"since": day, "before": before, "kind": "user."}
    wanted = wanted_of(lambda name: given.get(name, ""))
    assert parse_qs(wanted.query()).get("kind") == ["user."]
