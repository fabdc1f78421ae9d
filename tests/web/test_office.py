"""Users, passwords, sessions, tokens: what the office keeps, and what it never keeps."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from queue_server import store
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.order import Unavailable
from queue_server.web import passwords
from queue_server.web.office import DEVICE_HOURS, HOUR, Office
from queue_server.web.people import Terms
from queue_server.web.problems import Problem
from queue_server.web.schema import STEPS

from .house import PASSWORD, Hands


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "office.db"


async def settled(office: Office, name: str, role: str = "operator") -> int:
    """A user who chose a password; the id."""
    once = await office.add_user(name, role)
    id = next(user.id for user in await office.users() if user.name == name)
    await office.change_password(id, once, PASSWORD)
    return id


async def code_of(work: Awaitable[object]) -> str:
    """The code of the problem that the work ends in."""
    with pytest.raises((Problem, Unavailable)) as caught:
        await work
    return caught.value.code


async def test_a_one_time_password_opens_one_door(path: Path) -> None:
    """It signs in, must be changed, and is worth nothing afterwards."""
    async with Office(path) as office:
        once = await office.add_user("Budi", "operator")
        signed_in = await office.sign_in("Budi", once, "10.0.0.1")
        assert signed_in.session.user.must_change
        user = signed_in.session.user
        changed = await office.change_password(user.id, once, PASSWORD)
        assert not changed.session.user.must_change
        assert office.session(signed_in.secret) is None
        assert await code_of(office.sign_in("Budi", once, "10.0.0.1")) == "wrong_credentials"
        again = await office.sign_in("Budi", PASSWORD, "10.0.0.1")
        assert again.session.identity.id == f"u{user.id}"


@pytest.mark.parametrize("name", ["budi", "BUDI", " Budi ", "Ｂｕｄｉ"])
async def test_names_are_compared_as_people_read_them(path: Path, name: str) -> None:
    async with Office(path) as office:
        await settled(office, "Budi")
        assert (await office.sign_in(name, PASSWORD, "-")).session.user.name == "Budi"
        with pytest.raises(ValueError, match="already"):
            await office.add_user(name, "operator")


@pytest.mark.parametrize("name", ["", " ", "a\0b", "<b>", "-x", "a" * 65, "a\nb\x1b"])
async def test_a_name_is_checked(path: Path, name: str) -> None:
    async with Office(path) as office:
        for add in (office.add_user, office.add_token):
            with pytest.raises(ValueError, match="name"):
                await add(name, "operator")
        assert await office.users() == []
        assert await office.tokens() == []


@pytest.mark.parametrize("role", ["", "root", "Admin"])
async def test_a_role_is_checked(path: Path, role: str) -> None:
    async with Office(path) as office:
        for add in (office.add_user, office.add_token):
            with pytest.raises(ValueError, match="expected one of admin"):
                await add("x", role)


async def test_unknown_names_and_wrong_passwords_look_alike(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are hashed once, and both are told the same."""
    hashed: list[str] = []
    monkeypatch.setattr(
        "queue_server.web.passwords._verify", lambda stored, password: hashed.append(stored)
    )
    async with Office(path) as office:
        await settled_without_checks(office)
        assert await code_of(office.sign_in("Budi", "wrong", "-")) == "wrong_credentials"
        assert await code_of(office.sign_in("Nobody", "wrong", "-")) == "wrong_credentials"
    assert len(hashed) == 2
    assert all(stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for stored in hashed)


async def settled_without_checks(office: Office) -> None:
    await office.add_user("Budi", "operator")


async def test_failed_sign_ins_are_throttled_per_name(path: Path) -> None:
    """From however many addresses; and a success costs nothing."""
    async with Office(path) as office:
        await settled(office, "Budi")
        await settled(office, "Sari")
        for _ in range(12):
            await office.sign_in("Budi", PASSWORD, "10.0.0.1")
        tries = [await code_of(office.sign_in("budi", "x", f"10.0.1.{i}")) for i in range(9)]
        assert tries == ["wrong_credentials"] * 8 + ["too_many_attempts"]
        with pytest.raises(Problem) as caught:
            await office.sign_in("Budi", PASSWORD, "10.0.0.9")
        assert int(caught.value.headers["Retry-After"]) > 0
        await office.sign_in("Sari", PASSWORD, "10.0.0.9")


