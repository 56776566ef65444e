"""BigQuery's client as the warehouse needs it: queries with a bound, and jobs under chosen ids."""

import contextlib
import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from core.errors import MissingObjectError, StoreError, TransientError
from core.gcp.clients import bigquery_client
from core.gcp.faults import TRANSIENT_REASONS, reasons_of, told
from core.settings import Cloud
from core.warehouse.base import Parameters
from core.warehouse.bigquery_rows import parameters_of

if TYPE_CHECKING:
    from google.cloud.bigquery import Client, SchemaField, Table


class Job(Protocol):
    """What is asked of a job of Google's client, whatever its kind."""

    @property
    def job_id(self) -> str:
        """Its id."""
        ...

    @property
    def state(self) -> str | None:
        """PENDING, RUNNING or DONE."""
        ...

    @property
    def error_result(self) -> Mapping[str, Any] | None:
        """Why it failed, as `reason` and `message`."""
        ...

    @property
    def labels(self) -> Mapping[str, str]:
        """What it says of itself."""
        ...

    @property
    def created(self) -> datetime | None:
        """When it was inserted."""
        ...

    @property
    def job_type(self) -> str:
        """Such as `load` or `query`."""
        ...


LABELS: Final[Mapping[str, str]] = {"app": "mrhealth"}

_REQUEST_S = 60.0  # of one request
_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 4.0
# For a moment after a job was inserted BigQuery may not find it.
_UNSEEN_TRIES = 6


