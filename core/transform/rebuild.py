"""Build Silver, Gold and the aggregations from Bronze: run `core/sql`, one layer at a time.

A layer is all or nothing: its tables are built in dependency order, its checks run on the new
tables, and it is published only if all pass. Readers see the old layer or the new one. Each layer
records the version of Bronze that it shows (`read_versions`).

Sales tables are built only for the business dates that changed below (`staleness`), if that gives
the same as a full rebuild (`date_independence`); otherwise the layer is built whole.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.messages import Message, message
from core.progress import Progress, silent
from core.transform import date_independence, date_slices, staleness
from core.transform.cost import bytes_read
from core.transform.layers import (
    LAYERS,
    PARENT,
    SQL_FOLDER,
    build_order,
    dataset_of,
    in_order,
    inputs,
    inputs_of,
    statements,
)
from core.warehouse.base import LEDGER

if TYPE_CHECKING:
    from core.transform.date_slices import Slice
    from core.transform.staleness import RebuildPlan
    from core.warehouse import LayerBuild, Warehouse

__all__ = [
    "LAYERS",
    "SQL_FOLDER",
    "CheckReport",
    "LayerReport",
    "TableReport",
    "build_order",
    "bytes_read",
    "count_new_objects",
    "dataset_of",
    "inputs",
    "read_versions",
    "rebuild_layers",
    "statements",
]

_COMMAND = {
    "silver": "python scripts/build_silver_layer.py",
    "gold": "python scripts/build_gold_layer.py",
}
_SAMPLE_ROWS = 5

# Each load makes the latest ingestion later, each removal makes the number of objects smaller, and
# generations distinguish loads of the same moment. (Their sum, which exceeds an INT64, is taken in
# two parts.)
_LEDGER = """
SELECT
  COUNT(*) AS objects,
  CAST(COALESCE(SUM(DIV(generation, 1000000)), 0) AS INT64) AS millions,
  CAST(COALESCE(SUM(MOD(generation, 1000000)), 0) AS INT64) AS units,
  MAX(_ingest_timestamp) AS latest
FROM bronze._ingested_objects
"""
_OBJECTS = re.compile(r"(\d+) objects")
_BUILT = "SELECT layer, bronze_version FROM bronze._built_layers"
_FAILING = """
SELECT *, COUNT(*) OVER () AS failing_rows FROM ({check}) ORDER BY 1, 2 LIMIT {rows}
"""


@dataclass(frozen=True, slots=True)
class TableReport:
    """A table such as `silver.orders`: how many rows it had, and how many the new build has."""

    name: str
    rows_before: int
    rows_after: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """A data check: the sentence that must hold, and the rows that break it."""

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
    """The outcome for a layer: all of its tables are published, or none if a check failed.

    `dates` are those that were built; if None, all were, for the reason `why_full` (in `WHY_FULL`).
    """

    layer: str
    published: bool
    tables: tuple[TableReport, ...]
    checks: tuple[CheckReport, ...]
    seconds: float
    dates: tuple[date, ...] | None = None
    why_full: str | None = None


def rebuild_layers(
    warehouse: "Warehouse",
    layers: Sequence[str] = LAYERS,
    progress: Progress = silent,
    *,
    full: bool = False,
) -> tuple[LayerReport, ...]:
    """Build some of `LAYERS`, in their order, from the layers below them, each all or nothing.

    Args:
        full: Build all business dates, not only those that changed.

    Returns:
        One report per layer. The first layer that is not published is the last.

    Raises:
        InputError: A layer is unknown, or what it reads is not built yet.
        TransientError: Another process or thread kept the warehouse.
    """
    chosen = in_order(layers)
    step = _counter(chosen, progress)
    warehouse.create_bronze()
    reports: list[LayerReport] = []
    for layer in chosen:
        reports.append(_rebuild_layer(warehouse, layer, step, full=full))
        if not reports[-1].published:
            break
    return tuple(reports)


def read_versions(warehouse: "Warehouse") -> dict[str, str]:
    """Bronze's present version under `bronze`, and under each built layer the one that it shows.

    The Bronze tables must exist.
    """
    return _versions(warehouse.ask)


def count_new_objects(shown: str | None, present: str) -> int | None:
    """How many more objects Bronze has than when a layer was built, by their versions.

    Negative if objects were removed since, 0 if some were only replaced; None if the version of
    the layer is unknown.
    """
    counts = [_OBJECTS.match(version or "") for version in (shown, present)]
    before, after = [int(found[1]) if found else None for found in counts]
    return None if before is None or after is None else after - before


def _versions(ask: Callable[[str], list[dict[str, Any]]]) -> dict[str, str]:
    (ledger,) = ask(_LEDGER)
    built = {row["layer"]: row["bronze_version"] for row in ask(_BUILT)}
    generations = 1_000_000 * ledger["millions"] + ledger["units"]
    latest = f", latest {ledger['latest'].astimezone(UTC).isoformat()}" if ledger["latest"] else ""
    now = f"{ledger['objects']} objects, generations {generations}{latest}"
    return {**built, "bronze": now}


def _counter(layers: Sequence[str], progress: Progress) -> Callable[[str], None]:
    total = sum(len(statements(layer)) + len(statements(f"checks/{layer}")) for layer in layers)
    done: set[str] = set()

    def step(what: str) -> None:
        if what not in done:  # a layer that falls back to a full build does each step twice
            done.add(what)
            progress(len(done), total, what)

    return step


def _rebuild_layer(
    warehouse: "Warehouse", layer: str, step: Callable[[str], None], *, full: bool
) -> LayerReport:
    started = time.monotonic()
    _require_inputs(warehouse, layer)
    with warehouse.building(layer) as build:
        # Read first: every later load makes the layer out of date, whether or not it is seen below.
        known = _versions(build.ask)
        plan = staleness.plan_rebuild(build.ask, layer, full=full)
        plan, tables = _make(build, layer, plan, step)
        checks = _run_checks(build, layer, step, plan)
        published = all(check.passed for check in checks)
        if published:
            version = known.get(PARENT.get(layer, "bronze"), "unknown")
            build.publish(version, staleness.rows_of_notes(plan.notes), known.get(layer))
    dates = plan.part.dates if plan.part else None
    seconds = time.monotonic() - started
    return LayerReport(layer, published, tables, checks, seconds, dates, plan.why)


def _require_inputs(warehouse: "Warehouse", layer: str) -> None:
    missing = sorted(inputs_of(layer) - warehouse.tables()) if inputs_of(layer) else []
    if missing:
        raise InputError(
            message(
                "warehouse.not_built",
                layer=layer,
                table=missing[0],
                command=_COMMAND[missing[0].partition(".")[0]],
            )
        )


def _make(
    build: "LayerBuild", layer: str, plan: "RebuildPlan", step: Callable[[str], None]
) -> tuple["RebuildPlan", tuple[TableReport, ...]]:
    """Build a layer's tables, by date if possible; return the plan that was followed."""
    if plan.part is not None:
        tables = _make_tables(build, layer, step, plan.part)
        # After the tables, so that later loads are checked too.
        noted = _with_notes(build, layer, plan) if tables else plan.whole(staleness.COLUMNS)
        if tables and noted.part is not None:
            return noted, tables
        build.forget()
        plan = plan.whole(noted.why or staleness.COLUMNS)
    tables = _make_tables(build, layer, step, None)
    return _with_notes(build, layer, plan), tables or ()


