"""Each effect that the data files plant is found in generated orders, and none where none is.

An estimate is repeated over weeks, years or fortnights, which share no weather. A t-test of the
repetitions against the planted value fails for one seed in a million when the model holds
(`ERROR_PROBABILITY`); an effect counts as found when chance would show it as often at most. The
seed is fixed. Units are of middle size, so that hardly a level reaches the limits.
"""

import functools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.generation.catalog import Catalog, load_catalog
from core.generation.cells import window_cells
from core.generation.orders import expected_rows
from core.generation.rhythm.campaigns import campaigns_on, load_campaigns
from core.generation.rhythm.curves import load_curves
from core.generation.rhythm.holidays import holidays_on
from core.generation.rhythm.profiles import load_profiles, traits_of
from tests.support.samples import ERROR_PROBABILITY, days

SEED = 20260201
Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@functools.cache
def _units(profile: str, states: str = "RS SC PR", most_size: int = 60) -> tuple[int, ...]:
    """Units of middle size with a profile, in some states."""
    catalog = load_catalog()
    numbers = np.arange(1, 601, dtype=np.uint64)
    traits = traits_of(numbers, catalog)
    wanted = [state.abbreviation in states.split() for state in catalog.states.values()]
    kept = (
        np.array(wanted)[traits.state]
        & (np.array(load_profiles(catalog).names)[traits.profile] == profile)
        & (abs(traits.size) <= most_size)
    )
    return tuple(numbers[kept].tolist())


def _levels(
    dates: Sequence[date], hour: int, units: Sequence[int], catalog: Catalog, seed: int = SEED
) -> Floats:
    """Where in the range of a window the orders lie, per mille, by date and unit."""
    (window,) = (window for window in catalog.windows if window.start_hour == hour)
    made, _ = expected_rows(window_cells(dates, [window], units), seed, catalog)
    above = (made - window.min_orders) / (window.max_orders - window.min_orders)
    return 1000 * above.reshape(len(dates), len(units))


def _means(
    dates: Sequence[date], hour: int, units: Sequence[int], catalog: Catalog, seed: int = SEED
) -> Floats:
    """The mean level of the units on each date."""
    return np.asarray(_levels(dates, hour, units, catalog, seed).mean(axis=1))


def _assert_is(estimates: Floats, planted: Any) -> None:
    """The repeated estimates agree with what is planted."""
    assert len(estimates) >= 20
    from scipy import stats  # heavy

    probability = stats.ttest_1samp(estimates - planted, 0).pvalue
    assert probability > ERROR_PROBABILITY, (estimates.mean(), np.mean(planted))


def _assert_found(estimates: Floats, planted: Any) -> None:
    """The repeated estimates agree with what is planted, and chance does not explain them."""
    _assert_is(estimates, planted)
    from scipy import stats  # heavy

    assert stats.ttest_1samp(estimates, 0).pvalue < ERROR_PROBABILITY, estimates.mean()


def _plain(day: date, catalog: Catalog) -> bool:
    return not holidays_on(day, None, catalog)


# --- weekday and season ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "weekday", "other"),
    [(18, 4, 0), (18, 5, 1), (20, 5, 6), (12, 6, 2), (10, 5, 3), (22, 4, 3)],
)
def test_each_weekday_has_its_shape_by_window(
    catalog: Catalog, hour: int, weekday: int, other: int
) -> None:
    mondays = [day for day in days(date(2010, 1, 4), 20_000)[::7] if day.month in (4, 9)]
    pairs = [(day + timedelta(weekday), day + timedelta(other)) for day in mondays]
    pairs = [pair for pair in pairs if all(_plain(day, catalog) and day.day > 16 for day in pair)]
    units = _units("residential")
    one, two = (_means(dates, hour, units, catalog) for dates in zip(*pairs, strict=True))
    curves, profiles = load_curves(catalog), load_profiles(catalog)
    planted = curves.weekday[:, curves.column[hour]] + profiles.weekday[_place("residential")]
    _assert_found(one - two, planted[weekday] - planted[other])


def _place(profile: str) -> int:
    return load_profiles(load_catalog()).names.index(profile)


@pytest.mark.parametrize(
    ("hour", "profile"), [(20, "residential"), (10, "beach"), (22, "business")]
)
def test_summer_and_winter_differ_by_window_and_profile(
    catalog: Catalog, hour: int, profile: str
) -> None:
    units = _units(profile)
    years = range(2010, 2060)
    halves = [
        _means([date(year, month, day) for year in years for day in range(12, 19)], hour, units,
               catalog).reshape(len(years), 7).mean(axis=1)
        for month in (1, 7)
    ]  # fmt: skip
    curves, profiles = load_curves(catalog), load_profiles(catalog)
    planted = curves.season[:, curves.column[hour]] + profiles.season[_place(profile)]
    _assert_found(halves[0] - halves[1], planted[0] - planted[6])


