"""config.toml and `ANTREAN_<SECTION>__<KEY>` variables as one frozen, checked value.

A wrong key or value is a ConfigError of one line: the file, the key, what was expected, what
was found.
"""

from __future__ import annotations

from .boards import (
    NONE,
    DisplaysSection,
    PlaylistSection,
    RunningText,
    ScreenSection,
    ZoneSection,
)
from .devices import (
    ConsoleKeys,
    KioskSetting,
    PanelSection,
    PanelState,
    PrinterSection,
    PrintingSection,
)
from .reading import load, pinned, relaid
from .sections import (
    AlarmsSection,
    BackupSection,
    HallSection,
    HoursSection,
    LanguagesSection,
    ShiftSection,
)
from .services import (
    BookingSection,
    Element,
    OidcSection,
    PushSection,
    ReportSection,
    WebhookSection,
)
from .values import DAYS, ConfigError, Day, Language, spans
from .whole import Config

__all__ = [
    "DAYS",
    "NONE",
    "AlarmsSection",
    "BackupSection",
    "BookingSection",
    "Config",
    "ConfigError",
    "ConsoleKeys",
    "Day",
    "DisplaysSection",
    "Element",
    "HallSection",
    "HoursSection",
    "KioskSetting",
    "Language",
    "LanguagesSection",
    "OidcSection",
    "PanelSection",
    "PanelState",
    "PlaylistSection",
    "PrinterSection",
    "PrintingSection",
    "PushSection",
    "ReportSection",
    "RunningText",
    "ScreenSection",
    "ShiftSection",
    "WebhookSection",
    "ZoneSection",
    "load",
    "pinned",
    "relaid",
    "spans",
]
