"""Bronze to Silver, Gold and aggregations: runs `core/sql`, a layer at a time.

A layer is one transaction: its tables are built in the order of what they read, its checks run on
what was built, and a check that fails takes all of it back. Readers see the old layer or the new.
With the layer goes the version of Bronze that it shows; `versions` tells them.
"""

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.errors import InputError
from core.progress import Progress, silent

if TYPE_CHECKING:
    import duckdb

    from core.warehouse import DuckDBWarehouse

LAYERS = ("silver", "gold", "aggregations")
SQL_FOLDER = Path(__file__).parent / "sql"

_DATASET = {"silver": "silver", "gold": "gold", "aggregations": "gold"}
_COMMAND = {
    "silver": "python scripts/build_silver_layer.py",
    "gold": "python scripts/build_gold_layer.py",
}
_SAMPLE_ROWS = 5

_PARENT = {"gold": "silver", "aggregations": "gold"}
# Objects stay in the ledger and their generations only grow, so whatever changes Bronze, in
# whichever table, makes one of the two numbers greater.
_BRONZE_VERSION = """
SELECT COUNT(*) || ' objects, generations ' || COALESCE(SUM(generation), 0) AS bronze_version
FROM {p}_bronze._ingested_objects
"""
_VERSION_OF = "SELECT bronze_version FROM {p}_bronze._built_layers WHERE layer = '{layer}'"
_FORGET_VERSION = "DELETE FROM {p}_bronze._built_layers WHERE layer = '{layer}'"
_KEEP_VERSION = (
    "INSERT INTO {p}_bronze._built_layers SELECT '{layer}', bronze_version FROM ({source})"
)
_VERSIONS = """
SELECT layer, bronze_version FROM {p}_bronze._built_layers
UNION ALL
SELECT 'bronze', bronze_version FROM ({source})
"""


@dataclass(frozen=True, slots=True)
class TableReport:
    """A table such as `silver.orders`: its rows as readers had them, and as newly built."""

    name: str
    rows_before: int
    rows_after: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """A data check: the sentence that must hold, and the rows for which it does not."""

    name: str
    sentence: str
    failing_rows: int
    sample: list[dict[str, object]]

    @property
    def passed(self) -> bool:
        """Whether no row failed."""
        return self.failing_rows == 0


@dataclass(frozen=True, slots=True)
class LayerReport:
    """What became of a layer: all of its tables published, or, when a check failed, none."""

    layer: str
    published: bool
    tables: tuple[TableReport, ...]
    checks: tuple[CheckReport, ...]
    seconds: float


class _ChecksFailed(Exception):  # noqa: N818 - ends the transaction, never leaves this module
    pass


def rebuild(
    warehouse: "DuckDBWarehouse",
    layers: Sequence[str] = LAYERS,
    progress: Progress = silent,
) -> tuple[LayerReport, ...]:
    """Build layers anew from what is below them, each all or nothing.

    Args:
        warehouse: Where Bronze is.
        layers: Some of `LAYERS`; they are built in that order.
        progress: Called with steps done, steps in all, and the table or check just done.

    Returns:
        A report a layer. One that was not published is the last.

    Raises:
        InputError: A layer is unknown, or what it reads is not built yet.
        WarehouseBusyError: Another process or thread kept the warehouse.
    """
    chosen = _in_order(layers)
    step = _counter(chosen, progress)
    warehouse.create_bronze()
    reports: list[LayerReport] = []
    for layer in chosen:
        reports.append(_rebuild_layer(warehouse, layer, step))
        if not reports[-1].published:
            break
    return tuple(reports)


def versions(warehouse: "DuckDBWarehouse") -> dict[str, str]:
    """Bronze's present version by `bronze`, and by each built layer the one that it shows.

    A layer whose version is another than Bronze's does not show all that Bronze has. The Bronze
    tables must be there.
    """
    p = warehouse.prefix
    rows = warehouse.query(_VERSIONS.format(p=p, source=_BRONZE_VERSION.format(p=p)))
    return dict(zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True))


def _in_order(layers: Sequence[str]) -> list[str]:
    unknown = sorted(set(layers) - set(LAYERS))
    if unknown or not layers:
        raise InputError(f"Layers are {list(layers)}: choose from {', '.join(LAYERS)}.")
    return [layer for layer in LAYERS if layer in layers]


def _counter(layers: Sequence[str], progress: Progress) -> Callable[[str], None]:
    total = sum(len(_statements(layer)) + len(_statements(f"checks/{layer}")) for layer in layers)
    done = 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        progress(done, total, what)

    return step


