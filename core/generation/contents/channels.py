"""The chance that an order is online, by window, season and the weather of the unit's city.

A whole day has the mean of its windows' chances, weighted by their usual orders; a new window has
no weight in it. Over a year, 60 % of the expected orders are online.
"""

import functools
from typing import NamedTuple

import numpy as np

from core.generation.catalog import Catalog, data_rows
from core.generation.cells import Cells
from core.generation.contents.hours import hour_columns
from core.generation.draws import Integers
from core.generation.rhythm.curves import by_month, numbers
from core.generation.rhythm.profiles import traits_of
from core.generation.rhythm.spans import span_numbers, span_table
from core.generation.rhythm.weather import weather

LOWEST, HIGHEST = 200, 920  # per mille

_USUAL = 600  # per mille, of a window without a row
_WEATHER_UNIT = 100  # what bad weather takes from the level where the file's values apply


class _Curves(NamedTuple):
    """Values by month (axis 0) and window, per mille; and each window's weight in a whole day."""

    share: Integers
    by_weather: Integers
    whole_day: Integers


def online_chances(cells: Cells, seed: int, catalog: Catalog) -> Integers:
    """The chance that an order of each cell is online, per mille."""
    if not len(cells):
        return np.zeros(0, np.int64)
    day, table = span_table(cells.day, functools.partial(_span_chances, catalog=catalog))
    share, by_weather = table[day, :, hour_columns(catalog)[cells.hour.astype(np.int64)]].T
    city = traits_of(cells.unit, catalog).city
    bad = -weather(cells.day, city, seed, catalog)
    chance: Integers = np.clip(share + bad * by_weather // _WEATHER_UNIT, LOWEST, HIGHEST)
    return chance


@functools.lru_cache(maxsize=2**7)
def _span_chances(span: int, catalog: Catalog) -> Integers:
    """Share without weather, and what weather adds, by day: shape (days, 2, windows + 1)."""
    curves = _load_curves(catalog)
    days = span_numbers(span)
    values = np.stack([by_month(curves.share, days), by_month(curves.by_weather, days)], axis=1)
    whole = values @ curves.whole_day // curves.whole_day.sum()
    return np.concatenate([values, whole[:, :, None]], axis=2)


@functools.cache
def _load_curves(catalog: Catalog) -> _Curves:
    rows = functools.partial(data_rows, catalog.folder)
    base = {int(row["start_hour"]): row for row in rows("online_base.csv")}

    def of_windows(column: str, other: int) -> Integers:
        hours = [window.start_hour for window in catalog.windows]
        return np.array([int(base[hour][column]) if hour in base else other for hour in hours])

    season = np.array([numbers(row, catalog) for row in rows("online_season.csv")])
    return _Curves(
        share=of_windows("share", _USUAL) + season,
        by_weather=np.array([numbers(row, catalog) for row in rows("online_weather.csv")]),
        whole_day=of_windows("whole_day", 0),
    )
