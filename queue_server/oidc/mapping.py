"""What a provider's claims make of somebody here: a role, bounds, a name. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from ..config import OidcSection
from ..core.commands import EVERYWHERE, Bounds
from ..web.identity import Role
from ..web.people import NAME, UNBOUND

STRONGEST: tuple[Role, ...] = ("admin", "supervisor", "operator", "integration")
"""Of several groups' roles the first of these."""


class Mapped(Struct, frozen=True):
    """A role, and the bounds where the configuration maps any (`bound`)."""

    role: Role
    bounds: Bounds
    bound: bool


def mapped(claims: Mapping[str, Any], section: OidcSection) -> Mapped | None:
    """What somebody's groups give; None: no role. Where agencies or zones are mapped, whoever is
    no administrator gets those of the groups; without any, no role: bounds are never wider than
    what was said."""
    named = groups(claims, section.role_claim)
    given = {section.roles[one] for one in named if one in section.roles}
    role = next((one for one in STRONGEST if one in given), None)
    bound = bool(section.agencies or section.zones)
    if role is None or not bound or role in UNBOUND:
        return Mapped(role, EVERYWHERE, bound) if role else None
    bounds = Bounds(
        frozenset(section.agencies[one] for one in named if one in section.agencies),
        frozenset(section.zones[one] for one in named if one in section.zones),
    )
    missing = (section.agencies and not bounds.agencies) or (section.zones and not bounds.zones)
    return None if missing else Mapped(role, bounds, bound)


def groups(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The groups that a claim names: text, or a list of it; dots go into objects."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return [found]
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def email_of(claims: Mapping[str, Any]) -> str:
    """The address, in lower case, if the provider has verified it; else ""."""
    address, verified = claims.get("email"), claims.get("email_verified")
    return address.lower() if isinstance(address, str) and verified is True else ""


def may_enter(claims: Mapping[str, Any], section: OidcSection) -> bool:
    """Whether the e-mail domain is one of those that may sign in."""
    domain = email_of(claims).rpartition("@")[2]
    return not section.domains or domain in {one.lower() for one in section.domains}


def names(claims: Mapping[str, Any]) -> Iterable[str]:
    """Names to call somebody by, the best first; the last one is always free and valid."""
    wanted = (claims.get(one) for one in ("name", "preferred_username", "email"))
    for found in wanted:
        if isinstance(found, str):
            plain = " ".join(unicodedata.normalize("NFC", found).split())
            if NAME.fullmatch(plain):
                yield plain
    subject = f"{claims['iss']} {claims['sub']}".encode()
    yield f"sso {hashlib.sha256(subject).hexdigest()[:12]}"
