"""From object to Bronze: each generation once, every row accounted for, the bad ones told."""

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.bronze.ingest import Ingested, batches, ingest_objects, judge_object, list_pending
from core.bronze.reference_data import publish_reference, reference_csv
from core.pipeline import ingest_pending
from core.platform import Platform
from core.storage.object_names import REFERENCE_FILES, quarantine_names, reference_name
from core.storage.object_store import NewObject, ObjectInfo
from core.storage.publish import publish
from tests.support.scenes import (
    DAY,
    ITEMS_NAME,
    NOW,
    ORDERS_NAME,
    another,
    count,
    ingest,
    ledger,
    quarantined,
    request,
    rows,
    tables,
)
from tests.support.validate_files import file, in_store, item, order, uuid

GOOD = file("orders", order(1), in_store(2), order(3))
BAD_LINE = order(4, Status="Perdido")
pytestmark = [pytest.mark.both_sides, pytest.mark.data_path]

QUARANTINE = "quarantine/2026/02/03/unit_007/window_1214"


def test_a_row_arrives_as_the_contract_types_it(platform: Platform) -> None:
    assert ingest(platform, ORDERS_NAME, GOOD) == Ingested(1, 0, 3, 3, 0)
    first, second, _ = rows(platform, "SELECT * FROM bronze.orders ORDER BY id_pedido")
    assert first == {
        "id_unidade": 7,
        "id_pedido": uuid(1),
        "tipo_pedido": "Loja Online",
        "data_pedido": DAY,
        "vlr_pedido": Decimal("52.30"),
        "endereco_entrega": "Rua São João, 10",
        "taxa_entrega": Decimal("7.50"),
        "status": "Finalizado",
        "_source_file": ORDERS_NAME,
        "_ingest_timestamp": NOW,
        "_ingest_date": NOW.date(),
    }
    assert second["endereco_entrega"] is None  # empty text is NULL
    ingest(platform, ITEMS_NAME, file("order_items", item(1, Observacao="")))
    (line,) = rows(platform, "SELECT * FROM bronze.order_items")
    assert line == {
        "id_pedido": uuid(1),
        "id_item_pedido": uuid(1001),
        "id_produto": 12,
        "qtd": 2,
        "vlr_item": Decimal("18.90"),
        "observacao": None,
        "_source_file": ITEMS_NAME,
        "_ingest_timestamp": NOW,
        "_ingest_date": NOW.date(),
    }


def test_the_ingestion_date_is_that_of_utc_and_the_business_date_stays(platform: Platform) -> None:
    late = datetime(2026, 2, 3, 21, 30, tzinfo=UTC) + timedelta(hours=3)  # 21:30 in São Paulo
    ingest(platform, ORDERS_NAME, GOOD, late)
    found = rows(platform, "SELECT DISTINCT data_pedido, _ingest_date FROM bronze.orders")
    assert found == [{"data_pedido": DAY, "_ingest_date": date(2026, 2, 4)}]


def test_the_ledger_tells_the_object_and_its_rows(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, GOOD + f"{BAD_LINE}\n".encode())
    stored = platform.store.read(ORDERS_NAME)
    assert ledger(platform, ORDERS_NAME) == {
        "bucket": platform.store.bucket,
        "object_name": ORDERS_NAME,
        "generation": stored.generation,
        "kind": "orders",
        "rows_in": 4,
        "rows_loaded": 3,
        "rows_rejected": 1,
        "reason": None,
        "size_bytes": len(stored.data),
        "crc32c": platform.store.checksum(ORDERS_NAME),
        "_ingest_timestamp": NOW,
    }


# --- each generation once ---


def test_the_same_object_a_second_time_loads_nothing(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, GOOD)
    before = tables(platform)
    info = platform.store.find(ORDERS_NAME)
    assert info is not None
    later = NOW + timedelta(hours=1)
    for _ in range(2):
        again = ingest_objects(
            platform.store, platform.warehouse, platform.catalog, [info, info], later
        )
        assert again == Ingested()
    assert ingest_pending(platform, later) == Ingested()
    assert tables(platform) == before


