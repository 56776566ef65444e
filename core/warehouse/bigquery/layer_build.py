"""Build a layer on BigQuery in temporary tables, which one transaction publishes.

The transaction replaces the rows of the readers' tables, all or those of some business dates, for
all tables of the layer and for the notes of what it shows. Readers see the old rows or the new
ones, and of two builds that publish at once BigQuery cancels one. Only a table that is missing, or
that has other columns or partitions in this release, is created before, empty.
"""

import contextlib
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.errors import InputError, PlatformError, StoreError, TransientError
from core.messages import message
from core.warehouse.base import BuiltDate, next_name
from core.warehouse.bigquery.client import BUILDING, EXPIRING, BigQuery
from core.warehouse.bigquery.jobs import Begin, Jobs, has_succeeded, is_conflict
from core.warehouse.bigquery.loaded.load_log import digest

if TYPE_CHECKING:
    from google.cloud.bigquery import Table

_AS = re.compile(r"\bAS\s+(?=WITH\b|SELECT\b)")

# It reads no column, which costs nothing, or the partitions of some dates.
_COUNT = "SELECT COUNT(*) AS row_count FROM `{table}`{where}"
# Each note of a date is one text: order_date or blanks, ingest_date, version.
_PUBLISH = """
BEGIN TRANSACTION;
{guard}
{exchanges}
DELETE FROM `{built}` WHERE layer = @layer;
INSERT INTO `{built}` (layer, bronze_version) VALUES (@layer, @version);
DELETE FROM `{dates}` WHERE layer = @layer;
INSERT INTO `{dates}` (layer, order_date, ingest_date, version)
SELECT
  @layer, SAFE_CAST(SUBSTR(note, 1, 10) AS DATE), CAST(SUBSTR(note, 11, 10) AS DATE),
  SUBSTR(note, 21)
FROM UNNEST(@notes) AS note;
COMMIT TRANSACTION;
"""
_GUARD = """
SELECT IF(COUNT(*) = 1, 'as before', ERROR('{changed}'))
FROM `{built}` WHERE layer = @layer AND bronze_version = @shown;
"""
_CHANGED = "the layer shows another state"
_EXCHANGE = """
DELETE FROM `{table}` WHERE {where};
INSERT INTO `{table}` ({columns}) SELECT {columns} FROM `{made}`;
"""


