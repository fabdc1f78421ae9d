"""The survey's requests: on the phone of a served visit, at kiosks, on tablets at the counters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from queue_server.core.model import Ticket
from queue_server.core.plan import MINUTE
from queue_server.house import House
from queue_server.survey.archive import Published
from queue_server.survey.room import Spent
from queue_server.survey.view import view
from queue_server.web.downloads import download
from queue_server.web.forms import read_form
from queue_server.web.identity import ISSUERS, may
from queue_server.web.problems import Problem
from queue_server.web.throttle import Throttle
from queue_server.web.visit import identity_of, language_of

from . import survey
from .pages import language_in, rendered
from .part import Part

GUESSES, GUESS_SECONDS = 10, 20
"""Wrong codes at once from one address, and seconds until there may be one more."""


def routes(house: House) -> list[Route]:
    """The survey's addresses."""
    phone, kiosk = PhoneSurvey(house), Station(house, tablet=False)
    results = Results(house)
    tablet = Station(house, tablet=True, guesses=kiosk.guesses)
    return [
        Route("/survey", results.latest),
        Route("/survey/periods/{period}", results.period),
        Route("/survey/periods/{period}/report.xlsx", results.workbook),
        Route("/survey/periods/{period}/report.pdf", results.paper),
        *_station("/kiosk/survey", kiosk),
        *_station("/survey/tablet/{counter}", tablet),
        Route("/survey/{token}", phone.page),
        Route("/survey/{token}", phone.give, methods=["POST"]),
    ]


def _station(path: str, station: Station) -> list[Route]:
    return [
        Route(path, station.start),
        Route(path, station.step, methods=["POST"]),
        Route(f"{path}/thanks", station.thanks),
        Route(f"{path}/pulse", station.pulse),
    ]


async def phone_part(house: House, ticket: Ticket, language: str) -> Part | None:
    """What a served ticket's page offers."""
    if ticket.status != "served":
        return None
    given = await house.rooms.survey.is_spent(ticket.id)
    view = survey.Offer(f"/survey/{ticket.token}", given)
    return Part("citizens/phone/_survey.html", view)


async def _give(house: House, ticket: Ticket, answers: survey.Answers) -> None:
    """Raises Spent, Unavailable."""
    await house.rooms.survey.give(
        ticket.id, survey.visit_of(house.catalogue, ticket), answers.scores, answers.traits,
        answers.texts["suggestion"], answers.texts["complaint"],
    )  # fmt: skip


@dataclass(frozen=True)
class Results:
    """The published reports, for everybody."""

    house: House

    async def latest(self, request: Request) -> Response:
        """The latest period's report, and the others by name."""
        found = await self.house.rooms.survey.archive.published()
        return self._page(request, found, found[0] if found else None)

    async def period(self, request: Request) -> Response:
        """One period's."""
        found, one = await self._find(request)
        return self._page(request, found, one)

    async def workbook(self, request: Request) -> Response:
        """As XLSX."""
        _, one = await self._find(request)
        room = self.house.rooms.survey
        data = await room.workbook(one.report, language_of(request), one.date)
        return download(data, f"skm-{one.report.period.id}.xlsx")

    async def paper(self, request: Request) -> Response:
        """As PDF."""
        _, one = await self._find(request)
        room = self.house.rooms.survey
        data = await room.paper(one.report, language_of(request), one.date)
        return download(data, f"skm-{one.report.period.id}.pdf")

    async def _find(self, request: Request) -> tuple[list[Published], Published]:
        found = await self.house.rooms.survey.archive.published()
        wanted = request.path_params["period"]
        one = next((one for one in found if one.report.period.id == wanted), None)
        if one is None:
            raise Problem(404, "not_found")
        return found, one

    def _page(self, request: Request, found: list[Published], one: Published | None) -> Response:
        language = language_of(request)
        others = [each.report for each in found if each is not one]
        shown = view(one.report, language, one.date, others) if one else None
        return self.house.front.templates.page(
            request, "citizens/survey_report.html", view=shown,
            others=[each.period for each in others],
        )  # fmt: skip


@dataclass(frozen=True)
class PhoneSurvey:
    """The questionnaire as one page; the ticket's token is the secret."""

    house: House

    async def page(self, request: Request) -> Response:
        ticket = self._ticket(request)
        if ticket is None:
            return rendered(self.house, "phone_lost.html", language_of(request), 404)
        if ticket.status != "served":
            return self._said(request, ticket, "early")
        if await self.house.rooms.survey.is_spent(ticket.id):
            return self._said(request, ticket, "thanks")
        return self._form(request, ticket, survey.read({}))

    async def give(self, request: Request) -> Response:
        ticket = self._ticket(request)
        if ticket is None:
            return rendered(self.house, "phone_lost.html", language_of(request), 404)
        if ticket.status != "served":
            return self._said(request, ticket, "early", 409)
        answers = survey.read(await read_form(request))
        if answers.faults or not answers.scores:
            return self._form(request, ticket, answers, 422)
        try:
            await _give(self.house, ticket, answers)
        except Spent:
            return self._said(request, ticket, "spent", 409)
        asked = request.query_params.get("lang", "")
        query = f"?{urlencode({'lang': asked})}" if asked else ""
        return RedirectResponse(f"/survey/{ticket.token}{query}", 303)

    def _ticket(self, request: Request) -> Ticket | None:
        return self.house.hall.ticket_by_token(request.path_params["token"])

    def _form(
        self, request: Request, ticket: Ticket, answers: survey.Answers, status: int = 200
    ) -> Response:
        house = self.house
        form = survey.form(house.hall, house.catalogue, ticket, answers, language_of(request))
        return house.front.templates.page(
            request, "citizens/survey.html", status, form=form, refused=status == 422
        )

    def _said(
        self, request: Request, ticket: Ticket, what: str, status: int = 200
    ) -> Response:  # fmt: skip
        return self.house.front.templates.page(
            request, "citizens/survey_said.html", status, what=what, back=f"/t/{ticket.token}"
        )


