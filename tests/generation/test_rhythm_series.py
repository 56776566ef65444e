"""What dashboards, forecasts and alerts find in the chain's daily series, by tools of others."""

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from core.generation.catalog import Catalog, load_catalog
from core.generation.cells import window_cells
from core.generation.orders import DEFAULT_SEED, expected_rows
from tests.support.samples import days

pytestmark = pytest.mark.thorough

UNITS = range(1, 51)
FIRST, DAYS = date(2021, 1, 1), 6 * 365
Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def series() -> Floats:
    """The orders of 50 units on each day of six years."""
    return _orders_a_day(DAYS, load_catalog())


def _orders_a_day(count: int, catalog: Catalog) -> Floats:
    cells = window_cells(days(FIRST, count), catalog.windows, UNITS)
    orders, _ = expected_rows(cells, DEFAULT_SEED, catalog)
    return np.asarray(orders.reshape(count, -1).sum(axis=1), float)


def _strength(series: Floats, period: int, seasonal: int) -> tuple[float, Floats]:
    """The strength of a season by STL (Wang, Smith, Hyndman 2006), and the season."""
    from statsmodels.tsa.seasonal import STL  # heavy

    found = STL(series, period=period, seasonal=seasonal).fit()
    rest = found.resid
    return max(0.0, 1 - rest.var() / (rest + found.seasonal).var()), np.asarray(found.seasonal)


def test_stl_finds_the_week_and_the_year(series: Floats) -> None:
    weekly, week = _strength(series, 7, 13)
    yearly, _ = _strength(series - week, 365, 61)
    assert weekly >= 0.8
    assert yearly >= 0.5


def test_stl_finds_no_week_and_no_year_in_the_same_days_in_another_order(series: Floats) -> None:
    shuffled = np.random.default_rng(0).permutation(series)
    weekly, _ = _strength(shuffled, 7, 13)
    yearly, _ = _strength(shuffled, 365, 61)
    assert weekly < 0.5
    assert yearly < 0.5


def test_a_forecast_by_last_week_beats_one_by_the_mean(series: Floats) -> None:
    of_last_week = np.abs(series[7:] - series[:-7]).mean()
    of_mean = np.abs(series[7:] - series.mean()).mean()
    assert of_last_week <= of_mean * 2 / 3


def test_days_differ_as_a_business_does(series: Floats) -> None:
    assert 45 <= series.std() <= 75
    assert 940 <= series.mean() <= 1010
    by_weekday = [series[n::7].mean() for n in range(7)]
    assert np.std(by_weekday) >= 45
