"""What a printer says of itself: the answers to ESC/POS `DLE EOT n` and `GS r 1`. Pure.

Source: Epson's ESC/POS command reference. A reply doesn't say what it answers, and a line may
carry anything: fixed bits are checked before a byte is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Reason = Literal[
    "", "offline", "mute", "paper_out", "cover_open", "cutter", "error", "rejected", "bad_paper",
    "removed",
]  # fmt: skip
"""Why nothing is printed; "" nothing stands in the way. `mute`: there, but it answers nothing;
`rejected`: the print system refused; `bad_paper`: the document can't be set; `removed`: the
configuration has no such printer any more."""
Paper = Literal["unknown", "ok", "low", "out"]

QUERIES = tuple(bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4))
"""Printer, cause of being offline, error, paper sensor: answered at once, out of turn."""
FENCE = b"\x1dr\x01"
"""The paper sensor again, but in turn: its answer says that all before it has been carried out."""


class Condition(Struct, frozen=True):
    """A printer at a moment."""

    reason: Reason = ""
    paper: Paper = "unknown"


def is_reply(byte: int) -> bool:
    """Whether a byte can be the answer to a query: bits 1 and 4 set, 0 and 7 clear."""
    return byte & 0x93 == 0x12


def is_fence(byte: int) -> bool:
    """Whether a byte can be the answer to the fence: bits 4 and 7 clear."""
    return byte & 0x90 == 0


def condition(replies: Sequence[int]) -> Condition:
    """What the answers to the four queries mean, the cause that a person can mend first."""
    printer, cause, error, sensor = replies
    paper: Paper = "out" if sensor & 0x60 or cause & 0x20 else "low" if sensor & 0x0C else "ok"
    reason: Reason = ""
    if cause & 0x04:
        reason = "cover_open"
    elif paper == "out":
        reason = "paper_out"
    elif error & 0x08:
        reason = "cutter"
    elif error & 0x64 or cause & 0x40:
        reason = "error"
    elif printer & 0x08:
        reason = "offline"
    return Condition(reason, paper)
