"""The questions as SQL. Names come from fixed tables here; what people write is a parameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from .query import AT_COUNTERS, Dimension, Query
from .rows import PresenceRow, StayRow, VisitRow

TYPES = {"str": "VARCHAR", "int": "BIGINT", "bool": "BOOLEAN", "int | None": "BIGINT"}
TABLES: dict[str, type[Struct]] = {
    "visits": VisitRow, "stays": StayRow, "presence": PresenceRow,
}  # fmt: skip
GROUPS: dict[Dimension, str] = {
    "": "''",
    "day": "day",
    "week": "strftime(CAST(day AS DATE), '%G-W%V')",
    "month": "day[1:7]",
    "weekday": "CAST(isodow(CAST(day AS DATE)) AS VARCHAR)",
    "hour": "CAST(hour AS VARCHAR)",
    **{name: name for name in (
        "shift", "agency", "service", "zone", "counter", "operator", "priority", "channel",
    )},
}  # fmt: skip
NUMERIC: frozenset[Dimension] = frozenset({"weekday", "hour"})


def create(table: str, temporary: bool = False) -> str:
    """The statement that makes a table of rows."""
    fields = TABLES[table].__annotations__
    columns = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in fields.items())
    name = f"{table}_now" if temporary else table
    return f"CREATE {'TEMP ' if temporary else ''}TABLE IF NOT EXISTS {name} ({columns})"


def view(table: str) -> str:
    """The finished days and the present one together."""
    return (
        f"CREATE OR REPLACE TEMP VIEW all_{table} AS "
        f"SELECT * FROM {table} UNION ALL SELECT * FROM {table}_now"
    )


def insert(table: str, rows: Sequence[Struct], *, now: bool = False) -> tuple[str, list[Any]]:
    """A statement for all rows, and its columns."""
    fields = TABLES[table].__struct_fields__
    kinds = [TYPES[kind] for kind in TABLES[table].__annotations__.values()]
    values = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in kinds)
    columns = [[getattr(row, name) for row in rows] for name in fields]
    return f"INSERT INTO {table}{'_now' if now else ''} SELECT {values}", columns


def spread(column: str) -> str:
    """Count, mean, median, p90, p95, longest. Nearest-rank, so each is a value that was there:
    `quantile_disc` of decimals takes the one at ceil(p * n), with no rounding of p * n."""
    ranks = ", ".join(f"quantile_disc({column}, [0.50, 0.90, 0.95])[{at}]" for at in (1, 2, 3))
    return f"count({column}), CAST(round(avg({column})) AS BIGINT), {ranks}, max({column})"


def visits(query: Query, by: Dimension) -> tuple[str, list[Any]]:
    """Rows of: key, issued, served, no_show, cancelled, expired, visit's spread."""
    where, values = _where(query, stays=False)
    ended = ", ".join(
        f"count(*) FILTER (status = '{status}')"
        for status in ("served", "no_show", "cancelled", "expired")
    )
    group = GROUPS[by]
    return (
        f"SELECT {group} AS key, count(*), {ended}, {spread('visit')} "
        f"FROM all_visits WHERE {where} GROUP BY key",
        values,
    )


def stays(query: Query, by: Dimension, promises: dict[str, int]) -> tuple[str, list[Any]]:
    """Rows of: key, calls, recalls, done, missed, transferred, parked, deferred, returned,
    promised, kept, and the spreads of waiting, walking and serving."""
    where, values = _where(query, stays=True)
    acts = ", ".join(
        f"count(*) FILTER (act = '{act}' AND NOT done)"
        for act in (
            "TicketMissed", "TicketTransferred", "TicketParked", "TicketDeferred", "TicketReturned"
        )
    )  # fmt: skip
    kept = (
        "count(*) FILTER (done AND serving IS NOT NULL AND ms IS NOT NULL), "
        "count(*) FILTER (done AND serving <= ms)"
    )
    spreads = ", ".join(spread(name) for name in ("waiting", "walking", "serving"))
    return (
        f"SELECT {GROUPS[by]} AS key, count(*), sum(greatest(calls - 1, 0)), "
        f"count(*) FILTER (done), {acts}, {kept}, {spreads} FROM all_stays "
        "LEFT JOIN (SELECT unnest(CAST(? AS VARCHAR[])) AS promised, "
        "unnest(CAST(? AS BIGINT[])) AS ms) ON promised = service "
        f"WHERE {where} GROUP BY key",
        [list(promises), list(promises.values()), *values],
    )


def arrivals(query: Query) -> tuple[str, list[Any]]:
    """Rows of: weekday, hour, numbers taken."""
    where, values = _where(query, stays=False)
    return (
        "SELECT isodow(CAST(day AS DATE)), hour, count(*) FROM all_visits "
        f"WHERE {where} GROUP BY ALL",
        values,
    )


