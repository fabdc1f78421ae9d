"""The catalogue in administration: its lists, and one form for each thing in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.adoption import adopt, left_standing
from queue_server.catalogue import KINDS, SINGULAR, CatalogueError, Document, Fault
from queue_server.catalogue.columns import HALL
from queue_server.catalogue.editing import (
    Mark,
    Move,
    Outcome,
    Put,
    edit,
    form_cells,
    found,
    revision,
    suggested,
    usual,
)
from queue_server.catalogue.words import KIND_NAMES
from queue_server.core.refusals import Refusal
from queue_server.core.stranding import Stranded
from queue_server.house import House
from queue_server.web.forms import read_form, read_pairs
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of

from .catalogue import HERE, CellLine, theirs
from .catalogue_bulk import Bulk
from .catalogue_files import Files
from .catalogue_forms import Group, Maker, cells_sent
from .catalogue_frame import Frame
from .catalogue_lists import listing, wanted_of

MOST = 3_000
"""Fields of a form: a box for each service, rows of lists."""


class Conflict(Exception):
    """Somebody else has saved the same thing since the form was opened."""


class Form(Struct, frozen=True):
    """A form's page. `theirs`: what somebody else saved meanwhile, beside what stands in it."""

    kind: str
    id: str
    title: str
    action: str
    back: str
    back_name: str
    groups: tuple[Group, ...]
    seen: str
    is_new: bool
    retired: bool
    theirs: tuple[CellLine, ...] = ()


def routes(house: House) -> list[Route]:
    """The section's addresses. Those with a word of their own come before those with a list's."""
    frame = Frame(house)
    pages, bulk, files = Pages(frame), Bulk(frame), Files(frame)
    return [
        Route(HERE, files.overview),
        *files.routes(),
        Route(f"{HERE}/hall", pages.hall),
        Route(f"{HERE}/hall", pages.save_hall, methods=["POST"]),
        *bulk.routes(),
        Route(f"{HERE}/{{list}}", pages.list),
        Route(f"{HERE}/{{list}}/order", pages.move, methods=["POST"]),
        Route(f"{HERE}/{{list}}/new", pages.new),
        Route(f"{HERE}/{{list}}/new", pages.create, methods=["POST"]),
        Route(f"{HERE}/{{list}}/items/{{item}}", pages.item),
        Route(f"{HERE}/{{list}}/items/{{item}}", pages.save, methods=["POST"]),
        Route(f"{HERE}/{{list}}/items/{{item}}/retirement", pages.retirement),
        Route(f"{HERE}/{{list}}/items/{{item}}/retirement", pages.retire, methods=["POST"]),
        Route(f"{HERE}/{{list}}/items/{{item}}/return", pages.bring_back, methods=["POST"]),
    ]


