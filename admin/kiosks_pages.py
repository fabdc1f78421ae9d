"""Kiosks: register the one that shows a code, name it, say where it stands and which printer stands
at it; when each was last heard of; revoke."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.config import KioskSetting
from queue_server.devices import Device
from queue_server.enrolment import Register
from queue_server.house import House
from queue_server.printing.sentences import sentence
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS
from queue_server.web.people import checked_name
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, require

from .sections import ADMINS, sections_of

PATH = "/admin/kiosks"


class Form(Struct, frozen=True):
    """A kiosk's settings as the form has them."""

    name: str = ""
    zone: str = ""
    printer: str = ""


class Row(Struct, frozen=True):
    """A registered kiosk. `seen` is epoch ms (0: never); `printer` is what its printer says of
    itself, "" when it is ready or there is none; `old`: it shows the pages of another build."""

    id: int
    form: Form
    place: str
    online: bool
    seen: int
    size: str
    printer: str
    old: bool


class Choice(Struct, frozen=True):
    """A line of a list."""

    value: str
    label: str


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Kiosks(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/registrations", pages.register, methods=["POST"]),
        Route(f"{PATH}/openings", pages.open, methods=["POST"]),
        Route(f"{PATH}/{{kiosk:int}}/settings", pages.change, methods=["POST"]),
        Route(f"{PATH}/{{kiosk:int}}/removals", pages.remove, methods=["POST"]),
    ]


def rows(house: House, language: str) -> tuple[Row, ...]:
    """Every registered kiosk now."""
    kiosks = house.rooms.kiosks
    return tuple(_row(house, one, kiosks.is_online(one), language) for one in kiosks.all())


@dataclass(frozen=True)
class Kiosks:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, STEWARDS)
        return await self._shown(request)

    async def register(self, request: Request) -> Response:
        """The kiosk that shows the code becomes one of the hall's."""
        identity = await require(request, STEWARDS)
        fields = await read_form(request)
        code, form = fields.get("code", "")[:20], _form(fields)
        fault = self._fault(form)
        if not self.house.rooms.kiosks.knows(code):
            fault = "code"
        if fault:
            return await self._shown(request, 422, form, code, fault)
        await self._register.add(code, form.name, _setting(form), identity, address_of(request))
        return RedirectResponse(PATH, 303)

    async def open(self, request: Request) -> Response:
        """Who may take numbers at /kiosk: everybody, or registered kiosks alone."""
        identity = await require(request, ADMINS)
        everybody = (await read_form(request)).get("everybody", "") == "yes"
        settings = self.house.settings
        values = settings.own("kiosk") | {"open": everybody}
        await settings.change("kiosk", values, identity, address_of(request))
        return RedirectResponse(PATH, 303)

    async def change(self, request: Request) -> Response:
        """Set otherwise: the kiosk follows when nobody stands before it."""
        identity = await require(request, STEWARDS)
        id, form = self._kiosk(request), _form(await read_form(request))
        if fault := self._fault(form):
            return await self._shown(request, 422, form, "", fault, id)
        await self._register.change(id, form.name, _setting(form), identity, address_of(request))
        return RedirectResponse(f"{PATH}#kiosk-{id}", 303)

    async def remove(self, request: Request) -> Response:
        """None of the hall's any more: its session ends, and it shows how to register."""
        identity = await require(request, STEWARDS)
        await self._register.remove(self._kiosk(request), identity, address_of(request))
        return RedirectResponse(PATH, 303)

    @property
    def _register(self) -> Register[KioskSetting]:
        return Register(self.house, self.house.rooms.kiosks, "kiosk", "kiosk")

    async def _shown(
        self, request: Request, status: int = 200, form: Form = Form(), code: str = "",
        fault: str = "", changed: int = 0,
    ) -> Response:  # fmt: skip
        identity = await require(request, STEWARDS)
        house, language = self.house, language_of(request)
        found = rows(house, language)
        if changed:  # what was typed stays in the form that it was typed in
            found = tuple(replace(row, form=form) if row.id == changed else row for row in found)
            form = Form()
        zones = (Choice(one.id, one.name.of(language)) for one in house.catalogue.zones.values())
        return house.front.templates.page(
            request, "admin/kiosks.html", status, sections=sections_of(identity), section=PATH,
            rows=found, form=form, code=code, fault=fault, changed=changed, zones=tuple(zones),
            printers=tuple(Choice(id, one.name or id) for id, one in house.config.printers.items()),
            address=f"{house.url}/kiosk/device", everybody=house.config.kiosk.open,
        )  # fmt: skip

    def _fault(self, form: Form) -> str:
        """The field that is wrong, or ""."""
        try:
            checked_name(form.name)
        except ValueError:
            return "name"
        if form.zone and form.zone not in self.house.catalogue.zones:
            return "zone"
        known = self.house.config.printers
        return "printer" if form.printer and form.printer not in known else ""

    def _kiosk(self, request: Request) -> int:
        id = int(request.path_params["kiosk"])
        if self.house.rooms.kiosks.get(id) is None:
            raise Problem(404, "not_found")
        return id


def _row(house: House, kiosk: Device[KioskSetting], online: bool, language: str) -> Row:
    setting, report, printing = kiosk.setting, kiosk.report, house.rooms.printing
    zone = house.catalogue.zones.get(setting.zone)
    said = ""
    if setting.printer in printing.printers:
        reason = printing.state(setting.printer).reason
        said = sentence(reason, language) if reason else ""
    return Row(
        id=kiosk.id, form=Form(kiosk.name, setting.zone, setting.printer),
        place=zone.name.of(language) if zone else "", online=online, seen=kiosk.seen,
        size=f"{report.width} × {report.height}" if report.width else "", printer=said,
        old=online and report.build != house.front.assets.build,
    )  # fmt: skip


def _form(fields: Mapping[str, str]) -> Form:
    kept = {name: fields[name].strip()[:80] for name in Form.__struct_fields__ if name in fields}
    return Form(**kept)


def _setting(form: Form) -> KioskSetting:
    return KioskSetting(zone=form.zone, printer=form.printer)
