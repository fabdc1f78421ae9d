"""Frames, texts and payloads as the configuration describes them, and what it may not say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.config import ConfigError, PanelSection, load
from queue_server.panels import check_panels
from queue_server.panels.frame import CHECKS, MOST, Frame, FrameError, read_frame
from queue_server.panels.section import Panel, broker
from queue_server.panels.showing import Showing
from queue_server.panels.template import fit
from tests.hall import antrean

CALLED = Showing("5", 'Loket "5"', "called", "AA-012", 77, "2026-11-23T09:00:00+07:00")


def panel(kind: Any = "mqtt", address: str = "broker.local", **more: Any) -> Panel:
    if kind == "serial":
        more = {"counters": ("5",), **more}
    return check_panels({"x": PanelSection(kind, address, **more)})["x"]


def serial(**more: Any) -> Panel:
    return panel("serial", "/dev/ttyUSB0", **more)


@pytest.mark.parametrize(
    ("description", "check", "built"),
    [
        ("STX ( address length data ) check ETX", "xor", b"\x02\x05\x04A012\x73\x03"),
        ("( STX address:d2 data ETX ) check:x2", "sum", b"\x0205A012\x03" + b"3E"),
        ("STX ( data ) ETX check", "lrc", b"\x02A012\x03\x2c"),
        ("( '123456789' ) check data", "crc16", b"123456789\x37\x4bA012"),
        ("( '123456789' ) check:be data", "crc16", b"123456789\x4b\x37A012"),
        ("'AT ' address:x4 '=' length+3:d3 data CR LF", "xor", b"AT 0005=007A012\r\n"),
        ("ESC data", "xor", b"\x1bA012"),
    ],
)
def test_frames(description: str, check: str, built: bytes) -> None:
    """The bytes of every kind of field and check."""
    assert read_frame(description, check).build(5, b"A012") == built


def test_the_checks_are_the_known_ones() -> None:
    """CRC-16/MODBUS and the rest on "123456789", as catalogues of checksums have them."""
    found = {name: check(b"123456789") for name, check in CHECKS.items()}
    assert found == {"xor": 0x31, "sum": 0xDD, "lrc": 0x23, "crc16": 0x4B37}


@given(st.binary(max_size=400), st.integers(0, 255), st.sampled_from(sorted(CHECKS)))
def test_a_frame_can_be_read_back(data: bytes, address: int, check: str) -> None:
    """Whatever the text: its length is told truly, and the check is over all that it covers."""
    frame = read_frame("STX ( address length+4 data ) check:le ETX", check)
    sent = frame.build(address, data)
    assert (sent[0], sent[1], sent[-1]) == (2, address, 3)
    body = sent[3:-3]
    assert sent[2] == len(body) + 4
    assert body == data[:MOST]
    assert int.from_bytes(sent[-3:-1], "little") == CHECKS[check](sent[1:-3])


@pytest.mark.parametrize(
    "description",
    [
        "", "STX ETX", "data data", "STX data check", "( data check )", "check ( data )",
        "( data ) ( check )", "( data )", "data:d2", "address+1 data", "STX dato", "0x1 data",
        "data 'ö'", "( data ) check:d2", ") data ( check",
    ],
)  # fmt: skip
def test_frames_that_are_none(description: str) -> None:
    """Said when it is read, never when a number should be shown."""
    with pytest.raises(FrameError, match="expected"):
        read_frame(description, "xor")


def test_answers() -> None:
    """Bytes and the address; nothing that would have to be reckoned."""
    assert (
        read_frame("STX address ACK ETX", "xor", answer=True).build(7, b"") == b"\x02\x07\x06\x03"
    )
    for description in ("", "data", "( ACK ) check", "( ACK )"):
        with pytest.raises(FrameError):
            read_frame(description, "xor", answer=True)


@given(st.text(max_size=12), st.integers(0, 10), st.booleans())
def test_a_text_is_as_wide_as_the_panel(text: str, width: int, right: bool) -> None:
    """Padded or cut; without a width as it is."""
    fitted = fit(text, width, right)
    assert len(fitted) == (width or len(text))
    assert not width or fitted.strip() in text


def test_texts() -> None:
    """By state, with the number's parts; what is not said is blank."""
    lit = panel(
        show={"called": "\x1b{prefix} {value}/{digits} {name} {blink}", "break": "ISTIRAHAT"},
        width=30,
    )
    assert lit.text(CALLED).strip() == '\x1bAA 12/012 Loket "5" 1'
    assert lit.text(Showing("5", "Loket 5", "break")).strip() == "ISTIRAHAT"
    assert panel().text(Showing("5", "Loket 5", "open")) == ""
    assert panel().text(CALLED) == "AA-012"


@given(st.text(max_size=20))
def test_json_stays_json(name: str) -> None:
    """Whatever a counter is called."""
    showing = Showing("5", name, "serving", "A-001", 3, "")
    mine = panel(payload='[{"who": "{name}", "n": "{number}", "b": {blink}, "x": {}}]')
    assert json.loads(mine.payload(showing)) == [{"who": name, "n": "A-001", "b": 0, "x": {}}]
    document = json.loads(panel().payload(showing))
    assert document["name"] == name


def test_the_document() -> None:
    """What is published where no payload is described."""
    assert json.loads(panel().payload(CALLED)) == {
        "counter": "5", "name": 'Loket "5"', "state": "called", "number": "AA-012",
        "text": "AA-012", "blink": True, "call": 77, "at": "2026-11-23T09:00:00+07:00",
    }  # fmt: skip