# --- holidays ----------------------------------------------------------------------------------


def _against_weeks_around(
    dates: Sequence[date], hour: int, units: Sequence[int], catalog: Catalog
) -> Floats:
    """The level of dates less that of the same weekday one week before and after."""
    before, same, after = (
        _means([day + timedelta(shift) for day in dates], hour, units, catalog)
        for shift in (-7, 0, 7)
    )
    return np.asarray(same - (before + after) / 2)


def _planted_holiday(dates: Sequence[date], profile: str, part: int) -> Floats:
    """What a holiday adds, in place of the weekday's part of a profile."""
    profiles, place = load_profiles(load_catalog()), _place(profile)
    usual = profiles.weekday[place][[day.weekday() for day in dates]]
    return np.asarray(part + profiles.holiday[place] - usual, float)


def _in_midweek(month: int, day: int) -> list[date]:
    """This day of the years in which it and its neighbours are no part of a weekend."""
    dates = [date(year, month, day) for year in range(2010, 2099)]
    return [found for found in dates if found.weekday() in (1, 2, 3)]


@pytest.mark.parametrize("profile", ["residential", "business", "beach"])
def test_a_holiday_fills_lunch_and_empties_business_districts(
    catalog: Catalog, profile: str
) -> None:
    dates = _in_midweek(5, 1)
    estimates = _against_weeks_around(dates, 14, _units(profile), catalog)
    _assert_found(estimates, _planted_holiday(dates, profile, 240))


def test_the_evening_before_a_holiday_is_full_and_the_one_after_it_is_not(catalog: Catalog) -> None:
    units = _units("residential")
    _assert_found(_against_weeks_around(_in_midweek(4, 30), 20, units, catalog), 190)
    _assert_found(_against_weeks_around(_in_midweek(5, 2), 20, units, catalog), -60)


def test_a_day_that_is_no_holiday_is_like_the_weeks_around_it(catalog: Catalog) -> None:
    dates = _in_midweek(8, 3)
    for hour in (12, 18):
        _assert_is(_against_weeks_around(dates, hour, _units("residential"), catalog), 0)


def test_a_state_has_its_holiday_alone(catalog: Catalog) -> None:
    def difference(dates: Sequence[date]) -> Floats:
        gaucho, other = (
            _against_weeks_around(dates, 14, _units("residential", states), catalog)
            for states in ("RS", "SC PR")
        )
        return np.asarray(gaucho - other)

    dates = _in_midweek(9, 20)
    _assert_found(difference(dates), _planted_holiday(dates, "residential", 240))
    _assert_is(difference(_in_midweek(8, 28)), 0)


# --- campaigns ---------------------------------------------------------------------------------


def _of_campaign(name: str, catalog: Catalog, hour: int, states: str) -> Floats:
    """The level on each Wednesday of a campaign less that of a Wednesday before and after it."""
    (one,) = (campaign for campaign in load_campaigns(catalog) if campaign.name_en == name)
    years = range(one.first_year, 2090, one.every)
    middle = [date(year, *one.first) + timedelta(3) for year in years]
    middle = [day + timedelta((2 - day.weekday()) % 7) for day in middle]
    before, during, after = (
        _means([day + timedelta(shift) for day in middle], hour, _units("residential", states),
               catalog)
        for shift in (-14, 0, 14)
    )  # fmt: skip
    return np.asarray(during - (before + after) / 2)


def test_a_campaign_lifts_its_windows_in_its_states(catalog: Catalog) -> None:
    mullet = "Mullet week"
    _assert_found(_of_campaign(mullet, catalog, 12, "SC"), 140)
    _assert_is(_of_campaign(mullet, catalog, 12, "RS PR"), 0)
    _assert_is(_of_campaign(mullet, catalog, 14, "SC"), 0)


def test_a_campaign_runs_in_its_years_alone(catalog: Catalog) -> None:
    dates = [date(year, 7, 20) for year in range(2011, 2099, 2)]
    before, during, after = (
        _means([day + timedelta(shift) for day in dates], 12, _units("residential", "SC"), catalog)
        for shift in (-14, 0, 14)
    )
    _assert_is(during - (before + after) / 2, 0)


