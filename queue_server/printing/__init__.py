"""Paper tickets: durable jobs, and the printers that they go to.

A job is stored before a printer is asked for anything; a worker for each printer takes its jobs in
order. What a printer says of itself (no paper, open cover, nobody there) is kept and shown.
"""

from .document import DocumentError, parse
from .jobs import Job, State
from .room import Composer, Printing, check_profiles, served
from .status import Paper, Reason
from .worker import PrinterState

__all__ = [
    "Composer", "DocumentError", "Job", "Paper", "PrinterState", "Printing", "Reason", "State",
    "check_profiles", "parse", "served",
]  # fmt: skip
