"""Compare expected and actual: for each window, unit and table, what should exist and what does.

The manifest gives the expected rows; without one they are computed, because data is a pure function
of its coordinates. The verdict on an object and its rows in Bronze names the first thing that is
wrong, the detail says it in words.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from core.generation.windows import dates_between
from core.messages import message
from core.progress import Progress, silent
from core.reconcile.day import Day
from core.reconcile.listing import Places, list_day, list_days
from core.reconcile.units import ExpectedUnits
from core.reconcile.verdicts import (
    ALL_UNITS,
    FAULTS,
    SEVERITY,
    ObjectVerdict,
    UnknownObject,
    UnreadableEntry,
    Verdict,
    WindowSummary,
    summarise,
    verdict_text,
)
from core.storage.object_names import day_prefix, end_of, parquet_prefix
from core.warehouse import BronzeFile

__all__ = [
    "ALL_UNITS",
    "FAULTS",
    "SEVERITY",
    "Comparison",
    "ExpectedUnits",
    "ObjectVerdict",
    "Places",
    "UnknownObject",
    "UnreadableEntry",
    "Verdict",
    "WindowSummary",
    "compare_dates",
    "summarise",
    "verdict_text",
]


_LOOKS = 3  # how often a date is read at most while it is being written to


class Comparison(NamedTuple):
    """What a comparison found: the objects of all cells, by date, window, unit and table.

    The `unknown` objects, in the folders of the dates, belong to no cell. Consumers take those
    whose names are not of the layout, or of a window that does not exist, for sales: they end in
    quarantine. No consumer takes those whose ending is in capitals.
    """

    lines: list[ObjectVerdict]
    unknown: list[UnknownObject]


def compare_dates(
    places: Places,
    dates: tuple[date, date],
    units: ExpectedUnits,
    now: datetime,
    progress: Progress = silent,
) -> Comparison:
    """Compare a range of dates, both ends included.

    Args:
        units: Units expected in windows without a manifest.
        now: The aware present: windows that begin later are not due yet.

    Raises:
        InputError: The range runs backwards or is out of bounds.
        TransientError: The warehouse or store cannot be reached now.
    """
    days = dates_between(*dates)
    progress(0, len(days), message("step.listing"))
    listings = list_days(places, days)
    by_day = _bronze(places, days[0], days[-1])
    found = Comparison([], [])
    for done, day in enumerate(days):
        progress(done, len(days), str(day))
        read = Day(places, day, units, now, listings.pop(day), by_day.pop(day, {}))
        read = _read_until_steady(places, read, units)
        found.lines.extend(read.lines)
        found.unknown.extend(read.unknown_objects())
    progress(len(days), len(days), message("step.compared"))
    return found


def _bronze(places: Places, first: date, last: date) -> dict[date, dict[str, BronzeFile]]:
    """What Bronze has of the objects of each date, by name."""
    by_prefix: defaultdict[str, dict[str, BronzeFile]] = defaultdict(dict)
    for prefix in (day_prefix, parquet_prefix):
        start, stop = prefix(first), end_of(prefix(last))
        for file in places.warehouse.bronze_files(places.store.bucket, start, stop):
            by_prefix[file.name[: len(start)]][file.name] = file
    return {
        day: by_prefix[day_prefix(day)] | by_prefix[parquet_prefix(day)]
        for day in dates_between(first, last)
    }


def _read_until_steady(places: Places, found: Day, units: ExpectedUnits) -> Day:
    """The date, read again if it was written to meanwhile, so that no line mixes two states."""
    for _ in range(_LOOKS - 1):
        if not found.in_doubt():
            break
        again = list_day(places, found.day)
        if again.objects == found.objects:
            break
        bronze = _bronze(places, found.day, found.day)[found.day]
        found = Day(places, found.day, units, found.now, again, bronze)
    return found