def test_plain_text_in_the_panel_s_encoding() -> None:
    """A letter that it hasn't becomes a question mark, never an error."""
    showing = Showing("5", "Loket é 5", "called", "A-001", 3, "")
    assert panel(payload="{name}").payload(showing) == b"Loket ? 5"
    assert panel(payload="{name}", encoding="latin-1").payload(showing) == b"Loket \xe9 5"
    assert serial(show={"called": "é{value}"}).sent(showing)[3:5] == b"?1"


def test_topics_and_addresses() -> None:
    """A counter's id is its address where it is a number; a broker's port goes by TLS."""
    assert panel().topic("5") == "antrean/loket/5/tampil"
    assert panel(topic="a/{panel}/{address}{counter}").topic("vip") == "a/x/vipvip"
    assert panel(topic="a/{address}", counters=("5",), addresses={"5": 12}).topic("5") == "a/12"
    assert broker(panel()) == ("broker.local", 1883)
    assert broker(panel(tls=True)) == ("broker.local", 8883)
    assert broker(panel(address="[fd00::1]:1234")) == ("fd00::1", 1234)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: panel(address="http://x"), "panels.x.address: expected such as"),
        (lambda: panel(address="x:99999"), "panels.x.address: expected such as"),
        (lambda: panel(counters=("5", "5")), "panels.x.counters: expected each counter once"),
        (lambda: panel(show={"open": "{nomor}"}), "panels.x.show.open: expected one of"),
        (lambda: panel(topic="a/#"), "panels.x.topic: expected a topic without"),
        (lambda: panel(topic="a/b"), "panels.x.topic: expected {counter}"),
        (lambda: panel(topic="a/{number}"), "panels.x.topic: expected one of"),
        (lambda: panel(status="a/{counter}"), "panels.x.status: expected one of"),
        (lambda: panel(payload="{teks}"), "panels.x.payload: expected one of"),
        (lambda: panel(payload='{"a": {name}}'), "panels.x.payload: expected JSON"),
        (lambda: panel("serial", "COM3"), "panels.x.address: expected such as '/dev/ttyUSB0'"),
        (lambda: serial(counters=()), "panels.x.counters: expected the counters on this line"),
        (lambda: serial(frame="STX dato"), "panels.x.frame: expected names such as STX"),
        (lambda: serial(ack="data"), "panels.x.ack: expected bytes"),
        (lambda: serial(frame="data", counters=("5", "6")), "panels.x.frame: expected address"),
        (lambda: serial(counters=("vip",)), "panels.x.addresses.vip: expected a number"),
        (lambda: serial(addresses={"5": 300}), "panels.x.addresses.5: expected a number up to 255"),
    ],
)  # fmt: skip
def test_what_can_not_be(made: Any, said: str) -> None:
    """One line: the key, what was expected, what was found."""
    with pytest.raises(ConfigError) as caught:
        made()
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_line_of_one_needs_no_address() -> None:
    """RS-232: one panel, no address anywhere."""
    assert serial(counters=("vip",), frame="data CR").sent(
        Showing("vip", "VIP", "called", "A-001", 1, "")
    ) == b"A-001\r"  # fmt: skip
    assert isinstance(serial().frame, Frame)


async def test_the_command_line_says_it(tmp_path: Path) -> None:
    """`antrean check`: exit 2 and one line."""
    file = tmp_path / "config.toml"
    file.write_text(
        '[panels.p]\nkind = "serial"\naddress = "/dev/x"\ncounters = ["5"]\nframe = "STX"'
    )
    words = ("check", "--config", str(file), "--data", str(tmp_path / "data"))
    code, out, err = await antrean(*words)
    assert (code, out) == (2, "")
    assert err.splitlines() == ["antrean: panels.p.frame: expected data once, found 'STX'"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('kind = "rs485"', "panels.p.kind: expected one of 'mqtt', 'serial', found 'rs485'"),
        ('kind = "mqtt"\nsecret = 12345678', "panels.p.secret: expected `str`, found 'int'"),
        ('kind = "mqtt"\nsecret_file = "none"', "panels.p.secret_file: "),
        ('kind = "mqtt"\nca_file = "none"', "panels.p.ca_file: expected a file, found"),
        ('kind = "serial"\nmode = "8X1"', "panels.p.mode: expected"),
        (
            'kind = "serial"\nshow = { opne = "x" }',
            "panels.p.show: expected one of closed, break, open, called, ",
        ),
    ],
)
def test_types_and_files(tmp_path: Path, lines: str, said: str) -> None:
    """One line; a secret is never shown."""
    file = tmp_path / "config.toml"
    file.write_text(f'[panels.p]\naddress = "x"\n{lines}\n')
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert str(caught.value).startswith(f"config.toml: {said}")
    assert "12345678" not in str(caught.value)


def test_a_secret_from_its_file_or_the_environment(tmp_path: Path) -> None:
    """The variable goes before the file."""
    file = tmp_path / "config.toml"
    (tmp_path / "broker.secret").write_text("rahasia\n")
    file.write_text('[panels.p]\nkind = "mqtt"\naddress = "x"\nsecret_file = "broker.secret"\n')
    assert load(file, {}).panels["p"].secret == "rahasia"
    assert load(file, {"ANTREAN_PANELS__P__SECRET": "lain"}).panels["p"].secret == "lain"
