"""A year of a mall in the reports: how long it takes to read in, and to answer.

    python -m bench.year            250,000 visits on 250 days, then each question of the pages

The entries are those of the real journal's format, made by a plain model of a day (nobody needs the
rules here), and go through the real projector into the real file.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace

from queue_server.catalogue import Catalogue
from queue_server.core import events as e
from queue_server.core.calendar import at
from queue_server.core.events import Entry
from queue_server.core.plan import Hours, Plan, Policy
from queue_server.reports.query import DIMENSIONS, Query
from queue_server.reports.room import Reports

ROOT = Path(__file__).resolve().parent.parent
OPENS, CLOSES = 8 * 60, 15 * 60 + 30
SECOND, MINUTE = 1000, 60_000
CHANNELS = ("kiosk", "kiosk", "booking", "remote")


def year(plan: Plan, first: date, days: int, visits: int, seed: int = 1) -> Iterator[list[Entry]]:
    """The entries of each working day, `visits` numbers a day at the plan's counters."""
    dice, id, day = Random(seed), 0, first
    for _ in range(days):
        while day.weekday() > 4:
            day += timedelta(days=1)
        entries = [
            Entry(id + at, *rest) for at, rest in enumerate(_day(plan, day, visits, dice), 1)
        ]
        # What a ticket is named by is the id of its issue, known only once it has its place.
        yield _numbered(entries)
        id, day = entries[-1].id, day + timedelta(days=1)


def _day(plan: Plan, day: date, visits: int, dice: Random) -> list[tuple[int, str, e.AnyEvent]]:
    """(when, by whom, what) in the order of time; tickets are named by their number in the day."""
    opens = int(at(day, OPENS, plan.hours).timestamp() * 1000)
    lasts = (CLOSES - OPENS) * MINUTE
    told: list[tuple[int, str, e.AnyEvent]] = []
    counters = list(plan.counters)
    free = dict.fromkeys(counters, opens)
    givers: dict[str, list[str]] = {}
    for counter in plan.counters.values():
        told.append((opens, f"u{counter.id}", e.CounterOpened(counter.id, f"u{counter.id}")))
        for service in counter.services:
            givers.setdefault(service, []).append(counter.id)
    services = sorted(givers)
    kinds = ["", "", "", *plan.priorities]
    arrivals = sorted(int(dice.triangular(0, lasts * 0.9, lasts * 0.2)) for _ in range(visits))
    for number, minute in enumerate(arrivals, 1):
        came, service = opens + minute, dice.choice(services)
        counter = min(givers[service], key=free.__getitem__)
        called = max(came + 5 * SECOND, free[counter])
        issue = e.TicketIssued(
            f"{plan.services[service].prefix}-{number:03d}", number, f"t{number}", service,
            priority=dice.choice(kinds), channel=dice.choice(CHANNELS),
        )  # fmt: skip
        told.append((came, "k1", issue))
        told.append((called, f"u{counter}", e.TicketCalled(number, counter)))
        started = called + int(dice.expovariate(1 / 20) * SECOND) + SECOND
        if dice.random() < 0.05:
            told.append((started, f"u{counter}", e.TicketMissed(number)))
            free[counter] = started
            continue
        ended = started + int(dice.expovariate(1 / 420) * SECOND) + 10 * SECOND
        told.append((started, f"u{counter}", e.ServiceStarted(number)))
        told.append((ended, f"u{counter}", e.ServiceFinished(number)))
        free[counter] = ended
    told.sort(key=lambda one: one[0])
    head = (opens - MINUTE, "system", e.DayOpened(day.isoformat(), plan))
    return [head, *told]


def _numbered(entries: list[Entry]) -> list[Entry]:
    """With tickets named by the ids of their issues."""
    ids = {x.event.value: x.id for x in entries if isinstance(x.event, e.TicketIssued)}
    return [
        Entry(x.id, x.at, x.by, _renamed(x.event, ids)) if isinstance(x.event, e.OfTicket) else x
        for x in entries
    ]


def _renamed(event: e.OfTicket, ids: dict[int, int]) -> e.AnyEvent:
    from msgspec.structs import replace

    return replace(event, ticket=ids[event.ticket])  # type: ignore[return-value]  # as it was


class Journal:
    """All entries in memory, as the reports read them."""

    epoch = "bench"

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.hall = SimpleNamespace(version=len(entries))

    async def read(self, after: int, limit: int) -> list[Entry]:
        return self.entries[after : after + limit]


async def run(path: Path, days: int, visits: int, rounds: int = 5) -> list[tuple[str, float]]:
    """(what, seconds): reading in, then the median of each question."""
    plan = Catalogue.load(ROOT / "catalogues/mpp-lampung-selatan.toml").plan(Hours(), Policy())
    first = date(2026, 1, 1)
    entries = [x for day in year(plan, first, days, visits) for x in day]
    reports = Reports(path)
    reports.promises = lambda: dict.fromkeys(plan.services, 10 * MINUTE)
    ever = {"first": first.isoformat(), "last": (first + timedelta(days=400)).isoformat()}
    reports.follow(Journal(entries))  # type: ignore[arg-type]  # as much of a Desk as is asked for
    found = []
    began = time.perf_counter()
    figures = await reports.figures(Query(**ever))
    found.append((f"reading in {figures.total.issued:,} visits", time.perf_counter() - began))
    questions = {
        f"by {by or 'nothing'}": lambda by=by: reports.figures(Query(**ever, by=by))
        for by in DIMENSIONS
    }  # fmt: skip
    questions["heat map"] = lambda: reports.heat(Query(**ever))
    questions["occupancy"] = lambda: reports.occupancy(Query(**ever))
    questions["one counter more, an agency"] = lambda: reports.what_if(
        Query(**ever, only={"agency": ("disdukcapil",)}), 1
    )
    questions["the slowest numbers"] = lambda: reports.tickets(Query(**ever), order="waiting")
    for name, question in questions.items():
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            await question()
            times.append(time.perf_counter() - began)
        found.append((name, statistics.median(times)))
    await reports.close()
    return found


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="antrean-year-") as folder:
        path = Path(folder) / "reports.duckdb"
        found = asyncio.run(run(path, 250, 1000))
        size = path.stat().st_size / 1e6
    print("| what | s |\n|---|---|")
    for name, seconds in found:
        print(f"| {name} | {seconds:.3f} |")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nfile {size:.1f} MB; the process, with the journal in it, {memory} MB at most")


if __name__ == "__main__":
    main()
