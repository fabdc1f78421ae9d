"""A screen's page, whatever said how it is to be: address, configuration or registration."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from queue_server.config import ScreenSection
from queue_server.house import House
from queue_server.web.problems import Problem

from . import words
from .look import look
from .topic import DoorTopic, ZoneTopic


class BoardPage:
    """Makes it, for one house."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._zones = ZoneTopic(house)
        self._doors = DoorTopic(house)

    def page(
        self,
        request: Request,
        screen: ScreenSection,
        preview: bool = False,
        registered: tuple[str, int] | None = None,
    ) -> Response:
        """The page. `registered`: the topic and revision of a screen that reports to us.

        Raises Problem 404 `unknown_zone`, `unknown_counter`.
        """
        chosen = look(screen, self._house.config, preview=preview)
        topic, revision = registered or ("", 0)
        return self._house.front.templates.page(
            request,
            "displays/board.html",
            look=chosen,
            screen=self._shown(chosen.zone, chosen.counter),
            words=words,
            announce_age=self._house.hall.plan.policy.announce_age,
            own_topic=topic,
            revision=revision,
        )

    def _shown(self, zone: str, counter: str) -> object:
        if counter:
            if not self._doors.knows(counter):
                raise Problem(404, "unknown_counter_here", counter=counter[:64])
            return self._doors.screen(counter)
        if not self._zones.knows(zone):
            raise Problem(404, "unknown_zone", zone=zone[:64])
        return self._zones.screen(zone)
