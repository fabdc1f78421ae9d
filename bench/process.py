"""Processes under measurement: started, watched, ended by id."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_bytes(pid: int) -> int:
    """Its resident memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def compiled(name: str, folder: Path) -> Path:
    """A C program of this folder, built with -O2."""
    source, target = Path(__file__).with_name(f"{name}.c"), folder / name
    subprocess.run(["gcc", "-O2", "-o", target, source], check=True)
    return target


class Talker:
    """A child process that is talked to by lines."""

    def __init__(self, command: list[str | Path], **options: object) -> None:
        self.child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            **options,  # type: ignore[call-overload]
        )  # fmt: skip

    @property
    def pid(self) -> int:
        return int(self.child.pid)

    def say(self, line: str) -> None:
        """One line to its stdin."""
        assert self.child.stdin is not None
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()

    def hear(self) -> str:
        """Its next line. Raises RuntimeError when it ended or says that it failed."""
        assert self.child.stdout is not None
        line = str(self.child.stdout.readline()).strip()
        if not line or line.startswith("failed"):
            raise RuntimeError(f"{self.child.args}: {line or 'ended'}")
        return line

    def hear_until(self, start: str) -> str:
        """The next line that starts so."""
        while not (line := self.hear()).startswith(start):
            pass
        return line

    def end(self) -> None:
        """End it, and wait."""
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def wait_for_port(port: int) -> None:
    """Until something listens there; 20 s at most."""
    for _ in range(400):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
