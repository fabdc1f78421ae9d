"""Two halls: one with the usual rules and some limits, one that calls in two steps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .kit import Desk, Hall, serving

RULES = {
    "ANTREAN_POLICY__RECALLS": "2",
    "ANTREAN_POLICY__RECALL_PAUSE_SECONDS": "10",
    "ANTREAN_POLICY__NO_SHOW_CALLS": "3",
    "ANTREAN_POLICY__NO_SHOW_WAIT_SECONDS": "60",
    "ANTREAN_POLICY__COOLDOWN_MINUTES": "5",
}
LOOKING = {
    "ANTREAN_POLICY__TWO_STEP": "true",
    "ANTREAN_POLICY__START_NEEDED": "false",
    "ANTREAN_POLICY__CLOSING_APPROVAL": "true",
}


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """With limits on recalls and no-shows."""
    with serving(tmp_path_factory.mktemp("hall"), **RULES) as found:
        yield found


@pytest.fixture(scope="session")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Where next only shows who it is, nothing is started, and supervisors close counters."""
    with serving(tmp_path_factory.mktemp("looking"), **LOOKING) as found:
        yield found


@pytest.fixture
def desk(hall: Hall) -> Desk:
    """A desk that no other scenario uses."""
    return hall.desk()
