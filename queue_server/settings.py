"""What administrators set in the browser, laid over config.toml: file < settings < environment.

A section's settings are the `after` of its last change (`changes`): what is in force and what the
audit trail says can't differ. A key that the environment sets stays as it is there.

The secrets of panels and webhooks are no part of that trail: a room of their own keeps them, and
a section names them (`secret_file = "@webhooks.gateway.2"`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from .changes import Changes
from .config import Config, ConfigError, pinned, relaid
from .store import Steps, Store
from .web.identity import Identity
from .web.problems import Problem

SECTIONS: dict[str, tuple[str, ...]] = {
    "hall": ("name", "place"),
    "hours": (),
    "holidays": (),
    "shifts": (),
    "policy": (),
    "booking": (),
    "alarms": (),
    "sessions": (),
    "backup": ("at", "keep_days", "warn_hours"),
    "survey": (),
    "tracking": (),
    "retention": (),
    "phone": (),
    "notes": (),
    "kiosk": (),
    "console": (),
    "displays": (
        "layout", "theme", "languages", "media", "running_text", "running_text_en", "texts",
        "history",
    ),
    "zones": (),
    "screens": (),
    "playlists": (),
    "reports": (),
    "printers": (),
    "panels": (),
    "webhooks": (),
}  # fmt: skip
"""The sections that the browser may set, with the keys that it may; (): all of them. A section
belongs here once every room that reads it follows a change without a restart."""
TABLES = frozenset(
    {"zones", "screens", "playlists", "printers", "panels", "webhooks", "shifts", "reports"}
)
"""Tables of tables: as they are set, they take the place of the file's as a whole."""
PREFIX = "settings."

SECRET = frozenset({"panels", "webhooks"})
"""Tables whose entries have a `secret`."""
KEPT = "@"
"""What the name of a secret that is kept here begins with, where a file's name may stand."""
STEPS: Steps = (("CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",),)

Listener = Callable[[Config], Awaitable[None]]