async def test_failed_sign_ins_are_throttled_per_address(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_server.web.passwords._verify", lambda *_: False)
    async with Office(path) as office:
        tries = [await code_of(office.sign_in(f"n{i}", "x", "10.0.0.1")) for i in range(31)]
        assert tries == ["wrong_credentials"] * 30 + ["too_many_attempts"]
        assert await code_of(office.sign_in("n1", "x", "10.0.0.2")) == "wrong_credentials"


async def test_sessions_survive_a_restart_and_end_in_time(path: Path) -> None:
    clock = Hands()
    async with Office(path, hours=2, clock=clock.now) as office:
        await settled(office, "Budi")
        secret = (await office.sign_in("Budi", PASSWORD, "-")).secret
        clock.at += HOUR
        assert office.session(secret)
    async with Office(path, hours=2, clock=clock.now) as office:
        session = office.session(secret)
        assert session is not None
        assert session.seen == clock.at
        clock.at += HOUR - 1
        assert office.session(secret)
        clock.at += 1
        assert office.session(secret) is None
    async with Office(path, hours=2, clock=clock.now) as office:
        assert office.sessions() == []


async def test_a_device_stays_signed_in(path: Path) -> None:
    """Nobody stands at a kiosk to type its password every morning."""
    async with Office(path) as office:
        await settled(office, "Kios 1", "kiosk")
        assert (await office.sign_in("Kios 1", PASSWORD, "-")).seconds == DEVICE_HOURS * 3600


@pytest.mark.parametrize("how", ["sign_out", "revoke", "reset", "remove"])
async def test_sessions_can_be_ended(path: Path, how: str) -> None:
    """One or all of them, for good: also after a restart."""
    async with Office(path) as office:
        id = await settled(office, "Budi")
        other = await settled(office, "Sari")
        mine = (await office.sign_in("Budi", PASSWORD, "-")).secret
        hers = (await office.sign_in("Sari", PASSWORD, "-")).secret
        ends: dict[str, Callable[[], Awaitable[Any]]] = {
            "sign_out": lambda: office.sign_out(mine),
            "revoke": lambda: office.revoke_sessions(id),
            "reset": lambda: office.reset_password(id),
            "remove": lambda: office.remove_user(id),
        }
        await ends[how]()
        assert office.session(mine) is None
        assert office.session(hers)
    async with Office(path) as office:
        assert office.session(mine) is None
        kept = office.session(hers)
        assert kept is not None
        assert kept.user.id == other


async def test_a_role_changes_at_once(path: Path) -> None:
    async with Office(path) as office:
        id = await settled(office, "Budi")
        secret = (await office.sign_in("Budi", PASSWORD, "-")).secret
        await office.set_role(id, "supervisor")
        session = office.session(secret)
        assert session is not None
        assert session.identity.role == "supervisor"


async def test_tokens_come_and_go(path: Path) -> None:
    async with Office(path) as office:
        secret = await office.add_token("Panel LED", "display")
        identity = office.bearer(secret)
        assert identity is not None
        assert (identity.id, identity.role) == ("t1", "display")
        assert office.bearer(secret + "x") is None
        assert office.bearer("") is None
    async with Office(path) as office:
        assert office.bearer(secret) == identity
        await office.remove_token(1)
        await office.remove_token(1)
        assert office.bearer(secret) is None
        await office.add_token("Panel LED", "display")
        assert [token.id for token in await office.tokens()] == [2], "ids are never used again"


async def test_no_secret_is_on_the_disk(path: Path) -> None:
    async with Office(path) as office:
        once = await office.add_user("Budi", "operator")
        await office.change_password(1, once, PASSWORD)
        secrets = [once, PASSWORD, await office.add_token("x", "kiosk")]
        secrets.append((await office.sign_in("Budi", PASSWORD, "-")).secret)
    files = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"Budi" in files
    assert not [secret for secret in secrets if secret.encode() in files]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("kuda", "password_short"),
        ("k" * 201, "password_long"),
        ("password123", "password_common"),
        ("Budi Santoso", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("1234567890", "password_common"),
    ],
)
async def test_weak_passwords_are_refused(path: Path, new: str, code: str) -> None:
    """And the old one stays in force."""
    async with Office(path) as office:
        once = await office.add_user("Budi Santoso", "operator")
        assert await code_of(office.change_password(1, once, new)) == code
        assert await code_of(office.change_password(1, once, once)) == "password_same"
        await office.sign_in("Budi Santoso", once, "-")


