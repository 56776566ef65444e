"""One fault of the answer key."""

from datetime import datetime
from typing import NamedTuple


class KeyEntry(NamedTuple):
    """A fault in one row or object, with what a finding of it has to say.

    Attributes:
        object: The faulty object's name; a unit's folder of a date where nothing of it arrived.
        line: Of the faulty file, whose header is line 1; 0 for a whole object.
        id: Of the order or item; empty for a whole object.
        column: Of the faulty value; empty where no single value is faulty.
        was, is_: The right value, and the one that is there.
        appears: The aware moment from which it can be noticed.
        layer: What notices it first in this pipeline, one of `core.scenarios.kinds.Layer`.
        fault: The fault's position in the scenario.
    """

    kind: str
    object: str
    line: int
    id: str
    column: str
    was: str
    is_: str
    appears: datetime
    layer: str
    fault: int
