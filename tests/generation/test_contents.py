"""What orders contain follows the season, the window, the weather and campaigns, as planted.

A z-score beyond `MOST_Z` has a chance of one in a million where nothing is wrong; the seed is
fixed, so the outcome does not change from run to run.
"""

from collections import Counter
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from core.generation.catalog import Catalog, load_catalog
from core.generation.cells import Cells, bulk_cells, window_cells
from core.generation.contents.baskets import size_chances
from core.generation.contents.channels import online_chances
from core.generation.contents.menus import menu_chances, menu_keys, menu_weights
from core.generation.orders import DEFAULT_SEED, Orders, generate
from core.generation.rhythm.level import levels
from core.generation.rhythm.profiles import traits_of
from core.generation.rhythm.weather import weather
from tests.support.samples import assert_independent, assert_shares, days

pytestmark = pytest.mark.thorough

MOST_Z = 4.9
UNITS = range(1, 51)
YEARS = (2010, 2018, 2026, 2050, 2099)
Of = tuple[Cells, Orders, NDArray[np.int64]]  # cells, their orders, and each item's product


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def winter(catalog: Catalog) -> Of:
    """120 thousand orders of June to August."""
    return _made(window_cells(days(date(2026, 6, 1), 92), catalog.windows, range(1, 71)), catalog)


@pytest.fixture(scope="module")
def summer(catalog: Catalog) -> Of:
    """As many orders of December to February."""
    return _made(window_cells(days(date(2025, 12, 1), 90), catalog.windows, range(1, 71)), catalog)


def _made(cells: Cells, catalog: Catalog) -> Of:
    orders, items = generate(cells, DEFAULT_SEED, catalog)
    return cells, orders, items.product.astype(np.int64)


def _year(year: int, catalog: Catalog, bulk: bool) -> Cells:
    dates = days(date(year, 1, 1), 365)
    if bulk:
        return bulk_cells(dates, UNITS, 10, 50)
    return window_cells(dates, catalog.windows, UNITS)


def _expected_orders(cells: Cells, catalog: Catalog) -> NDArray[np.float64]:
    least, most = cells.orders_min.astype(int), cells.orders_max.astype(int)
    mean: NDArray[np.float64] = least + (most - least) * levels(cells, DEFAULT_SEED, catalog) / 1000
    return mean


def _assert_as_likely(hits: NDArray[np.bool_], chances: NDArray[np.float64]) -> None:
    deviation = np.sqrt((chances * (1 - chances)).sum())
    assert abs(hits.sum() - chances.sum()) < MOST_Z * deviation


# --- online and in store --------------------------------------------------------------------------


@pytest.mark.parametrize("bulk", [False, True])
def test_sixty_in_a_hundred_orders_of_a_year_are_online(catalog: Catalog, bulk: bool) -> None:
    shares = []
    for year in YEARS:
        cells = _year(year, catalog, bulk)
        chance = online_chances(cells, DEFAULT_SEED, catalog) / 10
        shares.append(np.average(chance, weights=_expected_orders(cells, catalog)))
        assert shares[-1] == pytest.approx(60, abs=0.5)
    assert np.mean(shares) == pytest.approx(60, abs=0.4 if bulk else 0.25)


def test_orders_are_online_as_often_as_their_chances_say(catalog: Catalog, winter: Of) -> None:
    cells, orders, _ = winter
    chance = online_chances(cells, DEFAULT_SEED, catalog)[orders.cell] / 1000
    hour = cells.hour[orders.cell]
    for window in catalog.windows:
        of_window = hour == window.start_hour
        _assert_as_likely(orders.online[of_window], chance[of_window])
    rest = (orders.online - chance) / np.sqrt(chance * (1 - chance))
    assert abs((rest[1:] * rest[:-1]).mean()) * np.sqrt(len(rest)) < MOST_Z  # no more is known


