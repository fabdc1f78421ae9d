"""Every refusal: provoked in a story, and worded for a person in both languages."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from queue_server.core.intake import Code
from queue_server.core.refusals import SENTENCES, Refusal

HERE = Path(__file__).parent
CORE = HERE.parent.parent / "queue_server" / "core"


def first_arguments(files: list[Path], function: str) -> set[str]:
    """The literal first arguments of calls of `function` (a name or a method)."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            name = isinstance(node, ast.Call) and (
                getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            )
            if name == function and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_code_is_provoked_in_a_story() -> None:
    """No refusal is only claimed: the stories of this folder meet each of them."""
    assert first_arguments(list(HERE.glob("test_*.py")), "refused") == set(SENTENCES)


def test_every_code_that_is_raised_has_its_sentences() -> None:
    """A code that the rules raise is in the table of sentences."""
    raised = first_arguments(list(CORE.glob("*.py")), "Refusal")
    chosen = {"counter_on_break", "counter_closed"}  # chosen by an expression
    chosen |= {"not_your_agency", "not_your_zone"}  # by `bounds.demand`
    chosen |= set(get_args(Code))  # by `intake.shut`
    assert raised | chosen == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_sentences_are_whole(code: str) -> None:
    """Both languages, the same details, each with a remedy or a reason, a full stop, no gap."""
    assert set(SENTENCES[code]) == {"id", "en"}
    fields = [
        {name for _, name, _, _ in Formatter().parse(sentence) if name}
        for sentence in SENTENCES[code].values()
    ]
    assert fields[0] == fields[1]
    details = dict.fromkeys(fields[0], "waiting")
    if "opens" in details:
        details["opens"] = "2026-11-24 08:00"
    for language in ("id", "en"):
        sentence = Refusal(code, **details).sentence(language)
        assert sentence[0].isupper() or sentence.startswith(details.get("subject", "waiting"))
        assert sentence.endswith(".")
        assert not set("{}") & set(sentence)


def test_another_language_reads_indonesian() -> None:
    """What there are no sentences of reads what everybody in the hall reads."""
    refusal = Refusal("nobody_waiting", counter="Loket 1")
    assert refusal.sentence("jv") == refusal.sentence("id") != refusal.sentence("en")
    assert (str(refusal), refusal.code) == ("nobody_waiting", "nobody_waiting")


def test_a_detail_with_braces_is_not_a_placeholder() -> None:
    """What a person typed is shown as it is."""
    assert "{counter}" in Refusal("unknown_service", service="{counter}").sentence("en")


def test_a_time_is_said_as_people_say_it() -> None:
    """Weekday, date and clock, in each language's own marks; an unknown one is said to be."""
    closed = Refusal("hall_closed", opens="2026-11-24 08:05")
    assert "Selasa, 24 November, pukul 08.05" in closed.sentence("id")
    assert "on Tuesday, 24 November, at 08:05" in closed.sentence("en")
    assert "belum ditentukan" in Refusal("hall_closed", opens="-").sentence("id")
