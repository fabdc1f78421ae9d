"""Whether an ID token may be believed: OpenID Connect Core 3.1.3.7, RFC 7519, RFC 8725."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    "Ed25519",
)  # fmt: skip
"""Signatures with a provider's private key: never "none", and never a secret shared with us."""
HASHES = {"256": "sha256", "384": "sha384", "512": "sha512"}
LONGEST = 16_384
"""Characters of a token."""


class Untrusted(Exception):
    """A token that is not believed; the message is for the log and names nobody."""


class Expected(Struct, frozen=True):
    """What a token must say. `nonce`: of this very sign-in; `skew`: seconds that clocks differ."""

    issuer: str
    client: str
    nonce: str
    skew: int


def believed(
    token: str, keys: KeySet, expected: Expected, now: float, access_token: str = ""
) -> dict[str, Any]:
    """The claims of an ID token; `now` is epoch seconds. Raises Untrusted."""
    if len(token) > LONGEST:
        raise Untrusted("the token is too long")
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Untrusted(f"signature: {type(error).__name__}") from None
    claims = decoded.claims
    _check_parties(claims, expected)
    _check_times(claims, expected, now)
    if not hmac.compare_digest(_text(claims, "nonce").encode(), expected.nonce.encode()):
        raise Untrusted("nonce: of another sign-in")
    if not 0 < len(_text(claims, "sub")) <= 255:
        raise Untrusted("sub: expected 1 to 255 characters")
    if "at_hash" in claims and access_token:
        wanted = half_hash(access_token, str(decoded.header["alg"]))
        if not hmac.compare_digest(_text(claims, "at_hash").encode(), wanted.encode()):
            raise Untrusted("at_hash: of another access token")
    return claims


def half_hash(value: str, algorithm: str) -> str:
    """The left half of a value's hash by a signature's algorithm, as `at_hash` has it."""
    name = HASHES.get(algorithm[2:], "sha512")
    digest = hashlib.new(name, value.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _check_parties(claims: dict[str, Any], expected: Expected) -> None:
    if _text(claims, "iss") != expected.issuer:
        raise Untrusted("iss: another issuer")
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if expected.client not in named:
        raise Untrusted("aud: for another client")
    if (len(named) > 1 or "azp" in claims) and claims.get("azp") != expected.client:
        raise Untrusted("azp: asked for by another client")


def _check_times(claims: dict[str, Any], expected: Expected, now: float) -> None:
    if now >= _moment(claims, "exp") + expected.skew:
        raise Untrusted("exp: over")
    if _moment(claims, "iat") > now + expected.skew:
        raise Untrusted("iat: of the future")
    if "nbf" in claims and _moment(claims, "nbf") > now + expected.skew:
        raise Untrusted("nbf: not yet")


def _moment(claims: dict[str, Any], name: str) -> float:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Untrusted(f"{name}: expected a time")
    return float(found)


def _text(claims: dict[str, Any], name: str) -> str:
    found = claims.get(name)
    if not isinstance(found, str):
        raise Untrusted(f"{name}: expected text")
    return found
