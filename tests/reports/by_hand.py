"""The figures by hand, from the journal as the API exports it: nothing of the program's is used.

Written from the glossary alone, as an auditor would: plain JSON in, plain dictionaries out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

ENDS = {
    "ServiceFinished": "served", "TicketServed": "served", "TicketCancelled": "cancelled",
    "TicketMissed": "no_show", "TicketExpired": "expired",
}  # fmt: skip
LEAVES = {
    "ServiceFinished", "StepFinished", "TicketMissed", "TicketReturned", "TicketParked",
    "TicketDeferred", "TicketTransferred", "TicketCancelled", "TicketExpired",
}  # fmt: skip
Json = dict[str, Any]


def by_hand(entries: list[Json], zone: str, group: str) -> dict[str, Json]:
    """Group -> figures, by agency, service, counter, operator, hour, priority or channel."""
    undone = {e["event"]["undone"] for e in entries if e["event"]["type"] == "ActUndone"}
    turns = {e["at"] for e in entries if e["event"]["type"] == "DayOpened"}
    plan: Json = {}
    tickets: dict[int, list[Json]] = {}
    agencies: dict[str, str] = {}
    for entry in entries:
        event = entry["event"]
        if "plan" in event:
            plan = event["plan"]
            agencies |= {id: one["agency"] for id, one in plan["services"].items()}
        if event["type"] == "TicketIssued":
            tickets[entry["id"]] = [entry]
        elif "ticket" in event and event["type"] != "ActUndone" and entry["id"] not in undone:
            tickets[event["ticket"]].append(entry)
    found: defaultdict[str, Json] = defaultdict(lambda: {
        "count": Counter(), "waiting": [], "walking": [], "service": [], "visit": [],
    })  # fmt: skip

    def hour(at: int) -> str:
        return str(datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).hour)

    for story in tickets.values():
        issue, final = story[0]["event"], story[-1]
        # What the next day's opening finished has no time at which it ended.
        left = final["by"] == "system" and final["at"] in turns
        priority = issue.get("priority", "")
        for entry in story:
            if entry["event"]["type"] == "TicketReclassed":
                priority = entry["event"].get("priority", "")
        same = {"priority": priority, "channel": issue.get("channel", "kiosk")}
        wanted = issue["service"]
        own = same | {
            "service": wanted, "agency": agencies[wanted], "hour": hour(story[0]["at"]),
        }  # fmt: skip
        if group in own:
            row = found[own[group]]
            row["count"]["issued"] += 1
            status = "unfinished"
            for entry in story:
                kind = entry["event"]["type"]
                status = ENDS.get(kind, status)
                if kind in ("TicketReinstated", "TicketRejoined"):
                    status = "unfinished"
                if ENDS.get(kind):
                    ended = entry["at"]
            row["count"][status] += 1
            if status != "unfinished" and not left:
                row["visit"].append(ended - story[0]["at"])
        for stay in stays(story):
            key = same | {
                "service": stay["service"], "agency": agencies[stay["service"]],
                "counter": stay["counter"], "operator": stay["by"], "hour": hour(stay["called"]),
            }  # fmt: skip
            row = found[key[group]]
            row["count"]["calls"] += 1
            row["count"]["done"] += stay["done"]
            row["waiting"].append(stay["waiting"])
            if stay["started"]:
                row["walking"].append(stay["started"] - stay["last"])
                if stay["ended"] and not (left and stay["ended"] == story[-1]["at"]):
                    row["service"].append(stay["ended"] - stay["started"])
    return {
        key: dict(row["count"]) | {name: spread(row[name]) for name in row if name != "count"}
        for key, row in found.items()
    }


def stays(story: list[Json]) -> list[Json]:
    """Each time at a counter."""
    found: list[Json] = []
    here: Json | None = None
    issue = story[0]["event"]
    service = issue["service"]
    if issue.get("steps"):
        service = issue["steps"][issue["step"]]["service"]
    since = issue.get("joined") or story[0]["at"]
    for entry in story[1:]:
        event, at, kind = entry["event"], entry["at"], entry["event"]["type"]
        if kind == "TicketServed":
            found.append({
                "service": service, "counter": event["counter"], "by": entry["by"], "called": at,
                "last": at, "started": at, "ended": at, "waiting": 0, "done": True,
            })  # fmt: skip
        elif kind == "TicketPicked":
            looked = entry["by"]
            here = {"counter": event["counter"], "by": looked}
        elif kind == "TicketCalled":
            by = here["by"] if here else entry["by"]
            here = {
                "service": service, "counter": event["counter"], "by": by, "called": at, "last": at,
                "started": 0, "ended": 0, "waiting": max(0, at - since) if since else 0,
                "done": False,
            }  # fmt: skip
            found.append(here)
            since = 0
        elif kind == "TicketRecalled":
            assert here
            here["last"] = at
        elif kind == "ServiceStarted":
            assert here
            here["started"] = at
        if kind in LEAVES and here is not None:
            here["ended"] = at
            here["done"] = kind in ("ServiceFinished", "StepFinished") or event.get(
                "finished", False
            )
            here = None
        if kind == "VisitPlanned":
            service = event["steps"][event["step"]]["service"]
        elif kind in ("TicketTransferred", "StepFinished", "VisitRerouted"):
            service = event.get("service") or service
        if kind in (
            "TicketReturned", "TicketTransferred", "StepFinished", "TicketReinstated",
            "TicketRejoined", "TicketResumed",
        ):  # fmt: skip
            since = since or at
        elif kind in ENDS or kind in ("TicketParked", "TicketDeferred"):
            since = 0
    return found


def spread(values: list[int]) -> tuple[int, int, int, int, int, int]:
    """Count, mean, median, p90, p95, longest."""
    if not values:
        return (0, 0, 0, 0, 0, 0)
    values = sorted(values)
    count = len(values)
    ranks = (values[ceil(part * count / 100) - 1] for part in (50, 90, 95))
    # Half to even would be another figure than half away from zero, which SQL has.
    mean = int(sum(values) / count + 0.5)
    return (count, mean, *ranks, values[-1])  # type: ignore[return-value]  # three ranks
