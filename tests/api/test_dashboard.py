"""The ready dashboard for Grafana names what the server gives, and nothing else."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx2
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from queue_server.config import PanelSection, PrinterSection
from tests.hall import ROOT, config, running

DASHBOARD = json.loads((ROOT / "deploy" / "grafana.json").read_text())
BY_PROMETHEUS = {"instance"}
"""Labels that it adds itself."""


def expressions(value: Any) -> list[tuple[str, str]]:
    """Every PromQL expression with its legend, wherever it stands."""
    match value:
        case dict():
            own = [(value["expr"], value.get("legendFormat", ""))] if "expr" in value else []
            return own + [found for one in value.values() for found in expressions(one)]
        case list():
            return [found for one in value for found in expressions(one)]
    return []


async def test_every_metric_and_label_of_the_dashboard_is_one_that_the_server_gives(
    tmp_path: Path,
) -> None:
    """In a hall with a printer and a panel; and all that it gives of the hall is on it, but for
    what counts the same thing twice."""
    settings = replace(
        config(),
        printers={"depan": PrinterSection("127.0.0.1:9", timeout_seconds=1)},
        panels={"bus": PanelSection("mqtt", "127.0.0.1:9", counters=("5",))},
    )
    async with running(tmp_path / "data", settings) as hall:
        given: dict[str, set[str]] = {}
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{hall.url}/metrics")
        for family in text_string_to_metric_families(answer.text):
            given.setdefault(family.name, set())
            for sample in family.samples:
                given.setdefault(sample.name, set()).update(sample.labels)
    empty = {"waiting": {"line"}, "tickets": {"status"}, "print_jobs": {"printer", "state"},
             "live_by_kind": {"kind"}}  # fmt: skip
    for name, labels in empty.items():
        given[f"antrean_{name}"] |= labels
    named = set[str]()
    for expression, legend in expressions(DASHBOARD):
        metrics = re.findall(r"\b((?:antrean|process)_\w+)", expression)
        assert metrics, expression
        labels = {x for found in re.findall(r"by \(([^)]*)\)", expression)
                  for x in re.split(r",\s*", found)}  # fmt: skip
        labels |= set(re.findall(r'[{,](\w+)=~?"', expression))
        labels |= set(re.findall(r"{{(\w+)}}", legend))
        for metric in metrics:
            assert metric in given, f"{metric} is not in /metrics"
            assert labels <= given[metric] | BY_PROMETHEUS, expression
        named |= set(metrics)
    twice = {f"antrean_live_{x}" for x in ("waiting", "frames_rendered", "calls_told", "flushes")}
    assert {name for name in given if name.startswith("antrean_")} - named == twice


def test_panels_stand_beside_each_other() -> None:
    """No two overlap, none leaves the grid of 24 columns, and every id is one panel's."""
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        across = one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"]
        down = one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"]
        assert not (across and down)
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
