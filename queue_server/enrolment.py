"""How a device becomes one of the hall's, and stops being one: a screen, a kiosk.

The device's side: it shows a code until somebody has entered it, then signs in. The hall's side:
whoever stands before it enters the code; the office has a device of its own for it.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .devices import CODE_MINUTES, Device, Devices, Report, plain, shown
from .house import House
from .web.identity import Identity, Role
from .web.problems import Problem
from .web.sign_in import keep
from .web.throttle import Throttle
from .web.validation import parse
from .web.visit import address_of, require, visit_of

S = TypeVar("S", bound=Struct)
COOKIE = "registration"
REFRESH = 5
"""Seconds after which the code's page looks whether somebody has entered it."""


@dataclass(frozen=True)
class Enrolment(Generic[S]):
    """The device's side, of one kind. `path` is the one address that a device of it opens, `admin`
    where its code is entered, `template` the page of the code."""

    house: House
    devices: Devices[S]
    role: Role
    path: str
    admin: str
    template: str
    throttle: Throttle = field(default_factory=lambda: Throttle(burst=10, seconds=30))

    def device(self, request: Request) -> Device[S] | None:
        """The registered device that asks."""
        identity = visit_of(request).identity
        return self.devices.of(identity.id) if identity else None

    async def page(self, request: Request) -> Response:
        """For who is none yet: how to begin, the code, or signed in once it was entered."""
        identity = visit_of(request).identity
        if identity is not None and identity.role != self.role:
            # Whoever is signed in otherwise would lose that session to the device's.
            return self._template(request, code="", taken_by=identity.name)
        secret = request.cookies.get(COOKIE, "")
        claimed = self.devices.claimed(secret) if secret else None
        if claimed is not None:
            return await self._sign_in(request, claimed)
        waiting = self.devices.waiting(secret) if secret else None
        page = self._template(request, code=shown(waiting.code) if waiting else "")
        if waiting is not None:
            page.headers["refresh"] = str(REFRESH)
        return page

    async def begin(self, request: Request) -> Response:
        """This device shows a code from now on."""
        if wait := self.throttle.take(address_of(request)):
            raise Problem(429, "too_many_attempts", headers={"Retry-After": str(wait)}, wait=wait)
        response = RedirectResponse(self.path, 303)
        response.set_cookie(
            COOKIE, self.devices.begin(), max_age=CODE_MINUTES * 60, path=self.path,
            httponly=True, samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    async def report(self, request: Request) -> tuple[Device[S], Response]:
        """The device is there, and says how it is; the answer to go on with."""
        identity = await require(request, frozenset({self.role}))
        device = self.devices.of(identity.id)
        if device is None:
            raise Problem(404, "unknown_screen", screen=identity.name)
        await self.devices.report(device.id, parse(await _json(request), Report))
        response = Response(status_code=204)
        secret = visit_of(request).cookie
        if seconds := await self.house.office.prolong(secret):
            keep(request, response, secret, seconds)
        return device, response

    async def _sign_in(self, request: Request, device: Device[S]) -> Response:
        """The device signs in under a new secret; the code's cookie has done its work."""
        try:
            signed_in = await self.house.office.open_for(int(device.actor.removeprefix("u")))
        except KeyError:  # taken away in the office itself
            raise Problem(404, "unknown_screen", screen=device.name) from None
        response = RedirectResponse(self.path, 303)
        keep(request, response, signed_in.secret, signed_in.seconds)
        return response

    def _template(self, request: Request, code: str, taken_by: str = "") -> Response:
        return self.house.front.templates.page(
            request, self.template, code=code, taken_by=taken_by,
            address=f"{self.house.url}{self.admin}", minutes=CODE_MINUTES,
        )  # fmt: skip


@dataclass(frozen=True)
class Register(Generic[S]):
    """The hall's side, of one kind; `what` names it on record: "screen", "kiosk"."""

    house: House
    devices: Devices[S]
    role: Role
    what: str

    async def add(self, code: str, name: str, setting: S, by: Identity, address: str) -> Device[S]:
        """Whoever shows this code. KeyError: nobody does. ValueError: no such name."""
        user = await self.house.office.enrol(
            f"{self.what} {plain(code)}-{secrets.token_hex(4)}", self.role
        )
        try:
            device = await self.devices.register(code, f"u{user.id}", name, setting, by.id)
        except BaseException:
            await self.house.office.remove_user(user.id)
            raise
        await self._record(by, address, device.id, "create", None, _said(device))
        return device

    async def change(self, id: int, name: str, setting: S, by: Identity, address: str) -> None:
        """Set otherwise. KeyError: no such device."""
        before = self.devices.get(id)
        after = await self.devices.change(id, name, setting)
        if before is not None and _said(before) != _said(after):
            await self._record(by, address, id, "change", _said(before), _said(after))

    async def remove(self, id: int, by: Identity, address: str) -> None:
        """None of the hall's any more: its session ends. KeyError: no such device."""
        device = self.devices.get(id)
        if device is None:
            raise KeyError(id)
        await self.devices.remove(id)
        with suppress(KeyError):  # taken away in the office itself
            await self.house.office.remove_user(int(device.actor.removeprefix("u")))
        await self._record(by, address, id, "revoke", _said(device), None)

    async def _record(
        self, by: Identity, address: str, id: int, act: str, before: object, after: object
    ) -> None:
        await self.house.rooms.changes.record(
            by, address, f"device.{self.what}.{id}", act, before, after  # type: ignore[arg-type]  # plain values
        )  # fmt: skip


def _said(device: Device[S]) -> dict[str, object]:
    return {"name": device.name, **msgspec.to_builtins(device.setting)}


async def _json(request: Request) -> object:
    try:
        return msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(422, "invalid_json") from None
