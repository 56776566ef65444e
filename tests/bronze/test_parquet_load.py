"""Parquet objects into Bronze: each generation once, whole or not at all, on both sides."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.bronze.ingest import Ingested, list_pending
from core.pipeline import ingest_pending
from core.platform import Platform
from core.storage.object_names import PARQUET_PREFIX, parquet_name, quarantine_names
from core.storage.object_store import NewObject
from core.storage.publish import publish
from core.storage.publish_parquet import publish_day
from tests.support.scenes import DAY, NOW, another, count, ledger, quarantined, request, rows

LUNCH, DINNER = "window_1214", "window_1820"
ITEMS, ORDERS = (parquet_name(kind, DAY) for kind in ("order_items", "orders"))
LATER = NOW + timedelta(hours=1)
_BUSINESS = {
    "orders": "id_unidade, id_pedido, tipo_pedido, data_pedido, vlr_pedido, endereco_entrega, "
    "taxa_entrega, status",
    "order_items": "id_pedido, id_item_pedido, id_produto, qtd, vlr_item, observacao",
}


def _content(platform: Platform, kind: str) -> list[dict[str, Any]]:
    """The rows of a Bronze table without what tells of their object."""
    found = rows(platform, f"SELECT {_BUSINESS[kind]} FROM bronze.{kind}")
    return sorted(found, key=str)


def _stamps(platform: Platform, kind: str) -> list[dict[str, Any]]:
    return rows(
        platform,
        f"SELECT DISTINCT _source_file, _ingest_date, _ingest_timestamp FROM bronze.{kind}",
    )


@pytest.mark.both_sides
def test_a_day_comes_to_bronze_once_as_its_csv_files_would(platform: Platform, home: Path) -> None:
    wanted = request(LUNCH, DINNER)
    published = publish_day(platform.store, wanted, platform.catalog)
    done = ingest_pending(platform, NOW)
    total = published.orders + published.items
    assert done == Ingested(2, 0, total, total, 0)
    for kind, name in (("orders", ORDERS), ("order_items", ITEMS)):
        assert _stamps(platform, kind) == [
            {"_source_file": name, "_ingest_date": NOW.date(), "_ingest_timestamp": NOW}
        ]
    noted = ledger(platform, ITEMS)
    assert (noted["kind"], noted["rows_in"], noted["rows_loaded"], noted["rows_rejected"]) == (
        "order_items", published.items, published.items, 0,
    )  # fmt: skip
    assert ingest_pending(platform, LATER) == Ingested()
    assert count(platform, "bronze.orders") == published.orders

    by_csv = another(platform, home.with_name("csv"))
    publish(by_csv.store, wanted, by_csv.catalog)
    ingest_pending(by_csv, NOW)
    for kind in _BUSINESS:
        assert _content(platform, kind) == _content(by_csv, kind)


@pytest.mark.both_sides
def test_a_newer_generation_takes_the_older_ones_place(platform: Platform) -> None:
    publish_day(platform.store, request(LUNCH), platform.catalog)
    ingest_pending(platform, NOW)
    wider = request(LUNCH, units=(2, 3, 4))
    published = publish_day(platform.store, wider, platform.catalog, overwrite=True)
    assert ingest_pending(platform, LATER).objects == 2
    assert count(platform, "bronze.orders") == published.orders
    assert count(platform, "bronze.order_items") == published.items
    assert count(platform, "bronze._ingested_objects") == 2
    units = rows(platform, "SELECT DISTINCT id_unidade AS unit FROM bronze.orders")
    assert {row["unit"] for row in units} == {2, 3, 4}
    assert _stamps(platform, "orders")[0]["_ingest_timestamp"] == LATER


@pytest.mark.both_sides
def test_one_bad_row_sends_the_whole_file_to_quarantine_until_it_is_put_right(
    platform: Platform,
) -> None:
    published = publish_day(platform.store, request(LUNCH), platform.catalog)
    good = platform.store.read(ORDERS).data
    bad = _changed(good, "Status", {1: "Perdido"})
    platform.store.replace(NewObject(ORDERS, bad))
    done = ingest_pending(platform, NOW)
    assert (done.objects, done.unreadable) == (2, 1)
    assert (done.rows_loaded, done.rows_rejected) == (published.items, published.orders)
    assert done.rows_in == done.rows_loaded + done.rows_rejected
    assert count(platform, "bronze.orders") == 0
    data_name, report_name = quarantine_names(ORDERS)
    tree = quarantined(platform)
    assert set(tree) == {data_name, report_name}
    assert tree[data_name] == bad
    report = json.loads(tree[report_name])
    assert (report["rows_loaded"], report["rows_rejected"]) == (0, published.orders)
    assert f"1 of {published.orders} rows are not valid, row 2 the first" in report["unreadable"]
    (row,) = report["rows"]
    assert row["line"] == 2
    assert row["reason"].startswith("Status is 'Perdido': write one of Finalizado")
    assert row["raw"].endswith(";Perdido")
    assert ingest_pending(platform, LATER) == Ingested()

    platform.store.replace(NewObject(ORDERS, good))
    assert ingest_pending(platform, LATER).rows_loaded == published.orders
    assert quarantined(platform) == {}


def _changed(data: bytes, column: str, values: dict[int, Any]) -> bytes:
    """A Parquet file with other values in some rows of a column."""
    table = pq.read_table(io.BytesIO(data))
    at = table.column_names.index(column)
    cells = table[column].to_pylist()
    for row, value in values.items():
        cells[row] = value
    field = table.schema.field(at).with_nullable(True)
    return _bytes(table.set_column(at, field, [pa.array(cells, field.type)]))


def _bytes(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be read as Parquet"),
        (b"PAR1 is not enough PAR1", "cannot be read as Parquet"),
        (_bytes(pa.table({"Id_Unidade": [1]})), "The columns are Id_Unidade int64: write Id_Un"),
    ],
)
def test_what_is_no_file_of_orders_is_quarantined_whole(
    platform: Platform, data: bytes, reason: str
) -> None:
    platform.store.create([[NewObject(ORDERS, data)]])
    done = ingest_pending(platform, NOW)
    assert (done.objects, done.unreadable, done.rows_loaded) == (1, 1, 0)
    assert reason in ledger(platform, ORDERS)["reason"]
    assert quarantined(platform)[quarantine_names(ORDERS)[0]] == data


@pytest.mark.parametrize(
    "name",
    [f"{PARQUET_PREFIX}2026/02/03/unit_001.parquet", f"{PARQUET_PREFIX}2026/02/30/pedido.parquet",
     f"{PARQUET_PREFIX}2009/12/31/pedido.parquet"],
)  # fmt: skip
def test_a_name_outside_the_layout_is_quarantined(platform: Platform, name: str) -> None:
    publish_day(platform.store, request(LUNCH), platform.catalog)
    platform.store.create([[NewObject(name, platform.store.read(ORDERS).data)]])
    done = ingest_pending(platform, NOW)
    assert (done.objects, done.unreadable) == (3, 1)
    assert "is not the name of" in ledger(platform, name)["reason"] or (
        "2009-12-31 is out of range" in ledger(platform, name)["reason"]
    )


def test_no_rows_are_loaded_and_noted(platform: Platform) -> None:
    publish_day(platform.store, request(units=(1,), day_orders=(0, 0)), platform.catalog)
    assert ingest_pending(platform, NOW) == Ingested(2, 0, 0, 0, 0)
    assert list_pending(platform.store, platform.warehouse.generations(platform.store.bucket)) == []


def test_items_come_before_orders_and_only_where_one_looks(platform: Platform) -> None:
    publish_day(platform.store, request(LUNCH), platform.catalog)
    found = [info.name for info in list_pending(platform.store, {})]
    assert found == [ITEMS, ORDERS]
    assert list_pending(platform.store, {}, [f"{PARQUET_PREFIX}2026/02/04/"]) == []
    assert ingest_pending(platform, NOW, ["raw/csv_sales/2026/02/03/"]) == Ingested()
