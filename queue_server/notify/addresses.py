"""Telephone numbers, e-mail addresses and push subscriptions as people and browsers write them:
one way of writing each, or why not. Pure."""

from __future__ import annotations

import base64
import re
from typing import Annotated, Literal, cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from msgspec import Meta, Struct

Kind = Literal["phone", "email", "push"]
MOBILE = re.compile(r"\+628\d{8,11}")
EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
LONGEST_EMAIL = 254
LONGEST_ENDPOINT = 1024


class Keys(Struct, frozen=True, forbid_unknown_fields=True):
    """A browser's keys, base64url: a point of P-256 and 16 random bytes."""

    p256dh: Annotated[str, Meta(max_length=100)]
    auth: Annotated[str, Meta(max_length=40)]


class Subscription(Struct, frozen=True, forbid_unknown_fields=True):
    """A push subscription, as `PushSubscription.toJSON()` has it."""

    endpoint: Annotated[str, Meta(max_length=LONGEST_ENDPOINT)]
    keys: Keys
    expirationTime: float | None = None  # the browser names it so


def phone(text: str) -> str | None:
    """An Indonesian mobile number as +628…; None when it is none. Accepts 08…, 62…, +62…."""
    digits = re.sub(r"[\s().-]", "", text)
    if not digits.isascii():
        return None
    if digits.startswith("0"):
        digits = "+62" + digits[1:]
    elif digits.startswith("62"):
        digits = "+" + digits
    return digits if MOBILE.fullmatch(digits) else None


def email(text: str) -> str | None:
    """An e-mail address with its domain in lower case; None when it is none."""
    name, at, domain = text.strip().rpartition("@")
    found = f"{name}{at}{domain.lower()}"
    return found if len(found) <= LONGEST_EMAIL and EMAIL.fullmatch(found) else None


class Wrong(ValueError):
    """What was given is no address; `field` is "phone", "email", or "" when nothing was given."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def given(phone_text: str, email_text: str) -> dict[Kind, str]:
    """What a citizen typed, each in its one way of writing. Raises Wrong."""
    found: dict[Kind, str] = {}
    for kind, text, read in (("phone", phone_text, phone), ("email", email_text, email)):
        if text.strip():
            value = read(text)
            if value is None:
                raise Wrong(kind)
            found[cast(Kind, kind)] = value
    if not found:
        raise Wrong("")
    return found


def masked(kind: Kind, value: str) -> str:
    """Enough to recognise one's own: "+62812••••5678", "s••••@contoh.id", "" for push."""
    if kind == "phone":
        return f"{value[:6]}••••{value[-4:]}"
    if kind == "email":
        name, _, domain = value.rpartition("@")
        return f"{name[:1]}••••@{domain}"
    return ""


def may_push(subscription: Subscription, hosts: tuple[str, ...]) -> bool:
    """Whether this server may write to it: https, at a known push service, with real keys.

    The address comes from a stranger and this server will post to it: only `hosts` (names, or
    `*.names`) and the usual port.
    """
    try:
        parts = urlsplit(subscription.endpoint)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    plain = parts.scheme == "https" and not parts.username and port in (None, 443)
    known = any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in hosts)
    return plain and known and subscription.endpoint.isascii() and _real(subscription.keys)


def decoded(text: str) -> bytes:
    """base64url, with or without its padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _real(keys: Keys) -> bool:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(keys.p256dh))
        return len(decoded(keys.auth)) == 16
    except ValueError:
        return False
