"""A layer being built in BigQuery: beside the tables that readers have, until it is published.

A transaction of BigQuery takes no CREATE TABLE. So each table is made under another name, checked
there, and then one transaction empties the tables that readers have and fills them from the new
ones. Before it ends readers have the old layer, afterwards the new one.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.gcp.faults import told
from core.warehouse.bigquery_client import BigQuery, failure, succeeded
from core.warehouse.bigquery_log import digest

if TYPE_CHECKING:
    from google.cloud.bigquery import Table

_MOVE = """
DELETE FROM `{table}` WHERE TRUE;
INSERT INTO `{table}` ({columns}) SELECT {columns} FROM `{new}`;
"""
_NOTE = """
DELETE FROM `{table}` WHERE layer = @layer;
INSERT INTO `{table}` (layer, bronze_version) VALUES (@layer, @version);
"""


class BigQueryLayerBuild:
    """A layer under names of its own."""

    def __init__(self, bigquery: BigQuery, layer: str) -> None:
        self._bigquery = bigquery
        self._layer = layer
        self._token = digest(bigquery.random_id())[:12]
        self._made: dict[str, Table] = {}

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one SELECT, which sees what was made so far."""
        return self._bigquery.rows(self._rendered(sql))

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table by its CREATE statement; rows that readers have, and rows as made."""
        before = self._bigquery.described(table)
        new = self._new_name(table)
        self._bigquery.rows(self._rendered(sql, {table: new}))
        self._made[table] = self._bigquery.expire(f"{table.partition('.')[0]}.{new}")
        return int(before.num_rows or 0) if before else 0, int(self._made[table].num_rows or 0)

    def publish(self, bronze_version: str) -> None:
        """Put all that was made in the place of what readers have, by one transaction.

        Raises:
            TransientError: Somebody else published the same at once; nothing was changed.
        """
        for table, new in self._made.items():
            self._prepare(table, new)
        moves = [self._move(table, new) for table, new in self._made.items()]
        note = _NOTE.format(table=self._bigquery.table("bronze._built_layers"))
        script = "\n".join(["BEGIN TRANSACTION;", *moves, note, "COMMIT TRANSACTION;"])
        values = {"layer": self._layer, "version": bronze_version}
        job_id = f"mrh_publish_{self._layer}_{self._token}"
        job = self._bigquery.insert(
            job_id, lambda own: self._bigquery.begin_query(own, script, values)
        )
        job = self._bigquery.ended(job or self._bigquery.taken(job_id))
        if not succeeded(job):
            raise failure(job)

    def discard(self) -> None:
        """Drop what was made under names of its own."""
        for table in self._made:
            self._bigquery.drop(f"{table.partition('.')[0]}.{self._new_name(table)}")

    def _new_name(self, table: str) -> str:
        return f"_next_{self._token}_{table.partition('.')[2]}"

    def _rendered(self, sql: str, more: Mapping[str, str] | None = None) -> str:
        from core.dialect import render

        names = {table: self._new_name(table) for table in self._made} | dict(more or {})
        return render(sql, self._bigquery.prefix, "bigquery", names)

    def _prepare(self, table: str, new: "Table") -> None:
        """Make the table that readers will have, empty, with the new one's form.

        One of another form, which an earlier release made, is dropped: what it held is in the new.
        """
        from google.cloud.bigquery import Table

        there = self._bigquery.described(table)
        if there and _form(there) == _form(new):
            return
        if there:
            self._bigquery.drop(table)
        wanted = Table(self._bigquery.table(table), schema=new.schema)
        wanted.time_partitioning = new.time_partitioning
        wanted.clustering_fields = new.clustering_fields
        with told(f"Cannot make {self._bigquery.table(table)}"):
            self._bigquery.client.create_table(wanted, exists_ok=True)

    def _move(self, table: str, new: "Table") -> str:
        return _MOVE.format(
            table=self._bigquery.table(table),
            new=f"{new.project}.{new.dataset_id}.{new.table_id}",
            columns=", ".join(field.name for field in new.schema),
        )


def _form(table: "Table") -> list[tuple[str, str]]:
    return [(field.name, field.field_type) for field in table.schema]
