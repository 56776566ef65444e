"""The gateway before BigQuery, through Google's own client."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from google.api_core.exceptions import BadRequest, Conflict, Forbidden, GoogleAPICallError, NotFound
from google.cloud import bigquery
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.gcp.clients import bigquery_client
from core.settings import Settings
from local_cloud.gateway import Fault, Gateway
from local_cloud.gateway.sql import changes, statements, with_literals

ROWS = b"id;t\n1;one\n2;\n"


class Warehouse:
    """A client and a dataset with a table `rows` of `id` and `t`."""

    def __init__(self, client: bigquery.Client, dataset: str) -> None:
        self.client = client
        self.dataset = dataset
        self.table = f"{client.project}.{dataset}.rows"

    def load(self, job_id: str, data: bytes = ROWS, *, resumable: bool = False) -> Any:
        config = bigquery.LoadJobConfig(
            source_format="CSV", field_delimiter=";", skip_leading_rows=1,
            write_disposition="WRITE_APPEND", labels={"generation": "7"},
        )  # fmt: skip
        return self.client.load_table_from_file(
            io.BytesIO(data), self.table, job_id=job_id, job_config=config, num_retries=0,
            size=None if resumable else len(data),
        )  # fmt: skip

    def count(self) -> int:
        rows = self.client.query(f"SELECT COUNT(*) FROM `{self.table}`").result()
        return int(next(iter(rows))[0])


@pytest.fixture
def warehouse(cloud_settings: Settings) -> Iterator[Warehouse]:
    assert cloud_settings.cloud
    client = bigquery_client(cloud_settings.cloud)
    found = Warehouse(client, f"{cloud_settings.dataset_prefix}_bronze")
    client.create_dataset(found.dataset)
    client.query(f"CREATE TABLE `{found.table}` (id INT64, t STRING)").result()
    yield found
    client.close()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("resumable", [False, True])
def test_a_load_jobs_id_is_taken_once_and_answers_afterwards(
    warehouse: Warehouse, resumable: bool
) -> None:
    job = warehouse.load("load-1", resumable=resumable)
    job.result()
    assert (job.job_id, job.output_rows) == ("load-1", 2)
    with pytest.raises(Conflict, match="Already Exists") as caught:
        warehouse.load("load-1", resumable=resumable)
    assert [entry["reason"] for entry in caught.value.errors] == ["duplicate"]
    found = warehouse.client.get_job("load-1")
    assert (found.state, found.error_result, found.job_type) == ("DONE", None, "load")
    assert found.labels == {"generation": "7"}
    assert warehouse.count() == 2


def test_of_many_that_insert_a_job_one_wins(warehouse: Warehouse) -> None:
    def insert(_: int) -> bool:
        try:
            warehouse.load("same").result()
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(insert, range(8))) == 1
    assert warehouse.count() == 2


def test_an_id_is_taken_by_jobs_of_every_kind(warehouse: Warehouse) -> None:
    warehouse.client.query("SELECT 1", job_id="same", job_retry=None).result()
    with pytest.raises(Conflict):
        warehouse.load("same")
    with pytest.raises(Conflict):
        warehouse.client.query("SELECT 2", job_id="same", job_retry=None)


def test_a_load_that_fails_is_a_job_that_failed(warehouse: Warehouse) -> None:
    job = warehouse.load("bad", b"id;t\nnot a number;x\n")
    with pytest.raises(BadRequest):
        job.result()
    found = warehouse.client.get_job("bad")
    assert (found.state, found.error_result["reason"]) == ("DONE", "invalid")
    with pytest.raises(Conflict):
        warehouse.load("bad")
    assert warehouse.count() == 0


def test_a_job_can_be_looked_at_only_after_it_was_inserted(warehouse: Warehouse) -> None:
    with pytest.raises(NotFound):
        warehouse.client.get_job("never")


def test_a_query_job_keeps_its_labels(warehouse: Warehouse) -> None:
    config = bigquery.QueryJobConfig(labels={"claim": "x"})
    warehouse.client.query("SELECT 1", job_id="q", job_config=config, job_retry=None).result()
    found = warehouse.client.get_job("q")
    assert (found.labels, found.job_type, found.state) == ({"claim": "x"}, "query", "DONE")


def test_a_query_that_fails_names_its_reason(warehouse: Warehouse) -> None:
    with pytest.raises(BadRequest):
        warehouse.client.query("SELECT nonsense FROM", job_id="q", job_retry=None).result()
    with pytest.raises(NotFound, match="Not found: Table"):
        warehouse.client.query(f"SELECT * FROM `{warehouse.table}_2`", job_retry=None).result()
    assert warehouse.client.get_job("q").error_result["reason"] == "invalidQuery"


def test_scripts_take_parameters_and_leave_texts_and_comments_alone(warehouse: Warehouse) -> None:
    warehouse.load("load").result()
    parameters = [
        bigquery.ScalarQueryParameter("t", "STRING", "it's \\ @id ; \n"),
        bigquery.ArrayQueryParameter("ids", "INT64", [1, -3]),
        bigquery.ScalarQueryParameter("none", "STRING", None),
        bigquery.ScalarQueryParameter("d", "DATE", "2026-02-01"),
    ]
    script = f"""
        BEGIN TRANSACTION;
        DELETE FROM `{warehouse.table}` WHERE id IN UNNEST(@ids);  -- not @ids; this
        INSERT INTO `{warehouse.table}` (id, t)
        SELECT EXTRACT(YEAR FROM @d), CONCAT(@t, ' @t') UNION ALL SELECT 5, @none;
        COMMIT TRANSACTION;"""
    config = bigquery.QueryJobConfig(query_parameters=parameters)
    warehouse.client.query(script, job_config=config).result()
    rows = warehouse.client.query(f"SELECT id, t FROM `{warehouse.table}` ORDER BY id").result()
    assert [tuple(row) for row in rows] == [(2, None), (5, None), (2026, "it's \\ @id ; \n @t")]


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_the_same_after_it_was_written_out(warehouse: Warehouse, text: str) -> None:
    parameters = [bigquery.ScalarQueryParameter("t", "STRING", text)]
    config = bigquery.QueryJobConfig(query_parameters=parameters)
    rows = warehouse.client.query("SELECT 1; SELECT @t", job_config=config).result()
    assert next(iter(rows))[0] == text


def test_only_scripts_of_several_statements_are_written_out() -> None:
    parameter = [{"name": "x", "parameterType": {"type": "INT64"}, "parameterValue": {"value": 1}}]
    assert with_literals("SELECT @x; -- the end", parameter) is None
    assert with_literals("SELECT ';', @x", parameter) is None
    assert with_literals("SELECT @x, '@x'; SELECT @@y", parameter) == "SELECT (1), '@x'; SELECT @@y"
    assert statements("a ; /* b; */ c\n--d\n") == ["a", "c"]


def test_a_job_runs_as_long_as_a_rule_says(warehouse: Warehouse, gateway: Gateway) -> None:
    gateway.faults.add(Fault(operation="job.insert.load", running=2))
    job = warehouse.load("slow")
    assert job.state == "RUNNING"
    assert warehouse.client.get_job("slow").state == "RUNNING"
    assert warehouse.count() == 0
    assert warehouse.client.get_job("slow").state == "RUNNING"
    assert warehouse.client.get_job("slow").state == "DONE"
    assert warehouse.count() == 2


def test_an_answer_that_is_lost_leaves_the_job(warehouse: Warehouse, gateway: Gateway) -> None:
    fault = Fault(operation="job.insert.load", path="^lost$", reset=True, forwarded=True)
    with gateway.faults.having(fault), pytest.raises(requests.ConnectionError):
        warehouse.load("lost")
    assert warehouse.client.get_job("lost").state == "DONE"
    assert warehouse.count() == 2


def test_a_refusal_in_googles_own_words(warehouse: Warehouse, gateway: Gateway) -> None:
    fault = Fault(operation="job.insert", status=403, reason="quotaExceeded", times=None)
    with gateway.faults.having(fault):
        for _ in range(2):
            with pytest.raises(Forbidden) as caught:
                warehouse.load("refused")
            assert caught.value.errors[0]["reason"] == "quotaExceeded"
    warehouse.load("refused").result()


def test_bytes_of_a_dry_run_and_the_limit_of_a_query(
    warehouse: Warehouse, gateway: Gateway
) -> None:
    gateway.bigquery.query_bytes = 5_000
    dry = bigquery.QueryJobConfig(dry_run=True)
    assert warehouse.client.query("SELECT 1", job_config=dry).total_bytes_processed == 5_000
    for most, fails in ((4_999, True), (5_000, False)):
        config = bigquery.QueryJobConfig(maximum_bytes_billed=most)
        job = warehouse.client.query("SELECT 1", job_config=config)
        if fails:
            with pytest.raises(GoogleAPICallError, match="limit for bytes billed"):
                job.result()
        else:
            job.result()


def test_jobs_are_counted_by_the_table_they_change(warehouse: Warehouse, gateway: Gateway) -> None:
    gateway.journal.clear()
    warehouse.load("a").result()
    warehouse.client.query(f"DELETE FROM `{warehouse.table}` WHERE id = 1").result()
    counts = gateway.counts()
    table = f"{warehouse.dataset}.rows"
    assert (counts.load_jobs, counts.query_jobs) == (1, 1)
    assert (counts.loads, counts.dml, counts.ddl) == ({table: 1}, {table: 1}, {})


def test_changes_of_a_script() -> None:
    script = """-- INSERT INTO no.table
        CREATE OR REPLACE TABLE `p.d.a` AS SELECT 1; MERGE INTO d.b t USING x ON FALSE;
        DROP TABLE IF EXISTS `p`.`d`.`c`; SELECT 'INSERT INTO no.t'; insert d.e values (1)"""
    assert [tuple(change) for change in changes(script)] == [
        ("ddl", "d.a"), ("dml", "d.b"), ("ddl", "d.c"), ("dml", "d.e"),
    ]  # fmt: skip
