"""Google's own GoogleSQL analyser (PyPI `zetasql`), with the language that BigQuery has.

The first call on a machine takes some 20 s, while a WebAssembly module is compiled; later ones take
milliseconds. The module runs one call at a time.
"""

import functools
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local_cloud import googlesql_module

googlesql_module.use()

from zetasql.api import Analyzer, TableBuilder, TypeFactory  # noqa: E402 - after `use`
from zetasql.core import ZetaSqlLocalService  # noqa: E402
from zetasql.core.exceptions import ZetaSQLError  # noqa: E402
from zetasql.types import (  # noqa: E402
    AnalyzerOptions,
    LanguageOptions,
    ParseResumeLocation,
    ProductMode,
    ResolvedNodeKind,
    SimpleCatalog,
    Type,
    TypeKind,
    ZetaSQLBuiltinFunctionOptions,
)

_LOCK = threading.Lock()
# Statements that BigQuery runs and the product may use; procedural ones are not among them.
_KINDS = (
    "QUERY", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE_TABLE",
    "CREATE_TABLE_AS_SELECT", "DROP", "ALTER_TABLE", "CREATE_VIEW", "CREATE_SCHEMA", "BEGIN",
    "COMMIT", "ROLLBACK", "ASSERT", "GRANT",
)  # fmt: skip
_SCALARS = {
    "BIGNUMERIC": TypeKind.TYPE_BIGNUMERIC, "BOOL": TypeKind.TYPE_BOOL,
    "BOOLEAN": TypeKind.TYPE_BOOL, "BYTES": TypeKind.TYPE_BYTES, "DATE": TypeKind.TYPE_DATE,
    "DATETIME": TypeKind.TYPE_DATETIME, "FLOAT": TypeKind.TYPE_DOUBLE,
    "FLOAT64": TypeKind.TYPE_DOUBLE, "INT64": TypeKind.TYPE_INT64, "INTEGER": TypeKind.TYPE_INT64,
    "JSON": TypeKind.TYPE_JSON, "NUMERIC": TypeKind.TYPE_NUMERIC, "STRING": TypeKind.TYPE_STRING,
    "TIME": TypeKind.TYPE_TIME, "TIMESTAMP": TypeKind.TYPE_TIMESTAMP,
}  # fmt: skip
_POSITION = re.compile(r"^\[\w+\] (?P<text>.*?)(?: \[at (?P<place>\d+:\d+)\])?$", re.DOTALL)
_TEMPORARY = 3  # CREATE_TEMP of ResolvedCreateStatementEnums.CreateScope

Path = tuple[str, ...]
Fields = Sequence[Mapping[str, Any]]


class InvalidQueryError(Exception):
    """Google's analyser refuses a statement; the message is the analyser's."""


class UnknownTableError(InvalidQueryError):
    """A statement names a table that is not in the catalog."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a script: where it begins in bytes, and the tables that it names."""

    start: int
    tables: tuple[Path, ...]


@dataclass
class Script:
    """A script, its tables and its parameters.

    Attributes:
        tables: The fields of each table by its path as the script writes it, in the form of the
            REST API: `name`, `type`, `mode`, and `fields` for a RECORD.
        parameters: The REST API's `queryParameters`.
    """

    sql: str
    tables: Mapping[Path, Fields] = field(default_factory=dict)
    parameters: Sequence[Mapping[str, Any]] = ()


def parse(sql: str) -> list[Statement]:
    """The statements of a script.

    Raises:
        InvalidQueryError: One of them is no GoogleSQL, or of a kind that is not supported here.
    """
    found, start, end = [], 0, len(sql.encode())
    with _LOCK:
        while start < end and _rest(sql, start):
            place = ParseResumeLocation(input=sql, byte_position=start)
            try:
                named = ZetaSqlLocalService.get_instance().extract_table_names_from_next_statement(
                    parse_resume_location=place, options=_language()
                )
            except ZetaSQLError as error:
                raise _refused(error) from error
            paths = tuple(tuple(name.table_name_segment) for name in named.table_name or ())
            found.append(Statement(start, paths))
            start = named.resume_byte_position
    return found


def analyse(script: Script) -> None:
    """Analyse a script's statements one by one, and hold transactions to BigQuery's rule.

    Raises:
        InvalidQueryError: One of them is refused.
    """
    catalog = _catalog(script.tables)
    options = _options(script.parameters)
    in_transaction = False
    for statement in parse(script.sql):
        place = ParseResumeLocation(input=script.sql, byte_position=statement.start)
        with _LOCK:
            try:
                resolved = Analyzer.analyze_next_statement_static(place, options, catalog)
            except ZetaSQLError as error:
                raise _refused(error) from error
        kind = type(resolved).__name__
        if kind in {"ResolvedBeginStmt", "ResolvedCommitStmt", "ResolvedRollbackStmt"}:
            in_transaction = kind == "ResolvedBeginStmt"
            continue
        if in_transaction and _is_permanent_ddl(kind, resolved):
            raise InvalidQueryError(
                "Transaction control statements do not support DDL statements that affect "
                "permanent entities."
            )
        _add_created(catalog, kind, resolved)


