"""The three that send: Antrean itself, nchan in nginx, and a loop of send() in C."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Protocol

from .process import Talker, compiled, free_port, wait_for_port

SERVICE = "paspor"
COUNTER = "37"
KEPT = 2.0
"""Seconds for which an idle HTTP connection is used again."""


class Peer(Protocol):
    """Something that sends one message to all its listeners."""

    name: str
    port: int
    path: str
    mark: str

    @property
    def pid(self) -> int:
        """The process whose CPU and memory count."""

    def publish(self) -> int:
        """Send a message; the CLOCK_MONOTONIC nanoseconds at which that began."""

    def end(self) -> None:
        """Stop it."""


class Antrean:
    """The real server: the real app, the real /live, a real call made through the API."""

    name = "antrean"
    mark = '{"id":'
    path = f"/live?topic=line:{SERVICE}&as=json"

    def __init__(self, folder: Path, root: Path) -> None:
        self.port = free_port()
        self._command = [sys.executable, "-m", "queue_server"]
        self._where = ["--config", str(root / "config.toml"), "--data", str(folder / "data")]
        environ = {
            **os.environ,
            "ANTREAN_HOURS__ALWAYS": "true",
            "ANTREAN_SPEECH__ENABLED": "false",
        }
        self._options = {"cwd": root, "env": environ}
        self._server = Talker(
            [*self._command, "serve", *self._where, "--port", str(self.port)],
            stderr=subprocess.DEVNULL, **self._options,
        )  # fmt: skip
        wait_for_port(self.port)
        self._http = http.client.HTTPConnection("127.0.0.1", self.port)
        self._used = 0.0
        self._http.request("GET", "/readyz")  # answered once it serves, not when it listens
        self._http.getresponse().read()
        self._secret = self._token("supervisor")
        self._post(f"/counters/{COUNTER}/openings", {})
        self._post("/tickets", {"service": SERVICE})
        call = self._post(f"/counters/{COUNTER}/calls", {"after": None})
        self._ticket = call["ticket"]

    @property
    def pid(self) -> int:
        return self._server.pid

    def publish(self) -> int:
        began = time.monotonic_ns()
        self._post(f"/counters/{COUNTER}/recalls", {"ticket": self._ticket})
        return began

    def end(self) -> None:
        self._http.close()
        self._server.end()

    def _token(self, role: str) -> str:
        command = [*self._command, "token", "add", "bench", "--role", role, *self._where]
        done = subprocess.run(command, capture_output=True, text=True, check=True, **self._options)
        return str(done.stdout.strip())

    def _post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        headers = {
            "Authorization": f"Bearer {self._secret}", "Content-Type": "application/json",
        }  # fmt: skip
        if time.monotonic() - self._used > KEPT:
            self._http.close()  # the server may be closing it at this moment
        self._used = time.monotonic()
        self._http.request("POST", f"/api/v1{path}", json.dumps(body), headers)
        answer = self._http.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"{path}: {answer.status} {text!r}")
        return dict(json.loads(text))


class Nchan:
    """nchan in Debian's nginx: one worker, in memory, WebSocket subscribers."""

    name = "nchan"
    mark = '{"id":'
    path = "/sub"

    def __init__(self, folder: Path, size: int) -> None:
        self.port = free_port()
        self._size = size
        self._id = 0
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=self.port))
        self._master = Talker(["nginx", "-c", config, "-e", folder / "error.log"])
        wait_for_port(self.port)
        children = Path(f"/proc/{self._master.pid}/task/{self._master.pid}/children")
        (self._worker,) = map(int, children.read_text().split())
        self._http = http.client.HTTPConnection("127.0.0.1", self.port)
        self.publish()  # a channel exists once something was published to it

    @property
    def pid(self) -> int:
        return self._worker

    def publish(self) -> int:
        self._id += 1
        body = message(self._id, self._size)
        began = time.monotonic_ns()
        self._http.request("POST", "/pub", body)
        self._http.getresponse().read()
        return began

    def end(self) -> None:
        self._http.close()
        self._master.end()


class RawSend:
    """The limit: a frame encoded once and sent in a loop, in C."""

    name = "send() in C"
    mark = '{"id":'
    path = "/"

    def __init__(self, folder: Path, size: int) -> None:
        self.port = free_port()
        self._size = size
        self._id = 0
        self._server = Talker([compiled("rawsend", folder), str(self.port)])
        self._server.hear_until("listening")

    @property
    def pid(self) -> int:
        return self._server.pid

    def publish(self) -> int:
        self._id += 1
        began = time.monotonic_ns()
        self._server.say(message(self._id, self._size))
        self._server.hear_until("sent")
        return began

    def end(self) -> None:
        self._server.end()


def message(id: int, size: int) -> str:
    """A message of `size` bytes with its id where Antrean has it."""
    start = f'{{"type":"state","calls":[{{"id":{id},"pad":"'
    return start + "x" * (size - len(start) - 4) + '"}]}'


NGINX = """
load_module modules/ngx_nchan_module.so;
daemon off;
worker_processes 1;
worker_rlimit_nofile 200000;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 100000; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /sub {{
      nchan_subscriber websocket;
      nchan_channel_id hall;
    }}
    location = /pub {{ nchan_publisher; nchan_channel_id hall; nchan_message_buffer_length 1; }}
  }}
}}
"""
