"""What is known of an application when it comes in: read off the service's standard."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..core.refusals import Refusal
from .model import New
from .promise import Promise


def intake(catalogue: Catalogue, service: str, *, file: str = "", ticket: str = "") -> New:
    """A new application for a service, with the duration that is promised now.

    Raises Refusal `unknown_service`.
    """
    found = catalogue.services.get(service)
    if found is None:
        raise Refusal("unknown_service", service=service)
    duration = found.duration
    promise = Promise(duration.working_days, 0 if duration.working_days else duration.minutes)
    return New(found.id, found.agency, promise if duration.known else Promise(), file, ticket)


def pickup_service(catalogue: Catalogue, service: str, agency: str, chosen: dict[str, str]) -> str:
    """The service in whose line a document is fetched; "" when the catalogue has none for it."""
    wanted = chosen.get(agency, service)
    return next((one for one in (wanted, service) if one in catalogue.services), "")
