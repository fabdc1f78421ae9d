"""Every wrong field is named, in words, at once."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct, convert

from queue_server.web.validation import Invalid, parse


class Sample(Struct, frozen=True, forbid_unknown_fields=True):
    """One field of each kind."""

    count: Annotated[int, Meta(ge=1, le=9)]
    name: Annotated[str, Meta(min_length=2, max_length=5, pattern="^[a-z]+$")]
    kind: Literal["x", "y"] = "x"
    sure: bool = False
    other: Annotated[int, Meta(ge=0)] | None = None
    some: list[int] = []


def faults(values: object, language: str = "en", *, strict: bool = True) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        parse(values, Sample, strict=strict)
    body = caught.value.body(language)
    assert body.status == 422
    return {error.field: error.message for error in body.errors}


def test_all_at_once() -> None:
    """Missing, unknown, wrong: each with what was expected."""
    given = {"name": "A", "kind": "z", "sure": 1, "other": -1, "some": 3, "more": 1}
    assert faults(given) == {
        "count": "is required",
        "name": "expected text, at least 2 characters, at most 5 characters, matching ^[a-z]+$",
        "kind": "expected one of x, y",
        "sure": "expected true or false",
        "other": "expected a whole number from 0 or null",
        "some": "expected a fitting value",
        "more": "is not known; there are: count, name, kind, sure, other, some",
    }


def test_in_the_readers_language() -> None:
    assert faults({"count": 10, "name": "ab"}, "id") == {
        "count": "diharapkan bilangan bulat mulai 1 sampai 9"
    }


@pytest.mark.parametrize("values", [None, [], "x", 3])
def test_only_an_object_has_fields(values: object) -> None:
    assert faults(values) == {"": "expected a JSON object"}


def test_a_form_is_text() -> None:
    found = parse({"count": "3", "name": "ab", "sure": "true"}, Sample, strict=False)
    assert found == Sample(count=3, name="ab", sure=True)
    assert faults({"count": "3", "name": "ab"}) == {"count": "expected a whole number from 1 to 9"}
    assert faults({"count": "²", "name": "ab"}, strict=False)


def test_a_long_list_of_nonsense_is_not_repeated() -> None:
    many = {f"{number}{'x' * 100}": 1 for number in range(1000)}
    found = faults({"count": 1, "name": "ab", **many})
    assert len(found) == 20
    assert max(map(len, found)) <= 64


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["count", "name", "kind", "sure", "other", "some"]) | st.text(), PLAIN
    )
)
def test_it_agrees_with_msgspec(values: dict[str, Any]) -> None:
    """Field by field accepts exactly what the library accepts as a whole."""
    try:
        wanted = convert(values, Sample)
    except ValueError:
        assert faults(values)
    else:
        assert parse(values, Sample) == wanted
