"""Jobs of BigQuery under ids that we choose: each id is taken once, for ever."""

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
    """What is asked of a job of Google's client, whatever its kind."""

    job_id: str
    state: str | None
    error_result: Mapping[str, Any] | None
    labels: Mapping[str, str]
    created: datetime | None

    @property
    def query_parameters(self) -> Sequence[Any]:
        """The named values of a statement."""
        ...


class Turn(NamedTuple):
    """The job that succeeded under a numbered id.

    Attributes:
        mine: Whether this call began it.
    """

    job: Job
    number: int
    mine: bool


# Given an id and labels, inserts the job and does not wait for its end.
Begin: TypeAlias = Callable[[str | None, Mapping[str, str]], Job]

# How often one call has a job that fails in passing done anew, under another id each time.
MOST_FAILURES: Final = 5

# For a moment after a job was inserted BigQuery may not find it.
_UNSEEN_S = 6.0
# A job that a person or the service cancelled has one of these reasons.
_PASSING = TRANSIENT_REASONS | {"stopped", "timeout"}


class Jobs:
    """Jobs under chosen ids: begun, found, waited for."""

    def __init__(self, bigquery: BigQuery) -> None:
        self.bigquery = bigquery
        self.origins = Origins(bigquery)

    # --- how a job begins ---

    def query(self, sql: str, parameters: Parameters | None = None) -> Begin:
        """A statement, or a script."""
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
        """CSV with a header into a table.

        Args:
            replace: Put it in the place of what the table holds, not behind it.
            like: The table that has the columns, for one that is only passing.
        """
        from google.cloud.bigquery import LoadJobConfig

        # No bad record is allowed, a line break in a field neither: the rows are validated.
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
        """A Parquet object, which BigQuery reads itself, in the place of what a table holds.

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

    # --- what becomes of it ---

    def insert(self, job_id: str, begin: Begin, labels: Mapping[str, str] = LABELS) -> Job | None:
        """Begin a job under an id of its own; None when the id is taken.

        A request that fails in passing is made again with the same id. When its answer was lost
        the id is taken then, by the job itself, which its label `by` tells.

        Raises:
            TransientError: It cannot be begun now.
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
            there = self.existing(job_id)
            return there if there.labels.get("by") == signed["by"] else None
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
        """The job of an id that is taken; BigQuery may take a moment to find it.

        Raises:
            TransientError: It is not found.
        """
        job = self.wait_for(job_id, _UNSEEN_S)
        if job is None:
            raise TransientError(message("warehouse.job_taken", job=job_id))
        return job

    def wait_for(self, job_id: str, wait_s: float = 0.0) -> Job | None:
        """Wait for a job that another process is about to begin; None when it does not come.

        Args:
            wait_s: How long; the warehouse's own time by default.
        """
        backoff = Backoff(wait_s or self.bigquery.wait_s)
        while True:
            job = self.find(job_id)
            if job is not None or not backoff.pause():
                return job

    def wait_until_done(self, job: Job, *, patient: bool = False) -> Job:
        """The same job once it has ended, with success or without.

        Args:
            patient: Wait for as long as a job may take: it is a large one of this call.

        Raises:
            TransientError: It goes on running.
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
        """Run a job once over all processes, under the first number of an id whose job succeeds.

        Args:
            first: The number to begin with.

        Raises:
            TransientError: It fails in passing, again and again.
            StoreError: BigQuery refuses it.
        """
        failures = 0
        for number in itertools.count(first):
            numbered = f"{job_id}_{number}"
            begun = self.insert(numbered, begin, labels)
            job = self.wait_until_done(begun or self.existing(numbered))
            if succeeded(job):
                return Turn(job, number, mine=begun is not None)
            if begun:
                failures += 1
                self.fail(job, failures)
        raise AssertionError(job_id)  # numbers never end

    def done_by(self, job_id: str) -> Job | None:
        """The first job numbered under an id that succeeded; None if none has yet."""
        return next(self.done_under(job_id), None)

    def done_under(self, job_id: str) -> Iterator[Job]:
        """The jobs numbered under an id that succeeded, up to the first that is still running."""
        for number in itertools.count():
            job = self.find(f"{job_id}_{number}")
            if job is None or job.state != "DONE":
                return
            if succeeded(job):
                yield job

    def fail(self, job: Job, failures: int) -> None:
        """Wait a moment before a job that failed is done anew.

        Args:
            failures: How many times it failed in this call.

        Raises:
            TransientError: That is enough.
            StoreError: It failed for good.
        """
        fault = self.failure(job)
        if not isinstance(fault, TransientError) or failures == MOST_FAILURES:
            raise fault
        time.sleep(FIRST_PAUSE_S * 2**failures)

    def run(self, begin: Begin) -> None:
        """Have a job done that may be done twice, under an id of the library's choice."""
        job = self.bigquery.retry(message("doing.begin_a_job"), lambda: begin(None, LABELS))
        job = self.wait_until_done(job, patient=True)
        if not succeeded(job):
            raise self.failure(job)

    def failure(self, job: Job) -> StoreError | TransientError:
        """The error of a job that ended without doing its work: passing, or for good."""
        fault = job.error_result or {}
        reason, said = str(fault.get("reason", "unknown")), str(fault.get("message", ""))
        if reason == "bytesBilledLimitExceeded":
            return too_much(self.bigquery.cloud)
        words = said.partition("\n")[0].rstrip(".")
        sentence = message("warehouse.job_failed", job=job.job_id, reason=reason, words=words)
        passing = reason in _PASSING or is_conflict(words)
        return TransientError(sentence) if passing else StoreError(sentence)


def stage(jobs: Jobs, table: str, data: bytes) -> str:
    """Put CSV into a passing table with the columns of another; its name follows from the bytes."""
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
    """A label that no other call has: this process, this thread, this moment of its clock."""
    mine = f"{os.getpid()} {threading.get_ident()} {time.monotonic_ns()}"
    return hashlib.sha256(mine.encode()).hexdigest()[:32]


def succeeded(job: Job) -> bool:
    """Whether a job that has ended did its work."""
    return job.error_result is None


def is_conflict(words: str) -> bool:
    """Whether BigQuery says that two statements changed the same rows at once.

    It gives them the reason of a wrong statement, though the later one only has to be made again.
    """
    return "concurrent update" in words.lower()
