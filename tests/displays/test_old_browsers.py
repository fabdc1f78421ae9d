"""The board's files can be read by Chrome 53, the engine of webOS 4 and Tizen 4."""

from __future__ import annotations

from pathlib import Path

import pytest

from .old_browsers import too_young_css, too_young_for_es5

STATIC = Path(__file__).resolve().parents[2] / "static"
SCRIPTS = ("live", "clock", "announcer", "board", "presence")
SHEETS = ("tokens", "board", "board-plain", "presence")


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_es5(name: str) -> None:
    """Each node of the syntax tree, and each name, is one that Chrome 53 knows."""
    assert list(too_young_for_es5((STATIC / "js" / f"{name}.js").read_text())) == []


@pytest.mark.parametrize("name", SHEETS)
def test_sheets_are_of_chrome_53(name: str) -> None:
    """Each property, function, selector and condition is one that Chrome 53 knows."""
    assert list(too_young_css((STATIC / "css" / f"{name}.css").read_text())) == []


@pytest.mark.parametrize(
    "script",
    [
        "var f = () => 1;", "const a = 1;", "let a = 1;", "var a = `x`;", "a?.b;", "a ?? b;",
        "class A {}", "var {a} = b;", "var [a] = b;", "f(...a);", "for (var a of b) {}",
        "async function f() {}", "function* f() {}", "var o = {a};", "var o = {f() {}};",
        "function f(a = 1) {}", "a ** b;", "import a from 'b';", "export var a;",
        "try {} catch {}", "f(a,);", "var a = 1_000;", "var a = 0b1;", "/a/s.test(b);", "/a/y;",
        "a ||= b;", "list.at(-1);", "text.replaceAll('a', 'b');", "node.append(x);", "if (a {",
    ],
)  # fmt: skip
def test_newer_scripts_are_refused(script: str) -> None:
    """The control: the gate does not let through what an old set cannot read."""
    assert list(too_young_for_es5(script))


@pytest.mark.parametrize(
    "sheet",
    [
        "a { gap: 1px }", "a { display: grid }", "a { grid-template-columns: 1fr }",
        "a { aspect-ratio: 1 }", "a { inset: 0 }", "a { width: clamp(1px, 2vw, 3px) }",
        "a { width: min(1px, 2px) }", "a { width: max(1px, 2px) }", ":is(a, b) { top: 0 }",
        "a:has(b) { top: 0 }", "a:where(b) { top: 0 }", "a:focus-visible { top: 0 }",
        "a { b { top: 0 } }", "@layer x { a { top: 0 } }",
        "@container (width > 1px) { a { top: 0 } }",
        "@media (width > 1px) { a { top: 0 } }", "@supports (top: 0) { a { top: 0 } }",
        "a { color: rgb(0 0 0 / 50%) }", "a { color: #0008 }", "a { margin-inline: 1px }",
        "a { text-wrap: balance }", "a { overflow: clip }", "a { position: sticky }",
        "a { height: 100dvh }", "a { justify-content: space-evenly }", "a { top: 0",
    ],
)  # fmt: skip
def test_newer_sheets_are_refused(sheet: str) -> None:
    """The control, for style."""
    assert list(too_young_css(sheet))