@pytest.mark.parametrize(("season", "least"), [("winter", 0.06), ("summer", 0.01)])
def test_bad_weather_brings_deliveries_most_on_winter_evenings(
    catalog: Catalog, season: str, least: float, request: pytest.FixtureRequest
) -> None:
    cells, orders, _ = request.getfixturevalue(season)
    evening = cells.hour >= 18
    city = traits_of(cells.unit, catalog).city
    noise = weather(cells.day, city, DEFAULT_SEED, catalog)
    bad, good = (evening & (noise < -40))[orders.cell], (evening & (noise > 40))[orders.cell]
    gain = orders.online[bad].mean() - orders.online[good].mean()
    assert gain > least + MOST_Z * np.sqrt(0.25 / bad.sum() + 0.25 / good.sum())
    either = bad | good
    assert_independent(bad[either], orders.status[either])  # nothing was planted there


# --- whole days and windows -----------------------------------------------------------------------


def _expected_shares(cells: Cells, catalog: Catalog) -> dict[str, NDArray[np.float64]]:
    """Shares of kinds of order and sizes among orders, of families among items, in per mille."""
    online = online_chances(cells, DEFAULT_SEED, catalog) / 1000
    kinds = _expected_orders(cells, catalog)[:, None] * np.stack([1 - online, online], axis=1)
    sizes = kinds[:, :, None] * size_chances(cells.hour.astype(int), catalog) / 100
    items = sizes.sum(axis=1) @ np.arange(1, sizes.shape[-1] + 1)
    menus, menu = np.unique(menu_keys(cells, catalog), return_inverse=True)
    products = np.bincount(menu, items) @ [menu_chances(one, catalog) for one in menus.tolist()]
    of_family = np.array([
        [product.family == family for product in catalog.products] for family in catalog.appetite
    ])  # fmt: skip
    counts = {
        "online": sizes.sum(axis=(0, 2)), "sizes": sizes.sum(axis=(0, 1)),
        "families": of_family @ products,
    }  # fmt: skip
    return {name: 1000 * count / count.sum() for name, count in counts.items()}


def test_a_year_of_whole_days_has_the_shares_of_its_windows(catalog: Catalog) -> None:
    dates = days(date(2026, 1, 1), 365)
    windows = window_cells(dates, catalog.windows, UNITS)
    whole_days = bulk_cells(dates, UNITS, 15, 24)
    assert _expected_orders(whole_days, catalog).sum() == pytest.approx(
        _expected_orders(windows, catalog).sum(), rel=0.001
    )
    expected, found = (_expected_shares(cells, catalog) for cells in (windows, whole_days))
    for name, most in {"online": 2, "sizes": 5, "families": 2}.items():
        assert found[name] == pytest.approx(expected[name], abs=most), name


@pytest.mark.parametrize("month", [1, 4, 7, 10])
def test_a_month_of_whole_days_has_about_the_shares_of_its_windows(
    catalog: Catalog, month: int
) -> None:
    dates = days(date(2026, month, 1), 28)
    windows = window_cells(dates, catalog.windows, UNITS)
    whole_days = bulk_cells(dates, UNITS, 15, 24)
    expected, found = (_expected_shares(cells, catalog) for cells in (windows, whole_days))
    for name, most in {"online": 5, "sizes": 8, "families": 15}.items():
        assert found[name] == pytest.approx(expected[name], abs=most), name


# --- baskets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("bulk", [False, True])
def test_sizes_of_a_years_orders_are_the_catalogs_mix(catalog: Catalog, bulk: bool) -> None:
    specified = list(catalog.mixes["items"].values())
    for year in YEARS:
        cells = _year(year, catalog, bulk)
        online = online_chances(cells, DEFAULT_SEED, catalog)[:, None] / 1000
        in_store, delivered = np.moveaxis(size_chances(cells.hour.astype(int), catalog), 1, 0)
        chances = online * delivered + (1 - online) * in_store
        mix = np.average(chances, axis=0, weights=_expected_orders(cells, catalog))
        assert mix == pytest.approx(specified, abs=0.8)


