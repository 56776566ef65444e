"""Expected against actual: for each window, unit and table, what should be there and what is.

Expected rows come from the manifest, and where there is none they are computed, since data is a
pure function of its coordinates. They are compared with the objects in the bucket and with the rows
in Bronze. The verdict names the first thing that is wrong, and the detail says it in words.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from core.names import day_prefix, parquet_months, parquet_prefix
from core.progress import Progress, silent
from core.reconcile.day import Day, Places
from core.reconcile.lines import (
    ALL_UNITS,
    FAULTS,
    SEVERITY,
    TABLES,
    Line,
    Stranger,
    Verdict,
    WindowSummary,
    summarise,
)
from core.windows import dates_between

if TYPE_CHECKING:
    from core.object_store import ObjectInfo
    from core.warehouse import BronzeFile

__all__ = [
    "ALL_UNITS",
    "FAULTS",
    "SEVERITY",
    "TABLES",
    "Line",
    "Places",
    "Stranger",
    "Verdict",
    "WindowSummary",
    "both",
    "reconcile",
    "strangers",
    "summarise",
]


def reconcile(
    places: Places,
    dates: tuple[date, date],
    units: int,
    now: datetime,
    progress: Progress = silent,
) -> list[Line]:
    """Compare a range of dates, by date, window, unit and table.

    Args:
        dates: First and last business date, both included.
        units: Units expected where no manifest says otherwise.
        now: The aware present: windows that begin later are not due yet.
        progress: Told the dates done, their number and the current one.

    Raises:
        InputError: The range runs backwards or is out of bounds.
        TransientError: The warehouse or store cannot be reached now.
    """
    days = _days(places, dates, units, now, progress)
    return [line for day in days for line in day.lines()]


def strangers(places: Places, dates: tuple[date, date], now: datetime) -> list[Stranger]:
    """Sales objects in the folders of a range of dates that belong to no cell.

    Their names are not of the layout, or of a window that does not exist. Consumers take them for
    sales all the same, so they end in quarantine.
    """
    days = _days(places, dates, 0, now, silent)
    return [stranger for day in days for stranger in day.strangers()]


def both(
    places: Places, dates: tuple[date, date], units: int, now: datetime
) -> tuple[list[Line], list[Stranger]]:
    """What `reconcile` and `strangers` give, for one look at each date."""
    lines: list[Line] = []
    unknown: list[Stranger] = []
    for day in _days(places, dates, units, now, silent):
        lines += day.lines()
        unknown += day.strangers()
    return lines, unknown


def _days(
    places: Places, dates: tuple[date, date], units: int, now: datetime, progress: Progress
) -> Iterator[Day]:
    days = dates_between(*dates)
    by_day: defaultdict[str, dict[str, BronzeFile]] = defaultdict(dict)
    for prefix in (day_prefix, parquet_prefix):
        first, last = prefix(days[0]), prefix(days[-1])
        for file in places.warehouse.bronze_files(places.store.bucket, first, f"{last}~"):
            by_day[file.name[: len(first)]][file.name] = file
    in_parquet: defaultdict[str, list[ObjectInfo]] = defaultdict(list)
    for month in parquet_months(days):
        for info in places.store.list(month):
            in_parquet[info.name[: len(parquet_prefix(days[0]))]].append(info)
    for done, day in enumerate(days):
        progress(done, len(days), str(day))
        bronze = by_day[day_prefix(day)] | by_day[parquet_prefix(day)]
        yield Day(places, day, units, now, bronze, in_parquet[parquet_prefix(day)])
    progress(len(days), len(days), "compared")
