"""BigQuery jobs under ids of our choice: BigQuery takes each id once, for ever."""

import contextlib
import functools
import hashlib
import io
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, cast

from core.errors import MissingObjectError, StoreError, TransientError
from core.gcp.backoff import FIRST_PAUSE_S, Backoff
from core.gcp.errors import TRANSIENT_REASONS
from core.messages import message
from core.warehouse.base import Parameters
from core.warehouse.bigquery.client import (
    EXPIRING,
    JOB_S,
    LABELS,
    LOADING,
    ONCE,
    QUERY_ONCE,
    REQUEST_S,
    BigQuery,
    query_config,
    too_much,
)
from core.warehouse.bigquery.loaded.origin import Origins


class Job(Protocol):
    """What the platform reads of a job of Google's client, of any kind."""

    job_id: str
    state: str | None
    error_result: Mapping[str, Any] | None
    labels: Mapping[str, str]
    created: datetime | None

    @property
    def query_parameters(self) -> Sequence[Any]:
        """The parameters of a query job."""


class Turn(NamedTuple):
    """The job that succeeded under a numbered id, and whether this call began it (`mine`)."""

    job: Job
    number: int
    mine: bool


# Given an id and labels, inserts the job and does not wait for its end.
Begin: TypeAlias = Callable[[str | None, Mapping[str, str]], Job]

# How often one call repeats a job after a passing fault, each time under another id.
MOST_FAILURES: Final = 5

# For a moment after a job was inserted BigQuery may not find it.
_UNSEEN_S = 6.0
# A job that a person or the service cancelled has one of these reasons.
_PASSING = TRANSIENT_REASONS | {"stopped", "timeout"}


