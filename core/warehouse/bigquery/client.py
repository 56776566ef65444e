"""BigQuery's client for the warehouse: queries with bounded cost, and tables."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from core.errors import MissingObjectError, StoreError
from core.gcp.backoff import retry
from core.gcp.clients import bigquery_client
from core.gcp.errors import reasons_of
from core.messages import message
from core.settings import Cloud
from core.warehouse.base import NEXT, Parameters
from core.warehouse.bigquery.descriptions import describe_columns
from core.warehouse.bigquery.encoding import parameters_of

if TYPE_CHECKING:
    from google.cloud.bigquery import Client, QueryJobConfig, Row, SchemaField, Table

LABELS: Final[Mapping[str, str]] = {"app": "mrhealth"}
# Prefixes of temporary tables, which are dropped after use and expire after a day otherwise.
LOADING: Final = "_load_"
BUILDING: Final = NEXT
EXPIRING: Final = (
    "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))"
)

REQUEST_S: Final = 60.0  # of one request
JOB_S: Final = 900.0  # of one job of this process, from its beginning to its end
# Options of a request: Google's client would try it again for ten minutes, here `retry` decides.
ONCE: Final[Mapping[str, Any]] = MappingProxyType({"timeout": REQUEST_S, "retry": None})
QUERY_ONCE: Final[Mapping[str, Any]] = MappingProxyType({**ONCE, "job_retry": None})
_QUERYING: Final = message("doing.query")
_Answer = TypeVar("_Answer")


class BigQuery:
    """A project's BigQuery, usable from many threads; nothing is contacted before the first call.

    Methods raise TransientError when the same call may succeed later, StoreError when BigQuery
    refuses it or a query would read more than is allowed.

    Args:
        prefix: Datasets are `{prefix}_bronze`, `{prefix}_silver` and `{prefix}_gold`.
        wait_s: How long, in seconds, one call repeats requests after passing faults, or waits for
            another process's job.
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
        """The full id of the dataset of `bronze`, `silver` or `gold`."""
        return f"{self.cloud.project}.{self.prefix}_{layer}"

    def table(self, table: str) -> str:
        """The full id of a table such as `bronze.orders`."""
        layer, _, name = table.partition(".")
        return f"{self.dataset(layer)}.{name}"

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Query rows by one statement in BigQuery's SQL."""

        def query() -> list[dict[str, Any]]:
            return [dict(row.items()) for row in self._result(sql, parameters)[1]]

        return self.retry(_QUERYING, query)

    def run(self, sql: str, parameters: Parameters | None = None) -> str:
        """Run one statement, or a script, to its end; return the random id of its job.

        It may run a second time, when the first answer is lost.
        """
        return self.retry(_QUERYING, lambda: self._result(sql, parameters)[0])

    def bytes_read(self, sql: str) -> int:
        """Bytes that a statement would be billed for, by a dry run, which is free."""
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(dry_run=True, use_query_cache=False)
        job = self.retry(_QUERYING, lambda: self.client.query(sql, job_config=config, **QUERY_ONCE))
        return int(job.total_bytes_processed or 0)

    def retry(self, doing: str, call: Callable[[], _Answer]) -> _Answer:
        """Call, and call again for up to `wait_s` while Google reports a passing fault."""
        return retry(doing, call, self.wait_s)

    def find_table(self, table: str) -> "Table | None":
        """A table's current schema and state; None when there is no such table."""
        name = self.table(table)
        with contextlib.suppress(MissingObjectError):
            return self.retry(
                message("doing.look_at", name=name), lambda: self.client.get_table(name, **ONCE)
            )
        return None

    def table_info(self, table: str) -> "Table":
        """A table's schema and time of creation, read once; StoreError without such a table."""
        if table not in self._seen:
            found = self.find_table(table)
            if found is None:
                raise StoreError(message("warehouse.no_table", table=self.table(table)))
            self._seen[table] = found
        return self._seen[table]

    def schema(self, table: str) -> "list[SchemaField]":
        """A table's columns, in their order."""
        return list(self.table_info(table).schema)

    def columns(self, table: str) -> list[str]:
        """Names of a table's columns, in their order."""
        return [field.name for field in self.schema(table)]

    def drop_table(self, table: str) -> None:
        """Drop a table if it exists."""
        name = self.table(table)
        self.retry(
            message("doing.drop", name=name),
            lambda: self.client.delete_table(name, not_found_ok=True, **ONCE),
        )

    def create_table(self, table: str, like: "Table") -> None:
        """Create an empty table with the columns, partitions and clusters of another.

        Its columns get their descriptions.
        """
        from google.cloud.bigquery import Table

        name = self.table(table)
        wanted = Table(name, schema=describe_columns(table, like.schema))
        wanted.time_partitioning = like.time_partitioning
        wanted.clustering_fields = like.clustering_fields
        self.retry(
            message("doing.make", name=name),
            lambda: self.client.create_table(wanted, exists_ok=True, **ONCE),
        )

    def create_dataset(self, layer: str) -> None:
        """Create the dataset of `bronze`, `silver` or `gold` in the settings' region, if missing.

        It is looked up first: a service account may use a dataset and not be allowed to create one.
        """
        from google.cloud.bigquery import Dataset

        name = self.dataset(layer)
        with contextlib.suppress(MissingObjectError):
            self.retry(
                message("doing.look_at_dataset", name=name),
                lambda: self.client.get_dataset(name, **ONCE),
            )
            return
        wanted = Dataset(name)
        wanted.location = self.cloud.region
        self.retry(
            message("doing.make_dataset", name=name),
            lambda: self.client.create_dataset(wanted, exists_ok=True, **ONCE),
        )

    def list_tables(self, layer: str) -> set[str]:
        """Names of a dataset's tables, without temporary ones; empty when there is no dataset."""
        name = self.dataset(layer)

        def list_all() -> set[str]:
            return {str(table.table_id) for table in self.client.list_tables(name, **ONCE)}

        with contextlib.suppress(MissingObjectError):
            found = self.retry(message("doing.list_tables", name=name), list_all)
            return {name for name in found if not name.startswith((LOADING, BUILDING))}
        return set()

    def _result(self, sql: str, parameters: Parameters | None) -> "tuple[str, Iterable[Row]]":
        """The id of a query's job, and its rows."""
        from google.cloud.bigquery.retry import DEFAULT_RETRY

        with _bounded(self.cloud):
            config = query_config(self.cloud, parameters)
            job = self.client.query(sql, job_config=config, **QUERY_ONCE)
            polling = DEFAULT_RETRY.with_timeout(self.wait_s)
            rows = job.result(timeout=JOB_S, retry=polling, job_retry=None)
            return str(job.job_id), rows


def query_config(
    cloud: Cloud, parameters: Parameters | None = None, labels: Mapping[str, str] = LABELS
) -> "QueryJobConfig":
    """A query job's configuration: typed parameters, and the most bytes it may bill."""
    from google.cloud.bigquery import QueryJobConfig

    return QueryJobConfig(
        query_parameters=parameters_of(parameters or {}),
        maximum_bytes_billed=cloud.max_bytes,
        labels=dict(labels),
    )


@contextlib.contextmanager
def _bounded(cloud: Cloud) -> Iterator[None]:
    """Replace the error of a query that exceeds the bound on bytes by one that names the fix."""
    from google.api_core.exceptions import GoogleAPICallError

    try:
        yield
    except GoogleAPICallError as error:
        if "bytesBilledLimitExceeded" in reasons_of(error):
            raise too_much(cloud) from error
        raise


def too_much(cloud: Cloud) -> StoreError:
    """The error of a query that would read more than is allowed."""
    return StoreError(message("warehouse.most_bytes", most=cloud.max_bytes))
