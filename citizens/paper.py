"""The ticket on paper: the markup that the printing room sets, from a template.

A hall may lay its tickets out itself (`printing.template`); what the template is given is here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import TemplateError
from msgspec import Struct

from queue_server.config import ConfigError
from queue_server.core.calendar import local
from queue_server.core.language import in_language
from queue_server.core.model import Ticket
from queue_server.house import House
from queue_server.printing import DocumentError, parse
from queue_server.web.i18n import clock_text

from .journey import Journey, journey
from .phone import PhoneView, phone_view

LAYOUT, TEST = "citizens/paper_ticket.xml", "citizens/paper_test.xml"
Layout = Callable[..., str]
SAMPLE = Ticket(
    id=1, number="A-001", token="0" * 22, service="", line="", status="waiting", issued=1,
    joined=1, booking="ABCD-1234",
)  # fmt: skip
"""What a hall's own layout is tried with before the first citizen comes."""


class Paper(Struct, frozen=True):
    """What a layout is given as `paper`. Times and names are in the ticket's language."""

    hall: str
    place: str
    ticket: PhoneView
    url: str
    time: str
    """When the number was taken; `moment` is the same in epoch milliseconds."""
    moment: int
    booking: str
    """The code of the booking that it came from, or ""."""
    footer: str
    journey: Journey | None = None
    """The steps of a visit of several services."""


class Composer:
    """Implements `printing.Composer`."""

    def __init__(self, house: House, base: Path) -> None:
        """`base`: where configured paths start from. Raises ConfigError."""
        self._house = house
        self._own: dict[str, Layout] = {}
        name = house.config.printing.template
        if name:
            self._own = _read(house, base / name)

    def ticket(self, ticket: Ticket) -> str:
        """In the language in which it was taken."""
        spoken = self._house.config.languages.pages
        language = ticket.language if ticket.language in spoken else spoken[0]
        paper = paper_of(self._house, ticket, language)
        own = self._own.get(language)
        if own is not None:
            return own(paper=paper)
        return self._house.front.templates.fragment(LAYOUT, language, paper=paper)

    def test(self, name: str) -> str:
        """In the hall's own language."""
        language = self._house.config.languages.pages[0]
        return self._house.front.templates.fragment(
            TEST, language, printer=name, moment=self._house.clock.now(), url=self._house.url or "-"
        )


def paper_of(house: House, ticket: Ticket, language: str) -> Paper:
    """A ticket's paper as the hall is now."""
    hall, config = house.hall, house.config
    printing = config.printing
    return Paper(
        hall=config.hall.name,
        place=config.hall.place,
        ticket=phone_view(hall, house.catalogue, ticket, language, house.clock.now()),
        url=f"{house.url}/t/{ticket.token}",
        time=clock_text(local(ticket.issued, hall.plan.hours), language),
        moment=ticket.issued,
        booking=ticket.booking,
        footer=in_language({"id": printing.footer, "en": printing.footer_en}, language),
        journey=journey(hall, house.catalogue, ticket, language, house.clock.now()),
    )


def _read(house: House, path: Path) -> dict[str, Layout]:
    """A hall's own layout in every language, tried out. Raises ConfigError."""
    try:
        source = path.read_text(encoding="utf-8")
        found: dict[str, Layout] = {
            language: house.front.templates.of_source(source, language)
            for language in house.config.languages.pages
        }
        for language, layout in found.items():
            parse(layout(paper=paper_of(house, SAMPLE, language)))
    except (OSError, UnicodeDecodeError, TemplateError, DocumentError) as error:
        line = getattr(error, "lineno", None)
        where = f"{path.name}:{line}" if line else path.name
        raise ConfigError(f"printing.template: {where}: {error}") from None
    return found
