"""The code that shows that somebody is in the hall: it changes all the time, on a screen there.

Nobody at home can know it, and what was photographed is worth nothing a few minutes later. The
key lives as long as the process: a restart changes the code once more, as time does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from msgspec import Struct

KEPT = 4
"""So many of the last codes still count: there is time to type and to walk a few steps."""
SHORT = 6


class Shown(Struct, frozen=True):
    """The code of a moment: `long` for the QR code, `short` (digits) for typing. `until`: ms."""

    long: str
    short: str
    until: int


class Presence:
    """`seconds` is how long one code is shown."""

    def __init__(self, seconds: int, key: bytes | None = None) -> None:
        self._step = seconds * 1000
        self._key = key or secrets.token_bytes(32)

    def configure(self, seconds: int) -> None:
        """Show each code so long from now on; where that changes, the code does too."""
        self._step = seconds * 1000

    def shown(self, now: int) -> Shown:
        """What the hall's screen shows at `now` (epoch ms)."""
        return self._code(now // self._step)

    def holds(self, given: str, now: int) -> bool:
        """Whether a code is the present one or one of the last few."""
        given = given.strip().replace(" ", "")
        turn = now // self._step
        codes = [self._code(turn - back) for back in range(KEPT)]
        return any(
            hmac.compare_digest(given.encode(), code.encode())
            for one in codes
            for code in (one.long, one.short)
        )

    def _code(self, turn: int) -> Shown:
        digest = hmac.new(self._key, str(turn).encode(), hashlib.sha256).digest()
        short = int.from_bytes(digest[:8], "big") % 10**SHORT
        long = base64.urlsafe_b64encode(digest[8:20]).decode()
        return Shown(long, f"{short:0{SHORT}d}", (turn + 1) * self._step)
