"""The emulated BigQuery refuses what Google's own analyser refuses."""

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery

from core.gcp.clients import bigquery_client
from core.settings import Settings
from local_cloud.gateway import Gateway


@pytest.fixture
def client(cloud_settings: Settings) -> bigquery.Client:
    assert cloud_settings.cloud
    return bigquery_client(cloud_settings.cloud)


@pytest.fixture
def table(client: bigquery.Client, cloud_settings: Settings) -> str:
    """A table with columns `id`, `items` and `day`."""
    dataset = f"{client.project}.{cloud_settings.dataset_prefix}_bronze"
    client.create_dataset(dataset)
    name = f"{dataset}.sales"
    client.query(f"CREATE TABLE `{name}` (id INT64, items INT64, day DATE)").result()
    return name


REFUSED = {
    "a reserved word as a name": ("SELECT id AS at FROM `{t}`", "Unexpected keyword AT at \\[1:14"),
    "a source named by a reserved word": (
        "MERGE `{t}` AS old USING `{t}` AS new ON old.id = new.id WHEN MATCHED THEN DELETE",
        "Unexpected keyword NEW",
    ),
    "a table's alias taken for its column": (
        "SELECT SUM(items) FROM (SELECT id, items FROM `{t}`) AS items", "No matching signature"
    ),
    "a column that is not there": ("SELECT price FROM `{t}`", "Unrecognized name: price"),
    "a value of another type": ("SELECT id FROM `{t}` WHERE day = 5", "No matching signature"),
    "a parameter that is not declared": ("SELECT id FROM `{t}` WHERE id = @one", "'one' not found"),
    "rows deleted without a condition": ("DELETE FROM `{t}`", "must have a WHERE clause"),
    "DDL in a transaction": (
        "BEGIN TRANSACTION; CREATE TABLE `{t}_2` AS SELECT 1 AS id; COMMIT TRANSACTION;",
        "DDL statements that affect permanent entities",
    ),
    "the second statement of a script": ("SELECT 1; SELECT id FROM `{t}` AS of", "keyword OF"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_query_is_refused_as_bigquery_refuses_it(
    client: bigquery.Client, table: str, case: str
) -> None:
    sql, message = REFUSED[case]
    with pytest.raises(BadRequest, match=message) as caught:
        client.query(sql.format(t=table), job_id="refused", job_retry=None).result()
    assert [fault["reason"] for fault in caught.value.errors] == ["invalidQuery"]
    assert client.get_job("refused").error_result["reason"] == "invalidQuery"
    dry = bigquery.QueryJobConfig(dry_run=True)
    with pytest.raises(BadRequest, match=message):
        client.query(sql.format(t=table), job_config=dry, job_retry=None)
    with pytest.raises(BadRequest, match=message):  # jobs.query
        client.query_and_wait(sql.format(t=table))


def test_a_script_may_read_what_it_makes(
    client: bigquery.Client, table: str, gateway: Gateway
) -> None:
    sql = f"""
    CREATE TEMP TABLE chosen AS SELECT 1 AS id, DATE '2026-02-01' AS first_day;
    BEGIN TRANSACTION;
    INSERT INTO `{table}` (id, day) SELECT id, first_day FROM chosen;
    COMMIT TRANSACTION;
    """
    client.query(sql, job_retry=None).result()
    assert [row.id for row in client.query(f"SELECT id FROM `{table}`").result()] == [1]
    assert sql in gateway.bigquery.analysis.accepted


def test_a_table_that_changed_is_analysed_with_its_new_columns(
    client: bigquery.Client, table: str
) -> None:
    asked = f"SELECT price FROM `{table}`"
    with pytest.raises(BadRequest, match="Unrecognized name"):
        client.query(asked, job_retry=None).result()
    client.query(f"CREATE OR REPLACE TABLE `{table}` AS SELECT 5 AS price").result()
    assert [row.price for row in client.query(asked).result()] == [5]
    client.delete_table(table)
    with pytest.raises(NotFound, match="Not found"):
        client.query(asked, job_retry=None).result()
    with pytest.raises(BadRequest, match="Syntax error"):  # parsed all the same
        client.query(f"SELECT price AS at FROM `{table}`", job_retry=None).result()
