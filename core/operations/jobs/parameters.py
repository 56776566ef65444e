"""A request as a run stores it: its parameters, its claims, and its words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from core.errors import InputError
from core.generation.catalog import Catalog, Window, load_catalog
from core.generation.windows import WHOLE_DAY, parse_date
from core.messages import Message, message
from core.storage.publish import DAY_ORDERS, Request
from core.storage.shards import Format

# What reading parameters raises that this version cannot read: one lacks, or has an unknown value.
UNREADABLE = (LookupError, ValueError, TypeError, OverflowError)
Cells: TypeAlias = tuple[tuple[date, ...], tuple[Window, ...], tuple[int, ...]]


def parameters_of(request: Request) -> dict[str, Any]:
    """A request as JSON values: no windows for bulk data, and `day_orders` where it is unusual."""
    usual = request.day_orders == DAY_ORDERS
    return {
        **cell_parameters(request),
        "seed": request.seed,
        **({} if usual else {"day_orders": list(request.day_orders)}),
    }


def cell_parameters(request: Request) -> dict[str, Any]:
    """Dates, windows and units of a request as JSON values."""
    return {
        "dates": [day.isoformat() for day in request.dates],
        "windows": [window.tag for window in request.windows],
        "units": units_json(request.units),
    }


def request_of(stored: Mapping[str, Any], catalog: Catalog) -> Request:
    """The request in a run's parameters.

    Raises:
        InputError: A part of it is not possible, such as a window that the catalog lacks.
    """
    fewest, most = stored.get("day_orders", DAY_ORDERS)
    return Request(*cells_of(stored, catalog), stored["seed"], (fewest, most))


def cells_of(stored: Mapping[str, Any], catalog: Catalog) -> Cells:
    """Dates, windows (none for bulk) and units in a run's parameters.

    Raises:
        InputError: A date is not possible, or the catalog lacks a window.
    """
    chosen = windows_of(stored["windows"], catalog)
    windows = tuple(window for window in catalog.windows if window.tag in chosen)
    return dates_of(stored), windows, units_of(stored["units"])


def windows_of(tags: Collection[str], catalog: Catalog) -> dict[str, Window]:
    """Windows by their tags in a run's parameters.

    Raises:
        InputError: The catalog lacks one.
    """
    known = {window.tag: window for window in catalog.windows}
    unknown = [tag for tag in tags if tag not in known]
    if unknown:
        raise InputError(message("request.window_unknown", window=unknown[0], known=known))
    return {tag: known[tag] for tag in tags}


def dates_of(stored: Mapping[str, Any]) -> tuple[date, ...]:
    """The dates in a run's parameters, one `date` in older versions; none where it has none."""
    older = [stored["date"]] if "date" in stored else []
    return tuple(map(parse_date, stored.get("dates", older)))


def units_json(units: Sequence[int]) -> int | list[int]:
    """Units as a run's parameter: their number where they are the first ones, else a list."""
    count = len(units)
    return count if tuple(units) == tuple(range(1, count + 1)) else list(units)


def units_of(stored: int | list[int]) -> tuple[int, ...]:
    """The units that `units_json` was given."""
    return tuple(range(1, stored + 1) if isinstance(stored, int) else stored)


def claims_of(
    request: Request, written_as: Format = Format.CSV, folder: str = ""
) -> tuple[str, ...]:
    """What no other run may publish at the same time: each date and window, in bucket or folder.

    Whole days and days in Parquet claim every window of their dates, which would count sales twice.
    """
    place = f"{folder}/" if folder else ""
    whole = written_as is Format.PARQUET or not request.windows
    spans = [WHOLE_DAY] if whole else [window.hours for window in request.windows]
    return widen_claims(f"{place}{day} {span}" for day in request.dates for span in spans)


def widen_claims(claims: Iterable[str]) -> tuple[str, ...]:
    """Claims with every window of each whole day; older versions stored the day alone."""
    found: list[str] = []
    for claim in claims:
        found.append(claim)
        if claim.endswith(f" {WHOLE_DAY}"):
            day = claim.removesuffix(WHOLE_DAY)
            found += (day + window.hours for window in load_catalog().windows)
    return tuple(dict.fromkeys(found))


def describe_request(request: Request) -> Message:
    """A request in a few words: `2026-02-01 10:00-14:00, 50 units, seed 7`."""
    return message(
        "words.request", dates=_dates(request.dates), hours=describe_hours(request.windows),
        count=len(request.units), seed=request.seed,
    )  # fmt: skip


def describe_dates(first: date, last: date) -> date | Message:
    """A range of dates in a few words."""
    return first if first == last else message("words.dates", first=first, last=last)


def describe_hours(windows: Sequence[Window]) -> str:
    """The hours of windows, adjoining ones joined: `10:00-14:00, 18:00-20:00`."""
    spans: list[str] = []
    for window in windows:
        start, end = window.hours.split("-")
        if spans and spans[-1].endswith(f"-{start}"):
            start = spans.pop().split("-")[0]
        spans.append(f"{start}-{end}")
    return ", ".join(spans) or message("words.whole_day")


def _dates(days: Sequence[date]) -> date | Message:
    """Dates in a few words: one, a range without gaps, or how many of a range."""
    first, last, count = min(days), max(days), len(set(days))
    if (last - first) == timedelta(days=count - 1):
        return describe_dates(first, last)
    return message("words.some_dates", count=count, first=first, last=last)