class BigQueryLayerBuild:
    """Builds a layer in tables whose names begin with `_next_`, and publishes it."""

    def __init__(self, bigquery: BigQuery, layer: str) -> None:
        self._bigquery = bigquery
        self._jobs = Jobs(bigquery)
        self._layer = layer
        self._token = ""
        self._made: dict[str, str] = {}
        self._slices: dict[str, str] = {}

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one SELECT, which reads the tables made so far."""
        from core.warehouse.dialect.render import render

        return self._bigquery.rows(render(sql, self._bigquery.prefix, "bigquery", self._made))

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table by its CREATE statement; count its rows before and after."""
        made = self._make(table, sql)
        before = self._count(table) if self._bigquery.find_table(table) else 0
        return before, self._count(made)

    def make_slice(self, table: str, sql: str, gone: str) -> tuple[int, int] | None:
        """Make rows that replace some rows of a table; count its rows before and after."""
        from core.warehouse.dialect.render import condition

        made = self._make(next_name(table), sql)
        self._slices[table] = condition(gone, "bigquery")
        there = self._bigquery.find_table(table)
        if there is None or _shape(there) != _shape(self._require_table(made)):
            return None
        before = self._count(table)
        return before, before - self._count(table, self._slices[table]) + self._count(made)

    def forget(self) -> None:
        """Drop what was made so far."""
        self.close()
        self._made.clear()
        self._slices.clear()

    def publish(
        self, bronze_version: str, dates: Sequence[BuiltDate] = (), shown: str | None = None
    ) -> None:
        """Replace the readers' rows by those that were made, in one transaction."""
        built = self._bigquery.table("bronze._built_layers")
        sql = _PUBLISH.format(
            guard=_GUARD.format(built=built, changed=_CHANGED) if self._slices else "",
            exchanges="".join(self._exchanges()),
            built=built,
            dates=self._bigquery.table("bronze._built_dates"),
        )
        notes = [f"{day or ''!s:10}{ingested}{text}" for day, ingested, text in dates]
        values = {"layer": self._layer, "version": bronze_version, "notes": notes}
        try:
            self._run_once(self._jobs.query(sql, {**values, "shown": shown}))
        except PlatformError as error:
            if is_conflict(str(error)) or _CHANGED in str(error):
                raise TransientError(
                    message("warehouse.published_at_once", layer=self._layer, error=error)
                ) from error
            raise

    def _run_once(self, begin: Begin) -> None:
        """Run a transaction under a fixed id, so that it does not run twice after a lost answer."""
        failures = 0
        for number in itertools.count():
            job = self._jobs.insert(f"mrh_publish_{self._own_token()}_{number}", begin)
            if job is None:  # an earlier publication of this build
                continue
            job = self._jobs.wait_until_done(job, patient=True)
            if has_succeeded(job):
                return
            if is_conflict(str(self._jobs.error_of(job))):
                raise self._jobs.error_of(job)
            failures += 1
            self._jobs.pause_or_raise(job, failures)

    def close(self) -> None:
        """Drop the temporary tables; those that cannot be dropped expire."""
        for table, name in self._made.items():
            with contextlib.suppress(PlatformError):
                self._bigquery.drop_table(f"{table.partition('.')[0]}.{name}")

    def _make(self, table: str, sql: str) -> str:
        """Run a CREATE statement under a temporary name; return that name."""
        from core.warehouse.dialect.render import render

        dataset, _, name = table.partition(".")
        self._made[table] = f"{BUILDING}{self._own_token()}_{name.removeprefix(BUILDING)}"
        rendered = render(sql, self._bigquery.prefix, "bigquery", self._made)
        expiring, found = _AS.subn(f"{EXPIRING} AS\n", rendered, count=1)
        if not found:
            raise InputError(message("sql.no_create", table=table))
        self._bigquery.run(expiring)
        return f"{dataset}.{self._made[table]}"

    def _count(self, table: str, condition: str = "") -> int:
        where = f" WHERE {condition}" if condition else ""
        sql = _COUNT.format(table=self._bigquery.table(table), where=where)
        (row,) = self._bigquery.rows(sql)
        return int(row["row_count"])

    def _own_token(self) -> str:
        """A name that no other build has, from the random id of a job."""
        self._token = self._token or digest(self._bigquery.run("SELECT 1"))[:12]
        return self._token

    def _require_table(self, table: str) -> "Table":
        found = self._bigquery.find_table(table)
        if found is None:
            raise StoreError(message("warehouse.table_gone", table=self._bigquery.table(table)))
        return found

    def _exchanges(self) -> Iterator[str]:
        """The statements that replace old rows by new ones, table by table."""
        slices = {next_name(table) for table in self._slices}
        for table in sorted(self._made.keys() - slices):  # the same text each time
            self._ensure_table(table, self._require_table(self._name(table)))
            yield self._exchange(table, table, "TRUE")
        for table, gone in self._slices.items():
            yield self._exchange(table, next_name(table), gone)

    def _exchange(self, table: str, made: str, where: str) -> str:
        described = self._require_table(self._name(made))
        return _EXCHANGE.format(
            table=self._bigquery.table(table), made=self._bigquery.table(self._name(made)),
            where=where, columns=", ".join(field.name for field in described.schema),
        )  # fmt: skip

    def _name(self, table: str) -> str:
        return f"{table.partition('.')[0]}.{self._made[table]}"

    def _ensure_table(self, table: str, like: "Table") -> None:
        """Have a table with the columns, partitions and clusters of another."""
        there = self._bigquery.find_table(table)
        if there and _shape(there) == _shape(like):
            return
        if there:
            self._bigquery.drop_table(table)
        self._bigquery.create_table(table, like)


def _shape(table: "Table") -> tuple[object, ...]:
    partitioning = table.time_partitioning
    return (
        [(field.name, field.field_type) for field in table.schema],
        partitioning.field if partitioning else None,
        table.clustering_fields,
    )
