"""How rows of objects come into a table of Bronze: behind what is there, or in its place."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from core.warehouse.base import Load
from core.warehouse.bigquery_jobs import Begin, Jobs, stage
from core.warehouse.bigquery_log import Entry
from core.warehouse.bigquery_rows import SOURCED, bronze_csv

# One statement, so that it is done or not done. Its partitions are named, the others not read.
_GONE = "_source_file IN UNNEST(@names) AND _ingest_date IN UNNEST(@days)"
_TAKE_OUT: Final = "DELETE FROM `{table}` WHERE {gone}"
_EXCHANGE: Final = """
MERGE `{table}` AS old USING `{staged}` AS new ON FALSE
WHEN NOT MATCHED BY SOURCE AND {gone} THEN DELETE
WHEN NOT MATCHED BY TARGET THEN INSERT ({columns}) VALUES ({columns})
"""
_EMPTY: Final = "DELETE FROM `{table}` WHERE TRUE"


class Coming:
    """The rows of objects of one kind, on their way into Bronze.

    Args:
        loads: One object of reference data, or any number of sales.
        at: The aware moment of ingestion.
    """

    def __init__(self, jobs: Jobs, loads: Sequence[Load], at: datetime) -> None:
        self._jobs = jobs
        self._loads = loads
        self._at = at
        self._table = f"bronze.{loads[0].rows.kind}"
        self._staged = ""

    def begin(self, older: Sequence[Entry]) -> Begin:
        """The one job that brings them.

        Args:
            older: What loaded the older generations whose rows have to go.
        """
        rows = any(load.rows.rows_loaded for load in self._loads)
        if self._loads[0].rows.kind not in SOURCED:
            return self._reference(rows=rows, older=bool(older))
        if older:
            return self._exchange(older) if rows else self._take_out(older)
        return self._jobs.load(self._table, self._csv()) if rows else self._jobs.nothing()

    def clear(self) -> None:
        """Drop what was only passing; for whoever's job has done its work."""
        if self._staged:
            self._jobs.bigquery.drop(self._staged)

    def _reference(self, *, rows: bool, older: bool) -> Begin:
        """A reference table is one object: whatever stands there goes."""
        if rows:
            return self._jobs.load(self._table, self._csv(), replace=True)
        if older and self._loads[0].rows.columns:
            return self._jobs.query(_EMPTY.format(table=self._jobs.bigquery.table(self._table)))
        return self._jobs.nothing()

    def _exchange(self, older: Sequence[Entry]) -> Begin:
        bigquery = self._jobs.bigquery
        self._staged = self._staged or stage(self._jobs, self._table, self._csv())
        sql = _EXCHANGE.format(
            table=bigquery.table(self._table), staged=bigquery.table(self._staged),
            columns=", ".join(bigquery.columns(self._table)), gone=_GONE,
        )  # fmt: skip
        return self._jobs.query(sql, self._gone(older))

    def _take_out(self, older: Sequence[Entry]) -> Begin:
        sql = _TAKE_OUT.format(table=self._jobs.bigquery.table(self._table), gone=_GONE)
        return self._jobs.query(sql, self._gone(older))

    def _gone(self, older: Sequence[Entry]) -> dict[str, list[str] | list[date]]:
        names = [load.name for load in self._loads]
        return {"names": names, "days": sorted({entry.day for entry in older})}

    def _csv(self) -> bytes:
        columns = self._jobs.bigquery.columns(self._table)
        return bronze_csv(columns, self._loads, self._at)
