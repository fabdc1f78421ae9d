"""Which ID tokens are believed, one fault at a time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from queue_server.config import ConfigError, OidcSection, load
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.oidc.mapping import email_of, groups, mapped, may_enter, names
from queue_server.oidc.trust import Expected, Untrusted, believed, half_hash
from queue_server.oidc.way import Seals
from queue_server.web.people import NAME
from tests.hall import ROOT

from .provider import confused

NOW = 1_800_000_000
KEY = ECKey.generate_key("P-256", auto_kid=True)
KEYS = KeySet([KEY])
EXPECTED = Expected("https://idp", "antrean", "n-0S6", 60)
SOUND: dict[str, Any] = {
    "iss": "https://idp", "aud": "antrean", "sub": "1", "nonce": "n-0S6", "exp": NOW + 300,
    "iat": NOW,
}  # fmt: skip


def signed(claims: dict[str, Any], key: Any = KEY, algorithm: str = "ES256") -> str:
    return jwt.encode({"alg": algorithm, "kid": KEY.kid}, claims, key, algorithms=[algorithm])


def judged(claims: dict[str, Any]) -> str:
    """ "" or why not."""
    try:
        believed(signed(claims), KEYS, EXPECTED, NOW, "access")
    except Untrusted as reason:
        return str(reason)
    return ""


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": ["antrean"]},
        {"aud": ["other", "antrean"], "azp": "antrean"},
        {"exp": NOW - 59},
        {"iat": NOW + 60},
        {"nbf": NOW + 60},
        {"at_hash": half_hash("access", "ES256")},
    ],
)
def test_a_sound_token_is_believed(claims: dict[str, Any]) -> None:
    """Also when the clocks differ by as much as is allowed."""
    assert judged(SOUND | claims) == ""


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://idp/"}, "iss"),
        ({"iss": 7}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["other", "antrean"]}, "azp"),
        ({"azp": "other"}, "azp"),
        ({"exp": NOW - 60}, "exp"),
        ({"exp": "never"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": NOW + 61}, "iat"),
        ({"nbf": NOW + 61}, "nbf"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": ""}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"at_hash": half_hash("other", "ES256")}, "at_hash"),
    ],
)
def test_any_other_is_not(claims: dict[str, Any], why: str) -> None:
    assert judged(SOUND | claims).partition(":")[0] == why


@pytest.mark.parametrize("name", ["iss", "aud", "exp", "iat", "nonce", "sub"])
def test_nothing_may_be_missing(name: str) -> None:
    assert judged({key: value for key, value in SOUND.items() if key != name})


def test_the_signature_is_the_providers() -> None:
    """Not another key's, not none, not a secret made of the public key, not of an unknown key."""
    other = ECKey.generate_key("P-256", {"kid": KEY.kid})
    head, body, _ = signed(SOUND).split(".")
    none = "eyJhbGciOiJub25lIn0"
    unknown = jwt.encode({"alg": "ES256", "kid": "other"}, SOUND, KEY)
    for token in (
        signed(SOUND, other), f"{none}.{body}.", f"{none}.{body}.AAAA", f"{head}.{body}.",
        confused(SOUND, KEY, KEY.kid or ""), unknown, f"{head}.{body}", "", "x" * 20_000, "a.b.c",
    ):  # fmt: skip
        with pytest.raises(Untrusted):
            believed(token, KEYS, EXPECTED, NOW)
    rsa = RSAKey.generate_key(2048, {"kid": "r"})
    token = jwt.encode({"alg": "RS256", "kid": "r"}, SOUND, rsa)
    assert believed(token, KeySet([KEY, rsa]), EXPECTED, NOW)["sub"] == "1"


@given(st.text(max_size=300))
def test_no_text_is_believed_or_breaks_anything(token: str) -> None:
    with pytest.raises(Untrusted):
        believed(token, KEYS, EXPECTED, NOW)


GROUPS = OidcSection(
    roles={"bos": "supervisor", "loket": "operator", "it": "admin"},
    agencies={"g-dukcapil": "disdukcapil"}, zones={"g-a": "a"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("named", "role", "bounds"),
    [
        ([], None, EVERYWHERE),
        (["staf"], None, EVERYWHERE),
        (["loket", "bos", "g-dukcapil", "g-a"], "supervisor",
         Bounds(frozenset({"disdukcapil"}), frozenset({"a"}))),
        (["bos"], None, EVERYWHERE),
        (["bos", "g-a"], None, EVERYWHERE),
        (["it"], "admin", EVERYWHERE),
    ],
)  # fmt: skip
def test_groups_give_a_role_and_never_wider_bounds(
    named: list[str], role: str | None, bounds: Bounds
) -> None:
    """Where agencies are mapped, whoever is in none of them gets no role rather than the hall."""
    found = mapped({"groups": named}, GROUPS)
    assert (found.role if found else None) == role
    assert not found or found.bounds == bounds


def test_claims_are_read_wherever_they_stand() -> None:
    claims = {"realm_access": {"roles": ["bos", 7]}, "groups": "loket", "a.b": ["flat"]}
    assert groups(claims, "realm_access.roles") == ["bos"]
    assert groups(claims, "groups") == ["loket"]
    assert groups(claims, "a.b") == ["flat"]
    assert groups(claims, "groups.deep") == groups(claims, "none") == []


def test_only_a_verified_address_counts() -> None:
    section = OidcSection(domains=("Lampung.example",))
    address = {"email": "Sari@lampung.EXAMPLE"}
    assert email_of(address) == email_of(address | {"email_verified": "true"}) == ""
    assert email_of(address | {"email_verified": True}) == "sari@lampung.example"
    assert may_enter(address | {"email_verified": True}, section)
    assert not may_enter(address, section)
    other = {"email": "x@evil.example", "email_verified": True}
    assert not may_enter(other, section)
    assert not may_enter({"email": "x@sub.lampung.example", "email_verified": True}, section)
    assert may_enter({}, OidcSection())


@given(st.dictionaries(st.sampled_from(["name", "preferred_username", "email"]), st.text()))
def test_there_is_always_a_name(claims: dict[str, str]) -> None:
    found = list(names({**claims, "iss": "i", "sub": "s"}))
    assert all(NAME.fullmatch(name) for name in found)
    assert found[-1].startswith("sso ")


def test_a_way_is_opened_by_its_own_browser_and_state() -> None:
    seals = Seals()
    way, other = seals.begin("/counters", 7), seals.begin("")
    assert seals.open(seals.seal(way), way.state) == way
    assert seals.open(seals.seal(way), other.state) is None
    assert seals.open(Seals().seal(way), way.state) is None
    assert seals.open("", way.state) is seals.open("ü", "") is None
    assert len({way.state, way.nonce, way.verifier, other.state}) == 4


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ISSUER", "http://idp.example"), ("ISSUER", "ftp://x"), ("CLIENT_ID", ""),
        ("LINK_BY_EMAIL", "true"), ("SCOPES", '["email"]'), ("SECRET_FILE", "none.txt"),
        ("SKEW_SECONDS", "301"),
    ],
)  # fmt: skip
def test_a_configuration_that_will_not_do_says_which_key(key: str, value: str) -> None:
    sound = {"ANTREAN_OIDC__ISSUER": "https://idp.example", "ANTREAN_OIDC__CLIENT_ID": "antrean"}
    assert load(ROOT / "config.toml", sound).oidc.name == "SSO"
    with pytest.raises(ConfigError, match="oidc"):
        load(ROOT / "config.toml", sound | {f"ANTREAN_OIDC__{key}": value})