@dataclass(frozen=True)
class Station:
    """A kiosk, or a tablet that belongs to a counter: a question a screen, a code first.

    The answers so far travel in the form; nothing is kept here until the last screen.
    """

    house: House
    tablet: bool
    guesses: Throttle = field(default_factory=lambda: Throttle(GUESSES, GUESS_SECONDS))

    async def start(self, request: Request) -> Response:
        """Asks for a code; a tablet offers the visit that was just served."""
        if not await self._may(request):
            return self._start(request, "locked", 403)
        return self._start(request, offered=await self._offered(request))

    async def pulse(self, request: Request) -> Response:
        """Which code a tablet offers now: another one is another screen."""
        if not await self._may(request):
            raise Problem(403, "forbidden", role="-")
        return PlainTextResponse(await self._offered(request))

    async def step(self, request: Request) -> Response:
        """The next screen, the one before, or the end."""
        if not await self._may(request):
            return self._start(request, "locked", 403)
        fields = await read_form(request)
        where = request.client.host if request.client else ""
        if self.guesses.take(where):
            return self._start(request, "often", 429)
        ticket = self._of_code(fields.get("code", ""))
        if ticket is None:
            return self._start(request, "unknown", 422)
        self.guesses.give_back(where)
        if await self.house.rooms.survey.is_spent(ticket.id):
            return self._start(request, "spent", 409)
        return await self._onward(request, ticket, fields)

    async def thanks(self, request: Request) -> Response:
        """Until the next one comes."""
        return self._screen(request, "survey_thanks.html", {}, 200)

    async def _onward(self, request: Request, ticket: Ticket, fields: dict[str, str]) -> Response:
        answers = survey.read(fields)
        asked = fields.get("step", "")
        at = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else -1
        sent = at >= survey.ABOUT and "back" not in fields
        if not sent:
            return self._step(request, ticket, at - 1 if "back" in fields else at + 1, answers)
        if answers.faults:
            return self._step(request, ticket, survey.ABOUT, answers, 422)
        if not answers.scores:
            return self._step(request, ticket, 0, answers, 422)
        try:
            await _give(self.house, ticket, answers)
        except Spent:
            return self._start(request, "spent", 409)
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{request.url.path}/thanks{query}", 303)

    # Screens ----------------------------------------------------------------------------------

    def _step(
        self, request: Request, ticket: Ticket, at: int, answers: survey.Answers, status: int = 200
    ) -> Response:
        language = self._language(request)
        view = survey.step(self.house.catalogue, ticket, at, answers, language)
        code = self.house.rooms.survey.code(ticket.id)
        values = {"step": view, "code": code, "texts": self.tablet, "refused": status == 422}
        return self._screen(request, "survey_step.html", values, status)

    def _start(
        self, request: Request, wrong: str = "", status: int = 200, offered: str = ""
    ) -> Response:
        ticket = self._of_code(offered) if offered else None
        service = ticket and survey.service_name(
            self.house.catalogue, ticket, self._language(request)
        )
        values = {
            "wrong": wrong, "offered": offered, "service": service or "",
            "number": ticket.number if ticket else "",
        }  # fmt: skip
        return self._screen(request, "survey_start.html", values, status)

    def _screen(
        self, request: Request, name: str, values: Mapping[str, object], status: int
    ) -> Response:  # fmt: skip
        counter = self.house.catalogue.counters.get(request.path_params.get("counter", ""))
        if self.tablet and counter is None:
            raise Problem(404, "not_found")
        language = self._language(request)
        base = f"/survey/tablet/{counter.id}" if counter else "/kiosk/survey"
        first = self.house.config.languages.pages[0]
        kept = f"?lang={language}" if language != first else ""
        response = rendered(
            self.house, name, language, status, base=base, kept=kept,
            home=base if self.tablet else "/kiosk", tablet=self.tablet,
            place=counter.name.of(language) if counter else "",
            others=[one for one in self.house.config.languages.pages if one != language],
            idle_seconds=self.house.config.kiosk.idle_seconds, **values,
        )  # fmt: skip
        response.headers["Cache-Control"] = "no-store"
        return response

    # Visits -----------------------------------------------------------------------------------

    def _of_code(self, code: str) -> Ticket | None:
        """The visit of a code that is still good."""
        recent = {ticket.id: ticket for ticket in self._recent()}
        return recent.get(self.house.rooms.survey.find(code, recent))

    def _recent(self) -> list[Ticket]:
        since = self.house.clock.now() - self.house.config.survey.code_minutes * MINUTE
        tickets = self.house.hall.tickets.values()
        return [one for one in tickets if one.status == "served" and one.ended >= since]

    async def _offered(self, request: Request) -> str:
        """The code of the last visit served at the tablet's counter, if it may answer yet."""
        counter = request.path_params.get("counter", "")
        here = [one for one in self._recent() if self.tablet and one.counter == counter]
        last = max(here, key=lambda one: one.call, default=None)
        if last is None or await self.house.rooms.survey.is_spent(last.id):
            return ""
        return self.house.rooms.survey.code(last.id)

    async def _may(self, request: Request) -> bool:
        return self.house.config.kiosk.open or may(await identity_of(request), ISSUERS)

    def _language(self, request: Request) -> str:
        return language_in(self.house, request.query_params.get("lang"))
