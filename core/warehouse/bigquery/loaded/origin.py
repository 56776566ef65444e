"""The origin of Bronze: one row with the bucket, and an id that its logs of jobs depend on.

The row is dropped with the datasets, so that new datasets begin with empty logs, and stays when a
single table is created again. Restoring Bronze to an earlier state includes one statement that
gives it another log (docs/google-cloud.md).
"""

import contextlib
import threading
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from core.errors import StoreError, TransientError
from core.messages import message
from core.storage.object_names import day_prefix
from core.warehouse.base import LEDGER
from core.warehouse.bigquery.client import BigQuery

_TABLE: Final = "bronze._origin"

# BigQuery keeps jobs for 180 days. If an object was loaded no more than AHEAD before its business
# date, its log has it, with ten days to spare, until the date is older than LOGGED.
LOGGED: Final = timedelta(days=150)
AHEAD: Final = timedelta(days=20)

_READ: Final = r"""
SELECT bucket, log, since, CAST(NULL AS STRING) AS ahead FROM `{origin}`
UNION ALL
SELECT DISTINCT '', '', CAST(NULL AS TIMESTAMP), business_date
FROM (
  SELECT
    REGEXP_EXTRACT(object_name, r'[0-9]+/[0-9]+/[0-9]+') AS business_date,
    FORMAT_DATE('%Y/%m/%d', DATE_ADD(DATE(_ingest_timestamp), INTERVAL {days} DAY)) AS usual
  FROM `{ledger}` WHERE object_name >= @first
)
WHERE business_date > usual
"""
# Releases before this row: the bucket is that of the last load, the log the ledger's creation time.
_LAST: Final = "SELECT bucket FROM `{ledger}` ORDER BY _ingest_timestamp DESC LIMIT 1"
_WRITE: Final = """
MERGE `{origin}` AS old USING (SELECT @bucket AS bucket, @log AS log) AS fresh
ON old.log = fresh.log
WHEN NOT MATCHED THEN INSERT (bucket, log) VALUES (fresh.bucket, fresh.log)
"""


class Origin(NamedTuple):
    """The row, and what a load needs to know of the ledger.

    Attributes:
        log: Distinguishes Bronze's logs from those of others, and from those before a restore.
        since: From when on the logs are complete; None if they are from the first load on.
        ahead: Business dates whose objects were loaded more than `AHEAD` before the date.
    """

    bucket: str
    log: str
    since: datetime | None
    ahead: frozenset[date]


class Origins:
    """Reads the row of one Bronze once per process, and again before the first load of a day.

    The Bronze tables must exist; StoreError if Bronze is loaded from another bucket.
    """

    def __init__(self, bigquery: BigQuery) -> None:
        self._bigquery = bigquery
        self._lock = threading.Lock()
        self._read: Origin | None = None
        self._day: date | None = None

    def look(self, bucket: str) -> Origin:
        """The row; while there is none, the one that a load would write. Nothing is written."""
        with self._lock:
            if self._read is None:
                self._read = self._find(None)
            found = self._read or self._first(bucket)
        return self._checked(found, bucket)

    def bind(self, bucket: str, day: date) -> Origin:
        """The row, which is written if there is none; `day` is the UTC date of the load."""
        with self._lock:
            if self._read is None or day != self._day:
                self._read, self._day = self._find_or_write(bucket, day), day
            found = self._read
        return self._checked(found, bucket)

    def _checked(self, found: Origin, bucket: str) -> Origin:
        if found.bucket == bucket:
            return found
        dataset = self._bigquery.dataset("bronze")
        raise StoreError(
            message("warehouse.other_bucket", dataset=dataset, first=found.bucket, bucket=bucket)
        )

    def _find_or_write(self, bucket: str, day: date) -> Origin:
        found = self._find(day)
        if found is None:
            with contextlib.suppress(StoreError):  # another process writes it at the same time
                self._write(self._first(bucket))
            found = self._find(day)
        if found is None:
            raise TransientError(message("warehouse.no_origin", table=self._bigquery.table(_TABLE)))
        return found

    def _find(self, day: date | None) -> Origin | None:
        first = day_prefix(day - LOGGED) if day else "~"  # behind all names
        sql = _READ.format(
            origin=self._bigquery.table(_TABLE), ledger=self._bigquery.table(LEDGER),
            days=AHEAD.days,
        )  # fmt: skip
        rows = self._bigquery.rows(sql, {"first": first})
        ahead = frozenset(_dates(row["ahead"] for row in rows if row["ahead"]))
        return next(
            (Origin(row["bucket"], row["log"], row["since"], ahead) for row in rows if row["log"]),
            None,
        )

    def _first(self, bucket: str) -> Origin:
        """The row of a Bronze that has none yet."""
        rows = self._bigquery.rows(_LAST.format(ledger=self._bigquery.table(LEDGER)))
        last = rows[0]["bucket"] if rows else bucket
        return Origin(last, str(self._bigquery.table_info(LEDGER).created), None, frozenset())

    def _write(self, origin: Origin) -> None:
        sql = _WRITE.format(origin=self._bigquery.table(_TABLE))
        self._bigquery.run(sql, {"bucket": origin.bucket, "log": origin.log})


def _dates(texts: Iterable[str]) -> Iterator[date]:
    """Dates in names; impossible ones, such as `2026/25/02`, are left out."""
    for text in texts:
        with contextlib.suppress(ValueError):
            yield datetime.strptime(text, "%Y/%m/%d").date()  # noqa: DTZ007 - a date
