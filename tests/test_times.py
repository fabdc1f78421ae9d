"""Hours, shifts, quotas and ranges as they are written: in the configuration and the catalogue."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from queue_server.catalogue import Catalogue, CatalogueError, Document
from queue_server.config import ConfigError, load
from queue_server.config.reading import relaid
from queue_server.core.plan import Policy, Quota

FILE = Path(__file__).parent.parent / "catalogues" / "mpp-lampung-selatan.toml"


def changed(kind: str, **values: object) -> Catalogue:
    """The example with something of its own for its first agency, service or counter."""
    document = msgspec.to_builtins(Catalogue.load(FILE).document)
    document[kind][0].update(values)
    return Catalogue(msgspec.convert(document, Document))


def test_a_service_completes_its_agencys_week() -> None:
    """A weekday of the service's own, else the agency's, else the hall's (None)."""
    document = msgspec.to_builtins(Catalogue.load(FILE).document)
    service = document["services"][0]
    agency = next(one for one in document["agencies"] if one["id"] == service["agency"])
    agency |= {"hours": {"friday": "08:00-11:00"}, "exceptions": {"2026-12-24": ""}}
    service |= {
        "hours": {"monday": "", "friday": "09:00-10:00"}, "last": 120,
        "exceptions": {"2026-12-24": "08:00-09:00"}, "quota": 30, "quotas": {"08:00-10:00": 20},
    }  # fmt: skip
    plan = Catalogue(msgspec.convert(document, Document)).plan(
        load(None, {}).rule_hours(), Policy()
    )
    found = plan.services[service["id"]]
    assert found.week == ((), None, None, None, ((540, 600),), None, None)
    assert found.exceptions == {"2026-12-24": ((480, 540),)}
    assert (found.last, found.quota, found.quotas) == (120, 30, (Quota(480, 600, 20),))
    other = next(
        one for one in plan.services.values() if one.agency == agency["id"] and one.id != found.id
    )
    assert other.week == (None, None, None, None, ((480, 660),), None, None)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("agencies", {"hours": {"friday": "8-11"}}, "hours.friday: expected"),
        ("services", {"exceptions": {"2026-02-30": ""}}, "expected a date such as"),
        ("services", {"first": 10, "last": 9}, "last: not before first (10)"),
        ("services", {"quotas": {"08:00-09:00, 10:00-11:00": 3}}, "expected one span"),
        ("services", {"quotas": {"08:00-10:00": 3, "09:00-11:00": 3}}, "do not overlap"),
    ],
)
def test_what_is_wrong_in_a_catalogue_is_said(
    kind: str, values: dict[str, object], said: str
) -> None:
    """Which item, which field, what was expected."""
    with pytest.raises(CatalogueError, match=r"^(agency|service) [a-z-]+: ") as error:
        changed(kind, **values)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            {"hours": {"exceptions": {"2026-12-24": "8-11"}}},
            "hours.exceptions.2026-12-24: expected",
        ),
        ({"hours": {"exceptions": {"2026-02-30": ""}}}, "hours.exceptions: expected a date"),
        ({"holidays": {"extra": {"2026-13-01": "x"}}}, "holidays.extra: expected a date"),
        ({"holidays": {"work": ["2026-02-30"]}}, "holidays.work: expected a date"),
        ({"shifts": {"pagi": {"name": "Pagi", "hours": "8-12"}}}, "shifts.pagi.hours: expected"),
        ({"shifts": {"pagi": {"hours": "08:00-12:00"}}}, "shifts.pagi"),
        ({"policy": {"last_intake": "maybe"}}, "policy.last_intake: expected one of"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_said(table: dict[str, object], said: str) -> None:
    """The key, what was expected."""
    with pytest.raises(ConfigError) as error:
        relaid(table, "settings")
    assert said in str(error.value)


def test_exceptions_and_shifts_reach_the_rules() -> None:
    """As minutes after midnight."""
    config = relaid(
        {
            "hours": {"exceptions": {"2026-12-24": "08:00-11:00", "2026-12-28": ""}},
            "shifts": {"pagi": {"name": "Pagi", "name_en": "Morning", "hours": "08:00-12:00"}},
            "policy": {"last_intake": "pace", "intake_margin_minutes": 10},
        },
        "settings",
    )
    hours = config.rule_hours()
    assert hours.exceptions == {"2026-12-24": ((480, 660),), "2026-12-28": ()}
    assert hours.shifts == {"pagi": ((480, 720),)}
    policy = config.rule_policy()
    assert (policy.last_intake, policy.intake_margin) == ("pace", 600_000)
