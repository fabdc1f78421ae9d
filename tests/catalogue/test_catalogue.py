"""The catalogue's document: what is wrong with one, and what is retired."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from queue_server.catalogue import Catalogue, CatalogueError, Document, items
from queue_server.catalogue.checking import faults
from queue_server.catalogue.document import with_items
from queue_server.core.plan import Hours, Policy
from queue_server.core.stranding import Stranded, stranded
from tests.core.story import BUDI, PLAN, calls, given, opens, take
from tests.hall import catalogue

MALL = catalogue()


def changed(kind: str, id: str, **fields: Any) -> Document:
    """The mall's document with one thing changed."""
    found = tuple(
        replace(one, **fields) if str(one.id) == id else one for one in items(MALL.document, kind)
    )
    return with_items(MALL.document, kind, found)


def test_a_retired_service_is_named_but_not_offered() -> None:
    """It is in no list, at no counter and not in the plan; history still finds its name."""
    found = Catalogue(changed("services", "skkh", retired=True))
    plan = found.plan(Hours(), Policy())
    assert "skkh" in MALL.services
    assert "skkh" not in found.services
    assert "skkh" not in plan.services
    assert all("skkh" not in counter.services for counter in plan.counters.values())
    assert found.named.services["skkh"].name == MALL.services["skkh"].name
    assert found.agency_of("skkh").id == MALL.agency_of("skkh").id


def test_with_an_agency_go_its_services_and_with_it_they_come_back() -> None:
    """Retiring an agency marks nothing else: taking the mark away restores all of it."""
    gone = changed("agencies", "pln", retired=True)
    found = Catalogue(gone)
    assert {s for s in MALL.services if MALL.services[s].agency == "pln"}
    assert not {s for s in found.services if found.services[s].agency == "pln"}
    assert Catalogue.decode(found.encode()).document == gone


def test_all_that_is_wrong_is_found_at_once() -> None:
    """Each with its place; the error's line tells the first and counts the others."""
    document = changed("services", "paspor", agency="imigrsi", digits=9)
    document = msgspec.structs.replace(document, zones=document.zones[1:])
    found = [(one.kind, one.id, one.field, one.code) for one in faults(document)]
    assert ("services", "paspor", "agency", "unknown") in found
    assert ("services", "paspor", "digits", "digits") in found
    assert ("counters", "1", "zone", "unknown") in found
    with pytest.raises(CatalogueError, match=r"there is no agency 'imigrsi'.*and \d+ more") as said:
        Catalogue(document)
    assert [one.code for one in said.value.faults] == [code for *_, code in found]
    for one in said.value.faults:
        assert one.sentence("id") != one.sentence("en")


def test_what_others_need_is_not_retired() -> None:
    """A zone with counters, a service of a package: named with what names them."""
    zone = {(f.id, f.field) for f in faults(changed("zones", "a", retired=True))}
    assert ("1", "zone") in zone
    package = MALL.document.packages[0]
    step = package.steps[0].service
    found = [(f.kind, f.id, f.code) for f in faults(changed("services", step, retired=True))]
    assert found == [("packages", package.id, "retired")]


def test_a_prefix_is_free_again_when_its_service_is_retired() -> None:
    """Two services in force never share one."""
    prefix = MALL.services["paspor"].prefix
    taken = changed("services", "skkh", prefix=prefix)
    assert [f.code for f in faults(taken)] == ["twice"]
    found = tuple(
        replace(one, retired=True) if one.id == "paspor" else one for one in taken.services
    )
    codes = {(f.kind, f.code) for f in faults(replace(taken, services=found))}
    assert ("services", "twice") not in codes


def test_who_would_be_left_standing_is_counted() -> None:
    """Waiting, called and aside for each service, and the counters in use."""
    story = given(opens("2"), take("tax"), take("tax"), take("tax"), calls("2"), opens("3", BUDI))
    services = {id: one for id, one in PLAN.services.items() if id != "tax"}
    counters = {id: one for id, one in PLAN.counters.items() if id != "3"}
    plan = replace(PLAN, services=services, counters=counters)
    assert stranded(story.hall, plan) == (
        Stranded("service", "tax", waiting=2, called=1), Stranded("counter", "3", open=True),
    )  # fmt: skip
    assert stranded(story.hall, PLAN) == ()
