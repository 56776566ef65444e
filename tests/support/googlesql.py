"""Google's own GoogleSQL, from PyPI `zetasql`: its analyser and its reference evaluator.

The first call on a machine takes some 20 s (a WebAssembly module is compiled), later ones
milliseconds.
"""

import functools
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from zetasql.api import Analyzer, PreparedQuery, TableBuilder
from zetasql.core import ZetaSqlLocalService
from zetasql.types import (
    AnalyzerOptions,
    LanguageOptions,
    SimpleCatalog,
    TableContent,
    TableData,
    TypeKind,
    Value,
    ZetaSQLBuiltinFunctionOptions,
)

from local_cloud import googlesql_module
from local_cloud.googlesql_files import FOLDER, RELEASES

googlesql_module.use()

KINDS = {
    "BOOL": TypeKind.TYPE_BOOL,
    "DATE": TypeKind.TYPE_DATE,
    "INT64": TypeKind.TYPE_INT64,
    "NUMERIC": TypeKind.TYPE_NUMERIC,
    "STRING": TypeKind.TYPE_STRING,
    "TIMESTAMP": TypeKind.TYPE_TIMESTAMP,
}
_NAMES = {kind: name for name, kind in KINDS.items()}
_PLAIN = {"BOOL": "bool_value", "INT64": "int64_value", "STRING": "string_value"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Table:
    """A table: column names with GoogleSQL types, and rows."""

    columns: dict[str, str]
    rows: list[tuple[Any, ...]] = field(default_factory=list)


def columns_of(sql: str, tables: Mapping[str, Table]) -> dict[str, str]:
    """Analyse a statement; names and types of what it makes. Raises what Google's analyser says.

    An answer is kept in build/googlesql: the analyser takes 50 ms for it, and seconds to be loaded.

    Args:
        sql: A CREATE TABLE, with or without AS, or a SELECT.
        tables: By `dataset.table`.
    """
    parts = [RELEASES, sql, {name: list(t.columns.items()) for name, t in tables.items()}]
    key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    kept = FOLDER / "columns" / f"{key}.json"
    if kept.exists():
        found: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        return found
    found = _analyse(sql, tables)
    kept.parent.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps(found), encoding="utf-8")
    new.replace(kept)  # other processes see it whole
    return found


def _analyse(sql: str, tables: Mapping[str, Table]) -> dict[str, str]:
    statement = Analyzer(_options(), _catalog(tables, nested=True)).analyze_statement(sql)
    defined = getattr(statement, "output_column_list", None)
    if defined:
        return {column.name: _NAMES[column.column.type.type_kind] for column in defined}
    return {
        column.name: _NAMES[column.type.type_kind] for column in statement.column_definition_list
    }


def evaluate(sql: str, tables: Mapping[str, Table] | None = None) -> Table:
    """What a SELECT gives, as Google's reference implementation computes it.

    Args:
        sql: A SELECT over tables named without a dataset.
        tables: By name.
    """
    with _registered(tables or {}) as catalog, _prepare(sql, catalog) as query:
        columns = _columns(query)
        stamps = [name for name, kind in columns.items() if kind == "TIMESTAMP"]
        if not stamps:
            return Table(columns, _rows(query, columns))
        # The Python wrapper loses a timestamp on its way back, so it travels as a number.
        micros = ", ".join(f"UNIX_MICROS({name}) AS {name}" for name in stamps)
        with _prepare(f"SELECT * REPLACE ({micros}) FROM ({sql})", catalog) as numbers:
            return Table(columns, _rows(numbers, columns))


def query_columns(sql: str, tables: Mapping[str, Table]) -> dict[str, str]:
    """Names and types of what a SELECT over tables without a dataset gives."""
    with _registered(tables) as catalog, _prepare(sql, catalog) as query:
        return _columns(query)


def _columns(query: PreparedQuery) -> dict[str, str]:
    return {column.name: _NAMES[column.type.type_kind] for column in query.columns}


