"""What BigQuery bills for statements, worked out from the rows that are in a DuckDB file.

An emulator's dry run answers 0 bytes, so this counts as Google's pages say, read 2026-11:

- the columns that a statement names, over the partitions that its literals do not exclude, each
  table once a statement (cloud.google.com/bigquery/docs/querying-partitioned-tables);
- by logical bytes, STRING 2 and its UTF-8 bytes, INT64, DATE and TIMESTAMP 8, NUMERIC 16, BOOL 1,
  NULL 0 (cloud.google.com/bigquery/pricing#data);
- for a DELETE also all columns of the partitions that it changes
  (cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax);
- at least 10 MiB for each table of a statement (cloud.google.com/bigquery/pricing).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import duckdb
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

LEAST_BYTES = 10 * 2**20
PARTITIONED: Mapping[str, str] = {
    "bronze.orders": "_ingest_date",
    "bronze.order_items": "_ingest_date",
    "silver.orders": "order_date",
    "silver.order_items": "_ingest_date",
    "gold.fact_sales": "order_date",
    "gold.fact_order_items": "order_date",
}

Bytes: TypeAlias = dict[str, int]  # by table
Sizes: TypeAlias = dict[date | None, dict[str, int]]  # by partition and column

_WIDTHS = {"BOOLEAN": 1, "BIGINT": 8, "DATE": 8}


class Tables:
    """The tables of a DuckDB connection, as BigQuery would hold them."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", prefix: str) -> None:
        self._connection = connection
        self._prefix = prefix
        self._sizes: dict[str, Sizes] = {}

    def read(self, sql: str) -> Bytes:
        """Bytes that a SELECT, or a CREATE TABLE ... AS SELECT, reads of each table."""
        import sqlglot
        from sqlglot import exp
        from sqlglot.optimizer.pushdown_projections import pushdown_projections
        from sqlglot.optimizer.qualify import qualify
        from sqlglot.optimizer.scope import traverse_scope

        tree = sqlglot.parse_one(sql, read="bigquery")
        query = tree.expression if isinstance(tree, exp.Create) else tree
        schema: dict[str, object] = dict(self._schema())
        query = qualify(query, dialect="bigquery", schema=schema, quote_identifiers=False)
        query = pushdown_projections(query)
        parts: dict[str, set[tuple[date | None, str]]] = {}
        for scope in traverse_scope(query):
            for table, read in self._scanned(scope):
                parts.setdefault(table, set()).update(read)
        return {
            table: sum(self._of(table)[part].get(column, 0) for part, column in read)
            for table, read in parts.items()
        }

    def gone(self, table: str, condition: str) -> Bytes:
        """Bytes that a DELETE from a table is billed for."""
        read = self.read(f"SELECT 1 AS one FROM {table} WHERE {condition}")  # noqa: S608 - own words
        whole = self.read(f"SELECT * FROM {table} WHERE {condition}")  # noqa: S608
        return {table: read.get(table, 0) + whole.get(table, 0)}

    def whole(self, table: str) -> int:
        """All bytes of a table."""
        return sum(sum(columns.values()) for columns in self._of(table).values())

    def _scanned(self, scope: "Scope") -> Iterator[tuple[str, set[tuple[date | None, str]]]]:
        """For each table of a SELECT, the partitions and columns that it reads."""
        from sqlglot import exp

        for alias, source in scope.sources.items():
            if not isinstance(source, exp.Table):
                continue
            table = f"{source.db}.{source.name}"
            columns = {column.name for column in scope.source_columns(alias)}
            where = scope.expression.args.get("where")
            parts = set(self._of(table))
            if where is not None:
                parts = {p for p in parts if _kept(where.this, PARTITIONED.get(table), p)}
            yield table, {(part, column) for part in parts for column in columns}

    def _schema(self) -> dict[str, dict[str, dict[str, str]]]:
        found: dict[str, dict[str, dict[str, str]]] = {}
        for schema, table, column, kind in self._columns():
            found.setdefault(schema, {}).setdefault(table, {})[column] = kind
        return found

    def _columns(self) -> list[tuple[str, str, str, str]]:
        rows = self._connection.execute(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()"
        ).fetchall()
        start = f"{self._prefix}_"
        return [(row[0].removeprefix(start), *row[1:]) for row in rows if row[0].startswith(start)]

    def _of(self, table: str) -> Sizes:
        """Bytes of each partition and column of a table, as it is when first asked for."""
        if table not in self._sizes:
            dataset, _, name = table.partition(".")
            columns = [c for c in self._columns() if (c[0], c[1]) == (dataset, name)]
            part = PARTITIONED.get(table, "NULL::DATE")
            sums = ", ".join(f"SUM({_width(column, kind)})" for *_, column, kind in columns)
            rows = self._connection.execute(
                f"SELECT {part}, {sums} FROM {self._prefix}_{table} GROUP BY 1"  # noqa: S608
            ).fetchall()
            names = [column for *_, column, _ in columns]
            self._sizes[table] = {
                row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in rows
            }
        return self._sizes[table]


def _width(column: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f"COALESCE(2 + strlen({column}), 0)"
    fixed = _WIDTHS.get(kind) or (8 if kind.startswith("TIMESTAMP") else 16)
    return f"CASE WHEN {column} IS NULL THEN 0 ELSE {fixed} END"


def _kept(condition: "exp.Expr", column: str | None, part: date | None) -> bool:
    """Whether a condition's literals leave a partition in; what has none of them leaves all in."""
    from sqlglot import exp

    condition = condition.unnest()
    if isinstance(condition, exp.And):
        return all(_kept(side, column, part) for side in (condition.left, condition.right))
    if isinstance(condition, exp.Boolean):
        return bool(condition.this)
    if isinstance(condition, exp.Not):
        days = _days(condition.this.unnest(), column)
        return days is None or part not in days
    days = _days(condition, column)
    return days is None or part in days


def _days(condition: "exp.Expr", column: str | None) -> set[Any] | None:
    """The days of `column IN (DATE '...')`; None for any other condition."""
    from sqlglot import exp

    if not isinstance(condition, exp.In) or condition.this.name != column or column is None:
        return None
    return {date.fromisoformat(literal.this.name) for literal in condition.expressions}
