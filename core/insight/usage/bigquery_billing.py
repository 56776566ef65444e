"""What BigQuery knows about sizes and bills; None if it does not say.

Billed bytes are in `INFORMATION_SCHEMA.JOBS`, which needs `roles/bigquery.resourceViewer` and is a
query of 10 MB itself: cloud.google.com/bigquery/docs/information-schema-jobs, read 2026-11.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

from core.errors import MissingObjectError, StoreError
from core.gcp.clients import THREADS, bigquery_client
from core.gcp.errors import google_errors
from core.messages import message
from core.settings import Cloud
from core.warehouse.bigquery.client import ONCE, QUERY_ONCE, REQUEST_S, query_config

if TYPE_CHECKING:
    from google.cloud.bigquery import Client

_BILLED = """
SELECT CAST(COALESCE(SUM(total_bytes_billed), 0) AS INT64) AS billed
FROM `{project}`.`region-{region}`.INFORMATION_SCHEMA.JOBS
WHERE creation_time >= @start AND creation_time < @stop AND statement_type != 'SCRIPT'
"""


def describe_tables(
    cloud: Cloud, prefix: str, tables: Iterable[str]
) -> Mapping[str, tuple[int, int | None]]:
    """Get rows and logical bytes of each table such as `silver.orders`; an emulator has no bytes.

    Raises:
        PlatformError: BigQuery cannot be reached.
    """
    client = bigquery_client(cloud)

    def look(table: str) -> tuple[int, int | None]:
        return _describe_all(client, f"{cloud.project}.{prefix}_{table}")

    names = list(tables)
    with ThreadPoolExecutor(THREADS // 2, thread_name_prefix="usage") as threads:
        return dict(zip(names, threads.map(look, names), strict=True))


def query_billed_bytes(cloud: Cloud, start: datetime, stop: datetime) -> int | None:
    """Get the billed bytes of the project's queries between two moments; None without role or view.

    Raises:
        TransientError: The same call may succeed later.
    """
    client = bigquery_client(cloud)
    sql = _BILLED.format(project=cloud.project, region=cloud.region)
    try:
        with google_errors(message("doing.list_jobs")):
            job = client.query(
                sql, job_config=query_config(cloud, {"start": start, "stop": stop}), **QUERY_ONCE
            )  # fmt: skip
            (row,) = job.result(timeout=REQUEST_S, job_retry=None)
    except StoreError:  # refused: no role, or no such view
        return None
    return int(row["billed"])


def _describe_all(client: "Client", table: str) -> tuple[int, int | None]:
    try:
        with google_errors(message("doing.look_at", name=table)):
            found = client.get_table(table, **ONCE)
    except MissingObjectError:  # deleted since it was listed
        return 0, 0
    rows, size = int(found.num_rows or 0), int(found.num_bytes or 0)
    return rows, size if size or not rows else None
