"""The phone page is for phones of 2017: Chrome 60, Safari 11, and what is built on them."""

from __future__ import annotations

import re

import pytest

from ..displays.old_browsers import too_young_for_es5
from .hall import ROOT

STATIC = ROOT / "static"
KNOWN = ("lexical_declaration", "let: let", "const: const")
"""What such phones know beyond ES5."""
LAYOUT = ("gap:", "grid", ":is(", ":has(", ":where(", "inset:", "clamp(", " min(", "aspect-ratio")
"""Style that would move things if it was not understood; the rest is only less pretty."""


def too_young(script: str) -> list[str]:
    return [
        found
        for found in too_young_for_es5(script)
        if not found.partition(": ")[2].startswith(KNOWN)
    ]


@pytest.mark.parametrize("name", ["phone", "phone-app"])
def test_the_scripts_are_read_by_phones_of_2017(name: str) -> None:
    """ES5 with let and const; no younger method."""
    assert too_young((STATIC / "js" / f"{name}.js").read_text()) == []


def test_the_worker_is_read_by_phones_of_2017() -> None:
    """ES5; the worker's clients have a `matchAll` of their own."""
    script = (STATIC / "js" / "phone-worker.js").read_text()
    assert too_young(script.replace("self.clients.matchAll", "self.clients.get")) == []


@pytest.mark.parametrize(
    "script", ["a?.b;", "a ?? b;", "const f = () => 1;", "async function f() {}", "let {a} = b;"]
)
def test_newer_scripts_are_refused(script: str) -> None:
    """The control."""
    assert too_young(script)


def test_the_style_holds_without_what_is_younger() -> None:
    """No layout hangs on grid, gaps or selectors that such phones drop."""
    sheet = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "phone.css").read_text(), flags=re.DOTALL)
    assert [word for word in LAYOUT if word in sheet] == []
