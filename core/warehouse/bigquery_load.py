"""Objects into Bronze on BigQuery: one object a load job, or many in one.

    single    an entry in the log of the object's name; the rows are the entry's own job
    batch     the objects are claimed in their logs, then loaded by one job a table

Both agree through the logs (see `bigquery_log`). A generation that takes an older one's place goes
singly: its rows are staged, and one transaction takes the old rows out and puts the new ones in.
"""

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from core.errors import TransientError
from core.gcp.clients import THREADS
from core.names import REFERENCE_FILES
from core.warehouse.base import Load, Parameters
from core.warehouse.bigquery_client import BigQuery, Job, failure, succeeded
from core.warehouse.bigquery_log import MOST_FAILURES, Entry, Log, digest, labels, noting
from core.warehouse.bigquery_rows import SOURCED, bronze_csv, ledger_csv, ledger_row

# So many objects, or fewer, are loaded each by a job of its own.
MOST_SINGLES = 20

_REPLACE = """
BEGIN TRANSACTION;
DELETE FROM `{table}` WHERE _source_file = @name AND _ingest_date = @day;
INSERT INTO `{table}` ({columns}) SELECT {columns} FROM `{staged}`;
COMMIT TRANSACTION;
"""
_TAKE_OUT = "DELETE FROM `{table}` WHERE _source_file = @name AND _ingest_date = @day"
_EMPTY = "DELETE FROM `{table}` WHERE TRUE"
_NOTE = "INSERT INTO `{table}` ({columns}) VALUES ({values})"
_NOTE_AGAIN = """
MERGE `{table}` AS ledger USING (SELECT 1) ON bucket = @bucket AND object_name = @object_name
WHEN MATCHED AND ledger.generation < @generation THEN UPDATE SET {assignments}
WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values})
"""