def _with_notes(build: "LayerBuild", layer: str, plan: "RebuildPlan") -> "RebuildPlan":
    """The plan with its notes by date; a full build if a Silver date depends on other dates."""
    if layer != "silver":
        return plan
    plan = staleness.note_silver_partitions(build.ask, plan)
    if plan.part is None:
        found = date_independence.check_all_dates(build.ask)
    else:
        found = date_independence.check_dates(build.ask, plan.part)
    if found.independent:
        return replace(plan, notes=staleness.note_orphans(plan.notes, found.orphaned))
    return replace(plan, notes={}, part=None, why=staleness.DEPENDENT)


def _make_tables(
    build: "LayerBuild", layer: str, step: Callable[[str], None], part: "Slice | None"
) -> tuple[TableReport, ...] | None:
    """Build a layer's tables, whole or for some dates; None if new rows do not fit a table."""
    reports = []
    for name in build_order(layer):
        table = f"{dataset_of(layer)}.{name}"
        rows = _make_table(build, layer, table, part)
        if rows is None:
            return None
        reports.append(TableReport(table, *rows))
        step(table)
    return tuple(reports)


def _make_table(
    build: "LayerBuild", layer: str, table: str, part: "Slice | None"
) -> tuple[int, int] | None:
    if part is None or table not in date_slices.SLICED:
        return build.make(table, statements(layer)[table.partition(".")[2]])
    sql = date_slices.statement(layer, table, part)
    return build.make_slice(table, sql, part.gone(table))


def _run_checks(
    build: "LayerBuild", layer: str, step: Callable[[str], None], plan: "RebuildPlan | None" = None
) -> tuple[CheckReport, ...]:
    reports = []
    for name, sql in statements(f"checks/{layer}").items():
        check = sql.rstrip().rstrip(";")
        if plan and plan.part is not None:
            check = date_slices.check(layer, check, plan.part, whole=plan.reference)
        sample = _failing_rows(build, check, plan)
        failing = [int(row.pop("failing_rows")) for row in sample]
        sentence = Message(_sentence(sql), f"check.{name}")
        reports.append(CheckReport(name, sentence, failing[0] if failing else 0, sample))
        step(name)
    return tuple(reports)


def _failing_rows(
    build: "LayerBuild", check: str, plan: "RebuildPlan | None"
) -> list[dict[str, Any]]:
    """Rows that fail a check; each also holds their total number.

    A comparison with the ledger leaves out dates that were loaded after the plan was made: the next
    build will show them.
    """
    from core.warehouse.dialect.render import tables_read

    sample = build.ask(_FAILING.format(check=check, rows=_SAMPLE_ROWS))
    moved: frozenset[date] = frozenset()
    while sample and plan and LEDGER in tables_read(check):
        before, moved = moved, moved | staleness.find_moved_dates(build.ask, plan)
        if moved == before:
            break
        judged = date_slices.check_without(check, moved)
        sample = build.ask(_FAILING.format(check=judged, rows=_SAMPLE_ROWS))
    return sample


def _sentence(sql: str) -> str:
    return sql.splitlines()[0].removeprefix("--").strip()
