"""A request as a run keeps it: its parameters, its claims, and its words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from core.errors import InputError
from core.generation.catalog import Catalog, Window, load_catalog
from core.generation.windows import parse_date
from core.messages import Message, message
from core.storage.publish import DAY_ORDERS, Request
from core.storage.request import WHOLE_DAY
from core.storage.shards import Format


def parameters_of(request: Request) -> dict[str, Any]:
    """A request as JSON values: dates, tags of windows (none stands for bulk), units and seed.

    Units are the number of them where they are 1 to that, else a list; `day_orders` is left out
    where it is the usual one.
    """
    units, count = request.units, len(request.units)
    usual = request.day_orders == DAY_ORDERS
    return {
        "dates": [day.isoformat() for day in request.dates],
        "windows": [window.tag for window in request.windows],
        "units": count if units == tuple(range(1, count + 1)) else list(units),
        "seed": request.seed,
        **({} if usual else {"day_orders": list(request.day_orders)}),
    }


def request_of(parameters: Mapping[str, Any], catalog: Catalog) -> Request:
    """The request in a run's parameters.

    Runs of older versions have one `date`.

    Raises:
        InputError: A part of it is not possible, such as a window that the catalog does not have.
    """
    tags, units = parameters["windows"], parameters["units"]
    chosen = windows_of(tags, catalog)
    fewest, most = parameters.get("day_orders", DAY_ORDERS)
    return Request(
        dates_of(parameters),
        tuple(window for window in catalog.windows if window.tag in chosen),
        tuple(range(1, units + 1) if isinstance(units, int) else units),
        parameters["seed"],
        (fewest, most),
    )


def windows_of(tags: Collection[str], catalog: Catalog) -> dict[str, Window]:
    """The windows of some tags in a run's parameters, by tag.

    Raises:
        InputError: The catalog does not have one (any more).
    """
    known = {window.tag: window for window in catalog.windows}
    unknown = [tag for tag in tags if tag not in known]
    if unknown:
        raise InputError(message("request.window_unknown", window=unknown[0], known=known))
    return {tag: known[tag] for tag in tags}


def dates_of(parameters: Mapping[str, Any]) -> tuple[date, ...]:
    """The dates in a run's parameters; none where the work has no dates."""
    older = [parameters["date"]] if "date" in parameters else []
    return tuple(map(parse_date, parameters.get("dates", older)))


def claims_of(
    request: Request, written_as: Format = Format.CSV, folder: str = ""
) -> tuple[str, ...]:
    """What no other run may publish meanwhile: each date and window, to the bucket or a folder.

    Whole days and days in Parquet claim every window of their dates, too, for windows of the same
    date would count their sales twice.
    """
    place = f"{folder}/" if folder else ""
    whole = written_as is Format.PARQUET or not request.windows
    spans = [WHOLE_DAY] if whole else [window.hours for window in request.windows]
    return widen_claims(f"{place}{day} {span}" for day in request.dates for span in spans)


def widen_claims(claims: Iterable[str]) -> tuple[str, ...]:
    """Claims with every window of each whole day among them; older versions kept the day alone."""
    found: list[str] = []
    for claim in claims:
        found.append(claim)
        if claim.endswith(f" {WHOLE_DAY}"):
            day = claim.removesuffix(WHOLE_DAY)
            found += (day + window.hours for window in load_catalog().windows)
    return tuple(dict.fromkeys(found))


def what(request: Request) -> Message:
    """A request in a few words: `2026-02-01 10:00-14:00, 50 units, seed 7`."""
    return message(
        "words.request", dates=_dates(request.dates), hours=hours(request.windows),
        count=len(request.units), seed=request.seed,
    )  # fmt: skip


def span(first: date, last: date) -> date | Message:
    """A range of dates in a few words."""
    return first if first == last else message("words.dates", first=first, last=last)


def hours(windows: Sequence[Window]) -> str:
    """The hours of windows, those that adjoin as one: `10:00-14:00, 18:00-20:00`."""
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
        return span(first, last)
    return message("words.some_dates", count=count, first=first, last=last)