def _is_permanent_ddl(kind: str, resolved: Any) -> bool:  # noqa: ANN401 - a resolved statement
    """DDL of anything but a temporary table, which has a name of one part.

    cloud.google.com/bigquery/docs/transactions, read in November 2026: a transaction takes queries,
    DML with TRUNCATE TABLE, and DDL of temporary entities.
    """
    if kind == "ResolvedDropStmt":
        return len(resolved.name_path) > 1
    if kind.startswith(("ResolvedCreate", "ResolvedAlter")):
        return getattr(resolved, "create_scope", 0) != _TEMPORARY
    return False


def _add_created(catalog: SimpleCatalog, kind: str, resolved: Any) -> None:  # noqa: ANN401
    """Let later statements of the script read a table that this one makes."""
    if kind not in {"ResolvedCreateTableStmt", "ResolvedCreateTableAsSelectStmt"}:
        return
    columns = [(column.name, column.type) for column in resolved.column_definition_list]
    _add(catalog, tuple(resolved.name_path), columns)


def _rest(sql: str, start: int) -> bool:
    """Whether anything but blanks and comments follows."""
    rest = sql.encode()[start:].decode()
    return bool(re.sub(r"--[^\n]*|#[^\n]*|/\*.*?\*/|\s+|;", "", rest, flags=re.DOTALL))


def _refused(error: ZetaSQLError) -> InvalidQueryError:
    """The analyser's message as BigQuery writes it: `... at [1:13]`."""
    found = _POSITION.match(str(error))
    text, place = (found["text"], found["place"]) if found else (str(error), None)
    kind = UnknownTableError if text.startswith("Table not found") else InvalidQueryError
    return kind(f"{text} at [{place}]" if place else text)


@functools.cache
def _language() -> LanguageOptions:
    language = LanguageOptions.maximum_features()
    language.product_mode = ProductMode.PRODUCT_EXTERNAL
    language.supported_statement_kinds = [ResolvedNodeKind[f"RESOLVED_{k}_STMT"] for k in _KINDS]
    return language


def _options(parameters: Sequence[Mapping[str, Any]]) -> AnalyzerOptions:
    options = AnalyzerOptions(language_options=_language(), default_timezone="UTC")
    options.query_parameters = [
        AnalyzerOptions.QueryParameter(
            name=parameter["name"].lower(), type=_parameter_type(parameter["parameterType"])
        )
        for parameter in parameters
    ]
    return options


def _parameter_type(kind: Mapping[str, Any]) -> Type:
    if kind["type"] == "ARRAY":
        return TypeFactory.create_array_type(_parameter_type(kind["arrayType"]))
    if kind["type"] in {"STRUCT", "RECORD"}:
        fields = [(f.get("name", ""), _parameter_type(f["type"])) for f in kind["structTypes"]]
        return TypeFactory.create_struct_type(fields)
    return TypeFactory.create_simple_type(_SCALARS[kind["type"]])


def _catalog(tables: Mapping[Path, Fields]) -> SimpleCatalog:
    functions = ZetaSQLBuiltinFunctionOptions(language_options=_language())
    catalog = SimpleCatalog(name="bigquery", builtin_function_options=functions)
    for path, fields in tables.items():
        _add(catalog, path, [(column["name"], _column_type(column)) for column in fields])
    return catalog


def _column_type(column: Mapping[str, Any]) -> Type:
    if column["type"] in {"RECORD", "STRUCT"}:
        fields = [(part["name"], _column_type(part)) for part in column["fields"]]
        made = TypeFactory.create_struct_type(fields)
    else:
        made = TypeFactory.create_simple_type(_SCALARS[column["type"]])
    return TypeFactory.create_array_type(made) if column.get("mode") == "REPEATED" else made


def _add(catalog: SimpleCatalog, path: Path, columns: Sequence[tuple[str, Type]]) -> None:
    for name in path[:-1]:
        inner = next((c for c in catalog.catalog if c.name == name), None)
        if inner is None:
            inner = SimpleCatalog(name=name)
            catalog.catalog.append(inner)
        catalog = inner
    builder = TableBuilder(path[-1])
    for name, kind in columns:
        builder = builder.add_column(name, kind)
    catalog.table = [t for t in catalog.table if t.name != path[-1]]
    catalog.table.append(builder.build())