def test_a_new_generation_takes_the_place_of_the_old_one(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, GOOD)
    other = ORDERS_NAME.replace("1214", "1820")
    ingest(platform, other, file("orders", order(9)))
    ingest(platform, ORDERS_NAME, file("orders", order(3), order(5), BAD_LINE))
    found = rows(platform, "SELECT id_pedido, _source_file FROM bronze.orders ORDER BY id_pedido")
    assert [(row["id_pedido"], row["_source_file"]) for row in found] == [
        (uuid(3), ORDERS_NAME), (uuid(5), ORDERS_NAME), (uuid(9), other),
    ]  # fmt: skip
    assert ledger(platform, ORDERS_NAME)["rows_in"] == 3


@pytest.mark.parametrize("unreadable", [b"", b"\x1f\x8bnothing", b"a,b\n1,2\n"])
def test_a_new_generation_that_cannot_be_read_takes_the_old_rows_out(
    platform: Platform, unreadable: bytes
) -> None:
    ingest(platform, ORDERS_NAME, GOOD)
    answer = ingest(platform, ORDERS_NAME, unreadable)
    assert (answer.objects, answer.unreadable, answer.rows_loaded) == (1, 1, 0)
    assert count(platform, "bronze.orders") == 0
    assert ingest(platform, ORDERS_NAME, GOOD).rows_loaded == 3
    assert count(platform, "bronze.orders") == 3


def test_an_older_generation_that_arrives_late_adds_nothing(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, GOOD)
    old = platform.store.read(ORDERS_NAME)
    stale = judge_object(platform.store, old, platform.catalog, again=True)
    ingest(platform, ORDERS_NAME, file("orders", order(8)))
    before = tables(platform)
    assert platform.warehouse.load(platform.store.bucket, [stale], NOW) == {}
    assert tables(platform) == before


def test_an_object_that_has_gone_meanwhile_is_passed_over(platform: Platform) -> None:
    platform.store.create([[NewObject(ORDERS_NAME, GOOD)]])
    found = list_pending(platform.store, platform.warehouse.generations(platform.store.bucket))
    platform.store.delete(ORDERS_NAME)
    assert ingest_objects(
        platform.store, platform.warehouse, platform.catalog, found, NOW
    ) == Ingested()  # fmt: skip


def test_a_batch_gives_what_one_by_one_gives(platform: Platform, tmp_path: Path) -> None:
    one_by_one = another(platform, tmp_path / "other")
    for each in (platform, one_by_one):
        publish(each.store, request("window_1214", "window_2022", units=(1, 2, 3)), each.catalog)
        publish_reference(each.store, each.catalog, 3)
        each.store.replace(NewObject(ORDERS_NAME, GOOD + f"{BAD_LINE}\n".encode()))
        each.store.replace(NewObject(ITEMS_NAME, b"no such columns\n1\n2\n"))
        each.store.replace(NewObject("raw/csv_sales/notes.csv", b"x\n"))
    batch = ingest_pending(platform, NOW)
    pending = list_pending(
        one_by_one.store, one_by_one.warehouse.generations(one_by_one.store.bucket)
    )
    singles = [
        ingest_objects(one_by_one.store, one_by_one.warehouse, one_by_one.catalog, [info], NOW)
        for info in reversed(pending)  # events come in any order
    ]
    assert batch.left == ()
    for number in Ingested.__slots__[:-1]:
        assert getattr(batch, number) == sum(getattr(single, number) for single in singles)
    assert batch.objects == len(pending) == 19
    assert tables(platform) == tables(one_by_one)
    assert [data for name, data in quarantined(platform).items() if name.endswith(".csv")] == [
        data for name, data in quarantined(one_by_one).items() if name.endswith(".csv")
    ]


@pytest.mark.folder_only  # the emulators would take most of a minute
def test_thousands_of_objects_cross_the_bound_of_a_batch(platform: Platform) -> None:
    wanted = request(units=range(1, 1601), day_orders=(0, 1))
    published = publish(platform.store, wanted, platform.catalog)
    told: list[int] = []
    answer = ingest_pending(platform, NOW, progress=lambda done, *_: told.append(done))
    assert answer == Ingested(3200, 0, published.orders + published.items, answer.rows_in, 0)
    assert told == [0, 3000, 3200]
    assert count(platform, "bronze._ingested_objects") == 3200
    assert count(platform, "bronze.orders") == published.orders
    assert ingest_pending(platform, NOW) == Ingested()


