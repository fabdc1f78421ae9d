"""What happens in a run: a list of steps, each with its own dice, so that leaving one out does
not change the others."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

STEPS = 60
WEIGHTS = {
    "take": 26, "operator": 60, "again": 8, "other_body": 2, "leave": 3, "come_back": 3,
    "holder": 8,
    "steward": 6, "plan": 2, "stall": 3, "vanish": 5,
    "crash": 3, "power_cut": 2, "unknown": 2, "unsynced": 2, "written": 2, "conflict": 2,
    "full": 3, "slow": 2, "sick": 2, "clock": 3, "midnight": 2,
}  # fmt: skip
MOTIFS = (
    ("operator", "vanish", "operator", "operator", "midnight", "take", "take"),
    ("written", "take", "take", "again"),
    ("unsynced", "take", "take", "power_cut"),
    ("take", "crash", "power_cut", "again"),
    ("operator", "operator", "stall", "operator", "crash"),
    ("midnight", "take", "again", "again"),
    ("full", "take", "operator", "take", "operator"),
    ("conflict", "operator", "operator"),
)
"""What is interesting in a row."""
ACTS, CHANCES = tuple(WEIGHTS), tuple(WEIGHTS.values())


@dataclass(frozen=True, slots=True)
class Step:
    """At this virtual second, this happens; its details come from its own dice."""

    number: int
    at: float
    act: str
    dice: int

    def __str__(self) -> str:
        return f"{self.number:4} {self.at:8.3f} {self.act}"


def script(seed: int) -> list[Step]:
    """The steps of a seed: bursts and lulls."""
    dice = Random(f"script {seed}")
    acts = dice.choices(ACTS, CHANCES, k=STEPS)
    for _ in range(3):
        motif, start = dice.choice(MOTIFS), dice.randrange(8, STEPS - 8)
        acts[start : start + len(motif)] = motif
    # Everybody starts with an open counter and some people: less waiting for interesting things.
    acts[:8] = ["operator", "operator", "operator", "take", "take", "take", "take", "take"]
    at, steps = 0.1, []
    for number, act in enumerate(acts):
        at += dice.choice((0.0, 0.001, 0.02, 0.3, 0.8))
        steps.append(Step(number, at, act, dice.getrandbits(32)))
    return steps
