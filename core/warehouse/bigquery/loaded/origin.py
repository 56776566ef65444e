"""Where Bronze comes from: one row says the bucket, and what tells its logs of jobs apart.

The row is a part of Bronze: it is dropped with the datasets, whose successors begin with empty
logs, and stays when a single table is made again. Who restores Bronze to an earlier state gives it
another log, by one statement (docs/google-cloud.md).
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

# BigQuery keeps jobs for 180 days. An object that was loaded no more than AHEAD before its business
# date is in its log, with ten days to spare, for as long as the date is not older than LOGGED.
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
# Earlier releases had no such row: the bucket is that of what was loaded last, the log is theirs.
_WRITE: Final = """
MERGE `{origin}` AS old
USING (
  SELECT
    COALESCE(
      (SELECT bucket FROM `{ledger}` ORDER BY _ingest_timestamp DESC LIMIT 1), @bucket
    ) AS bucket,
    @log AS log
) AS fresh
ON old.log = fresh.log
WHEN NOT MATCHED THEN INSERT (bucket, log) VALUES (fresh.bucket, fresh.log)
"""


class Origin(NamedTuple):
    """The row, and what is to be known of the ledger before a load.

    Attributes:
        log: Tells Bronze's logs from those of others, and from those before it was restored.
        since: From when on the logs are whole; None when they are from the first load on.
        ahead: Business dates of which objects were loaded long ahead.
    """

    bucket: str
    log: str
    since: datetime | None
    ahead: frozenset[date]


class Origins:
    """The row of one Bronze, read once a process, and before the first load of a day."""

    def __init__(self, bigquery: BigQuery) -> None:
        self._bigquery = bigquery
        self._lock = threading.Lock()
        self._read: Origin | None = None
        self._day: date | None = None

    def of(self, bucket: str, today: date | None = None) -> Origin:
        """The row, which is written where there is none; the Bronze tables must be there.

        Args:
            today: The UTC date of a load; None for what loads nothing.

        Raises:
            StoreError: Bronze is loaded from another bucket.
        """
        with self._lock:
            if self._read is None or today not in (None, self._day):
                self._read, self._day = self._found_or_written(bucket, today), today
            found = self._read
        if found.bucket != bucket:
            dataset = self._bigquery.dataset("bronze")
            raise StoreError(
                message(
                    "warehouse.other_bucket", dataset=dataset, first=found.bucket, bucket=bucket
                )
            )
        return found

    def _found_or_written(self, bucket: str, today: date | None) -> Origin:
        found = self._find(today)
        if found is None:
            with contextlib.suppress(StoreError):  # another process writes it at once
                self._write(bucket)
            found = self._find(today)
        if found is None:
            raise TransientError(message("warehouse.no_origin", table=self._bigquery.table(_TABLE)))
        return found

    def _find(self, today: date | None) -> Origin | None:
        first = day_prefix(today - LOGGED) if today else "~"  # behind all names
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

    def _write(self, bucket: str) -> None:
        created = str(self._bigquery.known(LEDGER).created)
        sql = _WRITE.format(
            origin=self._bigquery.table(_TABLE), ledger=self._bigquery.table(LEDGER)
        )
        self._bigquery.run(sql, {"bucket": bucket, "log": created})


def _dates(texts: Iterable[str]) -> Iterator[date]:
    """Dates of names; one such as `2026/25/02`, which a person has made, is of none."""
    for text in texts:
        with contextlib.suppress(ValueError):
            yield datetime.strptime(text, "%Y/%m/%d").date()  # noqa: DTZ007 - a date
