"""The paper as a picture, drawn by an interpreter that knows nothing of our encoder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import ImageChops

from queue_server.config import PrinterSection
from queue_server.printing.document import parse
from queue_server.printing.encode import encode, known_profiles

from .paper import Interpreter, Sheet

URL = "https://antrean.lampungselatankab.go.id/t/Yk3v0q8dWm1Zc5T7u2XaRw"
MARKUP = f"""<paper><copy>SALINAN / COPY</copy><line bold="yes">MPP Lampung Selatan</line><rule/>
<number>A-012</number><row label="Tunggu di">Zona A – Kependudukan</row><space/>
<qr>{URL}</qr><line small="yes">Simpan tiket ini.</line></paper>"""


def printed(
    width: int = 80, native: bool = True, copy: bool = False, markup: str = MARKUP, **more: str
) -> Sheet:
    """What a printer makes of it; `native`: whether it knows QR codes itself."""
    printer = PrinterSection("x", width=width, **more)  # type: ignore[arg-type]  # a test's own
    data = encode(printer, parse(markup), copy)
    interpreter = Interpreter(384 if width == 58 else 576, native)
    while data:
        used = interpreter.take(data)
        assert used, data[:20]
        data = data[used:]
    [sheet] = interpreter.sheets
    assert sheet.whole
    return sheet


@pytest.mark.parametrize(
    ("width", "native", "more"),
    [
        (58, False, {}), (80, False, {}), (80, True, {"profile": "TM-T88V"}),
        (80, True, {"qr": "native"}), (58, True, {"profile": "Sunmi-V2"}),
        (80, False, {"profile": "TM-T88V", "qr": "raster"}), (58, False, {"profile": "TM-U220"}),
    ],
)  # fmt: skip
def test_the_code_is_read(tmp_path: Path, width: int, native: bool, more: dict[str, str]) -> None:
    """By a camera, on every kind of printer: its own code where the profile has it, else a
    picture, in columns where it knows no other."""
    assert shutil.which("zbarimg"), "apt-get install zbar-tools"
    sheet = printed(width, native, **more)
    assert sheet.codes(tmp_path) == [URL]
    assert "�" not in "".join(sheet.text)


def test_a_printer_without_pictures_prints_the_address() -> None:
    """And the number in its largest letters."""
    sheet = printed(profile="OCD-300")
    assert "A-012" in sheet.text
    assert URL in "".join(sheet.text)


def test_nothing_that_a_cheap_printer_takes_for_text() -> None:
    """No rubbish on one that knows no QR codes; the dash became one of ASCII."""
    text = "\n".join(printed(58, False).text)
    assert "�" not in text
    assert "Zona A - Kependudukan" in text


@pytest.mark.parametrize("width", [58, 80])
def test_the_number_is_huge(width: int) -> None:
    """It fills the paper's width: 48 or 72 mm, read at arm's length."""
    whole, without = (
        printed(width, markup=f"<paper>{number}</paper>").picture
        for number in ("<number>A-012</number>", "")
    )
    ink = ImageChops.invert(whole).getbbox()
    assert ink
    assert without.height < whole.height
    assert ink[2] - ink[0] > 0.9 * (384 if width == 58 else 576)
    assert ink[3] - ink[1] > 0.15 * (384 if width == 58 else 576)


def test_a_copy_says_so() -> None:
    """On top, white on black, also on a layout that has no place for it; an original never."""
    assert "SALINAN / COPY" in printed(copy=True).text[0]
    assert "SALINAN" not in "".join(printed(copy=False).text)
    assert "SALINAN" in printed(copy=True, markup="<paper><line>x</line></paper>").text[0]


@pytest.mark.parametrize(
    ("more", "cut"),
    [({}, True), ({"cut": "none"}, False), ({"cut": "full"}, True), ({"width": 58}, False)],
)
def test_cut(more: dict[str, object], cut: bool) -> None:
    """By width unless it is said; where nothing cuts, the paper moves out to the edge."""
    sheet = printed(**more)  # type: ignore[arg-type]  # a test's own
    assert sheet.cut == cut
    bottom = ImageChops.invert(sheet.picture).getbbox()
    assert bottom
    assert sheet.picture.height - bottom[3] >= 96  # 12 mm: from head to edge


@pytest.mark.parametrize("profile", sorted(known_profiles()))
def test_every_profile_of_the_library(profile: str) -> None:
    """Prints, on both widths; what a profile doesn't have is done without."""
    for width in (58, 80):
        assert encode(PrinterSection("x", width=width, profile=profile), parse(MARKUP), True)  # type: ignore[arg-type]  # a width


def test_the_library_leaves_no_folder_behind() -> None:
    """Its import makes one in the system's temporary folder."""
    from escpos import capabilities

    known_profiles()
    assert not Path(capabilities.pickle_dir).exists()