class Settings:
    """The settings in force. `file` is the configuration without them, `environ` what is above
    them. `listeners` are told in their order, each before the change is answered."""

    def __init__(
        self, file: Config, environ: Mapping[str, str], changes: Changes, secrets: Path
    ) -> None:
        self.config = self.file = file
        self.checks: list[Listener] = []
        """What else has to agree before a configuration is set; raises ConfigError."""
        self.listeners: list[Listener] = []
        self._store = Store(secrets, STEPS, private=True)
        self._base = secrets.parent.resolve()
        self._secrets: dict[str, str] = {}
        self._pinned = pinned(environ)
        self._changes = changes
        self._own: dict[str, dict[str, Any]] = {}
        self._revisions: dict[str, int] = {}
        self._changing = asyncio.Lock()

    async def open(self) -> None:
        """Lay what was set over the file. Raises ConfigError: the file has changed so that both
        together are no configuration; sqlite3.Error, ValueError."""
        await self._store.open()
        self._secrets = dict(await self._store.read("SELECT name, value FROM secrets"))
        for what, change in (await self._changes.newest(PREFIX)).items():
            section = what.removeprefix(PREFIX)
            values = msgspec.json.decode(change.after)
            self._revisions[section] = change.id
            if values is not None and section in SECTIONS:
                self._own[section] = values
        self.config = self._laid(self._own)

    async def close(self) -> None:
        """Close the file of secrets."""
        await self._store.close()

    def own(self, section: str) -> dict[str, Any]:
        """What was set of a section; {} where the file decides alone."""
        return dict(self._own.get(section, {}))

    def revision(self, section: str) -> int:
        """The id of a section's last change; 0: there is none. A form carries it."""
        return self._revisions.get(section, 0)

    def pinned(self, section: str) -> frozenset[str]:
        """The keys of a section that the environment sets: no change has an effect on them."""
        return frozenset(key for of, key in self._pinned if of == section)

    async def change(
        self, section: str, values: Mapping[str, Any] | None, by: Identity, address: str,
        *, seen: int | None = None, why: str = "",
    ) -> None:  # fmt: skip
        """Set a section: `values` takes the place of what was set of it before; None: as the file
        has it. Durable, recorded and in force when this returns; the same again changes nothing.

        `seen` is the revision that the form showed. Raises ConfigError (its message names the
        key), Problem 409 `changed_since`: somebody else was faster, Unavailable.
        """
        if section not in SECTIONS:
            raise ConfigError(f"{section}: expected one of {', '.join(SECTIONS)}")
        await asyncio.shield(self._change(section, values, by, address, seen, why))

    async def _change(
        self, section: str, values: Mapping[str, Any] | None, by: Identity, address: str,
        seen: int | None, why: str,
    ) -> None:  # fmt: skip
        async with self._changing:
            if seen is not None and seen != self.revision(section):
                raise Problem(409, "changed_since")
            allowed = SECTIONS[section]
            for key in values or {}:
                if allowed and key not in allowed:
                    known = ", ".join(allowed)
                    raise ConfigError(f"{section}.{key}: expected one of {known}")
            given = None if values is None else msgspec.to_builtins(values)
            fresh = self._hidden(section, given or {})
            own = {name: one for name, one in self._own.items() if name != section}
            if given is not None:
                own[section] = given
            config = self._laid(own, fresh)
            before = self._own.get(section)
            if before == given:
                return
            for check in self.checks:
                await check(config)
            for name, secret in fresh.items():
                await self._store.write(
                    ("INSERT OR REPLACE INTO secrets VALUES (?, ?)", (name, secret))
                )
            id = await self._changes.record(
                by, address, PREFIX + section, "change", before, given, why
            )
            self._secrets |= fresh
            self._own, self._revisions[section], self.config = own, id, config
            await self._forget(section)
            for listener in self.listeners:
                await listener(config)

    def _hidden(self, section: str, values: dict[str, Any]) -> dict[str, str]:
        """Take the secrets out of a section; those that are not kept yet, by their new names."""
        fresh: dict[str, str] = {}
        for id, one in values.items() if section in SECRET else ():
            secret = one.get("secret", "") if isinstance(one, dict) else ""
            if not secret:
                continue
            prefix = f"{section}.{id}."
            known = {name: kept for name, kept in self._secrets.items() if name.startswith(prefix)}
            name = next((name for name, kept in known.items() if kept == secret), "")
            if not name:
                last = max((int(name.removeprefix(prefix)) for name in known), default=0)
                name = f"{prefix}{last + 1}"
                fresh[name] = secret
            values[id] = {**one, "secret": "", "secret_file": KEPT + name}
        return fresh

    async def _forget(self, section: str) -> None:
        """Secrets that no entry names any more are erased."""
        if section not in SECRET:
            return
        used = {one.get("secret_file", "") for one in self._own.get(section, {}).values()}
        for name in [name for name in self._secrets if name.startswith(f"{section}.")]:
            if KEPT + name not in used:
                await self._store.write(("DELETE FROM secrets WHERE name = ?", (name,)))
                await self._store.scrub()
                del self._secrets[name]

    def _laid(self, own: Mapping[str, Mapping[str, Any]], fresh: Mapping[str, str] = {}) -> Config:
        laid = msgspec.to_builtins(self.file)
        secrets = {**self._secrets, **fresh}
        for section, values in own.items():
            free = {key: one for key, one in values.items() if (section, key) not in self._pinned}
            if section in TABLES:
                held = {key: laid[section][key] for of, key in self._pinned if of == section}
                laid[section] = free | held
            else:
                laid[section] = laid[section] | free
        # Those of the browser are in the data folder, wherever that is.
        laid["playlists"] = {
            id: {**one, "folder": str(self._base / one["folder"])}
            for id, one in laid["playlists"].items()
        }
        for section in SECRET:
            for id, one in laid[section].items():
                name = one.get("secret_file", "") if isinstance(one, dict) else ""
                if name.startswith(KEPT):
                    secret = secrets.get(name.removeprefix(KEPT), "")
                    laid[section][id] = {**one, "secret": secret, "secret_file": ""}
        return relaid(laid, "settings")
