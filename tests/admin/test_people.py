"""People, tokens and accounts in administration, over real HTTP; each change on record."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path

import httpx2
import msgspec
import pytest

from queue_server.changes import Search
from queue_server.core.commands import Bounds
from queue_server.web.visit import COOKIE
from tests.counters.kit import PASSWORD, Place, place
from tests.counters.test_routes import PAGE, Colleague, colleague

HERE = "/admin/people"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


async def changes(hall: Place) -> list[tuple[str, str, str]]:
    """(what, act, by) of all that is on record, oldest first."""
    found = await hall.house.rooms.changes.find(Search())
    return [(one.what, one.act, one.by) for one in reversed(found)]


def secret_of(answer: httpx2.Response) -> str:
    """What a page shows once."""
    found = re.search(r'id="secret">([^<]+)<', answer.text)
    assert found, answer.text
    return unescape(found[1])


async def add(who: Colleague, name: str, role: str, *boxes: str) -> httpx2.Response:
    return await who.post(HERE, False, name=name, role=role, **dict.fromkeys(boxes, "on"))


async def test_a_user_from_the_first_day_to_the_last(hall: Place) -> None:
    """Added with bounds, signs in with the slip's password, changes it, is given other work, gets
    a new password, is removed: each step is on record, no password is."""
    rina = await colleague(hall, "Rina", "admin")
    slip = await add(rina, "Sari Dewi", "operator", "agency-disdukcapil", "zone-a")
    assert slip.status_code == 200
    assert slip.headers["cache-control"] == "no-store"
    once = secret_of(slip)
    user = hall.house.office.named("sari dewi")
    assert user is not None
    assert user.bounds == Bounds(frozenset({"disdukcapil"}), frozenset({"a"}))
    sari = await hall.running.client()
    await sari.post("/sign-in", data={"name": "Sari Dewi", "password": once})
    own = {"old": once, "new": "kuda laut ungu 7", "again": "kuda laut ungu 7"}
    changed = await sari.post("/password", data=own, headers={"Origin": hall.url})
    assert changed.status_code == 303
    page = await rina.get(f"{HERE}/{user.id}")
    assert 'name="agency-disdukcapil" checked' in page.text
    saved = await rina.post(f"{HERE}/{user.id}/work", False, role="supervisor")
    assert saved.headers["location"] == f"{HERE}/{user.id}?saved=1"
    assert (await sari.get("/supervisor")).status_code == 200, "at once"
    again = await rina.post(f"{HERE}/{user.id}/work", False, role="supervisor")
    assert again.status_code == 303, "the same again is no change"
    twice = secret_of(await rina.post(f"{HERE}/{user.id}/passwords", False))
    assert (await sari.get("/supervisor", headers=PAGE)).status_code == 303, "signed out"
    gone = await rina.post(f"{HERE}/{user.id}/removals", False)
    assert gone.headers["location"] == HERE
    assert (await rina.get(f"{HERE}/{user.id}")).status_code == 404
    it, by, me = f"user.{user.id}", rina.identity.id, f"u{user.id}"
    assert await changes(hall) == [
        (it, "create", by), (it, "change", me), (it, "change", by), (it, "reset", by),
        (it, "remove", by),
    ]  # fmt: skip
    record = await hall.house.rooms.changes.find(Search())
    written = b"".join(msgspec.json.encode(one) for one in record).decode()
    assert not [secret for secret in (once, twice, "kuda laut") if secret in written]
    assert '"agencies":["disdukcapil"]' in written


@pytest.mark.parametrize(
    ("name", "role", "boxes", "said"),
    [
        ("", "operator", (), "Beri nama"),
        ("Rina", "operator", (), ""),
        ("Kepala", "operator", (), "Sudah ada pengguna"),
        ("Baru", "admin", ("zone-a",), "seluruh mal"),
        ("Baru", "mandor", (), "Peran itu"),
        ("Baru", "operator", ("agency-none",), "tidak ada lagi"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_lost(
    hall: Place, name: str, role: str, boxes: tuple[str, ...], said: str
) -> None:
    rina = await colleague(hall, "Rina", "admin")
    await hall.house.office.add_user("Kepala", "admin")
    answer = await add(rina, name, role, *boxes)
    if not said:
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{name}"' in answer.text
    assert len(await hall.house.office.users()) == 1


async def test_the_last_administrator_stays(hall: Place) -> None:
    """The page says why, and what to do first."""
    rina = await colleague(hall, "Rina", "admin")
    await hall.house.office.add_user("Kepala", "admin")
    user = hall.house.office.named("Kepala")
    assert user is not None
    for answer in (
        await rina.post(f"{HERE}/{user.id}/work", False, role="operator"),
        await rina.post(f"{HERE}/{user.id}/removals", False),
    ):
        assert answer.status_code == 409
        assert "administrator terakhir" in answer.text
    assert await changes(hall) == []


async def test_sessions_are_seen_and_ended(hall: Place) -> None:
    """By whom, from what kind of device; one, or all; one's own by oneself, and no one else's."""
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/144.0 Safari/537.36"
    rina, office = await colleague(hall, "Rina", "admin"), hall.house.office
    await hall.staff("Budi")
    browsers = []
    for _ in range(2):
        client = await hall.running.client()
        client.headers["User-Agent"] = agent
        await client.post("/sign-in", data={"name": "Budi", "password": PASSWORD})
        browsers.append(client)
    page = (await rina.get(f"{HERE}/sessions")).text
    assert page.count("Chrome, Windows") >= 2
    assert not any(client.cookies[COOKIE] in page for client in browsers)
    one, two = (office.session(client.cookies[COOKIE]) for client in browsers)
    assert one
    assert two
    await rina.post(f"{HERE}/sessions", False, handle=one.handle)
    assert (await browsers[0].get("/account", headers=PAGE)).status_code == 303
    mine = await browsers[1].get("/account", headers=PAGE)
    assert mine.text.count("Chrome, Windows") >= 1
    _, chief = await hall.staff("Chief", "supervisor")
    other = office.session(chief)
    assert other
    own = {"Origin": hall.url}
    await browsers[1].post("/account/sessions", data={"handle": other.handle}, headers=own)
    assert office.session(chief), "another's is not ended from here"
    await browsers[1].post("/account/sessions", data={}, headers=own)
    assert [one.handle for one in office.sessions() if one.user.name == "Budi"] == [two.handle]
    await rina.post(f"{HERE}/{two.user.id}/sessions", False)
    assert (await browsers[1].get("/account", headers=PAGE)).status_code == 303


async def test_a_token_with_scope_bounds_and_end(hall: Place) -> None:
    """Shown once; used within its scope alone; seen when it was used; revoked at once."""
    rina = await colleague(hall, "Rina", "admin")
    until = (datetime.now(UTC) + timedelta(30)).date().isoformat()
    answer = await rina.post(
        "/admin/tokens", False, name="Dasbor", role="integration", expires=until,
        **{"scope-read": "on", "zone-a": "on"},
    )  # fmt: skip
    secret = secret_of(answer)
    program = await hall.running.client()
    program.headers["Authorization"] = f"Bearer {secret}"
    assert (await program.get("/api/v1/counters")).status_code == 200
    assert (await program.get("/api/v1/journal")).json()["code"] == "not_in_scope"
    listed = (await rina.get("/admin/tokens")).text
    assert secret not in listed
    assert "<code>read</code>" in listed
    token = hall.house.office.token(secret)
    assert token is not None
    assert token.used
    await rina.post(f"/admin/tokens/{token.id}/removals", False)
    assert (await program.get("/api/v1/counters")).status_code == 401
    assert [one[:2] for one in await changes(hall)] == [
        (f"token.{token.id}", "create"), (f"token.{token.id}", "revoke"),
    ]  # fmt: skip


@pytest.mark.parametrize("until", ["2020-01-01", "soon", "2026-02-30"])
async def test_a_token_does_not_end_before_it_begins(hall: Place, until: str) -> None:
    rina = await colleague(hall, "Rina", "admin")
    fields = {"name": "x", "role": "integration", "expires": until}
    answer = await rina.post("/admin/tokens", False, **fields)
    assert answer.status_code == 422
    assert "mulai hari ini" in answer.text


async def test_an_account_is_its_own_sessions(hall: Place) -> None:
    """A token has none; whoever still has a one-time password changes it first."""
    rina = await colleague(hall, "Rina", "admin")
    assert (await rina.client.get("/account")).status_code == 401
    once = await hall.house.office.add_user("Baru", "operator")
    client = await hall.running.client()
    await client.post("/sign-in", data={"name": "Baru", "password": once})
    assert (await client.get("/account", headers=PAGE)).headers["location"].startswith("/password")


async def test_the_command_line_is_on_record_too(hall: Place) -> None:
    """As the program's own doing."""
    from queue_server import chores  # the command's side of the house

    given = {"name": "Baru", "role": "operator", "agency": "disdukcapil", "zone": ""}
    narrow = {"scope": "call", "until": "2099-12-31"}
    do = partial(chores.do, hall.house, hall.running.folder)
    await do("user-add", given)
    secret = (await do("token-add", given | narrow)).text
    identity = hall.house.office.bearer(secret)
    assert identity is not None
    assert (identity.scopes, identity.bounds.agencies) == ({"call"}, {"disdukcapil"})
    for wrong in ({"agency": "none"}, {"until": "2020-01-01"}, {"until": "soon"}, {"scope": "x"}):
        with pytest.raises(chores.ChoreFailed, match=r"expected"):
            await do("token-add", given | wrong)
    assert [one[1:] for one in await changes(hall)] == [("create", "system")] * 2
