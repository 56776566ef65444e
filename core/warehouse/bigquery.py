"""The warehouse on Google Cloud: Bronze, Silver and Gold as three datasets of BigQuery."""

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import MissingObjectError
from core.gcp.faults import told
from core.settings import Cloud
from core.warehouse.base import BronzeFile, Load, Parameters
from core.warehouse.bigquery_build import BigQueryLayerBuild
from core.warehouse.bigquery_client import BigQuery
from core.warehouse.bigquery_load import Loader
from core.warehouse.bigquery_log import LONG_AGO, Log

BRONZE_SQL = Path(__file__).parent.parent / "sql" / "bronze"

_LAYERS = ("bronze", "silver", "gold")
_HEAD = "CREATE TABLE IF NOT EXISTS bronze."

# The ledger may have an object's older generation, too, for a moment.
_GENERATIONS = """
SELECT object_name, MAX(generation) AS generation FROM `{ledger}`
WHERE bucket = @bucket GROUP BY object_name
"""
_LEDGER = """
SELECT * FROM `{ledger}`
WHERE bucket = @bucket AND object_name BETWEEN @first AND @last
QUALIFY ROW_NUMBER() OVER (PARTITION BY object_name ORDER BY generation DESC) = 1
"""
# Only the days on which the objects were ingested are read, by the ledger.
_COUNTS = """
WITH counted AS (
  SELECT _source_file, id_pedido AS id FROM `{orders}`
  WHERE _ingest_date IN UNNEST(@days) AND _source_file BETWEEN @first AND @last
  UNION ALL
  SELECT _source_file, id_item_pedido FROM `{items}`
  WHERE _ingest_date IN UNNEST(@days) AND _source_file BETWEEN @first AND @last
),
doubled AS (
  SELECT id_pedido AS id FROM `{orders}`
  WHERE _ingest_date IN UNNEST(@days) GROUP BY id_pedido HAVING COUNT(*) > 1
  UNION ALL
  SELECT id_item_pedido FROM `{items}`
  WHERE _ingest_date IN UNNEST(@days) GROUP BY id_item_pedido HAVING COUNT(*) > 1
)
SELECT _source_file AS name, COUNT(*) AS row_count, COUNT(doubled.id) AS duplicates
FROM counted LEFT JOIN doubled ON counted.id = doubled.id
GROUP BY _source_file
"""


