"""A cell is a pure function of seed, date, window and unit, and stays what it is as the business
grows."""

import csv
import dataclasses
import itertools
import multiprocessing
import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.generation import csv_files
from core.generation.catalog import DATA_FOLDER, MAX_UNIT, Catalog, Product, Window, load_catalog
from core.generation.cells import MAX_ORDERS, Cells, bulk_cells, window_cells
from core.generation.contents.menus import menu_keys, menu_weights
from core.generation.orders import expected_rows, generate
from core.generation.windows import FIRST_DATE, LAST_DATE, MAX_SEED
from tests.support.samples import days, digest, files_of

DATES = st.dates(FIRST_DATE, LAST_DATE)
UNITS = st.integers(1, MAX_UNIT)
SEEDS = st.integers(0, MAX_SEED)
WINDOWS = st.sampled_from(load_catalog().windows)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def _some_cells(catalog: Catalog) -> Cells:
    """350 cells: two dates, all windows, 25 units that are near and far."""
    return window_cells(
        [date(2026, 2, 1), date(2031, 12, 31)],
        catalog.windows,
        [*range(1, 21), 50, 51, 1000, 99_999, MAX_UNIT],
    )


def _take(cells: Cells, which: list[int]) -> Cells:
    return Cells(*(getattr(cells, field.name)[which] for field in dataclasses.fields(Cells)))


# --- the same cell, the same bytes -----------------------------------------------------------


@settings(max_examples=60)
@given(SEEDS, DATES, WINDOWS, UNITS, st.lists(UNITS, max_size=5), DATES)
def test_a_cell_is_the_same_whatever_is_made_with_it(
    seed: int, day: date, window: Window, unit: int, others: list[int], other_day: date
) -> None:
    catalog = load_catalog()
    alone = files_of(window_cells([day], [window], [unit]), seed, catalog)
    units = [*others, unit]
    cells = window_cells([other_day, day], catalog.windows, units)
    at = (len(catalog.windows) + catalog.windows.index(window)) * len(units) + len(others)
    assert files_of(cells, seed, catalog)[at] == alone[0]


@settings(max_examples=30)
@given(SEEDS, DATES, UNITS, st.integers(0, 60), st.integers(0, 60), DATES, UNITS)
def test_a_bulk_cell_is_the_same_whatever_is_made_with_it(
    seed: int, day: date, unit: int, fewest: int, more: int, other_day: date, other: int
) -> None:
    catalog = load_catalog()
    orders = (fewest, fewest + more)
    alone = files_of(bulk_cells([day], [unit], *orders), seed, catalog)
    many = files_of(bulk_cells([other_day, day], [other, unit], *orders), seed, catalog)
    assert many[3] == alone[0]


def test_cells_come_out_the_same_in_any_order_and_in_parts(catalog: Catalog) -> None:
    cells = _some_cells(catalog)
    whole = digest(cells, 42, catalog)
    order = list(range(len(cells)))
    random.Random(0).shuffle(order)  # noqa: S311 - any order will do
    assert digest(_take(cells, order), 42, catalog) == [whole[i] for i in order]
    cuts = [0, 1, 2, 50, 133, len(cells)]
    parts = [cells.part(start, stop) for start, stop in itertools.pairwise(cuts)]
    assert [text for part in parts for text in digest(part, 42, catalog)] == whole


