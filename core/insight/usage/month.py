"""A month of business dates: the share that is over, and projections for the rest."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from core.errors import InputError
from core.generation.catalog import Catalog
from core.generation.windows import FIRST_DATE, LAST_DATE, TIME_ZONE, business_date, window_start
from core.messages import message

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month in America/Sao_Paulo; `str` gives `YYYY-MM`."""

    year: int
    month: int

    def __str__(self) -> str:
        """Year and month, such as `2026-02`."""
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """The month of an aware moment."""
        day = business_date(moment)
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first date."""
        return date(self.year, self.month, 1)

    @property
    def days(self) -> int:
        """How many dates it has."""
        return (self.following.first - self.first).days

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def start(self) -> datetime:
        """The aware moment at which it begins."""
        return datetime(self.year, self.month, 1, tzinfo=TIME_ZONE)

    def done(self, now: datetime, catalog: Catalog) -> Fraction:
        """The share of its windows that have begun: 0 before the first, 1 after the last."""
        today = business_date(now)
        a_day = len(catalog.windows)
        over = min(max((today - self.first).days, 0), self.days)
        begun = sum(window_start(today, window) <= now for window in catalog.windows)
        within = begun if Month.of(now) == self else 0
        return Fraction(over * a_day + within, self.days * a_day)


def parse_month(text: str) -> Month:
    """Parse YYYY-MM; raise `InputError` if it is no month or outside the dates of the platform."""
    match = _MONTH.fullmatch(text)
    if match is None:
        raise InputError(message("request.month", text=text))
    month = Month(int(match[1]), int(match[2]))
    if not Month(FIRST_DATE.year, FIRST_DATE.month) <= month <= Month(LAST_DATE.year, 12):
        raise InputError(
            message("request.month_range", month=month, first=FIRST_DATE, last=LAST_DATE)
        )
    return month


def months_until(last: Month, count: int) -> list[Month]:
    """The months up to this one, the last first; fewer at the beginning of the platform's dates."""
    found = [last]
    while len(found) < count and found[-1].first > FIRST_DATE:
        day = found[-1].first - timedelta(days=1)
        found.append(Month(day.year, day.month))
    return found


def flow(so_far: int, done: Fraction) -> int | None:
    """Project a usage to the whole month at the present rate; None before the month begins."""
    return math.ceil(so_far / done) if done else None


def stock(present: int, grown: int, done: Fraction) -> int | None:
    """Project a stock to the month's end at the present rate; None before the month begins.

    `grown` is how much of it was added this month.
    """
    return present + math.ceil(grown / done) - grown if done else None
