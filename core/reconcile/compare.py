"""Expected against actual: for each window, unit and table, what should be there and what is.

Expected rows come from the manifest, and where there is none they are computed, since data is a
pure function of its coordinates. They are compared with the objects in the bucket and with the rows
in Bronze. The verdict names the first thing that is wrong, and the detail says it in words.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

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
    "ExpectedUnits",
    "ObjectVerdict",
    "Places",
    "UnknownObject",
    "UnreadableEntry",
    "Verdict",
    "WindowSummary",
    "both",
    "find_unknown_objects",
    "reconcile",
    "summarise",
    "verdict_text",
]


_LOOKS = 3  # as often is a date read that is being written to


def reconcile(
    places: Places,
    dates: tuple[date, date],
    units: ExpectedUnits,
    now: datetime,
    progress: Progress = silent,
) -> list[ObjectVerdict]:
    """Compare a range of dates, by date, window, unit and table.

    Args:
        dates: First and last business date, both included.
        units: Units expected in windows without a manifest.
        now: The aware present: windows that begin later are not due yet.
        progress: Told the dates done, their number and the current one.

    Raises:
        InputError: The range runs backwards or is out of bounds.
        TransientError: The warehouse or store cannot be reached now.
    """
    days = _days(places, dates, units, now, progress)
    return [line for day in days for line in _steady(places, day, units).lines]


def find_unknown_objects(
    places: Places, dates: tuple[date, date], now: datetime
) -> list[UnknownObject]:
    """Objects in the folders of a range of dates that belong to no cell.

    Their names are not of the layout, or of a window that does not exist: consumers take them for
    sales all the same, so they end in quarantine. Or they look like sales and no consumer takes
    them, for the ending is in capitals.
    """
    days = _days(places, dates, ExpectedUnits(), now, silent)
    return [stranger for day in days for stranger in day.strangers()]


def both(
    places: Places, dates: tuple[date, date], units: ExpectedUnits, now: datetime
) -> tuple[list[ObjectVerdict], list[UnknownObject]]:
    """What `reconcile` and `find_unknown_objects` give, for one look at each date."""
    lines: list[ObjectVerdict] = []
    unknown: list[UnknownObject] = []
    for found in _days(places, dates, units, now, silent):
        day = _steady(places, found, units)
        lines += day.lines
        unknown += day.strangers()
    return lines, unknown


def _days(
    places: Places, dates: tuple[date, date], units: ExpectedUnits, now: datetime,
    progress: Progress,
) -> Iterator[Day]:  # fmt: skip
    days = dates_between(*dates)
    progress(0, len(days), message("step.listing"))
    listings = list_days(places, days)
    by_day = _bronze(places, days[0], days[-1])
    for done, day in enumerate(days):
        progress(done, len(days), str(day))
        yield Day(places, day, units, now, listings.pop(day), by_day.pop(day, {}))
    progress(len(days), len(days), message("step.compared"))


def _bronze(places: Places, first: date, last: date) -> dict[date, dict[str, BronzeFile]]:
    """What Bronze has of the objects of each date of a range, by name."""
    by_prefix: defaultdict[str, dict[str, BronzeFile]] = defaultdict(dict)
    for prefix in (day_prefix, parquet_prefix):
        start, stop = prefix(first), end_of(prefix(last))
        for file in places.warehouse.bronze_files(places.store.bucket, start, stop):
            by_prefix[file.name[: len(start)]][file.name] = file
    return {
        day: by_prefix[day_prefix(day)] | by_prefix[parquet_prefix(day)]
        for day in dates_between(first, last)
    }


def _steady(places: Places, found: Day, units: ExpectedUnits) -> Day:
    """The date, read again where somebody wrote to it meanwhile: no line mixes two states."""
    for _ in range(_LOOKS - 1):
        if not found.in_doubt():
            break
        again = list_day(places, found.day)
        if again.objects == found.objects:
            break
        bronze = _bronze(places, found.day, found.day)[found.day]
        found = Day(places, found.day, units, found.now, again, bronze)
    return found
