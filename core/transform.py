"""Bronze to Silver, Gold and aggregations: runs `core/sql`, a layer at a time.

A layer is all or nothing: its tables are built in the order of what they read, its checks run on
what was built, and only when all pass is it published. Readers see the old layer or the new.
With the layer goes the version of Bronze that it shows; `versions` tells them.
"""

import functools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.progress import Progress, silent

if TYPE_CHECKING:
    from core.warehouse import LayerBuild, Warehouse

LAYERS = ("silver", "gold", "aggregations")
SQL_FOLDER = Path(__file__).parent / "sql"

_DATASET = {"silver": "silver", "gold": "gold", "aggregations": "gold"}
_COMMAND = {
    "silver": "python scripts/build_silver_layer.py",
    "gold": "python scripts/build_gold_layer.py",
}
_SAMPLE_ROWS = 5

_PARENT = {"gold": "silver", "aggregations": "gold"}
# Generations only grow, so whatever comes to Bronze, in whichever table, makes one of the two
# numbers greater, and what is removed from it makes both smaller. (The sum, which outgrows an
# INT64, is taken in two parts.)
_LEDGER = """
SELECT
  COUNT(*) AS objects,
  CAST(COALESCE(SUM(DIV(generation, 1000000)), 0) AS INT64) AS millions,
  CAST(COALESCE(SUM(MOD(generation, 1000000)), 0) AS INT64) AS units
FROM bronze._ingested_objects
"""
_OBJECTS = re.compile(r"(\d+) objects")
_BUILT = "SELECT layer, bronze_version FROM bronze._built_layers"
_FAILING = """
SELECT *, COUNT(*) OVER () AS failing_rows FROM ({check}) ORDER BY 1, 2 LIMIT {rows}
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
    sample: list[dict[str, Any]]

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


def rebuild(
    warehouse: "Warehouse",
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
        TransientError: Another process or thread kept the warehouse.
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


def bytes_read(warehouse: "Warehouse", layers: Sequence[str] = LAYERS) -> int | None:
    """Bytes that a rebuild's tables would be billed for; None where nothing is billed.

    Raises:
        InputError: A layer is unknown.
        StoreError: What a layer reads is not built yet.
    """
    billed = [
        warehouse.bytes_read(sql)
        for layer in _in_order(layers)
        for sql in statements(layer).values()
    ]
    return None if None in billed else sum(filter(None, billed))


def versions(warehouse: "Warehouse") -> dict[str, str]:
    """Bronze's present version by `bronze`, and by each built layer the one that it shows.

    A layer whose version is another than Bronze's does not show all that Bronze has. The Bronze
    tables must be there.
    """
    return _versions(warehouse.ask)


def objects_between(shown: str | None, present: str) -> int | None:
    """How many objects Bronze has more than when a layer was built, by their versions.

    It is negative where objects were removed since, and 0 where some were only replaced; None
    where the layer's version is not known.
    """
    counts = [_OBJECTS.match(version or "") for version in (shown, present)]
    before, after = [int(found[1]) if found else None for found in counts]
    return None if before is None or after is None else after - before


def _versions(ask: Callable[[str], list[dict[str, Any]]]) -> dict[str, str]:
    (ledger,) = ask(_LEDGER)
    built = {row["layer"]: row["bronze_version"] for row in ask(_BUILT)}
    generations = 1_000_000 * ledger["millions"] + ledger["units"]
    now = f"{ledger['objects']} objects, generations {generations}"
    return {**built, "bronze": now}


def _in_order(layers: Sequence[str]) -> list[str]:
    unknown = sorted(set(layers) - set(LAYERS))
    if unknown or not layers:
        raise InputError(f"Layers are {list(layers)}: choose from {', '.join(LAYERS)}.")
    return [layer for layer in LAYERS if layer in layers]


def _counter(layers: Sequence[str], progress: Progress) -> Callable[[str], None]:
    total = sum(len(statements(layer)) + len(statements(f"checks/{layer}")) for layer in layers)
    done = 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        progress(done, total, what)

    return step


def _rebuild_layer(warehouse: "Warehouse", layer: str, step: Callable[[str], None]) -> LayerReport:
    started = time.monotonic()
    _require_inputs(warehouse, layer)
    with warehouse.building(layer) as build:
        # Read first: what comes to Bronze from here on makes the layer old, whether or not it is
        # seen below.
        known = _versions(build.ask)
        tables = _make_tables(build, layer, step)
        checks = _run_checks(build, layer, step)
        published = all(check.passed for check in checks)
        if published:
            build.publish(known.get(_PARENT.get(layer, "bronze"), "unknown"))
    return LayerReport(layer, published, tables, checks, time.monotonic() - started)


def _require_inputs(warehouse: "Warehouse", layer: str) -> None:
    missing = sorted(_inputs(layer) - warehouse.tables()) if _inputs(layer) else []
    if missing:
        raise InputError(
            f"The {layer} layer reads {missing[0]}, which is not built yet: "
            f"run `{_COMMAND[missing[0].partition('.')[0]]}` first."
        )


def _make_tables(
    build: "LayerBuild", layer: str, step: Callable[[str], None]
) -> tuple[TableReport, ...]:
    reports = []
    for name in build_order(layer):
        table = f"{dataset_of(layer)}.{name}"
        reports.append(TableReport(table, *build.make(table, statements(layer)[name])))
        step(table)
    return tuple(reports)


def _run_checks(
    build: "LayerBuild", layer: str, step: Callable[[str], None]
) -> tuple[CheckReport, ...]:
    reports = []
    for name, sql in statements(f"checks/{layer}").items():
        sample = build.ask(_FAILING.format(check=sql.rstrip().rstrip(";"), rows=_SAMPLE_ROWS))
        failing = [int(row.pop("failing_rows")) for row in sample]
        reports.append(CheckReport(name, _sentence(sql), failing[0] if failing else 0, sample))
        step(name)
    return tuple(reports)


def _sentence(sql: str) -> str:
    return sql.splitlines()[0].removeprefix("--").strip()


def dataset_of(layer: str) -> str:
    """The dataset that a layer's tables are in: that of the aggregations is `gold`."""
    return _DATASET[layer]


@functools.cache
def build_order(layer: str) -> tuple[str, ...]:
    """Names of a layer's tables, each after those that it reads."""
    from graphlib import TopologicalSorter

    from core.dialect import tables_read

    dataset = dataset_of(layer)
    found = statements(layer)
    graph = {
        name: sorted(other for other in found if f"{dataset}.{other}" in tables_read(sql))
        for name, sql in found.items()
    }
    return tuple(TopologicalSorter(graph).static_order())


def inputs() -> frozenset[str]:
    """Tables that the layers read from one another; they are there once all layers are built."""
    return frozenset[str]().union(*map(_inputs, LAYERS))


@functools.cache
def _inputs(layer: str) -> frozenset[str]:
    """Tables that a layer reads and does not make itself; Bronze is always there."""
    from core.dialect import tables_read

    read = frozenset[str]().union(*(tables_read(sql) for sql in statements(layer).values()))
    made = {f"{dataset_of(layer)}.{name}" for name in statements(layer)}
    return frozenset(table for table in read - made if not table.startswith("bronze."))


@functools.cache
def statements(folder: str) -> Mapping[str, str]:
    """Text of each `.sql` file of a folder of `core/sql`, by the file's stem, in name order."""
    files = sorted((SQL_FOLDER / folder).glob("*.sql"))
    return MappingProxyType({file.stem: file.read_text(encoding="utf-8") for file in files})
