#!/usr/bin/env python3
"""A receiver of Antrean's webhooks: verifies, drops repetitions, hands a text to a gateway.

Python's standard library alone; any library of standardwebhooks.com would verify the same.

    ANTREAN_SECRET=whsec_... python3 webhook_receiver.py --port 8088

`send` is the place to connect WhatsApp, SMS or e-mail: here it prints, or posts
`{"to": ..., "text": ...}` to the address in GATEWAY_URL.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import queue
import threading
import time
import urllib.request
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300
"""Seconds that a signature's time may be away from ours: an old one can't be replayed."""
LARGEST = 64 * 1024
REMEMBERED = 10_000
"""Ids of messages that are remembered. In memory: a busy gateway keeps them in its database."""

TEXTS = {
    "ticket.called": {
        "id": "Nomor {number}: silakan menuju {counter} sekarang. {url}",
        "en": "Number {number}: please go to {counter} now. {url}",
    },
    "ticket.near": {
        "id": "Nomor {number}: sebentar lagi giliran Anda, urutan ke-{position}. {url}",
        "en": "Number {number}: almost your turn, place {position} in line. {url}",
    },
    "ticket.go": {
        "id": "Nomor {number}: saatnya menuju ruang layanan. {url}",
        "en": "Number {number}: time to come to the hall. {url}",
    },
}
TEXTS["ticket.recalled"] = TEXTS["ticket.called"]

work: queue.Queue[dict] = queue.Queue()
seen: OrderedDict[str, None] = OrderedDict()
lock = threading.Lock()


def verified(secret: str, headers, body: bytes) -> bool:
    """Whether the body was signed with our secret, now: Standard Webhooks, scheme v1."""
    id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id or not at.isdecimal() or abs(time.time() - int(at)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(signed).decode()
    # There may be several, while a secret is being changed.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, one) for one in given)


def first_time(id: str) -> bool:
    """At least once means: sometimes twice."""
    with lock:
        if id in seen:
            return False
        seen[id] = None
        if len(seen) > REMEMBERED:
            seen.popitem(last=False)
        return True


def text_of(message: dict) -> str:
    """What the citizen reads, in the language of the ticket."""
    data = message["data"]
    language = "en" if data["language"] == "en" else "id"
    counter = (data.get("counter_name") or {}).get(language) or data.get("counter", "")
    values = {**data, "counter": counter, "position": data.get("position", "")}
    return TEXTS[message["type"]][language].format(**values)


def send(to: str, text: str) -> None:
    """Connect your gateway here. Never log who was written to."""
    gateway = os.environ.get("GATEWAY_URL")
    if not gateway:
        print(f"would send: {text}", flush=True)
        return
    body = json.dumps({"to": to, "text": text}).encode()
    kind = {"content-type": "application/json"}
    request = urllib.request.Request(gateway, body, kind)  # noqa: S310  # our own setting
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  # the same


def worker() -> None:
    """Sends what has been accepted, one after the other."""
    while True:
        message = work.get()
        contact = message["data"].get("contact", {})
        for to in contact.values():  # "phone" as +628..., "email"
            try:
                send(to, text_of(message))
            except OSError as error:
                print(f"the gateway did not take {message['type']}: {error}", flush=True)


class Receiver(BaseHTTPRequestHandler):
    """POST /. Answers at once; the work comes afterwards."""

    secret = ""

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self.answer(413)
            return
        body = self.rfile.read(int(length))
        if not verified(self.secret, self.headers, body):
            self.answer(401)
            return
        message = json.loads(body)
        if message["type"] in TEXTS and first_time(self.headers["webhook-id"]):
            work.put(message)
        self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Requests are not logged: they are about people."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Receive Antrean's webhooks.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8088)
    words = parser.parse_args()
    Receiver.secret = os.environ["ANTREAN_SECRET"]
    threading.Thread(target=worker, daemon=True).start()
    server = ThreadingHTTPServer((words.host, words.port), Receiver)
    print(f"receiving on http://{words.host}:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
