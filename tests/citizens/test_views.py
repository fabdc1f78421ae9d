"""The citizens' views over stories of the real rules: what is shown is what the hall is."""

from __future__ import annotations

import pytest

from citizens.home import home_page
from citizens.information import service_page, services_page
from citizens.kiosk import View
from citizens.kiosk_visit import Look, Visit, Ways
from citizens.offers import Wait, offer, wait_of
from citizens.opening import Opening, opening
from citizens.phone import gone, line_state, phone_view, ticket_state
from queue_server.config import Config
from queue_server.core import commands as c
from queue_server.core.model import Ticket

from ..core.story import Step, Story, acts, calls, cancel, clock, do, later, opens, take
from .hall import CATALOGUE, CHIEF, SERVICE, TUESDAY

CONFIG = Config()
PLAN = CATALOGUE.plan(CONFIG.rule_hours(), CONFIG.rule_policy())
OTHER = "ktp-el-hilang-rusak"


def given(*steps: Step) -> Story:
    return Story(PLAN, TUESDAY).given(*steps)


def ticket(story: Story, number: str) -> Ticket:
    return story.hall.tickets[story.id(number)]


def view(story: Story, visit: Visit | None = None) -> View:
    return View(story.hall, CATALOGUE, "MPP", Ways(), story.now, visit or Visit("id", default="id"))


# The line and its phones --------------------------------------------------------------------


def test_a_line_says_who_waits_who_is_called_and_who_is_served() -> None:
    """One state for all phones of the line; each finds itself in it."""
    story = given(opens("1", CHIEF), *[take(SERVICE)] * 3)
    first, second, third = (story.id(f"A-00{n}") for n in (1, 2, 3))
    assert line_state(story.hall, CATALOGUE, SERVICE).waiting == (first, second, third)
    story.given(calls("1", by=CHIEF))
    called = line_state(story.hall, CATALOGUE, SERVICE)
    assert called.waiting == (second, third)
    assert [(one.ticket, one.counter_name, one.counter_name_en) for one in called.called] == [
        (first, "Loket 1", "Counter 1")
    ]
    assert called.called[0].call == ticket(story, "A-001").call
    story.given(acts(c.StartService, "1", by=CHIEF))
    serving = line_state(story.hall, CATALOGUE, SERVICE)
    assert (serving.called, serving.serving, serving.open) == ((), (first,), ("1",))


def test_a_recall_is_a_new_call_of_the_line() -> None:
    """So that the phone rings again."""
    story = given(opens("1", CHIEF), take(SERVICE), calls("1", by=CHIEF))
    before = line_state(story.hall, CATALOGUE, SERVICE).called[0].call
    story.given(acts(c.Recall, "1", by=CHIEF))
    assert line_state(story.hall, CATALOGUE, SERVICE).called[0].call > before


def test_a_ticket_sent_to_one_counter_stands_in_that_counters_line() -> None:
    """The phone finds the line's new name in its own state, and itself in that line."""
    story = given(
        opens("1", CHIEF), take(SERVICE), calls("1", by=CHIEF),
        acts(c.StartService, "1", by=CHIEF), acts(c.TransferTicket, "1", by=CHIEF, to_counter="9"),
    )  # fmt: skip
    state = ticket_state(story.hall, CATALOGUE, ticket(story, "A-001"))
    assert (state.line, state.status, state.ahead, state.estimate) == ("@9", "waiting", 0, None)
    assert state.counter_name == CATALOGUE.counters["9"].name.id
    assert line_state(story.hall, CATALOGUE, "@9").waiting == (state.id,)
    assert line_state(story.hall, CATALOGUE, SERVICE).waiting == ()
    story.given(opens("9", c.Actor("nine")), calls("9", by=c.Actor("nine")))
    assert line_state(story.hall, CATALOGUE, "@9").called[0].ticket == state.id