class BigQuery:
    """A project's BigQuery, used from many threads; nothing is contacted before the first call.

    Args:
        prefix: Datasets are `{prefix}_bronze`, `{prefix}_silver` and `{prefix}_gold`.
        wait_s: Longest time, in seconds, that one call tries again or waits for a job.
    """

    def __init__(self, cloud: Cloud, prefix: str, wait_s: float) -> None:
        self.cloud = cloud
        self.prefix = prefix
        self.wait_s = max(wait_s, 1.0)
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._schemas: dict[str, list[SchemaField]] = {}

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
        """Rows of one statement of BigQuery's own SQL."""
        from google.cloud.bigquery import QueryJobConfig
        from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY, DEFAULT_RETRY

        config = QueryJobConfig(
            query_parameters=parameters_of(parameters or {}),
            maximum_bytes_billed=self.cloud.max_bytes,
            labels=dict(LABELS),
        )
        with told_of_query(self.cloud):
            job = self.client.query(
                sql, job_config=config, timeout=_REQUEST_S,
                retry=DEFAULT_RETRY.with_timeout(self.wait_s),
                job_retry=DEFAULT_JOB_RETRY.with_timeout(self.wait_s),
            )  # fmt: skip
            return [dict(row.items()) for row in job.result()]

    def bytes_read(self, sql: str) -> int:
        """Bytes that a statement would be billed for, by a dry run, which is free."""
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(dry_run=True, use_query_cache=False)
        with told_of_query(self.cloud):
            return int(self.client.query(sql, job_config=config).total_bytes_processed or 0)

    def random_id(self) -> str:
        """A text that nobody else has: the id that Google's client gives to a job that is free."""
        with told("Cannot query BigQuery"):
            return str(self.client.query("SELECT 1").job_id)

    def described(self, table: str) -> "Table | None":
        """A table's schema and state; None when there is none."""
        try:
            with told(f"Cannot look at {self.table(table)}"):
                return self.client.get_table(self.table(table), timeout=_REQUEST_S)
        except MissingObjectError:
            return None

    def schema(self, table: str) -> "list[SchemaField]":
        """A table's columns, in their order, asked for once."""
        if table not in self._schemas:
            found = self.described(table)
            if found is None:
                raise StoreError(f"The table {self.table(table)} is not there.")
            self._schemas[table] = list(found.schema)
        return self._schemas[table]

    def expire(self, table: str) -> "Table":
        """Have a table of our own go away by itself, a day after it was made; its state."""
        from google.api_core.exceptions import GoogleAPICallError

        found = self.described(table)
        if found is None or found.created is None:
            raise TransientError(f"The table {self.table(table)} is gone.")
        found.expires = found.created + timedelta(days=1)
        with contextlib.suppress(GoogleAPICallError):  # it is dropped at the end of the work, too
            self.client.update_table(found, ["expires"], timeout=_REQUEST_S)
        return found

    def drop(self, table: str) -> None:
        """Drop a table; nothing happens when there is none."""
        with told(f"Cannot drop {self.table(table)}"):
            self.client.delete_table(self.table(table), not_found_ok=True, timeout=_REQUEST_S)

    def insert(self, job_id: str, begin: Callable[[str], Job]) -> Job | None:
        """Begin a job under an id of its own, once for ever; None when the id is taken.

        A request that fails for a passing reason is tried again under the same id: when its answer
        was lost, the id turns out to be taken, by the job itself.

        Raises:
            TransientError: It cannot be begun now.
        """
        from google.api_core.exceptions import Conflict

        def once() -> Job | None:
            try:
                return begin(job_id)
            except Conflict:
                return None

        return self._patiently(once, f"Cannot begin the job {job_id}")

    def begin_query(
        self,
        job_id: str,
        sql: str,
        parameters: Parameters | None = None,
        labels: Mapping[str, str] = LABELS,
    ) -> Job:
        """Begin a statement, or a script, as the job of an id."""
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(
            labels=dict(labels), query_parameters=parameters_of(parameters or {}),
            use_query_cache=False,
        )  # fmt: skip
        return self.client.query(
            sql, job_config=config, job_id=job_id, timeout=_REQUEST_S,
            retry=None,  # type: ignore[arg-type]  # it means: once
            job_retry=None,
        )  # fmt: skip

    def begin_load(
        self,
        job_id: str,
        table: str,
        data: bytes,
        *,
        replace: bool = False,
        schema_of: str | None = None,
        labels: Mapping[str, str] = LABELS,
    ) -> Job:
        """Begin to load CSV with a header into a table, as the job of an id.

        Args:
            replace: Put it in the place of what the table holds, not behind it.
            schema_of: Make the table, with the columns of this one.
        """
        from google.cloud.bigquery import LoadJobConfig

        config = LoadJobConfig(
            source_format="CSV", field_delimiter=";", skip_leading_rows=1, max_bad_records=0,
            write_disposition="WRITE_TRUNCATE" if replace else "WRITE_APPEND",
            create_disposition="CREATE_IF_NEEDED" if schema_of else "CREATE_NEVER",
            labels=dict(labels),
        )  # fmt: skip
        if schema_of:
            config.schema = self.schema(schema_of)
        return self.client.load_table_from_file(
            io.BytesIO(data), self.table(table), size=len(data), job_id=job_id, job_config=config,
            num_retries=0, timeout=_REQUEST_S,
        )  # fmt: skip

    def find(self, job_id: str) -> Job | None:
        """The job of an id; None when there is none."""

        def once() -> Job:
            job = self.client.get_job(
                job_id, location=self.cloud.region, timeout=_REQUEST_S,
                retry=None,  # type: ignore[arg-type]  # it means: once
            )  # fmt: skip
            return cast("Job", job)

        try:
            return self._patiently(once, f"Cannot look at the job {job_id}")
        except MissingObjectError:
            return None

    def taken(self, job_id: str) -> Job:
        """The job of an id that is known to be taken, which may take a moment to be found.

        Raises:
            TransientError: It is not found.
        """
        for attempt in range(_UNSEEN_TRIES):
            job = self.find(job_id)
            if job is not None:
                return job
            time.sleep(_PAUSE_S * 2**attempt)
        raise TransientError(f"The job {job_id} is taken and cannot be seen yet.")

    def ended(self, job: Job) -> Job:
        """The same job once it has ended, well or not.

        Raises:
            TransientError: It runs for longer than `wait_s`.
        """
        deadline, pause = time.monotonic() + self.wait_s, _PAUSE_S
        while job.state != "DONE":
            if time.monotonic() > deadline:
                raise TransientError(f"The job {job.job_id} is still running.")
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            job = self.taken(job.job_id)
        return job

    def _patiently(self, call: Callable[[], Job | None], doing: str) -> Job | None:
        deadline, pause = time.monotonic() + self.wait_s, _PAUSE_S
        while True:
            try:
                with told(doing):
                    return call()
            except TransientError:
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)


def succeeded(job: Job) -> bool:
    """Whether a job that has ended did its work."""
    return job.error_result is None


def failure(job: Job) -> StoreError | TransientError:
    """The error of a job that ended without doing its work: passing, or for good."""
    fault = job.error_result or {}
    reason, message = fault.get("reason", "unknown"), fault.get("message", "")
    words = str(message).partition("\n")[0].rstrip(".")
    sentence = f"The job {job.job_id} failed: {reason} ({words})."
    # Two transactions that change the same rows: the later one is told to try again.
    passing = reason in TRANSIENT_REASONS or "concurrent update" in words
    return TransientError(sentence) if passing else StoreError(sentence)


@contextlib.contextmanager
def told_of_query(cloud: Cloud) -> Iterator[None]:
    """As `told`, with the way out of the bound on bytes."""
    from google.api_core.exceptions import GoogleAPICallError

    with told("Cannot query BigQuery"):
        try:
            yield
        except GoogleAPICallError as error:
            if "bytesBilledLimitExceeded" in reasons_of(error):
                raise StoreError(
                    f"A query would read more than {cloud.max_bytes:,} bytes, the most that "
                    "MRHEALTH_MAX_BYTES allows: allow more, or ask for less."
                ) from error
            raise
