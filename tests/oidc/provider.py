"""A small identity provider, real as far as it goes: discovery, keys, authorization codes used once
under PKCE, client secrets, signed ID tokens, userinfo. Tests bend what it says."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from queue_server.oidc.trust import half_hash
from tests.web.house import serving

CLIENT, SECRET = "antrean", "s3cret / with + signs"


@dataclass
class Asked:
    """What an authorization request said."""

    nonce: str
    challenge: str
    redirect: str


@dataclass
class Provider:
    """Its account and what it does wrong. `key` signs, `published` is what it shows."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "248289761001"})
    extra: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    published: list[RSAKey] = field(default_factory=list)
    twist: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    algorithm: str = "RS256"
    down: bool = False
    looks: int = 0
    codes: dict[str, Asked] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/jwks", self.jwks),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/userinfo", self.userinfo),
        ]

    async def discovery(self, request: Request) -> Response:
        if self.down:
            return Response("", 502)
        at = self.issuer
        return JSONResponse({
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "jwks_uri": f"{at}/jwks",
            "token_endpoint": f"{at}/token", "userinfo_endpoint": f"{at}/userinfo",
            "response_types_supported": ["code"], **self.says,
        })  # fmt: skip

    async def jwks(self, request: Request) -> Response:
        self.looks += 1
        return JSONResponse(KeySet(self.published or [self.key]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        """Whoever comes is signed in and agrees at once."""
        query = request.query_params
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        back = {"state": query["state"], "iss": self.issuer}
        if self.error:
            back["error"] = self.error
        else:
            code = back["code"] = secrets.token_urlsafe(16)
            asked = Asked(query["nonce"], query["code_challenge"], query["redirect_uri"])
            self.codes[code] = asked
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back)}", 302)

    async def token(self, request: Request) -> Response:
        """A code is good once, for who asked for it, with the verifier of its challenge."""
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        assert kind == "Basic"
        client, _, secret = base64.b64decode(given).decode().partition(":")
        if (unquote_plus(client), unquote_plus(secret)) != (CLIENT, SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked.challenge or form["redirect_uri"] != asked.redirect:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({
            "access_token": "access", "token_type": "Bearer", "id_token": self.signed(asked.nonce),
        })  # fmt: skip

    def signed(self, nonce: str) -> str:
        """An ID token, as bent as the test wants it."""
        now = int(time.time())
        claims = self.twist({
            "iss": self.issuer, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
            "at_hash": half_hash("access", "RS256"), **self.claims,
        })  # fmt: skip
        if self.algorithm == "none":
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            body = jwt.encode({"alg": "RS256"}, claims, self.key).split(".")[1]
            return f"{head}.{body}."
        if self.algorithm == "HS256":
            return confused(claims, self.key, self.key.kid or "")
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    async def userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer access"
        return JSONResponse({"sub": self.claims["sub"], **self.extra})


def confused(claims: dict[str, Any], key: RSAKey | ECKey, kid: str) -> str:
    """A token signed with the public key, taken for a shared secret: by hand, for no library does
    it."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "kid": kid}).encode())
    told = f"{head}.{part(json.dumps(claims).encode())}"
    return f"{told}.{part(hmac.digest(key.as_pem(private=False), told.encode(), 'sha256'))}"


@contextlib.asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    """On a free port of this machine."""
    one = await asyncio.to_thread(Provider)  # its key takes a moment
    async with serving(Starlette(routes=one.routes())) as url:
        one.issuer = url
        yield one
