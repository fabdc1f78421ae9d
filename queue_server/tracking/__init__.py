"""Service tracking: an application's way from the counter to its holder's hands.

Rules (`states`, `codes`, `promise`, `guard`) are pure; `room` keeps what happened, append-only.
No applicant is known here: an application holds a service, dates and states, nobody's name.
"""