# --- units, growth and weather -----------------------------------------------------------------


def test_profiles_have_weekdays_of_their_own(catalog: Catalog) -> None:
    saturdays = [day for day in days(date(2026, 8, 1), 400)[::7] if _plain(day, catalog)]
    wednesdays = [day + timedelta(4) for day in saturdays]
    kept = [n for n, day in enumerate(wednesdays) if _plain(day, catalog)]

    def difference(profile: str) -> Floats:
        units = _units(profile)
        weekend, midweek = (
            _means([dates[n] for n in kept], 12, units, catalog)
            for dates in (saturdays, wednesdays)
        )
        return np.asarray(weekend - midweek)

    curves = load_profiles(catalog).weekday
    of = {name: curves[_place(name)] for name in ("business", "residential")}
    planted = (of["business"][5] - of["business"][2]) - (
        of["residential"][5] - of["residential"][2]
    )
    _assert_found(difference("business") - difference("residential"), planted)


def test_the_size_of_a_unit_moves_its_level_by_as_much(catalog: Catalog) -> None:
    units = _units("residential", most_size=180)
    dates = [day for day in days(date(2026, 3, 20), 40) if _plain(day, catalog)]
    level = _levels(dates, 14, units, catalog).mean(axis=0)
    size = traits_of(np.array(units, np.uint64), catalog).size
    from scipy import stats  # heavy

    line = stats.linregress(size, level)
    probability = 2 * stats.norm.sf(abs(line.slope - 1) / line.stderr)
    assert probability > ERROR_PROBABILITY, line.slope
    assert line.pvalue < ERROR_PROBABILITY


def test_the_chain_grows_slowly(catalog: Catalog) -> None:
    weeks = [days(date(2010, 3, 17), 28), days(date(2040, 3, 14), 28)]
    units = _units("residential")
    first, later = (_levels(dates, 14, units, catalog).mean(axis=0) for dates in weeks)
    assert weeks[0][0].weekday() == weeks[1][0].weekday()
    growth = later - first
    assert 50 < growth.mean() < 150


def _in_city(name: str, catalog: Catalog) -> tuple[int, ...]:
    numbers = np.arange(1, 8001, dtype=np.uint64)
    traits = traits_of(numbers, catalog)
    here = np.array([city.name == name for city in catalog.cities])[traits.city]
    return tuple(numbers[here & (abs(traits.size) <= 60)].tolist())


def _changes(units: Sequence[int], catalog: Catalog, later: int = 0, seed: int = SEED) -> Floats:
    """The lunch of a plain Wednesday, or `later` days after it, less that of a fortnight before."""
    wednesdays = [
        day
        for day in days(date(2010, 8, 4), 88 * 365)[::21]
        if all(
            _plain(day + timedelta(n), catalog) and not campaigns_on(day + timedelta(n), catalog)
            for n in (-14, -13, -9, 0, 1, 5)
        )
    ]
    dates = [day + timedelta(later) for day in wednesdays]
    before = [day - timedelta(14) for day in dates]
    return _means(dates, 12, units, catalog, seed) - _means(before, 12, units, catalog, seed)


# The variance of a uniform draw, times the sum of the squares of the days' weights.
_FRONT_VARIANCE, _LOCAL_VARIANCE = (most * (most + 1) / 3 * 39 / 64 for most in (90, 110))


@pytest.mark.thorough
def test_units_of_a_city_share_its_weather_and_those_of_a_state_its_fronts(
    catalog: Catalog,
) -> None:
    capital = _in_city("Curitiba", catalog)
    one, other = (_changes(units, catalog) for units in (capital[::2], capital[1::2]))
    _assert_found(one * other, 2 * (_FRONT_VARIANCE + _LOCAL_VARIANCE))
    _assert_found(one * _changes(_in_city("Londrina", catalog), catalog), 2 * _FRONT_VARIANCE)
    _assert_is(one * _changes(_in_city("Porto Alegre", catalog), catalog), 0)
    _assert_is(one * _changes(capital[1::2], catalog, seed=SEED + 1), 0)


@pytest.mark.thorough
def test_weather_lasts_a_few_days(catalog: Catalog) -> None:
    capital = _in_city("Curitiba", catalog)
    one = _changes(capital[::2], catalog)
    variance = 2 * (_FRONT_VARIANCE + _LOCAL_VARIANCE)
    _assert_found(one * _changes(capital[1::2], catalog, later=1), variance * 32 / 39)
    _assert_is(one * _changes(capital[1::2], catalog, later=5), 0)
