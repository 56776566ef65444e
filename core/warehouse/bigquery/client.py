"""BigQuery's client as the warehouse needs it: queries within bounds, and a look at tables."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from core.errors import MissingObjectError, StoreError, TransientError
from core.gcp.clients import bigquery_client
from core.gcp.errors import google_errors, reasons_of
from core.messages import message
from core.settings import Cloud
from core.warehouse.base import NEXT, Parameters
from core.warehouse.bigquery.encoding import parameters_of

if TYPE_CHECKING:
    from google.cloud.bigquery import Client, QueryJobConfig, Row, SchemaField, Table

LABELS: Final[Mapping[str, str]] = {"app": "mrhealth"}
# How the names of passing tables begin. They are dropped after use, and expire if nobody can.
LOADING: Final = "_load_"
BUILDING: Final = NEXT
EXPIRING: Final = (
    "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))"
)

ONCE: Final[Any] = None  # instead of the patience of Google's client
REQUEST_S: Final = 60.0  # of one request
PAUSE_S: Final = 0.1  # the first of a row that doubles
LONGEST_PAUSE_S: Final = 4.0
_QUERYING: Final = message("doing.query")
_Answer = TypeVar("_Answer")
JOB_S: Final = 900.0  # of one job of our own, from its beginning to its end


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

        def once() -> list[dict[str, Any]]:
            return [dict(row.items()) for row in self._result(sql, parameters)[1]]

        return self.retry(_QUERYING, once)

    def run(self, sql: str, parameters: Parameters | None = None) -> str:
        """Run one statement, or a script, to its end; the random id that its job had.

        It may be run a second time, when the first one's answer was lost.

        Raises:
            TransientError: It may succeed later.
            StoreError: BigQuery refuses it, or it would read more than is allowed.
        """
        return self.retry(_QUERYING, lambda: self._result(sql, parameters)[0])

    def bytes_read(self, sql: str) -> int:
        """Bytes that a statement would be billed for, by a dry run, which is free."""
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(dry_run=True, use_query_cache=False)

        def once() -> int:
            job = self.client.query(
                sql, job_config=config, timeout=REQUEST_S,
                retry=ONCE,
                job_retry=ONCE,
            )  # fmt: skip
            return int(job.total_bytes_processed or 0)

        return self.retry(_QUERYING, once)

    def retry(self, doing: str, call: Callable[[], _Answer]) -> _Answer:
        """The answer of a call, which is made again for `wait_s` while it fails in passing.

        Google's client would go on for ten minutes, so its own patience is turned off wherever
        this one is used.

        Args:
            doing: What is being done, for the sentence of an error.
        """
        deadline, pause = time.monotonic() + self.wait_s, PAUSE_S
        while True:
            try:
                with google_errors(doing):
                    return call()
            except TransientError:
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def described(self, table: str) -> "Table | None":
        """A table's schema and state as they are now; None when there is none."""

        def once() -> "Table":
            return self.client.get_table(
                self.table(table), timeout=REQUEST_S,
                retry=ONCE,
            )  # fmt: skip

        try:
            return self.retry(message("doing.look_at", name=self.table(table)), once)
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
                raise StoreError(message("warehouse.no_table", table=self.table(table)))
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

        def once() -> None:
            self.client.delete_table(
                self.table(table), not_found_ok=True, timeout=REQUEST_S,
                retry=ONCE,
            )  # fmt: skip

        self.retry(message("doing.drop", name=self.table(table)), once)

    def make(self, table: str, like: "Table") -> None:
        """Make an empty table with the columns, partitions and clusters of another."""
        from google.cloud.bigquery import Table

        wanted = Table(self.table(table), schema=like.schema)
        wanted.time_partitioning = like.time_partitioning
        wanted.clustering_fields = like.clustering_fields

        def once() -> None:
            self.client.create_table(
                wanted, exists_ok=True, timeout=REQUEST_S,
                retry=ONCE,
            )  # fmt: skip

        self.retry(message("doing.make", name=self.table(table)), once)

    def make_dataset(self, layer: str) -> None:
        """Make a dataset in the region that the settings say; fine when it is there.

        It is looked at first: a service account may use a dataset and not be allowed to make one.
        """
        from google.cloud.bigquery import Dataset

        def there() -> None:
            self.client.get_dataset(
                self.dataset(layer), timeout=REQUEST_S,
                retry=None,  # type: ignore[arg-type]  # it means: once
            )  # fmt: skip

        with contextlib.suppress(MissingObjectError):
            self.retry(message("doing.look_at_dataset", name=self.dataset(layer)), there)
            return
        wanted = Dataset(self.dataset(layer))
        wanted.location = self.cloud.region

        def once() -> None:
            self.client.create_dataset(
                wanted, exists_ok=True, timeout=REQUEST_S,
                retry=ONCE,
            )  # fmt: skip

        self.retry(message("doing.make_dataset", name=self.dataset(layer)), once)

    def names(self, layer: str) -> set[str]:
        """Names of a dataset's tables, but for those that are only passing."""

        def once() -> set[str]:
            listed = self.client.list_tables(
                self.dataset(layer), timeout=REQUEST_S,
                retry=ONCE,
            )  # fmt: skip
            return {str(table.table_id) for table in listed}

        try:
            found = self.retry(message("doing.list_tables", name=self.dataset(layer)), once)
        except MissingObjectError:
            return set()
        return {name for name in found if not name.startswith((LOADING, BUILDING))}

    def _result(self, sql: str, parameters: Parameters | None) -> "tuple[str, Iterable[Row]]":
        """The id of a query's job, and its rows."""
        from google.cloud.bigquery.retry import DEFAULT_RETRY

        with _bounded(self.cloud):
            job = self.client.query(
                sql, job_config=query_config(self.cloud, parameters), timeout=REQUEST_S,
                retry=ONCE,
                job_retry=ONCE,
            )  # fmt: skip
            looking = DEFAULT_RETRY.with_timeout(self.wait_s)
            return str(job.job_id), job.result(timeout=JOB_S, retry=looking, job_retry=ONCE)


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
def _bounded(cloud: Cloud) -> Iterator[None]:
    """Say the way out of the bound on bytes, where a query meets it."""
    from google.api_core.exceptions import GoogleAPICallError

    try:
        yield
    except GoogleAPICallError as error:
        if "bytesBilledLimitExceeded" in reasons_of(error):
            raise too_much(cloud) from error
        raise


def too_much(cloud: Cloud) -> StoreError:
    """The error of a query that would read more than it may."""
    return StoreError(message("warehouse.most_bytes", most=cloud.max_bytes))
