"""What the screens' page shows, and what its form says: pure views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.config import NONE, Config, ScreenSection
from queue_server.devices import Device, Devices

HALL = "hall"
LAYOUTS = ("", "list", "big", "split-1", "split-2", "portrait")
"""What the form offers; the halves of a split board are two of them."""
UPRIGHT = "portrait"
Mood = Literal["good", "warn", "bad"]


class Choice(Struct, frozen=True):
    """A line of a list to choose from; `label` is the catalogue's own name."""

    value: str
    label: str


class Places(Struct, frozen=True):
    """Where a screen can hang, and what it can play."""

    zones: tuple[Choice, ...]
    doors: tuple[Choice, ...]
    playlists: tuple[str, ...]


class Form(Struct, frozen=True):
    """A screen's settings as the form has them. `place` is "zone:a" or "door:5"."""

    name: str = ""
    place: str = f"zone:{HALL}"
    layout: str = ""
    theme: str = ""
    media: str = ""
    sound: str = "auto"


class Row(Struct, frozen=True):
    """A registered screen. `preview` is the address of the same picture, mute; `seen` epoch ms."""

    id: int
    form: Form
    place: str
    preview: str
    upright: bool
    online: bool
    seen: int
    sound: Literal["on", "off", "blocked"]
    old: bool
    size: str
    broken: tuple[str, ...]

    @property
    def mood(self) -> Mood:
        """How it is, at a glance."""
        return "bad" if not self.online else "warn" if self.sound == "blocked" else "good"


def places(catalogue: Catalogue, config: Config, language: str, whole: str) -> Places:
    """What the lists offer; `whole` is what all zones together are called."""
    zones = [Choice(one.id, one.name.of(language)) for one in catalogue.zones.values()]
    return Places(
        zones=(Choice(HALL, whole), *zones),
        doors=tuple(Choice(id, one.name.of(language)) for id, one in catalogue.counters.items()),
        playlists=tuple(config.playlists),
    )


def rows(
    screens: Devices[ScreenSection], places: Places, config: Config, build: str
) -> tuple[Row, ...]:
    """Every registered screen now."""
    names = {f"zone:{one.value}": one.label for one in places.zones}
    names |= {f"door:{one.value}": one.label for one in places.doors}
    return tuple(_row(one, screens.is_online(one), names, config, build) for one in screens.all())


def setting(form: Form, places: Places) -> ScreenSection | None:
    """The settings that a form says; None: it names what there isn't."""
    kind, _, name = form.place.partition(":")
    known = {one.value for one in (places.doors if kind == "door" else places.zones)}
    layout, _, part = form.layout.partition("-")
    if (
        kind not in ("zone", "door")
        or name not in known
        or form.layout not in LAYOUTS
        or form.theme not in ("", "dark", "light")
        or form.media not in ("", NONE, *places.playlists)
        or form.sound not in ("auto", "on", "off")
    ):
        return None
    common = {"theme": form.theme, "media": form.media, "sound": form.sound}
    if kind == "door":
        return ScreenSection(layout="door", counter=name, **common)  # type: ignore[arg-type]  # checked above
    return ScreenSection(zone=name, layout=layout, part=2 if part == "2" else 1, **common)  # type: ignore[arg-type]  # as above


def form_of(fields: Mapping[str, str]) -> Form:
    """What was sent, cut to what it may be long."""
    kept = {name: fields[name].strip()[:80] for name in Form.__struct_fields__ if name in fields}
    return Form(**kept)


def preview(setting: ScreenSection) -> str:
    """The address that shows the same as the screen."""
    asked = {"theme": setting.theme, "media": setting.media, "preview": "1"}
    if setting.layout == "door":
        return f"/displays/doors/{setting.counter}?{_query(asked)}"
    asked |= {"layout": setting.layout, "part": str(setting.part)}
    return f"/displays/{setting.zone}?{_query(asked)}"


def _row(
    screen: Device[ScreenSection],
    online: bool,
    names: Mapping[str, str],
    config: Config,
    build: str,
) -> Row:
    set_to, report = screen.setting, screen.report
    form = _form(screen.name, set_to)
    zone = config.zones.get(set_to.zone)
    layout = set_to.layout or (zone.layout if zone else "") or config.displays.layout
    return Row(
        id=screen.id,
        form=form,
        place=names.get(form.place, form.place.partition(":")[2]),
        preview=preview(set_to) if form.place in names else "",
        upright=report.height > report.width if report.width else layout == UPRIGHT,
        online=online,
        seen=screen.seen,
        sound=report.sound,
        old=online and report.build != build,
        size=f"{report.width} × {report.height}" if report.width else "",
        broken=report.broken,
    )


def _form(name: str, setting: ScreenSection) -> Form:
    door = setting.layout == "door"
    layout = "" if door else setting.layout
    return Form(
        name=name,
        place=f"door:{setting.counter}" if door else f"zone:{setting.zone}",
        layout=f"split-{setting.part}" if layout == "split" else layout,
        theme=setting.theme,
        media=setting.media,
        sound=setting.sound,
    )


def _query(asked: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in asked.items() if value})
