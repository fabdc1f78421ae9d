"""Problems as responses: problem+json for programs, a page for people, a redirect to sign in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .forms import host_of, same_site
from .problems import Problem, problem_of
from .visit import language_of

if TYPE_CHECKING:
    from .templates import Templates

log = logging.getLogger(__name__)

JSON = "application/problem+json"


class Answers:
    """Turns exceptions into responses; each unforeseen one leaves its trace in the log."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def of(self, request: Request, error: Exception) -> Response:
        """The answer to a request that raised `error`."""
        problem = problem_of(error)
        if problem.status == 500:
            log.error("%s %s failed", request.method, route_of(request), exc_info=error)
        if not prefers_page(request):
            return problem_json(request, problem)
        if problem.code == "unauthenticated":
            return _to("/sign-in", request)
        if problem.code == "password_change_required":
            return _to("/password", request)
        try:
            said = problem.body(language_of(request))
            page = self._templates.page(request, "problem.html", problem.status, problem=said)
        except Exception:
            log.exception("the problem's page failed")
            return problem_json(request, problem)
        page.headers.update(problem.headers)
        return page

    async def handle(self, request: Request, error: Exception) -> Response:
        """The same as Starlette's exception handler."""
        return self.of(request, error)


def problem_json(request: Request, problem: Problem) -> Response:
    """A problem as programs read it."""
    language = language_of(request)
    content = msgspec.json.encode(problem.body(language))
    headers = {"Content-Language": language, **problem.headers}
    return Response(content, problem.status, headers, media_type=JSON)


def prefers_page(request: Request) -> bool:
    """Whether a person reads the answer. The API always speaks JSON."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "")


def route_of(request: Request) -> str:
    """The route's pattern for logs: a path may hold a ticket's secret."""
    route = request.scope.get("route")
    return str(getattr(route, "path", "an unknown path"))


def _to(page: str, request: Request) -> Response:
    """On to a page, and back to this one afterwards; for a form, to the page it stood on."""
    here = request.url.path
    if request.url.query:
        here += f"?{request.url.query}"
    if request.method not in ("GET", "HEAD"):
        before = request.headers.get("referer", "")
        ours = host_of(before) == request.headers.get("host", "").lower()
        here = urlsplit(before).path if ours else "/"
    return RedirectResponse(f"{page}?next={quote(same_site(here) or '/')}", 303)