def test_the_pace_in_the_line_is_the_rule_of_the_estimate() -> None:
    """A phone that multiplies its place gets the minutes that the server would say."""
    story = given(opens("1", CHIEF), *[take(SERVICE)] * 12)
    for _ in range(6):
        story.given(calls("1", by=CHIEF), acts(c.StartService, "1", by=CHIEF), later(7))
    line = line_state(story.hall, CATALOGUE, SERVICE)
    assert line.least is not None
    assert line.most is not None
    for ahead, waiting in enumerate(line.waiting):
        state = ticket_state(story.hall, CATALOGUE, story.hall.tickets[waiting])
        places = ahead + 1
        assert state.estimate == (
            int(line.least * places), max(1, -int(-line.most * places // 1)),
        )  # fmt: skip


def test_without_a_pace_nothing_is_promised() -> None:
    """Too few calls, or no counter open: not yet known."""
    story = given(take(SERVICE))
    state = line_state(story.hall, CATALOGUE, SERVICE)
    assert (state.least, state.most, state.open) == (None, None, ())
    shown = phone_view(story.hall, CATALOGUE, ticket(story, "A-001"), "id", story.now)
    assert shown.wait == Wait("unknown")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (None, Wait()), ((0, 4), Wait("under", 0, 4)), ((3, 6), Wait("minutes", 3, 6)),
        ((45, 90), Wait("minutes", 45, 90)), ((46, 91), Wait("hours", 1, 2)),
        ((130, 260), Wait("hours", 2, 5)),
    ],
)  # fmt: skip
def test_a_wait_is_said_as_people_say_it(minutes: tuple[int, int] | None, said: Wait) -> None:
    """Less than a few minutes; minutes; above an hour and a half, hours."""
    assert wait_of(minutes) == said


STEPS: dict[str, list[Step]] = {
    "waiting": [],
    "called": [calls("1", by=CHIEF)],
    "serving": [calls("1", by=CHIEF), acts(c.StartService, "1", by=CHIEF)],
    "served": [
        calls("1", by=CHIEF), acts(c.StartService, "1", by=CHIEF),
        acts(c.FinishService, "1", by=CHIEF),
    ],
    "parked": [
        calls("1", by=CHIEF), acts(c.StartService, "1", by=CHIEF), acts(c.ParkTicket, "1", by=CHIEF)
    ],
    "no_show": [calls("1", by=CHIEF), acts(c.MarkNoShow, "1", by=CHIEF)],
    "cancelled": [cancel("A-001")],
}  # fmt: skip


@pytest.mark.parametrize("status", STEPS)
def test_the_phone_shows_every_status(status: str) -> None:
    """Status, place and counter are the hall's, in the reader's language."""
    story = given(opens("1", CHIEF), take(SERVICE)).given(*STEPS[status])
    shown = phone_view(story.hall, CATALOGUE, ticket(story, "A-001"), "en", story.now)
    assert shown.state.status == status
    assert shown.state.ahead == (0 if status == "waiting" else None)
    assert shown.counter_name == ("Counter 1" if status in ("called", "serving") else "")
    assert (shown.service_name, shown.issued) == ("e-KTP enrolment", "09:41")
    assert shown.requirements[0] == "Aged 17 or married"


def test_a_day_that_is_over_leaves_an_expired_ticket() -> None:
    """Who still listens to a ticket of yesterday is told so."""
    assert (gone(7).status, gone(7).version) == ("expired", 7)


# The kiosk ----------------------------------------------------------------------------------


def test_the_first_screen_has_every_agency_in_its_group() -> None:
    """29 tiles: 17 regional, 12 vertical, on one screen; in large type on two."""
    start = view(given()).start()
    assert [(group.kind, len(group.tiles)) for group in start.groups] == [
        ("regional", 17), ("vertical", 12)
    ]  # fmt: skip
    assert start.pages.count == 1
    large = view(given(), Visit("id", large=True)).start()
    assert (large.pages.count, large.pages.before) == (2, "")
    assert large.pages.after == "/kiosk?large=1&page=2"


def test_a_visit_keeps_its_language_and_size_in_every_link() -> None:
    """And a fresh start forgets both."""
    screen = view(given(), Visit("en", large=True)).agency(CATALOGUE.agencies["disdukcapil"], 2)
    assert screen.bar.back == "/kiosk?lang=en&large=1"
    assert screen.bar.fresh == "/kiosk"
    assert [one.href for one in screen.bar.others] == ["/kiosk/agencies/disdukcapil?large=1&page=2"]
    assert screen.bar.looks[0] == Look("large", True, "/kiosk/agencies/disdukcapil?lang=en&page=2")
    assert screen.rows[0].href.endswith("?lang=en&large=1")


def test_pages_of_services_lose_none() -> None:
    """All services of the largest agency, once each; a page too far is the last."""
    agency = CATALOGUE.agencies["disdukcapil"]
    kiosk = view(given())
    pages = kiosk.agency(agency).pages.count
    seen = [row.offer.id for n in range(pages) for row in kiosk.agency(agency, n + 1).rows]
    assert seen == [one.id for one in CATALOGUE.services.values() if one.agency == agency.id]
    assert kiosk.agency(agency, 99).pages.number == pages == 2


def test_a_search_pages_and_suggests() -> None:
    """Nothing typed: what is asked for most. Much found: pages that keep the query."""
    kiosk = view(given())
    assert kiosk.search("").suggested
    found = kiosk.search("polres")
    assert (found.total, found.agencies[0].title) == (15, "Polres")
    assert found.pages.after == "/kiosk/search?q=polres&page=2"
    assert kiosk.search("zzzzzz").total == 0


