"""Agencies, services, counters and zones: one document, checked as a whole, editable while the
hall runs.

The document (`document`) is what is written and kept; `checking` says what is wrong with one;
`Catalogue` (`index`) is a sound one, indexed. The rules need only the part of it that `plan`
takes out.
"""

from .checking import in_force as in_force
from .document import KINDS as KINDS
from .document import ORDINARY as ORDINARY
from .document import SINGULAR as SINGULAR
from .document import Agency as Agency
from .document import BookingRules as BookingRules
from .document import Cost as Cost
from .document import Counter as Counter
from .document import Document as Document
from .document import Duration as Duration
from .document import Icon as Icon
from .document import Item as Item
from .document import Package as Package
from .document import PackageStep as PackageStep
from .document import Priority as Priority
from .document import Reason as Reason
from .document import Service as Service
from .document import Text as Text
from .document import Zone as Zone
from .document import items as items
from .faults import CatalogueError as CatalogueError
from .faults import Fault as Fault
from .index import Catalogue as Catalogue
from .index import Named as Named
from .index import example as example
from .index import first_catalogue as first_catalogue
