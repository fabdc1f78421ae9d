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
    (
        "ALTER TABLE users ADD COLUMN agencies TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE users ADD COLUMN zones TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE users ADD COLUMN source TEXT NOT NULL DEFAULT 'here'",
        """CREATE TABLE links (
             issuer TEXT NOT NULL, subject TEXT NOT NULL,
             user INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
             created INTEGER NOT NULL, PRIMARY KEY (issuer, subject)) STRICT""",
        "ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tokens ADD COLUMN agencies TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tokens ADD COLUMN zones TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tokens ADD COLUMN expires INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE tokens ADD COLUMN used INTEGER NOT NULL DEFAULT 0",
    ),
    ("ALTER TABLE users ADD COLUMN issued INTEGER NOT NULL DEFAULT 0",),
)
"""Agencies, zones and scopes are names with a space between. `source`: a user was made "here", or
by a provider's sign-in ("oidc"), which then says the role. `issued`: when a one-time password was
made (0: before that was noted). Ids are never used again
(AUTOINCREMENT): the journal names people by them for years."""
