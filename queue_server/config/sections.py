"""The hall's own sections of the configuration: what a hall is, when, how it calls and speaks."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .values import Day, Language, Seconds, Spoken, Time, Url


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
    """Opening hours: "08:00-12:00, 13:00-15:30" a day, "" for closed. `exceptions` are dates with
    hours of their own, whatever weekday or holiday they are."""

    always: bool = False
    monday: str = "08:00-15:30"
    tuesday: str = "08:00-15:30"
    wednesday: str = "08:00-15:30"
    thursday: str = "08:00-15:30"
    friday: str = "08:00-11:30, 13:00-15:30"
    saturday: str = ""
    sunday: str = ""
    exceptions: dict[Day, str] = {}


class ShiftSection(Struct, frozen=True, forbid_unknown_fields=True):
    """A named part of any day: counters are planned for shifts, and reports group by them."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    hours: str
    name_en: Annotated[str, Meta(max_length=60)] = ""


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
    last_intake: Literal["off", "pace"] = "off"
    intake_margin_minutes: Annotated[int, Meta(ge=0, le=240)] = 5


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


class AlarmsSection(Struct, frozen=True, forbid_unknown_fields=True):
    """After how many minutes something is an alarm on the supervisor's board; 0: never."""

    wait_minutes: Annotated[int, Meta(ge=0, le=1440)] = 30
    unstarted_minutes: Annotated[int, Meta(ge=0, le=1440)] = 3
    idle_minutes: Annotated[int, Meta(ge=0, le=1440)] = 3
    unserved_minutes: Annotated[int, Meta(ge=0, le=1440)] = 5
    overrun_minutes: Annotated[int, Meta(ge=0, le=1440)] = 5
    absent_minutes: Annotated[int, Meta(ge=0, le=1440)] = 10
    break_minutes: Annotated[int, Meta(ge=0, le=1440)] = 30
    display_minutes: Annotated[int, Meta(ge=0, le=1440)] = 2


class LiveSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The live feed: the heartbeat's interval, and how long a client may read nothing."""

    heartbeat_seconds: Seconds = 15
    stalled_seconds: Seconds = 30


class SessionsSection(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a sign-in lasts, and how long a one-time password is good (0 days: until used)."""

    hours: Annotated[int, Meta(ge=1, le=744)] = 12
    one_time_days: Annotated[int, Meta(ge=0, le=365)] = 7


class BackupSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Backups: made every day `at` a time (""; by hand only), kept `keep_days`; an alarm once the
    last is older than `warn_hours` (0: never). `folder` is inside the data, or an absolute path."""

    at: Time = "01:30"
    keep_days: Annotated[int, Meta(ge=1, le=3650)] = 14
    warn_hours: Annotated[int, Meta(ge=0, le=8760)] = 36
    folder: Annotated[str, Meta(pattern=r"^(/.*|[A-Za-z0-9][A-Za-z0-9 _-]*)\Z")] = "backups"