async def test_the_old_password_is_asked_for(path: Path) -> None:
    async with Office(path) as office:
        await office.add_user("Budi", "operator")
        tries = [await code_of(office.change_password(1, "x", PASSWORD)) for _ in range(9)]
        assert tries == ["wrong_credentials"] * 8 + ["too_many_attempts"]


async def test_at_once_only_one_gets_the_name(path: Path) -> None:
    async with Office(path) as office:
        added = await asyncio.gather(
            *(office.add_user("Budi", "operator") for _ in range(3)), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in added) == ["ValueError", "ValueError", "str"]


async def test_a_reset_beats_a_sign_in_under_way(path: Path) -> None:
    """The password that is being checked meanwhile ceases to hold: no session."""
    async with Office(path) as office:
        id = await settled(office, "Budi")
        signing = asyncio.create_task(office.sign_in("Budi", PASSWORD, "-"))
        while not office._passwords._slots.locked() and not signing.done():
            await asyncio.sleep(0)
            if office._passwords._slots._value < 2:
                break
        await office.reset_password(id)
        outcome = await asyncio.gather(signing, return_exceptions=True)
        session = None
        if not isinstance(outcome[0], BaseException):
            session = office.session(outcome[0].secret)
        assert session is None


async def test_a_cancelled_change_is_whole(path: Path) -> None:
    """File and memory agree, whatever became of the caller."""
    async with Office(path) as office:
        once = await office.add_user("Budi", "operator")
        change = asyncio.create_task(office.change_password(1, once, PASSWORD))
        await asyncio.sleep(0)
        change.cancel()
        with pytest.raises(asyncio.CancelledError):
            await change
        async with office._changing:
            pass
        await office.sign_in("Budi", PASSWORD, "-")
    async with Office(path) as office:
        await office.sign_in("Budi", PASSWORD, "-")


async def test_what_cannot_be_written_did_not_happen(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Office(path) as office:

        async def full(*_: object) -> int:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(store.Store, "_carry_out", full)
            assert await code_of(office.add_user("Budi", "operator")) == "storage_unavailable"
            assert await code_of(office.add_token("x", "kiosk")) == "storage_unavailable"
        assert await office.users() == []
        assert await office.tokens() == []


async def test_the_file_is_as_it_should_be(path: Path) -> None:
    """WAL, private to its user, at the last step; another start changes nothing."""
    async with Office(path) as office:
        rows = await office._store.read("PRAGMA journal_mode")
        assert rows[0][0] == "wal"
        assert (await office._store.read("PRAGMA synchronous"))[0][0] == 2
    async with Office(path):
        pass
    assert os.stat(path).st_mode & 0o077 == 0
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)


async def test_a_newer_file_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match="newer release"):
        async with Office(path):
            pass