class BigQueryWarehouse:
    """Bronze, Silver and Gold in datasets of a project.

    Args:
        prefix: Datasets are `{prefix}_bronze`, `{prefix}_silver`, `{prefix}_gold`.
        wait_s: Longest time, in seconds, that one call tries again or waits for a job.
    """

    def __init__(self, cloud: Cloud, prefix: str, wait_s: float = 30.0) -> None:
        self.prefix = prefix
        self._bigquery = BigQuery(cloud, prefix, wait_s)
        self._created = False

    def tables(self) -> set[str]:
        """The tables that exist, such as `silver.orders`; none where nothing was made yet."""
        return {f"{layer}.{name}" for layer in _LAYERS for name in self._names(layer)}

    def ask(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Rows of one SELECT of GoogleSQL, with values for its `@name` parameters.

        BigQuery gives an equal question about unchanged tables the same answer free of charge.
        """
        return self._bigquery.rows(self._rendered(sql), parameters)

    def bytes_read(self, sql: str) -> int | None:
        """Bytes that a statement would be billed for."""
        return self._bigquery.bytes_read(self._rendered(sql))

    def create_bronze(self) -> None:
        """Make the datasets and Bronze's tables that are missing, once in a process's life."""
        if self._created:
            return
        if not self._names("bronze") >= _bronze_statements().keys():
            self._create()
        self._created = True

    def generations(self, bucket: str) -> dict[str, int]:
        """The generation of each of a bucket's objects that is in Bronze."""
        self.create_bronze()
        sql = _GENERATIONS.format(ledger=self._ledger())
        rows = self._bigquery.rows(sql, {"bucket": bucket})
        return {row["object_name"]: row["generation"] for row in rows}

    def holds(self, bucket: str, name: str, generation: int) -> bool:
        """Whether a generation of an object, or a newer one, is in Bronze; no query is made."""
        return Log(self._bigquery, bucket, name, LONG_AGO).holds(generation)

    def load(self, bucket: str, loads: Sequence[Load], now: datetime) -> dict[str, bool]:
        """Put objects into Bronze, each generation once, by load jobs.

        Args:
            now: The aware moment of ingestion; `_ingest_date` is its UTC date.

        Returns:
            Names of those that were new, and whether they took an older generation's place.
        """
        self.create_bronze()
        return Loader(self._bigquery, bucket, now).load(loads)

    def bronze_files(self, bucket: str, first: str, last: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects whose names lie between two.

        Rows of objects that the ledger does not know, which nobody but a person can have written,
        are counted where they stand in the same partitions.
        """
        self.create_bronze()
        between: Parameters = {"first": first, "last": last}
        ledger = {
            row["object_name"]: row
            for row in self._bigquery.rows(
                _LEDGER.format(ledger=self._ledger()), {"bucket": bucket, **between}
            )
        }
        days = sorted({row["_ingest_timestamp"].astimezone(UTC).date() for row in ledger.values()})
        if not days:
            return []
        counts = {
            row["name"]: row
            for row in self._bigquery.rows(
                _COUNTS.format(
                    orders=self._bigquery.table("bronze.orders"),
                    items=self._bigquery.table("bronze.order_items"),
                ),
                {"days": days, **between},
            )
        }
        return [
            _bronze_file(name, ledger.get(name), counts.get(name))
            for name in sorted(ledger.keys() | counts.keys())
        ]

    @contextlib.contextmanager
    def building(self, layer: str) -> Iterator[BigQueryLayerBuild]:
        """A layer to be built beside the one that readers have."""
        build = BigQueryLayerBuild(self._bigquery, layer)
        try:
            yield build
        finally:
            build.discard()

    def _create(self) -> None:
        from google.cloud.bigquery import Dataset

        for layer in _LAYERS:
            dataset = Dataset(self._bigquery.dataset(layer))
            dataset.location = self._bigquery.cloud.region
            with told(f"Cannot make the dataset {self._bigquery.dataset(layer)}"):
                self._bigquery.client.create_dataset(dataset, exists_ok=True)
        for sql in _bronze_statements().values():
            # The statements are BigQuery's own SQL: nothing is to be rendered but the dataset.
            self._bigquery.rows(
                sql.replace(_HEAD, _HEAD.replace("bronze", f"{self.prefix}_bronze"))
            )

    def _names(self, layer: str) -> set[str]:
        """Tables of a dataset, but for those that are only on their way to become one."""
        try:
            with told(f"Cannot list {self._bigquery.dataset(layer)}"):
                listed = self._bigquery.client.list_tables(self._bigquery.dataset(layer))
                names = {table.table_id for table in listed}
        except MissingObjectError:
            return set()
        return {name for name in names if not name.startswith(("_next_", "_load_"))}

    def _ledger(self) -> str:
        return self._bigquery.table("bronze._ingested_objects")

    def _rendered(self, sql: str) -> str:
        from core.dialect import render

        return render(sql, self.prefix, "bigquery")


def _bronze_file(
    name: str, noted: Mapping[str, Any] | None, counted: Mapping[str, Any] | None
) -> BronzeFile:
    """What the ledger and the tables say of one object, together."""
    absent = BronzeFile.absent(name)
    known = (
        absent
        if noted is None
        else absent._replace(
            generation=noted["generation"], loaded=noted["rows_loaded"],
            rejected=noted["rows_rejected"], reason=noted["reason"],
            size=noted["size_bytes"], crc32c=noted["crc32c"],
        )
    )  # fmt: skip
    if counted is None:
        return known
    return known._replace(rows=counted["row_count"], duplicates=counted["duplicates"])


@functools.cache
def _bronze_statements() -> Mapping[str, str]:
    """The statement that makes each Bronze table, by the table's name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in BRONZE_SQL.glob("*.sql")}
