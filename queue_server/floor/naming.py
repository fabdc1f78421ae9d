"""Names of what the journal knows by id, in one language; a bare id where it is known no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..catalogue import Catalogue
from ..core.language import in_language
from ..core.policy import agency_line, operator_line, own_line

PRIORITY_NONE = {"id": "biasa", "en": "ordinary"}
SYSTEM = {"id": "Sistem", "en": "System"}
CITIZEN = {"id": "Warga", "en": "Citizen"}
KIOSK = {"id": "Kios", "en": "Kiosk"}


class Naming:
    """Of counters, services, agencies, classes, reasons, people. `person` knows the office's."""

    def __init__(self, catalogue: Catalogue, person: Callable[[str], str], language: str) -> None:
        self.language = language
        self._catalogue = catalogue
        self._person = person

    def counter(self, id: str) -> str:
        return self._of(self._catalogue.named.counters, id)

    def service(self, id: str) -> str:
        return self._of(self._catalogue.named.services, id)

    def zone(self, id: str) -> str:
        return self._of(self._catalogue.named.zones, id)

    def reason(self, id: str) -> str:
        return self._of(self._catalogue.named.reasons, id)

    def priority(self, id: str) -> str:
        if not id:
            return in_language(PRIORITY_NONE, self.language)
        return self._of(self._catalogue.named.priorities, id)

    def agency(self, id: str) -> str:
        found = self._catalogue.named.agencies.get(id)
        return found.short if found else id

    def person(self, actor: str) -> str:
        """Whom an entry was made by."""
        if actor in ("system", ""):
            return in_language(SYSTEM, self.language)
        if actor == "citizen":
            return in_language(CITIZEN, self.language)
        name = self._person(actor)
        if name == actor and actor.startswith("k"):  # an open kiosk's device has no name
            return in_language(KIOSK, self.language)
        return name

    def line(self, name: str) -> str:
        """Of a line: its service's, or of whom it was sent to."""
        if name.startswith(own_line("")):
            return self.counter(name[1:])
        if name.startswith(agency_line("")):
            return self.agency(name[1:])
        if name.startswith(operator_line("")):
            return self.person(name[1:])
        return self.service(name)

    def _of(self, known: Mapping[str, object], id: str) -> str:
        found = known.get(id)
        name = getattr(found, "name", None)
        return str(name.of(self.language)) if name is not None else id