def _rows(query: PreparedQuery, columns: Mapping[str, str]) -> list[tuple[Any, ...]]:
    data = query.execute().content.table_data
    return [
        tuple(_decode(cell, kind) for cell, kind in zip(row.cell, columns.values(), strict=True))
        for row in (data.row if data else [])
    ]


def _prepare(sql: str, catalog: int) -> PreparedQuery:
    builder = PreparedQuery.builder().set_sql(sql).set_analyzer_options(_options())
    return builder.set_registered_catalog_id(catalog).prepare()


@contextmanager
def _registered(tables: Mapping[str, Table]) -> Iterator[int]:
    """The number of a catalog of tables; that of no tables is made once."""
    if not tables:
        yield _no_tables()
        return
    number = _register(tables)
    try:
        yield number
    finally:
        ZetaSqlLocalService.get_instance().unregister_catalog(registered_id=number)


@functools.cache
def _no_tables() -> int:
    return _register({})


def _register(tables: Mapping[str, Table]) -> int:
    content = {name: _content(table) for name, table in tables.items()}
    catalog = _catalog(tables, nested=False)
    number: int = (
        ZetaSqlLocalService.get_instance()
        .register_catalog(simple_catalog=catalog, table_content=content)
        .registered_id
    )
    return number


@functools.cache
def _options() -> AnalyzerOptions:
    return AnalyzerOptions(
        language_options=LanguageOptions.maximum_features(),
        default_timezone="UTC",  # as BigQuery; the library's own default is Los Angeles
    )


def _catalog(tables: Mapping[str, Table], *, nested: bool) -> SimpleCatalog:
    functions = ZetaSQLBuiltinFunctionOptions(language_options=LanguageOptions.maximum_features())
    catalog = SimpleCatalog(name="warehouse", builtin_function_options=functions)
    datasets: dict[str, SimpleCatalog] = {}
    for name, table in tables.items():
        dataset, _, plain = name.rpartition(".")
        place = datasets.setdefault(dataset, SimpleCatalog(name=dataset)) if nested else catalog
        builder = TableBuilder(plain)
        for column, kind in table.columns.items():
            builder = builder.add_column(column, KINDS[kind])
        place.table.append(builder.build())
    catalog.catalog = list(datasets.values())
    return catalog


def _content(table: Table) -> TableContent:
    kinds = list(table.columns.values())
    return TableContent(
        table_data=TableData(
            row=[
                TableData.Row(cell=[_encode(v, k) for v, k in zip(row, kinds, strict=True)])
                for row in table.rows
            ]
        )
    )


def _encode(value: Any, kind: str) -> Value:
    if value is None:
        return Value()
    if kind in _PLAIN:
        return Value(**{_PLAIN[kind]: value})
    if kind == "DATE":
        return Value(date_value=(value - _EPOCH.date()).days)
    if kind == "NUMERIC":
        scaled = int(Decimal(value).scaleb(9))
        return Value(numeric_value=scaled.to_bytes(16, "little", signed=True))
    return _timestamp(value)


def _timestamp(value: datetime) -> Value:
    from zetasql.api import Value as ApiValue

    made: Value = ApiValue.timestamp(value).to_proto()
    return made


def _decode(cell: Value, kind: str) -> Any:
    if kind in _PLAIN:
        return getattr(cell, _PLAIN[kind])
    if kind == "DATE":
        days = cell.date_value
        return None if days is None else _EPOCH.date() + timedelta(days=days)
    if kind == "NUMERIC":
        return None if cell.numeric_value is None else _numeric(cell.numeric_value)
    micros = cell.int64_value
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def _numeric(raw: bytes) -> Decimal:
    return Decimal(int.from_bytes(raw, "little", signed=True)).scaleb(-9)


def same(left: Sequence[tuple[Any, ...]], right: Sequence[tuple[Any, ...]]) -> bool:
    """Whether two sets of rows are equal, whatever their order."""
    return sorted(map(_key, left)) == sorted(map(_key, right))


def _key(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(_text(value) for value in row)


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.9f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else repr(value)