async def test_a_step_that_fails_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and number roll back together."""
    steps = (*STEPS, ("CREATE TABLE half (x) STRICT", "CREATE TABLE whole (x INTEGER) STRICT"))
    monkeypatch.setattr("queue_server.web.schema.STEPS", steps)
    with pytest.raises(sqlite3.OperationalError):
        async with Office(path):
            pass
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall()


async def test_a_device_signs_in_without_a_password(path: Path) -> None:
    """It is known at once, for as long as nobody takes it away; nobody can sign in as it."""
    async with Office(path) as office:
        device = await office.enrol("layar ABC234", "display")
        signed_in = await office.open_for(device.id)
        assert signed_in.seconds == DEVICE_HOURS * 3600
        assert not signed_in.session.user.must_change
        assert await code_of(office.sign_in("layar ABC234", "", "10.0.0.1")) == "wrong_credentials"
        with pytest.raises(ValueError, match="already"):
            await office.enrol("Layar abc234", "display")
        await office.remove_user(device.id)
        assert office.session(signed_in.secret) is None
        with pytest.raises(KeyError):
            await office.open_for(device.id)


async def test_a_devices_session_does_not_end_while_it_is_used(path: Path) -> None:
    """Once half of it is over it lasts as long again, also after a restart."""
    clock = Hands()
    async with Office(path, clock=clock.now) as office:
        device = await office.enrol("layar", "display")
        secret = (await office.open_for(device.id)).secret
        assert await office.prolong(secret) == 0
        clock.at += DEVICE_HOURS * HOUR // 2
        assert await office.prolong(secret) == DEVICE_HOURS * 3600
        assert await office.prolong("no such secret") == 0
        clock.at += DEVICE_HOURS * HOUR - 1
    async with Office(path, clock=clock.now) as office:
        assert office.session(secret) is not None


REVENUE = Bounds(frozenset({"revenue"}), frozenset({"a", "b"}))


async def test_bounds_are_kept_and_change_at_once(path: Path) -> None:
    """In what is signed in too; of roles that are the whole hall's there are none."""
    async with Office(path) as office:
        once = await office.add_user("Budi", "operator", REVENUE)
        secret = (await office.change_password(1, once, PASSWORD)).secret
        before = await office.set_work(1, "supervisor", EVERYWHERE)
        assert (before.role, before.bounds) == ("operator", REVENUE)
        session = office.session(secret)
        assert session is not None
        assert (session.identity.role, session.identity.bounds) == ("supervisor", EVERYWHERE)
        await office.set_work(1, "supervisor", REVENUE)
        with pytest.raises(ValueError, match="bound to no agency"):
            await office.set_work(1, "admin", REVENUE)
        with pytest.raises(ValueError, match="id of an agency"):
            await office.set_work(1, "operator", Bounds(frozenset({"Not a slug"})))
    async with Office(path) as office:
        (user,) = await office.users()
        assert (user.role, user.bounds) == ("supervisor", REVENUE)
        assert office.bounds() == {EVERYWHERE, REVENUE}


async def test_somebody_can_always_get_in(path: Path) -> None:
    """The last administrator with a password is neither removed nor given another role, also when
    two remove one another in the same moment; one of a provider's does not count."""
    async with Office(path) as office:
        one, two = await settled(office, "Ani", "admin"), await settled(office, "Budi", "admin")
        await office.enrol("Citra", "admin", source="oidc")
        outcomes = await asyncio.gather(
            office.remove_user(one), office.remove_user(two), return_exceptions=True
        )
        assert sorted(getattr(one, "code", "") for one in outcomes) == ["", "last_admin"]
        left = next(user.id for user in await office.users() if user.source == "here")
        assert await code_of(office.set_role(left, "operator")) == "last_admin"
        assert await code_of(office.remove_user(left)) == "last_admin"
        await office.reset_password(left)
        await office.remove_user(3)


async def test_tokens_are_narrowed_and_end(path: Path) -> None:
    """Scopes, bounds and an end; it says whether it has ended or never was."""
    hands = Hands()
    terms = Terms(REVENUE, frozenset({"read"}), hands.at + HOUR)
    async with Office(path, clock=hands.now) as office:
        secret = await office.add_token("Dasbor", "supervisor", terms)
        identity = office.bearer(secret)
        assert identity is not None
        assert (identity.bounds, identity.scopes) == (REVENUE, {"read"})
        assert not office.expired(secret)
    async with Office(path, clock=hands.now) as office:
        (token,) = await office.tokens()
        assert (token.terms, token.used) == (terms, hands.at)
        hands.at += HOUR
        assert office.bearer(secret) is None
        assert (office.expired(secret), office.expired(secret + "x")) == (True, False)
        with pytest.raises(ValueError, match="bound to no agency"):
            await office.add_token("x", "admin", terms)


