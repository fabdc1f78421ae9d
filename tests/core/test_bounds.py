"""How far somebody's work reaches: `covers`, and every command held against it."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given as holds
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.bounds import HALL, Site, check, covers, of_agency, of_line, outside
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.core.refusals import Refusal

from .story import Story, acts, calls, given, later, opens, take

NAMES = st.frozensets(st.sampled_from("abc"), max_size=3)
BOUNDS = st.builds(Bounds, NAMES, NAMES)
SITES = st.builds(Site, NAMES, NAMES)


def bound(agency: str = "", zone: str = "", *, steward: bool = False, id: str = "ann") -> c.Actor:
    return c.Actor(id, steward, Bounds(frozenset({agency} - {""}), frozenset({zone} - {""})))


@holds(BOUNDS, SITES)
def test_a_site_is_reached_by_its_agency_and_its_zone(bounds: Bounds, site: Site) -> None:
    """Nothing said is everything; of several any is enough; both have to hold."""
    assert covers(EVERYWHERE, site)
    agency = not bounds.agencies or bool(bounds.agencies & set(site.agencies))
    zone = not bounds.zones or bool(bounds.zones & set(site.zones))
    assert covers(bounds, site) == (agency and zone)
    assert bool(bounds) != covers(bounds, HALL)
    assert outside(bounds, site) == ("" if agency and zone else "zone" if agency else "agency")


@holds(BOUNDS, SITES, NAMES)
def test_wider_bounds_reach_no_less(bounds: Bounds, site: Site, more: frozenset[str]) -> None:
    """Whoever is given another agency loses nothing; a thing of more agencies is seen by more."""
    if covers(bounds, site) and bounds.agencies:
        assert covers(replace(bounds, agencies=bounds.agencies | more), site)
    if covers(bounds, site):
        assert covers(bounds, Site(set(site.agencies) | more, site.zones))


@pytest.mark.parametrize(
    ("who", "counter", "code"),
    [
        (bound("immigration"), "1", ""),
        (bound("immigration"), "3", "not_your_agency"),
        (bound("investment", "hall"), "3", "not_your_zone"),
        (bound("revenue"), "2", ""),
        (bound(zone="annex"), "1", "not_your_zone"),
        (bound("immigration", steward=True), "3", "not_your_agency"),
        (bound(), "3", ""),
    ],
)
def test_a_counter_is_of_its_zone_and_its_services_agencies(
    who: c.Actor, counter: str, code: str
) -> None:
    story = given().when(opens(counter, who))
    story.refused(code) if code else story.then(f"CounterOpened counter={counter} operator=ann")


def test_a_supervisor_settles_the_tickets_of_the_own_agency() -> None:
    """And of a ticket that was sent to one of its counters; nobody else's."""
    story = given(take("permit"), take("passport"))
    tax = bound("revenue", steward=True)
    for number in ("AA-10", "A-001"):
        story.when(lambda s, n=number: c.CancelTicket(ticket=s.id(n), by=tax))
        story.refused("not_your_agency")
    story.given(lambda s: c.MoveTicket(ticket=s.id("A-001"), to_counter="2"))
    story.when(lambda s: c.CancelTicket(ticket=s.id("A-001"), by=tax)).then("TicketCancelled A-001")


def test_an_operator_serves_whoever_the_counter_serves() -> None:
    """Counter 2 gives two agencies' services: it is reached whole, tickets and all."""
    tax = bound("revenue")
    story = given(take("passport"), opens("2", tax), calls("2", by=tax), later(1))
    story.when(acts(c.StartService, "2", by=tax)).then("ServiceStarted A-001")
    story.when(acts(c.TransferTicket, "2", by=tax, to_counter="3"))
    assert story.refusal is None, "it may be sent beyond the bounds"


def test_the_hall_as_a_whole_is_nobodys_who_is_bound() -> None:
    chief = bound(zone="hall", steward=True)
    given().when(lambda s: c.PostMessage(text="Halo.", by=chief)).refused("not_your_zone")
    given().when(lambda s: c.CloseIntake(service="permit", by=chief)).refused("not_your_zone")
    given().when(lambda s: c.CloseIntake(service="tax", by=chief)).then("IntakeClosed service=tax")
    other = lambda s: c.AssignServices(counter="1", services=("permit",), by=chief)  # noqa: E731
    given().when(other).refused("not_your_zone")


def test_an_emergency_knows_no_bounds() -> None:
    story = given(opens("3"), lambda s: c.RaiseAlarm(counter="3", by=c.Actor("ann")))
    story.when(lambda s: c.ClearAlarm(counter="3", by=bound("revenue", id="budi")))
    story.then("AlarmCleared counter=3")


def test_a_kiosk_of_a_zone_gives_its_numbers() -> None:
    kiosk = bound(zone="annex")
    given().when(take("permit", by=kiosk)).then("TicketIssued number=AA-10 service=permit")
    given().when(take("tax", by=kiosk)).refused("not_your_zone")


def test_lines_are_where_they_lead() -> None:
    hall = given(opens("3")).hall
    assert of_line(hall, "@1") == Site({"immigration"}, {"hall"})
    assert of_line(hall, "+revenue") == of_agency(hall, "revenue") == Site({"revenue"}, {"hall"})
    assert of_line(hall, "~ann") == Site({"investment"}, {"annex"})
    assert of_line(hall, "~nobody") == of_line(hall, "nothing") == HALL


@pytest.mark.parametrize("kind", get_args(c.AnyCommand))
def test_every_command_is_held_against_the_bounds(kind: type[c.Command]) -> None:
    """None slips through for whoever is bound elsewhere, but the emergency button's."""
    story = given(take("passport"), opens("1"), calls("1"))
    values = {
        "counter": "1", "ticket": story.id("A-001"), "service": "passport", "text": "x",
        "message": 1, "after": 0, "token": "t", "helper": "companion", "day": "2026-11-24",
        "plan": story.hall.plan, "operator": "ann",
    }  # fmt: skip
    wanted = {name: values[name] for name in kind.__struct_fields__ if name in values}
    command = kind(**wanted, by=bound("investment", steward=True))
    if kind in (c.RaiseAlarm, c.ClearAlarm):
        check(story.hall, command)
    else:
        with pytest.raises(Refusal, match="not_your_agency"):
            check(story.hall, command)
    check(story.hall, replace(command, by=c.SYSTEM))


def test_what_there_is_not_is_left_to_the_rules() -> None:
    """An unknown counter is unknown to everybody."""
    story: Story = given()
    story.when(opens("99", bound("revenue"))).refused("unknown_counter")
