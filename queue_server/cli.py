"""`antrean`: the commands. Exit 0, or 2 with one line on stderr (`verify`: 1 when unsound)."""

from __future__ import annotations

import argparse
import asyncio
import base64
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from . import backup, chores
from .catalogue import CatalogueError, files, first_catalogue
from .config import Config, ConfigError, load
from .folder import Folder, Held
from .integrity import problems
from .journal.log import Damaged, JournalError
from .panels import check_panels
from .printing import check_profiles
from .web.identity import ROLES, SCOPES


class Stop(Exception):
    """Exit 2 with this line."""


REASONS = (
    Stop, ConfigError, CatalogueError, Held, Damaged, JournalError, chores.ChoreFailed,
    backup.NotRestored, OSError, sqlite3.Error,
    UnicodeError,  # a name that is no UTF-8
)  # fmt: skip
"""What a person can do something about: one line, no traceback."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every command does."""

    def error(self, message: str) -> NoReturn:
        raise Stop(f"{message}; see {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> None:
    """The program."""
    try:
        arguments = _parser().parse_args(argv)
        sys.exit(arguments.run(arguments))
    except REASONS as error:
        line = " ".join(str(error).split())
    except KeyboardInterrupt:
        sys.exit(130)
    print(f"antrean: {line}", file=sys.stderr)
    sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="antrean", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = Parser(add_help=False)
    shared.add_argument("--config", type=Path, metavar="FILE", help="default: ./config.toml")
    shared.add_argument("--data", type=Path, metavar="DIR", help="the data folder")

    def command(name: str, run: object, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[shared], help=help, description=help)
        added.set_defaults(run=run)
        return added

    for name, run in (("serve", _serve), ("demo", _demo)):
        what = "run the hall" if name == "serve" else "a full hall on a fast clock, for a look"
        added = command(name, run, what)
        added.add_argument("--host", help="the address to listen on")
        added.add_argument("--port", type=_port, help="0: any free port")
        if name == "demo":
            added.add_argument("--speed", type=float, default=6.0, help="times real time")
    command("check", _check, "validate configuration and catalogue")
    _add_grouped(commands, shared)
    added = command("skm", _skm, "the satisfaction index of answers in a CSV or XLSX")
    added.add_argument("file", type=Path)
    added.add_argument("--weights", choices=("exact", "0.111", "0.11"), default="exact")
    added.add_argument("--json", action="store_true", help="for programs")
    added = command("report", _report, "figures of some days as .xlsx, .csv, .pdf or .json")
    added.add_argument("file", type=Path)
    added.add_argument("--from", dest="first", required=True, metavar="DAY", help="2026-01-31")
    added.add_argument("--to", dest="last", metavar="DAY", help="default: the same day")
    added.add_argument("--by", default="agency", help="agency, service, counter, day, hour, ...")
    added.add_argument(
        "--only", action="append", default=[], metavar="WHAT=VALUE", help="agency=imigrasi, ..."
    )
    added.add_argument("--language", choices=("id", "en"), default="id")
    command("verify", _verify, "check the journal, the database and the replay")
    command("backup", _chore("backup"), "a verified copy, while running").add_argument("file")
    added = command("restore", _restore, "put a backup in place of the data")
    added.add_argument("file", type=Path)
    added.add_argument("--force", action="store_true", help="also over newer data")
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"expected 0 to 65535, found {text!r}")
    return int(text)


def _add_grouped(commands: argparse._SubParsersAction[Parser], shared: Parser) -> None:
    """`antrean user add`, `antrean token add`, `antrean catalogue import|export`."""
    for noun in ("user", "token"):
        verbs = commands.add_parser(noun, help=f"{noun}s").add_subparsers(required=True)
        added = verbs.add_parser("add", parents=[shared], help="prints the secret once")
        added.add_argument("name")
        added.add_argument("--role", required=True, choices=ROLES)
        for bound in ("agency", "zone"):
            what = f"bind to this {bound}; may be given again"
            added.add_argument(f"--{bound}", action="append", metavar="ID", help=what)
        if noun == "token":
            what = "narrow to this; may be given again"
            added.add_argument("--scope", action="append", choices=SCOPES, help=what)
            added.add_argument("--until", metavar="DATE", help="the last day, such as 2027-12-31")
        added.set_defaults(run=_chore(f"{noun}-add"))
    catalogue = commands.add_parser("catalogue", help="agencies, services, counters, zones")
    verbs = catalogue.add_subparsers(required=True)
    for verb, run in (("import", _import), ("export", _export)):
        what = f"{verb} a TOML, XLSX, ZIP or CSV file, by its suffix"
        added = verbs.add_parser(verb, parents=[shared], help=what)
        added.add_argument("file", type=Path)
        added.set_defaults(run=run)


def _setup(arguments: argparse.Namespace) -> tuple[Config, Folder, Path]:
    """Configuration, data folder, and the folder that configured paths start from."""
    path: Path | None = arguments.config
    if path is None and Path("config.toml").exists():
        path = Path("config.toml")
    config = load(path, os.environ)
    base = path.parent if path else Path()
    data: Path = arguments.data or base / config.server.data
    _not_in_anothers(data)
    return config, Folder(data), base


def _not_in_anothers(data: Path) -> None:
    """Root's files in the server's folder would be closed to the server itself. Raises Stop."""
    owner = data.stat().st_uid if data.exists() else 0
    if owner and os.geteuid() == 0:
        raise Stop(f"{data} is another user's: run this as its owner, with sudo -u '#{owner}'")


def _serve(arguments: argparse.Namespace) -> int:
    from . import process  # takes half a second; commands beside a running server don't need it

    config, folder, base = _setup(arguments)
    _log()
    return process.serve(config, folder, base, arguments.host, arguments.port)


def _demo(arguments: argparse.Namespace) -> int:
    from . import demo  # its simulated people are no part of a serving hall

    config, _, base = _setup(arguments)
    _log()
    return demo.run(config, base, arguments.host, arguments.port, arguments.speed)


def _check(arguments: argparse.Namespace) -> int:
    config, folder, base = _setup(arguments)
    from . import app  # as above

    check_profiles(config.printers)
    check_panels(config.panels)
    found = folder.catalogue() or first_catalogue(config.hall.catalogue, base, config.hall.name)
    app.translations(config)
    print(f"sound: {len(found.services)} services, {len(found.counters)} counters")
    return 0


def _chore(name: str) -> object:
    def run(arguments: argparse.Namespace) -> int:
        given = {k: v for k, v in vars(arguments).items() if k in ("name", "role", "until") and v}
        for several in ("agency", "zone", "scope"):
            if named := vars(arguments).get(several):
                given[several] = " ".join(named)
        if "file" in vars(arguments):
            given["file"] = str(Path(arguments.file).absolute())
        return _do(arguments, name, given)

    return run


def _import(arguments: argparse.Namespace) -> int:
    path: Path = arguments.file
    data = base64.b64encode(path.read_bytes()).decode()
    return _do(arguments, "catalogue-import", {"name": path.name, "data": data})


def _export(arguments: argparse.Namespace) -> int:
    path: Path = arguments.file
    files.format_of(path.name)
    outcome = _outcome(arguments, "catalogue-export", {"name": path.name})
    path.write_bytes(base64.b64decode(outcome.text))
    return 0


def _skm(arguments: argparse.Namespace) -> int:
    from .survey import chore, sheet  # reads workbooks; nothing else here does

    path: Path = arguments.file
    try:
        result = chore.computed(sheet.read(path.read_bytes()), arguments.weights)
    except ValueError as error:
        raise Stop(f"{path.name}: {error}") from None
    print((chore.as_json if arguments.json else chore.as_text)(*result))
    return 0


def _report(arguments: argparse.Namespace) -> int:
    given = {
        "file": str(Path(arguments.file).absolute()), "first": arguments.first,
        "last": arguments.last or arguments.first, "by": arguments.by,
        "language": arguments.language, "only": "\n".join(arguments.only),
    }  # fmt: skip
    return _do(arguments, "report", given)


def _verify(arguments: argparse.Namespace) -> int:
    _, folder, _ = _setup(arguments)
    holder = folder.holder()
    if holder is not None:
        outcome = asyncio.run(chores.ask(holder, "verify", {}))
    else:
        found = problems(folder)
        outcome = chores.Outcome("\n".join(found) or "sound", bool(found))
    print(outcome.text)
    return int(outcome.wrong)


def _restore(arguments: argparse.Namespace) -> int:
    _, folder, _ = _setup(arguments)
    with folder.hold():
        version = backup.restore(folder, arguments.file, force=arguments.force)
    print(f"restored up to entry {version}")
    return 0


def _do(arguments: argparse.Namespace, chore: str, given: dict[str, str]) -> int:
    outcome = _outcome(arguments, chore, given)
    print(outcome.text)
    return int(outcome.wrong)


def _outcome(arguments: argparse.Namespace, chore: str, given: dict[str, str]) -> chores.Outcome:
    config, folder, base = _setup(arguments)
    holder = folder.holder()
    if holder is not None:
        return asyncio.run(chores.ask(holder, chore, given))

    from . import app  # as above

    async def alone() -> chores.Outcome:
        async with app.open_house(config, folder, base, environ=os.environ) as house:
            return await chores.do(house, folder, chore, given)

    with folder.hold():
        return asyncio.run(alone())


def _log() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # a line a request, URLs and all
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # a line a phone, with its address
