"""The level of a cell: a sum of readable parts, the same whatever is computed with it."""

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.generation.catalog import DATA_FOLDER, MAX_UNIT, Catalog, Window, data_rows, load_catalog
from core.generation.cells import bulk_cells, window_cells
from core.generation.draws import binomial, mix
from core.generation.orders import DEFAULT_SEED, count_orders, expected_rows, generate
from core.generation.rhythm.campaigns import campaigns_on, load_campaigns
from core.generation.rhythm.curves import load_curves
from core.generation.rhythm.level import HIGHEST, LOWEST, level_of_parts, levels, parts_of
from core.generation.rhythm.profiles import load_profiles, profile_of
from core.generation.rhythm.season import season_of
from core.generation.windows import FIRST_DATE, LAST_DATE, MAX_SEED
from tests.support.samples import days

DATES = st.dates(FIRST_DATE, LAST_DATE)
UNITS = st.integers(1, MAX_UNIT)
SEEDS = st.integers(0, MAX_SEED)
WINDOWS = st.sampled_from(load_catalog().windows)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@settings(max_examples=60)
@given(SEEDS, DATES, WINDOWS, UNITS, st.lists(UNITS, max_size=4), st.lists(DATES, max_size=40))
def test_a_level_is_the_sum_of_its_parts_whatever_is_computed_with_it(
    seed: int, day: date, window: Window, unit: int, others: list[int], other_days: list[date]
) -> None:
    catalog = load_catalog()
    parts = parts_of(day, window, unit, seed, catalog)
    many = window_cells([*other_days, day], catalog.windows, [*others, unit])
    of_many = levels(many, seed, catalog).reshape(len(other_days) + 1, -1, len(others) + 1)
    level = of_many[-1, catalog.windows.index(window), -1]
    assert level == level_of_parts(parts)
    assert LOWEST <= level <= HIGHEST


@settings(max_examples=40)
@given(SEEDS, DATES, UNITS)
def test_a_whole_day_has_the_mean_level_of_its_windows(seed: int, day: date, unit: int) -> None:
    catalog = load_catalog()
    of_windows = levels(window_cells([day], catalog.windows, [unit]), seed, catalog)
    ranges = [window.max_orders - window.min_orders for window in catalog.windows]
    (level,) = levels(bulk_cells([day], [unit], 10, 50), seed, catalog)
    assert level == int(of_windows @ ranges) // sum(ranges)


def test_no_cells_have_no_levels_and_no_orders(catalog: Catalog) -> None:
    assert levels(window_cells([], catalog.windows, [1]), 1, catalog).tolist() == []
    orders, items = generate(window_cells([], catalog.windows, [1]), DEFAULT_SEED, catalog)
    assert (len(orders), len(items)) == (0, 0)


def test_the_seed_moves_the_weather_alone(catalog: Catalog) -> None:
    window = catalog.windows[4]
    one, other = (parts_of(date(2026, 2, 1), window, 7, seed, catalog) for seed in (1, 2))
    assert {name for name in one if one[name] != other[name]} == {"weather"}


# --- draws -------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 1000)), min_size=1, max_size=20))
def test_a_binomial_draw_stays_in_its_range_and_depends_on_its_stream_alone(
    draws: list[tuple[int, int]],
) -> None:
    trials, chance = (np.array(column) for column in zip(*draws, strict=True))
    base = mix(np.arange(len(draws), dtype=np.uint64))
    drawn = binomial(base, trials, chance)
    assert ((drawn >= 0) & (drawn <= trials)).all()
    assert (drawn[chance == 0] == 0).all()
    assert (drawn[chance == 1000] == trials[chance == 1000]).all()
    alone = [binomial(base[n : n + 1], trials[n : n + 1], chance[n : n + 1])[0] for n in range(20)
             if n < len(draws)]  # fmt: skip
    assert alone == drawn.tolist()


def test_a_count_is_what_is_expected(catalog: Catalog) -> None:
    cells = window_cells(days(date(2026, 2, 1), 3), catalog.windows, range(1, 20))
    orders, _ = expected_rows(cells, 5, catalog)
    assert count_orders(cells, 5, catalog).tolist() == orders.tolist()


# --- every day of the platform -----------------------------------------------------------------


