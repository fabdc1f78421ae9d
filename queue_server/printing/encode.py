"""A document as ESC/POS bytes, by python-escpos and its printer profiles.

Blocking, and slow to import: for a worker thread.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno

from ..config import PrinterSection
from .document import Copy, Line, Number, Part, Qr, Row, Rule, Space
from .text import ascii_only, rows, wrapped

if TYPE_CHECKING:
    from PIL.Image import Image

FONT = Path(__file__).parents[2] / "static/fonts/atkinson-hyperlegible-latin-700-normal.woff"
"""The number's typeface: the same as on the screens."""
PIXELS = {58: 384, 80: 576}
"""Dots across the paper's printable width, 8 to the millimetre."""
GENERIC = {58: "POS-5890", 80: "TM-T20II"}
"""Whose columns a printer without a profile has."""
QR_DOTS = {58: 240, 80: 280}
"""About how wide the code is: 30 and 35 mm."""
AIR = 14
"""Dots above and below a number or a rule."""
FEED = 4
"""Lines between the last word and the edge to tear at, where nothing cuts."""


def encode(printer: PrinterSection, parts: Sequence[Part], copy: bool) -> bytes:
    """The bytes that print a document; `copy`: with the mark of a second paper."""
    sheet = Sheet(printer)
    if copy and not any(isinstance(part, Copy) for part in parts):
        parts = [Copy(text="SALINAN / COPY"), *parts]
    for kind, group in groupby(parts, type):
        if kind is Row:
            sheet.rows([part for part in group if isinstance(part, Row)])
            continue
        for part in group:
            if copy or kind is not Copy:
                sheet.put(part)
    return sheet.finished()


