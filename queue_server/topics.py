"""Names of the live topics whose frames are in a language (`counter:5`, `counter:5.en`)."""

from __future__ import annotations

from collections.abc import Iterable

from .house import House

CONSOLE = "counter"
"""The kind of the consoles' topics."""


def topic_name(house: House, name: str, language: str) -> str:
    """What a page in that language follows."""
    return name if language == house.config.languages.pages[0] else f"{name}.{language}"


def topics_of(house: House, name: str) -> list[str]:
    """The names in all languages."""
    return [topic_name(house, name, language) for language in house.config.languages.pages]


def touch_consoles(house: House, counters: Iterable[str]) -> None:
    """For what changes these consoles without an entry in the journal."""
    house.hub.touch(
        f"{CONSOLE}:{name}" for place in dict.fromkeys(counters) for name in topics_of(house, place)
    )
