"""A real CUPS server of our own: its folders in a test's folder, one raw queue, no network but
loopback. Its backend, which carries the bytes to a TCP port, is the one part that is ours: Debian
ships CUPS's own only together with a PostScript interpreter."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from .printer import PATIENCE

BACKEND = """#!/usr/bin/env python3
import os, socket, sys
if len(sys.argv) < 6:
    print('direct raw "Unknown" "Raw TCP"')
    sys.exit(0)
host, port = os.environ["DEVICE_URI"].removeprefix("raw://").split(":")
data = open(sys.argv[6], "rb").read() if len(sys.argv) > 6 else sys.stdin.buffer.read()
with socket.create_connection((host, int(port)), 5) as printer:
    printer.sendall(data)
"""
SERVER = """Listen 127.0.0.1:{port}
Browsing Off
DefaultAuthType None
WebInterface No
ErrorPolicy retry-current-job
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
FILES = """ServerRoot {base}/etc
ServerBin {base}/bin
DataDir /usr/share/cups
RequestRoot {base}/spool
TempDir {base}/spool/tmp
CacheDir {base}/cache
StateDir {base}/state
ErrorLog {base}/log/error
AccessLog {base}/log/access
PageLog {base}/log/page
Sandboxing Relaxed
"""


def cupsd() -> str | None:
    """Where the server is, or None."""
    return shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


async def run(*words: str) -> str:
    """One of its programs; what it says."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    child = await asyncio.create_subprocess_exec(
        shutil.which(words[0], path=path) or words[0], *words[1:],
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await child.communicate()
    return out.decode()


@contextlib.asynccontextmanager
async def serving(queue: str, printer: str) -> AsyncIterator[str]:
    """The server, with a queue to a printer ("host:port"); its address for CUPS_SERVER."""
    # Not in the test's own folder: backends run as another user, who may not enter there.
    with tempfile.TemporaryDirectory() as folder:
        async with _serving(Path(folder), queue, printer) as server:
            yield server


@contextlib.asynccontextmanager
async def _serving(base: Path, queue: str, printer: str) -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _lay_out(base, port)
    program = cupsd()
    assert program
    child = await asyncio.create_subprocess_exec(
        program, "-f", "-c", str(base / "etc/cupsd.conf"), "-s", str(base / "etc/cups-files.conf"),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    server = f"127.0.0.1:{port}"
    try:
        async with asyncio.timeout(PATIENCE):
            add = ("-p", queue, "-E", "-v", f"raw://{printer}", "-m", "raw")
            while "enabled" not in await run("lpstat", "-h", server, "-p", queue):
                await run("lpadmin", "-h", server, *add)
        yield server
    finally:
        child.terminate()
        await child.wait()


def _lay_out(base: Path, port: int) -> None:
    for name in ("etc", "bin/backend", "spool/tmp", "cache", "state", "log"):
        (base / name).mkdir(parents=True)
    base.chmod(0o755)
    (base / "bin/daemon").symlink_to("/usr/lib/cups/daemon")
    (base / "bin/backend/raw").write_text(BACKEND)
    (base / "bin/backend/raw").chmod(0o755)
    (base / "etc/cupsd.conf").write_text(SERVER.format(port=port))
    (base / "etc/cups-files.conf").write_text(FILES.format(base=base))
