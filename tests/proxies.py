"""`python -m tests.proxies caddy` (or nginx): a hall behind the real proxy, by deploy/'s own file.

Not part of the suite, which doesn't install proxies: run it when one of the files changes. Prints
what it saw, or fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import ssl
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import websockets

from tests.hall import ROOT, Process

NAME = "localhost"


def free() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def caddy(folder: Path, port: int, behind: int) -> asyncio.subprocess.Process:
    """As it stands, with a name that gets a certificate of Caddy's own authority."""
    environ = {
        **os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "caddy"),
        "ANTREAN_SITE": f"https://{NAME}:{port}", "ANTREAN_UPSTREAM": f"127.0.0.1:{behind}",
    }  # fmt: skip
    file = folder / "Caddyfile"  # its authority is not to be installed on this machine
    head = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"
    file.write_text(head + (ROOT / "deploy" / "Caddyfile").read_text())
    return await asyncio.create_subprocess_exec(
        "caddy", "run", "--adapter", "caddyfile", "--config", str(file), env=environ,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def nginx(folder: Path, port: int, behind: int) -> asyncio.subprocess.Process:
    """As it stands, with other ports and a certificate of our own."""
    pair = folder / "key.pem", folder / "cert.pem"
    made = await asyncio.create_subprocess_exec(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
        f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(pair[0]), "-out",
        str(pair[1]), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await made.wait() == 0
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{free()};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
        "/etc/letsencrypt/live/antrean.example.go.id/fullchain.pem": str(pair[1]),
        "/etc/letsencrypt/live/antrean.example.go.id/privkey.pem": str(pair[0]),
        "antrean.example.go.id": NAME,
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    file = folder / "nginx.conf"
    file.write_text(text)
    return await asyncio.create_subprocess_exec(
        "nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(file), "-g",
        f"daemon off; pid {folder}/nginx.pid;",
    )  # fmt: skip


@contextlib.asynccontextmanager
async def in_front(kind: str, folder: Path, behind: int) -> AsyncIterator[str]:
    """The proxy; its host and port."""
    port = free()
    child = await {"caddy": caddy, "nginx": nginx}[kind](folder, port, behind)
    try:
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                await asyncio.sleep(0.05)
        yield f"{NAME}:{port}"
    finally:
        child.terminate()
        await child.wait()


def trusting() -> ssl.SSLContext:
    """The certificate is of today's own making; that it is asked for is what matters here."""
    found = ssl.create_default_context()
    found.check_hostname, found.verify_mode = False, ssl.CERT_NONE
    return found


async def state(socket: websockets.ClientConnection, call: int = 0) -> dict[str, Any]:
    """The next state; with `call`, the one that tells of it."""
    async with asyncio.timeout(20):
        while True:
            found: dict[str, Any] = json.loads(await socket.recv())
            if found["type"] == "state" and (not call or call in [x["id"] for x in found["calls"]]):
                return found


def live(host: str, **more: Any) -> Any:
    query = "topic=zone:hall&as=json" + more.pop("cursor", "")
    headers = {"Origin": more.pop("origin", f"https://{host}")}
    return websockets.connect(
        f"wss://{host}/live?{query}", ssl=trusting(), proxy=None, additional_headers=headers
    )


async def try_it(kind: str, folder: Path) -> None:
    hall = Process(folder / "data")
    await hall.start()
    headers = {"Authorization": f"Bearer {await hall.secret('supervisor')}"}
    async with in_front(kind, folder, hall.port) as host:
        client = httpx2.AsyncClient(
            base_url=f"https://{host}", headers=headers, verify=trusting(), trust_env=False,
            timeout=20,
        )  # fmt: skip
        async with client:
            await pages(client, host)
            await calls(client, host, hall)
            await restarts(client, host, hall)
    assert await hall.stop() == 0


async def pages(client: httpx2.AsyncClient, host: str) -> None:
    """Pages and their rules, as from the server itself."""
    page = await client.get("/sign-in")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert f"wss://{host}" in page.headers["content-security-policy"]
    form = {"name": "nobody", "password": "wrong password"}
    own = await client.post("/sign-in", data=form, headers={"Origin": f"https://{host}"})
    assert own.status_code in (200, 401, 403, 422), own.status_code
    assert "cross_site" not in own.text
    bare = httpx2.AsyncClient(verify=trusting(), trust_env=False)
    async with bare:
        foreign = await bare.post(
            f"https://{host}/sign-in", data=form, headers={"Origin": "https://evil.example"}
        )
        assert foreign.status_code == 403
        forged = await bare.get(
            f"https://{host}/metrics", headers={"X-Forwarded-For": "203.0.113.9"}
        )
        assert forged.status_code == 200, "the proxy believed a client's word for its address"
    big = await client.post("/api/v1/tickets", content=b"x" * 2_000_000)
    assert big.status_code == 413, big.status_code
    print("pages: own forms are taken, another site's are not; a forged address is not believed")


async def calls(client: httpx2.AsyncClient, host: str, hall: Process) -> None:
    """Called over https, heard over wss."""
    at = "/api/v1/counters/37"
    assert (await client.post(f"{at}/openings", json={})).status_code == 201
    took, current = [], None
    async with live(host) as board:
        await state(board)
        for _ in range(20):
            answer = await client.post("/api/v1/tickets", json={"service": "paspor"})
            assert answer.status_code == 201, answer.text
            begun = time.perf_counter()
            answer = await client.post(f"{at}/calls", json={"after": current})
            assert answer.status_code == 201, answer.text
            call = answer.json()
            await state(board, call["id"])
            took.append((time.perf_counter() - begun) * 1000)
            current = call["ticket"]
            await client.post(f"{at}/starts", json={"ticket": current})
    print(f"wss: 20 calls heard, click to frame {sorted(took)[10]:.1f} ms in the middle")
    with contextlib.suppress(websockets.InvalidStatus):
        async with live(host, origin="https://evil.example"):
            raise AssertionError("another site's page may listen")
    print("wss: another site's page is refused")


async def restarts(client: httpx2.AsyncClient, host: str, hall: Process) -> None:
    """A kill behind the proxy: the socket closes, and the same cursor goes on."""
    async with live(host) as board:
        seen = await state(board)
        port = hall.port
        await hall.kill()
        async with asyncio.timeout(10):
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    await board.recv()
    begun = time.perf_counter()
    await hall.start(port)
    cursor = f"&epoch={seen['epoch']}&after={seen['version']}"
    async with live(host, cursor=cursor) as board:
        again = await state(board)
        assert again["epoch"] == seen["epoch"]
        assert again["version"] >= seen["version"]
    print(f"kill -9 and start: heard again after {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    passing = Path(tempfile.mkdtemp(prefix="antrean-proxy-"))
    try:
        asyncio.run(try_it(sys.argv[1], passing))
    finally:
        shutil.rmtree(passing)