MB = 2**20


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([16 * MB, 16 * MB], [2]),
        ([16 * MB, 16 * MB + 1], [1, 1]),
        ([16 * MB, 17 * MB, 15 * MB, 1], [1, 2, 1]),  # each batch is counted from nothing
        ([40 * MB, 1, 40 * MB], [1, 1, 1]),
    ],
)
def test_a_batch_has_32_mb_at_most_or_one_object(sizes: list[int], expected: list[int]) -> None:
    objects = [ObjectInfo(f"{number}.csv", 1, size) for number, size in enumerate(sizes)]
    found = list(batches(objects))
    assert [len(batch) for batch in found] == expected
    assert [info for batch in found for info in batch] == objects


def test_reference_data_is_replaced_when_units_grow(platform: Platform) -> None:
    publish_reference(platform.store, platform.catalog, 2)
    assert ingest_pending(platform, NOW).objects == 4
    publish_reference(platform.store, platform.catalog, 60)
    assert ingest_pending(platform, NOW) == Ingested(1, 0, 60, 60, 0)
    units = rows(platform, "SELECT id_unidade FROM bronze.units ORDER BY 1")
    assert [row["id_unidade"] for row in units] == list(range(1, 61))
    assert [count(platform, f"bronze.{name}") for name in ("products", "states", "countries")] == [
        30, 3, 1,
    ]  # fmt: skip


# --- quarantine ---


def test_bad_rows_go_to_quarantine_with_line_and_reason(platform: Platform) -> None:
    torn = "7;torn"
    data = file("orders", order(1), BAD_LINE, order(2), torn, order(3))
    assert ingest(platform, ORDERS_NAME, data) == Ingested(1, 0, 5, 3, 2)
    found = quarantined(platform)
    assert set(found) == {f"{QUARANTINE}/pedido.csv", f"{QUARANTINE}/pedido_error.json"}
    assert found[f"{QUARANTINE}/pedido.csv"] == file("orders", BAD_LINE, torn)
    report = json.loads(found[f"{QUARANTINE}/pedido_error.json"])
    assert report["object"] == ORDERS_NAME
    assert report["generation"] == platform.store.read(ORDERS_NAME).generation
    assert [report[f"rows_{what}"] for what in ("in", "loaded", "rejected")] == [5, 3, 2]
    assert [(row["line"], row["raw"]) for row in report["rows"]] == [(3, BAD_LINE), (5, torn)]
    assert "'Perdido'" in report["rows"][0]["reason"]
    assert "2 fields" in report["rows"][1]["reason"]


def test_a_file_that_cannot_be_read_goes_to_quarantine_whole(platform: Platform) -> None:
    data = GOOD.replace(b";", b",")
    assert ingest(platform, ORDERS_NAME, data) == Ingested(1, 1, 3, 0, 3)
    found = quarantined(platform)
    assert found[f"{QUARANTINE}/pedido.csv"] == data
    report = json.loads(found[f"{QUARANTINE}/pedido_error.json"])
    assert "comma" in report["unreadable"]
    assert report["unreadable"] == ledger(platform, ORDERS_NAME)["reason"]


def test_what_was_in_quarantine_leaves_it_when_a_clean_file_comes(platform: Platform) -> None:
    for bad in (GOOD + f"{BAD_LINE}\n".encode(), b"nothing of use"):
        ingest(platform, ORDERS_NAME, bad)
        assert len(quarantined(platform)) == 2
        ingest(platform, ORDERS_NAME, GOOD)
        assert quarantined(platform) == {}


@pytest.mark.folder_only
def test_a_clean_file_clears_the_quarantine_of_the_generation_that_the_ledger_has(
    platform: Platform,
) -> None:
    platform = dataclasses.replace(platform, has_events=True)
    for data in (GOOD + f"{BAD_LINE}\n".encode(), GOOD):
        for name in (ORDERS_NAME, ORDERS_NAME.replace("1214", "1820")):
            platform.store.replace(NewObject(name, data))
        assert ingest_pending(platform, NOW).objects == 2
        assert len(quarantined(platform)) == (4 if data != GOOD else 0)


@pytest.mark.folder_only
def test_rows_in_quarantine_have_the_line_ends_of_the_contract(platform: Platform) -> None:
    data = file("orders", order(1), BAD_LINE, order(2)).replace(b"\n", b"\r\n")
    assert ingest(platform, ORDERS_NAME, data) == Ingested(1, 0, 3, 2, 1)
    assert quarantined(platform)[f"{QUARANTINE}/pedido.csv"] == file("orders", BAD_LINE)


