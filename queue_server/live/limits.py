"""How patient the hub is, and in what portions it works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Every figure of the room that somebody may want to change.

    Times are seconds. `silent_heartbeats`: a client that could answer pings and was not heard
    during so many heartbeats is dropped; 0 never drops. `phones_per_turn` sockets cost about
    one to two milliseconds of the event loop, which is what a display may have to wait.
    `write_buffer_bytes` is held per slow client, once in the process and once, as unsent data,
    in the kernel. `slow_seconds` pass between two frames of a slow topic.
    """

    heartbeat_seconds: float = 15.0
    silent_heartbeats: int = 3
    stalled_seconds: float = 30.0
    write_buffer_bytes: int = 65_536
    boards_per_turn: int = 1024
    phones_per_turn: int = 256
    heartbeats_per_turn: int = 256
    slow_seconds: float = 0.5
    topics_per_connection: int = 16
