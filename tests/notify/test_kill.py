"""A server that is killed loses no message: what happened is told, each under one id."""

from __future__ import annotations

from pathlib import Path

import httpx2

from tests.hall import Process

from .kit import hook, receiver

SERVICE = "ktp-el-rekam"


async def test_kill_9_loses_no_message(tmp_path: Path) -> None:
    """Killed while numbers are taken and the receiver is slow; after the start every number that
    was answered has been told, and no id stands for two."""
    async with receiver() as got:
        got.answers = [503]
        server = Process(tmp_path, **hook(got.url, "ticket.issued"))
        await server.start()
        secret = await server.secret("kiosk")
        issued = await numbers(server.url, secret, 12)
        await server.kill()
        await server.start()
        try:
            issued += await numbers(server.url, secret, 2)
            await got.until(lambda: len(got.of("ticket.issued")) >= len(issued))
        finally:
            await server.stop()
    ids = {id: body["data"]["number"] for id, body in got.came}
    assert sorted(set(ids.values())) == sorted(issued)
    assert len(ids) == len(issued)


async def numbers(url: str, secret: str, count: int) -> list[str]:
    """So many numbers, taken one after the other."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False) as web:
        answers = [
            await web.post("/api/v1/tickets", json={"service": SERVICE}) for _ in range(count)
        ]
    return [answer.json()["number"] for answer in answers]
