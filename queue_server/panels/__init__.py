"""Panels at the counters: a number in lights, by MQTT or by a serial line.

A panel shows the present, never a history: what it should show is asked of the hall at the moment
of sending, so a panel that was slow or away is given the newest state at once, and a call never
waits for one.
"""

from .room import Panels
from .section import check_panels
from .worker import FaceHealth, PanelHealth

__all__ = ["FaceHealth", "PanelHealth", "Panels", "check_panels"]
