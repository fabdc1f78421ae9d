"""Printers in the configuration: what is wrong is said with its place and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.config import ConfigError, load
from queue_server.printing import check_profiles


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('address = "a b"', "printers.depan.address: expected such as '192.168.1.50:9100'"),
        ('address = "x:65536"', "printers.depan.address: expected such as '192.168.1.50:9100'"),
        ("", "printers.depan.address: expected such as '192.168.1.50:9100', found ''"),
        ('kind = "usb"\naddress = "1.2.3.4"', "printers.depan.address: expected such as '04b8:"),
        ('kind = "cups"\naddress = "-o x"', "printers.depan.address: expected such as 'antrean"),
        ('kind = "browser"\naddress = "x"', "printers.depan.address: expected such as ''"),
        ("width = 60", "printers.depan.width: expected one of 58, 80, found 60"),
        ('kind = "lpt"', "printers.depan.kind: expected one of 'network', 'usb'"),
        ('colour = "red"', "printers.depan.colour: expected one of address"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, section: str, said: str) -> None:
    """File, key, what was expected, what was found."""
    file = tmp_path / "config.toml"
    file.write_text(f"[printers.depan]\n{section}\n")
    with pytest.raises(ConfigError) as raised:
        load(file, {})
    assert str(raised.value).startswith(f"config.toml: {said}")


@pytest.mark.parametrize(
    "address", ["192.168.1.50", "192.168.1.50:9100", "kios.lan:65535", "[fe80::1]:9100"]
)
def test_addresses(tmp_path: Path, address: str) -> None:
    """Names and numbers of both kinds, with and without a port."""
    found = load(None, {"ANTREAN_PRINTERS__DEPAN__ADDRESS": address})
    assert found.printers["depan"].address == address


def test_a_profile_that_the_library_does_not_know(tmp_path: Path) -> None:
    """Is refused with those that it knows."""
    found = load(None, {
        "ANTREAN_PRINTERS__DEPAN__ADDRESS": "x", "ANTREAN_PRINTERS__DEPAN__PROFILE": "TM-T89",
    })  # fmt: skip
    with pytest.raises(ConfigError, match=r"printers.depan.profile: expected one of .*TM-T88V"):
        check_profiles(found.printers)