def test_sizes_follow_the_kind_of_order_and_the_window(catalog: Catalog, winter: Of) -> None:
    cells, orders, _ = winter
    hour = cells.hour[orders.cell]
    means = {}
    for window in catalog.windows:
        specified = size_chances(np.array([window.start_hour]), catalog)[0]
        for online in (False, True):
            sizes = orders.items[(hour == window.start_hour) & (orders.online == online)]
            assert_shares(Counter(sizes.tolist()), dict(enumerate(specified[int(online)], start=1)))
            means[window.start_hour, online] = sizes.mean()
    assert means[18, True] > means[10, True] + 1  # a family dinner and a morning juice
    assert means[18, True] > means[18, False]


# --- dishes ---------------------------------------------------------------------------------------


def _assert_menus(made: Of, of_cells: NDArray[np.bool_], catalog: Catalog) -> None:
    cells, orders, product = made
    menus = menu_keys(cells, catalog)[orders.cell]
    of_item = np.repeat(menus, orders.items)
    kept = np.repeat(of_cells[orders.cell], orders.items)
    expected = np.zeros(len(catalog.products))
    for menu, count in Counter(of_item[kept].tolist()).items():
        weights = np.array(menu_weights(menu, catalog), float)
        expected += count * weights / weights.sum()
    assert_shares(Counter(product[kept].tolist()), dict(enumerate(expected.tolist())))


def test_each_window_sells_each_product_as_its_menus_say(
    catalog: Catalog, winter: Of, summer: Of
) -> None:
    for made in (winter, summer):
        for window in catalog.windows:
            _assert_menus(made, made[0].hour == window.start_hour, catalog)


def test_a_whole_day_sells_each_product_as_its_menu_says(catalog: Catalog) -> None:
    cells = bulk_cells(days(date(2026, 2, 1), 10), UNITS, 10, 50)
    _assert_menus(_made(cells, catalog), np.full(len(cells), True), catalog)


def _share(made: Of, family: str, catalog: Catalog) -> float:
    of_family = [product.family == family for product in catalog.products]
    return float(np.array(of_family)[made[2]].mean())


def test_soups_have_their_winter_and_juices_and_salads_their_summer(
    catalog: Catalog, winter: Of, summer: Of
) -> None:
    assert _share(winter, "soup", catalog) > 1.8 * _share(summer, "soup", catalog)
    for family in ("juice", "salad"):
        assert _share(summer, family, catalog) > 1.3 * _share(winter, family, catalog)


def _weights(cells: Cells, family: str, catalog: Catalog) -> list[float]:
    """The family's share in the menu of each cell."""
    shares = []
    for menu in menu_keys(cells, catalog).tolist():
        weights = menu_weights(menu, catalog)
        of_family = sum(
            weight
            for product, weight in zip(catalog.products, weights, strict=True)
            if product.family == family
        )
        shares.append(of_family / sum(weights))
    return shares


def test_a_campaign_moves_its_family_where_and_when_it_runs(catalog: Catalog) -> None:
    """The mullet week: lunch and dinner of units in Santa Catarina, in even years."""
    lunch, afternoon = catalog.windows[1:3]
    units = [1, 2]  # of Rio Grande do Sul, of Santa Catarina
    assert [catalog.unit(unit).state_id for unit in units] == [1, 2]
    week, other = date(2026, 7, 20), date(2027, 7, 20)

    def grill(cells: Cells) -> list[float]:
        return _weights(cells, "grill", catalog)

    elsewhere, there = grill(window_cells([week], [lunch], units))
    assert grill(window_cells([other], [lunch], units)) == [elsewhere, elsewhere]
    odds = there / (1 - there) / (elsewhere / (1 - elsewhere))
    assert odds == pytest.approx(1.6)
    assert len(set(grill(window_cells([week], [afternoon], units)))) == 1
    whole = grill(bulk_cells([week], units, 10, 50))
    assert whole[0] < whole[1]  # a whole day has some of it
