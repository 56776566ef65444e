"""Curves that all units of the chain share: base, weekday and season by window, and growth.

A window without a column in these files, as a new one may be, has `_BASE` and no part of these
curves.
"""

import functools
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from core.generation.catalog import Catalog, data_rows
from core.generation.cells import EPOCH
from core.generation.draws import HOUR_BITS, Integers
from core.generation.rhythm.campaigns import WEEKDAYS

_BASE = 500
_MIDDLE = 14  # days from the first of a month to the day that has its value, the 15th


class Curves(NamedTuple):
    """The chain's curves in per mille; windows are in the catalog's order.

    Attributes:
        column: For each hour of a cell's coordinates, the position of its window.
        base: The level of each window before other parts.
        whole_day: The weight of each window in the level of a whole day.
        weekday, season: Parts by weekday from Monday, by month; each with a column a window.
        growth_days, growth: Dates as days since `EPOCH`, and the part on each; lines join them.
    """

    column: Integers
    base: Integers
    whole_day: Integers
    weekday: Integers
    season: Integers
    growth_days: Integers
    growth: Integers


@functools.cache
def load_curves(catalog: Catalog) -> Curves:
    """The curves of the catalog's folder."""
    rows = functools.partial(data_rows, catalog.folder)
    hours = [window.start_hour for window in catalog.windows]
    column = np.zeros(2**HOUR_BITS, np.int64)
    column[hours] = np.arange(len(hours))
    bases = {int(r["start_hour"]): r for r in rows("level_base.csv")}
    growth = rows("level_growth.csv")
    return Curves(
        column=column,
        base=np.array([int(bases[h]["base"]) if h in bases else _BASE for h in hours]),
        whole_day=np.array([int(bases[h]["whole_day"]) if h in bases else 0 for h in hours]),
        weekday=np.array([numbers(r, catalog) for r in rows("level_weekday.csv")]),
        season=np.array([numbers(r, catalog) for r in rows("level_season.csv")]),
        growth_days=np.array([(date.fromisoformat(r["date"]) - EPOCH).days for r in growth]),
        growth=np.array([int(r["level"]) for r in growth]),
    )


def weekdays_of(days: Integers) -> Integers:
    """The weekday of each day since `EPOCH`; Monday is 0."""
    return (days + EPOCH.weekday()) % len(WEEKDAYS)


def by_month(values: Integers, days: Integers) -> Integers:
    """Values of the twelve months (the first axis) on each day since `EPOCH`.

    A month's value is that of its 15th; a line joins it with the next month's.
    """
    dates = days.astype("timedelta64[D]") + np.datetime64(EPOCH)
    month = dates.astype("datetime64[M]")
    month = month - (dates < month.astype("datetime64[D]") + _MIDDLE)
    start, end = ((month + n).astype("datetime64[D]") + _MIDDLE for n in (0, 1))
    done, length = (dates - start).astype(np.int64), (end - start).astype(np.int64)
    which = month.astype(np.int64) % 12
    shape = (-1, *[1] * (values.ndim - 1))
    done, length = done.reshape(shape), length.reshape(shape)
    weighted: Integers = values[which] * (length - done) + values[(which + 1) % 12] * done
    joined: Integers = weighted // length
    return joined


def growth_on(days: Integers, catalog: Catalog) -> Integers:
    """The growth part on each day since `EPOCH`."""
    curves = load_curves(catalog)
    last = len(curves.growth) - 2
    which = np.clip(np.searchsorted(curves.growth_days, days, side="right") - 1, 0, last)
    start, end = curves.growth_days[which], curves.growth_days[which + 1]
    rise = (curves.growth[which + 1] - curves.growth[which]) * (days - start)
    grown: Integers = curves.growth[which] + rise // (end - start)
    return grown


def numbers(row: Mapping[str, str], catalog: Catalog) -> list[int]:
    """The values of a row of a data file in the columns of the windows; 0 without a column."""
    return [int(row.get(str(window.start_hour), 0)) for window in catalog.windows]