async def test_a_session_is_listed_and_ended_by_its_handle(path: Path) -> None:
    """With the kind of its device, never its secret; only by its own user where one is named."""
    told = []
    async with Office(path) as office:
        office.listeners.append(lambda: told.append(1))
        id = await settled(office, "Budi")
        signed_in = await office.sign_in("Budi", PASSWORD, "-", "Chrome, Windows")
        kept = [session for session in office.sessions() if session.device]
        assert [session.device for session in kept] == ["Chrome, Windows"]
        handle = kept[0].handle
        assert handle not in signed_in.secret
        told.clear()
        assert await office.end_session(handle, id + 1) is None
        assert office.session(signed_in.secret)
        assert await office.end_session(handle, id)
        assert office.session(signed_in.secret) is None
        assert told, "whoever listens by it is asked again"


async def test_a_file_of_the_first_release_is_brought_up_to_date(path: Path) -> None:
    """Who is in it stays, bound to nothing."""
    with closing(sqlite3.connect(path)) as db:
        for statement in STEPS[0]:
            db.execute(statement)
        db.execute("INSERT INTO users VALUES (1, 'Ani', 'ani', 'supervisor', 'x', 0, 5)")
        db.execute("INSERT INTO tokens VALUES (1, x'00', 'Panel', 'display', 5)")
        db.execute("INSERT INTO sessions VALUES (x'01', 1, 5, 5, 9999999999999)")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    async with Office(path) as office:
        (user,), (token,), (session,) = (
            await office.users(),
            await office.tokens(),
            office.sessions(),
        )
        assert (user.bounds, user.source, token.terms) == (EVERYWHERE, "here", Terms())
        assert session.user == user


async def test_a_flood_of_guesses_is_sent_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than so many wait for the two slots; whoever comes then is told when to come."""
    monkeypatch.setattr(passwords, "QUEUE", 6)
    async with Office(path) as office:
        await settled(office, "Budi")
        flood = [office.sign_in(f"n{one}", "x", f"10.0.{one}.1") for one in range(26)]
        codes = [one.code for one in await asyncio.gather(*flood, return_exceptions=True)]
        assert codes.count("too_many_attempts") == 20
        assert await office.sign_in("Budi", PASSWORD, "10.1.1.1")


async def test_a_link_is_one_users(path: Path) -> None:
    """A subject opens one user; another subject of the same provider takes its place."""
    async with Office(path) as office:
        one = [await office.enrol(name, "operator") for name in ("Ani", "Budi")]
        await office.link(one[0].id, "https://idp", "s1")
        assert await code_of(office.link(one[1].id, "https://idp", "s1")) == "subject_taken"
        await office.link(one[0].id, "https://idp", "s2")
        assert office.linked("https://idp", "s1") is None
    async with Office(path) as office:
        found = office.linked("https://idp", "s2")
        assert found is not None
        assert office.links_of(found.id) == ["https://idp"]
        await office.unlink(found.id, "https://idp")
        assert office.linked("https://idp", "s2") is None


async def test_a_slip_that_lay_about_opens_nothing(path: Path) -> None:
    """A one-time password is good for some days; another one is made as easily."""
    hands = Hands()
    async with Office(path, clock=hands.now) as office:
        once = await office.add_user("Budi", "operator")
        hands.at += 7 * 24 * HOUR - 1
        assert await office.sign_in("Budi", once, "-")
        hands.at += 1
        assert await code_of(office.sign_in("Budi", once, "-")) == "password_over"
        assert await code_of(office.sign_in("Budi", "x", "-")) == "wrong_credentials"
        office.one_time_days = 0
        assert await office.sign_in("Budi", once, "-")
        office.one_time_days = 7
        once = await office.reset_password(1)
    async with Office(path, clock=hands.now) as office:
        assert (await office.users())[0].issued == hands.at
        await office.change_password(1, once, PASSWORD)
        hands.at += 30 * 24 * HOUR
        assert await office.sign_in("Budi", PASSWORD, "-"), "one's own has no end"
