"""config.toml and `ANTREAN_<SECTION>__<KEY>` variables as one frozen, checked value.

A wrong key or value is a ConfigError of one line: the file, the key, what was expected, what
was found.
"""

from __future__ import annotations

import base64
import datetime
import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from holidays import country_holidays
from holidays.constants import GOVERNMENT, PUBLIC
from msgspec import Meta, Struct, field

from .core.plan import MINUTE, Hours, Policy

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PORT = r"([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])"
ADDRESSES = {
    "network": (re.compile(rf"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:{PORT})?"), "192.168.1.50:9100"),
    "usb": (re.compile(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}"), "04b8:0e15"),
    "cups": (re.compile(r"[A-Za-z0-9_][^\s/#]*"), "antrean_depan"),
    "browser": (re.compile(""), ""),
}  # fmt: skip
"""How a printer of each kind is addressed, and an example."""
SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class ConfigError(Exception):
    """One line that says what to correct, and where."""


Seconds = Annotated[int, Meta(ge=1, le=86_400)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d\Z")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
"""A language of pages: its ISO 639 code, as its .po files are named."""
Spoken = Literal["id", "en"]
"""A language that numbers can be said in."""
Url = Annotated[str, Meta(pattern=r"^(https?://[^\s\"'<>]+)?\Z")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=64)]
Site = Annotated[str, Meta(pattern=r"^(https?://)?[A-Za-z0-9.:*\[\]-]+\Z")]
"""As Content-Security-Policy names sites; a `;` would begin another directive."""


class HallSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The hall itself. `catalogue` is a path beside the file, read while the data is empty."""

    name: str = "Antrean"
    place: str = ""
    timezone: str = "Asia/Jakarta"
    catalogue: str = ""


class ServerSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it listens. `url` is the address that phones reach (for QR codes); "" = guess."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8000
    url: Url = ""
    data: str = "data"
    proxies: str = "127.0.0.1"


class HoursSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Opening hours: "08:00-12:00, 13:00-15:30" a day, "" for closed."""

    always: bool = False
    monday: str = "08:00-15:30"
    tuesday: str = "08:00-15:30"
    wednesday: str = "08:00-15:30"
    thursday: str = "08:00-15:30"
    friday: str = "08:00-11:30, 13:00-15:30"
    saturday: str = ""
    sunday: str = ""


class HolidaysSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Dates on which the hall stays closed. The library's dates are a seed: the yearly decree of
    three ministers (SKB) decides, so `extra` adds dates with their names and `work` takes away."""

    national: bool = True
    joint_leave: bool = True
    extra: dict[Day, str] = {}
    work: tuple[Day, ...] = ()


class PolicySection(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules that a hall chooses."""

    order: Literal["credit", "strict", "balance"] = "credit"
    consecutive_priority: Annotated[int, Meta(ge=1, le=100)] = 2
    consecutive_priority_hall: Annotated[int, Meta(ge=0, le=1000)] = 0
    quick_favour_minutes: Annotated[int, Meta(ge=0, le=240)] = 15
    announce_age_seconds: Seconds = 60
    recalls: Annotated[int, Meta(ge=0, le=100)] = 0
    recall_pause_seconds: Annotated[int, Meta(ge=0, le=600)] = 0
    no_show_calls: Annotated[int, Meta(ge=0, le=100)] = 0
    no_show_wait_seconds: Seconds = 60
    cooldown_minutes: Annotated[int, Meta(ge=0, le=240)] = 0
    two_step: bool = False
    start_needed: bool = True
    undo_seconds: Annotated[int, Meta(ge=0, le=600)] = 10
    closing_approval: bool = False
    step_back: Annotated[int, Meta(ge=0, le=20)] = 2
    step_backs: Annotated[int, Meta(ge=0, le=20)] = 1
    rejoin_minutes: Annotated[int, Meta(ge=0, le=1440)] = 60
    reroute_gain_minutes: Annotated[int, Meta(ge=0, le=1440)] = 5


class NotesSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The operators' notes on tickets: erased so many hours after the end of their day."""

    keep_hours: Annotated[int, Meta(ge=0, le=168)] = 12


class LanguagesSection(Struct, frozen=True, forbid_unknown_fields=True):
    """What pages and voices speak; the first is the default. Pages may have any language that
    there are .po files of."""

    pages: tuple[Language, ...] = ("id", "en")
    spoken: tuple[Spoken, ...] = ("id", "en")


class SpeechSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The voice. `style`: "digits" reads 012 as "nol satu dua", "number" as "dua belas".

    `voices` are espeak-ng's names; `command` reads a text on stdin and writes a WAV to stdout;
    `clips` is a folder of recorded clips that override the synthesis.
    """

    enabled: bool = True
    style: Literal["digits", "number"] = "digits"
    engine: Literal["auto", "program", "loader", "command"] = "auto"
    command: tuple[str, ...] = ()
    voices: dict[str, str] = field(default_factory=lambda: {"id": "id", "en": "en"})
    speed: Annotated[int, Meta(ge=80, le=300)] = 140
    clips: str = ""
    cache_megabytes: Annotated[int, Meta(ge=1, le=100_000)] = 200


class DisplaysSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The hall's boards. `frame_ancestors`: sites that may show a board in a frame."""

    running_text: str = "Selamat datang. Silakan ambil nomor antrean di kios."
    running_text_en: str = "Welcome. Please take a number at the kiosk."
    history: Annotated[int, Meta(ge=1, le=20)] = 7
    frame_ancestors: tuple[Site, ...] = ()


KeyCodes = tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{1,24}\Z")], ...]


class KioskKeys(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Keys of an audio keypad by what they do: KeyboardEvent codes, beside those that
    kiosk-voice.js knows. `plugged`, `unplugged`: a headphone goes in, or out."""

    next: KeyCodes = ()
    previous: KeyCodes = ()
    select: KeyCodes = ()
    back: KeyCodes = ()
    help: KeyCodes = ()
    repeat: KeyCodes = ()
    louder: KeyCodes = ()
    softer: KeyCodes = ()
    slower: KeyCodes = ()
    faster: KeyCodes = ()
    plugged: KeyCodes = ()
    unplugged: KeyCodes = ()


class KioskSection(Struct, frozen=True, forbid_unknown_fields=True):
    """`open`: any browser that can reach /kiosk may take numbers; else a kiosk token is needed."""

    open: bool = True
    idle_seconds: Seconds = 45
    ticket_seconds: Seconds = 20
    keys: KioskKeys = KioskKeys()


class ConsoleKeys(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Keys of pedals, remotes and keypads at a counter by what they do: KeyboardEvent codes,
    beside those that the console's buttons have. `next` is the big button."""

    next: KeyCodes = ()
    recall: KeyCodes = ()
    start: KeyCodes = ()
    finish: KeyCodes = ()
    no_show: KeyCodes = ()
    park: KeyCodes = ()
    back: KeyCodes = ()


class ConsoleSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The operators' console (docs/devices.md)."""

    keys: ConsoleKeys = ConsoleKeys()


class TrackingSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Applications. `pickup`: agency -> the service in whose line finished documents are fetched;
    an agency without one uses the line of the document's own service."""

    pickup: dict[str, str] = {}


class PrintingSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Paper tickets. `proposed`: what a kiosk with a printer proposes; `template`: a hall's own
    layout, beside this file; `expire_minutes`: an older paper is not printed any more."""

    proposed: Literal["paper", "paperless"] = "paper"
    template: str = ""
    footer: str = "Simpan tiket ini. Nomor berlaku hari ini saja."
    footer_en: str = "Keep this ticket. The number is valid today only."
    expire_minutes: Annotated[int, Meta(ge=1, le=1440)] = 10


class PrinterSection(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket printer. `address`: host:port, vendor:product of USB, a CUPS queue's name; none
    for the kiosk's own browser.

    `status` false: the printer answers nothing; what it has taken counts as printed.
    """

    address: str = ""
    kind: Literal["network", "usb", "cups", "browser"] = "network"
    name: str = ""
    width: Literal[58, 80] = 80
    profile: str = ""
    qr: Literal["auto", "native", "raster"] = "auto"
    cut: Literal["auto", "full", "partial", "none"] = "auto"
    status: bool = True
    timeout_seconds: Annotated[int, Meta(ge=1, le=60)] = 5


PanelState = Literal["closed", "break", "open", "called", "serving", "test"]
"""What a counter is doing, as its panel shows it; `open`: nobody is there."""


class PanelSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Panels at counters, by an MQTT broker or on a serial line (docs/devices.md).

    `address`: host:port, or the port's device file. `secret`, or a path beside this file with it.
    """

    kind: Literal["mqtt", "serial"]
    address: str
    name: str = ""
    counters: tuple[str, ...] = ()
    addresses: dict[str, Annotated[int, Meta(ge=0, le=65_535)]] = {}
    show: dict[PanelState, str] = {}
    width: Annotated[int, Meta(ge=0, le=64)] = 0
    align: Literal["left", "right"] = "left"
    encoding: Literal["ascii", "latin-1", "utf-8"] = "ascii"
    topic: str = "antrean/loket/{counter}/tampil"
    status: str = "antrean/panel/{panel}/status"
    payload: str = ""
    user: str = ""
    secret: str = ""
    secret_file: str = ""
    tls: bool = False
    ca_file: str = ""
    baud: Annotated[int, Meta(ge=110, le=4_000_000)] = 9600
    mode: Annotated[str, Meta(pattern=r"^[78][NEO][12]\Z")] = "8N1"
    frame: str = "STX ( address length data ) check ETX"
    check: Literal["xor", "sum", "lrc", "crc16"] = "xor"
    ack: str = ""
    timeout_ms: Annotated[int, Meta(ge=10, le=10_000)] = 300
    gap_ms: Annotated[int, Meta(ge=0, le=1000)] = 20
    refresh_seconds: Annotated[int, Meta(ge=0, le=3600)] = 30


Minutes = Annotated[int, Meta(ge=0, le=1440)]
Time = Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?\Z")]
"""Hours and minutes; "" for none."""


class BookingSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Online queueing: the rules of agencies whose catalogue says nothing else (docs/booking.md).

    `open` and `remote`: whether those may be booked, and joined from afar, at all.
    """

    enabled: bool = True
    open: bool = False
    session_minutes: Annotated[int, Meta(ge=5, le=720)] = 60
    quota: Annotated[int, Meta(ge=1, le=1000)] = 4
    horizon_days: Annotated[int, Meta(ge=0, le=365)] = 14
    lead_minutes: Annotated[int, Meta(ge=0, le=43_200)] = 60
    cutoff: Time = ""
    hold_minutes: Annotated[int, Meta(ge=1, le=120)] = 10
    phone: Literal["no", "optional", "required"] = "optional"
    per_phone: Annotated[int, Meta(ge=1, le=100)] = 3
    per_device: Annotated[int, Meta(ge=1, le=100)] = 4
    per_address: Annotated[int, Meta(ge=1, le=10_000)] = 30
    early_minutes: Minutes = 30
    grace_minutes: Minutes = 15
    counts_from: Literal["booked", "arrival"] = "booked"
    keep_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    remote: bool = False
    remote_minutes: Annotated[int, Meta(ge=5, le=720)] = 90
    remote_last_minutes: Minutes = 60
    remote_per_device: Annotated[int, Meta(ge=1, le=20)] = 2
    presence_seconds: Annotated[int, Meta(ge=10, le=600)] = 30


class AlarmsSection(Struct, frozen=True, forbid_unknown_fields=True):
    """After how many minutes something is an alarm on the supervisor's board; 0: never."""

    wait_minutes: Annotated[int, Meta(ge=0, le=1440)] = 30
    unstarted_minutes: Annotated[int, Meta(ge=0, le=1440)] = 3
    idle_minutes: Annotated[int, Meta(ge=0, le=1440)] = 3
    unserved_minutes: Annotated[int, Meta(ge=0, le=1440)] = 5
    break_minutes: Annotated[int, Meta(ge=0, le=1440)] = 30
    display_minutes: Annotated[int, Meta(ge=0, le=1440)] = 2


class LiveSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The live feed: the heartbeat's interval, and how long a client may read nothing."""

    heartbeat_seconds: Seconds = 15
    stalled_seconds: Seconds = 30


class SessionsSection(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a sign-in lasts."""

    hours: Annotated[int, Meta(ge=1, le=744)] = 12


Element = Literal[
    "persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "pengaduan",
    "sarana",
]  # fmt: skip


class SurveySection(Struct, frozen=True, forbid_unknown_fields=True):
    """The satisfaction survey. `weights`: how 1/9 is written, or "own" (`own_weights`, sum 1).

    `least`: the fewest answers that are shown together; `code_minutes`: how long a code is good
    after the visit; the signatory signs the PDF.
    """

    weights: Literal["exact", "0.111", "0.11", "own"] = "exact"
    own_weights: dict[Element, float] = {}
    least: Annotated[int, Meta(ge=1, le=100)] = 5
    code_minutes: Annotated[int, Meta(ge=1, le=720)] = 60
    signatory_place: str = ""
    signatory: str = ""
    signatory_title: str = "Kepala Mal Pelayanan Publik"
    signatory_id: str = ""


class PhoneSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The page behind a ticket's QR code. `remind_at`: the place in line (1 is next) at which its
    holder is reminded; `walk_minutes` to the counters from about the hall, `travel_minutes` from
    home for those who joined from there; `contact_hours` after a visit a contact is deleted."""

    remind_at: Annotated[int, Meta(ge=1, le=50)] = 3
    walk_minutes: Annotated[int, Meta(ge=0, le=120)] = 3
    travel_minutes: Annotated[int, Meta(ge=0, le=600)] = 30
    contacts: bool = True
    contact_hours: Annotated[int, Meta(ge=0, le=24)] = 2


class PushSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Web Push, where `server.url` is https. `hosts`: push services that may be written to, as
    names or `*.names`; `contact`: whom they may write to (mailto: or https:), "" = server.url."""

    enabled: bool = True
    contact: Annotated[str, Meta(pattern=r"^((mailto:[^\s@]+@|https://)[^\s]+)?\Z")] = ""
    hosts: tuple[str, ...] = (
        "fcm.googleapis.com",
        "*.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    )


class WebhookSection(Struct, frozen=True, forbid_unknown_fields=True):
    """An endpoint that is told what happens. `secret` is `whsec_` and base64 of 24 to 64 bytes,
    or stands in `secret_file`, a path beside the configuration; `kinds` may be patterns."""

    url: Annotated[str, Meta(pattern=r"^https?://[^\s\"'<>@]+\Z")]
    kinds: tuple[str, ...]
    secret: str = ""
    secret_file: str = ""


class ZoneSection(Struct, frozen=True, forbid_unknown_fields=True):
    """What one zone has of its own; "" and -1 take the hall's."""

    running_text: str = ""
    running_text_en: str = ""
    walk_minutes: Annotated[int, Meta(ge=-1, le=120)] = -1


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole configuration."""

    hall: HallSection = HallSection()
    server: ServerSection = ServerSection()
    hours: HoursSection = HoursSection()
    holidays: HolidaysSection = HolidaysSection()
    policy: PolicySection = PolicySection()
    notes: NotesSection = NotesSection()
    languages: LanguagesSection = LanguagesSection()
    speech: SpeechSection = SpeechSection()
    displays: DisplaysSection = DisplaysSection()
    kiosk: KioskSection = KioskSection()
    console: ConsoleSection = ConsoleSection()
    tracking: TrackingSection = TrackingSection()
    booking: BookingSection = BookingSection()
    live: LiveSection = LiveSection()
    alarms: AlarmsSection = AlarmsSection()
    sessions: SessionsSection = SessionsSection()
    survey: SurveySection = SurveySection()
    phone: PhoneSection = PhoneSection()
    push: PushSection = PushSection()
    zones: dict[str, ZoneSection] = {}
    webhooks: dict[Slug, WebhookSection] = {}
    printing: PrintingSection = PrintingSection()
    printers: dict[Slug, PrinterSection] = {}
    panels: dict[Slug, PanelSection] = {}

    def rule_hours(self) -> Hours:
        """Opening hours as the rules read them."""
        week = tuple(spans(getattr(self.hours, day)) for day in DAYS)
        return Hours(self.hall.timezone, week, self.hours.always, closed_days(self.holidays))

    def rule_policy(self) -> Policy:
        """The policy as the rules read it."""
        chosen = self.policy
        return Policy(
            order=chosen.order,
            consecutive_priority=chosen.consecutive_priority,
            consecutive_priority_hall=chosen.consecutive_priority_hall,
            quick_favour=chosen.quick_favour_minutes * MINUTE,
            announce_age=chosen.announce_age_seconds * 1000,
            recalls=chosen.recalls,
            recall_pause=chosen.recall_pause_seconds * 1000,
            no_show_calls=chosen.no_show_calls,
            no_show_wait=chosen.no_show_wait_seconds * 1000,
            cooldown=chosen.cooldown_minutes * MINUTE,
            two_step=chosen.two_step,
            start_needed=chosen.start_needed,
            undo=chosen.undo_seconds * 1000,
            closing_approval=chosen.closing_approval,
            step_back=chosen.step_back,
            step_backs=chosen.step_backs,
            rejoin=chosen.rejoin_minutes * MINUTE,
            reroute_gain=chosen.reroute_gain_minutes * MINUTE,
        )


def closed_days(section: HolidaysSection, years: tuple[int, ...] = ()) -> dict[str, str]:
    """ISO dates of the holidays with their Indonesian names: of this year and the next two."""
    this = datetime.date.today().year
    kinds = [
        kind for on, kind in ((section.national, PUBLIC), (section.joint_leave, GOVERNMENT)) if on
    ]
    found: dict[str, str] = {}
    if kinds:
        known = country_holidays(
            "ID", years=years or (this, this + 1, this + 2), categories=kinds, language="id"
        )
        found = {day.isoformat(): name for day, name in known.items()}
    found |= section.extra
    return {day: found[day] for day in sorted(found) if day not in section.work}


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
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(name, table, str(error))) from None
    _check(name, config)
    return _with_secrets(name, config, path.parent if path else Path())


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Opening spans in minutes after midnight. Raises ValueError with what is wrong."""
    found: list[tuple[int, int]] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = SPAN.fullmatch(part)
        if match is None:
            raise ValueError(f'expected "08:00-12:00, 13:00-15:30", found {text!r}')
        h1, m1, h2, m2 = map(int, match.groups())
        opens, closes = h1 * 60 + m1, h2 * 60 + m2
        if not (m1 < 60 and m2 < 60 and (found[-1][1] if found else 0) <= opens < closes <= 1440):
            raise ValueError(f"expected spans in order within one day, found {text!r}")
        found.append((opens, closes))
    return tuple(found)


def _overlay(name: str, table: dict[str, Any], environ: Mapping[str, str]) -> None:
    """`ANTREAN_HOURS__ALWAYS=true` stands for `[hours] always = true`."""
    for variable, raw in environ.items():
        if not variable.startswith("ANTREAN_") or "__" not in variable:
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
    for day in DAYS:
        try:
            spans(getattr(config.hours, day))
        except ValueError as error:
            raise ConfigError(f"{name}: hours.{day}: {error}") from None
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
    if not config.languages.pages:
        raise ConfigError(f"{name}: languages.pages: expected at least one language, found none")


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
    by their whole paths."""
    hooks = {id: _with_secret(name, id, hook, beside) for id, hook in config.webhooks.items()}
    panels = {id: _with_files(name, id, panel, beside) for id, panel in config.panels.items()}
    return msgspec.structs.replace(config, webhooks=hooks, panels=panels)


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


def _explain(name: str, table: dict[str, Any], message: str, within: tuple[str, ...] = ()) -> str:
    """msgspec's message as: file: section.key: expected ..., found ..."""
    at_key = " - at `key` in `$." in message
    reason, _, place = message.partition(" - at `key` in `$" if at_key else " - at `$")
    section = place.partition("[...]")[0].lstrip(".")
    if (
        "[...]" in place and not within and "." not in section
    ):  # of a table of tables: msgspec doesn't say of which
        return _explain_one_of(name, table, section)
    if at_key:
        return _explain_key(name, table, reason, [*within, *place.strip(".`").split(".")])
    named = place.rstrip("`").replace("[...]", "")
    keys = [*within, *(key for key in named.split(".") if key)]
    unknown = re.search(r"unknown field `(\w+)`", reason)
    if unknown:
        known = ", ".join(_fields(keys))
        where = ".".join([*keys, unknown[1]])
        return f"{name}: {where}: expected one of {known}; found an unknown key"
    found: Any = table
    for key in re.findall(r"[^.\[\]]+", ".".join(keys)):
        if isinstance(found, dict):
            found = found.get(key, "nothing")
        elif isinstance(found, list) and key.isdecimal():
            found = found[int(key)]
    reason = re.sub(r", got .*", "", reason)
    reason = reason[:1].lower() + reason[1:]
    choices = _choices(keys)
    if choices:
        reason = f"expected one of {', '.join(map(repr, choices))}"
    if keys[-1:] == ["secret"]:
        found = type(found).__name__  # whatever it is, it is not to be shown
    return f"{name}: {'.'.join(keys)}: {reason}, found {found!r}"


def _explain_key(name: str, table: dict[str, Any], reason: str, keys: list[str]) -> str:
    """A name that a table may not have."""
    chosen: Any = table
    for key in keys:
        chosen = chosen[key]
    names = get_args(_kind(keys))[:1]
    choices = get_args(names[0]) if names and get_origin(names[0]) is Literal else ()
    wanted = reason[:1].lower() + reason[1:]
    if choices:
        wanted = f"expected one of {', '.join(choices)}"
    elif keys == ["webhooks"]:
        wanted = "expected names such as wa-gateway"
    return f"{name}: {'.'.join(keys)}: {wanted}, found {', '.join(chosen)}"


def _explain_one_of(name: str, table: dict[str, Any], section: str) -> str:
    kind = get_args(get_type_hints(Config)[section])[1]
    for id, value in table[section].items():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            return _explain(name, table, str(error), (section, id))
    return f"{name}: {section}: expected tables of keys"


def _fields(keys: list[str]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(_kind(keys))]


def _choices(keys: list[str]) -> tuple[Any, ...]:
    """What a key of a fixed set may be; () for any other key."""
    kind = _kind(keys)
    return get_args(kind) if get_origin(kind) is Literal else ()


def _kind(keys: list[str]) -> Any:
    """The type at a place of the configuration."""
    kind: Any = Config
    for key in keys:
        if get_origin(kind) is dict:  # a table of tables, such as zones
            kind = get_args(kind)[1]
        else:
            hints = get_type_hints(kind) if isinstance(kind, type) else {}
            kind = hints.get(key)
    return kind
