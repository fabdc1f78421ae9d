"""Several matters under one number at the kiosk: the hall's packages, and what a citizen puts
together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from queue_server.catalogue import Catalogue, Package
from queue_server.core.journey import span
from queue_server.core.model import Step

from .kiosk import View
from .kiosk_paper import PaperChoice
from .kiosk_screens import JourneyScreen, PackagesScreen, Stage, Tile
from .kiosk_visit import Visit
from .offers import offer, wait_of, zone_name

OWN = "/journey"


class Wanted(Struct, frozen=True):
    """What a form asks a number for: one service, or a visit that begins with it. `said` is the
    same for the same wish."""

    service: str
    said: str
    steps: tuple[Step, ...] = ()


def wanted(catalogue: Catalogue, visit: Visit, form: Mapping[str, str]) -> Wanted | None:
    """The wish of a form: a package, a service, or what was put together; None: nothing."""
    package, service = form.get("package", ""), form.get("service", "")
    if package in catalogue.packages:
        steps = catalogue.visit(package)
        return Wanted(steps[0].service, f"package:{package}", steps)
    if service or not visit.chosen:
        return Wanted(service, service) if service else None
    steps = steps_of(visit) if len(visit.chosen) > 1 else ()
    return Wanted(visit.chosen[0], "with:" + ".".join(visit.chosen), steps)


def steps_of(visit: Visit) -> tuple[Step, ...]:
    """What was put together, in any order."""
    return tuple(map(Step, visit.chosen))


def packages_screen(view: View) -> PackagesScreen:
    """All packages, each with what it is."""
    visit, language = view.visit, view.visit.language
    tiles = tuple(
        Tile(
            visit.link(f"/packages/{one.id}"),
            one.name.of(language),
            one.about.of(language) if one.about else "",
        )
        for one in view.catalogue.packages.values()
    )
    return PackagesScreen(view.bar("/packages", visit.link()), tiles, visit.link())


def package_screen(
    view: View, package: Package, key: str, taken: str, paper: PaperChoice | None
) -> JourneyScreen:
    """A package of the catalogue."""
    language = view.visit.language
    return _screen(
        view, view.catalogue.visit(package.id), key, taken, paper,
        path=f"/packages/{package.id}", back=view.visit.link("/packages"), package=package.id,
        name=package.name.of(language), about=package.about.of(language) if package.about else "",
    )  # fmt: skip


def own_screen(view: View, key: str, taken: str, paper: PaperChoice | None) -> JourneyScreen:
    """What the citizen has put together so far."""
    visit = view.visit
    back = visit.link(f"/services/{visit.chosen[-1]}")
    return _screen(view, steps_of(visit), key, taken, paper, path=OWN, back=back)


def _screen(
    view: View, steps: Sequence[Step], key: str, taken: str, paper: PaperChoice | None, *,
    path: str, back: str, package: str = "", name: str = "", about: str = "",
) -> JourneyScreen:  # fmt: skip
    visit, catalogue, hall = view.visit, view.catalogue, view.hall
    stages = tuple(
        _stage(view, step, "" if package or taken else _drop(visit, step)) for step in steps
    )
    services = [catalogue.services[step.service] for step in steps]
    papers = dict.fromkeys(line for service in services for line in service.requirements)
    return JourneyScreen(
        bar=view.bar(path, back, key=key),
        package=package,
        name=name,
        about=about,
        stages=stages,
        free=len(steps) > 1 and not any(step.after for step in steps),
        requirements=tuple(catalogue.phrase(line, visit.language) for line in papers),
        unpublished=tuple(
            service.name.of(visit.language) for service in services if not service.requirements
        ),
        wait=wait_of(span(hall, steps, "", view.now, view.now)),
        more="" if package or taken or visit.full else visit.link(),
        closed=tuple(
            stage.offer.name for stage in stages if stage.offer.availability == "no_intake"
        ),
        priorities=view.priorities(),
        key=key,
        taken=visit.link(f"/tickets/{taken}") if taken else "",
        paper=paper,
    )


def _drop(visit: Visit, step: Step) -> str:
    """The screen without that step; without the last, the first screen."""
    left = visit.without(step.service)
    return left.link(OWN) if left.chosen else left.link()


def _stage(view: View, step: Step, drop: str) -> Stage:
    catalogue, language = view.catalogue, view.visit.language
    service = catalogue.services[step.service]
    return Stage(
        offer=offer(view.hall, catalogue, service, language, view.now),
        zone=zone_name(catalogue, catalogue.zone_of[service.id], language),
        after=tuple(index + 1 for index in step.after),
        drop=drop,
    )
