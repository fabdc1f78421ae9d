"""An ESC/POS interpreter that draws: what comes out of a thermal printer, as a picture.

Written from Epson's command reference, not from our encoder; what it doesn't know is rubbish on
the paper, as with a real one.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parents[2] / "static/fonts/atkinson-hyperlegible-latin-400-normal.woff"
BOLD = FONT.with_name("atkinson-hyperlegible-latin-700-normal.woff")
CELLS = {0: (12, 24), 1: (9, 17)}
GAP = 6
"""Dots between two lines of text."""
LONGEST = 4000


@dataclass
class Sheet:
    """One paper. `text`: its lines as set; `picture`: what is on it; `whole`: it came out;
    `torn`: it was left unfinished."""

    width: int
    text: list[str] = field(default_factory=list)
    whole: bool = False
    torn: bool = False
    cut: bool = False
    y: int = 16

    def __post_init__(self) -> None:
        self.canvas = Image.new("L", (self.width, LONGEST), 255)

    @property
    def picture(self) -> Image.Image:
        """With the margins that paper has, 3 mm on each side."""
        found = Image.new("L", (self.width + 48, self.y + 16), 255)
        found.paste(self.canvas.crop((0, 0, self.width, self.y)), (24, 0))
        return found

    def codes(self, folder: Path) -> list[str]:
        """What a camera reads off it."""
        path = folder / f"sheet-{id(self)}.png"
        self.picture.save(path)
        done = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True)
        return done.stdout.split()


@dataclass
class Pen:
    """How the next character is set."""

    font: int = 0
    bold: bool = False
    invert: bool = False
    align: int = 0
    wide: int = 1
    high: int = 1


class Interpreter:
    """Takes bytes, draws sheets. `native_qr` false: one that doesn't know `GS ( k`."""

    def __init__(self, width: int = 576, native_qr: bool = True) -> None:
        self.width, self.native_qr = width, native_qr
        self.sheets: list[Sheet] = []
        self.answers = bytearray()
        """What it has to say to the commands that ask."""
        self.sensor = 0
        self._pen = Pen()
        self._line: list[tuple[str, bool]] = []
        """Characters, and whether each is bold."""
        self._qr = b""
        self._qr_size = 3
        self._stripe = False
        """The line holds a stripe of a picture: its line feed is as high as that."""

    @property
    def sheet(self) -> Sheet:
        if not self.sheets or self.sheets[-1].whole or self.sheets[-1].torn:
            self.sheets.append(Sheet(self.width))
        return self.sheets[-1]

    def take(self, data: bytes) -> int:
        """Carry the first command out; how many bytes it was, 0 when more must come."""
        first = data[0]
        if first == 0x1B:
            return self._escape(data)
        if first == 0x1D:
            return self._group(data)
        if first == 0x10 and len(data) < 3:
            return 0
        if data[:2] == b"\x10\x04":
            return 3  # answered when it came
        if first == 0x0A:
            self._print_line()
        elif 0x20 <= first < 0x7F:
            self._line.append((chr(first), self._pen.bold))
        else:
            self._line.append(("�", False))
        return 1

    # Commands -----------------------------------------------------------------------------

    def _escape(self, data: bytes) -> int:
        if len(data) < 2:
            return 0
        kind = data[1:2]
        if kind == b"@":
            self._pen, self._line = Pen(), []
            if self.sheets and not self.sheets[-1].whole:
                self.sheets[-1].torn = True
            return 2
        if kind == b"2":
            return 2
        if kind == b"*":
            return self._columns(data)
        if len(data) < 3:
            return 0
        value = data[2]
        if kind == b"!":
            self._pen.font, self._pen.bold = value & 1, bool(value & 8)
            self._pen.high, self._pen.wide = 1 + (value >> 4 & 1), 1 + (value >> 5 & 1)
        elif kind == b"E":
            self._pen.bold = bool(value & 1)
        elif kind == b"a":
            self._pen.align = value % 48
        elif kind == b"M":
            self._pen.font = value % 48
        elif kind == b"d":
            self._print_line()
            self._feed(30 * value)
            self._end(cut=False)
        elif kind in (b"t", b"3", b"-", b"{"):
            pass
        else:
            self._line.append(("�", False))
            return 2
        return 3

    def _group(self, data: bytes) -> int:
        if len(data) < 3:
            return 0
        kind, value = data[1:2], data[2]
        if kind == b"!":
            self._pen.wide, self._pen.high = (value >> 4) + 1, (value & 15) + 1
        elif kind == b"B":
            self._pen.invert = bool(value & 1)
        elif kind == b"b":
            pass
        elif kind == b"V":
            self._end(cut=True)
            return 4 if value in (65, 66) else 3
        elif kind == b"r":
            self.answers.append(self.sensor)
        elif kind == b"v":
            return self._raster(data)
        elif kind == b"(" and self.native_qr:
            return self._code(data)
        else:
            self._line.append(("�", False))
            return 2
        return 3

    def _raster(self, data: bytes) -> int:
        if len(data) < 8:
            return 0
        across, down = data[4] + 256 * data[5], data[6] + 256 * data[7]
        end = 8 + across * down
        if len(data) < end:
            return 0
        picture = Image.frombytes("1", (across * 8, down), bytes(data[8:end]), "raw", "1;I")
        self._paste(picture.convert("L"))
        return end

    def _columns(self, data: bytes) -> int:
        """ESC *: a stripe of 24 dots (8 in the lower modes) in columns."""
        if len(data) < 5:
            return 0
        high = 3 if data[2] & 32 else 1
        across = data[3] + 256 * data[4]
        end = 5 + across * high
        if len(data) < end:
            return 0
        stripe = Image.new("L", (across, 8 * high), 255)
        for x in range(across):
            for y in range(8 * high):
                if data[5 + x * high + y // 8] >> (7 - y % 8) & 1:
                    stripe.putpixel((x, y), 0)
        self._paste(stripe)
        self._stripe = True
        return end

    def _code(self, data: bytes) -> int:
        if len(data) < 5:
            return 0
        end = 5 + data[3] + 256 * data[4]
        if len(data) < end:
            return 0
        function, rest = data[6], bytes(data[7:end])
        if function == 67:
            self._qr_size = rest[0]
        elif function == 80:
            self._qr = rest[1:]
        elif function == 81:
            matrix = [list(row) for row in segno.make(self._qr, error="m").matrix_iter(border=0)]
            picture = Image.new("L", (len(matrix), len(matrix)))
            picture.putdata([0 if dot else 255 for row in matrix for dot in row])
            side = len(matrix) * self._qr_size
            self._paste(picture.resize((side, side), Image.Resampling.NEAREST))
        return end

    # Drawing ------------------------------------------------------------------------------

    def _print_line(self) -> None:
        if self._stripe and not self._line:
            self._stripe = False
            return
        line, self._line = self._line, []
        pen, sheet = self._pen, self.sheet
        cell, tall = CELLS[pen.font]
        fits = self.width // (cell * pen.wide)
        for piece in [line[i : i + fits] for i in range(0, len(line), fits)] or [[]]:
            sheet.text.append("".join(one for one, _ in piece))
            self._draw(piece, cell * pen.wide, tall * pen.high)
            self._feed(tall * pen.high + GAP)

    def _draw(self, text: list[tuple[str, bool]], cell: int, tall: int) -> None:
        pen, sheet = self._pen, self.sheet
        strip = Image.new("L", (max(1, cell * len(text)), tall), 0 if pen.invert else 255)
        brush = ImageDraw.Draw(strip)
        for index, (one, bold) in enumerate(text):
            font = ImageFont.truetype(str(BOLD if bold else FONT), int(tall * 0.82))
            brush.text(
                (cell * index + cell / 2, tall * 0.78), one, anchor="ms", font=font,
                fill=255 if pen.invert else 0,
            )  # fmt: skip
        sheet.canvas.paste(strip, (self._left(strip.width), sheet.y))

    def _paste(self, picture: Image.Image) -> None:
        self.sheet.canvas.paste(picture, (self._left(picture.width), self.sheet.y))
        self._feed(picture.height)

    def _left(self, width: int) -> int:
        return (0, (self.width - width) // 2, self.width - width)[self._pen.align]

    def _feed(self, dots: int) -> None:
        self.sheet.y += dots
        assert self.sheet.y < LONGEST, "an endless paper"

    def _end(self, cut: bool) -> None:
        if cut and self.sheets and self.sheets[-1].whole:
            self.sheets[-1].cut = True  # the feed before it has ended the sheet
            return
        sheet = self.sheet
        sheet.whole, sheet.cut = True, cut
