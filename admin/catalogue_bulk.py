"""Many services at once: chosen in the list, given the same, looked at before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.adoption import adopt, left_standing
from queue_server.catalogue import CatalogueError, Document
from queue_server.catalogue.comparing import Difference, differences
from queue_server.catalogue.editing import GIVEN_BY, Assign, Outcome, edit, revision
from queue_server.catalogue.words import word
from queue_server.core.refusals import Refusal
from queue_server.web.forms import read_pairs
from queue_server.web.visit import address_of, language_of

from .catalogue import HERE, difference_lines
from .catalogue_frame import Frame
from .catalogue_lists import listing, wanted_of

MOST = 3_000
KEYS = (
    "agency", GIVEN_BY, "popular", "quick", "quota", "booking.open", "booking.remote",
    "booking.quota", "booking.minutes", "retired",
)  # fmt: skip
"""What many services can be given at once, in the form's order."""
FLAGS = frozenset(("popular", "quick", "booking.open", "booking.remote", "retired"))
NUMBERS = frozenset(("quota", "booking.quota", "booking.minutes"))


class Option(Struct, frozen=True):
    """An entry to choose."""

    value: str
    label: str


class Field(Struct, frozen=True):
    """A field of the bulk form; without a value it changes nothing."""

    key: str
    label: str
    hint: str
    shape: str
    value: str
    options: tuple[Option, ...] = ()


class Moved(Exception):
    """The catalogue is another than the look showed."""


class Bulk:
    """The handlers."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.house = frame.house

    def routes(self) -> list[Route]:
        """Under the section's path."""
        here = f"{HERE}/services/bulk"
        return [
            Route(here, self.leave),
            Route(here, self.choose, methods=["POST"]),
            Route(f"{here}/look", self.look, methods=["POST"]),
            Route(f"{here}/deed", self.carry_out, methods=["POST"]),
        ]

    async def leave(self, request: Request) -> Response:
        """GET …/bulk, as a reload asks for it: back to the list."""
        await self.frame.who(request)
        return RedirectResponse(f"{HERE}/services", 303)

    async def choose(self, request: Request) -> Response:
        """POST …/bulk with the chosen: what they are to be given."""
        await self.frame.who(request)
        chosen, _, _ = await self._sent(request)
        return await self._form(request, chosen, {})

    async def look(self, request: Request) -> Response:
        """POST …/bulk/look: every change, field by field; nothing is kept yet."""
        await self.frame.who(request)
        chosen, cells, _ = await self._sent(request)
        return await self._look(request, chosen, cells)

    async def carry_out(self, request: Request) -> Response:
        """POST …/bulk/deed: what was shown, or the look again where it is another now."""
        identity = await self.frame.who(request)
        chosen, cells, seen = await self._sent(request)

        def change(document: Document) -> Outcome:
            outcome = edit(document, Assign("services", chosen, cells))
            if isinstance(outcome, Document) and _seen(differences(document, outcome)) != seen:
                raise Moved
            return outcome

        try:
            await adopt(self.house, change, identity, address_of(request))
        except (CatalogueError, Refusal, Moved):
            return await self._look(request, chosen, cells, 409)
        return RedirectResponse(f"{HERE}/services?done={len(chosen)}", 303)

    async def _sent(self, request: Request) -> tuple[tuple[str, ...], dict[str, str], str]:
        pairs = await read_pairs(request, MOST)
        known = self.house.catalogue.named.services
        chosen = tuple(dict.fromkeys(x for key, x in pairs if key == "chosen" and x in known))
        given = dict(pairs)
        if given.get("all") == "1":
            shown = listing(self.house.catalogue, "services", wanted_of(given, "in."), "id")
            chosen = tuple(one.id for one in shown.rows)
        cells = {key: given[key].strip() for key in KEYS if given.get(key, "").strip()}
        return chosen, cells, given.get("seen", "")

    async def _form(
        self, request: Request, chosen: tuple[str, ...], cells: Mapping[str, str],
        status: int = 200, sentences: tuple[str, ...] = (),
    ) -> Response:  # fmt: skip
        if not chosen:
            return RedirectResponse(f"{HERE}/services?none=1", 303)
        language, named = language_of(request), self.house.catalogue.named.services
        return await self.frame.page(
            request, "bulk", status, chosen=[(id, named[id].name.of(language)) for id in chosen],
            fields=[self._field(key, cells.get(key, ""), language) for key in KEYS],
            sentences=sentences,
        )  # fmt: skip

    def _field(self, key: str, value: str, language: str) -> Field:
        catalogue, named = self.house.catalogue, word("services", key)
        options: tuple[Option, ...] = ()
        if key == "agency":
            found = catalogue.agencies.values()
            options = tuple(Option(one.id, one.name.of(language)) for one in found)
        elif key == GIVEN_BY:
            places = catalogue.counters.items()
            options = tuple(Option(id, one.name.of(language)) for id, one in places)
        shape = "flag" if key in FLAGS else "number" if key in NUMBERS else "select"
        label, hint = named.name.of(language), named.hint.of(language)
        return Field(key, label, hint if shape != "flag" else "", shape, value, options)

    async def _look(
        self, request: Request, chosen: tuple[str, ...], cells: dict[str, str], status: int = 200
    ) -> Response:
        document, language = self.house.catalogue.document, language_of(request)
        outcome = edit(document, Assign("services", chosen, cells))
        if isinstance(outcome, tuple):
            said = dict.fromkeys(
                f"{one.name or one.sentence}: {one.sentence}" if one.name else one.sentence
                for one in self.frame.said(request, outcome)
            )
            return await self._form(request, chosen, cells, 422, tuple(said))
        changed = await asyncio.to_thread(differences, document, outcome)
        if not chosen:
            return RedirectResponse(f"{HERE}/services?none=1", 303)
        return await self.frame.page(
            request, "look", status, chosen=chosen, cells=cells, count=len(changed),
            lines=difference_lines(changed, language), seen=_seen(changed),
            left=self.frame.obstacles(request, left_standing(self.house, outcome)),
            moved=status == 409, booked=await self.frame.booked(outcome),
        )  # fmt: skip


def _seen(changed: tuple[Difference, ...]) -> str:
    """A name for exactly the changes that a look shows."""
    return revision({f"{x.kind}.{x.id}.{x.act}": repr(x.cells) for x in changed})