class Sheet:
    """One paper in the making."""

    def __init__(self, printer: PrinterSection) -> None:
        self._printer = printer
        self._dots = PIXELS[printer.width]
        self._out = _dummy(printer)
        profile = self._out.profile
        self._columns = profile.get_columns("a")
        self._images = next(
            (i for i in ("bitImageRaster", "bitImageColumn") if profile.supports(i)), ""
        )
        named = bool(printer.profile) and bool(profile.supports("qrCode"))
        # A native code that a printer doesn't know comes out as rubbish; a picture never does.
        self._native = printer.qr == "native" or (printer.qr == "auto" and named)
        self._out.hw("INIT")

    def put(self, part: Part) -> None:
        """One part, below the others."""
        if isinstance(part, Line):
            self._line(part)
        elif isinstance(part, Number):
            self._number(part.text)
        elif isinstance(part, Qr):
            self._qr(part.text)
        elif isinstance(part, Rule):
            self._rule()
        elif isinstance(part, Space):
            self._say([""])
        elif isinstance(part, Copy):
            self._out.set(align="center", bold=True, invert=True)
            self._say([f" {ascii_only(part.text)} "])
            self._out.set(align="left", bold=False, invert=False)

    def rows(self, group: Sequence[Row]) -> None:
        """Labels, and in bold beside them what they say."""
        for label, text in rows([(one.label, one.text) for one in group], self._columns):
            self._out._raw(label.encode("ascii"))
            self._out.set(bold=True)
            self._say([text])
            self._out.set(bold=False)

    def finished(self) -> bytes:
        """Everything, with the paper moved out and cut."""
        wanted = self._printer.cut
        features = self._out.profile
        cuts = features.supports("paperFullCut") or features.supports("paperPartCut")
        if wanted == "none" or (wanted == "auto" and not cuts):
            self._out.print_and_feed(FEED)
        else:
            self._out.cut("FULL" if wanted == "full" else "PART")
        return bytes(self._out.output)

    def _line(self, line: Line) -> None:
        size = int(line.size)
        small = line.small == "yes" and "1" in self._out.profile.fonts
        columns = self._out.profile.get_columns("b" if small else "a") // size
        self._out.set(
            align=line.align, bold=line.bold == "yes", font="b" if small else "a",
            custom_size=True, width=size, height=size,
        )  # fmt: skip
        self._say(wrapped(line.text, columns))
        self._out.set(align="left", bold=False, font="a", custom_size=True, width=1, height=1)

    def _rule(self) -> None:
        if not self._images:
            self._say(["-" * self._columns])
            return
        picture = _blank(self._dots, 2 * AIR + 2)
        picture.paste(0, (0, AIR, self._dots, AIR + 2))
        self._image(picture)

    def _number(self, text: str) -> None:
        if self._images:
            self._image(_lettering(text, self._dots))
            return
        size = max(1, min(8, self._columns // max(1, len(text))))
        self._out.set(align="center", bold=True, custom_size=True, width=size, height=size)
        self._say([ascii_only(text)])
        self._out.set(align="left", bold=False, custom_size=True, width=1, height=1)

    def _qr(self, text: str) -> None:
        code = segno.make(text, error="m", micro=False)
        size = max(3, QR_DOTS[self._printer.width] // len(code.matrix))
        if self._native:
            self._out.set(align="center")
            self._out.qr(text, ec=1, size=min(size, 16), native=True)  # 1: level M
            self._out.set(align="left")
            self._say([""])
        elif self._images:
            self._image(_qr_picture(code, size))
        else:
            self._say(wrapped(text, self._columns))

    def _image(self, picture: Image) -> None:
        # On white as wide as the paper: some printers align pictures, others don't.
        whole = _blank(self._dots, picture.height)
        whole.paste(picture, ((self._dots - picture.width) // 2, 0))
        self._out.image(whole, impl=self._images)

    def _say(self, lines: Sequence[str]) -> None:
        # Not by the library's `text`: it sends code page commands, which clones print.
        self._out._raw("".join(f"{line}\n" for line in lines).encode("ascii"))


def _dummy(printer: PrinterSection) -> Any:
    """A printer of the library that keeps its bytes, with our paper's width."""
    profiles = known_profiles()
    from escpos.capabilities import Profile
    from escpos.printer import Dummy

    data = dict(profiles[printer.profile or GENERIC[printer.width]])
    data["media"] = {"width": {"mm": printer.width, "pixels": PIXELS[printer.width]}}
    if not printer.profile and printer.width == 58:
        data["features"] = {**data["features"], "paperFullCut": False, "paperPartCut": False}
    made = type("PrinterProfile", (Profile,), {"profile_data": data})
    return Dummy(profile=made(features=data["features"]))


@cache
def known_profiles() -> dict[str, Any]:
    """The library's printer profiles by name."""
    from escpos import capabilities

    # Its import leaves a cache in a new temporary folder, of no use to anybody after.
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return dict(capabilities.CAPABILITIES["profiles"])


def _blank(width: int, height: int) -> Image:
    from PIL import Image

    return Image.new("L", (width, height), 255)


def _lettering(text: str, dots: int) -> Image:
    """A number as wide as the paper, but no higher than a third of that."""
    from PIL import ImageDraw, ImageFont

    trial = ImageFont.truetype(str(FONT), 100)
    left, top, right, bottom = trial.getbbox(text)
    size = int(100 * min(0.96 * dots / (right - left), dots / 3 / (bottom - top)))
    font = ImageFont.truetype(str(FONT), size)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    picture = _blank(right - left, bottom - top + 2 * AIR)
    ImageDraw.Draw(picture).text((-left, AIR - top), text, fill=0, font=font)
    return picture.point(lambda grey: 255 if grey > 127 else 0)


def _qr_picture(code: segno.QRCode, size: int) -> Image:
    """The code with `size` dots a module, in its quiet zone."""
    from PIL.Image import Resampling

    modules = [[255 if module == 0 else 0 for module in row] for row in code.matrix_iter(border=4)]
    side = len(modules)
    picture = _blank(side, side)
    picture.putdata([module for row in modules for module in row])
    return picture.resize((side * size, side * size), Resampling.NEAREST)
