"""`make bench`: measure, and write the table to bench/README.md."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from .fanout import Figures, measure, middle

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run, print, and write."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--sockets", type=int, nargs="*", default=[1000, 5000, 10000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "README.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        parts = [_head()]
        for sockets in given.sockets:
            folder = Path(name) / str(sockets)
            folder.mkdir()
            figures = measure(folder, ROOT, sockets, given.rounds, given.messages)
            parts.append(_table(f"{sockets:,} sockets", figures))
            print(parts[-1], flush=True)
        folder = Path(name) / "silent"
        folder.mkdir()
        most = min(given.sockets[-1], 1000)
        figures = measure(folder, ROOT, most, given.rounds, given.messages, silent=most // 10)
        parts.append(_table(f"{most:,} sockets and {most // 10} that never read", figures))
        print(parts[-1], flush=True)
    given.out.write_text("\n".join(parts), encoding="utf-8")


def _head() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()  # fmt: skip
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        "# Measured\n\n"
        f"`make bench` on {date.today()}, commit {commit}: {os.cpu_count()} cores, "
        f"{platform.system()} {platform.release()}, Python {sys.version.split()[0]}, load before "
        f"the run {load}.\n\n"
        "A real call through the API, to phones that listen to one line over `/live`; nchan in "
        "Debian's nginx and a loop of `send()` in C send as many bytes. Rounds are interleaved; "
        "medians. Compare the ratios, not the absolute figures.\n"
    )


def _table(title: str, figures: list[Figures]) -> str:
    peer = next(f for f in figures if f.name == "nchan")
    rows = [
        f"\n## {title}\n",
        "| sender | CPU a delivery (µs) | × nchan | memory an idle socket (bytes) | × nchan "
        "| first (ms) | median | p99 | last | last × nchan |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for f in figures:
        cpu, last = middle(f.cpu), middle(f.last)
        memory = "–" if f.name.startswith("send") else f"{f.memory:,.0f}"
        share = "–" if f.name.startswith("send") else f"{f.memory / peer.memory:.2f}"
        rows.append(
            f"| {f.name} | {cpu:.2f} | {cpu / middle(peer.cpu):.2f} | {memory} | {share} "
            f"| {middle(f.first):.2f} | {middle(f.median):.2f} | {middle(f.late):.2f} "
            f"| {last:.2f} | {last / middle(peer.last):.2f} |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
