"""Thousands of bad days, each the same every time; and faults that must be found in them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .mutants import MUTANTS
from .play import Result, report, shrink, simulate
from .script import WEIGHTS

SEEDS, SECONDS, AT_LEAST = 2_000, 30.0, 200
"""As many seeds as one core plays in half a minute, at most SEEDS; fewer is no proof."""
WITHIN = 300
"""Seeds in which each mutant must be found."""


def test_every_claim_holds_on_every_seed() -> None:
    """Nothing lost, nothing twice, nothing before it is durable, everybody answered: under
    crashes, power cuts, full, slow and lying disks, jumping clocks, vanishing screens."""
    started, played = time.process_time(), 0
    while played < SEEDS and time.process_time() - started < SECONDS:
        result = simulate(played)
        assert not result.failure, report(result)
        played += 1
    seconds = time.process_time() - started
    print(f"{played} seeds, {played / seconds:.0f} a second")
    assert played >= AT_LEAST


@pytest.mark.parametrize("name", MUTANTS)
def test_every_mutant_is_found(name: str) -> None:
    """A deliberate fault breaks a claim soon: a harness that finds nothing is broken."""
    found = first_failure(name)
    assert found is not None, f"{name} is not found in {WITHIN} seeds"
    assert "Error" not in found.claim, f"found by accident: {found.failure}"
    print(f"{name}: seed {found.seed}: {found.failure}")


def first_failure(name: str) -> Result | None:
    results = (simulate(seed, mutant=MUTANTS[name]()) for seed in range(WITHIN))
    return next((result for result in results if result.failure), None)


def test_a_failing_seed_is_shrunk() -> None:
    """Fewer steps, the same claim, the same every time; the report tells how to replay."""
    mutant = MUTANTS["CursorOffByOne"]()
    failed = first_failure("CursorOffByOne")
    assert failed is not None
    steps, found = shrink(failed, mutant)
    assert len(steps) < 15
    assert found.claim == failed.claim
    assert simulate(failed.seed, steps, mutant).hash == found.hash
    assert f"--seed {failed.seed} --trace" in report(failed, mutant)


def test_a_seed_replays_exactly() -> None:
    """The same trace twice, and in processes that hash differently."""
    for seed in range(8):
        assert simulate(seed).hash == simulate(seed).hash
    here = simulate(7)
    assert len(here.trace) > 100
    for hashing in ("1", "2"):
        command = [sys.executable, "-m", "tests.simulation", "--seed", "7"]
        env = {**os.environ, "PYTHONHASHSEED": hashing}
        root = Path(__file__).parents[2]
        done = subprocess.run(command, capture_output=True, cwd=root, env=env, check=True)
        assert here.hash in done.stdout.decode()


def test_the_runs_meet_what_they_claim_to_survive() -> None:
    """Every kind of step, every answer of the Desk, and every end of a process occurs."""
    seen = "\n".join(line for seed in range(150) for line in simulate(seed).trace)
    for act in WEIGHTS:
        assert f" {act}\n" in seen, act
    for word in (
        "journal_full", "journal_unavailable", "stale", "nobody_waiting", "not_allowed",
        "UndoAct", "SkipTicket", "PlanVisit", "nothing_to_undo",
        "arrival_open", "KeyReused", "is lost", "crash", "power cut", "counter_in_use",
    ):  # fmt: skip
        assert word in seen, word
