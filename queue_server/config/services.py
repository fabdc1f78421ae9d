"""The sections of what is offered to citizens beside the queue, and of who is told outside."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from .values import Minutes, Spoken, Time


class NotesSection(Struct, frozen=True, forbid_unknown_fields=True):
    """The operators' notes on tickets: erased so many hours after the end of their day."""

    keep_hours: Annotated[int, Meta(ge=0, le=168)] = 12


class RetentionSection(Struct, frozen=True, forbid_unknown_fields=True):
    """How long what people wrote or handed in is kept: the survey's remarks after their date,
    applications after their end. What else is kept has its key in its own section."""

    remark_days: Annotated[int, Meta(ge=30, le=1825)] = 365
    application_days: Annotated[int, Meta(ge=30, le=3650)] = 730


class TrackingSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Applications. `pickup`: agency -> the service in whose line finished documents are fetched;
    an agency without one uses the line of the document's own service."""

    pickup: dict[str, str] = {}


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


class ReportSection(Struct, frozen=True, forbid_unknown_fields=True):
    """A report that is made by itself, once its period is over: the day before, the week before
    (Monday to Sunday), the month before; at `at` of the next day. `to`: a file in the data folder,
    of which the newest `keep` stay, or the webhooks that want `report.ready`."""

    every: Literal["day", "week", "month"] = "day"
    at: Time = "05:00"
    by: Literal[
        "day", "weekday", "hour", "shift", "agency", "service", "zone", "counter", "priority",
        "channel",
    ] = "agency"  # fmt: skip
    format: Literal["xlsx", "csv", "pdf"] = "xlsx"
    to: Literal["folder", "webhook"] = "folder"
    language: Spoken = "id"
    keep: Annotated[int, Meta(ge=1, le=1000)] = 60


class OidcSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Signing in with an identity provider, by its `issuer` ("": off), as its client `client_id`
    with a secret (`secret`, or `secret_file` beside the configuration; none: PKCE alone).

    `role_claim`: the claim that names groups ("realm_access.roles" goes into an object); `roles`,
    `agencies` and `zones`: group -> role, agency, zone. Whoever no group gives a role gets none.
    `domains`: e-mail domains that may sign in (none: any account); `link_by_email`: a verified
    address in them that is a user's name is that user. `skew_seconds`: how far clocks may differ.
    """

    issuer: Annotated[str, Meta(pattern=r"^(https?://[^\s\"'<>@?#]+)?\Z")] = ""
    client_id: str = ""
    secret: str = ""
    secret_file: str = ""
    name: str = "SSO"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    role_claim: str = "groups"
    roles: dict[str, Literal["admin", "supervisor", "operator", "integration"]] = {}
    agencies: dict[str, str] = {}
    zones: dict[str, str] = {}
    domains: tuple[str, ...] = ()
    link_by_email: bool = False
    skew_seconds: Annotated[int, Meta(ge=0, le=300)] = 60
