"""A hall's fingerprint: equal halls have equal digests, in every process."""

from __future__ import annotations

import hashlib

import msgspec

from .model import Hall


def digest(hall: Hall) -> str:
    """SHA-256 over every field of the hall, keys in order; hexadecimal."""
    fields = dict(vars(hall))
    fields["tickets"] = list(hall.tickets.values())
    fields["deadlines"] = sorted(hall.deadlines.items())
    fields["messages"] = list(hall.messages.values())
    # Lines by what stands in them: an empty line is no line.
    fields["lines"] = {name: line.ids() for name, line in hall.lines.items() if len(line)}
    encoded = msgspec.json.encode(fields, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()