class Loader:
    """Loads of one bucket at one moment.

    Args:
        now: The aware moment of ingestion.
    """

    def __init__(self, bigquery: BigQuery, bucket: str, now: datetime) -> None:
        self._bigquery = bigquery
        self._bucket = bucket
        self._now = now

    def load(self, loads: Sequence[Load]) -> dict[str, bool]:
        """Put objects into Bronze; names of those that were new, and whether they replaced."""
        new: dict[str, bool] = {}
        if len(loads) <= MOST_SINGLES:
            return self._singly(loads)
        for kind in sorted({load.rows.kind for load in loads}):
            of_kind = [load for load in loads if load.rows.kind == kind]
            batched = kind in SOURCED and len(of_kind) > MOST_SINGLES
            new |= self._together(kind, of_kind) if batched else self._singly(of_kind)
        return new

    # --- one object, one job ---

    def _singly(self, loads: Sequence[Load]) -> dict[str, bool]:
        if len(loads) == 1:
            answers = [self._single(loads[0])]
        else:
            with ThreadPoolExecutor(THREADS, thread_name_prefix="bronze") as threads:
                answers = list(threads.map(self._single, loads))
        return {
            load.name: replaced
            for load, replaced in zip(loads, answers, strict=True)
            if replaced is not None
        }

    def _single(self, load: Load) -> bool | None:
        """Load one object; whether it replaced an older generation, None when it was not new."""
        log = Log(self._bigquery, self._bucket, load.name, self._now)
        done, before = log.write(load.generation, functools.partial(self._beginning, load))
        if done:
            self._note(load, done, again=before is not None)
        elif before and before.generation == load.generation:
            # In case whoever loaded it died before.
            self._note(load, before, again=not before.id.endswith("_0"))
        return before is not None if done else None

    def _beginning(self, load: Load, entry: Entry, older: Entry | None) -> Callable[[str], Job]:
        """How the job of an entry begins."""
        kind, marks = load.rows.kind, labels(entry.generation, self._now)
        table = f"bronze.{kind}"
        query = functools.partial(self._bigquery.begin_query, labels=marks)
        if not load.rows.rows_loaded:
            if kind in SOURCED and older:
                gone: Parameters = {"name": load.name, "day": older.day}
                sql = _TAKE_OUT.format(table=self._bigquery.table(table))
                return lambda job_id: query(job_id, sql, gone)
            if kind in REFERENCE_FILES and older:
                sql = _EMPTY.format(table=self._bigquery.table(table))
                return lambda job_id: query(job_id, sql)
            return noting(self._bigquery, marks)
        if kind in SOURCED and older:
            return functools.partial(self._replace, load, older, marks)
        data = bronze_csv(self._columns(table), [load], self._now)
        return functools.partial(
            self._bigquery.begin_load, table=table, data=data, replace=kind not in SOURCED,
            labels=marks,
        )  # fmt: skip

    def _replace(self, load: Load, older: Entry, marks: dict[str, str], job_id: str) -> Job:
        """Stage the new rows, then begin the transaction that puts them in the old ones' place."""
        table = f"bronze.{load.rows.kind}"
        columns = self._columns(table)
        staged = f"bronze._load_{job_id}_{load.generation}"
        data = bronze_csv(columns, [load], self._now)
        staging = self._bigquery.begin_load(
            f"{job_id}_{load.generation}_{digest(str(self._now))[:12]}_staged", staged, data,
            replace=True, schema_of=table,
        )  # fmt: skip
        staging = self._bigquery.ended(staging)
        if not succeeded(staging):
            raise failure(staging)
        self._bigquery.expire(staged)
        sql = _REPLACE.format(
            table=self._bigquery.table(table), staged=self._bigquery.table(staged),
            columns=", ".join(columns),
        )  # fmt: skip
        gone: Parameters = {"name": load.name, "day": older.day}
        return self._bigquery.begin_query(job_id, sql, gone, marks)

    def _note(self, load: Load, entry: Entry, *, again: bool) -> None:
        """Write an object to the ledger, once an entry."""
        row = ledger_row(self._bucket, load, self._now)
        names = {
            "table": self._bigquery.table("bronze._ingested_objects"),
            "columns": ", ".join(row),
            "values": ", ".join(f"@{name}" for name in row),
            "assignments": ", ".join(f"{name} = @{name}" for name in row),
        }
        sql = (_NOTE_AGAIN if again else _NOTE).format(**names)
        self._once(
            f"{entry.id}_ledger", lambda job_id: self._bigquery.begin_query(job_id, sql, row)
        )

    def _once(self, job_id: str, begin: Callable[[str], Job]) -> None:
        """Have a job done under an id, or under the next one when it failed."""
        for attempt in range(MOST_FAILURES):
            own = f"{job_id}_{attempt}"
            job = self._bigquery.insert(own, begin) or self._bigquery.taken(own)
            job = self._bigquery.ended(job)
            if succeeded(job):
                return
            fault = failure(job)
            if not isinstance(fault, TransientError):
                raise fault
        raise fault

    # --- many objects, one job ---

    def _together(self, kind: str, loads: Sequence[Load]) -> dict[str, bool]:
        """Load many objects of a kind by one job; those that a log has already go singly."""
        candidates = digest(*sorted(f"{load.name}#{load.generation}" for load in loads))
        for attempt in range(MOST_FAILURES):
            batch = f"mrh_batch_{candidates}_{attempt}"
            claims = self._claim(loads, batch)
            mine = [load for load, entry in claims if entry is None]
            if not mine or self._load_batch(batch, kind, mine):
                others = [load for load, entry in claims if entry is not None]
                return {load.name: False for load in mine} | self._singly(others)
        raise TransientError(f"{len(loads)} objects could not be loaded as a batch: try again.")

    def _claim(self, loads: Sequence[Load], batch: str) -> list[tuple[Load, Entry | None]]:
        def claim(load: Load) -> tuple[Load, Entry | None]:
            log = Log(self._bigquery, self._bucket, load.name, self._now)
            return load, log.claim(load.generation, batch)

        with ThreadPoolExecutor(THREADS, thread_name_prefix="claims") as threads:
            return list(threads.map(claim, loads))

    def _load_batch(self, batch: str, kind: str, loads: Sequence[Load]) -> bool:
        """Load claimed objects; False when the batch's job failed, so that it needs a new id.

        Raises:
            StoreError: BigQuery refuses the rows.
        """
        table = f"bronze.{kind}"
        data = bronze_csv(self._columns(table), loads, self._now)
        marks = labels(0, self._now, batch)
        job = self._bigquery.insert(
            batch, lambda job_id: self._bigquery.begin_load(job_id, table, data, labels=marks)
        )
        job = self._bigquery.ended(job or self._bigquery.taken(batch))
        if job.job_type != "load":
            return False  # somebody has fenced it
        if not succeeded(job):
            fault = failure(job)
            if isinstance(fault, TransientError):
                return False
            raise fault
        _, rows = ledger_csv(self._bucket, loads, self._now)
        self._once(
            f"{batch}_ledger",
            lambda job_id: self._bigquery.begin_load(job_id, "bronze._ingested_objects", rows),
        )
        return True

    def _columns(self, table: str) -> list[str]:
        return [field.name for field in self._bigquery.schema(table)]