def test_what_to_bring_is_shown_before_a_number_is_taken() -> None:
    """Requirements, cost, duration, the line now, priority classes without reasons."""
    story = given(opens("1", CHIEF), take(SERVICE), take(SERVICE))
    screen = view(story).service(CATALOGUE.services[SERVICE], "k" * 20)
    assert screen.details.requirements[0] == "Berusia 17 tahun atau sudah kawin"
    assert screen.details.cost.rupiah == 0
    assert screen.details.duration.working_days == 1
    assert (screen.details.offer.waiting, screen.details.offer.staffed) == (2, True)
    assert [(one.id, one.minutes) for one in screen.priorities] == [
        ("lansia", 15), ("disabilitas", 20), ("ibu-anak", 15)
    ]  # fmt: skip
    assert screen.bar.others[0].href == f"/kiosk/services/{SERVICE}?lang=en&key={'k' * 20}"


def test_a_service_without_an_open_counter_says_so() -> None:
    """It can be taken all the same; who is on a break still counts as there."""
    story = given(opens("1", CHIEF))
    assert not offer(story.hall, CATALOGUE, CATALOGUE.services["paspor"], "id", story.now).staffed
    story.given(do(c.PauseCounter(counter="1", by=CHIEF)))
    assert offer(story.hall, CATALOGUE, CATALOGUE.services[SERVICE], "id", story.now).staffed


# The door -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "door"),
    [
        ("2026-11-24 09:00", Opening(True, "15.30")),
        ("2026-11-27 09:00", Opening(True, "11.30")),
        ("2026-11-27 12:00",
         Opening(False, "", "break", "today", "Jumat, 27 November", "13.00")),
        ("2026-11-24 07:00",
         Opening(False, "", "early", "today", "Selasa, 24 November", "08.00")),
        ("2026-11-24 15:30",
         Opening(False, "", "over", "tomorrow", "Rabu, 25 November", "08.00")),
        ("2026-11-28 10:00",
         Opening(False, "", "day", "date", "Senin, 30 November", "08.00")),
        ("2026-11-29 10:00",
         Opening(False, "", "day", "tomorrow", "Senin, 30 November", "08.00")),
    ],
)  # fmt: skip
def test_a_closed_door_says_why_and_when_it_opens(moment: str, door: Opening) -> None:
    """Friday's break, before opening, after closing, the weekend."""
    assert opening(clock(moment), PLAN.hours, "id") == door


def test_a_hall_that_never_opens_says_no_time() -> None:
    """And one that never closes, none either."""
    never = Config().rule_hours().__class__("Asia/Jakarta")
    assert opening(TUESDAY, never, "id") == Opening(False, "", "day", "never")
    always = never.__class__("Asia/Jakarta", always=True)
    assert opening(TUESDAY, always, "en") == Opening(True)


# The pages ----------------------------------------------------------------------------------


def test_the_services_page_has_all_by_agency_or_what_was_found() -> None:
    """260 services in 29 agencies; a search in their place."""
    story = given()
    everything = services_page(story.hall, CATALOGUE, "id", story.now)
    assert (everything.total, len(everything.agencies)) == (260, 29)
    assert sum(len(one.offers) for one in everything.agencies) == 260
    found = services_page(story.hall, CATALOGUE, "en", story.now, " ktp hilng ")
    assert (found.found[0].id, found.agencies, found.query) == (OTHER, (), "ktp hilng")


def test_a_service_page_has_the_six_components() -> None:
    """Requirements, procedure, duration, cost, product, complaints; and where it is given."""
    story = given(opens("1", CHIEF))
    service = CATALOGUE.services[SERVICE]
    shown = service_page(story.hall, CATALOGUE, service, "en", story.now, "Jl. Uji", "")
    details = shown.details
    assert all([details.requirements, details.procedure, details.product, details.complaints])
    assert (details.duration.known, details.cost.known) == (True, True)
    assert [(spot.name, spot.open) for spot in details.spots] == [
        ("Counter 1", True), ("Counter 2", False)
    ]  # fmt: skip


def test_the_front_door_counts_the_hall() -> None:
    """Services, agencies, open counters, people who wait."""
    story = given(opens("1", CHIEF), take(SERVICE), take("paspor"))
    page = home_page(story.hall, CATALOGUE, "id", story.now, "Kalianda")
    assert (page.services, page.agencies, page.open_counters, page.waiting) == (260, 29, 1, 2)
    assert page.boards[0].href == "/displays/a"
