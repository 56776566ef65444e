"""The HTTP request of `data-generator`: its method, headers and body, parsed and checked.

The body is empty or a JSON object with any of

    date     "2026-02-01", a business date
    window   "12:00-14:00" or "window_1214", one of the seven
    units    50
    seed     42

A date or window that is absent is that of the call's moment: the schedule's, or the present.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, Catalog, Window
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import (
    FIRST_DATE,
    TIME_ZONE,
    business_date,
    find_window,
    parse_date,
    window_at,
)
from core.storage.publish import Request

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

KEYS = ("date", "window", "units", "seed")
SCHEDULE_HEADER = "X-CloudScheduler-ScheduleTime"
# More would exceed the call's time limit; `scripts/generate_incremental_sales.py` has none.
MOST_UNITS = 5_000
# Clocks differ by less. A schedule's time beyond that makes no sales of the future.
_SKEW = timedelta(minutes=5)

_FIRST = datetime.combine(FIRST_DATE, time(), TIME_ZONE)

_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_FRACTION = re.compile(r"(\.\d{6})\d+")


class MethodError(InputError):
    """The request's method is not POST."""


def check_form(method: str, query: bytes) -> None:
    """Refuse a call that is no POST, or has a query.

    Raises:
        InputError: It has a query; a `MethodError` when it is no POST.
    """
    if method != "POST":
        raise MethodError(f"{method} is not served: use POST.")
    if query:
        raise InputError("The address asks for something: write it as JSON in the body.")


def read_moment(headers: "Headers | Mapping[str, str]", now: datetime) -> datetime:
    """The moment that a call is for: the schedule's, however late the call comes.

    Args:
        now: The aware present, for calls without a schedule.

    Raises:
        InputError: The schedule's time cannot be read, or is before any business date.
    """
    text = headers.get(SCHEDULE_HEADER)
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r"\1", text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(
            f"{SCHEDULE_HEADER} is {text!r}: it is a moment such as 2026-02-01T15:00:00Z."
        )
    if moment < _FIRST:
        raise InputError(
            f"{SCHEDULE_HEADER} is {text!r}, which is out of range: dates run from {FIRST_DATE}."
        )
    return now if moment > now + _SKEW else moment


def read_request(body: bytes, moment: datetime, catalog: Catalog) -> Request | None:
    """The request of a body; None when it names no window and none contains the moment.

    Args:
        body: JSON as this module describes it, or nothing.
        moment: From `read_moment`.

    Raises:
        InputError: A value is not valid.
    """
    wanted = _read_body(body)
    open_window = window_at(moment, catalog)
    if "window" in wanted:
        window = _read_window(wanted["window"], catalog)
    elif open_window:
        window = open_window[1]
    else:
        window = None
    day = parse_date(_read_text(wanted, "date")) if "date" in wanted else business_date(moment)
    units = _read_whole(wanted, "units", DEFAULT_UNITS)
    if not 1 <= units <= MOST_UNITS:
        raise InputError(f"{units} units are not possible in one call: ask for 1 to {MOST_UNITS}.")
    seed = _read_whole(wanted, "seed", DEFAULT_SEED)
    request = Request((day,), (window,) if window else (), tuple(range(1, units + 1)), seed)
    return request if window else None


def _read_body(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        wanted = json.loads(
            body, parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates
        )
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested beyond reason
        raise InputError('The body is not JSON: send an object such as {"units": 50}.') from None
    if not isinstance(wanted, dict):
        raise InputError('The body is not a JSON object: send one such as {"units": 50}.')
    unknown = sorted(wanted.keys() - set(KEYS))
    if unknown:
        raise InputError(f"{unknown[0]!r} cannot be asked for: use {', '.join(KEYS)}.")
    return wanted


def _refuse_constant(text: str) -> None:
    """Refuse NaN and the infinities, which are no JSON though Python reads them."""
    raise ValueError(text)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise InputError("The body names something twice: name it once.")
    return dict(pairs)


def _read_window(value: object, catalog: Catalog) -> Window:
    for window in catalog.windows:
        if value == window.tag:
            return window
    hours = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if hours is None:
        known = ", ".join(window.hours for window in catalog.windows)
        raise InputError(f"{value!r} is not a business window: choose one of {known}.")
    return find_window(hours[1], hours[2], catalog)


def _read_text(wanted: Mapping[str, Any], key: str) -> str:
    value = wanted[key]
    if not isinstance(value, str):
        raise InputError(f"{value!r} is not a {key}: write YYYY-MM-DD, such as 2026-02-01.")
    return value


def _read_whole(wanted: Mapping[str, Any], key: str, default: int) -> int:
    value = wanted.get(key, default)
    if type(value) is not int:  # a bool is an int, too
        raise InputError(f"{value!r} is not possible as {key}: use a whole number.")
    return value
