"""Signing in with a provider that runs beside the hall: real HTTP, real signatures."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey
from msgspec.structs import replace

from queue_server.changes import Search
from queue_server.config import OidcSection
from queue_server.core.commands import Bounds
from queue_server.web.visit import COOKIE
from tests import hall as halls

from .provider import CLIENT, SECRET, Provider, provider

PAGE = {"Accept": "text/html"}
STAFF = {"groups": ["loket"], "name": "Sari Dewi"}
SECTION = OidcSection(
    client_id=CLIENT, secret=SECRET, name="SSO Kabupaten",
    roles={"loket": "operator", "penyelia": "supervisor", "it": "admin"},
)  # fmt: skip


class World:
    """A hall and its provider."""

    def __init__(self, hall: halls.Running, idp: Provider) -> None:
        self.hall, self.idp, self.office = hall, idp, hall.house.office
        self.sound = dict(vars(idp))

    async def browser(self) -> httpx2.AsyncClient:
        """From an address of its own: attempts are counted by it."""
        found = await self.hall.client()
        found.headers["X-Forwarded-For"] = f"10.0.0.{len(self.hall.clients)}"
        return found

    async def comes(
        self, browser: httpx2.AsyncClient, going: str = "", **claims: Any
    ) -> httpx2.Response:
        """The whole way: to the provider, and back with what it says."""
        self.idp.claims |= claims
        query = f"?next={going}" if going else ""
        away = await browser.get(f"/sign-in/oidc{query}", headers=PAGE)
        assert away.status_code == 303, away.text
        return await self.returns(browser, away.headers["location"])

    async def returns(self, browser: httpx2.AsyncClient, address: str) -> httpx2.Response:
        back = await browser.get(address)
        return await browser.get(back.headers["location"], headers=PAGE)

    def role(self, browser: httpx2.AsyncClient) -> str | None:
        """As what somebody is signed in."""
        session = self.office.session(browser.cookies.get(COOKIE, ""))
        return session.user.role if session else None


@contextlib.asynccontextmanager
async def world(path: Path, **changes: Any) -> AsyncIterator[World]:
    async with provider() as idp:
        section = replace(SECTION, issuer=idp.issuer, **changes)
        config = replace(halls.config(), oidc=section)
        async with halls.running(path, config) as hall:
            yield World(hall, idp)


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("hall")) as made:
        yield made


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[World]:
    """A hall that has not yet asked its provider anything."""
    async with world(tmp_path) as made:
        yield made


@pytest.fixture
async def place(shared: World) -> World:
    """Nobody works here yet, and the provider is as it should be."""
    for user in await shared.office.users():
        await shared.office.remove_user(user.id)
    vars(shared.idp).update(shared.sound, claims={"sub": secrets.token_hex(8)}, extra={}, says={})
    return shared


def code_of(answer: httpx2.Response) -> tuple[int, bool]:
    """The status, and whether the sign-in page still offers a password."""
    return answer.status_code, 'type="password"' in answer.text


async def test_the_way_there_and_back(place: World) -> None:
    """Offered on the page; a new account gets its group's role, a name, a session; the second time
    it is the same user, also when the provider calls it otherwise."""
    browser = await place.browser()
    page = await browser.get("/sign-in?next=/counters/5", headers=PAGE)
    assert "Masuk dengan SSO Kabupaten" in page.text
    assert "/sign-in/oidc?next=/counters/5" in page.text
    answer = await place.comes(browser, "/counters/5", **STAFF)
    assert (answer.status_code, answer.headers["location"]) == (303, "/counters/5")
    assert place.role(browser) == "operator"
    assert "sso" not in browser.cookies, "what was needed on the way is gone"
    (user,) = await place.office.users()
    assert (user.name, user.source, user.must_change) == ("Sari Dewi", "oidc", False)
    again = await place.comes(await place.browser(), name="Sari D. Lestari")
    assert again.headers["location"] == "/counters"
    assert [one.name for one in await place.office.users()] == ["Sari Dewi"]
    found = await place.hall.house.rooms.changes.find(Search())
    it = f"user.{user.id}"
    acts = [(one.what, one.act, one.by) for one in reversed(found) if one.what.startswith(it)]
    assert acts == [(it, "create", "system"), (f"{it}.link", "create", "system")]
    assert place.idp.claims["sub"] not in str(found), (
        "the provider's own name for somebody is not told"
    )


async def test_the_role_follows_the_groups(place: World) -> None:
    """At every sign-in; whoever has none any more is out, open sessions too."""
    browser = await place.browser()
    await place.comes(browser, **STAFF)
    await place.comes(browser, groups=["loket", "penyelia"])
    assert place.role(browser) == "supervisor"
    other = await place.browser()
    answer = await place.comes(other, groups=["pensiun"])
    assert code_of(answer) == (403, True)
    assert "belum diberi peran" in answer.text
    assert place.role(other) is place.role(browser) is None
    assert not place.office.sessions()


async def test_no_group_no_entrance(place: World) -> None:
    """A known account is not yet somebody here."""
    answer = await place.comes(await place.browser(), name="Siapa")
    assert code_of(answer) == (403, True)
    assert await place.office.users() == []


BENT: dict[str, Callable[[Provider], Any]] = {
    "another nonce": lambda idp: setattr(idp, "twist", lambda c: c | {"nonce": "x"}),
    "no nonce": lambda idp: setattr(
        idp, "twist", lambda c: {k: v for k, v in c.items() if k != "nonce"}
    ),
    "over": lambda idp: setattr(idp, "twist", lambda c: c | {"exp": c["iat"] - 61}),
    "of the future": lambda idp: setattr(idp, "twist", lambda c: c | {"iat": c["iat"] + 120}),
    "for another client": lambda idp: setattr(idp, "twist", lambda c: c | {"aud": "other"}),
    "of another issuer": lambda idp: setattr(idp, "twist", lambda c: c | {"iss": "https://x"}),
    "another's access token": lambda idp: setattr(idp, "twist", lambda c: c | {"at_hash": "x"}),
    "unsigned": lambda idp: setattr(idp, "algorithm", "none"),
    "signed with the public key": lambda idp: setattr(idp, "algorithm", "HS256"),
    "another key of the same name": lambda idp: setattr(
        idp, "key", RSAKey.generate_key(2048, {"kid": idp.key.kid})
    ),
    "a key that it does not publish": lambda idp: setattr(
        idp, "key", RSAKey.generate_key(2048, auto_kid=True)
    ),
    "userinfo of another": lambda idp: idp.extra.update(sub="another"),
}


async def test_what_cannot_be_trusted_opens_nothing(place: World) -> None:
    """Each token with one fault, from the provider's own mouth: refused; nobody is signed in, and
    nobody made."""
    wrong = []
    for fault, bend in BENT.items():
        vars(place.idp).update(place.sound, published=[place.sound["key"]], extra={})
        bend(place.idp)
        browser = await place.browser()
        answer = await place.comes(browser, **STAFF)
        refused = code_of(answer) == (403, True) and "tidak dapat dipercaya" in answer.text
        if not refused or place.role(browser) or await place.office.users():
            wrong.append(fault)
    assert not wrong


async def test_a_way_is_one_browsers_and_is_gone_once(place: World) -> None:
    """Another browser, another state, no state, the same answer twice: begin again."""
    browser, thief = await place.browser(), await place.browser()
    place.idp.claims |= STAFF
    away = await browser.get("/sign-in/oidc")
    back = (await thief.get(away.headers["location"])).headers["location"]
    stolen = await thief.get(back, headers=PAGE)
    assert code_of(stolen) == (403, True)
    assert "mulai lagi" in stolen.text
    for address in (back.replace("state=", "state=x"), "/sign-in/oidc/callback"):
        stale = await browser.get(address, headers=PAGE)
        assert stale.status_code == 403
        browser.cookies.update(httpx2.Cookies())
    good = await place.comes(browser)
    assert good.status_code == 303
    again = await browser.get(back, headers=PAGE)
    assert again.status_code == 403
    assert await place.office.users(), "only the good one made somebody"


async def test_a_code_is_worth_nothing_without_its_verifier(place: World) -> None:
    """A code of another sign-in, slipped into this browser's answer: the provider refuses it."""
    victim, thief = await place.browser(), await place.browser()
    place.idp.claims |= STAFF
    theirs = await thief.get("/sign-in/oidc")
    code = httpx2.URL((await thief.get(theirs.headers["location"])).headers["location"]).params
    away = await victim.get("/sign-in/oidc")
    back = httpx2.URL((await victim.get(away.headers["location"])).headers["location"])
    answer = await victim.get(str(back.copy_set_param("code", code["code"])), headers=PAGE)
    assert code_of(answer) == (403, True)
    assert place.role(victim) is None


