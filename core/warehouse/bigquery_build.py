"""A layer being built on BigQuery: in tables of its own, which a transaction publishes.

The tables that readers have keep their place: a transaction takes out their rows and puts the new
ones in, for all tables of the layer and for the note of what it shows. Readers see the old rows or
the new, and of two builds that publish at once BigQuery cancels one. Only a table that is not
there yet, or that a release gave other columns or partitions, is made before that, empty.
"""

import contextlib
import re
from typing import TYPE_CHECKING, Any

from core.errors import InputError, PlatformError, StoreError, TransientError
from core.warehouse.bigquery_client import BUILDING, EXPIRING, BigQuery
from core.warehouse.bigquery_jobs import is_conflict
from core.warehouse.bigquery_log import digest

if TYPE_CHECKING:
    from google.cloud.bigquery import Table

_AS = re.compile(r"\bAS\s+(?=WITH\b|SELECT\b)")

_COUNT = "SELECT COUNT(*) AS row_count FROM `{table}`"  # of no column: it bills nothing
_PUBLISH = """
BEGIN TRANSACTION;
{exchanges}
DELETE FROM `{built}` WHERE layer = @layer;
INSERT INTO `{built}` (layer, bronze_version) VALUES (@layer, @version);
COMMIT TRANSACTION;
"""
_EXCHANGE = """
DELETE FROM `{table}` WHERE TRUE;
INSERT INTO `{table}` ({columns}) SELECT {columns} FROM `{made}`;
"""


class BigQueryLayerBuild:
    """A layer in tables that begin with `_next_`, until it is published."""

    def __init__(self, bigquery: BigQuery, layer: str) -> None:
        self._bigquery = bigquery
        self._layer = layer
        self._token = ""
        self._made: dict[str, str] = {}

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one SELECT, which sees what was made so far."""
        from core.dialect import render

        return self._bigquery.rows(render(sql, self._bigquery.prefix, "bigquery", self._made))

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table by its CREATE statement; its rows before and after."""
        from core.dialect import render

        dataset, _, name = table.partition(".")
        self._made[table] = f"{BUILDING}{self._own_token()}_{name}"
        rendered = render(sql, self._bigquery.prefix, "bigquery", self._made)
        expiring, found = _AS.subn(f"{EXPIRING} AS\n", rendered, count=1)
        if not found:
            raise InputError(f"The statement of {table} is not a CREATE TABLE ... AS SELECT.")
        self._bigquery.run(expiring)
        before = self._count(table) if self._bigquery.described(table) else 0
        return before, self._count(f"{dataset}.{self._made[table]}")

    def publish(self, bronze_version: str) -> None:
        """Put what was made in the place of what readers have, by one transaction.

        Raises:
            TransientError: Somebody else published the same at once; nothing was changed.
        """
        sql = _PUBLISH.format(
            exchanges="".join(self._exchange(table) for table in self._made),
            built=self._bigquery.table("bronze._built_layers"),
        )
        try:
            self._bigquery.run(sql, {"layer": self._layer, "version": bronze_version})
        except StoreError as error:
            if is_conflict(str(error)):
                raise TransientError(
                    f"Somebody else published the {self._layer} layer at once: {error}"
                ) from error
            raise

    def close(self) -> None:
        """Drop the tables of the build; those that cannot be dropped expire."""
        for table, name in self._made.items():
            with contextlib.suppress(PlatformError):
                self._bigquery.drop(f"{table.partition('.')[0]}.{name}")

    def _count(self, table: str) -> int:
        (row,) = self._bigquery.rows(_COUNT.format(table=self._bigquery.table(table)))
        return int(row["row_count"])

    def _own_token(self) -> str:
        """A name that no other build has: from the id that the client library drew for a job."""
        self._token = self._token or digest(self._bigquery.run("SELECT 1"))[:12]
        return self._token

    def _required(self, table: str) -> "Table":
        found = self._bigquery.described(table)
        if found is None:
            raise StoreError(f"The table {self._bigquery.table(table)} has gone while in use.")
        return found

    def _exchange(self, table: str) -> str:
        """The statements that put a table's new rows in the place of the old ones."""
        made = f"{table.partition('.')[0]}.{self._made[table]}"
        described = self._required(made)
        self._see_to(table, described)
        return _EXCHANGE.format(
            table=self._bigquery.table(table), made=self._bigquery.table(made),
            columns=", ".join(field.name for field in described.schema),
        )  # fmt: skip

    def _see_to(self, table: str, like: "Table") -> None:
        """Have a table there with the columns, partitions and clusters of another."""
        there = self._bigquery.described(table)
        if there and _shape(there) == _shape(like):
            return
        if there:
            self._bigquery.drop(table)
        self._bigquery.make(table, like)


def _shape(table: "Table") -> tuple[object, ...]:
    partitioning = table.time_partitioning
    return (
        [(field.name, field.field_type) for field in table.schema],
        partitioning.field if partitioning else None,
        table.clustering_fields,
    )
