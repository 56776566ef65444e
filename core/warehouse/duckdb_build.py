"""A layer being built in DuckDB: inside one transaction, which its publication ends well."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


class DuckDBLayerBuild:
    """A layer in a transaction: others see it once that has ended well."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", prefix: str, layer: str) -> None:
        self.published = False
        self._connection = connection
        self._prefix = prefix
        self._layer = layer

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one SELECT, which sees what was made so far."""
        from core.dialect import render

        relation = self._connection.sql(render(sql, self._prefix, "duckdb"))
        rows: list[dict[str, Any]] = relation.to_arrow_table().to_pylist()
        return rows

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table by its CREATE statement; its rows before and after."""
        from core.dialect import render

        schema = table.partition(".")[0]
        self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {self._prefix}_{schema}")
        before = self._count(table) if table in tables(self._connection, self._prefix) else 0
        self._connection.execute(render(sql, self._prefix, "duckdb"))
        return before, self._count(table)

    def publish(self, bronze_version: str) -> None:
        """Let the transaction end well, with a note of what the layer shows."""
        noted = f"{self._prefix}_bronze._built_layers"
        self._connection.execute(f"DELETE FROM {noted} WHERE layer = ?", [self._layer])  # noqa: S608 - own words
        self._connection.execute(
            f"INSERT INTO {noted} VALUES (?, ?)",  # noqa: S608
            [self._layer, bronze_version],
        )
        self.published = True

    def _count(self, table: str) -> int:
        sql = f"SELECT COUNT(*) FROM {self._prefix}_{table}"  # noqa: S608
        ((count,),) = self._connection.execute(sql).fetchall()
        return int(count)


def tables(connection: "duckdb.DuckDBPyConnection", prefix: str) -> set[str]:
    """Tables of the prefix's schemas, such as `silver.orders`."""
    rows = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables"
    ).fetchall()
    start = f"{prefix}_"
    return {
        f"{schema.removeprefix(start)}.{name}" for schema, name in rows if schema.startswith(start)
    }