def test_the_same_bad_object_again_leaves_its_quarantine_as_it_is(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, GOOD + f"{BAD_LINE}\n".encode())
    before = platform.store.list("quarantine/")
    info = platform.store.find(ORDERS_NAME)
    assert info is not None
    ingest_objects(platform.store, platform.warehouse, platform.catalog, [info], NOW)
    assert platform.store.list("quarantine/") == before


def test_quarantined_objects_are_not_ingested_themselves(platform: Platform) -> None:
    ingest(platform, ORDERS_NAME, GOOD + f"{BAD_LINE}\n".encode())
    assert list_pending(platform.store, platform.warehouse.generations(platform.store.bucket)) == []


@pytest.mark.parametrize(
    "name",
    [
        "raw/csv_sales/notes.csv",
        "raw/csv_sales/2026/02/03/unit_7/window_1214/pedido.csv",
        "raw/csv_sales/2026/02/30/unit_007/window_1214/pedido.csv",
        "raw/csv_sales/2026/02/03/unit_007/window_1113/pedido.csv",
        "raw/csv_sales/2026/02/03/unit_007/window_1214/Pedido.csv",
        "raw/csv_sales/2026/02/03/unit_007/window_1214/deeper/pedido.csv",
        "raw/csv_sales/2026/02/03/unit_0007/pedido.csv",
        "raw/csv_sales/2126/02/03/unit_007/pedido.csv",
    ],
)
def test_an_object_with_a_name_of_no_layout_goes_to_quarantine_whole(
    platform: Platform, name: str
) -> None:
    assert ingest(platform, name, GOOD) == Ingested(1, 1, 3, 0, 3)
    data_name, report_name = quarantine_names(name)
    assert set(quarantined(platform)) == {data_name, report_name}
    assert platform.store.read(data_name).data == GOOD
    assert ledger(platform, name)["reason"]
    assert count(platform, "bronze.orders") == 0
    assert list_pending(platform.store, platform.warehouse.generations(platform.store.bucket)) == []


def test_what_is_no_sales_file_is_left_alone(platform: Platform) -> None:
    names = [ORDERS_NAME + ".gz", "raw/other/pedido.csv", "raw/reference_data/menu.csv", "x.csv"]
    for name in names:
        platform.store.replace(NewObject(name, GOOD))
    assert ingest_pending(platform, NOW) == Ingested()


@pytest.mark.parametrize("kind", REFERENCE_FILES)
def test_reference_rows_are_judged_too(platform: Platform, kind: str) -> None:
    good = reference_csv(kind, platform.catalog, 3)
    answer = ingest(platform, reference_name(kind), good + b"not;a;row;at;all\n")
    assert (answer.rows_loaded, answer.rows_rejected) == (good.count(b"\n") - 1, 1)
    assert count(platform, f"bronze.{kind}") == answer.rows_loaded
    data_name, _ = quarantine_names(reference_name(kind))
    assert platform.store.read(data_name).data.endswith(b"\nnot;a;row;at;all\n")


def test_the_ledger_is_read_below_the_prefixes_that_are_named(platform: Platform) -> None:
    other_day = ORDERS_NAME.replace("2026/02/03", "2026/02/13")
    for name in (ORDERS_NAME, ITEMS_NAME, other_day):
        ingest(platform, name, b"")
    reference = reference_name("countries")
    ingest(platform, reference, reference_csv("countries", platform.catalog, 1))

    def names(*prefixes: str) -> list[str]:
        return sorted(platform.warehouse.generations(platform.store.bucket, *prefixes))

    everything = sorted([ITEMS_NAME, ORDERS_NAME, other_day, reference])
    assert names() == names("") == everything
    assert names("raw/csv_sales/2026/02/03/") == sorted([ITEMS_NAME, ORDERS_NAME])
    assert names("raw/reference_data/", "raw/csv_sales/2026/02/13/") == [other_day, reference]
    # What lies between two prefixes of one folder belongs to neither.
    assert names("raw/csv_sales/2026/02/02/", "raw/csv_sales/2026/02/13/") == [other_day]
    assert names(ORDERS_NAME) == [ORDERS_NAME]
    assert names("raw/parquet_sales/") == []
