"""The emulated BigQuery holds jobs to Google's rules on rows, places, limits and bytes."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from google.api_core.exceptions import BadRequest, Forbidden, GoogleAPICallError, NotFound
from google.cloud import bigquery
from pyarrow import parquet

from core.gcp.clients import bigquery_client, storage_client
from core.settings import Cloud, Settings
from local_cloud.gateway import Gateway
from local_cloud.gateway.loads import LoadLimits


class Dataset:
    """A dataset with a table `sales`, and others like it."""

    def __init__(self, client: bigquery.Client, name: str) -> None:
        self.client = client
        client.create_dataset(name)
        self.sales = f"{name}.sales"
        self.query(
            f"CREATE TABLE `{self.sales}` (id STRING NOT NULL, price NUMERIC(10, 2), day DATE) "
            "PARTITION BY day"
        )
        self.like = f"{name}.like_sales"
        self.query(f"CREATE TABLE `{self.like}` LIKE `{self.sales}`")
        self.plain = f"{name}.plain"
        self.query(f"CREATE TABLE `{self.plain}` (id STRING, price NUMERIC, day DATE)")

    def query(self, sql: str, **options: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.client.query(sql, **options).result()]

    def load(self, table: str, *lines: str) -> Any:
        config = bigquery.LoadJobConfig(
            source_format="CSV", field_delimiter=";", skip_leading_rows=1,
            write_disposition="WRITE_APPEND", schema=self.client.get_table(self.sales).schema,
        )  # fmt: skip
        data = "\n".join(["id;price;day", *lines, ""]).encode()
        job = self.client.load_table_from_file(
            io.BytesIO(data), table, job_config=config, num_retries=0
        )
        return job.result(retry=None)

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        return self.query(f"SELECT id, price FROM `{table}` ORDER BY id")


@pytest.fixture
def dataset(cloud_settings: Settings) -> Iterator[Dataset]:
    assert cloud_settings.cloud
    client = bigquery_client(cloud_settings.cloud)
    yield Dataset(client, f"{client.project}.{cloud_settings.dataset_prefix}_bronze")
    client.close()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("table", ["sales", "like"])
def test_a_load_without_a_required_value_fails_whole(dataset: Dataset, table: str) -> None:
    name = getattr(dataset, table)
    with pytest.raises(BadRequest, match="Required column value for column index: 0") as caught:
        dataset.load(name, "a;1.00;2026-02-01", ";2.00;2026-02-01")
    assert [fault["reason"] for fault in caught.value.errors] == ["invalid"]
    assert dataset.rows(name) == []
    dataset.load(name, "a;;", '"b;"";c";2.00;')
    assert dataset.rows(name) == [("a", None), ('b;";c', Decimal("2.00"))]


@pytest.mark.parametrize("table", ["sales", "like"])
def test_a_load_is_held_to_precision_and_scale(dataset: Dataset, table: str) -> None:
    name = getattr(dataset, table)
    with pytest.raises(BadRequest):
        dataset.load(name, "a;123456789.00;2026-02-01")
    dataset.load(name, "a;12345678.125;2026-02-01")
    assert dataset.rows(name) == [("a", Decimal("12345678.13"))]


PARQUET: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "another name": ({"id": ["a"], "cost": ["1.00"]}, "field: cost"),
    "another order": ({"price": ["1.00"], "id": ["a"]}, "by their place"),
    "no required value": ({"id": pa.array([None], pa.string()), "price": ["1.00"]}, "id"),
    "too many digits": ({"id": ["a"], "price": ["123456789.00"]}, "range"),
    "as the table": ({"id": ["a"], "price": ["1.125"]}, ""),
}


@pytest.mark.parametrize("case", PARQUET)
def test_a_load_of_parquet_goes_by_names_and_types(
    dataset: Dataset, cloud: Cloud, case: str
) -> None:
    columns, message = PARQUET[case]
    table = dataset.sales.replace("sales", "parquet")
    dataset.query(f"CREATE TABLE `{table}` (id STRING NOT NULL, price NUMERIC(10, 2))")
    made = {
        name: pa.array([Decimal(v) for v in values], pa.decimal128(20, 3))
        if name in {"price", "cost"}
        else values
        for name, values in columns.items()
    }
    written = io.BytesIO()
    parquet.write_table(pa.table(made), written)
    storage = storage_client(cloud)
    storage.bucket(cloud.bucket).blob("sales.parquet").upload_from_string(written.getvalue())
    storage.close()
    config = bigquery.LoadJobConfig(source_format="PARQUET", write_disposition="WRITE_APPEND")
    job = dataset.client.load_table_from_uri(
        f"gs://{cloud.bucket}/sales.parquet", table, job_config=config
    )
    if message:
        with pytest.raises(BadRequest, match=message):
            job.result(retry=None)
        assert dataset.rows(table) == []
    else:
        job.result(retry=None)
        assert dataset.rows(table) == [("a", Decimal("1.13"))]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO `{t}` (id) VALUES (NULL)",
        "INSERT INTO `{t}` (price) VALUES (5)",
        "INSERT INTO `{t}` (id, price) VALUES ('a', 123456789)",
        "UPDATE `{t}` SET id = NULL WHERE TRUE",
        """MERGE `{t}` USING (SELECT 5 AS price) AS fresh ON FALSE
        WHEN NOT MATCHED THEN INSERT (price) VALUES (fresh.price)""",
    ],
)
def test_a_statement_is_held_to_the_columns_of_its_table(dataset: Dataset, sql: str) -> None:
    dataset.query(f"INSERT INTO `{dataset.sales}` (id, price) VALUES ('there', 1)")
    with pytest.raises(BadRequest):
        dataset.query(sql.format(t=dataset.sales), job_retry=None)
    assert dataset.rows(dataset.sales) == [("there", Decimal("1.00"))]


def test_a_job_runs_where_its_datasets_are(dataset: Dataset) -> None:
    sql = f"SELECT id FROM `{dataset.sales}`"
    missing = "Dataset .*_bronze was not found in location EU"
    for query in (dataset.query, dataset.client.query_and_wait):
        with pytest.raises(NotFound, match=missing):
            query(sql, location="EU")
    elsewhere = bigquery.Client(
        dataset.client.project, dataset.client._credentials, _http=dataset.client._http,
        client_options={"api_endpoint": dataset.client._connection.API_BASE_URL}, location="EU",
    )  # fmt: skip
    with pytest.raises(NotFound, match=missing):
        elsewhere.load_table_from_file(io.BytesIO(b"a;1;\n"), dataset.plain).result(retry=None)


def test_a_job_is_found_in_its_own_location_alone(dataset: Dataset) -> None:
    job = dataset.client.query("SELECT 1", job_id="here", job_retry=None)
    job.result()
    assert dataset.client.get_job("here").location == dataset.client.location
    with pytest.raises(NotFound, match="Not found: Job"):
        dataset.client.get_job("here", location="EU")


def days(number: int) -> Sequence[str]:
    return [f"a;1.00;{date(2026, 2, 1) + timedelta(days=n)}" for n in range(number)]


def test_a_load_into_too_many_partitions_fails_whole(dataset: Dataset) -> None:
    with pytest.raises(BadRequest, match="Too many partitions produced by load, allowed 4000"):
        dataset.load(dataset.sales, *days(4_001))
    assert dataset.rows(dataset.sales) == []
    dataset.load(dataset.sales, *days(4_000))
    dataset.load(dataset.plain, *days(4_001))
    assert len(dataset.rows(dataset.sales)) == 4_000


def test_a_table_takes_so_many_load_jobs_a_day(dataset: Dataset, gateway: Gateway) -> None:
    gateway.bigquery.loads.limits = LoadLimits(jobs_a_day=2, partitions_a_day=4)
    taken = [(dataset.plain, 1), (dataset.plain, 9), (dataset.sales, 1), (dataset.sales, 3)]
    for table, number in taken:
        dataset.load(table, *days(number))
    for table, message in ((dataset.plain, "imports or query"), (dataset.sales, "partition mod")):
        with pytest.raises(Forbidden, match=message) as caught:
            dataset.load(table, *days(1))
        assert [fault["reason"] for fault in caught.value.errors] == ["quotaExceeded"]
    assert len(dataset.rows(dataset.plain)) == 10
    assert len(dataset.rows(dataset.sales)) == 4


def test_each_way_to_query_is_held_to_its_bytes(dataset: Dataset, gateway: Gateway) -> None:
    gateway.bigquery.query_bytes = 5_000
    config = bigquery.QueryJobConfig(maximum_bytes_billed=4_999)
    for query in (dataset.query, dataset.client.query_and_wait):
        with pytest.raises(GoogleAPICallError, match="limit for bytes billed") as caught:
            query("SELECT 1", job_config=config)
        reasons = [fault["reason"] for fault in caught.value.errors]
        assert reasons == ["bytesBilledLimitExceeded"]
