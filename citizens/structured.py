"""What machines read of the services: JSON-LD (schema.org), sitemap.xml, robots.txt. Pure."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import msgspec

from queue_server.catalogue import Catalogue, Duration, Service
from queue_server.core.plan import Hours

HIDDEN = (
    "/t/", "/survey/", "/tracking/", "/booking/", "/kiosk", "/counters", "/supervisor", "/admin",
    "/reports", "/api/", "/live", "/audio/", "/sign-in", "/password",
)  # fmt: skip
"""Where a crawler has no business: what a secret opens, what staff use, what machines ask."""
PAGES = ("/", "/services", "/maklumat")
"""Public pages besides those of agencies and services."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def service_ld(
    catalogue: Catalogue, service: Service, hours: Hours, language: str, place: str, url: str
) -> str:
    """A service as a schema.org GovernmentService; `url` is the hall's address.

    Safe inside a script element: no "<" is in it.
    """
    agency = catalogue.agency_of(service.id)
    page = f"{url}/services/{service.id}"
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": page,
        "url": page,
        "name": service.name.of(language),
        "provider": {
            "@type": "GovernmentOrganization",
            "name": agency.name.of(language),
            "alternateName": agency.short,
        },
        "serviceOutput": {
            "@type": "Thing", "name": catalogue.phrase(service.product, language)
        },
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceLocation": {
                "@type": "GovernmentBuilding",
                "name": catalogue.name.of(language),
                "address": place,
                "openingHoursSpecification": _hours(hours),
            },
            **_time(service.duration),
        },
        **_price(service),
    }  # fmt: skip
    return msgspec.json.encode(told).decode().replace("<", "\\u003c")


def sitemap(catalogue: Catalogue, url: str) -> str:
    """Every public page; `url` is the hall's address."""
    paths = [
        *PAGES,
        *(f"/agencies/{agency}" for agency in catalogue.agencies),
        *(f"/services/{service}" for service in catalogue.services),
    ]
    rows = "\n".join(f"<url><loc>{escape(url + path)}</loc></url>" for path in paths)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}\n</urlset>\n'
    )


def robots(url: str) -> str:
    """Public information is for everybody; the rest for nobody's index."""
    hidden = "\n".join(f"Disallow: {path}" for path in HIDDEN)
    return f"User-agent: *\n{hidden}\n\nSitemap: {url}/sitemap.xml\n"


def _hours(hours: Hours) -> list[dict[str, str]]:
    week = (((0, 1439),),) * 7 if hours.always else hours.week
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{WEEKDAYS[day]}",
            "opens": f"{opens // 60:02}:{opens % 60:02}",
            "closes": f"{min(closes, 1439) // 60:02}:{min(closes, 1439) % 60:02}",
        }
        for day, spans in enumerate(week)
        for opens, closes in spans
    ]


def _time(duration: Duration) -> dict[str, str]:
    """ISO 8601, which knows no working days: then nothing is better than a wrong figure."""
    known = duration.known and duration.minutes and not duration.working_days
    return {"processingTime": f"PT{duration.minutes}M"} if known else {}


def _price(service: Service) -> dict[str, Any]:
    cost = service.cost
    if not cost.known or cost.rupiah is None or (cost.rupiah == 0 and cost.text):
        return {}
    return {"offers": {"@type": "Offer", "price": str(cost.rupiah), "priceCurrency": "IDR"}}
