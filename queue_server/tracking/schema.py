"""The room's tables, in numbered steps. History can't be changed, not even by mistake."""

from __future__ import annotations

from ..store import Steps

STEPS: Steps = (
    (
        """CREATE TABLE applications (
             id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE,
             service TEXT NOT NULL, agency TEXT NOT NULL, file TEXT NOT NULL, ticket TEXT NOT NULL,
             days INTEGER NOT NULL, minutes INTEGER NOT NULL, state TEXT NOT NULL,
             due INTEGER NOT NULL, registered INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT""",
        "CREATE UNIQUE INDEX one_a_visit ON applications(ticket) WHERE ticket <> ''",
        "CREATE UNIQUE INDEX one_a_file ON applications(agency, file) WHERE file <> ''",
        "CREATE INDEX by_state ON applications(state, due)",
        "CREATE INDEX by_agency ON applications(agency, state)",
        """CREATE TABLE steps (
             id INTEGER PRIMARY KEY AUTOINCREMENT,
             application INTEGER NOT NULL REFERENCES applications(id),
             at INTEGER NOT NULL, by TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
             missing TEXT NOT NULL, note TEXT NOT NULL, correction INTEGER NOT NULL,
             due INTEGER NOT NULL) STRICT""",
        "CREATE INDEX steps_of ON steps(application)",
        """CREATE TRIGGER steps_stay BEFORE UPDATE ON steps
             BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        """CREATE TRIGGER steps_remain BEFORE DELETE ON steps
             BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        """CREATE TABLE keys (
             key TEXT PRIMARY KEY, digest TEXT NOT NULL, step INTEGER NOT NULL,
             at INTEGER NOT NULL) STRICT""",
        """CREATE TABLE pickups (
             token TEXT PRIMARY KEY, application INTEGER NOT NULL REFERENCES applications(id),
             at INTEGER NOT NULL, settled INTEGER NOT NULL) STRICT""",
        "CREATE INDEX pickups_of ON pickups(application)",
        "CREATE TABLE told (step INTEGER NOT NULL) STRICT",
        "INSERT INTO told VALUES (0)",
    ),
    (
        # History goes with its application as a whole, when its time is over; never by itself.
        "DROP TRIGGER steps_remain",
        """CREATE TRIGGER steps_remain BEFORE DELETE ON steps
             WHEN EXISTS (SELECT 1 FROM applications WHERE id = OLD.application)
             BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
    ),
)
"""`told` holds the last step that webhooks were told of. `pickups` and `applications.ticket`
name tickets by their tokens, which are never used again, unlike ids after a restored journal."""
