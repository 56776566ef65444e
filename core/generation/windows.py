"""Business time: the window of a moment, and the limits of what a request may contain.

Only entry points convert a moment to a date and a window, so that a retry, a late call and a
backfill are treated alike. All hours are those of America/Sao_Paulo by the time-zone database,
because Brazil had daylight saving time until 2019.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.errors import InputError
from core.generation.catalog import MAX_UNIT, Catalog, Window
from core.messages import message

TIME_ZONE = ZoneInfo("America/Sao_Paulo")
FIRST_DATE = date(2010, 1, 1)
LAST_DATE = date(2099, 12, 31)
MAX_SEED = 2**63 - 1

WHOLE_DAY = "whole day"  # in the place of a window's hours

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WindowOfDay(NamedTuple):
    """A window of a business date; without a window it is the whole date, as in bulk data."""

    day: date
    window: Window | None = None

    @property
    def tag(self) -> str | None:
        """The window's folder name in object names; None for a whole date."""
        return self.window.tag if self.window else None

    @property
    def windows(self) -> tuple[Window, ...]:
        """The window, or none for a whole date, as a request has it."""
        return (self.window,) if self.window else ()

    @property
    def hours(self) -> str:
        """The window's hours, such as `10:00-12:00`, or the words for a whole day."""
        return self.window.hours if self.window else message("words.whole_day")

    def __str__(self) -> str:
        """What a run that works on it claims, such as `2026-02-01 10:00-12:00`."""
        return f"{self.day} {self.window.hours if self.window else WHOLE_DAY}"


def place_of_tag(day: date, tag: str | None, catalog: Catalog) -> WindowOfDay:
    """The window of a date by its tag; the whole date without a tag of the catalog."""
    found = (window for window in catalog.windows if window.tag == tag)
    return WindowOfDay(day, next(found, None))


def find_window(start: str, end: str, catalog: Catalog) -> Window:
    """Find the window from `start` to `end`, each written HH:MM; midnight is 24:00 or 00:00.

    Raises:
        InputError: No window has these hours; the message lists the windows.
    """
    wanted = (start, "24:00" if end == "00:00" else end)
    for window in catalog.windows:
        if wanted == (f"{window.start_hour:02d}:00", f"{window.end_hour:02d}:00"):
            return window
    known = [window.hours for window in catalog.windows]
    raise InputError(message("request.no_window", start=start, end=end, known=known))


def find_windows(texts: Collection[str], catalog: Catalog) -> tuple[Window, ...]:
    """Find windows written HH:MM-HH:MM, in the order of the day; all if none is named.

    Raises:
        InputError: One of them is not a business window.
    """
    named = {find_window(*text.partition("-")[::2], catalog).tag for text in texts}
    return tuple(window for window in catalog.windows if not texts or window.tag in named)


def window_at(moment: datetime, catalog: Catalog) -> tuple[date, Window] | None:
    """The business date and window that contain an aware moment; None outside business hours."""
    local = moment.astimezone(TIME_ZONE)
    for window in catalog.windows:
        if window.start_hour <= local.hour < window.end_hour:
            return local.date(), window
    return None


def business_date(moment: datetime) -> date:
    """The calendar date in America/Sao_Paulo at an aware moment."""
    return moment.astimezone(TIME_ZONE).date()


def window_start(day: date, window: Window) -> datetime:
    """The aware moment at which a window of a business date begins."""
    return datetime(day.year, day.month, day.day, window.start_hour, tzinfo=TIME_ZONE)


def window_end(day: date, window: Window) -> datetime:
    """The aware moment at which a window of a business date ends."""
    return window_start(day, window) + timedelta(hours=window.end_hour - window.start_hour)


def parse_date(text: str) -> date:
    """Parse YYYY-MM-DD; raise `InputError` if it is no date or outside the platform's dates."""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)  # noqa: TRY301 - answered like a day that does not exist
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(message("request.no_date", text=text)) from None
    return check_date(day)


def check_date(day: date) -> date:
    """Return the date; raise `InputError` if it is outside `FIRST_DATE` to `LAST_DATE`."""
    if not is_covered(day):
        raise InputError(message("request.date_range", day=day, first=FIRST_DATE, last=LAST_DATE))
    return day


def is_covered(day: date | None) -> bool:
    """Whether there is a date, and the platform covers it: `FIRST_DATE` to `LAST_DATE`."""
    return day is not None and FIRST_DATE <= day <= LAST_DATE


def check_units(units: int) -> int:
    """Return the number of units; raise `InputError` unless it is from 1 to `MAX_UNIT`."""
    if not 1 <= units <= MAX_UNIT:
        raise InputError(message("request.units", units=units, most=MAX_UNIT))
    return units


def check_seed(seed: int) -> int:
    """Return the seed; raise `InputError` unless it is from 0 to `MAX_SEED`."""
    if not 0 <= seed <= MAX_SEED:
        raise InputError(message("request.seed", seed=seed, most=MAX_SEED))
    return seed


def dates_between(first: date, last: date) -> Sequence[date]:
    """All dates from `first` to `last`, both included.

    Raises:
        InputError: `last` comes before `first`, or a date is out of range.
    """
    check_date(first)
    check_date(last)
    if last < first:
        raise InputError(message("request.backwards", last=last, first=first))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
