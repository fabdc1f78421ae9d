"""The survey's settings are judged before the hall starts."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from queue_server.clock import SystemClock
from queue_server.config import ConfigError, Element, load
from queue_server.survey.elements import CODES
from queue_server.survey.room import open_survey


def test_the_configuration_knows_the_nine() -> None:
    """Codes are written down once more where the configuration is read: the same ones."""
    assert set(get_args(Element)) == set(CODES)


async def test_own_weights(tmp_path: Path) -> None:
    """All nine with a sum of exactly 1, as they are written; anything else is one line."""

    def written(**changed: float) -> str:
        weights = dict.fromkeys(CODES, 0.11) | {"waktu": 0.12} | changed
        table = ", ".join(f"{code} = {weight}" for code, weight in weights.items() if weight)
        return f'{{ weights = "own", own_weights = {{ {table} }} }}'

    config = load(None, {"ANTREAN_SURVEY": "x", "ANTREAN_SURVEY__WEIGHTS": "exact"})
    assert config.survey.own_weights == {}
    file = tmp_path / "config.toml"
    file.write_text(f"survey = {written()}\n")
    config = load(file, {})
    async with open_survey(config, lambda name: tmp_path / f"{name}.db", SystemClock()) as survey:
        own = survey.rules.own
        assert own is not None
        assert sum(own.values()) == 1
    for wrong, found in (
        (written(waktu=0.11), "0.99"), (written(sarana=0.0), "8 with the sum 0.89"),
        ('{ weights = "own" }', "0 with the sum 0"),
    ):  # fmt: skip
        file.write_text(f"survey = {wrong}\n")
        with pytest.raises(ConfigError, match=r"survey\.own_weights: expected all nine") as caught:
            load(file, {})
        assert found in str(caught.value)
    for wrong in ("{ ramah = 1.0 }", '{ waktu = "x" }'):
        file.write_text(f"survey = {{ own_weights = {wrong} }}\n")
        with pytest.raises(ConfigError, match=r"config\.toml: survey\.own_weights"):
            load(file, {})
    file.write_text('holidays = { extra = { "31-12-2026" = "Libur" } }\n')
    with pytest.raises(ConfigError, match=r"holidays\.extra: expected .*, found 31-12-2026"):
        load(file, {})
