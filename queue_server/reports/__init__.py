"""Reports: what the journal's days come to, kept apart so that a year's report slows no call.

    figures = await house.rooms.reports.figures(Query("2026-01-01", "2026-12-31", by="agency"))

`query` says what can be asked and what comes back, with every definition; `rows` makes a day's rows
of its entries, `room` keeps them in DuckDB (a file that can always be made again from the journal),
`sql` asks it, `whatif` runs a day again with other counters.
"""
