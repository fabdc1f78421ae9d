"""A counter's number from Antrean's live feed, for a panel of your own: prints a line whenever
another number, or another state, is to be shown.

    pip install websockets
    python panel_feed.py http://192.168.1.10:8000 5

It follows what the counter's door shows, which everybody may see: no secret stands in a panel. A
line is "called A-012", "serving A-012", "open", "break", "closed", or "offline" while the server
can't be heard. Replace `show` by whatever lights your panel. See docs/protocol.md, "Live feed".
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from typing import Any
from urllib.parse import quote

import websockets

SILENCE = 35.0
"""Seconds without a word, heartbeats included, after which the connection is given up."""
LONGEST = 15.0
"""Seconds between two attempts at most."""


def show(text: str) -> None:
    """Light the panel."""
    print(text, flush=True)


def words(state: dict[str, Any]) -> str:
    """What the panel says of a counter's state."""
    if state["now"] is None:
        return str(state["state"])
    return f"{'serving' if state['serving'] else 'called'} {state['now']['number']}"


async def follow(address: str, shown: list[str]) -> None:
    """Show every state until the connection is lost. Raises what ended it."""
    async with websockets.connect(address, proxy=None) as socket:
        while True:
            async with asyncio.timeout(SILENCE):
                message = json.loads(await socket.recv())
            if message["type"] != "state":
                continue  # a heartbeat: somebody is there
            put(words(message["state"]), shown)


def put(text: str, shown: list[str]) -> None:
    """Show it, unless it stands there already."""
    if shown != [text]:
        shown[:] = [text]
        show(text)


async def main(server: str, counter: str) -> None:
    """Follow for ever; after a loss again, at growing intervals that differ between panels."""
    address = f"{server.replace('http', 'ws', 1)}/live?topic=door:{quote(counter)}&as=json"
    shown: list[str] = []
    wait = 1.0
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await follow(address, shown)
        except websockets.InvalidStatus as error:
            print(f"refused: {error.response.status_code}", file=sys.stderr, flush=True)
        except (OSError, TimeoutError, websockets.WebSocketException):
            pass
        put("offline", shown)
        if asyncio.get_running_loop().time() - started > SILENCE:
            wait = 1.0
        await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311  # jitter, no secret
        wait = min(wait * 2, LONGEST)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: panel_feed.py http://SERVER:8000 COUNTER")
    asyncio.run(main(sys.argv[1].rstrip("/"), sys.argv[2]))
