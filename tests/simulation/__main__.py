"""`python -m tests.simulation --seeds 0:2000`; `--seed 17 --trace`; `--mutant NAME`; `--jobs 2`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from .mutants import MUTANTS
from .play import Result, report, simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="0:2000", help="first:last, the last not included")
    parser.add_argument("--seed", type=int, help="one seed")
    parser.add_argument("--trace", action="store_true", help="print all that happened")
    parser.add_argument("--mutant", choices=MUTANTS, help="with a deliberate fault")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    asked = parser.parse_args()
    first, last = (int(part) for part in asked.seeds.split(":"))
    seeds = [asked.seed] if asked.seed is not None else range(first, last)
    started, failures = time.perf_counter(), 0
    for result in results(seeds, asked.mutant, asked.jobs):
        if asked.trace:
            print("\n".join(result.trace))
        if asked.seed is not None:
            print(f"seed {result.seed}: hash {result.hash}")
        if result.failure:
            failures += 1
            print(report(result, MUTANTS[asked.mutant]() if asked.mutant else None), flush=True)
    seconds = time.perf_counter() - started
    print(f"{len(seeds)} seeds, {failures} failed, {len(seeds) / seconds:.0f} seeds/s")
    return bool(failures)


def results(seeds: Iterable[int], mutant: str | None, jobs: int) -> Iterable[Result]:
    play = partial(one, mutant)
    if jobs == 1:
        return map(play, seeds)
    return ProcessPoolExecutor(jobs).map(play, seeds, chunksize=20)


def one(mutant: str | None, seed: int) -> Result:
    return simulate(seed, mutant=MUTANTS[mutant]() if mutant else None)


if __name__ == "__main__":
    sys.exit(main())
