"""What administrators do to the catalogue, as pure functions."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.catalogue import KINDS, Catalogue, Document, items
from queue_server.catalogue.checking import faults
from queue_server.catalogue.columns import columns
from queue_server.catalogue.comparing import differences
from queue_server.catalogue.editing import (
    Assign,
    Change,
    Mark,
    Move,
    Outcome,
    Put,
    edit,
    form_cells,
    found,
    revision,
    suggested,
    usual,
)
from queue_server.catalogue.rows import cells_of, plain_of
from queue_server.catalogue.succession import succeed
from tests.hall import catalogue

from .documents import documents, same

MALL = catalogue().document


def done(document: Document, change: Change) -> Document:
    """The document after a change that nothing is wrong with."""
    outcome = edit(document, change)
    assert isinstance(outcome, Document), outcome
    return outcome


def codes(outcome: Outcome) -> list[tuple[str, str]]:
    """What is wrong: (field, code)."""
    assert isinstance(outcome, tuple)
    return [(one.field, one.code) for one in outcome]


@given(documents(), st.data())
@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
def test_whatever_is_done_the_outcome_is_sound_and_history_keeps_its_names(
    document: Document, data: st.DataObject
) -> None:
    """Retired, brought back, moved, put again, replaced: nothing that was named is lost, and what
    is wrong is told instead of kept."""
    for _ in range(3):
        kind = data.draw(st.sampled_from(list(KINDS)))
        ids = [str(one.id) for one in items(document, kind)]
        id = data.draw(st.sampled_from(ids))
        cells = cells_of(columns(kind, ("jv",)), plain_of(found(document, kind, id)))  # type: ignore[arg-type]  # it is there
        change = data.draw(st.sampled_from([
            Mark(kind, (id,), True), Mark(kind, (id,), False), Move(kind, id, True),
            Move(kind, id, False), Put(kind, id, cells), Assign(kind, tuple(ids), {}),
        ]))  # fmt: skip
        before = document
        outcome = edit(document, change)
        if isinstance(outcome, tuple):
            assert all(one.sentence("id") and one.line() for one in outcome)
            continue
        document = outcome
        assert not list(faults(document))
        assert sorted(ids) == sorted(str(one.id) for one in items(document, kind))
        if isinstance(change, Put | Assign):
            assert same(document, before)
        if isinstance(change, Move):
            assert not [x for x in differences(before, document) if x.act != "moved"]
    Catalogue(document)


@given(documents(), documents())
@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
def test_what_a_new_document_leaves_out_is_retired_not_lost(old: Document, new: Document) -> None:
    """Every name of both is there; what the new one says stands as it says it, in its order."""
    after = succeed(old, new)
    for kind in KINDS:
        ids = [str(one.id) for one in items(after, kind)]
        said = [str(one.id) for one in items(new, kind)]
        assert [id for id in ids if id in said] == said
        for one in items(old, kind):
            kept = found(after, kind, str(one.id))
            assert kept is not None
            assert str(one.id) in said or kept.retired
    assert same(succeed(after, new), after)


def test_a_new_service_comes_with_its_counters_and_its_translations() -> None:
    """One form: the service, who gives it, its lines in both languages."""
    cells = {
        "id": "izin-hewan", "agency": "dpmptsp", "prefix": "IZH", "name.id": "Izin hewan",
        "name.en": "Animal permit", "requirements": "KTP\nFoto hewan",
        "requirements@en": "\nPicture of the animal", "procedure": "", "product": "Izin",
        "complaints": "Loket", "counters": "1\n2", "duration.known": "tidak",
        "cost.rupiah": "Rp50.000",
    }  # fmt: skip
    document = done(MALL, Put("services", "", cells))
    made = Catalogue(document)
    assert [str(one.id) for one in made.counters_of("izin-hewan")] == ["1", "2"]
    assert made.phrase("Foto hewan", "en") == "Picture of the animal"
    assert made.services["izin-hewan"].cost.rupiah == 50_000
    assert not made.services["izin-hewan"].duration.known
    again = edit(document, Put("services", "", cells))
    assert codes(again) == [("id", "twice")]
    less = done(document, Put("services", "izin-hewan", {"counters": "2"}))
    assert [str(one.id) for one in Catalogue(less).counters_of("izin-hewan")] == ["2"]
    assert codes(edit(less, Put("services", "izin-hewan", {"counters": ""}))) == [
        ("", "no_counter")
    ]


def test_what_is_wrong_with_a_form_is_named_by_its_field() -> None:
    """All at once, and the document is as it was."""
    cells = {"name.en": "", "digits": "x", "agency": "nowhere", "booking.quota": "0"}
    wrong = codes(edit(MALL, Put("services", "paspor", cells)))
    assert wrong == [
        ("name.en", "empty"), ("digits", "number"), ("booking.quota", "range"),
        ("agency", "unknown"),
    ]  # fmt: skip
    wrong = codes(
        edit(MALL, Put("services", "", form_cells(MALL, "services", "", ()) | {"id": "X y"}))
    )
    assert {("name.en", "empty"), ("id", "bad_id"), ("prefix", "empty")} <= {*wrong}
    assert codes(edit(MALL, Put("services", "paspor", {"agency": "nowhere"}))) == [
        ("agency", "unknown")
    ]
    more = {"requirements": "KTP", "requirements@en": "Card\nPaper"}
    assert codes(edit(MALL, Put("services", "paspor", more))) == [("requirements@en", "lines")]


def test_a_new_form_begins_with_what_is_free() -> None:
    """A prefix that nobody has, the next counter's number."""
    taken = {one.prefix for one in MALL.services}
    assert suggested(MALL, "services")["prefix"] not in taken
    assert suggested(Document(MALL.name, (), (), (), ()), "services")["prefix"] == "A"
    assert suggested(MALL, "counters")["id"] == "67"
    assert usual("services")["duration.known"] == "ya"
    assert (usual("services")["digits"], usual("counters")["place"]) == ("3", "loket")
    assert suggested(MALL, "zones") == {"id": "", "name.id": "", "name.en": ""}


