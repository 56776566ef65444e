"""The tables that a rebuild makes on DuckDB, with their columns and types."""

import functools
import re
import tempfile
from typing import NamedTuple

from core.platform import Platform
from core.settings import Settings
from core.transform.rebuild import rebuild_layers
from tests.support import sql_files
from tests.support.bronze_rows import CHAIN, fill
from tests.support.scenes import embedded, held_open

ON_BIGQUERY = {
    "BIGINT": "INT64", "VARCHAR": "STRING", "BOOLEAN": "BOOL", "DATE": "DATE",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
}  # fmt: skip
HEADINGS = {
    "bronze": "Bronze: the rows as they were loaded",
    "silver": "Silver: typed, one row a key",
    "gold": "Gold: the star schema",
    "aggregations": "Gold: the aggregations",
}
_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable
FROM duckdb_columns() WHERE schema_name = $schema ORDER BY table_name, column_index
"""


class TableColumn(NamedTuple):
    """A column as DuckDB has it."""

    name: str
    type: str
    is_nullable: bool


class Table(NamedTuple):
    """A table such as `silver.orders`: what its SQL says in words and clauses, and its columns."""

    layer: str
    name: str
    about: str
    clauses: str
    columns: tuple[TableColumn, ...]


@functools.cache
def build_tables() -> tuple[Table, ...]:
    """Build all layers in a folder that is dropped again; Bronze first."""
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": folder}))
        with held_open(platform):
            fill(platform, CHAIN)
            assert all(report.published for report in rebuild_layers(platform.warehouse))
            columns = {
                f"{dataset}.{table}": found
                for dataset in ("bronze", "silver", "gold")
                for table, found in _columns(platform, dataset).items()
            }
    tables = [_table(statement, columns) for statement in sql_files.tables()]
    assert {table.name for table in tables} == columns.keys()
    return tuple(sorted(tables, key=lambda table: (list(HEADINGS).index(table.layer), table.name)))


def bigquery_type(column: TableColumn, layer: str) -> str:
    """The type on BigQuery, where only Bronze's statements give NUMERIC a precision."""
    if column.type.startswith("DECIMAL"):
        precise = column.type.replace("DECIMAL", "NUMERIC").replace(",", ", ")
        return precise if layer == "bronze" else "NUMERIC"
    return ON_BIGQUERY[column.type]


def _columns(platform: Platform, dataset: str) -> dict[str, tuple[TableColumn, ...]]:
    schema = f"{platform.warehouse.prefix}_{dataset}"
    found: dict[str, tuple[TableColumn, ...]] = {}
    for row in embedded(platform).query(_COLUMNS, {"schema": schema}).to_pylist():
        column = TableColumn(row["column_name"], row["data_type"], row["is_nullable"])
        found[row["table_name"]] = (*found.get(row["table_name"], ()), column)
    return found


def _table(statement: sql_files.Statement, columns: dict[str, tuple[TableColumn, ...]]) -> Table:
    dataset = "gold" if statement.folder == "aggregations" else statement.folder
    name = f"{dataset}.{statement.name}"
    about = re.findall(r"^-- (.*)", statement.sql.partition("CREATE")[0], re.MULTILINE)
    clauses = re.findall(r"^(PARTITION BY \w+|CLUSTER BY [\w, ]+?)(?: AS)?;?$", statement.sql,
                         re.MULTILINE)  # fmt: skip
    return Table(statement.folder, name, " ".join(about), ", ".join(clauses), columns[name])
