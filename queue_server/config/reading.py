"""Reading config.toml and the variables over it, and checking what types can't say."""

from __future__ import annotations

import base64
import tomllib
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec

from .boards import faults
from .devices import ADDRESSES, ConsoleKeys, PanelSection
from .explaining import explain
from .services import Element, OidcSection, SurveySection, WebhookSection
from .values import DAYS, ConfigError, is_date, spans
from .whole import Config


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read a file (None: the built-in values) and lay the environment over it.

    Raises ConfigError.
    """
    name = path.name if path else "environment"
    table: dict[str, Any] = {}
    if path is not None:
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"{name}: {error}") from None
    _overlay(name, table, environ)
    return _read(name, table, path.parent if path else Path())


def relaid(table: dict[str, Any], name: str) -> Config:
    """A configuration of plain values, such as those of one that was read with others laid over
    them. Raises ConfigError."""
    return _read(name, table, Path())


def pinned(environ: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The (section, key) pairs that the environment sets."""
    parts = [variable.lower().split("__") for variable in environ if _ours(variable)]
    return frozenset((first.removeprefix("antrean_"), key) for first, key, *_ in parts)


def _read(name: str, table: dict[str, Any], beside: Path) -> Config:
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(name, table, str(error))) from None
    _check(name, config)
    return _with_secrets(name, config, beside)


def _ours(variable: str) -> bool:
    return variable.startswith("ANTREAN_") and "__" in variable


def _overlay(name: str, table: dict[str, Any], environ: Mapping[str, str]) -> None:
    """`ANTREAN_HOURS__ALWAYS=true` stands for `[hours] always = true`."""
    for variable, raw in environ.items():
        if not _ours(variable):
            continue
        *sections, key = variable.removeprefix("ANTREAN_").lower().split("__")
        target = table
        for section in sections:
            target = target.setdefault(section, {})
            if not isinstance(target, dict):
                wanted = "ANTREAN_<SECTION>__<KEY>"
                raise ConfigError(f"{name}: {section}: expected {wanted}, found {variable}")
        target[key] = _value(raw)


def _value(raw: str) -> Any:
    """A variable's text as TOML would read it, else as plain text."""
    try:
        return tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        return raw


