"""Orders in Bronze by window, for each kind of object, on both sides."""

from collections import Counter
from datetime import date, timedelta

import pytest

from core import pipeline
from core.generation.catalog import load_catalog
from core.insight import gold
from core.insight.bronze_windows import WindowOrders, mean_by_weekday, orders_by_window
from core.platform import Platform
from core.storage.publish import Request
from core.storage.publish_parquet import publish_day
from tests.support.scenes import DAY, NOW, request, rows

pytestmark = [pytest.mark.both_sides]
BULK_DAY, PARQUET_DAY = DAY - timedelta(days=1), DAY - timedelta(days=2)


def upload(platform: Platform, made: Request) -> None:
    pipeline.upload(platform, made, NOW)


def test_each_order_counts_for_its_window_whatever_width_the_unit_has(platform: Platform) -> None:
    assert orders_by_window(platform.warehouse, DAY, DAY) == []
    upload(platform, request("window_1214", "window_2224", units=(7, 1250)))
    upload(platform, request(dates=(BULK_DAY,)))
    publish_day(platform.store, request(dates=(PARQUET_DAY,)), platform.catalog)
    pipeline.ingest_pending(platform, NOW)
    found = orders_by_window(platform.warehouse, PARQUET_DAY, DAY)
    counted: Counter[tuple[date, str | None]] = Counter()
    tags = [window.tag for window in load_catalog().windows]
    for row in rows(platform, "SELECT data_pedido AS day, _source_file AS name FROM bronze.orders"):
        counted[row["day"], next((tag for tag in tags if tag in row["name"]), None)] += 1
    assert {(one.day, one.window_tag): one.orders for one in found} == counted
    assert [(one.day, one.window_tag) for one in found] == [
        (PARQUET_DAY, None), (BULK_DAY, None), (DAY, "window_1214"), (DAY, "window_2224"),
    ]  # fmt: skip
    assert orders_by_window(platform.warehouse, BULK_DAY, BULK_DAY) == found[1:2]


def test_a_date_counts_whenever_it_was_loaded(platform: Platform) -> None:
    """Partitions before the first ingestion of the dates are not read, later ones are."""
    late, early = request("window_1214", dates=(BULK_DAY,)), request("window_1214")
    pipeline.upload(platform, early, NOW - timedelta(days=40))
    pipeline.upload(platform, late, NOW + timedelta(days=40))
    found = orders_by_window(platform.warehouse, BULK_DAY, DAY)
    assert [one.day for one in found] == [BULK_DAY, DAY]
    assert orders_by_window(platform.warehouse, BULK_DAY, BULK_DAY) == found[:1]
    assert orders_by_window(platform.warehouse, PARQUET_DAY, PARQUET_DAY) == []


def test_the_days_of_a_year_in_gold_add_up(platform: Platform) -> None:
    assert gold.years_in_gold(platform.warehouse) == []
    assert gold.sales_of_year(platform.warehouse, 2026) == []
    days = (date(2025, 12, 31), date(2026, 1, 1), DAY)
    upload(platform, request("window_1214", dates=days))
    pipeline.rebuild(platform)
    assert gold.years_in_gold(platform.warehouse) == [2026, 2025]
    found = gold.sales_of_year(platform.warehouse, 2026)
    assert [row.day for row in found] == [*days[1:]]
    (there,) = rows(
        platform,
        "SELECT COUNT(*) AS n, SUM(order_value) AS v FROM gold.fact_sales "
        "WHERE order_date >= DATE '2026-01-01'",
    )
    assert sum(row.orders for row in found) == there["n"]
    assert sum(row.revenue for row in found) == there["v"]


@pytest.mark.folder_only
def test_a_mean_is_over_the_days_that_have_the_window() -> None:
    monday = date(2026, 2, 2)
    found = [
        WindowOrders(monday, "window_1012", 60),
        WindowOrders(monday - timedelta(days=7), "window_1012", 71),
        WindowOrders(monday, "window_1214", 200),
        WindowOrders(monday + timedelta(days=6), None, 900),
    ]
    assert mean_by_weekday(found) == {
        (0, "window_1012"): 65.5, (0, "window_1214"): 200, (6, None): 900,
    }  # fmt: skip