def test_lists_in_a_form_are_rows_and_an_empty_row_is_none() -> None:
    """Steps of a package, counted from 1."""
    cells = {
        "steps": "", "steps.0.service": "skck", "steps.1.service": "", "steps.1.after": "",
        "steps.2.service": "ak1", "steps.2.after": "1",
    }  # fmt: skip
    (package, *_) = MALL.packages
    made = found(done(MALL, Put("packages", package.id, cells)), "packages", package.id)
    assert [(x.service, x.after) for x in made.steps] == [("skck", ()), ("ak1", (0,))]  # type: ignore[union-attr]  # a package


def test_services_move_among_those_of_their_agency() -> None:
    """One place up and down again is as before; at the top nothing moves."""
    mine = [one.id for one in MALL.services if one.agency == "imigrasi"]
    moved = done(MALL, Move("services", mine[1], True))
    now = [one.id for one in moved.services if one.agency == "imigrasi"]
    assert now == [mine[1], mine[0], *mine[2:]]
    assert same(done(moved, Move("services", mine[1], False)), MALL)
    assert same(done(MALL, Move("services", mine[0], True)), MALL)


def test_many_services_at_once_get_the_same() -> None:
    """Only the chosen, only what was filled in; a wrong one changes none."""
    chosen = ("paspor", "skck")
    document = done(MALL, Assign("services", chosen, {"popular": "tidak", "quota": "40"}))
    assert {x.id for x in differences(MALL, document)} == set(chosen)
    assert all(found(document, "services", id).quota == 40 for id in chosen)  # type: ignore[union-attr]  # services
    also = done(MALL, Assign("services", chosen, {"counters": "1"}))
    assert {*chosen} <= {*found(also, "counters", "1").services}  # type: ignore[union-attr]  # a counter
    assert codes(edit(MALL, Assign("services", chosen, {"quota": "many"}))) == [
        ("quota", "number"), ("quota", "number"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_form_shows_is_what_it_saves(kind: str) -> None:
    """Sent back untouched it changes nothing; each item's revision is another."""
    shown = [form_cells(MALL, kind, str(one.id), ("jv",)) for one in items(MALL, kind)[:20]]
    for cells in shown:
        assert same(done(MALL, Put(kind, cells["id"], cells)), MALL)
    assert len({revision(cells) for cells in shown}) == len(shown)


def test_a_revision_tells_of_translations_and_counters_too() -> None:
    """What stands in a form and is kept elsewhere counts as much."""
    cells = form_cells(MALL, "services", "paspor", ())
    assert cells["requirements@en"]
    assert cells["counters"]
    for more in ({"counters": "1"}, {"requirements@en": "Passport"}):
        changed = done(MALL, Put("services", "paspor", more))
        assert revision(form_cells(changed, "services", "paspor", ())) != revision(cells)