def open_minutes(query: Query) -> tuple[str, list[Any]]:
    """Rows of: weekday, hour, minutes that counters stood open in it."""
    where, values = _presence(query)
    return (
        "SELECT isodow(CAST(day AS DATE)), h, "
        "sum(least(ends, h * 60 + 60) - greatest(begins, h * 60)) "
        "FROM all_presence, range(24) AS hours(h) "
        f"WHERE state = 'open' AND begins < h * 60 + 60 AND ends > h * 60 AND {where} GROUP BY ALL",
        values,
    )


def days(query: Query) -> tuple[str, list[Any]]:
    """Rows of: weekday, days with a number taken or a counter opened."""
    return (
        "SELECT isodow(CAST(day AS DATE)), count(*) FROM (SELECT DISTINCT day FROM all_visits "
        "UNION SELECT DISTINCT day FROM all_presence) WHERE day BETWEEN ? AND ? GROUP BY ALL",
        [query.first, query.last],
    )


def occupancy(query: Query) -> tuple[str, list[Any]]:
    """Rows of: counter, days, ms open, ms on a break."""
    where, values = _presence(query)
    return (
        "SELECT counter, count(DISTINCT day), "
        "coalesce(sum(until - since) FILTER (state = 'open'), 0), "
        "coalesce(sum(until - since) FILTER (state = 'break'), 0) "
        f"FROM all_presence WHERE {where} GROUP BY counter",
        values,
    )


def serving(query: Query) -> tuple[str, list[Any]]:
    """Rows of: counter, ms that somebody was being served there."""
    where, values = _where(query, stays=True)
    return (
        f"SELECT counter, coalesce(sum(serving), 0) FROM all_stays WHERE {where} GROUP BY counter",
        values,
    )


ORDERS = {
    "waiting": "waiting DESC NULLS LAST", "walking": "walking DESC NULLS LAST",
    "serving": "serving DESC NULLS LAST", "visit": "visit DESC NULLS LAST",
    "issued": "day DESC, issued DESC",
}  # fmt: skip
"""How numbers behind a figure can be listed."""


def listed(
    query: Query, key: str | None, status: str, order: str, limit: int, offset: int
) -> tuple[str, list[Any]]:
    """The numbers behind a row; of a counter's or operator's, those with a stay there."""
    where, values = _where(query, stays=False)
    if key is not None and query.by in AT_COUNTERS:
        where += f" AND (day, ticket) IN (SELECT (day, ticket) FROM all_stays WHERE {query.by} = ?)"
        values.append(key)
    elif key is not None and query.by:
        where += f" AND {GROUPS[query.by]} = ?"
        values.append(key)
    if status:
        where += " AND status = ?"
        values.append(status)
    return (
        "SELECT day, ticket, number, service, status, issued, waiting, walking, serving, visit "
        f"FROM all_visits WHERE {where} ORDER BY {ORDERS[order]}, day, ticket LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )


def sessions(query: Query) -> tuple[str, list[Any]]:
    """For `whatif`. Rows of: day, when it stood in line, when it was called, when it left, in the
    order of the calls."""
    where, values = _where(query, stays=True)
    return (
        "SELECT day, called - waiting, called, ended FROM all_stays "
        f"WHERE ended > 0 AND {where} ORDER BY called, ticket",
        values,
    )


def presences(query: Query) -> tuple[str, list[Any]]:
    """For `whatif`. Rows of: day, counter, since, until, while open."""
    where, values = _presence(query)
    return (
        f"SELECT day, counter, since, until FROM all_presence WHERE state = 'open' AND {where}",
        values,
    )


def _presence(query: Query) -> tuple[str, list[Any]]:
    """Counters have no agency of their own: those where the narrowed stays were."""
    where, values = "day BETWEEN ? AND ?", [query.first, query.last]
    if query.only:
        inner, more = _where(query, stays=True)
        where += f" AND counter IN (SELECT DISTINCT counter FROM all_stays WHERE {inner})"
        values += more
    return where, values


def _where(query: Query, *, stays: bool) -> tuple[str, list[Any]]:
    where, values = "day BETWEEN ? AND ?", list[Any]([query.first, query.last])
    for name, wanted in query.only.items():
        if name in AT_COUNTERS and not stays:
            where += (
                f" AND (day, ticket) IN (SELECT (day, ticket) FROM all_stays WHERE {name} = ANY(?))"
            )
        else:
            where += f" AND {GROUPS[name]} = ANY(?)"  # type: ignore[index]  # a filter's name
        values.append(list(wanted))
    return where, values
