"""One request's or socket's visitor: language and identity, found when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, QueryParams
from starlette.requests import HTTPConnection, cookie_parser
from starlette.types import Scope as AsgiScope

from .agents import device_of
from .identity import Identity, Role, Scope, may, within
from .office import Office
from .people import Session
from .problems import Problem

KEY = "antrean.visit"
"""Where the scope carries it."""
COOKIE = "session"
LANGUAGE_COOKIE = "lang"


class Visit:
    """Made by `Security` for every request; read through the functions below."""

    def __init__(self, scope: AsgiScope, office: Office, languages: Sequence[str]) -> None:
        self._headers = Headers(scope=scope)
        self._query = QueryParams(scope.get("query_string", b""))
        self._office = office
        self._languages = languages
        self._cookies: dict[str, str] | None = None
        self._session: Session | None = None
        self._identity: Identity | None = None
        self._known = False

    @property
    def bearer(self) -> str | None:
        """The API token that was sent; with one, cookies count for nothing."""
        scheme, _, secret = self._headers.get("authorization", "").partition(" ")
        return secret.strip() if scheme.lower() == "bearer" else None

    @property
    def cookie(self) -> str:
        """The session cookie's secret, or ""."""
        return self._cookie(COOKIE)

    @property
    def asked_language(self) -> str | None:
        """The language that the address asks for, if it is one of ours."""
        asked = self._query.get("lang")
        return asked if asked in self._languages else None

    @property
    def language(self) -> str:
        """`?lang=`, then the cookie, then Accept-Language, then the hall's first language."""
        kept = self._cookie(LANGUAGE_COOKIE)
        if self.asked_language:
            return self.asked_language
        return kept if kept in self._languages else self._accepted() or self._languages[0]

    @property
    def identity(self) -> Identity | None:
        """Who is asking; nobody while a one-time password still has to be changed."""
        self._recognise()
        return self._identity

    @property
    def expired(self) -> bool:
        """Whether an API token was sent whose time is over."""
        return self.bearer is not None and self._office.expired(self.bearer)

    @property
    def device(self) -> str:
        """The kind of device, for the list of sessions."""
        return device_of(self._headers.get("user-agent", ""))

    def again(self) -> Identity | None:
        """Who this is now, for a socket that stays: asking does not count as being seen."""
        if self.bearer is not None:
            return self._office.bearer(self.bearer)
        session = self._office.session(self.cookie, seen=False) if self.cookie else None
        return session.identity if session and not session.user.must_change else None

    @property
    def session(self) -> Session | None:
        """The page session, also one that still has to change its password."""
        self._recognise()
        return self._session

    def _recognise(self) -> None:
        if self._known:
            return
        if self.bearer is not None:
            self._identity = self._office.bearer(self.bearer)
        elif self.cookie:
            self._session = self._office.session(self.cookie)
            if self._session and not self._session.user.must_change:
                self._identity = self._session.identity
        self._known = True

    def _cookie(self, name: str) -> str:
        if self._cookies is None:
            self._cookies = cookie_parser(self._headers.get("cookie", ""))
        return self._cookies.get(name, "")

    def _accepted(self) -> str | None:
        """The language of ours that Accept-Language likes best."""
        ranked: list[tuple[float, str]] = []
        for part in self._headers.get("accept-language", "")[:200].split(","):
            tag, _, quality = part.strip().partition(";q=")
            language = tag.partition("-")[0].lower()
            # "in" is what old systems call Indonesian.
            language = "id" if language == "in" else language
            if language in self._languages:
                ranked.append((_quality(quality), language))
        best = max(ranked, default=(0.0, ""), key=lambda found: found[0])
        return best[1] if best[0] > 0 else None


def visit_of(connection: HTTPConnection) -> Visit:
    """The visit that `Security` put into the scope."""
    visit = connection.scope[KEY]
    assert isinstance(visit, Visit)
    return visit


def language_of(connection: HTTPConnection) -> str:
    """The language to answer in: one of the hall's, the first without a wish."""
    return visit_of(connection).language


def address_of(connection: HTTPConnection) -> str:
    """Where the request comes from, as the proxies that are trusted say; "-": unknown."""
    return connection.client.host if connection.client else "-"


async def identity_of(connection: HTTPConnection) -> Identity | None:
    """Who is asking, or None. Raises nothing."""
    return visit_of(connection).identity


async def require(
    connection: HTTPConnection, roles: frozenset[Role], scope: Scope = "manage"
) -> Identity:
    """Who is asking, with one of these roles; a token that was narrowed, within `scope`.

    Raises Problem 401 or 403; a browser that asks for a page is sent to sign in instead.
    """
    visit = visit_of(connection)
    identity = visit.identity
    if identity is not None and not may(identity, roles):
        raise Problem(403, "forbidden", role=identity.role)
    if identity is not None and not within(identity, scope):
        raise Problem(403, "not_in_scope", scope=scope)
    if identity is not None:
        return identity
    if visit.expired:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Problem(401, "token_expired", headers=headers)
    session = visit.session
    if session is not None and session.user.must_change:
        raise Problem(403, "password_change_required")
    raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
