"""The provider over HTTP: what it says of itself, its keys, codes for tokens."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx2
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from ..config import OidcSection
from .trust import Untrusted

log = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds for each request."""
FRESH = 3600.0
"""Seconds for which what the provider says of itself is believed."""
PAUSE = 30.0
"""Seconds between two looks for a key that nobody knew."""
LARGEST = 256 * 1024
"""Bytes of an answer."""


class Down(Exception):
    """The provider does not answer as it should; the message is for the log."""


class Metadata(Struct, frozen=True):
    """What of the discovery document is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Tokens(Struct, frozen=True):
    """What a code was good for."""

    id_token: str
    access_token: str = ""


class Provider:
    """One provider. Nothing is asked of it before somebody wants to sign in."""

    def __init__(self, section: OidcSection) -> None:
        self.section = section
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._asking = asyncio.Lock()

    async def metadata(self) -> Metadata:
        """Its endpoints. Raises Down."""
        async with self._asking:
            if self._metadata is None or time.monotonic() - self._metadata[0] > FRESH:
                base = self.section.issuer.removesuffix("/")
                raw = await self._ask("GET", f"{base}/.well-known/openid-configuration")
                self._metadata = time.monotonic(), self._sound(raw)
            return self._metadata[1]

    async def keys(self, *, again: bool = False) -> KeySet:
        """Its public keys; `again`: one was not among them, perhaps it is new. Raises Down."""
        uri = (await self.metadata()).jwks_uri
        async with self._asking:
            age = time.monotonic() - self._keys[0] if self._keys else FRESH
            if self._keys is None or age >= FRESH or (again and age > PAUSE):
                raw = await self._ask("GET", uri)
                try:
                    found = KeySet.import_key_set(msgspec.json.decode(raw))
                except (JoseError, msgspec.DecodeError, ValueError, TypeError, KeyError) as error:
                    raise Down(f"its keys: {type(error).__name__}") from None
                self._keys = time.monotonic(), found
            return self._keys[1]

    async def address(self, redirect: str, state: str, nonce: str, challenge: str) -> str:
        """Where the browser is sent. Raises Down."""
        endpoint = (await self.metadata()).authorization_endpoint
        query = urlencode({
            "response_type": "code", "client_id": self.section.client_id, "redirect_uri": redirect,
            "scope": " ".join(self.section.scopes), "state": state, "nonce": nonce,
            "code_challenge": challenge, "code_challenge_method": "S256",
        })  # fmt: skip
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{query}"

    async def exchange(self, code: str, verifier: str, redirect: str) -> Tokens:
        """A code for tokens. Raises Down, Untrusted: the provider refuses the code."""
        metadata, section = await self.metadata(), self.section
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
            "code_verifier": verifier,
        }  # fmt: skip
        basic: tuple[str, str] | None = None
        methods = metadata.token_endpoint_auth_methods_supported
        if section.secret and "client_secret_basic" in methods:
            basic = quote_plus(section.client_id), quote_plus(section.secret)
        else:
            form["client_id"] = section.client_id
            if section.secret:
                form["client_secret"] = section.secret
        raw = await self._ask("POST", metadata.token_endpoint, form, basic)
        try:
            return msgspec.json.decode(raw, type=Tokens)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Down("the token endpoint's answer is not one") from None

    async def userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """More claims of the same subject; none where it offers none. Raises Down, Untrusted."""
        endpoint = (await self.metadata()).userinfo_endpoint
        if not endpoint or not access_token:
            return {}
        raw = await self._ask("GET", endpoint, bearer=access_token)
        try:
            claims = msgspec.json.decode(raw, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return {}  # signed userinfo: the ID token has to do
        if claims.get("sub") != subject:
            raise Untrusted("userinfo: of another subject")
        return claims

    def _sound(self, raw: bytes) -> Metadata:
        """Raises Down."""
        try:
            found = msgspec.json.decode(raw, type=Metadata)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Down(f"its configuration: {error}") from None
        if found.issuer != self.section.issuer:
            raise Down(f"its configuration is that of {found.issuer!r}")
        secure = self.section.issuer.startswith("https:")
        for url in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            if not url.startswith("https://" if secure else ("http://", "https://")):
                raise Down(f"its configuration names {url!r}")
        return found

    async def _ask(
        self, method: str, url: str, form: dict[str, str] | None = None,
        basic: tuple[str, str] | None = None, bearer: str = "",
    ) -> bytes:  # fmt: skip
        headers = {"Accept": "application/json"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as web:
                answer = await web.request(method, url, data=form, auth=basic, headers=headers)
        except httpx2.HTTPError as error:
            raise Down(f"{urlsplit(url).path}: {type(error).__name__}") from None
        if method == "POST" and answer.status_code in (400, 401, 403):
            raise Untrusted(f"the token endpoint refuses: {answer.text[:200]!r}")
        if answer.status_code != 200 or len(answer.content) > LARGEST:
            raise Down(f"{urlsplit(url).path}: {answer.status_code}")
        return answer.content
