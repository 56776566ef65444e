"""Build a layer in DuckDB, inside the one transaction that publishes it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.warehouse.base import BuiltDate, next_name

if TYPE_CHECKING:
    import duckdb

_DATES = "SELECT ?, unnest(?::DATE[]), unnest(?::DATE[]), unnest(?::VARCHAR[])"
_HEAL = """
UPDATE {table} SET _ingest_date = CAST(_ingest_timestamp AS DATE)
WHERE _ingest_date <> CAST(_ingest_timestamp AS DATE)
"""


class DuckDBLayerBuild:
    """Builds a layer in a transaction; other connections see it after the commit."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", prefix: str, layer: str) -> None:
        self.published = False
        self._connection = connection
        self._prefix = prefix
        self._layer = layer
        self._slices: dict[str, str] = {}

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one SELECT, which reads the tables made so far."""
        from core.warehouse.dialect.render import render

        relation = self._connection.sql(render(sql, self._prefix, "duckdb"))
        rows: list[dict[str, Any]] = relation.to_arrow_table().to_pylist()
        return rows

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table by its CREATE statement; count its rows before and after."""
        from core.warehouse.dialect.render import render

        schema = table.partition(".")[0]
        self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {self._prefix}_{schema}")
        before = self._count(table) if table in tables(self._connection, self._prefix) else 0
        self._connection.execute(render(sql, self._prefix, "duckdb"))
        return before, self._count(table)

    def make_slice(self, table: str, sql: str, gone: str) -> tuple[int, int] | None:
        """Make rows that replace some rows of a table; count its rows before and after."""
        from core.warehouse.dialect.render import condition, render

        self._connection.execute(render(sql, self._prefix, "duckdb"))
        self._slices[table] = condition(gone, "duckdb")
        there = table in tables(self._connection, self._prefix)
        if not there or self._columns(table) != self._columns(next_name(table)):
            return None
        before = self._count(table)
        going = self._count(table, self._slices[table])
        return before, before - going + self._count(next_name(table))

    def forget(self) -> None:
        """Drop the rows that `make_slice` made."""
        for table in self._slices:
            self._connection.execute(f"DROP TABLE {self._prefix}_{next_name(table)}")
        self._slices.clear()

    def publish(
        self,
        bronze_version: str,
        dates: Sequence[BuiltDate] = (),
        shown: str | None = None,  # noqa: ARG002 - the transaction excludes other publications
    ) -> None:
        """Replace rows, note what the layer shows, and let the transaction commit."""
        for table, gone in self._slices.items():
            place = f"{self._prefix}_{table}"
            self._connection.execute(f"DELETE FROM {place} WHERE {gone}")  # noqa: S608 - own words
            new = f"{self._prefix}_{next_name(table)}"
            self._connection.execute(f"INSERT INTO {place} BY NAME FROM {new}")
        self.forget()
        self._note("_built_layers", "SELECT ?, ?", [bronze_version])
        columns = [list(column) for column in zip(*dates, strict=True)] or [[], [], []]
        self._note("_built_dates", _DATES, columns)
        self.published = True

    def _note(self, table: str, rows: str, values: Sequence[object]) -> None:
        """Replace the layer's rows in a table of Bronze."""
        noted = f"{self._prefix}_bronze.{table}"
        self._connection.execute(f"DELETE FROM {noted} WHERE layer = ?", [self._layer])  # noqa: S608 - own words
        self._connection.execute(f"INSERT INTO {noted} {rows}", [self._layer, *values])

    def _columns(self, table: str) -> list[tuple[str, str]]:
        described = self._connection.execute(f"DESCRIBE {self._prefix}_{table}").fetchall()
        return [(name, kind) for name, kind, *_ in described]

    def _count(self, table: str, where: str = "TRUE") -> int:
        sql = f"SELECT COUNT(*) FROM {self._prefix}_{table} WHERE {where}"  # noqa: S608
        ((count,),) = self._connection.execute(sql).fetchall()
        return int(count)


def heal_ingest_dates(connection: "duckdb.DuckDBPyConnection", prefix: str) -> None:
    """Correct `_ingest_date` to the UTC date: older releases wrote the date in the local zone."""
    for name in ("orders", "order_items"):
        connection.execute(_HEAL.format(table=f"{prefix}_bronze.{name}"))


def tables(connection: "duckdb.DuckDBPyConnection", prefix: str) -> set[str]:
    """Tables of the prefix's schemas, such as `silver.orders`."""
    rows = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_catalog = current_database()"
    ).fetchall()
    start = f"{prefix}_"
    return {
        f"{schema.removeprefix(start)}.{name}" for schema, name in rows if schema.startswith(start)
    }