def _rebuild_layer(
    warehouse: "DuckDBWarehouse", layer: str, step: Callable[[str], None]
) -> LayerReport:
    started = time.monotonic()
    tables: tuple[TableReport, ...] = ()
    checks: tuple[CheckReport, ...] = ()
    published = True
    try:
        with warehouse.writing() as connection:
            _require_inputs(connection, warehouse.prefix, layer)
            tables = _build_tables(connection, warehouse.prefix, layer, step)
            checks = _run_checks(connection, warehouse.prefix, layer, step)
            if not all(check.passed for check in checks):
                raise _ChecksFailed  # noqa: TRY301 - the only way to roll the block back
            _keep_version(connection, warehouse.prefix, layer)
    except _ChecksFailed:
        published = False
    return LayerReport(layer, published, tables, checks, time.monotonic() - started)


def _require_inputs(connection: "duckdb.DuckDBPyConnection", prefix: str, layer: str) -> None:
    for table in sorted(_inputs(layer)):
        dataset, name = table.split(".")
        if name not in _present(connection, f"{prefix}_{dataset}"):
            raise InputError(
                f"The {layer} layer reads {table}, which is not built yet: "
                f"run `{_COMMAND[dataset]}` first."
            )


def _build_tables(
    connection: "duckdb.DuckDBPyConnection", prefix: str, layer: str, step: Callable[[str], None]
) -> tuple[TableReport, ...]:
    from core.dialect import render

    dataset = _DATASET[layer]
    schema = f"{prefix}_{dataset}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    present = _present(connection, schema)
    reports = []
    for name in build_order(layer):
        before = _count(connection, f"{schema}.{name}") if name in present else 0
        connection.execute(render(_statements(layer)[name], prefix, "duckdb"))
        after = _count(connection, f"{schema}.{name}")
        reports.append(TableReport(f"{dataset}.{name}", before, after))
        step(f"{dataset}.{name}")
    return tuple(reports)


def _run_checks(
    connection: "duckdb.DuckDBPyConnection", prefix: str, layer: str, step: Callable[[str], None]
) -> tuple[CheckReport, ...]:
    from core.dialect import render

    reports = []
    for name, sql in _statements(f"checks/{layer}").items():
        rows = connection.sql(
            f"SELECT *, COUNT(*) OVER () AS failing_rows FROM ({render(sql, prefix, 'duckdb')}) "  # noqa: S608 - our own files
            f"ORDER BY ALL LIMIT {_SAMPLE_ROWS}"
        )
        sample: list[dict[str, object]] = rows.to_arrow_table().to_pylist()
        failing = [row.pop("failing_rows") for row in sample]
        reports.append(CheckReport(name, _sentence(sql), _first_int(failing), sample))
        step(name)
    return tuple(reports)


def _keep_version(connection: "duckdb.DuckDBPyConnection", prefix: str, layer: str) -> None:
    """Note which Bronze a layer shows: the present one, or the one its parent was built from."""
    parent = _PARENT.get(layer)
    source = (_VERSION_OF if parent else _BRONZE_VERSION).format(p=prefix, layer=parent)
    connection.execute(_FORGET_VERSION.format(p=prefix, layer=layer))
    connection.execute(_KEEP_VERSION.format(p=prefix, layer=layer, source=source))


def _first_int(values: Sequence[object]) -> int:
    return int(str(values[0])) if values else 0


def _sentence(sql: str) -> str:
    return sql.splitlines()[0].removeprefix("--").strip()


@functools.cache
def build_order(layer: str) -> tuple[str, ...]:
    """Names of a layer's tables, each after those that it reads."""
    from graphlib import TopologicalSorter

    from core.dialect import tables_read

    dataset = _DATASET[layer]
    statements = _statements(layer)
    graph = {
        name: sorted(other for other in statements if f"{dataset}.{other}" in tables_read(sql))
        for name, sql in statements.items()
    }
    return tuple(TopologicalSorter(graph).static_order())


@functools.cache
def _inputs(layer: str) -> frozenset[str]:
    """Tables that a layer reads and does not make itself; Bronze is always there."""
    from core.dialect import tables_read

    read = frozenset[str]().union(*(tables_read(sql) for sql in _statements(layer).values()))
    made = {f"{_DATASET[layer]}.{name}" for name in _statements(layer)}
    return frozenset(table for table in read - made if not table.startswith("bronze."))


@functools.cache
def _statements(folder: str) -> Mapping[str, str]:
    """Text of each `.sql` file of a folder of `core/sql`, by the file's stem, in name order."""
    files = sorted((SQL_FOLDER / folder).glob("*.sql"))
    return MappingProxyType({file.stem: file.read_text(encoding="utf-8") for file in files})


def _present(connection: "duckdb.DuckDBPyConnection", schema: str) -> set[str]:
    rows = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", [schema]
    ).fetchall()
    return {str(name) for (name,) in rows}


def _count(connection: "duckdb.DuckDBPyConnection", table: str) -> int:
    ((count,),) = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchall()  # noqa: S608 - our own names
    return int(count)
