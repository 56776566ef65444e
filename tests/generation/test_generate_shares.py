"""Every share that the contract or the catalog claims, measured on the files that carry it.

Each chi-square fails for one seed in a million when the claim holds (`ERROR_PROBABILITY`); the seed
is fixed, so the outcome does not change from run to run.
"""

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from core.generation.catalog import FEES_CENTS, Catalog, load_catalog
from core.generation.cells import Cells, bulk_cells, window_cells
from core.generation.draws import Integers
from core.generation.orders import expected_rows, generate
from core.generation.rhythm.level import levels
from tests.support.samples import (
    ERROR_PROBABILITY,
    Sales,
    assert_independent,
    assert_shares,
    days,
    window_sales,
)

pytestmark = pytest.mark.thorough

SEED = 20260201
FIRST = date(2026, 2, 1)
UNITS = range(1, 301)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def sales(catalog: Catalog) -> Sales:
    """234 thousand orders with 700 thousand items."""
    return window_sales(catalog, days(FIRST, 40), UNITS, SEED)


def _counts(values: "pd.Series[Any]") -> dict[Any, int]:
    return {value: int(count) for value, count in values.value_counts().items()}


def _sizes(sales: Sales) -> Integers:
    """Items of each order, in the order of the orders."""
    sizes = sales.items.groupby("Id_Pedido", sort=False).size()
    return np.asarray(sizes.reindex(sales.orders.Id_Pedido), np.int64)


def test_status_is_85_10_5(sales: Sales) -> None:
    specified = {"Finalizado": 85, "Pendente": 10, "Cancelado": 5}
    assert_shares(_counts(sales.orders.Status), specified)


def test_quantities_are_mixed_as_the_catalog_says(catalog: Catalog, sales: Sales) -> None:
    specified = {int(value): weight for value, weight in catalog.mixes["quantity"].items()}
    assert_shares(_counts(sales.items.Qtd), specified)


def test_thirty_in_a_hundred_items_have_a_note_and_each_note_is_as_likely(
    catalog: Catalog, sales: Sales
) -> None:
    notes = Counter(_counts(sales.items.Observacao))
    empty = notes.pop("")
    assert_shares({"filled": notes.total(), "empty": empty}, catalog.mixes["note"])
    assert_shares(notes, dict.fromkeys(catalog.notes, 1))


def _assert_binomial(cells: Cells, catalog: Catalog) -> None:
    """Chi-square: orders above the least are binomial, with each cell's level as the chance."""
    made, _ = expected_rows(cells, SEED, catalog)
    least, most = (int(values[0]) for values in (cells.orders_min, cells.orders_max))
    chance, cells_of = np.unique(levels(cells, SEED, catalog), return_counts=True)
    choices = np.arange(most - least + 1)
    from scipy import stats  # heavy

    share = stats.binom.pmf(choices, most - least, chance[:, None] / 1000).T @ cells_of
    kept = np.flatnonzero(share >= 5)  # the ends of a wide range are rare: counted with the next
    weights = np.bincount(np.clip(choices, kept[0], kept[-1]), weights=share)
    counts = Counter(np.clip(made - least, kept[0], kept[-1]).tolist())
    assert_shares(counts, dict(enumerate(weights.tolist())))


def test_the_orders_of_a_window_follow_its_level(catalog: Catalog) -> None:
    for window in catalog.windows:
        _assert_binomial(window_cells(days(FIRST, 40), [window], UNITS), catalog)


@pytest.mark.parametrize("orders", [(10, 50), (0, 9), (1, 2)])
def test_the_orders_of_a_bulk_day_follow_its_level(
    catalog: Catalog, orders: tuple[int, int]
) -> None:
    _assert_binomial(bulk_cells(days(FIRST, 30), UNITS, *orders), catalog)


def test_dishes_have_their_time(catalog: Catalog, sales: Sales) -> None:
    family = {product.product_id: product.family for product in catalog.products}
    items = sales.items.assign(family=sales.items.Id_Produto.map(family))
    share = pd.crosstab(items.hour, items.family, normalize="index")
    early, dinner = share.loc[10], share.loc[18]
    assert early["bowl"] + early["juice"] > 3 * (dinner["bowl"] + dinner["juice"])
    assert dinner["soup"] + dinner["grill"] > 3 * (early["soup"] + early["grill"])


