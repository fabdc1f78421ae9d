"""What the panels' page shows: pure views of outputs and of what stands on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from queue_server.config import PanelState
from queue_server.panels import FaceHealth, PanelHealth
from queue_server.panels.sentences import sentence

Mood = Literal["good", "warn", "bad"]


class Face(Struct, frozen=True):
    """A counter's face: what stands there since `at` (epoch ms, 0: never); `state` None: nothing
    is known to stand there; `said`: what is in the way."""

    counter: str
    state: PanelState | None
    text: str
    at: int
    said: str


class Row(Struct, frozen=True):
    """An output: how it is (`said`) since when, what the wire said (`error`), its faces."""

    id: str
    name: str
    where: str
    mood: Mood
    said: str
    error: str
    since: int
    seen: int
    testing: bool
    faces: tuple[Face, ...]


def rows(panels: Iterable[PanelHealth], language: str) -> tuple[Row, ...]:
    """Every output now."""
    return tuple(_row(panel, language) for panel in panels)


def _row(panel: PanelHealth, language: str) -> Row:
    moods: dict[str, Mood] = {"": "good", "starting": "warn", "unknown": "warn"}
    return Row(
        id=panel.id,
        name=panel.name,
        where=f"{'MQTT' if panel.kind == 'mqtt' else 'Serial'} · {panel.address}",
        mood=moods.get(panel.reason, "bad"),
        said=sentence(panel.reason, language),
        error=panel.error,
        since=panel.since,
        seen=panel.seen,
        testing=panel.testing,
        faces=tuple(_face(face, panel, language) for face in panel.faces),
    )


def _face(face: FaceHealth, panel: PanelHealth, language: str) -> Face:
    # What stops the whole output is said once, above.
    own = face.reason if panel.connected and face.reason != "starting" else ""
    return Face(
        counter=face.name,
        state=face.shown.state if face.shown else None,
        text=face.text.strip(),
        at=face.at,
        said=sentence(own, language) if own else "",
    )
