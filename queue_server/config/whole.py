"""The whole configuration as one frozen value."""

from __future__ import annotations

import datetime

from holidays import country_holidays
from holidays.constants import GOVERNMENT, PUBLIC
from msgspec import Struct

from ..core.plan import MINUTE, Hours, Policy
from .boards import DisplaysSection, PlaylistSection, ScreenSection, ZoneSection
from .devices import ConsoleSection, KioskSection, PanelSection, PrinterSection, PrintingSection
from .sections import (
    AlarmsSection,
    BackupSection,
    HallSection,
    HolidaysSection,
    HoursSection,
    LanguagesSection,
    LiveSection,
    PolicySection,
    ServerSection,
    SessionsSection,
    ShiftSection,
    SpeechSection,
)
from .services import (
    BookingSection,
    NotesSection,
    OidcSection,
    PhoneSection,
    PushSection,
    ReportSection,
    RetentionSection,
    SurveySection,
    TrackingSection,
    WebhookSection,
)
from .values import DAYS, Slug, spans


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole configuration."""

    hall: HallSection = HallSection()
    server: ServerSection = ServerSection()
    hours: HoursSection = HoursSection()
    holidays: HolidaysSection = HolidaysSection()
    shifts: dict[Slug, ShiftSection] = {}
    policy: PolicySection = PolicySection()
    notes: NotesSection = NotesSection()
    languages: LanguagesSection = LanguagesSection()
    speech: SpeechSection = SpeechSection()
    displays: DisplaysSection = DisplaysSection()
    kiosk: KioskSection = KioskSection()
    console: ConsoleSection = ConsoleSection()
    tracking: TrackingSection = TrackingSection()
    retention: RetentionSection = RetentionSection()
    booking: BookingSection = BookingSection()
    live: LiveSection = LiveSection()
    alarms: AlarmsSection = AlarmsSection()
    sessions: SessionsSection = SessionsSection()
    backup: BackupSection = BackupSection()
    survey: SurveySection = SurveySection()
    phone: PhoneSection = PhoneSection()
    push: PushSection = PushSection()
    oidc: OidcSection = OidcSection()
    zones: dict[str, ZoneSection] = {}
    webhooks: dict[Slug, WebhookSection] = {}
    printing: PrintingSection = PrintingSection()
    printers: dict[Slug, PrinterSection] = {}
    panels: dict[Slug, PanelSection] = {}
    screens: dict[Slug, ScreenSection] = {}
    playlists: dict[Slug, PlaylistSection] = {}
    reports: dict[Slug, ReportSection] = {}

    def rule_hours(self) -> Hours:
        """Opening hours as the rules read them."""
        week = tuple(spans(getattr(self.hours, day)) for day in DAYS)
        return Hours(
            self.hall.timezone,
            week,
            self.hours.always,
            closed_days(self.holidays),
            {day: spans(text) for day, text in self.hours.exceptions.items()},
            {id: spans(shift.hours) for id, shift in self.shifts.items()},
        )

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
            last_intake=chosen.last_intake,
            intake_margin=chosen.intake_margin_minutes * MINUTE,
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