def test_every_step_of_the_fee_occurs_online(sales: Sales) -> None:
    online = sales.orders[sales.orders.Tipo_Pedido == "Loja Online"]
    cents = set((online.Taxa_Entrega * 100).round().astype(int))
    assert cents == set(FEES_CENTS)


def test_customers_of_each_tier_order_as_often_as_the_catalog_says(catalog: Catalog) -> None:
    cells = window_cells(days(FIRST, 40), catalog.windows, UNITS)
    orders, _ = generate(cells, SEED, catalog)
    numbers = orders.customer[orders.online]
    assert numbers.min() == 1
    bounds = np.cumsum([tier.customers for tier in catalog.customers])
    tiers = np.bincount(np.searchsorted(bounds, numbers), minlength=len(bounds))
    assert_shares(
        dict(enumerate(tiers.tolist())),
        {number: tier.share for number, tier in enumerate(catalog.customers)},
    )


# --- independence: no column tells about another that it should not ---------------------------


def test_columns_of_an_order_are_independent(sales: Sales) -> None:
    kind, status = sales.orders.Tipo_Pedido.to_numpy(str), sales.orders.Status.to_numpy(str)
    sizes = _sizes(sales)
    assert_independent(kind, status)
    assert_independent(status, sizes)
    assert_independent(status, sales.orders.unit.to_numpy() % 10)


def test_columns_of_an_item_are_independent(sales: Sales) -> None:
    items = sales.items
    quantity, filled = items.Qtd.to_numpy(), (items.Observacao != "").to_numpy()
    assert_independent(items.Id_Produto.to_numpy(), quantity)
    assert_independent(items.Id_Produto.to_numpy(), filled)
    assert_independent(quantity, filled)


def test_orders_and_items_tell_nothing_of_the_next(sales: Sales) -> None:
    status = sales.orders.Status.to_numpy(str)
    for column in (status, sales.items.Qtd.to_numpy()):
        assert_independent(column[:-1], column[1:])
    dinner = (sales.orders.hour == 18) & (sales.orders.Tipo_Pedido == "Loja Online")
    sizes = _sizes(sales)[dinner.to_numpy()]  # of orders with equal chances
    assert_independent(sizes[:-1], sizes[1:])


def _surprises(catalog: Catalog, seed: int) -> NDArray[np.float64]:
    """Orders less their mean by the level, in standard deviations, by date, window and unit."""
    dates = days(FIRST, 40)
    cells = window_cells(dates, catalog.windows, UNITS)
    counts, _ = expected_rows(cells, seed, catalog)
    least, chance = cells.orders_min.astype(float), levels(cells, seed, catalog) / 1000
    trials = cells.orders_max.astype(float) - least
    surprise: NDArray[np.float64] = counts - least - trials * chance
    surprise /= np.sqrt(trials * chance * (1 - chance))
    return surprise.reshape(len(dates), len(catalog.windows), len(UNITS))


def _assert_uncorrelated(one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    z = (one * other).sum() / np.sqrt(one.size)
    from scipy import stats  # heavy

    assert 2 * stats.norm.sf(abs(z)) > ERROR_PROBABILITY, z


def test_volumes_tell_nothing_of_the_next_window_day_unit_or_seed(catalog: Catalog) -> None:
    surprise = _surprises(catalog, SEED)
    for window in range(len(catalog.windows) - 1):
        _assert_uncorrelated(surprise[:, window], surprise[:, window + 1])
    _assert_uncorrelated(surprise[:-1], surprise[1:])
    _assert_uncorrelated(surprise[:-7], surprise[7:])
    _assert_uncorrelated(surprise[:, :, :-1], surprise[:, :, 1:])
    _assert_uncorrelated(surprise, _surprises(catalog, SEED + 1))


def test_seeds_tell_nothing_of_each_other(catalog: Catalog) -> None:
    cells = bulk_cells(days(FIRST, 40), UNITS, 5, 5)
    one, other = (generate(cells, seed, catalog)[0] for seed in (SEED, SEED + 1))
    assert_independent(one.status, other.status)
    assert_independent(one.online, other.online)
    assert_independent(one.items, other.items)
