"""The office's tables, in numbered steps."""

from __future__ import annotations

from ..store import Steps

STEPS: Steps = (
    (
        """CREATE TABLE users (
             id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE,
             role TEXT NOT NULL, password TEXT NOT NULL, must_change INTEGER NOT NULL,
             created INTEGER NOT NULL) STRICT""",
        """CREATE TABLE sessions (
             hash BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
             created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT""",
        "CREATE INDEX sessions_of ON sessions(user)",
        """CREATE TABLE tokens (
             id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
             role TEXT NOT NULL, created INTEGER NOT NULL) STRICT""",
    ),
)
"""Ids are never used again (AUTOINCREMENT): the journal names people by them for years."""
