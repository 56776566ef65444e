"""Write the rows of objects into a Bronze table: append them, or replace older rows."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from core.generation.columns import HEADERS
from core.warehouse.base import Load, Value
from core.warehouse.bigquery.client import EXPIRING, LOADING
from core.warehouse.bigquery.encoding import SOURCED, bronze_csv
from core.warehouse.bigquery.jobs import Begin, Jobs, stage
from core.warehouse.bigquery.loaded.load_log import LoadEntry

# One statement, so that it happens as a whole or not at all. It reads only the named partitions.
_GONE = "_source_file IN UNNEST(@names) AND _ingest_date IN UNNEST(@days)"
_TAKE_OUT: Final = "DELETE FROM `{table}` WHERE {gone}"
_EXCHANGE: Final = """
MERGE `{table}` AS old USING {staged} AS fresh ON FALSE
WHEN NOT MATCHED BY SOURCE AND {gone} THEN DELETE
WHEN NOT MATCHED BY TARGET THEN INSERT ({columns}) VALUES ({columns})
"""
# Rows of a Parquet object have neither its name nor the moment of ingestion; these add both.
_INSERT: Final = "INSERT INTO `{table}` ({columns}) {rows}"
_OWN: Final = {"_source_file": "@name", "_ingest_timestamp": "@at", "_ingest_date": "@day"}
_PASSING: Final = "CREATE TABLE IF NOT EXISTS `{staged}` ({columns}) {expiring}"
_TYPES: Final = {
    "Data_Pedido": "DATE", "Vlr_Pedido": "NUMERIC", "Taxa_Entrega": "NUMERIC",
    "Vlr_Item": "NUMERIC", "Id_Unidade": "INT64", "Id_Produto": "INT64", "Qtd": "INT64",
}  # fmt: skip
_EMPTY: Final = "DELETE FROM `{table}` WHERE TRUE"


class RowWriter:
    """Makes the job that writes the rows of objects of one kind, ingested at the aware moment `at`.

    Args:
        loads: One object of reference data, one in Parquet, or any number of sales in CSV.
        bucket: The bucket from which BigQuery reads a Parquet object.
    """

    def __init__(self, jobs: Jobs, loads: Sequence[Load], at: datetime, bucket: str = "") -> None:
        self._jobs = jobs
        self._bucket = bucket
        self._loads = loads
        self._at = at
        self._table = f"bronze.{loads[0].rows.kind}"
        self._staged = ""

    def begin(self, older: Sequence[LoadEntry]) -> Begin:
        """The one job that writes all rows and deletes those of entries of older generations."""
        rows = any(load.rows.rows_loaded for load in self._loads)
        if self._loads[0].rows.kind not in SOURCED:
            return self._reference(rows=rows)
        if self._loads[0].file:
            return self._whole(self._loads[0], older)
        if older:
            return self._exchange(older) if rows else self._take_out(older)
        return self._jobs.load(self._table, self._csv()) if rows else self._jobs.marker_job()

    def clear(self) -> None:
        """Drop the temporary table, once the job has succeeded."""
        if self._staged:
            self._jobs.bigquery.drop_table(self._staged)

    def _reference(self, *, rows: bool) -> Begin:
        """A reference table holds one object: the new one replaces all rows."""
        if rows:
            return self._jobs.load(self._table, self._csv(), replace=True)
        if self._loads[0].rows.columns:
            return self._jobs.query(_EMPTY.format(table=self._jobs.bigquery.table(self._table)))
        return self._jobs.marker_job()

    def _exchange(self, older: Sequence[LoadEntry]) -> Begin:
        bigquery = self._jobs.bigquery
        self._staged = self._staged or stage(self._jobs, self._table, self._csv())
        sql = _EXCHANGE.format(
            table=bigquery.table(self._table), staged=f"`{bigquery.table(self._staged)}`",
            columns=", ".join(bigquery.columns(self._table)), gone=_GONE,
        )  # fmt: skip
        return self._jobs.query(sql, self._gone(older))

    def _whole(self, load: Load, older: Sequence[LoadEntry]) -> Begin:
        """Write a Parquet object, which a load job reads into a temporary table first."""
        bigquery = self._jobs.bigquery
        self._staged = self._staged or self._stage_file(load)
        columns = bigquery.columns(self._table)
        chosen = ", ".join(f"{_OWN.get(name, name)} AS {name}" for name in columns)
        rows = f"SELECT {chosen} FROM `{bigquery.table(self._staged)}`"  # noqa: S608 - own words
        at = self._at.astimezone(UTC)
        own: dict[str, Value] = {"name": load.name, "at": at, "day": at.date()}
        names = {"table": bigquery.table(self._table), "columns": ", ".join(columns)}
        if not older:
            return self._jobs.query(_INSERT.format(rows=rows, **names), own)
        sql = _EXCHANGE.format(staged=f"({rows})", gone=_GONE, **names)
        return self._jobs.query(sql, {**own, **self._gone(older)})

    def _stage_file(self, load: Load) -> str:
        """Have BigQuery read the object into a temporary table that only this ingestion uses.

        ChangedError if BigQuery may have read another generation than the validated one.
        """
        bigquery = self._jobs.bigquery
        mark = f"{self._bucket}\n{load.name}\n{load.generation}\n{self._at.astimezone(UTC)}"
        staged = f"bronze.{LOADING}{hashlib.sha256(mark.encode()).hexdigest()[:40]}"
        columns = [f"{name} {_TYPES.get(name, 'STRING')}" for name in HEADERS[load.rows.kind]]
        bigquery.run(_PASSING.format(
            staged=bigquery.table(staged), columns=", ".join(columns), expiring=EXPIRING
        ))  # fmt: skip
        uri = f"gs://{self._bucket}/{load.name}"
        self._jobs.run(self._jobs.load_parquet(staged, uri))
        load.confirm()
        return staged

    def _take_out(self, older: Sequence[LoadEntry]) -> Begin:
        sql = _TAKE_OUT.format(table=self._jobs.bigquery.table(self._table), gone=_GONE)
        return self._jobs.query(sql, self._gone(older))

    def _gone(self, older: Sequence[LoadEntry]) -> dict[str, list[str] | list[date]]:
        names = [load.name for load in self._loads]
        return {"names": names, "days": sorted({entry.day for entry in older})}

    def _csv(self) -> bytes:
        columns = self._jobs.bigquery.columns(self._table)
        return bronze_csv(columns, self._loads, self._at)