class Pages:
    """The handlers."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.house = frame.house

    # Lists

    async def list(self, request: Request) -> Response:
        """GET /admin/catalogue/services: searched, by agency, what is retired."""
        await self.frame.who(request)
        kind, asked = self.frame.kind(request), request.query_params
        wanted = wanted_of(asked)
        saved = found(self.house.catalogue.document, kind, asked.get("saved", ""))
        return await self.frame.page(
            request, "list", p=listing(self.house.catalogue, kind, wanted, language_of(request)),
            saved=saved.name.of(language_of(request)) if saved else "",
            done=_number(asked.get("done", "")), none=asked.get("none") == "1",
        )  # fmt: skip

    async def move(self, request: Request) -> Response:
        """POST …/order with `move=paspor:up`: one place, in force at once."""
        identity = await self.frame.who(request)
        kind, form = self.frame.kind(request), await read_pairs(request, MOST)
        id, _, way = dict(form).get("move", "").partition(":")
        change = Move(kind, id, way == "up")
        await adopt(self.house, lambda x: edit(x, change), identity, address_of(request))
        agency = dict(form).get("in.agency", "")
        query = f"?agency={agency}" if agency in self.house.catalogue.named.agencies else ""
        return RedirectResponse(f"{HERE}/{kind}{query}#row-{id}", 303)

    # Forms

    async def new(self, request: Request) -> Response:
        """GET …/new; `like`: filled in as another is, but for its names."""
        await self.frame.who(request)
        kind, like = self.frame.kind(request), request.query_params.get("like", "")[:80]
        document = self.house.catalogue.document
        cells = form_cells(document, kind, like, self.frame.languages()) if like else {}
        return await self._form(
            request, kind, "", {**usual(kind), **cells, **suggested(document, kind)}
        )

    async def item(self, request: Request) -> Response:
        """GET …/items/paspor"""
        await self.frame.who(request)
        kind, id = self._named(request)
        return await self._form(request, kind, id)

    async def hall(self, request: Request) -> Response:
        """GET /admin/catalogue/hall: its name, the charter, complaints."""
        await self.frame.who(request)
        return await self._form(request, HALL, "", saved=request.query_params.get("saved") == "1")

    async def create(self, request: Request) -> Response:
        """POST …/new"""
        await self.frame.who(request)
        return await self._save(request, self.frame.kind(request), "")

    async def save(self, request: Request) -> Response:
        """POST …/items/paspor"""
        await self.frame.who(request)
        return await self._save(request, *self._named(request))

    async def save_hall(self, request: Request) -> Response:
        """POST /admin/catalogue/hall"""
        return await self._save(request, HALL, "")

    async def _save(self, request: Request, kind: str, id: str) -> Response:
        """In force at once, or the form again with what is wrong."""
        identity = await self.frame.who(request)
        pairs = await read_pairs(request, MOST)
        languages, seen = self.frame.languages(), dict(pairs).get("seen", "")
        cells = cells_sent(kind, pairs, languages)
        is_new = not id and kind != HALL

        def change(document: Document) -> Outcome:
            shown = form_cells(document, kind, id, languages)
            if not is_new and revision(shown) != seen:
                raise Conflict
            return edit(document, Put(kind, id, cells))

        try:
            await adopt(self.house, change, identity, address_of(request))
        except Conflict:
            return await self._form(request, kind, id, cells, conflict=True)
        except CatalogueError as error:
            return await self._form(request, kind, id, cells, faults=error.faults)
        except Refusal as refusal:
            left = self._left(change)
            return await self._form(
                request, kind, id, cells, left=left, refused=refusal.sentence(language_of(request))
            )
        if kind == HALL:
            return RedirectResponse(f"{HERE}/hall?saved=1", 303)
        return RedirectResponse(_to_list(kind, id or cells.get("id", "").strip()), 303)

    def _left(self, change: object) -> Sequence[Stranded]:
        """Who stands in the way of a change that was refused; nobody any more: ()."""
        try:
            outcome = change(self.house.catalogue.document)  # type: ignore[operator]  # as in `adopt`
            return left_standing(self.house, outcome) if isinstance(outcome, Document) else ()
        except (CatalogueError, Conflict):
            return ()

    async def _form(
        self, request: Request, kind: str, id: str, typed: Mapping[str, str] | None = None, *,
        faults: Sequence[Fault] = (), conflict: bool = False, left: Sequence[Stranded] = (),
        refused: str = "", saved: bool = False,
    ) -> Response:  # fmt: skip
        document, language = self.house.catalogue.document, language_of(request)
        languages = self.frame.languages()
        is_new = not id and kind != HALL
        shown = {} if is_new else form_cells(document, kind, id, languages)
        cells = shown if typed is None else {**shown, **typed}
        own = [one for one in faults if one.kind == kind and one.id == (id or cells.get("id", ""))]
        maker = Maker(
            document, kind, cells, language, languages, own, tuple(self.house.config.shifts)
        )  # fmt: skip
        item = None if kind == HALL else found(document, kind, id)
        where = HERE if kind == HALL else f"{HERE}/{kind}"
        form = Form(
            kind=kind,
            id=id,
            title=item.name.of(language) if item else _title(kind, language),
            action=f"{HERE}/hall" if kind == HALL else f"{where}/items/{id}" if id
            else f"{where}/new",
            back=where,
            back_name=KIND_NAMES[kind].of(language) if kind != HALL else "",
            groups=maker.groups(is_new),
            seen=revision(shown),
            is_new=is_new,
            retired=bool(item and item.retired),
            theirs=theirs(kind, shown, typed or {}, language) if conflict else (),
        )  # fmt: skip
        wrong = bool(faults or refused) or conflict
        others = [one for one in faults if one not in own]
        return await self.frame.page(
            request, "form", 409 if conflict or refused else 422 if wrong else 200, p=form,
            wrong=len(faults), others=self.frame.said(request, others), conflict=conflict,
            by=await self._who_saved(kind, id) if conflict else "", refused=refused,
            left=self.frame.obstacles(request, left), saved=saved,
        )  # fmt: skip

    async def _who_saved(self, kind: str, id: str) -> str:
        name = f"catalogue.{SINGULAR[kind]}.{id}" if kind in KINDS else "catalogue.hall"
        last = (await self.house.rooms.changes.newest(name)).get(name)
        return last.name if last else ""

    # Retiring

    async def retirement(self, request: Request) -> Response:
        """GET …/retirement: what it means, and who stands in the way."""
        await self.frame.who(request)
        return await self._retirement(request)

    async def retire(self, request: Request) -> Response:
        """POST …/retirement: offered no more, at once."""
        identity = await self.frame.who(request)
        kind, id = self._named(request)
        why = (await read_form(request)).get("why", "").strip()[:200]
        change = Mark(kind, (id,), True)
        try:
            await adopt(
                self.house, lambda x: edit(x, change), identity, address_of(request), why
            )  # fmt: skip
        except (CatalogueError, Refusal):
            return await self._retirement(request, 409)
        return RedirectResponse(_to_list(kind, id), 303)

    async def bring_back(self, request: Request) -> Response:
        """POST …/return: offered again, at once."""
        identity = await self.frame.who(request)
        kind, id = self._named(request)
        change = Mark(kind, (id,), False)
        try:
            await adopt(self.house, lambda x: edit(x, change), identity, address_of(request))
        except CatalogueError as error:
            return await self._form(request, kind, id, faults=error.faults)
        return RedirectResponse(_to_list(kind, id), 303)

    async def _retirement(self, request: Request, status: int = 200) -> Response:
        kind, id = self._named(request)
        document, language = self.house.catalogue.document, language_of(request)
        item = found(document, kind, id)
        assert item is not None, "just found"
        outcome = edit(document, Mark(kind, (id,), True))
        faults = outcome if isinstance(outcome, tuple) else ()
        left = left_standing(self.house, outcome) if isinstance(outcome, Document) else ()
        services = [
            one.name.of(language)
            for one in self.house.catalogue.services.values() if one.agency == id
        ] if kind == "agencies" else []  # fmt: skip
        return await self.frame.page(
            request, "retirement", status, kind=kind, id=id, called=item.name.of(language),
            kind_name=KIND_NAMES[kind].of(language), others=self.frame.said(request, faults),
            left=self.frame.obstacles(request, left), services=services, refused=status != 200,
            booked=await self.frame.booked(outcome) if isinstance(outcome, Document) else 0,
        )  # fmt: skip

    def _named(self, request: Request) -> tuple[str, str]:
        """List and id of the address. Raises Problem 404."""
        kind, id = self.frame.kind(request), request.path_params["item"]
        if found(self.house.catalogue.document, kind, id) is None:
            raise Problem(404, "not_found")
        return kind, id


def _to_list(kind: str, id: str) -> str:
    return f"{HERE}/{kind}?saved={id}#row-{id}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def _title(kind: str, language: str) -> str:
    return KIND_NAMES[kind].of(language)
