"""The rooms of the house: imports point one way, and the core knows no clock and no I/O."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SURFACES = ("displays", "counters", "citizens", "admin", "queue_server.api")
ALLOWED: dict[str, tuple[str, ...]] = {
    "queue_server.core": (),
    "queue_server.clock": (),
    "queue_server.promises": ("core",),
    "queue_server.timetable": ("config", "core"),
    "queue_server.catalogue": ("core", "promises", "timetable", "tables", "workbook"),
    "queue_server.config": ("core",),
    "queue_server.journal": ("core",),
    "queue_server.live": ("core", "clock", "journal", "config"),
    "queue_server.speech": ("core", "config"),
    "queue_server.web": (
        "core",
        "clock",
        "config",
        "catalogue",
        "live",
        "speech",
        "order",
        "store",
    ),
    "queue_server.order": ("core",),
    "queue_server.store": ("core", "order"),
    "queue_server.printing": ("core", "clock", "config", "catalogue", "order", "store"),
    "queue_server.playlists": ("config",),
    "queue_server.devices": ("clock", "store"),
    "queue_server.woff": (),
    "queue_server.reports": ("core", "config", "floor", "order", "woff"),
    "queue_server.panels": ("core", "clock", "config"),
    "queue_server.booking": ("core", "clock", "config", "catalogue", "timetable", "order", "store"),
    "queue_server.guard": (),
    "queue_server.changes": ("clock", "store", "web"),
    "queue_server.settings": ("config", "changes", "store", "web"),
    "queue_server.notes": ("core", "clock", "guard", "order", "store"),
    "queue_server.tracking": (
        "core",
        "clock",
        "config",
        "catalogue",
        "guard",
        "order",
        "store",
    ),
    "queue_server.survey": (
        "core",
        "clock",
        "config",
        "catalogue",
        "order",
        "store",
        "woff",
        "workbook",
    ),
    "queue_server.floor": ("core", "clock", "config", "catalogue", "order", "store"),
    "queue_server.notify": ("core", "clock", "config", "catalogue", "order", "store"),
    "queue_server.desk": ("core", "journal", "clock", "order"),
}
"""For each room below the surfaces, the others of queue_server that it may know."""
PURE = {
    "__future__", "bisect", "collections", "collections.abc", "dataclasses", "datetime", "enum",
    "functools", "hashlib", "heapq", "itertools", "math", "msgspec", "msgspec.structs", "operator",
    "re", "string", "types", "typing", "zoneinfo",
}  # fmt: skip
"""What the core may import: nothing that has a clock, a disk, a net, a loop or dice. `datetime`
and `zoneinfo` are for arithmetic: the calls that read the machine's clock are looked for."""
CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def modules(room: str) -> Iterator[tuple[str, ast.Module]]:
    """(dotted name, tree) of every module of a room; none while it isn't built."""
    path = ROOT / room.replace(".", "/")
    single = path.with_suffix(".py")
    for file in [single] if single.exists() else sorted(path.rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        yield name, ast.parse(file.read_text(), str(file))


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    """Absolute dotted names of all that a module imports, wherever it does."""
    package = name.removesuffix(".__init__").split(".")
    if not name.endswith(".__init__"):
        package = package[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield prefix
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(room + ".")


@pytest.mark.parametrize("room", ALLOWED)
def test_imports_point_one_way(room: str) -> None:
    """core <- journal, live, web, speech <- desk: no room knows one that stands above it."""
    allowed = [room, *(f"queue_server.{other}" for other in ALLOWED[room])]
    for name, tree in modules(room):
        for found in imports(name, tree):
            assert not any(within(found, surface) for surface in SURFACES), (name, found)
            ours = within(found, "queue_server") and found != "queue_server"
            assert not ours or any(within(found, one) for one in allowed), (name, found)


@pytest.mark.parametrize("surface", SURFACES)
def test_surfaces_do_not_know_each_other(surface: str) -> None:
    """Board, console, citizens' pages, administration and API meet in `app` alone."""
    for name, tree in modules(surface):
        for found in imports(name, tree):
            others = [other for other in (*SURFACES, "queue_server.app") if other != surface]
            assert not any(within(found, other) for other in others), (name, found)


def test_only_the_program_knows_the_whole() -> None:
    """Nothing but the command line imports the composition root."""
    for room in (*ALLOWED, *SURFACES):
        for name, tree in modules(room):
            assert not any(within(x, "queue_server.app") for x in imports(name, tree)), name


def test_the_core_is_pure() -> None:
    """No clock, no I/O, no asyncio, no randomness in the rules: `now` is given to them."""
    for name, tree in modules("queue_server.core"):
        for found in imports(name, tree):
            own = within(found, "queue_server.core")
            module = next((m for m in (found, found.rpartition(".")[0]) if m in PURE), None)
            assert own or module, f"{name} imports {found}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert called not in CLOCKS | {"open", "print", "input", "hash"}, (name, called)
            assert not isinstance(node, ast.AsyncFunctionDef | ast.Await), name


def test_the_standard_library_hides_nothing() -> None:
    """The names that the core may import are the standard library's, or msgspec's."""
    roots = {name.partition(".")[0] for name in PURE}
    assert roots - set(sys.stdlib_module_names) == {"msgspec"}
