"""The ticket on paper as a kiosk offers it, and the paper's way as its screen shows it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from queue_server.core.model import Ticket
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.printing import Job, Reason

from .kiosk_check_in import Came
from .kiosk_visit import Visit

BROWSER = "browser"
"""The kind of printer that the kiosk's own browser prints on."""
NEW: frozenset[Came] = frozenset({"booked", "fetches"})
"""Codes that lead to a number that nobody has on paper yet."""
Trouble: TypeAlias = Literal["", "paper", "printer"]
"""What keeps a paper back, as a citizen needs to know it."""


class PaperChoice(Struct, frozen=True):
    """Paper or none, asked before the number is taken. `trouble`: there can't be a paper now."""

    proposed: bool
    trouble: Trouble


class PaperWay(Struct, frozen=True):
    """A paper's way. "offered": none was asked for yet; "held": it comes when `trouble` is mended;
    "over": it doesn't come any more; "own": this browser prints it.

    `follow` is where the present state is asked for while it can change.
    """

    state: Literal["offered", "coming", "held", "printed", "over", "own"]
    trouble: Trouble = ""
    follow: str = ""


def choice(house: House, visit: Visit) -> PaperChoice | None:
    """What to ask before the number is taken; None at a kiosk without a printer."""
    if not visit.printer:
        return None
    proposed = house.config.printing.proposed == "paper"
    if house.config.printers[visit.printer].kind == BROWSER:
        return PaperChoice(proposed, "")
    return PaperChoice(proposed, _trouble(house.rooms.printing.state(visit.printer).reason))


def proposed_for(house: House, visit: Visit, came: Came) -> bool:
    """Whether a number that a code has led to is printed unasked: only one that is new."""
    found = choice(house, visit)
    return found is not None and found.proposed and not found.trouble and came in NEW


async def way(house: House, visit: Visit, ticket: Ticket, printed: bool) -> PaperWay | None:
    """A ticket's paper at this kiosk now; None at a kiosk without a printer.

    `printed`: the citizen has just chosen paper, which a browser then prints.
    """
    if not visit.printer:
        return None
    if house.config.printers[visit.printer].kind == BROWSER:
        return PaperWay("own" if printed else "offered")
    jobs = await house.rooms.printing.of_ticket(ticket.token)
    return _way(jobs[0], visit.link(f"/tickets/{ticket.token}/paper")) if jobs else _none()


async def order(house: House, visit: Visit, ticket: Ticket, by: str) -> None:
    """Have the ticket printed, once however often it is asked. A paper that can't be ordered is
    offered again by the screen: the number is safe without it."""
    if not visit.printer or house.config.printers[visit.printer].kind == BROWSER:
        return
    try:
        await house.rooms.printing.print_ticket(
            ticket, visit.printer, key=f"kiosk:{ticket.token}", by=by
        )
    except Unavailable:
        return


def _none() -> PaperWay:
    return PaperWay("offered")


def _way(job: Job, follow: str) -> PaperWay:
    if job.state == "printed":
        return PaperWay("printed")
    if job.state not in ("queued", "printing"):
        return PaperWay("over")
    trouble = _trouble(job.reason)
    return PaperWay("held" if trouble else "coming", trouble, follow)


def _trouble(reason: Reason) -> Trouble:
    return "" if not reason else "paper" if reason == "paper_out" else "printer"
