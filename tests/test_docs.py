"""The docs say what is there, and nothing that isn't."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import msgspec

from queue_server import notes
from queue_server.booking import refusals as booking
from queue_server.config import Config
from queue_server.core.lifecycle import TICKET
from queue_server.core.refusals import SENTENCES
from queue_server.floor import refusals as floor
from queue_server.settings import TABLES
from queue_server.tracking import refusals as tracking
from queue_server.tracking.states import NEXT

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def test_every_config_key_is_documented_and_no_other() -> None:
    """docs/configuration.md names every key of every section, and only those."""
    text = (DOCS / "configuration.md").read_text()
    parts = re.split(r"^## \[([a-z_]+)(?:\.ID)?\]$", text, flags=re.MULTILINE)
    documented = {
        section: {
            key
            for row in re.findall(r"^\| (`[^|]+) \|", body, flags=re.MULTILINE)
            for key in re.findall(r"`([a-z_]+)`", row)
        }
        for section, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    sections = typing.get_type_hints(Config)
    for name in sorted(TABLES):
        sections[name] = typing.get_args(sections[name])[1]
    actual = {
        name: {field.name for field in msgspec.structs.fields(kind)}
        for name, kind in sections.items()
    }
    assert documented == actual


def test_every_refusal_is_documented_and_no_other() -> None:
    """docs/protocol.md names every refusal code, and only those."""
    text = (DOCS / "protocol.md").read_text()
    tables = {
        "refusal": {
            *SENTENCES,
            *tracking.SENTENCES,
            *floor.SENTENCES,
            *notes.SENTENCES,
        },
        "booking refusal": {*booking.SENTENCES},
    }
    for name, codes in tables.items():
        table = text.split(f"| {name} | meaning |")[1].split("\n\n")[0]
        rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
        found = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}
        assert found == codes


def test_the_lifecycle_in_the_docs_is_the_table() -> None:
    """docs/design.md draws every step of the tickets' lifecycle, and no other."""
    text = (DOCS / "design.md").read_text()
    drawn = set()
    for row in re.findall(r"^\| (\w+) \| (.*→.*) \|$", text, flags=re.MULTILINE):
        if row[0] not in TICKET:
            continue
        for event, status in re.findall(r"(\w+) → (\w+)", row[1]):
            drawn.add((row[0], event, status))
    actual = {
        (status, re.sub(r"^(Ticket|Service)", "", event.__name__).lower(), after)
        for status, steps in TICKET.items()
        for event, after in steps.items()
    }
    assert drawn == actual


def test_the_states_of_applications_in_the_docs_are_the_table() -> None:
    """docs/tracking.md names every step, and no other."""
    text = (DOCS / "tracking.md").read_text()
    drawn = {
        state: tuple(re.findall(r"`(\w+)`", steps))
        for states, steps in re.findall(r"^\| (`[^|]+) \| ([^|]+) \|$", text, flags=re.MULTILINE)
        for state in re.findall(r"`(\w+)`", states)
    }
    assert {state: drawn.get(state) for state in NEXT} == NEXT


def test_links_lead_somewhere() -> None:
    """Every relative link in README and docs leads to a file of the repository."""
    for page in (ROOT / "README.md", *DOCS.rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_commands_of_the_readme_exist() -> None:
    """Every `make` target that the docs name is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text()
    for page in (ROOT / "README.md", *DOCS.rglob("*.md")):
        for target in re.findall(r"(?:`|    |true )make ([a-z]+)", page.read_text()):
            assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
