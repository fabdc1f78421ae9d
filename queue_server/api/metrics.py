"""What Prometheus reads, taken from the hall when it asks: nothing is counted twice."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from prometheus_client.core import CollectorRegistry, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from ..house import House


def registry(house: House) -> CollectorRegistry:
    """A registry of this house alone."""
    found = CollectorRegistry(auto_describe=False)
    found.register(HallCollector(house))
    ProcessCollector(registry=found)
    return found


class HallCollector(Collector):
    """Reads the house at every scrape."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        yield from self._of_hall()
        yield from self._of_live()
        yield from self._of_printing()
        yield from self._of_panels()
        voice = self._house.voice
        speaks = voice is not None and voice.status.available
        yield _one("voice_available", "1 when the hall can speak", speaks)

    def _of_hall(self) -> Iterator[Metric]:
        hall, desk = self._house.hall, self._house.desk
        yield _one("ready", "1 when the journal can be written", desk.ready)
        yield _one("storage_short", "1 when the disk is nearly full", desk.short)
        yield _one("version", "Id of the last journal entry", hall.version)
        tickets = Tally(ticket.status for ticket in hall.tickets.values())
        yield _each("tickets", "Today's tickets by status", "status", tickets.items())
        counters = Tally(counter.state for counter in hall.counters.values())
        yield _each("counters", "Counters by state", "state", counters.items())
        lines = ((name, len(line)) for name, line in hall.lines.items() if line)
        yield _each("waiting", "Tickets waiting, by line", "line", lines)

    def _of_live(self) -> Iterator[Metric]:
        statistics = self._house.hub.statistics()
        for field in fields(statistics):
            value = getattr(statistics, field.name)
            name = f"live_{field.name}"
            if isinstance(value, Mapping):
                yield _each(name, "Live subscriptions by kind of topic", "kind", value.items())
            else:
                yield _one(name, f"The live feed: {field.name.replace('_', ' ')}", value)

    def _of_printing(self) -> Iterator[Metric]:
        printing = self._house.rooms.printing
        if not printing.printers:
            return
        ready = ((id, int(not printing.state(id).reason)) for id in printing.printers)
        yield _each("printer_up", "1 when the printer can print", "printer", ready)
        low = ((id, int(printing.state(id).paper in ("low", "out"))) for id in printing.printers)
        yield _each("printer_paper_low", "1 when its paper is near the end", "printer", low)
        jobs = GaugeMetricFamily(
            "antrean_print_jobs", "Print jobs of the last week", labels=["printer", "state"]
        )
        for (printer, state), count in printing.tally.items():
            jobs.add_metric([printer, state], count)
        yield jobs

    def _of_panels(self) -> Iterator[Metric]:
        panels = self._house.rooms.panels.health()
        if not panels:
            return
        up = ((panel.id, int(not panel.reason)) for panel in panels)
        yield _each("panel_up", "1 when every face shows the present", "panel", up)
        behind = ((p.id, sum(bool(face.reason) for face in p.faces)) for p in panels)
        yield _each("panel_faces_behind", "Counters whose face does not", "panel", behind)


def _one(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"antrean_{name}", what, value=float(value))


def _each(name: str, what: str, label: str, values: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(f"antrean_{name}", what, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family
