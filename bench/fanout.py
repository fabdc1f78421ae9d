"""Fan-out: one message to N WebSocket clients, each peer in turn, round after round.

Reported per delivered message and socket: server CPU, memory of an idle socket, and when the
first, the median, the 99th percentile and the last client had it. A client that gets a message
twice, out of order or not at all fails the run.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from .peers import Antrean, Nchan, Peer, RawSend
from .process import Talker, compiled, cpu_seconds, resident_bytes


@dataclass
class Figures:
    """What was measured of one peer at one size; lists hold a value a round or a message."""

    name: str
    sockets: int
    memory: float = 0.0
    """Bytes of the server's memory for each idle socket."""
    cpu: list[float] = field(default_factory=list)
    """Microseconds of server CPU for each delivered message, a round each."""
    first: list[float] = field(default_factory=list)
    median: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    """Milliseconds from publishing to a client, a message each."""


def measure(
    folder: Path, root: Path, sockets: int, rounds: int, messages: int, silent: int = 0
) -> list[Figures]:
    """All peers with `sockets` readers (and `silent` that never read), interleaved."""
    load = compiled("load", folder)
    antrean = Antrean(folder, root)
    size = _frame_size(antrean)
    peers: list[Peer] = [antrean, Nchan(folder, size), RawSend(folder, size)]
    if silent:
        peers.pop()  # a loop of blocking sends would stop at the first that doesn't read
    figures = [Figures(peer.name, sockets) for peer in peers]
    crowds = []
    try:
        for peer, found in zip(peers, figures, strict=True):
            crowds.append(_connect(load, peer, found, sockets, silent))
        for number in range(rounds + 1):
            for peer, found, crowd in zip(peers, figures, crowds, strict=True):
                one = Figures(peer.name, sockets)
                _round(peer, crowd, one, sockets, messages)
                if number:  # the first round warms up
                    found.cpu += one.cpu
                    for name in ("first", "median", "late", "last"):
                        getattr(found, name).extend(getattr(one, name))
    finally:
        for running in (*crowds, *peers):
            running.end()
    return figures


def _frame_size(antrean: Antrean) -> int:
    """The length of the frame that a real call makes: the peers send as many bytes."""
    from websockets.sync.client import connect

    address = f"ws://127.0.0.1:{antrean.port}{antrean.path}"
    with connect(address, compression=None, proxy=None) as socket:
        socket.recv()
        antrean.publish()
        return len(str(socket.recv()).encode())


def _connect(load: Path, peer: Peer, found: Figures, sockets: int, silent: int) -> Talker:
    before = resident_bytes(peer.pid)
    crowd = Talker(
        [load, "127.0.0.1", str(peer.port), peer.path, str(sockets), str(silent), peer.mark]
    )
    crowd.hear_until("ready")
    time.sleep(0.5)  # what the handshakes left behind is given back
    found.memory = (resident_bytes(peer.pid) - before) / (sockets + silent)
    _report(crowd)
    return crowd


def _round(peer: Peer, crowd: Talker, found: Figures, sockets: int, messages: int) -> None:
    before = cpu_seconds(peer.pid)
    began = []
    for _ in range(messages):
        began.append(peer.publish())
        time.sleep(0.02 + sockets * 0.00002)  # each message alone, as calls in a hall are
    lines = _settled(crowd, sockets, messages)
    delivered = sum(count for count, *_ in lines)
    if delivered != sockets * messages:
        raise RuntimeError(f"{peer.name}: {delivered} delivered, not {sockets * messages}")
    found.cpu.append((cpu_seconds(peer.pid) - before) / delivered * 1e6)
    for start, (_, first, median, late, last) in zip(began, lines, strict=True):
        for name, at in (("first", first), ("median", median), ("late", late), ("last", last)):
            getattr(found, name).append((at - start) / 1e6)


def _settled(crowd: Talker, sockets: int, messages: int) -> list[tuple[int, ...]]:
    """The crowd's report once everything arrived; 10 s at most."""
    rows: dict[int, tuple[int, ...]] = {}
    for _ in range(100):
        for id, *row in _report(crowd):
            before = rows.get(id)
            rows[id] = tuple(row) if before is None else _joined(before, tuple(row))
        if sum(row[0] for row in rows.values()) >= sockets * messages:
            break
        time.sleep(0.1)
    return [rows[id] for id in sorted(rows)]


def _joined(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """A message that was still arriving when it was first asked about."""
    return (a[0] + b[0], a[1], max(a[2], b[2]), max(a[3], b[3]), max(a[4], b[4]))


def _report(crowd: Talker) -> list[tuple[int, ...]]:
    crowd.say("report")
    rows = []
    while (line := crowd.hear()) != "end":
        rows.append(tuple(map(int, line.split())))
    return rows


def middle(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)
