"""`antrean report`: a file of any kind, beside a running server or without one."""

from __future__ import annotations

import csv
import io
import json
import sys
from asyncio import create_subprocess_exec, subprocess
from pathlib import Path

import pytest

from queue_server import chores
from queue_server.core.calendar import day_of
from tests import hall as halls


async def run(data: Path, *arguments: str) -> tuple[int, str]:
    child = await create_subprocess_exec(
        sys.executable, "-m", "queue_server", "report", *arguments, "--config",
        str(halls.ROOT / "config.toml"), "--data", str(data), cwd=halls.ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await child.communicate()
    return child.returncode or 0, said.decode()


async def test_a_report_beside_a_running_server(tmp_path: Path) -> None:
    """The numbers of today in a file; what makes no sense: exit 2 and one line."""
    data = tmp_path / "data"
    async with halls.running(data) as hall:
        kiosk = await hall.client("kiosk")
        service = next(iter(hall.house.hall.plan.services))
        for _ in range(3):
            answer = await kiosk.post("/api/v1/tickets", json={"service": service})
            assert answer.status_code == 201
        today = day_of(hall.house.clock.now(), hall.house.hall.plan.hours)
        target = tmp_path / "made.csv"
        code, said = await run(data, str(target), "--from", today, "--by", "service")
        assert (code, "made.csv" in said) == (0, True), said
        rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
        assert [row["issued"] for row in rows] == ["3", "3"]
        programs = tmp_path / "made.json"
        right = {"first": today, "last": today, "language": "en", "file": str(programs)}
        agency = hall.house.hall.plan.services[service].agency
        for only, issued in ((f"agency={agency}", 3), ("channel=booking,remote", 0)):
            asked = right | {"by": "channel", "only": only}
            await chores.do(hall.house, hall.folder, "report", asked)
            told = json.loads(programs.read_bytes())
            assert told["total"]["issued"] == issued
            assert [row["name"] for row in told["rows"]] == ["Kiosk"] * bool(issued)
        code, said = await run(data, str(tmp_path / "x.txt"), "--from", today)
        assert (code, said.count("\n")) == (2, 1), said
        for wrong in (
            {"first": "2026-02-31"}, {"by": "colour"}, {"last": "2020-01-01"},
            {"only": "agency"}, {"only": "agency=nobody"}, {"only": "colour=red"},
        ):  # fmt: skip
            with pytest.raises(chores.ChoreFailed):
                await chores.do(hall.house, hall.folder, "report", right | {"by": ""} | wrong)
