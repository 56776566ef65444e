"""BigQuery as warehouse: datasets and tables, questions, files as DuckDB has them, layers built."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.errors import StoreError, TransientError
from core.settings import Settings
from core.storage.object_names import day_prefix, end_of
from core.warehouse import DuckDBWarehouse, Load
from core.warehouse.bigquery.encoding import csv_of
from core.warehouse.bigquery.warehouse import BigQueryWarehouse
from core.warehouse.validated import Validated
from local_cloud.gateway import Fault, Gateway
from tests.support.bigquery_scene import BUCKET, Bronze, load, names_of

NIGHT = datetime(2026, 2, 4, 3, tzinfo=UTC)
DAY = date(2026, 2, 3)
NAMES = names_of(DAY)
SPAN = day_prefix(DAY), end_of(day_prefix(DAY))
MADE = "CREATE OR REPLACE TABLE silver.{name} {form} AS SELECT {columns}"


@pytest.fixture
def bronze(cloud_settings: Settings, gateway: Gateway) -> Bronze:
    assert cloud_settings.cloud
    return Bronze(cloud_settings.cloud, cloud_settings.dataset_prefix, gateway)


@pytest.fixture
def warehouse(bronze: Bronze) -> BigQueryWarehouse:
    return bronze.warehouse


# --- datasets and tables ---


def test_nothing_is_there_before_it_is_made(cloud_settings: Settings) -> None:
    assert cloud_settings.cloud
    empty = BigQueryWarehouse(cloud_settings.cloud, cloud_settings.dataset_prefix)
    assert empty.tables() == set()
    assert empty.generations(BUCKET) == {}
    assert len(empty.tables()) == 10


def test_bronze_is_made_in_the_region_with_partitions(
    warehouse: BigQueryWarehouse, bronze: Bronze
) -> None:
    client = warehouse._bigquery.client
    for layer in ("bronze", "silver", "gold"):
        assert client.get_dataset(warehouse._bigquery.dataset(layer)).location == "us-central1"
    for table in ("orders", "order_items"):
        described = client.get_table(warehouse._bigquery.table(f"bronze.{table}"))
        assert described.time_partitioning.field == "_ingest_date"
        assert not described.require_partition_filter
    bronze.spent()
    warehouse.create_bronze()
    assert bronze.spent() == {}  # known in this process
    bronze.another().create_bronze()
    assert bronze.spent() == {"table.list": 1}


# --- questions ---


def test_values_go_in_and_come_out_as_they_are(warehouse: BigQueryWarehouse) -> None:
    values: dict[str, Any] = {
        "text": "d'Ávila \"; DROP TABLE x; --",
        "number": 2**62,
        "amount": Decimal("-12.30"),
        "day": DAY,
        "moment": NIGHT + timedelta(microseconds=1),
        "yes": True,
        "nothing": None,
    }
    selected = ", ".join(f"@{name} AS {name}" for name in values)
    (row,) = warehouse.ask(f"SELECT {selected}", values)
    assert row == values
    assert row["moment"].tzinfo is UTC
    lists: dict[str, Any] = {"words": ["a", "b"], "days": [DAY], "none": []}
    (row,) = warehouse.ask(
        "SELECT 'b' IN UNNEST(@words) AS a, DATE '2026-02-03' IN UNNEST(@days) AS b, "
        "'b' IN UNNEST(@none) AS c",
        lists,
    )
    assert row == {"a": True, "b": True, "c": False}


def test_a_question_that_would_read_too_much_names_the_setting(
    warehouse: BigQueryWarehouse, gateway: Gateway
) -> None:
    gateway.bigquery.query_bytes = 10**15
    assert warehouse.bytes_read("SELECT id_pedido FROM bronze.orders") == 10**15
    with pytest.raises(StoreError, match=r"10,737,418,240 bytes.*MRHEALTH_MAX_BYTES"):
        warehouse.ask("SELECT id_pedido FROM bronze.orders")


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault(operation="job.insert", status=403, reason="accessDenied"), StoreError),
        (Fault(operation="job.insert", status=503, times=None), TransientError),
        (Fault(operation="job.insert", status=403, reason="quotaExceeded", times=None),
         TransientError),
        (Fault(operation="job.insert", reset=True, times=None), TransientError),
    ],
)  # fmt: skip
def test_a_question_that_fails_is_told_in_a_sentence(
    warehouse: BigQueryWarehouse, gateway: Gateway, fault: Fault, raised: type[Exception]
) -> None:
    with gateway.faults.having(fault), pytest.raises(raised, match=r"^Cannot query [^\n]*\.$"):
        warehouse.ask("SELECT COUNT(*) AS n FROM bronze.orders")


# --- rows as CSV ---


def test_awkward_text_arrives_as_it_is(bronze: Bronze) -> None:
    texts = ["a;b", 'say "so"', "'", "\\N", "NULL", " x ", "São João, 10 ☕", '"', "-", None]
    rows = load(NAMES[0], 1, orders=range(len(texts))).rows
    columns: dict[str, Any] = {**rows.columns, "endereco_entrega": texts}
    awkward = Validated("orders", len(texts), columns, (), None)
    bronze.put(Load(NAMES[0], 1, awkward, 1, "AAAAAA=="))
    found = bronze.warehouse.ask(
        "SELECT endereco_entrega AS t FROM bronze.orders ORDER BY id_pedido"
    )
    assert [row["t"] for row in found] == texts


def test_nothing_and_empty_text_are_told_apart_in_csv() -> None:
    assert csv_of(["a", "b"], [["", None], [None, "x"]]) == b"a;b\n;\n;x\n"


# --- files, as the other warehouse has them ---


def test_files_are_what_duckdb_says_of_the_same_objects(bronze: Bronze, tmp_path: Path) -> None:
    folder = DuckDBWarehouse(tmp_path / "warehouse.duckdb", "p")
    objects = [
        load(NAMES[0], 1),
        load(NAMES[1], 1, orders=(1, 2)),
        load(NAMES[2], 1, orders=(2, 3)),  # an order of another file, too
        load(NAMES[3], 1, orders=()),
        load(NAMES[0], 2),
    ]
    for each in objects:
        bronze.put(each, now=NIGHT)
        folder.load(BUCKET, [each], NIGHT)
    unnoted = ("odd.csv", f"{SPAN[0]}unit_001/odd.csv", f"{SPAN[0]}\U0001f600.csv")
    with folder.writing() as connection:
        for name in unnoted:
            connection.execute(_row("p_bronze", name))
    client = bronze.warehouse._bigquery.client
    for name in unnoted:
        client.query(_row(f"{bronze.warehouse.prefix}_bronze", name)).result()
    ours = sorted(bronze.warehouse.bronze_files(BUCKET, *SPAN))
    assert ours == sorted(folder.bronze_files(BUCKET, *SPAN))
    assert [file.duplicates for file in ours if file.duplicates] == [1, 1]
    assert {*unnoted[1:]} <= {file.name for file in ours}
    with pytest.raises(StoreError, match="is loaded from the bucket a-bucket"):
        bronze.warehouse.bronze_files("another-bucket", "raw/x", "raw/y")


def _row(dataset: str, name: str) -> str:
    return (
        f"INSERT INTO {dataset}.orders (id_unidade, id_pedido, _source_file, _ingest_date) "
        f"VALUES (1, '{name}', '{name}', DATE '2026-02-04')"
    )


def test_rows_that_came_a_second_time_on_a_later_day_are_seen(bronze: Bronze) -> None:
    bronze.put(load(NAMES[0], 1), now=NIGHT)
    table = bronze.warehouse._bigquery.table("bronze.orders")
    bronze.warehouse._bigquery.run(
        f"INSERT INTO `{table}` SELECT * REPLACE (DATE '2026-02-09' AS _ingest_date) FROM `{table}`"
    )
    (file,) = bronze.warehouse.bronze_files(BUCKET, *SPAN)
    assert (file.rows, file.duplicates, file.loaded) == (4, 4, 2)


# --- layers ---


def made(name: str = "things", columns: str = "1 AS n", form: str = "") -> tuple[str, str]:
    return f"silver.{name}", MADE.format(name=name, form=form, columns=columns)


def things(warehouse: BigQueryWarehouse) -> list[int]:
    return [row["n"] for row in warehouse.ask("SELECT n FROM silver.things ORDER BY n")]


def passing(warehouse: BigQueryWarehouse) -> list[str]:
    listed = warehouse._bigquery.client.list_tables(warehouse._bigquery.dataset("silver"))
    return [table.table_id for table in listed if table.table_id.startswith("_")]


def build(warehouse: BigQueryWarehouse, version: str, *tables: tuple[str, str]) -> None:
    with warehouse.building("silver") as layer:
        for table in tables:
            layer.make(*table)
        layer.publish(version)


def test_a_layer_is_seen_when_it_is_published(warehouse: BigQueryWarehouse) -> None:
    with warehouse.building("silver") as layer:
        assert layer.make(*made()) == (0, 1)
        assert layer.make(*made("more", "n + 1 AS m FROM silver.things")) == (0, 1)
        assert layer.ask("SELECT m FROM silver.more") == [{"m": 2}]
        assert not {"silver.things", "silver.more"} & warehouse.tables()
        layer.publish("one")
    assert things(warehouse) == [1]
    with warehouse.building("silver") as layer:
        assert layer.make(*made(columns="5 AS n UNION ALL SELECT 6")) == (1, 2)
        assert things(warehouse) == [1]
        layer.publish("two")
    assert things(warehouse) == [5, 6]
    built = warehouse.ask("SELECT layer, bronze_version FROM bronze._built_layers")
    assert built == [{"layer": "silver", "bronze_version": "two"}]
    assert passing(warehouse) == []


def test_what_is_not_published_leaves_nothing(warehouse: BigQueryWarehouse) -> None:
    build(warehouse, "one", made())

    def dies() -> None:
        with warehouse.building("silver") as layer:
            layer.make(*made(columns="2 AS n"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dies()
    assert things(warehouse) == [1]
    assert passing(warehouse) == []


def test_a_publication_that_fails_changes_nothing(warehouse: BigQueryWarehouse) -> None:
    build(warehouse, "one", made())
    noted = warehouse._bigquery.table("bronze._built_layers")
    with warehouse.building("silver") as layer:
        layer.make(*made(columns="2 AS n"))
        warehouse._bigquery.run(f"ALTER TABLE `{noted}` DROP COLUMN layer")
        with pytest.raises(StoreError):  # its last statement but one
            layer.publish("two")
    assert things(warehouse) == [1]


def test_new_rows_do_not_go_beside_those_of_another_build(warehouse: BigQueryWarehouse) -> None:
    build(warehouse, "one", made())
    new = "CREATE OR REPLACE TABLE silver._next_things AS SELECT 2 AS n"
    with warehouse.building("silver") as layer:
        assert layer.make_slice("silver.things", new, "n = 7") == (1, 2)
        build(warehouse, "two", made(columns="7 AS n UNION ALL SELECT 9"))
        with pytest.raises(TransientError, match="at once"):
            layer.publish("three", shown="one")
        assert things(warehouse) == [7, 9]
        layer.publish("three", shown="two")
    assert things(warehouse) == [2, 9]
    assert passing(warehouse) == []


def test_a_publication_whose_answer_is_lost_is_done_once(
    warehouse: BigQueryWarehouse, gateway: Gateway
) -> None:
    """Its guard, which stops what another build published meanwhile, does not meet itself."""
    build(warehouse, "one", made())
    new = "CREATE OR REPLACE TABLE silver._next_things AS SELECT 2 AS n"
    with warehouse.building("silver") as layer:
        assert layer.make_slice("silver.things", new, "n = 1") == (1, 1)
        lost = Fault(operation="job.insert.query", path="mrh_publish", reset=True, forwarded=True)
        with gateway.faults.having(lost):
            layer.publish("two", shown="one")
    assert lost.hits == 1
    assert things(warehouse) == [2]


def test_a_cancelled_publication_may_be_tried_again(
    warehouse: BigQueryWarehouse, gateway: Gateway
) -> None:
    build(warehouse, "one", made())
    words = "Transaction is aborted due to concurrent update against table p.d.t."
    with warehouse.building("silver") as layer:
        layer.make(*made(columns="2 AS n"))
        cancelled = Fault(operation="job.insert", status=400, reason="invalidQuery", message=words)
        with gateway.faults.having(cancelled), pytest.raises(TransientError, match="at once"):
            layer.publish("two")
        assert things(warehouse) == [1]
        layer.publish("two")
    assert things(warehouse) == [2]


def test_a_release_may_change_columns_and_partitions(warehouse: BigQueryWarehouse) -> None:
    build(warehouse, "one", made())
    columns = "1 AS n, DATE '2026-02-03' AS d"
    build(warehouse, "two", made(columns=columns, form="PARTITION BY d"))
    table = warehouse._bigquery.find_table("silver.things")
    assert table is not None
    assert [field.name for field in table.schema] == ["n", "d"]
    assert table.time_partitioning.field == "d"
    assert table.expires is None
    assert things(warehouse) == [1]
