"""A ticket's page, whole: the one place that puts its views together."""

from __future__ import annotations

from msgspec.structs import replace
from starlette.responses import Response

from queue_server.core.model import Ticket
from queue_server.house import House
from queue_server.notify.giving import shown

from .pages import rendered
from .phone import Telling, phone_view
from .phone_holder import Holder
from .phone_parts import parts_of


async def show(holder: Holder, ticket: Ticket, status: int = 200, **form: str) -> Response:
    """The page. `form`: the contact form as it was sent, and what is wrong with it."""
    house, language = holder.house, holder.language
    rule, now = house.rooms.notify.rule, house.clock.now()
    view = phone_view(house.hall, house.catalogue, ticket, language, now, rule)
    if house.rooms.tracking.pickups.of(ticket.token):
        view = replace(view, requirements=())  # it fetches a document: nothing to bring for it
    return rendered(
        house, "phone.html", language, status, kept=holder.kept, view=view,
        telling=replace(await telling(house, ticket), **form),
        parts=await parts_of(house, ticket, language),
        others=[one for one in house.config.languages.pages if one != language],
    )  # fmt: skip


async def telling(house: House, ticket: Ticket) -> Telling:
    """What the page offers. A telephone is asked for only where somebody would write to it."""
    notify = house.rooms.notify
    kept = await shown(notify.contacts, ticket)
    return Telling(
        offered=notify.writes,
        phone=kept.get("phone", ""),
        email=kept.get("email", ""),
        key=notify.push.public_key if notify.push else "",
        push="push" in kept,
    )
