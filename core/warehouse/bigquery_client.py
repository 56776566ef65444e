"""BigQuery's client as the warehouse needs it: queries within bounds, and a look at tables."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from core.errors import MissingObjectError, StoreError
from core.gcp.clients import bigquery_client
from core.gcp.faults import reasons_of, told
from core.settings import Cloud
from core.warehouse.base import Parameters
from core.warehouse.bigquery_rows import parameters_of

if TYPE_CHECKING:
    from google.cloud.bigquery import Client, QueryJob, QueryJobConfig, SchemaField, Table

LABELS: Final[Mapping[str, str]] = {"app": "mrhealth"}
# How the names of passing tables begin. They are dropped after use, and expire if nobody can.
LOADING: Final = "_load_"
BUILDING: Final = "_next_"
EXPIRING: Final = (
    "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))"
)

REQUEST_S = 60.0  # of one request
JOB_S = 900.0  # of one job of our own, from its beginning to its end


class BigQuery:
    """A project's BigQuery, used from many threads; nothing is contacted before the first call.

    Args:
        prefix: Datasets are `{prefix}_bronze`, `{prefix}_silver` and `{prefix}_gold`.
        wait_s: Longest time, in seconds, that one call tries again what fails in passing, or
            waits for somebody else's job.
    """

    def __init__(self, cloud: Cloud, prefix: str, wait_s: float) -> None:
        self.cloud = cloud
        self.prefix = prefix
        self.wait_s = max(wait_s, 1.0)
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._seen: dict[str, Table] = {}

    @property
    def client(self) -> "Client":
        """Google's client."""
        with self._lock:
            if self._client is None:
                self._client = bigquery_client(self.cloud)
            return self._client

    def dataset(self, layer: str) -> str:
        """The dataset of `bronze`, `silver` or `gold`, with its project."""
        return f"{self.cloud.project}.{self.prefix}_{layer}"

    def table(self, table: str) -> str:
        """A table such as `bronze.orders`, with its project and dataset."""
        layer, _, name = table.partition(".")
        return f"{self.dataset(layer)}.{name}"

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Rows of one statement of BigQuery's own SQL.

        Raises:
            TransientError: It may succeed later.
            StoreError: BigQuery refuses it, or it would read more than is allowed.
        """
        with told_of_query(self.cloud):
            found = self._begun(sql, parameters).result(timeout=JOB_S)
            return [dict(row.items()) for row in found]

    def run(self, sql: str, parameters: Parameters | None = None) -> str:
        """Run one statement, or a script, to its end; the random id that its job had.

        Raises:
            TransientError: It may succeed later.
            StoreError: BigQuery refuses it, or it would read more than is allowed.
        """
        with told_of_query(self.cloud):
            job = self._begun(sql, parameters)
            job.result(timeout=JOB_S)
            return str(job.job_id)

    def _begun(self, sql: str, parameters: Parameters | None) -> "QueryJob":
        from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY, DEFAULT_RETRY

        return self.client.query(
            sql, job_config=query_config(self.cloud, parameters), timeout=REQUEST_S,
            retry=DEFAULT_RETRY.with_timeout(self.wait_s),
            job_retry=DEFAULT_JOB_RETRY.with_timeout(self.wait_s),
        )  # fmt: skip

    def bytes_read(self, sql: str) -> int:
        """Bytes that a statement would be billed for, by a dry run, which is free."""
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(dry_run=True, use_query_cache=False)
        with told_of_query(self.cloud):
            return int(self.client.query(sql, job_config=config).total_bytes_processed or 0)

    def described(self, table: str) -> "Table | None":
        """A table's schema and state as they are now; None when there is none."""
        try:
            with told(f"Cannot look at {self.table(table)}"):
                return self.client.get_table(self.table(table), timeout=REQUEST_S)
        except MissingObjectError:
            return None

    def known(self, table: str) -> "Table":
        """A table's schema and time of creation, asked for once.

        Raises:
            StoreError: It is not there.
        """
        if table not in self._seen:
            found = self.described(table)
            if found is None:
                raise StoreError(f"The table {self.table(table)} is not there.")
            self._seen[table] = found
        return self._seen[table]

    def schema(self, table: str) -> "list[SchemaField]":
        """A table's columns, in their order."""
        return list(self.known(table).schema)

    def columns(self, table: str) -> list[str]:
        """Names of a table's columns, in their order."""
        return [field.name for field in self.schema(table)]

    def drop(self, table: str) -> None:
        """Take a table away; fine when it is not there."""
        with told(f"Cannot drop {self.table(table)}"):
            self.client.delete_table(self.table(table), not_found_ok=True, timeout=REQUEST_S)


def query_config(
    cloud: Cloud,
    parameters: Parameters | None = None,
    labels: Mapping[str, str] = LABELS,
) -> "QueryJobConfig":
    """How a query job runs: with typed parameters, and bounded in what it may bill."""
    from google.cloud.bigquery import QueryJobConfig

    return QueryJobConfig(
        query_parameters=parameters_of(parameters or {}),
        maximum_bytes_billed=cloud.max_bytes,
        labels=dict(labels),
    )


@contextlib.contextmanager
def told_of_query(cloud: Cloud) -> Iterator[None]:
    """As `told`, with the way out of the bound on bytes."""
    from google.api_core.exceptions import GoogleAPICallError

    with told("Cannot query BigQuery"):
        try:
            yield
        except GoogleAPICallError as error:
            if "bytesBilledLimitExceeded" in reasons_of(error):
                raise too_much(cloud) from error
            raise


def too_much(cloud: Cloud) -> StoreError:
    """The error of a query that would read more than it may."""
    return StoreError(
        f"A query would read more than {cloud.max_bytes:,} bytes, the most that "
        "MRHEALTH_MAX_BYTES allows: allow more, or ask for less."
    )
