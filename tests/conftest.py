"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says something of the machine, not of the rule.
settings.register_profile("hall", deadline=None)
settings.load_profile("hall")
