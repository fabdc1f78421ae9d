"""Every route of the running application, whoever adds it: who may, from which site, with which
headers. A page without a rule here fails: its author says who it is for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.routing import Route

from queue_server import app
from queue_server.core.commands import Bounds
from queue_server.web.identity import IN_THE_HALL, ROLES, STAFF, STEWARDS, Role
from queue_server.web.people import Terms
from queue_server.web.security import SAFE
from tests.hall import Running, running

ADMINS: frozenset[Role] = frozenset({"admin"})
RULES: dict[str, frozenset[Role] | None] = {
    "/": None,
    "/static": None,
    "/audio": None,
    "/favicon.ico": None,
    "/robots.txt": None,
    "/sitemap.xml": None,
    "/healthz": None,
    "/readyz": None,
    "/metrics": None,
    "/sign-in": None,
    "/sign-out": None,
    "/services": None,
    "/agencies": None,
    "/maklumat": None,
    "/kiosk": None,
    "/t": None,
    "/tracking": None,
    "/survey": None,
    "/booking": None,
    "/displays": None,
    "/displays/presence": IN_THE_HALL,
    "/counters": STAFF,
    "/supervisor": STEWARDS,
    "/dashboard": STEWARDS,
    "/reports": STEWARDS,
    "/reports/mine": STAFF,
    "/admin": STEWARDS,
    "/admin/tracking": STAFF,
    "/admin/tracking/{code}/corrections": STEWARDS,
    "/admin/devices": STAFF,
    "/admin/kiosks": STEWARDS,
    "/admin/kiosks/openings": ADMINS,
    "/admin/displays/boards": ADMINS,
    "/admin/displays/playlists": ADMINS,
    "/admin/panels": STEWARDS,
    "/admin/panels/settings": ADMINS,
    "/admin/panels/removals": ADMINS,
    "/admin/printers/settings": ADMINS,
    "/admin/printers/removals": ADMINS,
    "/admin/printers": STAFF,
    "/admin/webhooks": ADMINS,
    "/admin/people": ADMINS,
    "/admin/tokens": ADMINS,
    "/admin/hours/changes": ADMINS,
    "/admin/changes": ADMINS,
    "/admin/rules": ADMINS,
    "/admin/reports": ADMINS,
    "/admin/backup": ADMINS,
    "/admin/retention": ADMINS,
    "/setup": ADMINS,
    "/setup/codes": None,
    "/admin/catalogue": ADMINS,
}
"""Path -> who may open it and what lies below it; None: everybody. The longest one counts."""
OTHERWISE = ("/api/v1/", "/local/", "/password", "/account")
"""The API has a table of its own, held by its own tests; the chores ask for the folder's secret,
password and account for a session, whoever's it is."""


def rule(path: str) -> frozenset[Role] | None:
    """Raises KeyError: nobody has said who it is for."""
    above = path
    while above not in RULES:
        above = above.rpartition("/")[0]
        if not above:
            raise KeyError(path)
    return RULES[above]


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


def every(hall: Running) -> list[tuple[str, str]]:
    """(method, path) of all routes."""
    served = app.application(hall.house, hall.folder).routes
    return [
        (method, route.path)
        for route in served
        if isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


async def ask(
    client: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> httpx2.Response:
    """A request with something in the places of the path's parameters."""
    address = re.sub(r"{[^}]+}", "1", path)
    return await client.request(
        method, address, headers=headers, data={} if method == "POST" else None
    )


async def test_every_page_is_for_whom_it_is_meant(hall: Running) -> None:
    """Nobody and each role at every page: sent to sign in, refused, or let in; never a fault."""
    clients = {role: await hall.client(role, role) for role in ROLES}
    nobody = await hall.client()
    wrong = []
    for method, path in every(hall):
        if path.startswith(OTHERWISE):
            continue
        roles = rule(path)
        answers = {None: await ask(nobody, method, path, {"Accept": "text/html"})}
        for role, client in clients.items():
            answers[role] = await ask(client, method, path, {"Accept": "text/html"})
        for role, answer in answers.items():
            if answer.status_code >= 500:
                wrong.append(f"{method} {path} {role}: {answer.status_code}")
            if roles is None:
                continue
            signs_in = answer.headers.get("location", "").startswith("/sign-in")
            shut = signs_in if role is None else answer.status_code == 403
            if shut == (role in roles):
                wrong.append(f"{method} {path} {role}: {answer.status_code}")
    assert not wrong


async def test_no_other_site_acts_through_any_form(hall: Running) -> None:
    """An administrator's browser that another site makes send a form is refused, everywhere."""
    password = await hall.house.office.add_user("Korban", "admin")
    client = await hall.client()
    answer = await client.post("/sign-in", data={"name": "Korban", "password": password})
    assert answer.status_code == 303
    assert client.cookies
    wrong = []
    for method, path in every(hall):
        if method in SAFE:
            continue
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await ask(client, method, path, headers)
            if answer.status_code != 403 or "cross_site" not in answer.text:
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong


async def test_every_answer_is_dressed(hall: Running) -> None:
    """The policy of pages, no guessing of types, no other site's frame, a word to caches."""
    client = await hall.client("admin", "dressed")
    wrong = []
    for method, path in every(hall):
        headers = (await ask(client, method, path, {"Accept": "text/html"})).headers
        policy = headers.get("content-security-policy", "")
        sound = (
            "default-src 'self'" in policy
            and "unsafe" not in policy
            and headers.get("x-content-type-options") == "nosniff"
            and headers.get("x-frame-options") in ("DENY", "SAMEORIGIN")
            and headers.get("referrer-policy") == "same-origin"
            and "cache-control" in headers
        )
        if not sound:
            wrong.append(f"{method} {path}")
    assert not wrong


BOUND = ("/admin/tracking", "/admin/bookings", "/admin/printers", "/admin/survey")
WHOLE = ("/admin/survey/import", "/admin/survey/papers", "/admin/survey/publications")
"""Sections of administration that keep whoever is bound to agencies or zones within them, but for
what in them is the whole hall's."""


async def test_whoever_is_bound_enters_no_section_of_the_whole_hall(hall: Running) -> None:
    """A new section is shut to them until its author says that it heeds the bounds."""
    terms = Terms(Bounds(frozenset({"disdukcapil"})))
    secret = await hall.house.office.add_token("bound", "supervisor", terms)
    client = await hall.client()
    client.headers["Authorization"] = f"Bearer {secret}"
    wrong = []
    for method, path in every(hall):
        if path.startswith("/admin/") and "supervisor" in (rule(path) or ()):
            answer = await ask(client, method, path, {"Accept": "application/json"})
            shut = answer.status_code == 403 and "not_your_agency" in answer.text
            if shut == (path.startswith(BOUND) and not path.startswith(WHOLE)):
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong
