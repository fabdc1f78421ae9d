"""How another catalogue comes into force while the hall runs: from the browser and the command
line alike.

Judged, looked at for who would be left standing, kept, then put in force by the Desk, at once on
every screen; each thing that changed is recorded. One change at a time, on what is in force then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from .catalogue import Catalogue, CatalogueError, Document, Fault, files
from .catalogue.columns import HALL
from .catalogue.comparing import Difference, differences
from .catalogue.document import SINGULAR
from .catalogue.faults import refuse
from .catalogue.sheets import TRANSLATIONS
from .changes import SYSTEM, Act, Json
from .core.refusals import Refusal
from .core.stranding import Stranded, stranded
from .house import House
from .web.identity import Identity

Edit = Callable[[Document], Document | tuple[Fault, ...]]
"""Pure; it may take a while, and runs in a thread."""
ACTS: dict[str, Act] = {
    "added": "create", "changed": "change", "retired": "retire", "restored": "change",
    "removed": "remove", "moved": "change",
}  # fmt: skip


async def adopt(
    house: House, edit: Edit, by: Identity, address: str, why: str = ""
) -> tuple[Difference, ...]:
    """Edit the catalogue in force and put the outcome in force; what has changed.

    Raises CatalogueError with `faults`, Refusal where somebody would be left standing,
    Unavailable. Whatever is raised, nothing has changed; a caller's cancellation cancels nothing.
    """
    return await asyncio.shield(_adopt(house, edit, by, address, why))


async def _adopt(
    house: House, edit: Edit, by: Identity, address: str, why: str
) -> tuple[Difference, ...]:
    async with house.importing:
        before = house.catalogue.document
        catalogue, changed = await asyncio.to_thread(_edited, before, edit)
        if not changed:
            return ()
        await asyncio.to_thread(house.folder.store, catalogue)
        # Known before its plan is in force, because screens are told at that moment.
        house.catalogues[catalogue.hash] = catalogue
        try:
            await house.desk.change_plan(house.plan_for(catalogue))
        except Refusal:
            del house.catalogues[catalogue.hash]
            raise
        house.catalogues = {catalogue.hash: catalogue}
        await asyncio.to_thread(house.folder.adopt, catalogue)
        await house.rooms.changes.record_all(by, address, _records(changed), why)
        await asyncio.to_thread(house.folder.forget, {catalogue.hash})
        return changed


def _edited(before: Document, edit: Edit) -> tuple[Catalogue, tuple[Difference, ...]]:
    outcome = edit(before)
    if isinstance(outcome, tuple):
        raise refuse(outcome)
    return Catalogue(outcome), differences(before, outcome)


def left_standing(house: House, document: Document) -> tuple[Stranded, ...]:
    """Who stands in the way of a sound document now. Raises CatalogueError."""
    return stranded(house.hall, house.plan_for(Catalogue(document)))


async def adopt_file(house: House, data: bytes, name: str) -> tuple[Difference, ...]:
    """A file in the place of the catalogue in force: for the command line.

    Raises as `adopt` does; CatalogueError's line names the file and the first bad cell.
    """

    def edit(before: Document) -> Document:
        try:
            reading = files.load(data, name, before)
        except CatalogueError as error:
            raise CatalogueError(f"{name}: {error}") from None
        if reading.faults:
            first = reading.faults[0]
            cell = f" {first.sheet}!{first.cell}:" if first.cell else ""
            more = f" (and {len(reading.faults) - 1} more)" if len(reading.faults) > 1 else ""
            raise CatalogueError(
                f"{name}:{cell} {first.fault.line()}{more}",
                tuple(one.fault for one in reading.faults),
            )
        return reading.document

    return await adopt(house, edit, SYSTEM, "", name)


def _records(changed: tuple[Difference, ...]) -> Iterator[tuple[str, Act, Json, Json]]:
    """One record for every thing that changed: its cells before and after."""
    for one in changed:
        before: Json = {cell.key: cell.before for cell in one.cells if cell.before}
        after: Json = {cell.key: cell.after for cell in one.cells}
        yield _called(one), ACTS[one.act], before or None, after or None


def _called(one: Difference) -> str:
    if one.kind == HALL:
        return "catalogue.hall"
    if one.kind == TRANSLATIONS:
        return f"catalogue.translation.{one.id[:60]}"
    return f"catalogue.{SINGULAR[one.kind]}.{one.id}" if one.id else f"catalogue.{one.kind}.order"
