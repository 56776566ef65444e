"""Numbers of orders that no calendar explains, and generated years that are all explained."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from core import pipeline
from core.bronze.reference_data import publish_reference
from core.generation.catalog import Catalog, load_catalog
from core.generation.cells import window_cells
from core.generation.csv_files import cell_files
from core.generation.orders import count_orders
from core.insight.anomalies.anomaly import Anomaly
from core.insight.anomalies.deviation import FALSE_ALARM, bound_of, deviations, find_extremes
from core.insight.anomalies.find import find_anomalies
from core.insight.anomalies.sales import Sales
from core.insight.anomalies.volume import find_out_of_range, find_unexplained
from core.insight.diagnostics.checks import State
from core.platform import Platform
from core.storage.object_names import SalesName, cell_prefix, sales_name
from core.storage.publish_parquet import publish_day
from tests.support.diagnosed import found
from tests.support.planted import always, edit, lines_of, name_of, publish, remove_unit
from tests.support.scenes import request

DAYS = [date(2026, 2, 2) + timedelta(days=n) for n in range(3)]
NOW = datetime(2026, 2, 5, 12, tzinfo=UTC)
LUNCH = "window_1214"


def sales_of(
    days: Sequence[date], units: Sequence[int], seed: int, catalog: Catalog
) -> list[Sales]:
    """Clean cells of all windows, by counts alone."""
    cells = window_cells(days, catalog.windows, units)
    counts = iter(count_orders(cells, seed, catalog).tolist())
    return [
        Sales(f"{day} {window.tag} {unit}", day, unit, window.start_hour,
              window.min_orders, window.max_orders, orders, orders, seed)
        for day in days for window in catalog.windows for unit in units
        for orders in [next(counts)]
    ]  # fmt: skip


def year_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def without(sales: Sequence[Sales], gone: Callable[[Sales], int]) -> list[Sales]:
    """The same cells with fewer orders, but none below its range."""
    lost = [(one, min(gone(one), one.came - one.least)) for one in sales]
    return [one._replace(came=one.came - n, loaded=one.loaded - n) for one, n in lost]


def kinds(found: Sequence[Anomaly]) -> set[tuple[str, str]]:
    return {(one.kind.value, one.object) for one in found}


@pytest.mark.parametrize(("year", "seed"), [(2024, 1), (2025, 2), (2026, 20260201), (2030, 9)])
def test_no_date_of_a_clean_year_of_fifty_units_is_an_anomaly(
    year: int, seed: int, catalog: Catalog
) -> None:
    """With a margin: the greatest deviation is far below the bound."""
    sales = sales_of(year_of(year), range(1, 51), seed, catalog)
    assert find_out_of_range(sales, catalog) == []
    assert find_unexplained(sales, catalog) == []


def test_the_bound_is_that_of_the_union_over_all_sums_of_a_year() -> None:
    sums = 51 * 366 * 367 // 2
    assert 2 * sums * math.exp(-(bound_of(50) ** 2) / 2) == pytest.approx(FALSE_ALARM)
    assert bound_of(50) == pytest.approx(6.38, abs=0.005)


@pytest.mark.parametrize(("trials", "chance"), [(9, 0.3), (63, 0.5), (63, 0.9), (450, 0.04)])
def test_a_deviation_is_passed_no_more_often_than_its_bound_says(
    trials: int, chance: float
) -> None:
    """Against the exact probabilities of a binomial draw, on either side."""
    exact = [
        math.comb(trials, n) * chance**n * (1 - chance) ** (trials - n) for n in range(trials + 1)
    ]
    numbers = np.arange(trials + 1, dtype=float)
    found = deviations(
        np.full_like(numbers, trials), np.full_like(numbers, trials * chance), numbers
    )
    assert (np.diff(found) > 0).all()
    for bound in (1.0, 2.0, 3.0, 4.0):
        limit = math.exp(-(bound**2) / 2)
        assert sum(p for p, z in zip(exact, found, strict=True) if z >= bound) <= limit
        assert sum(p for p, z in zip(exact, found, strict=True) if z <= -bound) <= limit


def test_the_lowest_and_highest_range_of_dates() -> None:
    trials = np.full(10, 100.0)
    low = np.array([50, 50, 50, 20, 25, 20, 50, 50, 50, 50], float)
    high = np.array([50, 50, 50, 50, 50, 50, 50, 50, 90, 50], float)
    lowest, highest = find_extremes(trials, trials / 2, low, high)
    assert (lowest.first, lowest.last) == (3, 5)
    assert (highest.first, highest.last) == (8, 8)
    assert lowest.deviation < -9 < 8 < highest.deviation


def test_a_slow_leak_of_a_unit_is_found_though_each_cell_is_in_its_range(catalog: Catalog) -> None:
    days = year_of(2026)[31:73]
    clean = sales_of(days, range(1, 11), 1, catalog)
    leaking = without(clean, lambda one: 2 if one.unit_id == 7 and one.day >= days[14] else 0)
    assert find_out_of_range(leaking, catalog) == []
    found = find_unexplained(leaking, catalog)
    folders = {one.object for one in found if one.object}
    assert {folder for folder in folders if "unit_007" not in folder} == set()
    assert {cell_prefix(day, 7, None) for day in days[14:]} <= folders
    assert {one.kind.value for one in found} == {"order_leak"}


def test_a_leak_of_the_chain_that_no_unit_shows(catalog: Catalog) -> None:
    days = year_of(2026)[31:38]
    clean = sales_of(days, range(1, 51), 1, catalog)
    leaking = without(clean, lambda one: int(one.hour == 18 and one.unit_id % 2))
    (leak,) = find_unexplained(leaking, catalog)
    assert (leak.kind.value, leak.object) == ("order_leak", "")
    assert str(leak.detail).startswith("The chain has")


def test_a_unit_that_always_sells_what_it_can_at_most(catalog: Catalog) -> None:
    days = year_of(2026)[150:181]
    clean = sales_of(days, range(1, 4), 1, catalog)
    busy = [
        one._replace(came=one.most, loaded=one.most) if one.unit_id == 2 else one for one in clean
    ]
    assert {kind for kind, _ in kinds(find_unexplained(busy, catalog))} == {"spike"}


@pytest.fixture
def sold(platform: Platform) -> Platform:
    """Three dates of three units."""
    publish(platform, DAYS, [1, 2, 3], NOW)
    return platform


def look(platform: Platform, now: datetime = NOW) -> set[tuple[str, str]]:
    """Kinds and objects of what is found once everything is loaded."""
    pipeline.ingest_pending(platform, NOW)
    return kinds(find_anomalies(platform, (DAYS[0], DAYS[-1]), now).found)


def find_after_load(platform: Platform) -> Sequence[Anomaly]:
    pipeline.ingest_pending(platform, NOW)
    return find_anomalies(platform, (DAYS[0], DAYS[-1]), NOW).found


def joined(fields: Sequence[str]) -> str:
    return ";".join(fields) + "\n"


def cut(platform: Platform, day: date, unit: int, tag: str, orders: int, believed: bool) -> None:
    """Only some orders of a cell come, with their items."""
    names = {kind: name_of(kind, day, unit, tag) for kind in ("orders", "order_items")}
    kept = {line.split(";")[1] for line in lines_of(platform, names["orders"])[:orders]}
    for kind, place in (("orders", 1), ("order_items", 0)):
        lines = [x for x in lines_of(platform, names[kind]) if x.split(";")[place] in kept]
        edit(platform, names[kind], always(lines), believed=believed)


def test_a_cell_with_fewer_orders_than_it_can_have(sold: Platform) -> None:
    cut(sold, DAYS[1], 2, LUNCH, 1, believed=True)
    assert look(sold) == {("order_leak", cell_prefix(DAYS[1], 2, None))}
    cut(sold, DAYS[1], 3, LUNCH, 1, believed=False)  # the reconciliation reports it
    assert look(sold) == {("order_leak", cell_prefix(DAYS[1], 2, None))}


def fill(platform: Platform, day: date, unit: int, orders: int) -> str:
    """A lunch has this number of orders; return the name of its orders object."""
    lunch = next(window for window in load_catalog().windows if window.tag == LUNCH)
    full = replace(lunch, min_orders=orders, max_orders=orders)
    (more,) = cell_files(window_cells([day], [full], [unit]), 1, load_catalog())
    name, items = (name_of(kind, day, unit, LUNCH) for kind in ("orders", "order_items"))
    for one, data in ((name, more.orders_csv), (items, more.items_csv)):
        edit(platform, one, always(data.decode().splitlines(keepends=True)[1:]))
    return name


def test_a_cell_with_more_orders_than_it_can_have(sold: Platform) -> None:
    name = fill(sold, DAYS[1], 1, 9)
    (spike,) = find_after_load(sold)
    assert (spike.kind.value, spike.object, spike.id) == ("spike", name, "")
    assert spike.detail == f"{name} has 9 orders; there are 3 to 5 in a unit."
    edit(sold, name, lambda lines: [line.replace(";Loja", ";Casa") for line in lines])
    assert look(sold) == set()  # quarantine has them


def test_what_a_spike_adds_is_reported_once(sold: Platform) -> None:
    names = [fill(sold, day, 1, 40) for day in DAYS]
    assert look(sold) == {("spike", name) for name in names}


def test_a_spike_is_seen_among_copies_of_another_window(sold: Platform) -> None:
    name = fill(sold, DAYS[1], 1, 9)
    copied = lines_of(sold, name_of("orders", DAYS[1], 1, "window_1012"))
    edit(sold, name, lambda lines: [*lines, *copied], believed=False)
    assert ("spike", name) in look(sold)


def test_all_windows_of_a_unit_are_filed_under_the_next_window(sold: Platform) -> None:
    windows = [window.tag for window in load_catalog().windows]
    for kind in ("orders", "order_items"):
        lines = [lines_of(sold, name_of(kind, DAYS[1], 2, tag)) for tag in windows]
        for tag, of_before in zip(windows, [[], *lines], strict=False):
            edit(sold, name_of(kind, DAYS[1], 2, tag), always(of_before))
    assert look(sold) == {("clock_skew", name_of("orders", DAYS[1], 2, tag)) for tag in windows}


def test_a_unit_of_which_nothing_came_for_a_date_that_is_over(sold: Platform) -> None:
    remove_unit(sold, DAYS[1], 3)
    remove_unit(sold, DAYS[2], 2)
    silent = ("unit_silent", cell_prefix(DAYS[1], 3, None))
    assert look(sold) == {silent, ("unit_silent", cell_prefix(DAYS[2], 2, None))}
    assert look(sold, datetime(2026, 2, 4, 12, tzinfo=UTC)) == {silent}
    finding = found(sold, "volume", NOW)
    assert finding.state is State.ATTENTION
    assert f"Nothing came from unit 3 on {DAYS[1]}." in finding.found
    remove_unit(sold, DAYS[1], 2)
    assert silent not in look(sold)  # it was made for one unit


def test_a_unit_that_a_manifest_names_is_not_silent_though_nothing_of_it_came(
    sold: Platform,
) -> None:
    names = [
        name_of(kind, DAYS[1], 3, window.tag)
        for kind in ("orders", "order_items") for window in load_catalog().windows
    ]  # fmt: skip
    sold.store.delete(*names)
    sold.warehouse.remove(sold.store.bucket, names)
    assert look(sold) == set()


def test_an_order_whose_row_alone_is_left_out_is_no_leak(sold: Platform) -> None:
    name = name_of("orders", DAYS[0], 1, "window_1012")
    edit(sold, name, always([]))
    assert {one.kind.value for one in find_after_load(sold)} == {"item_without_order"}


def test_whole_days_are_judged_by_the_range_of_their_request(platform: Platform) -> None:
    pipeline.upload(platform, request(units=(1, 2), dates=DAYS, day_orders=(20, 30)), NOW)
    assert look(platform) == set()
    name = sales_name(SalesName("orders", DAYS[0], 1, None))
    items = sales_name(SalesName("order_items", DAYS[0], 1, None))
    for one in (name, items):
        edit(platform, one, always([]))
    assert look(platform) == {("order_leak", cell_prefix(DAYS[0], 1, None))}


def test_days_in_parquet_are_skipped_and_that_is_said(platform: Platform) -> None:
    publish_day(platform.store, request(units=(1, 2), dates=DAYS[:1]), platform.catalog)
    publish_reference(platform.store, platform.catalog, 2)
    assert look(platform) == set()
    finding = found(platform, "volume", NOW)
    assert finding.state is State.FINE
    assert finding.found.endswith(f"no object of theirs names a unit: {DAYS[0]}.")