async def test_an_answer_of_another_provider_is_refused(place: World) -> None:
    """RFC 9207: whoever mixes two providers up gets nowhere."""
    browser = await place.browser()
    away = await browser.get("/sign-in/oidc")
    back = httpx2.URL((await browser.get(away.headers["location"])).headers["location"])
    answer = await browser.get(str(back.copy_set_param("iss", "https://evil")), headers=PAGE)
    assert code_of(answer) == (403, True)


async def test_when_the_provider_is_down_passwords_work(fresh: World) -> None:
    """It is said, the form is there, and nothing else of the hall notices; when it is up again it
    works again. Whoever stops there may begin again."""
    once = await fresh.office.add_user("Ani", "operator")
    fresh.idp.says = {"issuer": "https://evil.example"}
    misled = await (await fresh.browser()).get("/sign-in/oidc", headers=PAGE)
    assert code_of(misled) == (503, True), "it is not the issuer that was asked"
    fresh.idp.says = {}
    fresh.idp.down = True
    browser = await fresh.browser()
    answer = await browser.get("/sign-in/oidc?next=/counters", headers=PAGE)
    assert code_of(answer) == (503, True)
    assert "kata sandi" in answer.text
    entered = await browser.post("/sign-in", data={"name": "Ani", "password": once})
    assert entered.status_code == 303
    fresh.idp.down = False
    fresh.idp.error = "access_denied"
    stopped = await fresh.comes(await fresh.browser(), **STAFF)
    assert code_of(stopped) == (403, True)
    fresh.idp.error = ""
    assert (await fresh.comes(await fresh.browser())).status_code == 303


