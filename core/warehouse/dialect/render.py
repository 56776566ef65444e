"""Render GoogleSQL, the language of `core/sql`, for the engine that runs it.

The files are GoogleSQL because a growing warehouse moves to BigQuery; sqlglot turns them into
DuckDB's dialect. sqlglot repairs what would crash, not what would silently differ: `DAYOFWEEK`
counts from 0, `1 / 0` is infinite, the mean of a NUMERIC is a float. So files may use only the
names on a list (`allowed`): each gives the same value on both engines, by itself or by a rule of
`duckdb`, and has a case in `tests/warehouse/test_dialect.py`.

Amounts stay exact because the list has no floats (no FLOAT64, no `/`, no `AVG`). A mean is
`SAFE_DIVIDE(CAST(sum AS NUMERIC), count)`, exact to nine decimals. `SUM` of an INT64 is wider on
DuckDB: write `CAST(SUM(x) AS INT64)`. Sessions run in UTC on both engines.
"""

import functools
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.errors import InputError
from core.messages import message
from core.warehouse.base import DATASETS
from core.warehouse.dialect.allowed import check, refused
from core.warehouse.dialect.duckdb import to_duckdb

if TYPE_CHECKING:
    from sqlglot import exp

Engine = Literal["duckdb", "bigquery"]


_FIRST = threading.Lock()
_AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


def render(sql: str, prefix: str, engine: Engine, renamed: Mapping[str, str] = _AS_THEY_ARE) -> str:
    """Render one SELECT or CREATE TABLE over `bronze`, `silver` and `gold` for an engine.

    Args:
        prefix: Datasets become `{prefix}_bronze`, `{prefix}_silver` and `{prefix}_gold`.
        engine: `bigquery` keeps the statement; `duckdb` drops partitions and clusters, and writes
            `@name` parameters as `$name`.
        renamed: Other names, within their dataset, for tables such as `silver.orders`.

    Raises:
        InputError: The statement uses something that is not on the list.
    """
    return _render(sql, prefix, engine, tuple(sorted(renamed.items())))


@functools.lru_cache(maxsize=1024)  # statements for some dates come and go
def _render(sql: str, prefix: str, engine: Engine, renamed: tuple[tuple[str, str], ...]) -> str:
    from sqlglot import ErrorLevel
    from sqlglot.errors import UnsupportedError

    tree = _parse(sql)
    check(tree)
    _add_prefix(tree, prefix, dict(renamed))
    if engine == "duckdb":
        tree = to_duckdb(tree)
    try:
        return tree.sql(engine, pretty=True, comments=False, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise InputError(message("sql.not_for", engine=engine, error=error)) from error


def condition(text: str, engine: Engine) -> str:
    """Render a condition on the columns of one table for an engine, as `render` does."""
    rendered = render(f"SELECT 1 AS one FROM bronze.orders WHERE {text}", "any", engine)  # noqa: S608
    return rendered.partition("WHERE")[2].strip()


def restrict_reads(sql: str, reads: Mapping[str, str], made: str | None = None) -> str:
    """Replace tables that a GoogleSQL statement reads by sub-selects, so that it reads less.

    Args:
        reads: The SELECT to read instead of each table such as `silver.orders`.
        made: Another name, within its dataset, for the table that the statement creates.
    """
    # It edits the text: text rendered from the tree would lose the precision of a cast.
    for place in _places(sql):
        part = reads.get(place.table)
        if place.made:
            new = f"{place.table.partition('.')[0]}.{made}" if made else place.table
        elif part is not None:
            new = f"({part})" if place.named else f"({part}) AS {place.table.partition('.')[2]}"
        else:
            continue
        sql = sql[: place.start] + new + sql[place.end :]
    return sql


class _Place(NamedTuple):
    """A table's name in a statement's text: whether the table is created, or has an alias."""

    table: str
    start: int
    end: int
    made: bool
    named: bool


@functools.lru_cache(maxsize=256)
def _places(sql: str) -> tuple[_Place, ...]:
    """All tables in a statement's text, the last one first."""
    from sqlglot import exp

    tree = _parse(sql)
    own = _created_table(tree)
    found = (
        _Place(
            f"{table.db}.{table.name}", table.args["db"].meta["start"],
            table.this.meta["end"] + 1, table is own, bool(table.alias),
        )
        for table in tree.find_all(exp.Table)
        if table.db
    )  # fmt: skip
    return tuple(sorted(found, key=lambda place: -place.start))


@functools.cache
def tables_read(sql: str) -> frozenset[str]:
    """Tables that a statement reads, such as `silver.orders`; not the one it creates."""
    from sqlglot import exp

    tree = _parse(sql)
    made = _created_table(tree)
    return frozenset(
        f"{table.db}.{table.name}"
        for table in tree.find_all(exp.Table)
        if table.db and table is not made
    )


@functools.cache
def _load_dialects() -> bool:
    """Load both dialects: sqlglot would give another thread one that is only half loaded."""
    import sqlglot
    import sqlglot.dialects.bigquery
    import sqlglot.dialects.duckdb

    return bool(sqlglot.transpile("SELECT DIV(3, 2)", read="bigquery", write="duckdb"))


def _parse(sql: str) -> "exp.Expr":
    import sqlglot
    from sqlglot.errors import ParseError, TokenError

    with _FIRST:
        _load_dialects()
    try:
        statements = [tree for tree in sqlglot.parse(sql, read="bigquery") if tree is not None]
    except (ParseError, TokenError) as error:
        raise InputError(message("sql.no_statement", error=error)) from error
    if len(statements) != 1:
        raise InputError(message("sql.one", count=len(statements)))
    return statements[0]


def _created_table(tree: "exp.Expr") -> "exp.Expr | None":
    """The table that a statement creates."""
    from sqlglot import exp

    return tree.find(exp.Table) if isinstance(tree, exp.Create) else None


def _rename(table: "exp.Table", name: str | None, *, made: bool) -> None:
    """Rename a table, with an alias so that columns qualified by its former name are found."""
    from sqlglot import exp

    if not name:
        return
    if not made and not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
    table.set("this", exp.to_identifier(name))


def _add_prefix(tree: "exp.Expr", prefix: str, renamed: Mapping[str, str]) -> None:
    """Add the prefix to each dataset; every other table must be a name of WITH."""
    from sqlglot import exp

    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    made = _created_table(tree)
    for table in list(tree.find_all(exp.Table)):
        if table.db in DATASETS and not table.catalog:
            _rename(table, renamed.get(f"{table.db}.{table.name}"), made=table is made)
            table.set("db", exp.to_identifier(f"{prefix}_{table.db}"))
        elif table.db or table.name not in own:
            raise refused(table, f"is not a table of {', '.join(DATASETS)}")
