"""The verbs together: upload, ingest, rebuild, and what Silver finds that no object can show."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.bronze.reference_data import publish_reference
from core.errors import ConflictError
from core.pipeline import compare, ingest_pending, rebuild, upload
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.storage.object_store import NewObject
from core.transform.rebuild import CheckReport, LayerReport
from tests.support.scenes import (
    DAY,
    ITEMS_NAME,
    NOW,
    ORDERS_NAME,
    count,
    files,
    ingest,
    request,
    rows,
    tables,
)
from tests.support.validate_files import file, in_store, item, order, uuid

LUNCH, DINNER = "window_1214", "window_1820"
# One order of 2 x 18.90 and a fee of 7.50, and one in store of 18.90.
GOOD_ORDERS = (order(1, Vlr_Pedido="45.30"), in_store(2, Vlr_Pedido="18.90"))
GOOD_ITEMS = (item(1), item(2, Id_Pedido=uuid(2), Qtd="1"))


def _load(platform: Platform, orders: tuple[str, ...], items: tuple[str, ...]) -> None:
    publish_reference(platform.store, platform.catalog, 10)
    platform.store.replace(NewObject(ORDERS_NAME, file("orders", *orders)))
    platform.store.replace(NewObject(ITEMS_NAME, file("order_items", *items)))
    ingest_pending(platform, NOW)


def _failed(reports: tuple[LayerReport, ...]) -> list[CheckReport]:
    return [check for report in reports for check in report.checks if not check.passed]


def test_an_upload_is_in_the_bucket_and_in_bronze(platform: Platform) -> None:
    done = upload(platform, request(LUNCH, units=(1, 2, 3)), NOW)
    assert done.published.created == 6
    assert done.ingested.objects == 6 + 4
    assert done.ingested.rows_in == done.ingested.rows_loaded
    assert count(platform, "bronze.orders") == done.published.orders
    assert count(platform, "bronze.order_items") == done.published.items
    assert count(platform, "bronze.units") == 3


def test_the_same_upload_again_changes_nothing(platform: Platform) -> None:
    upload(platform, request(LUNCH), NOW)
    before = (platform.store.list("raw/"), tables(platform))
    again = upload(platform, request(LUNCH), NOW + timedelta(hours=2))
    assert (again.published.created, again.ingested.objects) == (0, 0)
    assert (platform.store.list("raw/"), tables(platform)) == before


def test_a_conflict_changes_neither_bucket_nor_bronze(platform: Platform) -> None:
    upload(platform, request(LUNCH, units=(1,)), NOW)
    before = (files(platform.settings.bucket_folder), tables(platform))
    with pytest.raises(ConflictError):
        upload(platform, request(LUNCH, DINNER, units=(1, 2, 3), seed=9), NOW)
    assert (files(platform.settings.bucket_folder), tables(platform)) == before


def test_overwriting_takes_the_old_rows_out_of_every_layer(platform: Platform) -> None:
    upload(platform, request(LUNCH, seed=1), NOW)
    rebuild(platform)
    upload(platform, request(LUNCH, seed=2), NOW, overwrite=True)
    assert all(report.published for report in rebuild(platform))
    (total,) = rows(platform, "SELECT SUM(total_revenue) AS r FROM gold.agg_daily_sales")
    fresh = upload(platform, request(LUNCH, seed=2), NOW).published
    assert total["r"] == Decimal(fresh.value_cents) / 100
    assert count(platform, "gold.fact_sales") == fresh.orders


def test_an_upload_leaves_what_is_pending_elsewhere_alone(platform: Platform) -> None:
    platform.store.create([[NewObject(ORDERS_NAME, file("orders", *GOOD_ORDERS))]])
    upload(platform, request(LUNCH, dates=[date(2026, 3, 1)]), NOW)
    assert rows(platform, "SELECT DISTINCT data_pedido AS d FROM bronze.orders") == [
        {"d": date(2026, 3, 1)}
    ]
    assert ingest_pending(platform, NOW).rows_loaded == 2


def test_a_day_without_orders_is_zero_rows_everywhere(platform: Platform) -> None:
    done = upload(platform, request(units=(1, 2), day_orders=(0, 0)), NOW)
    assert (done.published.created, done.published.orders) == (4, 0)
    assert (done.ingested.objects, done.ingested.unreadable) == (4 + 4, 0)
    assert count(platform, "bronze.orders") == count(platform, "bronze.order_items") == 0
    assert all(report.published for report in rebuild(platform))
    assert {line.verdict for line in compare(platform, (DAY, DAY), NOW).lines} == {
        Verdict.IN_BRONZE
    }


def test_money_and_counts_go_through_to_gold(platform: Platform) -> None:
    _load(platform, GOOD_ORDERS, GOOD_ITEMS)
    assert _failed(rebuild(platform)) == []
    (day,) = rows(platform, "SELECT * FROM gold.agg_daily_sales")
    assert (day["total_orders"], day["total_revenue"]) == (2, Decimal("64.20"))
    assert (day["online_orders"], day["total_delivery_fees"]) == (1, Decimal("7.50"))


@pytest.mark.parametrize(
    ("orders", "items", "sample"),
    [
        ((order(1, Vlr_Pedido="45.31"), GOOD_ORDERS[1]), GOOD_ITEMS, uuid(1)),
        (GOOD_ORDERS, GOOD_ITEMS[:1], uuid(2)),  # an order without items
        ((GOOD_ORDERS[0], in_store(2, Vlr_Pedido="0.01")), GOOD_ITEMS, uuid(2)),
    ],
    ids=["a cent too much", "no items", "far too little"],
)
def test_a_total_that_is_not_the_sum_of_its_items_stops_silver(
    platform: Platform, orders: tuple[str, ...], items: tuple[str, ...], sample: str
) -> None:
    _load(platform, GOOD_ORDERS, GOOD_ITEMS)
    rebuild(platform)
    before = tables(platform)
    _load(platform, orders, items)
    assert count(platform, "bronze.orders") == 2  # Bronze judges an object by itself
    reports = rebuild(platform)
    assert [(report.layer, report.published) for report in reports] == [("silver", False)]
    (failed,) = _failed(reports)
    assert (failed.name, failed.failing_rows) == ("order_value_adds_up", 1)
    assert [row["order_id"] for row in failed.sample] == [sample]
    after = tables(platform)
    for name in before:
        assert name.startswith("bronze.") or after[name] == before[name]


def test_items_without_an_order_stay_in_bronze(platform: Platform) -> None:
    orphan = item(3, Id_Pedido=uuid(99))
    _load(platform, GOOD_ORDERS, (*GOOD_ITEMS, orphan))
    assert count(platform, "bronze.order_items") == 3
    assert _failed(rebuild(platform)) == []
    kept = rows(platform, "SELECT order_id FROM silver.order_items ORDER BY 1")
    assert [row["order_id"] for row in kept] == [uuid(1), uuid(2)]


def test_items_that_arrive_after_their_orders_complete_them(platform: Platform) -> None:
    publish_reference(platform.store, platform.catalog, 10)
    ingest_pending(platform, NOW)
    ingest(platform, ORDERS_NAME, file("orders", *GOOD_ORDERS))
    assert [check.name for check in _failed(rebuild(platform))] == ["order_value_adds_up"]
    ingest(platform, ITEMS_NAME, file("order_items", *GOOD_ITEMS))
    assert _failed(rebuild(platform)) == []


def test_of_an_id_in_two_files_silver_keeps_the_latest(platform: Platform) -> None:
    _load(platform, GOOD_ORDERS, GOOD_ITEMS)
    twin = ORDERS_NAME.replace("1214", "1820")
    changed = in_store(2, Vlr_Pedido="18.90", Status="Cancelado")
    ingest(platform, twin, file("orders", changed), NOW + timedelta(minutes=1))
    assert count(platform, "bronze.orders") == 3
    assert _failed(rebuild(platform)) == []
    found = rows(platform, "SELECT order_status, _source_file FROM silver.orders ORDER BY order_id")
    assert found[1] == {"order_status": "Cancelado", "_source_file": twin}
    assert len(found) == 2
    doubled = {line.name for line in compare(platform, (DAY, DAY), NOW).lines
               if line.verdict is Verdict.DUPLICATED}  # fmt: skip
    assert doubled == {ORDERS_NAME, twin}


def test_a_rebuild_twice_gives_the_same(platform: Platform) -> None:
    upload(platform, request(LUNCH, DINNER), NOW)
    rebuild(platform)
    before = tables(platform)
    rebuild(platform)
    assert tables(platform) == before
