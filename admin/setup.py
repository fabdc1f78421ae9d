"""The set-up's pages: pure views of how far it is, and its forms, read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from queue_server.config import HoursSection
from queue_server.setting_up import MOST_COUNTERS, MOST_SERVICES, STEPS, Simple, State, Step

from .sections import N_

LABELS: Mapping[Step, str] = {
    "hall": N_("Nama dan jam"),
    "services": N_("Instansi, layanan, loket"),
    "display": N_("Layar pertama"),
    "kiosk": N_("Kios pertama"),
    "printer": N_("Cetak percobaan"),
    "call": N_("Panggilan percobaan"),
}
Fault = Literal["", "name", "services", "counters", "spans"]
WORKING = ("monday", "tuesday", "wednesday", "thursday")
MOST = 80
"""Characters of a name."""


class StepRow(Struct, frozen=True):
    """A step in the list beside the page."""

    step: Step
    number: int
    label: str
    state: State


class HallForm(Struct, frozen=True):
    """Name and hours as they are typed: Monday to Thursday, Friday, Saturday, Sunday."""

    name: str
    place: str
    weekdays: str
    friday: str
    saturday: str
    sunday: str

    def hours(self) -> dict[str, str]:
        """As the configuration has them."""
        return dict.fromkeys(WORKING, self.weekdays) | {
            "friday": self.friday, "saturday": self.saturday, "sunday": self.sunday,
        }  # fmt: skip


class AgencyForm(Struct, frozen=True):
    """An agency as it is typed; `services` a line each."""

    name: str = ""
    short: str = ""
    services: str = ""
    counters: str = "1"


def rows(states: Mapping[Step, State]) -> tuple[StepRow, ...]:
    """All steps in their order."""
    return tuple(
        StepRow(step, number, LABELS[step], states[step]) for number, step in enumerate(STEPS, 1)
    )


def next_of(states: Mapping[Step, State], after: str = "") -> str:
    """The first step after one that is still to be done; "": there is none."""
    at = STEPS.index(after) + 1 if after in STEPS else 0
    return next((step for step in (*STEPS[at:], *STEPS[:at]) if states[step] == "todo"), "")


def hall_form(name: str, place: str, hours: HoursSection) -> HallForm:
    """What is in force."""
    return HallForm(name, place, hours.monday, hours.friday, hours.saturday, hours.sunday)


def hall_of(form: Mapping[str, str]) -> HallForm:
    """What was typed."""
    keys = HallForm.__struct_fields__
    return HallForm(*(" ".join(form.get(key, "").split())[:MOST] for key in keys))


def agency_of(form: Mapping[str, str]) -> AgencyForm:
    """What was typed."""
    name, short = (" ".join(form.get(key, "").split())[:MOST] for key in ("name", "short"))
    services = form.get("services", "")[: MOST * MOST_SERVICES]
    return AgencyForm(name, short, services, form.get("counters", "")[:3].strip())


def simple_of(form: AgencyForm) -> tuple[Simple | None, Fault]:
    """The agency that a form means, or what is wrong with it."""
    lines = (" ".join(line.split()) for line in form.services.splitlines())
    services = tuple(dict.fromkeys(line for line in lines if line))
    if not form.name:
        return None, "name"
    if not 1 <= len(services) <= MOST_SERVICES or max(map(len, services)) > MOST:
        return None, "services"
    number = form.counters
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= MOST_COUNTERS):
        return None, "counters"
    return Simple(form.name, form.short, services, int(number)), ""