def _check(name: str, config: Config) -> None:
    """What types cannot say: hours in order, a time zone that exists, a language at least."""
    for key, text in _times(config):
        try:
            spans(text)
        except ValueError as error:
            raise ConfigError(f"{name}: {key}: {error}") from None
    for key, dates in _dates(config):
        for day in dates:
            if not is_date(day):
                raise ConfigError(
                    f"{name}: {key}: expected a date such as 2026-12-24, found {day!r}"
                )
    try:
        zoneinfo.ZoneInfo(config.hall.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = config.hall.timezone
        raise ConfigError(
            f"{name}: hall.timezone: expected an IANA name such as Asia/Jakarta, found {zone!r}"
        ) from None
    _check_survey(name, config.survey)
    for id, printer in config.printers.items():
        pattern, example = ADDRESSES[printer.kind]
        if not pattern.fullmatch(printer.address):
            found = f"expected such as {example!r}, found {printer.address!r}"
            raise ConfigError(f"{name}: printers.{id}.address: {found}")
    _check_keys(name, config.console.keys)
    for key, fault in faults(config.displays, config.zones, config.screens, config.playlists):
        raise ConfigError(f"{name}: {key}: {fault}")
    for key, fault in _oidc_faults(config.oidc):
        raise ConfigError(f"{name}: oidc.{key}: {fault}")
    if not config.languages.pages:
        raise ConfigError(f"{name}: languages.pages: expected at least one language, found none")


def _oidc_faults(oidc: OidcSection) -> Iterator[tuple[str, str]]:
    """(key, what is wrong) of the identity provider."""
    host = urlsplit(oidc.issuer).hostname or ""
    if oidc.issuer.startswith("http:") and host not in ("127.0.0.1", "::1", "localhost"):
        yield "issuer", f"expected https, found {oidc.issuer!r}"
    if oidc.issuer and not oidc.client_id:
        yield "client_id", "expected the name under which the provider knows the hall, found none"
    if oidc.issuer and "openid" not in oidc.scopes:
        yield "scopes", "expected openid among them"
    if oidc.link_by_email and not oidc.domains:
        yield "domains", "expected the domains whose addresses may be linked, found none"


def _times(config: Config) -> Iterator[tuple[str, str]]:
    """(key, spans as they are written) of everything that has hours."""
    for day in DAYS:
        yield f"hours.{day}", getattr(config.hours, day)
    for date, text in config.hours.exceptions.items():
        yield f"hours.exceptions.{date}", text
    for id, shift in config.shifts.items():
        yield f"shifts.{id}.hours", shift.hours


def _dates(config: Config) -> Iterator[tuple[str, Iterable[str]]]:
    yield "hours.exceptions", config.hours.exceptions
    yield "holidays.extra", config.holidays.extra
    yield "holidays.work", config.holidays.work


def _check_keys(name: str, keys: ConsoleKeys) -> None:
    """No key does two things."""
    taken: dict[str, str] = {}
    for act in keys.__struct_fields__:
        for code in getattr(keys, act):
            if taken.setdefault(code, act) != act:
                raise ConfigError(
                    f"{name}: console.keys.{act}: expected a key that is free, "
                    f"found {code!r}, which is that of {taken[code]}"
                )


def _check_survey(name: str, survey: SurveySection) -> None:
    """Own weights name all nine elements and sum to 1, read as the decimals that were written."""
    weights = survey.own_weights
    if not weights and survey.weights != "own":
        return
    whole = sum(Fraction(str(weight)) for weight in weights.values())
    if len(weights) != len(get_args(Element)) or whole != 1 or min(weights.values()) <= 0:
        wanted = "all nine elements with positive weights that sum to 1"
        raise ConfigError(
            f"{name}: survey.own_weights: expected {wanted}, "
            f"found {len(weights)} with the sum {float(whole):g}"
        )


def _with_secrets(name: str, config: Config, beside: Path) -> Config:
    """Webhooks and panels with their secrets, read from the files that they stand in, and files
    and folders by their whole paths."""
    hooks = {id: _with_secret(name, id, hook, beside) for id, hook in config.webhooks.items()}
    panels = {id: _with_files(name, id, panel, beside) for id, panel in config.panels.items()}
    lists = {
        id: msgspec.structs.replace(one, folder=str((beside / one.folder).absolute()))
        for id, one in config.playlists.items()
    }
    oidc = config.oidc
    if oidc.secret_file and not oidc.secret:
        secret = _read_secret(name, "oidc.secret_file", beside / oidc.secret_file)
        oidc = msgspec.structs.replace(oidc, secret=secret)
    return msgspec.structs.replace(
        config, webhooks=hooks, panels=panels, playlists=lists, oidc=oidc
    )


def _with_files(name: str, id: str, panel: PanelSection, beside: Path) -> PanelSection:
    secret, ca_file = panel.secret, panel.ca_file
    if panel.secret_file and not secret:
        secret = _read_secret(name, f"panels.{id}.secret_file", beside / panel.secret_file)
    if ca_file:
        ca_file = str(beside / ca_file)
        if not Path(ca_file).is_file():
            raise ConfigError(f"{name}: panels.{id}.ca_file: expected a file, found {ca_file!r}")
    return msgspec.structs.replace(panel, secret=secret, ca_file=ca_file)


def _read_secret(name: str, key: str, path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}: {key}: {error}") from None


def _with_secret(name: str, id: str, hook: WebhookSection, beside: Path) -> WebhookSection:
    key, secret = "secret", hook.secret
    if hook.secret_file and not secret:
        key = "secret_file"
        secret = _read_secret(name, f"webhooks.{id}.{key}", beside / hook.secret_file)
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if not secret.startswith("whsec_") or not 24 <= size <= 64:
        raise ConfigError(
            f"{name}: webhooks.{id}.{key}: expected whsec_ and base64 of 24 to 64 bytes, "
            f"found {len(secret)} other characters"
        )
    return msgspec.structs.replace(hook, secret=secret)