@pytest.mark.thorough
def test_each_day_of_ninety_years_of_50_units_is_within_the_range_of_the_guide(
    catalog: Catalog,
) -> None:
    """The range allows no other day; the rhythm keeps away from its ends."""
    means = []
    for year in range(FIRST_DATE.year, LAST_DATE.year + 1):
        dates = days(date(year, 1, 1), 365 + (date(year, 12, 31).timetuple().tm_yday == 366))
        cells = window_cells(dates, catalog.windows, range(1, 51))
        orders = count_orders(cells, DEFAULT_SEED, catalog).reshape(len(dates), -1).sum(axis=1)
        assert orders.min() >= 760
        assert orders.max() <= 1180
        means.append(orders.mean())
    assert len(means) == 90
    assert min(means) > 930
    assert max(means) < 1030


# --- the data files ----------------------------------------------------------------------------


def test_whole_days_weigh_each_window_by_its_range(catalog: Catalog) -> None:
    ranges = [window.max_orders - window.min_orders for window in catalog.windows]
    assert load_curves(catalog).whole_day.tolist() == ranges


def test_curves_move_no_mean(catalog: Catalog) -> None:
    """Each curve is zero on average, so that base, size and growth alone say how much is sold."""
    curves, profiles = load_curves(catalog), load_profiles(catalog)
    for curve in (curves.weekday, curves.season, profiles.weekday.T, profiles.season.T):
        assert curve.sum(axis=0).tolist() == [0] * curve.shape[1]


def test_each_city_has_its_profiles(catalog: Catalog) -> None:
    rows = {row.pop("city"): row for row in data_rows(catalog.folder, "city_profiles.csv")}
    assert list(rows) == [city.name for city in catalog.cities]
    for row in rows.values():
        assert sum(int(weight) for weight in row.values()) == 100
    curitiba, beach = (
        {profile_of(unit, catalog) for unit in range(1, 1000)
         if catalog.cities[catalog.unit(unit).city_index].name == name}
        for name in ("Curitiba", "Balneário Camboriú")
    )  # fmt: skip
    assert "beach" not in curitiba
    assert "beach" in beach


def test_campaigns_name_what_the_catalog_has(catalog: Catalog) -> None:
    hours = {window.start_hour for window in catalog.windows}
    for campaign in load_campaigns(catalog):
        assert set(campaign.windows) <= hours
        assert set(campaign.states) <= set(catalog.states)
        assert campaign.family in ("", *catalog.appetite)
        assert campaign.first <= campaign.last
    lengths = [len(campaigns_on(day, catalog)) for day in days(date(2026, 1, 1), 365)]
    assert max(lengths) <= 2
    assert 0.2 < np.mean(np.array(lengths) > 0) < 0.5


@pytest.mark.parametrize(
    ("day", "season"),
    [("2026-01-01", "summer"), ("2026-03-19", "summer"), ("2026-03-20", "autumn"),
     ("2026-06-21", "winter"), ("2026-09-22", "spring"), ("2026-12-20", "spring"),
     ("2026-12-21", "summer")],
)  # fmt: skip
def test_seasons_are_those_of_the_south(day: str, season: str) -> None:
    assert season_of(date.fromisoformat(day)) == season


def test_campaigns_come_back_by_rule(catalog: Catalog) -> None:
    def names(day: str) -> list[str]:
        return [campaign.name_en for campaign in campaigns_on(date.fromisoformat(day), catalog)]

    assert names("2026-01-08") == names("2099-02-08") == ["Summer juices"]
    assert names("2026-02-09") == []
    assert names("2026-07-20") == ["Mullet week"]
    assert names("2027-07-20") == []  # every other year
    assert names("2026-10-06") == ["Salad Tuesdays"]
    assert names("2026-10-07") == []
    assert names("2011-10-04") == []  # before its first year


def test_a_campaign_over_new_year_belongs_to_the_year_in_which_it_began(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    with (folder / "campaigns.csv").open("a", encoding="utf-8") as file:
        file.write("Virada,New Year,12-20,01-05,2030,2,,,,90,juice,150\n")
    catalog = load_catalog(folder)

    def runs(day: str) -> bool:
        on = campaigns_on(date.fromisoformat(day), catalog)
        return "New Year" in {campaign.name_en for campaign in on}

    assert not runs("2030-01-03")  # of the campaign of 2029, before the first year
    assert not runs("2030-12-19")
    assert runs("2030-12-20")
    assert runs("2031-01-05")
    assert not runs("2031-01-06")
    assert not runs("2031-12-25")  # every other year
    assert runs("2033-01-01")