async def test_new_keys_are_found(tmp_path: Path) -> None:
    """A provider that changes its key is asked for its keys once more, and not at every fault."""
    from queue_server.oidc import provider as module  # its pause is a minute's half

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PAUSE", 0.0)
        async with world(tmp_path) as place:
            assert (await place.comes(await place.browser(), **STAFF)).status_code == 303
            place.idp.key = RSAKey.generate_key(2048, auto_kid=True)
            assert (await place.comes(await place.browser())).status_code == 303
            patch.setattr(module, "PAUSE", 30.0)
            looks = place.idp.looks
            place.idp.algorithm = "none"
            assert (await place.comes(await place.browser())).status_code == 403
            assert place.idp.looks == looks


async def test_an_account_is_linked_by_whoever_is_signed_in(place: World) -> None:
    """Then it opens the user that there was, whose role stays its own; a second user can't have
    it; the link is the browser's that began it."""
    once = await place.office.add_user("Ani", "supervisor")
    (user,) = await place.office.users()
    signed_in = await place.office.change_password(user.id, once, "kuda laut ungu 7")
    ani = await place.browser()
    ani.cookies.set(COOKIE, signed_in.secret)
    own = {"Origin": place.hall.url, **PAGE}
    assert "Hubungkan dengan" in (await ani.get("/account", headers=PAGE)).text

    async def link(browser: httpx2.AsyncClient) -> httpx2.Response:
        page = await browser.post("/account/links", data={}, headers=own)
        href = page.text.partition('class="button primary" href="')[2].partition('"')[0]
        return await place.returns(browser, href.replace("&amp;", "&"))

    assert (await link(ani)).headers["location"] == "/account"
    assert "Terhubung dengan" in (await ani.get("/account", headers=PAGE)).text
    elsewhere = await place.browser()
    assert (await place.comes(elsewhere, groups=[])).headers["location"] == "/supervisor"
    assert place.role(elsewhere) == "supervisor"
    await place.office.add_user("Budi", "operator")
    budi = await place.browser()
    budi.cookies.set(COOKIE, (await place.office.open_for(user.id + 1)).secret)
    refused = await budi.post("/account/links", data={}, headers=own)
    assert refused.status_code == 303, "first the one-time password"
    foreign = {"Origin": "https://evil.example"}
    assert (await ani.post("/account/links", headers=foreign)).status_code == 403
    await place.office.unlink(user.id, place.idp.issuer)
    assert (await place.comes(await place.browser(), groups=[])).status_code == 403


@pytest.mark.parametrize("verified", [True, False])
async def test_an_address_links_only_when_verified_and_allowed(
    tmp_path: Path, verified: bool
) -> None:
    """And is called so here: a name that looks like it is not enough."""
    changes = {"link_by_email": True, "domains": ("mpp.example",)}
    async with world(tmp_path, **changes) as place:
        await place.office.add_user("sari@mpp.example", "operator")
        claims = {"email": "Sari@mpp.example", "email_verified": verified}
        answer = await place.comes(await place.browser(), **claims)
        if verified:
            assert answer.headers["location"] == "/counters"
        else:
            assert code_of(answer) == (403, True)
        outsider = {"email": "sari@evil.example", "email_verified": True, "sub": "2"}
        assert code_of(await place.comes(await place.browser(), **outsider)) == (403, True)
        assert len(await place.office.users()) == 1


async def test_groups_bind_to_agencies(tmp_path: Path) -> None:
    """From userinfo too, where the ID token says little."""
    changes = {"agencies": {"dinas-1": "disdukcapil"}, "role_claim": "realm_access.roles"}
    async with world(tmp_path, **changes) as place:
        place.idp.extra = {"realm_access": {"roles": ["penyelia", "dinas-1"]}, "name": "Rina"}
        browser = await place.browser()
        assert (await place.comes(browser)).status_code == 303
        (user,) = await place.office.users()
        assert (user.name, user.role) == ("Rina", "supervisor")
        assert user.bounds == Bounds(frozenset({"disdukcapil"}))
        assert (await browser.get("/admin/displays", headers=PAGE)).status_code == 403


async def test_a_name_that_is_taken_is_another_persons(place: World) -> None:
    """Nobody becomes somebody by being called so."""
    await place.office.add_user("Sari Dewi", "supervisor")
    browser = await place.browser()
    await place.comes(browser, **STAFF, preferred_username="sari.dewi")
    assert place.role(browser) == "operator"
    assert sorted(one.name for one in await place.office.users()) == ["Sari Dewi", "sari.dewi"]


async def test_no_provider_no_trace(tmp_path: Path) -> None:
    async with halls.running(tmp_path) as hall:
        browser = await hall.client()
        assert (await browser.get("/sign-in/oidc")).status_code == 404
        assert "/sign-in/oidc" not in (await browser.get("/sign-in", headers=PAGE)).text
