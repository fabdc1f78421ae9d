"""The tables of `bookings.db`, in numbered steps."""

from __future__ import annotations

from ..store import Steps

STEPS: Steps = (
    (
        """CREATE TABLE bookings (
             id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE,
             code TEXT NOT NULL UNIQUE, service TEXT NOT NULL, agency TEXT NOT NULL,
             pool TEXT NOT NULL, day TEXT NOT NULL, start INTEGER NOT NULL, finish INTEGER NOT NULL,
             begins INTEGER NOT NULL, ends INTEGER NOT NULL, state TEXT NOT NULL,
             expires INTEGER NOT NULL, created INTEGER NOT NULL, changes INTEGER NOT NULL,
             language TEXT NOT NULL, ticket INTEGER NOT NULL, attempt INTEGER NOT NULL,
             reason TEXT NOT NULL, phone TEXT NOT NULL, device TEXT NOT NULL,
             key TEXT UNIQUE, digest TEXT NOT NULL) STRICT""",
        "CREATE INDEX bookings_of_session ON bookings(pool, day, start)",
        "CREATE INDEX bookings_of_day ON bookings(day)",
        "CREATE INDEX bookings_open ON bookings(state, ends)",
        """CREATE TABLE quotas (
             pool TEXT NOT NULL, day TEXT NOT NULL, start INTEGER NOT NULL, quota INTEGER NOT NULL,
             PRIMARY KEY (pool, day, start)) STRICT""",
        """CREATE TABLE audit (
             id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL,
             what TEXT NOT NULL, booking INTEGER NOT NULL, detail TEXT NOT NULL,
             told INTEGER NOT NULL) STRICT""",
        "CREATE INDEX audit_untold ON audit(id) WHERE told = 0",
        "CREATE INDEX audit_of_booking ON audit(booking)",
        """CREATE TABLE remote (
             key TEXT PRIMARY KEY, device TEXT NOT NULL, day TEXT NOT NULL, token TEXT NOT NULL,
             at INTEGER NOT NULL) STRICT""",
        "CREATE INDEX remote_of_device ON remote(device, day)",
    ),
    (
        """CREATE TABLE moves (
             key TEXT PRIMARY KEY, digest TEXT NOT NULL, at INTEGER NOT NULL) STRICT""",
    ),
    ("ALTER TABLE bookings ADD COLUMN package TEXT NOT NULL DEFAULT ''",),
)
"""Telephone numbers and devices stand here as keyed hashes only (`codes.Seal`)."""