class Jobs:
    """Begins, finds and awaits jobs.

    Methods raise TransientError when a job cannot begin now, is not found, still runs or failed
    `MOST_FAILURES` times in one call, StoreError when BigQuery refuses it.
    """

    def __init__(self, bigquery: BigQuery) -> None:
        self.bigquery = bigquery
        self.origins = Origins(bigquery)

    # --- jobs to begin ---

    def query(self, sql: str, parameters: Parameters | None = None) -> Begin:
        """A query job: one statement, or a script."""
        config = functools.partial(query_config, self.bigquery.cloud, parameters)

        def begin(job_id: str | None, labels: Mapping[str, str]) -> Job:
            return cast("Job", self.bigquery.client.query(
                sql, job_config=config(labels), job_id=job_id, **QUERY_ONCE
            ))  # fmt: skip

        return begin

    def marker_job(self) -> Begin:
        """A job that does no work and marks a position by its labels; it is free."""
        return self.query("SELECT 1")

    def load(self, table: str, data: bytes, *, replace: bool = False, like: str = "") -> Begin:
        """A load job of CSV with a header.

        Args:
            replace: Replace the table's rows instead of appending.
            like: The table whose columns to use, where `table` is temporary.
        """
        from google.cloud.bigquery import LoadJobConfig

        # Neither bad records nor line breaks in a field are allowed: the rows are validated.
        config = functools.partial(
            LoadJobConfig, source_format="CSV", field_delimiter=";", skip_leading_rows=1,
            max_bad_records=0, schema=self.bigquery.schema(like or table),
            preserve_ascii_control_characters=True,
            create_disposition="CREATE_IF_NEEDED" if like else "CREATE_NEVER",
            write_disposition="WRITE_TRUNCATE" if replace else "WRITE_APPEND",
        )  # fmt: skip

        def begin(job_id: str | None, labels: Mapping[str, str]) -> Job:
            return cast("Job", self.bigquery.client.load_table_from_file(
                io.BytesIO(data), self.bigquery.table(table), size=len(data), job_id=job_id,
                job_config=config(labels=dict(labels)), num_retries=0, timeout=REQUEST_S,
            ))  # fmt: skip

        return begin

    def load_parquet(self, table: str, uri: str) -> Begin:
        """A load job that replaces a table's rows by those of a Parquet object.

        Decimals become NUMERIC, 32-bit dates DATE, texts STRING:
        cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet#parquet_conversions
        """
        from google.cloud.bigquery import LoadJobConfig

        config = functools.partial(
            LoadJobConfig, source_format="PARQUET", decimal_target_types=["NUMERIC"],
            create_disposition="CREATE_NEVER", write_disposition="WRITE_TRUNCATE",
        )  # fmt: skip

        def begin(job_id: str | None, labels: Mapping[str, str]) -> Job:
            return cast("Job", self.bigquery.client.load_table_from_uri(
                uri, self.bigquery.table(table), job_id=job_id,
                job_config=config(labels=dict(labels)), **ONCE,
            ))  # fmt: skip

        return begin

    # --- begin, find, wait ---

    def insert(self, job_id: str, begin: Begin, labels: Mapping[str, str] = LABELS) -> Job | None:
        """Begin a job under an id; None when another job has the id.

        After a passing fault the request is repeated with the same id. If only the answer was
        lost, the job has taken its id itself, which its label `by` shows.
        """
        from google.api_core.exceptions import Conflict

        signed = {**labels, "by": _signature()}
        tries = 0

        def insert() -> Job | None:
            nonlocal tries
            tries += 1
            try:
                return begin(job_id, signed)
            except Conflict:
                return None

        job = self.bigquery.retry(message("doing.begin_job", name=job_id), insert)
        if job is None and tries > 1:
            found = self.existing(job_id)
            return found if found.labels.get("by") == signed["by"] else None
        return job

    def find(self, job_id: str) -> Job | None:
        """The job of an id; None when there is none."""
        region = self.bigquery.cloud.region

        def look() -> Job:
            return cast("Job", self.bigquery.client.get_job(job_id, location=region, **ONCE))

        with contextlib.suppress(MissingObjectError):
            return self.bigquery.retry(message("doing.look_at_job", name=job_id), look)
        return None

    def existing(self, job_id: str) -> Job:
        """The job of an id that is taken; BigQuery may take a moment to find it."""
        job = self.wait_for(job_id, _UNSEEN_S)
        if job is None:
            raise TransientError(message("warehouse.job_taken", job=job_id))
        return job

    def wait_for(self, job_id: str, wait_s: float = 0.0) -> Job | None:
        """Wait for a job that another process is about to begin; None when it does not come.

        `wait_s` is in seconds; 0 is the warehouse's time.
        """
        backoff = Backoff(wait_s or self.bigquery.wait_s)
        while True:
            job = self.find(job_id)
            if job is not None or not backoff.pause():
                return job

    def wait_until_done(self, job: Job, *, patient: bool = False) -> Job:
        """The same job once it has ended, with success or without.

        `patient`, for a large job that this call began, waits as long as a job may take.
        """
        backoff = Backoff(JOB_S if patient else self.bigquery.wait_s)
        while job.state != "DONE":
            if not backoff.pause():
                raise TransientError(message("warehouse.job_running", job=job.job_id))
            job = self.existing(job.job_id)
        return job

    def run_once(
        self, job_id: str, begin: Begin, labels: Mapping[str, str] = LABELS, first: int = 0
    ) -> Turn:
        """Run a job once over all processes, under the first number from `first` that succeeds."""
        failures = 0
        for number in itertools.count(first):
            numbered = f"{job_id}_{number}"
            begun = self.insert(numbered, begin, labels)
            job = self.wait_until_done(begun or self.existing(numbered))
            if has_succeeded(job):
                return Turn(job, number, mine=begun is not None)
            if begun:
                failures += 1
                self.pause_or_raise(job, failures)
        raise AssertionError(job_id)  # numbers never end

    def find_done(self, job_id: str) -> Job | None:
        """The first job numbered under an id that succeeded; None if none has yet."""
        return next(self.iter_done(job_id), None)

    def iter_done(self, job_id: str) -> Iterator[Job]:
        """The jobs numbered under an id that succeeded, up to one that is still running."""
        for number in itertools.count():
            job = self.find(f"{job_id}_{number}")
            if job is None or job.state != "DONE":
                return
            if has_succeeded(job):
                yield job

    def pause_or_raise(self, job: Job, failures: int) -> None:
        """Pause before a job that failed `failures` times in this call is repeated.

        Raises:
            TransientError: It failed `MOST_FAILURES` times.
            StoreError: It failed for good.
        """
        fault = self.error_of(job)
        if not isinstance(fault, TransientError) or failures == MOST_FAILURES:
            raise fault
        time.sleep(FIRST_PAUSE_S * 2**failures)

    def run(self, begin: Begin) -> None:
        """Run a job that may run twice, under a random id."""
        job = self.bigquery.retry(message("doing.begin_a_job"), lambda: begin(None, LABELS))
        job = self.wait_until_done(job, patient=True)
        if not has_succeeded(job):
            raise self.error_of(job)

    def error_of(self, job: Job) -> StoreError | TransientError:
        """The error of a job that failed."""
        fault = job.error_result or {}
        reason, said = str(fault.get("reason", "unknown")), str(fault.get("message", ""))
        if reason == "bytesBilledLimitExceeded":
            return too_much(self.bigquery.cloud)
        words = said.partition("\n")[0].rstrip(".")
        sentence = message("warehouse.job_failed", job=job.job_id, reason=reason, words=words)
        passing = reason in _PASSING or is_conflict(words)
        return TransientError(sentence) if passing else StoreError(sentence)


def stage(jobs: Jobs, table: str, data: bytes) -> str:
    """Load CSV into a temporary table with another table's columns; the bytes decide its name."""
    bigquery = jobs.bigquery
    name = hashlib.sha256(table.encode() + b"\n" + data).hexdigest()[:40]
    staged = f"bronze.{LOADING}{name}"
    bigquery.run(
        f"CREATE TABLE IF NOT EXISTS `{bigquery.table(staged)}` "
        f"LIKE `{bigquery.table(table)}` {EXPIRING}"
    )
    jobs.run(jobs.load(staged, data, replace=True, like=table))
    return staged


def _signature() -> str:
    """A label value that no other call has: a hash of process, thread and clock."""
    mine = f"{os.getpid()} {threading.get_ident()} {time.monotonic_ns()}"
    return hashlib.sha256(mine.encode()).hexdigest()[:32]


def has_succeeded(job: Job) -> bool:
    """Whether a job that ended did its work."""
    return job.error_result is None


def is_conflict(words: str) -> bool:
    """Whether BigQuery reports that two statements changed the same rows at once.

    Its reason is that of an invalid statement, although repeating the later one is enough.
    """
    return "concurrent update" in words.lower()
