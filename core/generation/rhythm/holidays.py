"""Holidays of Brazil and of the states, with the day before and the day after each.

`core/generation/data/holidays.csv` holds a rule a holiday instead of its dates:

- `09-07`: this day of each year;
- `easter-47`: so many days before (`-`) or after (`+`) Easter Sunday;
- `sunday from 08-11`: the first Sunday on or after this day.

`scripts/bake_holidays.py` takes the rules from the package `holidays`, and the tests compare every
date from 2010 to 2099 with it. Nothing at run time needs the package.
"""

import functools
import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog, data_rows
from core.generation.cells import EPOCH
from core.generation.draws import Integers
from core.generation.windows import FIRST_DATE, LAST_DATE

FILE = "holidays.csv"
NATIONAL = "national"  # a holiday's scope, unless it is a state's abbreviation
Kind: TypeAlias = Literal["holiday", "eve", "after"]
# How far the day is from the holiday, by kind. On a day that has several, the first counts.
OFFSETS: Mapping[Kind, int] = {"holiday": 0, "eve": -1, "after": 1}

_NEVER = -1  # the day number of a holiday in a year that does not have it
_EASTER = re.compile(r"easter([+-]\d{1,3})?")
_SUNDAY = re.compile(r"sunday from (\d\d)-(\d\d)")
_FIXED = re.compile(r"(\d\d)-(\d\d)")
# One year more at each end: the last day of 2099 is the eve of a holiday.
_YEARS: Integers = np.arange(FIRST_DATE.year - 1, LAST_DATE.year + 2)


class Holiday(NamedTuple):
    """A holiday by its rule, observed from `first_year` to `last_year` where they are given.

    `scope` is `NATIONAL` or the abbreviation of a state. `code` names the holiday in data files.
    """

    code: str
    rule: str
    scope: str
    first_year: int | None
    last_year: int | None
    name_pt: str
    name_en: str


class HolidayOfDay(NamedTuple):
    """What a day has to do with a holiday: it is the holiday, its eve, or the day after it."""

    holiday: Holiday
    kind: Kind

    @property
    def scope(self) -> str:
        """`NATIONAL` or the abbreviation of a state."""
        return self.holiday.scope


class HolidayTable(NamedTuple):
    """The holidays of all days and states, for arrays of cells.

    Attributes:
        first_day: The day number (since `EPOCH`) of row 0, which is 2010-01-01.
        column: The column of each state id.
        place: By kind, shape (days, states): the position in `load_holidays` plus 1, or 0. At most
            one kind has a value on a day.
    """

    first_day: int
    column: Mapping[int, int]
    place: Mapping[Kind, NDArray[np.int16]]


@functools.cache
def load_holidays(catalog: Catalog) -> tuple[Holiday, ...]:
    """The holidays of a catalog in the order of its file, the more important ones first."""
    return tuple(
        Holiday(
            row["code"], row["rule"], row["scope"], _year(row["first_year"]),
            _year(row["last_year"]), row["name_pt"], row["name_en"],
        )
        for row in data_rows(catalog.folder, FILE)
    )  # fmt: skip


def holidays_on(day: date, state_id: int | None, catalog: Catalog) -> tuple[HolidayOfDay, ...]:
    """What a day is in a state, or in any state of the catalog with None; empty on a plain day.

    A day that is a holiday in a state is that alone, not the eve of another; so are the days of
    Carnival. If a day is both an eve and a day after, the eve comes first.

    Raises:
        KeyError: The catalog has no such state.
    """
    if state_id is None:
        found = [one for state in catalog.states for one in holidays_on(day, state, catalog)]
        return tuple(dict.fromkeys(found))
    scopes = (NATIONAL, catalog.states[state_id].abbreviation)
    holidays, numbers = load_holidays(catalog), _day_numbers(catalog)
    of_day = [
        HolidayOfDay(holidays[position], kind)
        for kind, offset in OFFSETS.items()
        for position in np.nonzero(numbers == (day - EPOCH).days - offset)[0].tolist()
        if holidays[position].scope in scopes
    ]
    return tuple(one for one in of_day if one.kind == "holiday") or tuple(of_day)


@functools.cache
def holiday_table(catalog: Catalog) -> HolidayTable:
    """The table of a catalog; the first call takes about a millisecond."""
    days, first = (LAST_DATE - FIRST_DATE).days + 1, (FIRST_DATE - EPOCH).days
    place: dict[Kind, NDArray[np.int16]] = {
        kind: np.zeros((days, len(catalog.states)), np.int16) for kind in OFFSETS
    }
    taken = np.zeros((days, len(catalog.states)), np.bool_)
    for kind, offset in OFFSETS.items():
        for position, numbers in reversed(list(enumerate(_day_numbers(catalog)))):
            rows = numbers[numbers != _NEVER] + offset - first
            rows = rows[(rows >= 0) & (rows < days)]
            place[kind][np.ix_(rows, _columns(position, catalog))] = position + 1
        place[kind][taken] = 0
        taken |= place[kind] > 0
    return HolidayTable(first, {state: n for n, state in enumerate(catalog.states)}, place)


def _columns(position: int, catalog: Catalog) -> list[int]:
    scope = load_holidays(catalog)[position].scope
    return [
        column
        for column, state in enumerate(catalog.states.values())
        if scope in (NATIONAL, state.abbreviation)
    ]


@functools.cache
def _day_numbers(catalog: Catalog) -> Integers:
    """The day (since `EPOCH`) of each holiday in each year, shape (holidays, `_YEARS`)."""
    return np.stack([_days_of(holiday) for holiday in load_holidays(catalog)])


def _days_of(holiday: Holiday) -> Integers:
    first, last = holiday.first_year or _YEARS[0], holiday.last_year or _YEARS[-1]
    return np.where((first <= _YEARS) & (last >= _YEARS), days_by_rule(holiday.rule), _NEVER)


def days_by_rule(rule: str) -> Integers:
    """The day (since `EPOCH`) that a rule gives for each year from 2009 to 2100.

    Raises:
        ValueError: No rule has this form.
    """
    if found := _FIXED.fullmatch(rule):
        return _month_days(*found.groups())
    if found := _EASTER.fullmatch(rule):
        return _easters() + int(found[1] or 0)
    if found := _SUNDAY.fullmatch(rule):
        start = _month_days(*found.groups())
        return start + (1 - start) % 7  # 2000-01-02, day 1, is a Sunday
    raise ValueError(f"{rule!r} is no rule of a holiday, such as 09-07 or easter-47")


def _month_days(month: str, day: str) -> Integers:
    months = (_YEARS - 1970) * 12 + int(month) - 1
    return _numbers(months.astype("datetime64[M]")) + int(day) - 1


def _easters() -> Integers:
    """Easter Sundays, by Meeus, Jones and Butcher's rule for the Gregorian calendar."""
    golden, century = _YEARS % 19, _YEARS // 100
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (_YEARS % 100 // 4) - epact - _YEARS % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    from_march: Integers = epact + weekday - 7 * late + 21  # days after the first of March
    return _month_days("03", "01") + from_march


def _numbers(months: NDArray[np.datetime64]) -> Integers:
    """The day number of the first of each month."""
    days = months.astype("datetime64[D]") - np.datetime64(EPOCH, "D")
    return days.astype(np.int64)


def _year(text: str) -> int | None:
    return int(text) if text else None
