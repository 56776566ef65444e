"""Customers come back at their own pace."""

import dataclasses
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from core.generation.catalog import Catalog, load_catalog
from core.generation.cells import BULK_HOUR, Cells, bulk_cells, window_cells
from core.generation.contents.rounds import load_rounds
from core.generation.orders import DEFAULT_SEED, generate
from tests.support.samples import assert_shares, days

pytestmark = pytest.mark.thorough

UNITS = range(1, 21)
MOST_Z = 4.9  # a score beyond it has a chance of one in a million


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module", params=["windows", "whole days"])
def cells(catalog: Catalog, request: pytest.FixtureRequest) -> Cells:
    dates = days(date(2026, 1, 1), 365)
    if request.param == "windows":
        return window_cells(dates, catalog.windows, UNITS)
    return bulk_cells(dates, UNITS, 10, 50)


def _visits(cells: Cells, catalog: Catalog) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Day, and unit with customer, of each online order."""
    orders, _ = generate(cells, DEFAULT_SEED, catalog)
    cell = orders.cell[orders.online]
    return cells.day[cell].astype(int), cells.unit[cell].astype(int) * 1000 + orders.customer[
        orders.online
    ]


def _variation(day: NDArray[np.int64], who: NDArray[np.int64]) -> float:
    """The mean, over customers, of the variance of the gaps over the square of their mean."""
    order = np.lexsort((day, who))
    gap, same = np.diff(day[order]), np.diff(who[order]) == 0
    _, person = np.unique(who[order][1:][same], return_inverse=True)
    count, total, squares = (
        np.bincount(person, weights=w) for w in (np.ones(same.sum()), gap[same], gap[same] ** 2)
    )
    kept = count > 10
    return float((squares[kept] * count[kept] / total[kept] ** 2 - 1).mean())


def test_gaps_of_regulars_are_more_regular_than_chance(catalog: Catalog, cells: Cells) -> None:
    """Chance: each order of the unit goes to one of its regulars, by lot."""
    day, who = _visits(cells, catalog)
    regular = who % 1000 <= catalog.customers[0].customers
    day, who = day[regular], who[regular]
    lots = np.random.default_rng(1)
    by_lot = [_variation(day, who - who % 1000 + lots.integers(1, 41, len(who))) for _ in range(20)]
    assert _variation(day, who) < np.mean(by_lot) - MOST_Z * np.std(by_lot)
    assert _variation(day, who) < 0.75 * np.mean(by_lot)


def test_a_regular_comes_back_after_three_to_ten_days(catalog: Catalog) -> None:
    day, who = _visits(window_cells(days(date(2026, 1, 1), 365), catalog.windows, UNITS), catalog)
    rounds = load_rounds(catalog)
    per_day = (
        365 * len(UNITS) / np.bincount(np.searchsorted(rounds.first, who % 1000, side="right") - 1)
    )
    pace = per_day * rounds.size
    assert 2.8 < pace[0] < pace[9] < 11
    assert (np.diff(pace) > -0.3).all()
    assert 20 < pace[10] < pace[16] < 60 < pace[17]
    same_day = np.unique(np.stack([day, who]), axis=1).shape[1]
    assert same_day > 0.995 * len(who)  # hardly two orders a day


def test_tiers_order_as_often_as_the_catalog_says(catalog: Catalog, cells: Cells) -> None:
    _, who = _visits(cells, catalog)
    number = who % 1000
    assert number.min() == 1
    bounds = np.cumsum([tier.customers for tier in catalog.customers])
    tiers = np.bincount(np.searchsorted(bounds, number), minlength=len(bounds))
    shares = {place: tier.share for place, tier in enumerate(catalog.customers)}
    assert_shares(dict(enumerate(tiers.tolist())), shares)


def test_each_customer_orders(catalog: Catalog) -> None:
    many = bulk_cells(days(date(2010, 1, 1), 20 * 365), [3], 24, 24)
    _, who = _visits(many, catalog)
    assert len(set(who.tolist())) == sum(tier.customers for tier in catalog.customers)


@pytest.mark.parametrize("hour", [18, BULK_HOUR])
@pytest.mark.parametrize("orders", [30, 60, 400, 3000])
def test_hardly_a_customer_orders_twice_a_day_while_the_round_has_others(
    catalog: Catalog, hour: int, orders: int
) -> None:
    whole_days = bulk_cells(days(date(2026, 1, 1), 10), UNITS[:4], orders, orders)
    cells = dataclasses.replace(whole_days, hour=np.full_like(whole_days.hour, hour))
    day, who = _visits(cells, catalog)
    rounds = load_rounds(catalog)
    size = rounds.size[np.searchsorted(rounds.first, who % 1000, side="right") - 1]
    turns = -(-(rounds.first_turn[hour] + orders) // len(rounds.size))
    visits = np.stack([day, who])[:, size >= turns]
    _, times = np.unique(visits, axis=1, return_counts=True)
    assert (times - 1).sum() < 0.05 * visits.shape[1]
    assert times.max() <= 2


def test_who_comes_seldom_does_not_come_back_the_next_day(catalog: Catalog, cells: Cells) -> None:
    day, who = _visits(cells, catalog)
    seldom = who % 1000 > catalog.customers[0].customers
    order = np.lexsort((day[seldom], who[seldom]))
    gap = np.diff(day[seldom][order])[np.diff(who[seldom][order]) == 0]
    assert len(gap) > 10_000
    assert (gap <= 1).mean() < 0.002
