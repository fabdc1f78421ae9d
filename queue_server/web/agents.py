"""What kind of device somebody signs in with, in a few words: the rest of what a browser says of
itself is not kept."""

from __future__ import annotations

SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Tizen", "Tizen"), ("Web0S", "webOS"),
    ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
"""Mark -> name; the first that is found counts, because the later ones pretend to be each other."""


def device_of(agent: str) -> str:
    """ "Chrome, Windows"; "" when nothing is recognised."""
    named = (_first(BROWSERS, agent), _first(SYSTEMS, agent))
    return ", ".join(filter(None, named))


def _first(marks: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in marks if mark in agent[:400]), "")