@pytest.mark.parametrize("rows", [4, 100, 1_000, 10_000_000])
def test_the_size_of_blocks_does_not_matter(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    cells = _some_cells(catalog)
    usual = digest(cells, 42, catalog)
    monkeypatch.setattr(csv_files, "BLOCK_ROWS", rows)
    assert digest(cells, 42, catalog) == usual


def _digest_in_process(part: tuple[int, int]) -> list[str]:
    catalog = load_catalog()
    return digest(_some_cells(catalog).part(*part), 42, catalog)


@pytest.mark.processes
def test_processes_make_the_same_bytes(catalog: Catalog) -> None:
    whole = digest(_some_cells(catalog), 42, catalog)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        halves = pool.map(_digest_in_process, [(0, 170), (170, len(whole))], chunksize=1)
    assert halves[0] + halves[1] == whole


def test_each_coordinate_changes_the_data(catalog: Catalog) -> None:
    day, lunch, dinner = date(2026, 2, 1), catalog.windows[1], catalog.windows[4]
    calls = [
        (window_cells([day], [lunch], [1]), 1),
        (window_cells([day], [lunch], [1]), 2),
        (window_cells([date(2026, 2, 2)], [lunch], [1]), 1),
        (window_cells([day], [dinner], [1]), 1),
        (window_cells([day], [lunch], [2]), 1),
        (bulk_cells([day], [1], 3, 5), 1),
    ]
    assert len({digest(cells, seed, catalog)[0] for cells, seed in calls}) == len(calls)


# --- volumes and values ----------------------------------------------------------------------


@settings(max_examples=40)
@given(SEEDS, DATES, UNITS)
def test_rows_and_values_are_those_of_the_contract(seed: int, day: date, unit: int) -> None:
    catalog = load_catalog()
    cells = window_cells([day], catalog.windows, [unit])
    orders, items = generate(cells, seed, catalog)
    orders_of = np.bincount(orders.cell, minlength=len(cells))
    for window, count in zip(catalog.windows, orders_of.tolist(), strict=True):
        assert window.min_orders <= count <= window.max_orders
    assert 15 <= len(orders) <= 24
    items_of = np.bincount(items.order, minlength=len(orders))
    assert items_of.tolist() == orders.items.tolist()
    assert set(items_of.tolist()) <= {1, 2, 3, 4, 5}
    assert set(items.quantity.tolist()) <= {1, 2, 3}
    assert ((orders.fee_cents >= 500) & (orders.fee_cents <= 2500))[orders.online].all()
    assert not orders.fee_cents[~orders.online].any()


@settings(max_examples=40)
@given(SEEDS, DATES, UNITS, st.integers(0, 40), st.integers(0, 40))
def test_expected_rows_are_the_rows_that_are_made(
    seed: int, day: date, unit: int, fewest: int, more: int
) -> None:
    catalog = load_catalog()
    for cells in (
        window_cells([day], catalog.windows, [unit]),
        bulk_cells([day], [unit, 7], fewest, fewest + more),
    ):
        orders, items = expected_rows(cells, seed, catalog)
        made = list(csv_files.cell_files(cells, seed, catalog))
        assert [file.orders for file in made] == orders.tolist()
        assert [file.items for file in made] == items.tolist()


def test_every_number_of_orders_of_a_window_occurs(catalog: Catalog) -> None:
    cells = window_cells(days(date(2026, 2, 1), 20), catalog.windows, range(1, 11))
    orders, _ = expected_rows(cells, 5, catalog)
    for window in catalog.windows:
        seen = set(orders[cells.hour == window.start_hour].tolist())
        assert seen == set(range(window.min_orders, window.max_orders + 1))


def test_bulk_orders_of_a_day_reach_both_ends(catalog: Catalog) -> None:
    cells = bulk_cells(days(date(2026, 2, 1), 30), range(1, 51), 10, 50)
    orders, _ = expected_rows(cells, 5, catalog)
    assert (orders.min(), orders.max()) == (10, 50)


def test_a_day_of_the_most_orders_can_be_made(catalog: Catalog) -> None:
    cells = bulk_cells([date(2026, 2, 1)], [1], MAX_ORDERS, MAX_ORDERS)
    (file,) = csv_files.cell_files(cells, 5, catalog)
    assert file.orders == MAX_ORDERS
    ids = [line.split(b";")[1] for line in file.orders_csv.splitlines()[1:]]
    assert len(set(ids)) == MAX_ORDERS


def test_a_fixed_number_of_orders_a_day_is_kept(catalog: Catalog) -> None:
    orders, _ = expected_rows(bulk_cells([date(2026, 2, 1)], range(1, 101), 7, 7), 5, catalog)
    assert set(orders.tolist()) == {7}


def test_no_orders_are_no_rows(catalog: Catalog) -> None:
    orders, items = generate(bulk_cells([date(2026, 2, 1)], [1, 2], 0, 0), 5, catalog)
    assert (len(orders), len(items)) == (0, 0)


# --- stable in time --------------------------------------------------------------------------


@pytest.fixture
def grown(tmp_path: Path) -> Iterator[Path]:
    """A copy of the business's data files, to grow."""
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    yield folder
    load_catalog.cache_clear()


def _append(path: Path, *rows: tuple[object, ...]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _everything(catalog: Catalog, windows: int = 7) -> list[list[str]]:
    """Digests of window and bulk data before 2027, for the first windows of the catalog."""
    dates = [date(2010, 1, 1), date(2026, 2, 1), date(2026, 12, 31)]
    units = [1, 7, 50, 51, 99_999]
    return [
        digest(cells, seed, catalog)
        for seed in (0, 42)
        for cells in (
            window_cells(dates, catalog.windows[:windows], units),
            bulk_cells(dates, units, 10, 50),
        )
    ]


@pytest.mark.parametrize("bulk", [False, True])
def test_opening_unit_51_moves_no_byte(catalog: Catalog, bulk: bool) -> None:
    dates = days(date(2026, 2, 1), 2)

    def cells(units: int) -> Cells:
        numbers = range(1, units + 1)
        if bulk:
            return bulk_cells(dates, numbers, 10, 50)
        return window_cells(dates, catalog.windows, numbers)

    more = cells(51)
    kept = [
        text for text, unit in zip(digest(more, 42, catalog), more.unit, strict=True) if unit != 51
    ]
    assert kept == digest(cells(50), 42, catalog)


def test_a_new_window_moves_no_byte(catalog: Catalog, grown: Path) -> None:
    _append(grown / "windows.csv", (8, 10, "Breakfast", 2, 9))
    lines = (grown / "appetite.csv").read_text(encoding="utf-8").splitlines()
    wider = [lines[0] + ",8", *(f"{line},5" for line in lines[1:])]
    (grown / "appetite.csv").write_text("\n".join(wider) + "\n", encoding="utf-8")
    bigger = load_catalog(grown)
    assert [window.tag for window in bigger.windows][-1] == "window_0810"
    assert _everything(bigger) == _everything(catalog)
    breakfast = window_cells([date(2026, 2, 1)], bigger.windows[-1:], [1])
    (file,) = csv_files.cell_files(breakfast, 42, bigger)
    assert 2 <= file.orders <= 9


def test_a_new_family_moves_no_byte_of_earlier_dates(catalog: Catalog, grown: Path) -> None:
    _append(grown / "products.csv", (31, "Pizza Integral", "pizza", 4490, 90, "2027-01-01"))
    _append(grown / "appetite.csv", ("pizza", 1, 2, 3, 4, 9, 9, 9))
    bigger = load_catalog(grown)
    assert _everything(bigger) == _everything(catalog)
    later = window_cells(days(date(2027, 1, 1), 2), bigger.windows, range(1, 51))
    _, items = generate(later, 42, bigger)
    assert (items.product == 30).sum() > 100  # it sells from its first date on


def test_a_dish_off_the_menu_is_not_sold(catalog: Catalog) -> None:
    pizza = Product(31, "Pizza", "grill", 4490, 90, date(2027, 1, 1))
    bigger = dataclasses.replace(catalog, products=(*catalog.products, pizza))
    dates = [date(2026, 12, 31), date(2027, 1, 1)]
    for cells in (
        *(window_cells(dates, [window], [1]) for window in catalog.windows),
        bulk_cells(dates, [1], 1, 1),
    ):
        before, after = (menu_weights(menu, bigger)[-1] for menu in menu_keys(cells, bigger))
        assert before == 0 < after
